"""Runs an item in a process of its own and tells how it went."""

from __future__ import annotations

import asyncio
import collections
from collections.abc import Coroutine, Sequence

from portal.sandbox.channel_reader import ChannelReader
from portal.sandbox.log_keeper import LogKeeper
from portal.sandbox.process import RunProcess
from portal.sandbox.progress_gate import ProgressGate
from portal.sandbox.run import Declared, JsonValue, Outcome, RunError, RunRequest, Sink
from portal.sandbox.verdict import StopReason, decide

__all__ = ["Declared", "JsonValue", "Outcome", "RunError", "RunRequest", "Sink", "run_item"]

_LAST_LINES = 20


async def run_item(
    request: RunRequest, sink: Sink, *, cancel: asyncio.Event | None = None, grace_s: float = 3.0
) -> Outcome:
    """Run an item to its end. A failed run is an outcome, not an exception.

    When `cancel` is set or the time is up, the processes get SIGTERM and `grace_s` seconds later SIGKILL.
    Returns when no process of the run is alive and the sink has heard everything; so does a cancelled task,
    before CancelledError goes on its way, though without the rest for the sink. Raises what the sink raises.
    """
    try:
        process = RunProcess(request)
    except OSError as error:
        return Outcome("failed", error=RunError("setup", f"The sandbox could not start the run: {error}"))
    run = _Run(request, sink, process)
    try:
        return await run.finish(cancel, grace_s=grace_s)
    finally:
        await _uncancelled(run.clear_up())


class _Run:
    """The tasks around one process."""

    def __init__(self, request: RunRequest, sink: Sink, process: RunProcess) -> None:
        self._request = request
        self._process = process
        self._tail = _Tail(sink)
        self._log = LogKeeper(self._tail, budget=request.limits.log_bytes)
        self._progress = ProgressGate(self._log.progress)
        self._channel = ChannelReader(process.channel, self._log, self._progress, limits=request.limits)
        self._feeding = asyncio.create_task(process.send_request(request))
        self._pumping = asyncio.create_task(self._progress.pump())
        self._reading = [
            asyncio.create_task(self._log.follow(process.stdout, "stdout")),
            asyncio.create_task(self._log.follow(process.stderr, "stderr")),
            asyncio.create_task(self._channel.follow()),
        ]

    async def finish(self, cancel: asyncio.Event | None, *, grace_s: float) -> Outcome:
        stopped = await self._end_or_reason(cancel)
        if stopped is not None:
            await self._process.stop(grace_s=0 if stopped == "protocol" else grace_s)
        status = await self._process.gone()
        await self._read_the_rest()
        if stopped is None and self._channel.too_many_bad.is_set():
            stopped = "protocol"
        return decide(
            self._request,
            stopped=stopped,
            status=status,
            said=self._channel.end,
            last_lines=list(self._tail.lines),
            artifacts=self._channel.artifacts,
        )

    async def _end_or_reason(self, cancel: asyncio.Event | None) -> StopReason | None:
        """Wait until the run is over, or there is a reason to end it; raise what a reader raises."""
        gone = asyncio.create_task(self._process.gone())
        bad = asyncio.create_task(self._channel.too_many_bad.wait())
        cancelled = asyncio.create_task((cancel or asyncio.Event()).wait())
        deadline = asyncio.create_task(asyncio.sleep(self._request.limits.timeout_s))
        watched = {gone, bad, cancelled, deadline, self._feeding, self._pumping, *self._reading}
        try:
            while True:
                done, watched = await asyncio.wait(watched, return_when=asyncio.FIRST_COMPLETED)
                if gone in done:
                    return None
                if cancelled in done:
                    return "cancelled"
                if bad in done:
                    return "protocol"
                if deadline in done:
                    return "timeout"
                for task in done:
                    task.result()
        finally:
            await _cancel([gone, bad, cancelled, deadline])

    async def _read_the_rest(self) -> None:
        """Everybody is dead: what is left in the pipes still counts, and is heard before the outcome."""
        for pipe in (self._process.stdout, self._process.stderr, self._process.channel):
            pipe.no_more_writers()
        for reading in self._reading:
            await reading
        self._progress.close()
        await self._pumping
        await self._log.finish()

    async def clear_up(self) -> None:
        await self._process.kill()
        await _cancel([self._feeding, self._pumping, *self._reading])
        self._process.close()


class _Tail:
    """A sink that also remembers the last lines of stderr: why an executable failed is written there."""

    def __init__(self, sink: Sink) -> None:
        self._sink = sink
        self.lines: collections.deque[str] = collections.deque(maxlen=_LAST_LINES)

    async def progress(self, percent: float, message: str) -> None:
        await self._sink.progress(percent, message)

    async def log(self, level: str, stream: str, text: str) -> None:
        if stream == "stderr":
            self.lines.append(text[:500])
        await self._sink.log(level, stream, text)


async def _cancel(tasks: Sequence[asyncio.Task[object]]) -> None:
    """Cancel the tasks and wait until they are over, whatever they raise."""
    for task in tasks:
        task.cancel()
    await asyncio.wait(tasks)
    for task in tasks:
        if not task.cancelled():
            task.exception()  # seen, and of no interest any more


async def _uncancelled(work: Coroutine[object, object, None]) -> None:
    """Carry `work` through to its end even while this task is being cancelled; that comes after."""
    task = asyncio.ensure_future(work)
    cancelled: asyncio.CancelledError | None = None
    while not task.done():
        try:
            await asyncio.shield(task)
        except asyncio.CancelledError as error:
            cancelled = error
    task.result()
    if cancelled is not None:
        raise cancelled
