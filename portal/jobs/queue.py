"""Takes jobs in, hands them to ARQ, and calls them off.

The row in the database is the job; ARQ only carries its id to a worker.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Sequence
from typing import Any
from urllib.parse import urlsplit

from arq.connections import ArqRedis
from redis.asyncio import ConnectionPool
from redis.asyncio.retry import Retry
from redis.backoff import ExponentialBackoff
from redis.exceptions import RedisError

from portal.errors import ConfigurationError, ConflictError
from portal.jobs.events import EventLog, Fact, state_fact
from portal.jobs.live import LiveJobs
from portal.jobs.model import FINAL_STATES, RETRYABLE_STATES, Job, JobState, QueuePlace
from portal.jobs.store import Ending, JobStore, NewJob

log = logging.getLogger(__name__)

QUEUE_NAME = "arq:queue"
EXECUTE_TASK = "catalog_execute"
BUILD_TASK = "catalog_build"
# ARQ forgets a job it has kept for this long; the reconciler would enqueue it again, so long is only cheap.
ARQ_KEEP_MS = 30 * 86_400_000


def serialize(value: dict[str, Any]) -> bytes:
    """Write ARQ's record of a job as JSON, so that nobody with access to Redis can run code here."""
    return json.dumps(value).encode()


def deserialize(raw: bytes) -> dict[str, Any]:
    """Read what `serialize` wrote."""
    value: dict[str, Any] = json.loads(raw)
    return value


def open_redis(url: str) -> ArqRedis:
    """Return a client with a pool of connections; close it with `aclose()`."""
    options: dict[str, Any] = {} if url.startswith("unix:") else {"socket_keepalive": True}
    if urlsplit(url).scheme not in ("redis", "rediss", "unix"):
        raise ConfigurationError("PORTAL_REDIS_URL must start with redis://, rediss:// or unix://.")
    pool = ConnectionPool.from_url(
        url,
        max_connections=500,
        socket_connect_timeout=3,
        socket_timeout=15,
        health_check_interval=30,
        retry=Retry(ExponentialBackoff(cap=0.5, base=0.05), 3),
        **options,
    )
    return ArqRedis(
        connection_pool=pool,
        job_serializer=serialize,
        job_deserializer=deserialize,
        default_queue_name=QUEUE_NAME,
        expires_extra_ms=ARQ_KEEP_MS,
    )


class JobQueue:
    """What callers may do with jobs."""

    def __init__(self, store: JobStore, live: LiveJobs, events: EventLog, redis: ArqRedis) -> None:
        self._store = store
        self._live = live
        self._events = events
        self._redis = redis

    async def submit(self, new: NewJob) -> Job:
        """Accept a job and hand it to the workers.

        Once the row is there the job counts: if Redis is away, the reconciler hands it over later.
        """
        job = await self._store.create(new)
        try:
            await self.announce(job)
            await self.hand_over(job.job_id, new.task)
        except (RedisError, OSError) as error:
            log.warning(
                "job accepted, not yet handed over", extra={"job_id": job.job_id, "reason": repr(error)}
            )
        return job

    async def hand_over(self, job_id: str, task: str) -> None:
        """Put the job into ARQ's queue; nothing happens when it is there already."""
        await self._redis.enqueue_job(task, job_id, _job_id=job_id)

    async def hand_over_again(self, job_id: str, task: str) -> None:
        """Put a job that the queue has lost into it, whatever else ARQ still remembers of it."""
        await self._redis.delete(f"arq:job:{job_id}")
        await self.hand_over(job_id, task)

    async def request_build(self, item_id: str, version: str, digest: str) -> None:
        """Ask a worker to build the dependencies of an item's version."""
        await self._redis.enqueue_job(BUILD_TASK, item_id, version, _job_id=f"build:{digest}")

    async def is_handed_over(self, job_id: str) -> bool:
        """Return whether ARQ's queue holds the job."""
        return await self._redis.zscore(QUEUE_NAME, job_id) is not None

    async def announce(self, job: Job, *, before: Sequence[Fact] = (), after_seq: int = 0) -> int:
        """Publish and record the state the job is in now; return the number of the event."""
        await self._live.announce(job)
        return await self._events.append(job.job_id, [*before, state_fact(job)], after_seq=after_seq)

    async def cancel(self, job_id: str) -> None:
        """Cancel a queued job at once, or ask the worker of a running one to end it."""
        cancelled = await self._store.end_queued(
            job_id, Ending(JobState.CANCELLED, progress=0, message="Cancelled before it started.")
        )
        if cancelled is not None:
            try:
                await self._redis.zrem(QUEUE_NAME, job_id)
                await self._redis.delete(f"arq:job:{job_id}")
                await self.announce(cancelled)
                await self._events.archive(job_id)
            except (RedisError, OSError) as error:
                log.warning("job cancelled, not announced", extra={"job_id": job_id, "reason": repr(error)})
            return
        job = await self._store.get(job_id)
        if job.state in FINAL_STATES:
            raise ConflictError(f"The job has already ended: it is {job.state}.")
        await self._live.ask_to_cancel(job_id)

    async def ready_for_retry(self, job_id: str) -> Job:
        """Return the job; raise `ConflictError` unless it failed or was cancelled."""
        job = await self._store.get(job_id)
        if job.state not in RETRYABLE_STATES:
            raise ConflictError(f"Only failed or cancelled jobs can be retried; this one is {job.state}.")
        return job

    async def place(self, job: Job, *, workers_alive: int) -> QueuePlace:
        """Return why the queued job waits and how many are before it."""
        before = await self._store.queued_before(job)
        reason = "No worker is running." if workers_alive == 0 else "It starts as soon as a worker is free."
        return QueuePlace(position=before + 1, reason=reason)
