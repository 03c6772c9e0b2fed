"""Everything a process of the portal works with, opened from the settings and closed together."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass

from arq.connections import ArqRedis
from sqlalchemy.ext.asyncio import AsyncEngine

from portal.catalog.builds import BuildStore
from portal.catalog.registry import Registry
from portal.catalog.settings import CatalogSettings
from portal.db.engine import open_engine
from portal.identity.sessions import Sessions
from portal.jobs.events import EventLog
from portal.jobs.hub import Hub
from portal.jobs.live import LiveJobs
from portal.jobs.queue import JobQueue, open_redis
from portal.jobs.sealing import Seal, open_seal
from portal.jobs.store import JobStore
from portal.jobs.uploads import UploadStore
from portal.jobs.workers import WorkerReports
from portal.settings import Settings
from portal.storage import Storage, open_storage


@dataclass(frozen=True)
class Services:
    """The stores, clients and components of one process."""

    settings: Settings
    catalog_settings: CatalogSettings
    engine: AsyncEngine
    redis: ArqRedis
    storage: Storage
    seal: Seal
    store: JobStore
    events: EventLog
    live: LiveJobs
    queue: JobQueue
    hub: Hub
    uploads: UploadStore
    workers: WorkerReports
    registry: Registry
    builds: BuildStore
    sessions: Sessions


@contextlib.asynccontextmanager
async def open_services(settings: Settings, catalog_settings: CatalogSettings) -> AsyncIterator[Services]:
    """Open everything; connections are made when first used and closed when the block ends."""
    engine = open_engine(settings.database_url, settings.data_dir)
    redis = open_redis(settings.redis_address)
    try:
        services = _compose(settings, catalog_settings, engine, redis)
        async with services.hub:
            yield services
    finally:
        await redis.aclose(close_connection_pool=True)
        await engine.dispose()


def _compose(
    settings: Settings, catalog_settings: CatalogSettings, engine: AsyncEngine, redis: ArqRedis
) -> Services:
    storage = open_storage(settings.storage_url, settings.data_dir / "storage")
    store = JobStore(engine)
    events = EventLog(redis, storage, prefix=settings.redis_prefix, ttl_s=settings.live_ttl_s)
    live = LiveJobs(
        redis,
        prefix=settings.redis_prefix,
        ttl_s=settings.live_ttl_s,
        feed_max_messages=settings.feed_max_messages,
    )
    key = settings.secret_key
    return Services(
        settings=settings,
        catalog_settings=catalog_settings,
        engine=engine,
        redis=redis,
        storage=storage,
        seal=open_seal(key.get_secret_value() if key else None, settings.data_dir),
        store=store,
        events=events,
        live=live,
        queue=JobQueue(store, live, events, redis),
        hub=Hub(redis),
        uploads=UploadStore(engine, storage),
        workers=WorkerReports(redis, prefix=settings.redis_prefix),
        registry=Registry(storage),
        builds=BuildStore(engine),
        sessions=Sessions(
            engine, session_ttl_s=settings.session_ttl_s, link_ttl_s=settings.sign_in_link_ttl_s
        ),
    )
