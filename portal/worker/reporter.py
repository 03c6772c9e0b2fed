"""What a running job says about itself, gathered and sent on in small batches."""

from __future__ import annotations

import asyncio
from typing import Any

from portal.cancelling import cancel_surely
from portal.jobs.events import EventLog, Fact, fact
from portal.jobs.live import LiveJobs
from portal.jobs.model import Job, now
from portal.worker.insistence import insistently

FLUSH_S = 0.05
FLUSH_FACTS = 500


class Reporter:
    """Progress and log of one attempt. Use as an async context manager; leaving it sends what is left."""

    def __init__(self, job: Job, events: EventLog, live: LiveJobs, *, last_seq: int) -> None:
        self.job = job
        """The job as it stands now, with its latest progress."""
        self.last_seq = last_seq
        """Number of the last event sent."""
        self._events = events
        self._live = live
        self._pending: list[Fact] = []
        self._progressed = False
        self._sending = asyncio.Lock()
        self._flusher: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Reporter:
        """Start sending."""
        self._flusher = asyncio.create_task(self._flush_regularly(), name=f"report {self.job.job_id}")
        return self

    async def __aexit__(self, *_exception: object) -> None:
        """Send what is left and stop."""
        if self._flusher is not None:
            async with self._sending:  # what is on its way must not be sent a second time
                await cancel_surely(self._flusher)
        await self.flush()

    async def progress(self, percent: float, message: str = "") -> None:
        """Say how far the job is, 0–100, and what it is doing."""
        progress = max(0, min(100, int(percent)))
        self.job = self.job.evolve(progress=progress, message=message, updated_at=now())
        self._progressed = True
        await self._add(fact("progress", progress=progress, message=message))

    async def log(self, level: str, stream: str, text: str) -> None:
        """Write one line to the job's log."""
        await self._add(fact("log", level=level, stream=stream, text=text))

    async def record(self, event_type: str, **fields: Any) -> None:
        """Add any other event."""
        await self._add(fact(event_type, **fields))

    async def flush(self) -> None:
        """Send what is waiting; while Redis is away, keep trying."""
        async with self._sending:
            while self._pending or self._progressed:
                await insistently(self._send, "report")

    async def _add(self, new: Fact) -> None:
        self._pending.append(new)
        if len(self._pending) >= FLUSH_FACTS:  # the job is faster than Redis: let it wait
            await self.flush()

    async def _send(self) -> None:
        batch = self._pending[:FLUSH_FACTS]
        if batch:
            self.last_seq = await self._events.append(self.job.job_id, batch, after_seq=self.last_seq)
            del self._pending[: len(batch)]
        if self._progressed:
            self._progressed = False
            await self._live.announce(self.job)

    async def _flush_regularly(self) -> None:
        while True:
            await asyncio.sleep(FLUSH_S)
            await self.flush()
