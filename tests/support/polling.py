"""Waiting for something to become true, with a deadline instead of a guess."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import TypeVar

T = TypeVar("T")

POLL_S = 0.01


async def eventually(
    probe: Callable[[], Awaitable[T]], wanted: Callable[[T], bool] = bool, *, within_s: float = 15.0
) -> T:
    """Return what `probe` gives as soon as it is `wanted`; fail with its last answer when it never is."""
    deadline = time.monotonic() + within_s
    while not wanted(value := await probe()):
        if time.monotonic() > deadline:
            raise AssertionError(f"still {value!r} after {within_s} s")
        await asyncio.sleep(POLL_S)
    return value


def eventually_sync(
    probe: Callable[[], T], wanted: Callable[[T], bool] = bool, *, within_s: float = 15.0
) -> T:
    """Do the same without an event loop."""
    deadline = time.monotonic() + within_s
    while not wanted(value := probe()):
        if time.monotonic() > deadline:
            raise AssertionError(f"still {value!r} after {within_s} s")
        time.sleep(POLL_S * 2)
    return value
