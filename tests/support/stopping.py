"""Stopping a worker that runs in this process."""

from __future__ import annotations

import asyncio

STOPPED_WITHIN_S = 10.0


async def stop_worker(task: asyncio.Task[None]) -> None:
    """Tell the worker to stop, once, and fail unless it does."""
    task.cancel()
    stopped, _ = await asyncio.wait({task}, timeout=STOPPED_WITHIN_S)
    if not stopped:
        task.cancel()
        await asyncio.wait({task}, timeout=STOPPED_WITHIN_S)
    assert stopped, "the worker went on though it was told to stop"
    if not task.cancelled():
        task.result()
