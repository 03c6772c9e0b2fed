"""A worker ends when it is told to, whatever its Redis client is doing just then."""

from __future__ import annotations

import asyncio

import pytest
from arq.connections import ArqRedis
from redis.exceptions import TimeoutError as RedisTimeoutError

from portal.catalog.settings import CatalogSettings
from portal.settings import Settings
from portal.worker.worker_settings import run_worker
from tests.support.stopping import stop_worker

# ARQ closes its pool by a method that redis-py has renamed.
pytestmark = pytest.mark.filterwarnings("ignore:Call to deprecated close:DeprecationWarning")


async def test_worker_stops_though_its_redis_client_takes_the_cancellation_for_a_timeout(
    settings: Settings, catalog_settings: CatalogSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    # What redis-py does on Python 3.11 when the cancellation comes just before it enters `asyncio.timeout`.
    asked, swallowed = asyncio.Event(), False

    async def swallowing(*_: object, **__: object) -> list[bytes]:
        nonlocal swallowed
        asked.set()
        try:
            await asyncio.sleep(60 if not swallowed else 0)
        except asyncio.CancelledError:
            if swallowed:
                raise
            swallowed = True
            raise RedisTimeoutError("Timeout reading from socket") from None
        return []

    monkeypatch.setattr(ArqRedis, "zrangebyscore", swallowing)
    task = asyncio.create_task(run_worker(settings, catalog_settings))
    await asked.wait()
    await stop_worker(task)
    assert swallowed
