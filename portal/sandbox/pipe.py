"""Reads a pipe in bounded pieces, and only when asked: what is not read halts the writer."""

from __future__ import annotations

import asyncio
import os
import time

PIECE = 16 * 1024
# What may still stand in a pipe when its writers are dead; whoever writes more is not ours to listen to.
_AFTER_END = 1024 * 1024


class Pipe:
    """The reading end of a pipe or socket. Nothing is buffered here."""

    def __init__(self, fd: int) -> None:
        os.set_blocking(fd, False)
        self._fd = fd
        self._wake: asyncio.Future[None] | None = None
        self._left: int | None = None

    async def read(self) -> bytes:
        """Wait for the next bytes, `PIECE` at most; empty at the end."""
        while True:
            if self._left is not None and self._left <= 0:
                return b""
            try:
                data = os.read(self._fd, PIECE)
            except BlockingIOError:
                if self._left is not None:
                    return b""
                await self._readable()
                continue
            except ConnectionResetError:
                return b""
            if self._left is not None:
                self._left -= len(data)
            return data

    async def _readable(self) -> None:
        loop = asyncio.get_running_loop()
        self._wake = loop.create_future()
        loop.add_reader(self._fd, self._awake)
        try:
            await self._wake
        finally:
            loop.remove_reader(self._fd)

    def _awake(self) -> None:
        if self._wake is not None and not self._wake.done():
            self._wake.set_result(None)

    def no_more_writers(self) -> None:
        """Say that all writers are dead: what is in the pipe is read, and then it is over.

        Without this, a descriptor that leaked out of the run could keep its reader waiting for ever.
        """
        self._left = _AFTER_END
        self._awake()

    def close(self) -> None:
        """Close the descriptor. No read may be under way."""
        os.close(self._fd)


class Pace:
    """Lets a burst through at once and then only so much per second: no flood keeps the worker busy."""

    def __init__(self, *, bytes_per_s: float, burst: float) -> None:
        self._rate = bytes_per_s
        self._burst = burst
        self._tokens = burst
        self._at = time.monotonic()

    async def take(self, size: int) -> None:
        """Account for `size` bytes; wait when there were too many lately. Always yields to the event loop."""
        now = time.monotonic()
        self._tokens = min(self._burst, self._tokens + (now - self._at) * self._rate) - size
        self._at = now
        await asyncio.sleep(max(0.0, -self._tokens / self._rate))
