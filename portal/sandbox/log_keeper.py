"""Hands a run's log to the sink, up to its budget, and says how much it did not hand over."""

from __future__ import annotations

import asyncio

from portal.sandbox.lines import LineSplitter
from portal.sandbox.pipe import Pace, Pipe
from portal.sandbox.run import Sink

# What a line costs besides its text: a million empty lines are a flood too.
_LINE_COST = 16
_DROPPED_BYTES_PER_S = 16 * 1024 * 1024


class LogKeeper:
    """The one way to the sink. Keeps its calls apart and in order, whichever stream they come from."""

    def __init__(self, sink: Sink, *, budget: int) -> None:
        self._sink = sink
        self._left = budget
        self._dropped = 0
        self._turn = asyncio.Lock()
        self._pace = Pace(bytes_per_s=_DROPPED_BYTES_PER_S, burst=0)

    async def follow(self, pipe: Pipe, stream: str) -> None:
        """Take over everything that comes out of `pipe`, until its end."""
        lines = LineSplitter()
        while data := await pipe.read():
            if self._left <= 0:
                await self.drop(len(data))
                continue
            for line in lines.feed(data):
                await self.log("info", stream, line)
            # A sink that never waits must not keep the event loop from everybody else.
            await asyncio.sleep(0)
        for line in lines.finish():
            await self.log("info", stream, line)

    async def log(self, level: str, stream: str, line: str) -> None:
        """Hand over one clean line, or count it when the budget is used up."""
        size = len(line.encode())
        self._left -= size + _LINE_COST
        if self._left < 0:
            self._dropped += size + 1
            return
        async with self._turn:
            await self._sink.log(level, stream, line)

    async def drop(self, size: int) -> None:
        """Count `size` bytes that are not kept, slowly enough to leave the worker its time."""
        self._dropped += size
        await self._pace.take(size)

    async def progress(self, percent: float, message: str) -> None:
        """Hand over where the run stands. Progress costs nothing: it is limited by its rate."""
        async with self._turn:
            await self._sink.progress(percent, message)

    async def remark(self, text: str) -> None:
        """Hand over a line of the sandbox's own, whatever the budget."""
        async with self._turn:
            await self._sink.log("warning", "ctx", text)

    async def finish(self) -> None:
        """Say what was not kept, if anything. The last call."""
        if self._dropped:
            await self.remark(f"log truncated, {self._dropped} bytes not kept")
