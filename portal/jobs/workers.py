"""Which workers are alive: each says so every few seconds, under a key that fades when it stops."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from pydantic import TypeAdapter
from redis.asyncio import Redis

from portal.jobs.live import LOST_AFTER_S
from portal.jobs.model import Value


class WorkerReport(Value):
    """What a worker says about itself."""

    name: str
    version: str
    started_at: datetime
    slots: int
    running: int
    sandbox_tier: str
    sandbox_detail: str


_REPORT: TypeAdapter[WorkerReport] = TypeAdapter(WorkerReport)


class WorkerReports:
    """The reports of the workers that are alive."""

    def __init__(self, redis: Redis, *, prefix: str) -> None:
        self._redis = redis
        self._names = f"{prefix}workers"
        self._prefix = f"{prefix}worker:"

    async def report(self, worker: WorkerReport) -> None:
        """Say that the worker is alive, and how it does."""
        async with self._redis.pipeline() as pipeline:
            pipeline.set(self._prefix + worker.name, worker.model_dump_json(), px=int(LOST_AFTER_S * 1000))
            pipeline.sadd(self._names, worker.name)
            await pipeline.execute()

    async def leave(self, name: str) -> None:
        """Say that the worker has stopped."""
        await self._forget([name])

    async def alive(self) -> list[WorkerReport]:
        """Return the reports of the workers that are alive, by name."""
        members: set[bytes] = await self._redis.smembers(self._names)  # type: ignore[misc]  # typed for both clients
        names = sorted(name.decode() for name in members)
        texts = await self._redis.mget([self._prefix + name for name in names]) if names else []
        silent = [name for name, text in zip(names, texts, strict=True) if text is None]
        if silent:
            await self._forget(silent)
        return [_REPORT.validate_json(text) for text in texts if text is not None]

    async def _forget(self, names: Sequence[str]) -> None:
        async with self._redis.pipeline() as pipeline:
            pipeline.delete(*(self._prefix + name for name in names))
            pipeline.srem(self._names, *names)
            await pipeline.execute()
