"""What tests stand on: real stores, the application, a worker."""

from __future__ import annotations

import asyncio
import os
import shutil
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import httpx2
import pytest
from redis.asyncio import Redis
from sqlalchemy import delete
from sqlalchemy.ext.asyncio import AsyncEngine

from portal.catalog.settings import CatalogSettings
from portal.db.engine import open_engine
from portal.db.migrate import migrate
from portal.db.tables import metadata
from portal.jobs.queue import open_redis
from portal.services import Services, open_services
from portal.settings import Settings, load_settings
from portal.worker.worker_settings import run_worker
from tests.support.portal_app import ADMIN_TOKEN, BEARER, AsgiApp, client_for, running_app
from tests.support.postgres_server import PostgresServer, postgres_server
from tests.support.redis_server import flush, redis_server
from tests.support.stopping import stop_worker

DATABASES = ("sqlite", "postgresql")


@pytest.fixture(autouse=True)
def _no_settings_of_the_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever runs the tests may have a portal configured."""
    for name in os.environ:
        if name.startswith("PORTAL_"):
            monkeypatch.delenv(name)


@pytest.fixture(scope="session")
def _redis_server() -> Iterator[str]:
    with redis_server() as url:
        yield url


@pytest.fixture
def redis_url(_redis_server: str) -> str:
    """The URL of an empty Redis."""
    flush(_redis_server)
    return _redis_server


@pytest.fixture
async def redis(redis_url: str) -> AsyncIterator[Redis]:
    """A client of an empty Redis."""
    client = open_redis(redis_url)
    yield client
    await client.aclose(close_connection_pool=True)  # the client was given its pool


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresServer]:
    """A PostgreSQL server."""
    with postgres_server() as server:
        yield server


@pytest.fixture(scope="session")
def _migrated_postgres(postgres: PostgresServer) -> str:
    """The URL of a migrated database on it."""
    url = postgres.new_database()
    _migrate(url, Path())
    return url


@pytest.fixture(scope="session")
def _migrated_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated database, to be copied."""
    folder = tmp_path_factory.mktemp("sqlite")
    _migrate(None, folder)
    return folder / "portal.db"


def _migrate(url: str | None, data_dir: Path) -> None:
    async def bring_up_to_date() -> None:
        engine = open_engine(url, data_dir)
        await migrate(engine)
        await engine.dispose()

    asyncio.run(bring_up_to_date())


@pytest.fixture(params=DATABASES)
def empty_database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of a database without tables; the test runs once for each kind."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'portal.db'}"
    server: PostgresServer = request.getfixturevalue("postgres")
    return server.new_database()


@pytest.fixture(params=DATABASES)
def _database_url(request: pytest.FixtureRequest) -> str:
    """The URL of a migrated database; the test runs once for each kind."""
    if request.param == "sqlite":
        copy: Path = request.getfixturevalue("sqlite_folder")
        return f"sqlite:///{copy / 'portal.db'}"
    url: str = request.getfixturevalue("_migrated_postgres")
    return url


@pytest.fixture
def sqlite_folder(_migrated_sqlite: Path, tmp_path: Path) -> Path:
    """A data folder with a migrated database without rows."""
    folder = tmp_path / "data"
    folder.mkdir()
    shutil.copy(_migrated_sqlite, folder / "portal.db")
    return folder


@pytest.fixture
async def engine(_database_url: str) -> AsyncIterator[AsyncEngine]:
    """A migrated database without rows; the test runs once for each kind."""
    engine = open_engine(_database_url, Path())
    async with engine.begin() as connection:
        for table in metadata.tables.values():
            await connection.execute(delete(table))
    yield engine
    await engine.dispose()


@pytest.fixture
def settings(
    sqlite_folder: Path, tmp_path: Path, redis_url: str, monkeypatch: pytest.MonkeyPatch
) -> Settings:
    """Settings of a portal with its data in the test's folder, and without a web app."""
    monkeypatch.chdir(tmp_path)  # away from anybody's `.env`
    return load_settings(
        data_dir=sqlite_folder, redis_url=redis_url, admin_token=ADMIN_TOKEN, web_dir=tmp_path / "web"
    )


@pytest.fixture
def catalog_root(tmp_path: Path) -> Path:
    """The folder that items are imported from, still empty."""
    root = tmp_path / "items"
    root.mkdir()
    return root


@pytest.fixture
def catalog_settings(catalog_root: Path) -> CatalogSettings:
    """Settings of a catalog that imports from the test's folder."""
    return CatalogSettings(catalog_root=str(catalog_root))


@pytest.fixture
async def services(settings: Settings, catalog_settings: CatalogSettings) -> AsyncIterator[Services]:
    """The stores of a portal, for looking behind the API."""
    async with open_services(settings, catalog_settings) as services:
        yield services


@pytest.fixture
async def app(settings: Settings, catalog_settings: CatalogSettings) -> AsyncIterator[AsgiApp]:
    """The running application."""
    async with running_app(settings, catalog_settings) as app:
        yield app


@pytest.fixture
async def api(app: AsgiApp) -> AsyncIterator[httpx2.AsyncClient]:
    """A client with the administrator's token."""
    async with client_for(app, headers=BEARER) as client:
        yield client


@pytest.fixture
async def stranger(app: AsgiApp) -> AsyncIterator[httpx2.AsyncClient]:
    """A client without credentials."""
    async with client_for(app) as client:
        yield client


@pytest.fixture
async def worker(settings: Settings, catalog_settings: CatalogSettings, app: AsgiApp) -> AsyncIterator[None]:
    """A running worker."""
    task = asyncio.create_task(run_worker(settings, catalog_settings))
    yield
    await stop_worker(task)
