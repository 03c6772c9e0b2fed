"""The live side of jobs in Redis: a hash per job that dashboards read, and the feed of every change."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from redis.asyncio import Redis

from portal.jobs.model import Job, JobState, now, rfc3339

FEED_JOB_MAX_BYTES = 32 * 1024
HEARTBEAT_S = 5.0
LOST_AFTER_S = 15.0

# The feed's numbers start from the clock, so that they keep rising when Redis was wiped and a client with
# an old number is told to start afresh instead of missing changes.
_ANNOUNCE = """
redis.call('HSET', KEYS[1], 'state', ARGV[1], 'progress', ARGV[2], 'message', ARGV[3], 'updated_at', ARGV[4])
redis.call('PEXPIRE', KEYS[1], ARGV[5])
if redis.call('EXISTS', KEYS[2]) == 0 then
  local time = redis.call('TIME')
  redis.call('SET', KEYS[2], time[1] * 1000 + math.floor(time[2] / 1000))
end
local seq = redis.call('INCR', KEYS[2])
redis.call('XADD', KEYS[3], 'MAXLEN', '~', ARGV[6], string.format('%.0f-0', seq), 'job', ARGV[7])
redis.call('PUBLISH', KEYS[3], string.format('%.0f ', seq) .. ARGV[7])
return seq
"""


class LiveJobs:
    """What is known of jobs right now; all of it can be lost and is rebuilt from the database."""

    def __init__(self, redis: Redis, *, prefix: str, ttl_s: float, feed_max_messages: int) -> None:
        self._redis = redis
        self._prefix = prefix
        self._ttl_ms = int(ttl_s * 1000)
        self._feed_max_messages = feed_max_messages
        self._announce = redis.register_script(_ANNOUNCE)
        self.feed = f"{prefix}jobs"
        """Name of the stream that keeps the last changes and of the channel that carries new ones."""
        self.cancel_channel = f"{prefix}cancel"
        """Name of the channel on which workers hear which of their jobs to end."""

    def _key(self, job_id: str) -> str:
        return f"{self._prefix}job:{job_id}"

    async def announce(self, job: Job) -> None:
        """Write the job's live hash and tell everybody who follows the feed."""
        await self._announce(
            keys=[self._key(job.job_id), f"{self._prefix}jobs:seq", self.feed],
            args=[
                job.state,
                job.progress,
                job.message,
                rfc3339(job.updated_at),
                self._ttl_ms,
                self._feed_max_messages,
                _feed_text(job),
            ],
        )

    async def overlay(self, jobs: Sequence[Job]) -> list[Job]:
        """Return the jobs with the running ones' progress as of now."""
        running = [job for job in jobs if job.state is JobState.RUNNING]
        if not running:
            return list(jobs)
        async with self._redis.pipeline(transaction=False) as pipeline:
            for job in running:
                pipeline.hmget(self._key(job.job_id), ["progress", "message", "updated_at"])
            rows = await pipeline.execute()
        fresh = {job.job_id: _with_live(job, row) for job, row in zip(running, rows, strict=True)}
        return [fresh.get(job.job_id, job) for job in jobs]

    async def beat(self, job_id: str) -> bool:
        """Say that the job's worker is alive; return whether somebody asked to cancel the job."""
        async with self._redis.pipeline(transaction=False) as pipeline:
            pipeline.set(f"{self._key(job_id)}:beat", rfc3339(now()), px=int(LOST_AFTER_S * 1000))
            pipeline.exists(f"{self._key(job_id)}:cancel")
            _, wanted = await pipeline.execute()
        return bool(wanted)

    async def stop_beating(self, job_id: str) -> None:
        """Forget the heartbeat of a job that has ended, and any wish to cancel it."""
        await self._redis.delete(f"{self._key(job_id)}:beat", f"{self._key(job_id)}:cancel")

    async def ask_to_cancel(self, job_id: str) -> None:
        """Tell the worker that runs the job to end it: at once by message, or with its next heartbeat."""
        await self._redis.set(f"{self._key(job_id)}:cancel", rfc3339(now()), px=self._ttl_ms)
        await self._redis.publish(self.cancel_channel, job_id)

    async def beating(self, job_ids: Sequence[str]) -> set[str]:
        """Return those of the jobs whose worker showed life within the last `LOST_AFTER_S` seconds."""
        if not job_ids:
            return set()
        beats = await self._redis.mget([f"{self._key(job_id)}:beat" for job_id in job_ids])
        return {job_id for job_id, beat in zip(job_ids, beats, strict=True) if beat is not None}

    async def last_seq(self) -> int:
        """Return the number of the newest change in the feed; 0 when there is none."""
        return int(await self._redis.get(f"{self._prefix}jobs:seq") or 0)

    async def since(self, seq: int) -> list[tuple[int, dict[str, Any]]] | None:
        """Return the changes after `seq`, oldest first, or None when some of them are gone."""
        last = await self.last_seq()
        if seq == last:
            return []
        entries = await self._redis.xrange(self.feed, min=f"{seq + 1}-0")
        changes = [
            (int(entry_id.partition(b"-")[0]), json.loads(fields[b"job"])) for entry_id, fields in entries
        ]
        if not changes or changes[0][0] != seq + 1:
            return None
        return changes


def _feed_text(job: Job) -> str:
    """Return the job as JSON; large inputs and results stay out, readers take them from the database."""
    text = job.model_dump_json()
    if len(text) <= FEED_JOB_MAX_BYTES:
        return text
    return job.evolve(parameters={}, result=None).model_dump_json()[:-1] + ',"abridged":true}'


def _with_live(job: Job, row: list[bytes | None]) -> Job:
    progress, message, updated_at = row
    if progress is None or message is None or updated_at is None:
        return job
    live = Job.model_validate(
        {
            **job.model_dump(),
            "progress": int(progress),
            "message": message.decode(),
            "updated_at": updated_at.decode(),
        }
    )
    return live if live.updated_at >= job.updated_at else job
