"""ARQ's worker, made to outlive a Redis that is away for a while, and to leave verdicts to the database."""

from __future__ import annotations

import asyncio
import logging
from functools import partial
from typing import Any

from arq.worker import Worker
from redis.exceptions import RedisError

from portal.worker.insistence import RETRY_S, insistently

log = logging.getLogger(__name__)

UNLIMITED = 2**31
# ARQ marks a job as taken for as long as any could run, so a worker that dies right after taking one would
# block it for days. The database knows who runs what: a job that comes back too early is simply not claimed.
TAKEN_S = 30.0


class PortalWorker(Worker):
    """Takes job ids from the queue; which of them it may run is for the database to say."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.in_progress_timeout_s = TAKEN_S
        # `job_counter` limits what runs at once. ARQ's semaphore would do it a second time, and loses a place
        # whenever Redis goes away while a job is being taken.
        self.sem = asyncio.BoundedSemaphore(UNLIMITED)
        self._away = False

    async def _poll_iteration(self) -> None:
        """Take what is due; while Redis is away, wait and leave the running jobs alone."""
        task = asyncio.current_task()
        if task is not None and task.cancelling():  # redis-py took the cancellation for a slow Redis
            raise asyncio.CancelledError
        try:
            await super()._poll_iteration()
        except (RedisError, OSError) as error:
            if not self._away:
                log.warning("the queue is away", extra={"reason": repr(error)})
            self._away = True
            # An interrupted start has taken a slot and not given it back.
            self.job_counter = sum(not task.done() for task in self.tasks.values())
            await asyncio.sleep(RETRY_S)
        else:
            if self._away:
                log.info("the queue is back")
            self._away = False

    async def start_jobs(self, job_ids: list[bytes]) -> None:
        """Start the jobs, except those that are already running here."""
        await super().start_jobs([job_id for job_id in job_ids if job_id.decode() not in self.tasks])

    async def finish_job(self, *args: Any, **options: Any) -> None:
        """Take the job out of the queue, however long Redis is away."""
        await insistently(partial(super().finish_job, *args, **options), "take the job off the queue")
