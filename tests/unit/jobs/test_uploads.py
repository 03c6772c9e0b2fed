"""Uploads: kept while a job uses them, removed when nobody does."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncEngine

from portal.db.tables import uploads as uploads_table
from portal.errors import NotFoundError
from portal.jobs.model import now
from portal.jobs.uploads import Upload, UploadStore
from portal.storage import Storage

Keep = Callable[..., Awaitable[Upload]]


@pytest.fixture
def uploads(engine: AsyncEngine, storage: Storage) -> UploadStore:
    return UploadStore(engine, storage)


@pytest.fixture
def keep(uploads: UploadStore, engine: AsyncEngine, tmp_path: Path) -> Keep:
    """Return a function that keeps a small file, uploaded some hours ago."""

    async def keep(name: str = "a.csv", *, hours_ago: float = 0) -> Upload:
        file = tmp_path / "file"
        file.write_bytes(b"a,b\n1,2\n")
        upload = await uploads.keep(name, file, size=8, sha256="0" * 64, uploaded_by="admin")
        created_at = now() - timedelta(hours=hours_ago)
        async with engine.begin() as connection:
            await connection.execute(
                update(uploads_table)
                .where(uploads_table.c.upload_id == upload.upload_id)
                .values(created_at=created_at)
            )
        return upload

    return keep


async def test_kept_upload_is_found_with_its_facts(uploads: UploadStore, keep: Keep) -> None:
    upload = await keep("Übersicht.csv")
    found = await uploads.get(upload.upload_id)
    assert (found.name, found.size, found.sha256, found.uploaded_by) == (
        "Übersicht.csv",
        8,
        "0" * 64,
        "admin",
    )


@pytest.mark.parametrize("upload_id", ["nowhere", "", "../../etc/passwd", "a\0"])
async def test_unknown_upload_is_not_found(upload_id: str, uploads: UploadStore) -> None:
    with pytest.raises(NotFoundError):
        await uploads.get(upload_id)


async def test_copy_has_the_uploads_name_and_content(
    uploads: UploadStore, keep: Keep, tmp_path: Path
) -> None:
    folder = tmp_path / "copies"
    folder.mkdir()
    path = await uploads.copy_to(await keep("b.csv"), folder)
    assert path == folder / "b.csv"
    assert path.read_bytes() == b"a,b\n1,2\n"


async def test_sweep_removes_only_what_is_old_and_not_used(
    uploads: UploadStore, keep: Keep, storage: Storage
) -> None:
    old, used, young = await keep(hours_ago=25), await keep(hours_ago=25), await keep(hours_ago=23)
    await uploads.mark_used([used.upload_id])
    assert await uploads.sweep(24 * 3600) == 1
    assert await storage.list_keys("uploads") == sorted(
        f"uploads/{upload.upload_id}" for upload in (used, young)
    )
    with pytest.raises(NotFoundError):
        await uploads.get(old.upload_id)
    assert (await uploads.get(used.upload_id)).upload_id == used.upload_id


async def test_second_sweep_finds_nothing(uploads: UploadStore, keep: Keep) -> None:
    await keep(hours_ago=25)
    assert [await uploads.sweep(24 * 3600), await uploads.sweep(24 * 3600)] == [1, 0]


async def test_marking_no_uploads_is_fine(uploads: UploadStore) -> None:
    await uploads.mark_used([])
