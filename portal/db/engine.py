"""Opens the database: SQLite in the data folder, or PostgreSQL, behind the same asynchronous engine."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from sqlalchemy import event
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from portal.errors import ConfigurationError

SQLITE_BUSY_TIMEOUT_MS = 10_000
_DRIVERS = {
    "sqlite": "sqlite+aiosqlite",
    "postgresql": "postgresql+asyncpg",
    "postgres": "postgresql+asyncpg",
}


def open_engine(url: str | None, data_dir: Path) -> AsyncEngine:
    """Return an engine for `url` (`postgresql://…`, `sqlite:///…`), or for SQLite in `data_dir` when None."""
    if url is None:
        data_dir.mkdir(parents=True, exist_ok=True)
        url = f"sqlite:///{data_dir / 'portal.db'}"
    try:
        parsed = make_url(url)
    except ArgumentError:
        raise ConfigurationError("PORTAL_DATABASE_URL is not a database URL.") from None
    name = parsed.get_backend_name()
    if name not in _DRIVERS:
        raise ConfigurationError(
            f"PORTAL_DATABASE_URL must start with postgresql:// or sqlite:///, not {name}://."
        )
    engine = create_async_engine(parsed.set(drivername=_DRIVERS[name]), pool_pre_ping=name != "sqlite")
    if name == "sqlite":
        event.listen(engine.sync_engine, "connect", _prepare_sqlite)
    return engine


def _prepare_sqlite(connection: Any, _record: object) -> None:
    """Make SQLite fit for several processes: readers beside one writer, who waits instead of failing."""
    cursor = connection.cursor()
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",  # an accepted job survives a power cut
        f"busy_timeout={SQLITE_BUSY_TIMEOUT_MS}",
        "foreign_keys=ON",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()
