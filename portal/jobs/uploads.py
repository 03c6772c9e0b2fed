"""Files that people hand to jobs: kept in the object store, known in the database."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import delete, insert, select, update
from sqlalchemy.ext.asyncio import AsyncEngine

from portal.db.tables import uploads
from portal.errors import NotFoundError
from portal.jobs.model import new_job_id, now
from portal.storage import Storage


@dataclass(frozen=True)
class Upload:
    """One uploaded file."""

    upload_id: str
    name: str
    size: int
    sha256: str
    uploaded_by: str
    created_at: datetime


class UploadStore:
    """Uploaded files."""

    def __init__(self, engine: AsyncEngine, storage: Storage) -> None:
        self._engine = engine
        self._storage = storage

    async def keep(self, name: str, file: Path, *, size: int, sha256: str, uploaded_by: str) -> Upload:
        """Keep a copy of `file`, which has `size` bytes, under a new id."""
        upload = Upload(
            upload_id=new_job_id(),
            name=name,
            size=size,
            sha256=sha256,
            uploaded_by=uploaded_by,
            created_at=now(),
        )
        await self._storage.put(_key(upload.upload_id), file)
        async with self._engine.begin() as connection:
            await connection.execute(insert(uploads).values(**vars(upload), used=False))
        return upload

    async def get(self, upload_id: str) -> Upload:
        """Return the upload; raise `NotFoundError` when there is none."""
        query = select(*(column for column in uploads.c if column.name != "used"))
        if "\0" in upload_id:  # PostgreSQL refuses to look for it
            upload_id = ""
        async with self._engine.connect() as connection:
            row = (await connection.execute(query.where(uploads.c.upload_id == upload_id))).mappings().first()
        if row is None:
            raise NotFoundError("There is no such upload, or it is no longer kept. Upload the file again.")
        return Upload(**row)

    async def mark_used(self, upload_ids: Sequence[str]) -> None:
        """Keep these for as long as the jobs that use them."""
        if upload_ids:
            async with self._engine.begin() as connection:
                await connection.execute(
                    update(uploads).where(uploads.c.upload_id.in_(upload_ids)).values(used=True)
                )

    async def copy_to(self, upload: Upload, folder: Path) -> Path:
        """Write the file into `folder` under its own name and return its path."""
        target = folder / upload.name
        await self._storage.download(_key(upload.upload_id), target)
        return target

    async def sweep(self, ttl_s: float) -> int:
        """Remove what no job uses and is older than `ttl_s`; return how many."""
        old = (uploads.c.used.is_(False), uploads.c.created_at < now() - timedelta(seconds=ttl_s))
        async with self._engine.connect() as connection:
            upload_ids = list(await connection.scalars(select(uploads.c.upload_id).where(*old)))
        removed = 0
        for upload_id in upload_ids:
            async with self._engine.begin() as connection:
                gone = await connection.execute(delete(uploads).where(uploads.c.upload_id == upload_id, *old))
            if gone.rowcount:
                await self._storage.delete(_key(upload_id))
                removed += 1
        return removed


def _key(upload_id: str) -> str:
    return f"uploads/{upload_id}"
