"""The object store: bundles by digest, registry documents, uploads, artifacts and finished event logs.

A folder on one machine, any S3-compatible service beyond it; `obstore` speaks to both.
"""

from __future__ import annotations

import hashlib
from collections.abc import AsyncIterator
from pathlib import Path
from typing import BinaryIO
from urllib.parse import urlsplit

import obstore
from obstore.exceptions import AlreadyExistsError as _AlreadyExists
from obstore.store import LocalStore, ObjectStore, from_url

from portal.errors import ConfigurationError, NotFoundError

CHUNK_BYTES = 1024 * 1024


class Storage:
    """Objects by key; keys are relative paths with `/`, such as `bundles/<hex>.tar.gz`."""

    def __init__(self, store: ObjectStore) -> None:
        self._store = store

    async def put(self, key: str, content: bytes | Path) -> None:
        """Write `content` (bytes, or a file that is streamed) under `key`, replacing what stood there."""
        await obstore.put_async(self._store, key, content)

    async def create(self, key: str, content: bytes | Path) -> bool:
        """Write `content` only if `key` is free; return whether it was."""
        try:
            await obstore.put_async(self._store, key, content, mode="create")
        except _AlreadyExists:
            return False
        return True

    async def get(self, key: str) -> bytes:
        """Return the whole object; raise `NotFoundError` when there is none."""
        try:
            answer = await obstore.get_async(self._store, key)
            return bytes(await answer.bytes_async())
        except FileNotFoundError:
            raise NotFoundError(f"There is no object {key!r} in the store.") from None

    async def stream(self, key: str) -> AsyncIterator[bytes]:
        """Open the object and return its content in chunks; raise `NotFoundError` before the first one."""
        try:
            answer = await obstore.get_async(self._store, key)
        except FileNotFoundError:
            raise NotFoundError(f"There is no object {key!r} in the store.") from None
        return _chunks(answer)

    async def download(self, key: str, target: Path) -> None:
        """Copy the object into the new file `target`; raise `NotFoundError` when there is none."""
        chunks = await self.stream(key)
        with target.open("xb") as file:
            async for chunk in chunks:
                file.write(chunk)

    async def exists(self, key: str) -> bool:
        """Return whether there is an object under `key`."""
        try:
            await obstore.head_async(self._store, key)
        except FileNotFoundError:
            return False
        return True

    async def list_keys(self, prefix: str) -> list[str]:
        """Return every key below the folder `prefix`, sorted."""
        keys: list[str] = []
        async for batch in obstore.list(self._store, prefix):
            keys.extend(entry["path"] for entry in batch)
        return sorted(keys)

    async def delete(self, key: str) -> None:
        """Remove the object; it is no error when there is none."""
        try:
            await obstore.delete_async(self._store, key)
        except FileNotFoundError:
            return


async def _chunks(answer: obstore.GetResult) -> AsyncIterator[bytes]:
    async for chunk in answer.stream(min_chunk_size=CHUNK_BYTES):
        yield bytes(chunk)


def copy_hashed(source: BinaryIO, target: Path, *, max_bytes: int | None = None) -> tuple[int, str]:
    """Copy what `source` holds, at most `max_bytes`, into `target`; return the bytes and their SHA-256.

    Blocks: call it in a thread.
    """
    digest, left = hashlib.sha256(), max_bytes
    with target.open("wb") as file:
        while chunk := source.read(CHUNK_BYTES if left is None else min(CHUNK_BYTES, left)):
            digest.update(chunk)
            file.write(chunk)
            left = None if left is None else left - len(chunk)
        return file.tell(), digest.hexdigest()


def open_storage(url: str | None, default_folder: Path) -> Storage:
    """Return the store behind `url` (`s3://bucket/prefix`, `file:///path`), or a folder when it is None.

    S3 credentials come from the usual `AWS_*` environment variables.
    """
    if url is None:
        default_folder.mkdir(parents=True, exist_ok=True)
        return Storage(LocalStore(default_folder))
    if urlsplit(url).scheme not in ("s3", "file"):
        raise ConfigurationError(f"PORTAL_STORAGE_URL must start with s3:// or file://, not {url!r}.")
    return Storage(from_url(url, mkdir=True) if url.startswith("file:") else from_url(url))
