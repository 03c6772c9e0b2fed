"""Which workers are alive: each says so every few seconds, under a key that fades when it stops."""

from __future__ import annotations

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
        self._prefix = f"{prefix}worker:"

    async def report(self, worker: WorkerReport) -> None:
        """Say that the worker is alive, and how it does."""
        key = self._prefix + worker.name
        await self._redis.set(key, worker.model_dump_json(), px=int(LOST_AFTER_S * 1000))

    async def leave(self, name: str) -> None:
        """Say that the worker has stopped."""
        await self._redis.delete(self._prefix + name)

    async def alive(self) -> list[WorkerReport]:
        """Return the reports of the workers that are alive, by name."""
        keys = sorted([key async for key in self._redis.scan_iter(match=self._prefix + "*", count=1000)])
        texts = await self._redis.mget(keys) if keys else []
        return [_REPORT.validate_json(text) for text in texts if text is not None]
