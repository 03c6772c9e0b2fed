"""The stores of jobs, one by one, on real servers."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from arq.connections import ArqRedis
from sqlalchemy.ext.asyncio import AsyncEngine

from portal.db.engine import open_engine
from portal.jobs.events import EventLog
from portal.jobs.hub import Hub
from portal.jobs.live import LiveJobs
from portal.jobs.queue import JobQueue
from portal.jobs.store import JobStore
from portal.storage import Storage, open_storage

PREFIX = "test:"


@pytest.fixture
async def sqlite_engine(sqlite_folder: Path) -> AsyncIterator[AsyncEngine]:
    """A migrated SQLite database, where the kind of database is not what is tested."""
    engine = open_engine(None, sqlite_folder)
    yield engine
    await engine.dispose()


@pytest.fixture
def storage(tmp_path: Path) -> Storage:
    return open_storage(None, tmp_path / "storage")


@pytest.fixture
def store(sqlite_engine: AsyncEngine) -> JobStore:
    return JobStore(sqlite_engine)


@pytest.fixture
def events(redis: ArqRedis, storage: Storage) -> EventLog:
    return EventLog(redis, storage, prefix=PREFIX, ttl_s=60)


@pytest.fixture
def live(redis: ArqRedis) -> LiveJobs:
    return LiveJobs(redis, prefix=PREFIX, ttl_s=60, feed_max_messages=100)


@pytest.fixture
def queue(store: JobStore, live: LiveJobs, events: EventLog, redis: ArqRedis) -> JobQueue:
    return JobQueue(store, live, events, redis)


@pytest.fixture
async def hub(redis: ArqRedis) -> AsyncIterator[Hub]:
    async with Hub(redis) as hub:
        yield hub
