"""Follows an item's channel: passes on progress and log, keeps announced files and the end."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

from portal.sandbox import frames
from portal.sandbox.limits import Limits
from portal.sandbox.log_keeper import LogKeeper
from portal.sandbox.pipe import Pace, Pipe
from portal.sandbox.progress_gate import ProgressGate
from portal.sandbox.run import Declared, RunError
from portal.sandbox.text import clean_line

_MAX_BAD_FRAMES = 20
# Twenty thousand short frames a second: far beyond sense, and a tenth of a processor for the worker.
_BYTES_PER_S = 1024 * 1024
_RESULT_START = b'"result"'


class ChannelReader:
    """Reads one run's channel to its end."""

    def __init__(self, pipe: Pipe, log: LogKeeper, progress: ProgressGate, *, limits: Limits) -> None:
        self._pipe = pipe
        self._log = log
        self._progress = progress
        self._limits = limits
        self._max_line = frames.max_line(limits.result_bytes)
        self._pace = Pace(bytes_per_s=_BYTES_PER_S, burst=2 * self._max_line)
        self._bad = 0
        self._artifacts: dict[str, str] = {}
        self._artifacts_refused = 0
        self._rest = bytearray()
        self._skipping = False
        self.end: frames.Result | RunError | None = None
        self.too_many_bad = asyncio.Event()

    @property
    def artifacts(self) -> tuple[Declared, ...]:
        """The files announced so far, each path once, no more than allowed."""
        return tuple(Declared(path, name) for path, name in self._artifacts.items())

    async def follow(self) -> None:
        """Take over everything that comes out of the channel, until its end."""
        while data := await self._pipe.read():
            await self._pace.take(len(data))
            for line in self._lines(data):
                await self._take(line)
        if self._rest:
            await self._take(bytes(self._rest))
        if self._artifacts_refused:
            await self._log.remark(
                f"{self._artifacts_refused} announced files not kept: "
                f"a run may leave {self._limits.artifact_count} behind"
            )

    def _lines(self, data: bytes) -> Iterator[bytes]:
        """The lines that `data` completes. What grows too long is thrown away up to its end."""
        *whole, rest = data.split(b"\n")
        for piece in whole:
            self._rest += piece
            if not self._skipping and self._rest.strip():
                yield bytes(self._rest)
            self._rest.clear()
            self._skipping = False
        if not self._skipping:
            self._rest += rest
        if len(self._rest) > self._max_line:
            self._too_long(bytes(self._rest[:256]))
            self._rest.clear()
            self._skipping = True

    def _too_long(self, start: bytes) -> None:
        if _RESULT_START in start and self.end is None:
            self.end = frames.too_large(self._limits.result_bytes)
        else:
            self._count_bad()

    async def _take(self, line: bytes) -> None:
        try:
            frame = frames.parse(line, result_bytes=self._limits.result_bytes)
        except frames.BadFrameError:
            self._count_bad()
            return
        if isinstance(frame, frames.Progress):
            self._progress.put(frame)
        elif isinstance(frame, frames.LogText):
            await self._keep_log(frame)
        elif isinstance(frame, Declared):
            self._keep_artifact(frame)
        elif self.end is None:
            self.end = frame
        else:
            self._count_bad()

    async def _keep_log(self, frame: frames.LogText) -> None:
        for line in frame.text.splitlines() or [""]:
            await self._log.log(frame.level, "ctx", clean_line(line))

    def _keep_artifact(self, declared: Declared) -> None:
        if declared.path in self._artifacts or len(self._artifacts) < self._limits.artifact_count:
            self._artifacts[declared.path] = declared.name
        else:
            self._artifacts_refused += 1

    def _count_bad(self) -> None:
        self._bad += 1
        if self._bad >= _MAX_BAD_FRAMES:
            self.too_many_bad.set()
