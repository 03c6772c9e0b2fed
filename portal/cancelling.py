"""Ends tasks for certain."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from typing import Any


async def cancel_surely(*tasks: asyncio.Task[Any] | None) -> None:
    """Cancel the tasks until they have ended.

    Once may not be enough: a cancellation that arrives just before `asyncio.timeout` is entered, as redis-py
    does at every turn, comes out of it as a `TimeoutError` and is taken for a slow Redis (seen on 3.11).
    """
    left: Iterable[asyncio.Task[Any]] = [task for task in tasks if task is not None]
    while left:
        for task in left:
            task.cancel()
        _, left = await asyncio.wait(left, timeout=0.1)
