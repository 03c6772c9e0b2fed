"""Builds the Python packages that an item requires, once per set, and keeps them by what they depend on."""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import importlib.metadata
import platform
import shutil
import sys
import sysconfig
import tempfile
from collections.abc import Iterator
from pathlib import Path

from portal.sandbox.uv_install import BuildFailedError, install

__all__ = ["BuildFailedError", "EnvironmentCache", "environment_key"]


def environment_key(requirements: bytes) -> str:
    """64 hexadecimal digits that name the environment for `requirements` on this machine's kind of Python."""
    parts = (
        requirements,
        f"{sys.implementation.cache_tag}{sys.abiflags}".encode(),
        f"{sysconfig.get_platform()} {' '.join(platform.libc_ver())}".encode(),
        importlib.metadata.version("uv").encode(),
    )
    digest = hashlib.sha256()
    for part in parts:
        digest.update(len(part).to_bytes(8, "big") + part)
    return digest.hexdigest()


class EnvironmentCache:
    """Built environments, each in a folder named by its key. Several processes may share the root."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._building: dict[str, asyncio.Lock] = {}

    async def ensure(self, requirements: bytes, *, timeout_s: float = 600) -> Path:
        """The folder with the packages of a `requirements.txt`, built if it is not there yet.

        Only wheels from the configured index are installed; with hashes in the file, all must match. Raises
        BuildFailedError, also after `timeout_s` seconds.
        """
        key = environment_key(requirements)
        target = self._root / key
        async with self._building.setdefault(key, asyncio.Lock()):
            if not target.is_dir():
                with _folder_beside(target) as packages:
                    await install(requirements, packages, timeout_s=timeout_s)
                    _publish(packages, target)
        return target


@contextlib.contextmanager
def _folder_beside(target: Path) -> Iterator[Path]:
    """A new folder on the same file system, gone afterwards unless it was renamed."""
    target.parent.mkdir(parents=True, exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix=f".tmp-{target.name[:12]}-", dir=target.parent))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _publish(packages: Path, target: Path) -> None:
    (packages / ".lock").unlink(missing_ok=True)
    packages.chmod(0o755)
    # Even an empty set of packages leaves something: renaming onto a folder must fail when there is one.
    (packages / ".complete").touch()
    try:
        packages.rename(target)
    except OSError:  # another process was faster, with the same
        if not target.is_dir():
            raise
