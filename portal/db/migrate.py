"""Brings the database to the tables this version of the portal works with."""

from __future__ import annotations

from pathlib import Path

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
    async with engine.begin() as connection:
        if connection.dialect.name == "postgresql":
            await connection.execute(text("SELECT pg_advisory_xact_lock(:id)"), {"id": _LOCK_ID})
        await connection.run_sync(_upgrade)


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
