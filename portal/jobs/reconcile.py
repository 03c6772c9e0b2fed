"""Keeps Redis in step with the database: hands over what is missing, ends what lost its worker."""

from __future__ import annotations

import logging
import time

from portal.jobs.events import EventLog
from portal.jobs.live import HEARTBEAT_S, LOST_AFTER_S, LiveJobs
from portal.jobs.model import Job, JobError, JobState
from portal.jobs.queue import JobQueue
from portal.jobs.store import Ending, JobStore

log = logging.getLogger(__name__)

RECONCILE_S = HEARTBEAT_S


class Reconciler:
    """Compares the two every few seconds; several may run at once, since every step is a compare-and-set."""

    def __init__(self, store: JobStore, live: LiveJobs, events: EventLog, queue: JobQueue) -> None:
        self._store = store
        self._live = live
        self._events = events
        self._queue = queue
        self._silent_since: dict[str, float] = {}

    async def run_once(self) -> None:
        """Do one round."""
        await self._hand_over_missing()
        await self._end_lost()

    async def _hand_over_missing(self) -> None:
        for job in await self._store.in_state(JobState.QUEUED):
            if not await self._queue.is_handed_over(job.job_id):
                await self._queue.hand_over_again(job.job_id, await self._store.task_of(job.job_id))
                log.info("job handed over again", extra={"job_id": job.job_id})

    async def _end_lost(self) -> None:
        running = await self._store.in_state(JobState.RUNNING)
        beating = await self._live.beating([job.job_id for job in running])
        silent = {job.job_id: job for job in running if job.job_id not in beating}
        # Silence counts from when it is first noticed: a Redis that was wiped has forgotten every heartbeat.
        self._silent_since = {job_id: self._silent_since.get(job_id, time.monotonic()) for job_id in silent}
        for job_id, since in self._silent_since.items():
            if time.monotonic() - since >= LOST_AFTER_S - HEARTBEAT_S:
                await self._end(silent[job_id])

    async def _end(self, job: Job) -> None:
        error = JobError(kind="worker_lost", message="The worker that ran this job is gone. Run it again.")
        lost = await self._store.finish(
            job.job_id, job.attempt, Ending(JobState.FAILED, progress=job.progress, error=error)
        )
        if lost is not None:
            log.warning("job lost its worker", extra={"job_id": job.job_id})
            await self._queue.announce(lost)
            await self._events.archive(job.job_id)
