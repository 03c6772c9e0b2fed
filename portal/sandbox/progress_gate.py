"""Thins out progress: as often as people can see it, and always the last of it."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable

from portal.sandbox.frames import Progress

_INTERVAL_S = 0.1


class ProgressGate:
    """Remembers the latest progress and delivers it at most every 0.1 s, the first at once."""

    def __init__(self, deliver: Callable[[float, str], Awaitable[None]]) -> None:
        self._deliver = deliver
        self._latest: Progress | None = None
        self._changed = asyncio.Event()
        self._closed = asyncio.Event()

    def put(self, progress: Progress) -> None:
        """Take note of `progress`; what was there and not delivered yet is forgotten."""
        self._latest = progress
        self._changed.set()

    async def pump(self) -> None:
        """Deliver until closed."""
        while not self._closed.is_set():
            await self._changed.wait()
            await self._flush()
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._closed.wait(), _INTERVAL_S)
        await self._flush()

    def close(self) -> None:
        """Deliver what is waiting at once and let `pump` end."""
        self._closed.set()
        self._changed.set()

    async def _flush(self) -> None:
        self._changed.clear()
        latest, self._latest = self._latest, None
        if latest is not None:
            await self._deliver(latest.percent, latest.message)
