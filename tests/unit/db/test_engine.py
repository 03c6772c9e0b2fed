"""The engine: which databases it opens, and how SQLite is prepared."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from sqlalchemy import insert, select, text
from sqlalchemy.ext.asyncio import AsyncEngine

from portal.db.engine import open_engine
from portal.db.tables import sign_in_links
from portal.errors import ConfigurationError


async def test_without_a_url_it_is_a_file_in_the_data_folder_which_is_made(tmp_path: Path) -> None:
    engine = open_engine(None, tmp_path / "new" / "data")
    async with engine.connect() as connection:
        await connection.execute(text("SELECT 1"))
    await engine.dispose()
    assert (tmp_path / "new" / "data" / "portal.db").is_file()


@pytest.mark.parametrize("url", ["nonsense", "", "://"])
def test_text_that_is_no_url_is_refused_naming_the_variable(url: str, tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="PORTAL_DATABASE_URL"):
        open_engine(url, tmp_path)


def test_other_kind_of_database_is_refused_with_the_kinds_that_work(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match=r"postgresql:// or sqlite:///, not mysql://"):
        open_engine("mysql://host/db", tmp_path)


def test_password_in_a_refused_url_is_not_repeated(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError) as caught:
        open_engine("mysql://me:hunter2@host/db", tmp_path)
    assert "hunter2" not in str(caught.value)


@pytest.mark.parametrize("scheme", ["postgresql", "postgres"])
def test_postgresql_is_spoken_with_asyncpg(scheme: str, tmp_path: Path) -> None:
    assert open_engine(f"{scheme}://host/db", tmp_path).dialect.driver == "asyncpg"


@pytest.mark.parametrize(
    ("pragma", "value"), [("journal_mode", "wal"), ("synchronous", 2), ("foreign_keys", 1)]
)
async def test_sqlite_is_prepared_for_several_processes_and_power_cuts(
    pragma: str, value: object, tmp_path: Path
) -> None:
    engine = open_engine(None, tmp_path)
    async with engine.connect() as connection:
        assert await connection.scalar(text(f"PRAGMA {pragma}")) == value
    await engine.dispose()


async def test_moments_come_back_aware_and_in_utc_whatever_zone_they_had(engine: AsyncEngine) -> None:
    moment = datetime(2026, 3, 1, 12, 30, 15, 123456, tzinfo=timezone(timedelta(hours=5)))
    row = {"token_hash": "h", "name": "n", "roles": [], "expires_at": moment}
    async with engine.begin() as connection:
        await connection.execute(insert(sign_in_links).values(row))
        stored = await connection.scalar(select(sign_in_links.c.expires_at))
    assert stored == moment
    assert stored is not None
    assert stored.tzinfo is UTC
