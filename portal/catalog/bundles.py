"""Bundles: an item version's files as one object in the store, and as a read-only folder on this machine."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from pathlib import Path

from portal.catalog.archives import pack, read_archive, unpack, write_tree
from portal.catalog.folders import read_folder
from portal.catalog.tree import BundleFile, BundleLimits, digest_hex, tree_digest
from portal.errors import ConflictError, InvalidError
from portal.storage import Storage

__all__ = [
    "BundleCache",
    "BundleFile",
    "BundleLimits",
    "bundle_key",
    "pack",
    "read_archive",
    "read_folder",
    "tree_digest",
    "unpack",
    "write_tree",
]


def bundle_key(digest: str) -> str:
    """Return where the store keeps the bundle with the digest `sha256:<hex>`."""
    return f"bundles/{digest_hex(digest)}.tar.gz"


class BundleCache:
    """Folders with unpacked bundles, one for each digest, shared by every process on this machine."""

    def __init__(self, root: Path, storage: Storage, *, limits: BundleLimits | None = None) -> None:
        self._root = root
        self._storage = storage
        self._limits = limits or BundleLimits()
        self._locks: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)

    async def folder(self, digest: str) -> Path:
        """Return the read-only folder with the files of the bundle `digest`, unpacking it the first time.

        Raise `NotFoundError` when the store has no such bundle, and `InvalidError` when what it has is not
        that tree; nothing is left behind then.
        """
        target = self._root / digest_hex(digest)
        async with self._locks[digest]:
            if not await asyncio.to_thread(target.is_dir):
                archive = await self._storage.get(bundle_key(digest))
                await asyncio.to_thread(self._unpack, archive, digest, target)
        return target

    def _unpack(self, archive: bytes, digest: str, target: Path) -> None:
        files = read_archive(archive, limits=self._limits)
        found = tree_digest(files)
        if found != digest:
            raise InvalidError(f"The stored bundle {digest} is damaged: its files are {found}.")
        try:
            write_tree(files, target)
        except ConflictError:
            # Another process was faster; what it renamed into place passed the same check.
            return
