"""The life of one attempt: claim, run, record. Every task and every item goes through here."""

from __future__ import annotations

import asyncio
import logging
import traceback
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import partial

from redis.exceptions import RedisError

from portal import logs
from portal.cancelling import cancel_surely
from portal.jobs.events import fact
from portal.jobs.live import HEARTBEAT_S
from portal.jobs.model import Job, JobError, JobState
from portal.jobs.store import Ending
from portal.services import Services
from portal.worker.insistence import insistently
from portal.worker.reporter import Reporter

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Run:
    """What the body of a job has to work with."""

    job: Job
    services: Services
    reporter: Reporter
    cancel: asyncio.Event
    """Set when somebody wants the job to end; the body then returns a CANCELLED ending."""


Body = Callable[[Run], Awaitable[Ending]]


class Lifecycle:
    """Runs jobs of this worker and knows which of them are running."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._cancels: dict[str, asyncio.Event] = {}

    @property
    def running(self) -> int:
        """How many jobs are running now."""
        return len(self._cancels)

    def cancel(self, job_id: str) -> None:
        """Ask the job to end, if it runs here."""
        if job_id in self._cancels:
            self._cancels[job_id].set()

    async def run(self, job_id: str, body: Body) -> None:
        """Claim the job, run `body`, record how it ended. Does nothing if the job is not queued any more."""
        cancel = self._cancels.setdefault(job_id, asyncio.Event())
        try:
            job = await self._services.store.claim(job_id)
            if job is None:
                log.info("job was already taken or called off", extra={"job_id": job_id})
                return
            with logs.bound(job_id=job_id, attempt=job.attempt):
                await self._attempt(job, body, cancel)
        finally:
            self._cancels.pop(job_id, None)

    async def _attempt(self, job: Job, body: Body, cancel: asyncio.Event) -> None:
        log.info("job started", extra={"type": job.type})
        heartbeat = asyncio.create_task(self._beat(job.job_id, cancel), name=f"heartbeat {job.job_id}")
        reporter = Reporter(job, self._services.events, self._services.live, last_seq=0)
        try:
            announce = partial(self._services.queue.announce, job)
            reporter.last_seq = await insistently(announce, "announce the start")
            async with reporter:
                ending = await self._end_of(body, Run(job, self._services, reporter, cancel))
            await self._record(job, ending, after_seq=reporter.last_seq)
        finally:
            await cancel_surely(heartbeat)

    async def _end_of(self, body: Body, run: Run) -> Ending:
        """Run the body; whatever it raises becomes an ending."""
        try:
            return await body(run)
        except asyncio.CancelledError:
            error = JobError(
                kind="worker_lost", message="The worker was stopped before the job had ended. Run it again."
            )
        except Exception as problem:
            log.exception("job failed")
            error = JobError(
                kind="task_error",
                message=f"{type(problem).__name__}: {problem}",
                traceback="".join(traceback.format_exception(problem)),
            )
        return failed(run, error)

    async def _record(self, job: Job, ending: Ending, *, after_seq: int) -> None:
        ended = await self._services.store.finish(job.job_id, job.attempt, ending)
        if ended is None:
            log.error("job had been given up on: its result is dropped")
            return
        log.info("job ended", extra={"state": ended.state, "error": ended.error and ended.error.kind})
        last_facts = [fact("artifact", artifact=artifact.model_dump()) for artifact in ending.artifacts]
        if ending.state is JobState.SUCCEEDED:
            last_facts.append(fact("result", result=ending.result))
        announce = partial(self._services.queue.announce, ended, before=last_facts, after_seq=after_seq)
        await insistently(announce, "announce the end")
        await insistently(partial(self._services.events.archive, job.job_id), "archive the events")
        await insistently(partial(self._services.live.stop_beating, job.job_id), "stop the heartbeat")

    async def _beat(self, job_id: str, cancel: asyncio.Event) -> None:
        while True:
            try:
                if await self._services.live.beat(job_id):
                    cancel.set()
            except (RedisError, OSError) as error:
                log.warning("heartbeat failed", extra={"reason": repr(error)})
            await asyncio.sleep(HEARTBEAT_S)


def failed(run: Run, error: JobError) -> Ending:
    """Return the ending of a job that failed where it stands."""
    now = run.reporter.job
    return Ending(JobState.FAILED, progress=now.progress, message=now.message, error=error)


def cancelled(run: Run) -> Ending:
    """Return the ending of a job that was called off where it stands."""
    return Ending(JobState.CANCELLED, progress=run.reporter.job.progress, message="Cancelled.")
