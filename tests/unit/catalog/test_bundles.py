from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from portal.catalog.bundles import BundleCache, BundleFile, bundle_key, pack, read_folder, tree_digest
from portal.errors import InvalidError, NotFoundError
from portal.storage import Storage

FILES = {"manifest.yaml": BundleFile(b"id: a\n"), "bin/run": BundleFile(b"#!/bin/sh\n", executable=True)}


async def test_cache_unpacks_a_bundle_once(tmp_path: Path, storage: Storage) -> None:
    digest = tree_digest(FILES)
    await storage.create(bundle_key(digest), pack(FILES))
    cache = BundleCache(tmp_path / "cache", storage)

    folders = await asyncio.gather(*(cache.folder(digest) for _ in range(5)))
    await storage.delete(bundle_key(digest))

    assert {*folders, await cache.folder(digest)} == {tmp_path / "cache" / digest.removeprefix("sha256:")}
    assert read_folder(folders[0]) == FILES


async def test_several_caches_may_unpack_the_same_bundle(tmp_path: Path, storage: Storage) -> None:
    digest = tree_digest(FILES)
    await storage.create(bundle_key(digest), pack(FILES))
    caches = [BundleCache(tmp_path / "cache", storage) for _ in range(8)]

    folders = await asyncio.gather(*(cache.folder(digest) for cache in caches))

    assert len(set(folders)) == 1
    assert list((tmp_path / "cache").iterdir()) == [folders[0]]


async def test_bundle_with_other_files_than_its_digest_says_is_refused(
    tmp_path: Path, storage: Storage
) -> None:
    digest = tree_digest(FILES)
    await storage.create(bundle_key(digest), pack({"other": BundleFile(b"")}))

    with pytest.raises(InvalidError, match="damaged"):
        await BundleCache(tmp_path / "cache", storage).folder(digest)

    assert not (tmp_path / "cache").exists()


@pytest.mark.parametrize(
    "digest", ["", "sha256:..", "../../etc", "sha256:" + "A" * 64, "sha256:" + "a" * 64 + "\n"]
)
async def test_what_is_no_digest_is_refused(tmp_path: Path, storage: Storage, digest: str) -> None:
    with pytest.raises(InvalidError):
        await BundleCache(tmp_path / "cache", storage).folder(digest)


async def test_missing_bundle_is_not_found(tmp_path: Path, storage: Storage) -> None:
    with pytest.raises(NotFoundError):
        await BundleCache(tmp_path / "cache", storage).folder("sha256:" + "a" * 64)
