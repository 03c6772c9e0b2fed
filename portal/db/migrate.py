"""Brings the database to the tables this version of the portal works with."""

from __future__ import annotations

import asyncio
import contextlib
import fcntl
from collections.abc import AsyncIterator
from pathlib import Path
from typing import IO

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text
from sqlalchemy.ext.asyncio import AsyncEngine

from portal.errors import ConfigurationError

MIGRATIONS_FOLDER = Path(__file__).parent / "migrations"
_LOCK_ID = 7_367_115  # any number that nobody else locks in this database


async def migrate(engine: AsyncEngine) -> None:
    """Apply the missing migrations; processes that start together take turns.

    Raises `ConfigurationError` when the database was written by a newer portal.
    """
    async with _turn(engine), engine.begin() as connection:
        if connection.dialect.name == "postgresql":
            await connection.execute(text("SELECT pg_advisory_xact_lock(:id)"), {"id": _LOCK_ID})
        elif connection.dialect.name == "sqlite":
            await connection.exec_driver_sql("BEGIN IMMEDIATE")  # else each CREATE TABLE commits
        await connection.run_sync(_upgrade)


@contextlib.asynccontextmanager
async def _turn(engine: AsyncEngine) -> AsyncIterator[None]:
    """Hold a lock file beside a SQLite database, which has no lock that outlives a statement of its own."""
    path = engine.url.database if engine.dialect.name == "sqlite" else None
    if not path:
        yield
        return
    lock = await asyncio.to_thread(_locked, Path(f"{path}.migrating"))
    with lock:  # closing it gives the lock back
        yield


def _locked(path: Path) -> IO[str]:
    file = path.open("w")
    fcntl.flock(file, fcntl.LOCK_EX)
    return file


def _upgrade(connection: Connection) -> None:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS_FOLDER))
    config.attributes["connection"] = connection
    scripts = ScriptDirectory.from_config(config)
    current = MigrationContext.configure(connection).get_current_revision()
    if current == scripts.get_current_head():
        return
    if current is not None and current not in {script.revision for script in scripts.walk_revisions()}:
        raise ConfigurationError(
            f"The database is at revision {current}, which this version of the portal does not know: "
            "it was used by a newer one. Start that version, or restore a backup."
        )
    command.upgrade(config, "head")
