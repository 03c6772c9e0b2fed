"""Migrations: they lead to the tables, once, whoever asks and however many ask at a time."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, inspect, text
from sqlalchemy.ext.asyncio import AsyncEngine

from portal.db.engine import open_engine
from portal.db.migrate import migrate
from portal.db.tables import metadata
from portal.errors import ConfigurationError


@pytest.fixture
async def empty_engine(empty_database_url: str, tmp_path: Path) -> AsyncIterator[AsyncEngine]:
    engine = open_engine(empty_database_url, tmp_path)
    yield engine
    await engine.dispose()


async def tables_of(engine: AsyncEngine) -> set[str]:
    async with engine.connect() as connection:
        return await connection.run_sync(lambda sync: set(inspect(sync).get_table_names()))


async def test_migrations_lead_to_exactly_the_tables_of_the_code(
    empty_engine: AsyncEngine,
) -> None:
    await migrate(empty_engine)

    def differences(connection: Connection) -> list[Any]:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        return list(compare_metadata(context, metadata))

    async with empty_engine.connect() as connection:
        assert await connection.run_sync(differences) == []


async def test_migrating_a_database_that_is_up_to_date_keeps_its_rows(
    empty_engine: AsyncEngine,
) -> None:
    await migrate(empty_engine)
    async with empty_engine.begin() as connection:
        await connection.execute(text("INSERT INTO builds VALUES ('d', 'ready', '', '2026-01-01 00:00:00')"))
    await migrate(empty_engine)
    async with empty_engine.connect() as connection:
        assert await connection.scalar(text("SELECT count(*) FROM builds")) == 1


async def test_engines_that_migrate_an_empty_database_at_once_all_succeed(
    empty_database_url: str, tmp_path: Path
) -> None:
    engines = [open_engine(empty_database_url, tmp_path) for _ in range(6)]
    try:
        await asyncio.gather(*(migrate(engine) for engine in engines))
        assert set(metadata.tables) <= await tables_of(engines[0])
    finally:
        for engine in engines:
            await engine.dispose()


MIGRATE_AT_A_SIGNAL = """
import asyncio, sys
from pathlib import Path
from portal.db.engine import open_engine
from portal.db.migrate import migrate

async def main():
    engine = open_engine(sys.argv[1], Path())
    await migrate(engine)
    await engine.dispose()

print("ready", flush=True)
sys.stdin.read()
asyncio.run(main())
"""


def test_processes_that_migrate_an_empty_database_at_once_all_succeed(empty_database_url: str) -> None:
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", MIGRATE_AT_A_SIGNAL, empty_database_url],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for _ in range(4)
    ]
    for process in processes:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
    for process in processes:
        assert process.stdin is not None
        process.stdin.close()  # go
        process.stdin = None
    endings = [(process.communicate(timeout=60)[1], process.returncode) for process in processes]
    assert endings == [("", 0)] * 4


async def test_database_of_a_newer_portal_is_refused_with_a_sentence_and_left_alone(
    empty_engine: AsyncEngine,
) -> None:
    await migrate(empty_engine)
    async with empty_engine.begin() as connection:
        await connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(ConfigurationError, match=r"revision 9999.*newer one"):
        await migrate(empty_engine)
    async with empty_engine.connect() as connection:
        assert await connection.scalar(text("SELECT version_num FROM alembic_version")) == "9999"


async def test_migration_that_fails_half_way_leaves_nothing_behind(
    empty_engine: AsyncEngine,
) -> None:
    async with empty_engine.begin() as connection:  # the fourth table the migration makes
        await connection.execute(text("CREATE TABLE sessions (x integer)"))
    with pytest.raises(Exception, match="already exists"):
        await migrate(empty_engine)
    assert await tables_of(empty_engine) == {"sessions"}
