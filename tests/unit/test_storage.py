"""The object store: a folder that is written whole or not at all, and never left by a key."""

from __future__ import annotations

import asyncio
import hashlib
import io
from pathlib import Path

import pytest

from portal.errors import ConfigurationError, NotFoundError
from portal.storage import CHUNK_BYTES, Storage, copy_hashed, open_storage


@pytest.fixture
def storage(tmp_path: Path) -> Storage:
    return open_storage(None, tmp_path / "storage")


async def test_what_was_put_is_there_until_it_is_deleted(storage: Storage) -> None:
    await storage.put("a/b.txt", b"one")
    await storage.put("a/b.txt", b"two")
    assert (await storage.get("a/b.txt"), await storage.exists("a/b.txt")) == (b"two", True)
    await storage.delete("a/b.txt")
    assert await storage.exists("a/b.txt") is False
    await storage.delete("a/b.txt")


@pytest.mark.parametrize("key", ["nothing", "a/nothing", "a"])
async def test_missing_object_is_not_found(key: str, storage: Storage, tmp_path: Path) -> None:
    await storage.put("a/b.txt", b"x")
    with pytest.raises(NotFoundError):
        await storage.get(key)
    with pytest.raises(NotFoundError):
        await storage.stream(key)
    with pytest.raises(NotFoundError):
        await storage.download(key, tmp_path / "copy")
    assert not await asyncio.to_thread((tmp_path / "copy").exists)


async def test_of_many_who_create_the_same_object_exactly_one_does(storage: Storage) -> None:
    created = await asyncio.gather(*(storage.create("k", str(number).encode()) for number in range(20)))
    assert created.count(True) == 1
    assert await storage.get("k") == str(created.index(True)).encode()


@pytest.mark.parametrize("size", [0, 1, CHUNK_BYTES, 3 * CHUNK_BYTES + 7])
async def test_file_of_any_size_comes_back_in_chunks_and_as_a_file(
    size: int, storage: Storage, tmp_path: Path
) -> None:
    content = bytes(number % 251 for number in range(size))
    source, target = tmp_path / "source", tmp_path / "target"
    await asyncio.to_thread(source.write_bytes, content)
    await storage.put("k", source)
    assert b"".join([chunk async for chunk in await storage.stream("k")]) == content
    await storage.download("k", target)
    assert await asyncio.to_thread(target.read_bytes) == content


async def test_download_does_not_overwrite_a_file(storage: Storage, tmp_path: Path) -> None:
    await storage.put("k", b"x")
    await storage.download("k", tmp_path / "target")
    with pytest.raises(FileExistsError):
        await storage.download("k", tmp_path / "target")


async def test_keys_are_listed_below_a_folder_and_not_below_a_name_like_it(storage: Storage) -> None:
    for key in ("a/2", "a/1", "a/b/3", "ab/4", "c"):
        await storage.put(key, b"")
    assert await storage.list_keys("a") == ["a/1", "a/2", "a/b/3"]
    assert await storage.list_keys("nothing") == []


@pytest.mark.parametrize("key", ["../outside", "a/../../outside", "/../outside"])
async def test_key_that_leads_out_of_the_folder_writes_nothing_there(
    key: str, storage: Storage, tmp_path: Path
) -> None:
    with pytest.raises(Exception, match=r"(?i)path|segment|generic"):
        await storage.put(key, b"x")
    assert not await asyncio.to_thread((tmp_path / "outside").exists)


@pytest.mark.parametrize("name", ["Bericht ü.txt", "100% #1?.csv", "a b", "日本"])
async def test_key_may_have_any_name_of_a_file(name: str, storage: Storage) -> None:
    await storage.put(f"jobs/{name}", b"x")
    assert await storage.get(f"jobs/{name}") == b"x"
    assert await storage.list_keys("jobs") == [f"jobs/{name}"]


async def test_url_of_a_folder_is_that_folder_which_is_made(tmp_path: Path) -> None:
    storage = open_storage(f"file://{tmp_path / 'elsewhere'}", tmp_path / "unused")
    await storage.put("k", b"x")
    assert await asyncio.to_thread((tmp_path / "elsewhere" / "k").read_bytes) == b"x"
    assert not await asyncio.to_thread((tmp_path / "unused").exists)


@pytest.mark.parametrize("url", ["ftp://host", "nonsense", "/a/path", "http://host"])
def test_other_url_is_refused_naming_the_variable(url: str, tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="PORTAL_STORAGE_URL must start with"):
        open_storage(url, tmp_path)


@pytest.mark.parametrize(("limit", "copied"), [(None, 3_000_000), (10, 10), (0, 0), (9_000_000, 3_000_000)])
def test_copy_is_hashed_and_stops_at_its_limit(limit: int | None, copied: int, tmp_path: Path) -> None:
    content = b"x" * 3_000_000
    size, digest = copy_hashed(io.BytesIO(content), tmp_path / "copy", max_bytes=limit)
    assert (size, digest) == (copied, hashlib.sha256(content[:copied]).hexdigest())
    assert (tmp_path / "copy").stat().st_size == copied
