"""Takes over the files that an item announced, after it has ended, trusting none of its names and links."""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import BinaryIO

from portal.sandbox.file_names import clean_name, unique_name
from portal.sandbox.limits import MIB, Limits
from portal.sandbox.run import Declared
from portal.sandbox.text import clean_line

# O_NONBLOCK: opening a pipe somebody left behind must not wait for a writer.
_FILE = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC
_FOLDER = os.O_RDONLY | os.O_NOFOLLOW | os.O_DIRECTORY | os.O_CLOEXEC


@dataclass(frozen=True)
class CollectedFile:
    """A file to keep: a regular one, inside the working directory, without other names."""

    name: str
    """A safe file name, unique in its run."""

    size: int
    """Bytes. Read no more than this."""

    file: BinaryIO
    """Open for reading at its start. The path must not be opened again: it may have changed its meaning."""


@dataclass(frozen=True)
class CollectedArtifacts:
    """All files of a run that are kept, and why others are not. A context manager that closes the files."""

    files: tuple[CollectedFile, ...]
    refusals: tuple[str, ...]
    """A sentence for the author on each file that is not kept."""

    def __enter__(self) -> CollectedArtifacts:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close all files."""
        for collected in self.files:
            collected.file.close()


class _RefusedError(Exception):
    """The file is not kept; the text says why."""


def collect(workdir: Path, declared: Sequence[Declared], limits: Limits) -> CollectedArtifacts:
    """Open the announced files for reading, without following a link anywhere on the way.

    To be called when no process of the run is alive. `workdir` itself is trusted. Raises OSError when it
    cannot be opened.
    """
    files: list[CollectedFile] = []
    refusals: list[str] = []
    taken: set[str] = set()
    left = limits.artifact_bytes
    root = os.open(workdir, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        for announced in declared:
            try:
                if len(files) >= limits.artifact_count:
                    raise _RefusedError(f"a run may leave {limits.artifact_count} files behind.")
                file, size = _open(root, _relative(announced.path, workdir), left)
            except _RefusedError as reason:
                refusals.append(f"{clean_line(announced.path)[:200]} is not kept: {reason}")
                continue
            left -= size
            files.append(CollectedFile(unique_name(clean_name(announced.name), taken), size, file))
    except BaseException:
        CollectedArtifacts(tuple(files), ()).close()
        raise
    finally:
        os.close(root)
    return CollectedArtifacts(tuple(files), tuple(refusals))


def _relative(path: str, workdir: Path) -> list[str]:
    if "\0" in path:
        raise _RefusedError("its path is not valid.")
    if path.startswith("/"):
        path = path.removeprefix(f"{workdir.absolute()}/")
    parts = [part for part in path.split("/") if part not in ("", ".")]
    if path.startswith("/") or ".." in parts or not parts:
        raise _RefusedError("it is not inside the working directory.")
    return parts


def _open(root: int, parts: list[str], bytes_left: int) -> tuple[BinaryIO, int]:
    *folders, name = parts
    folder = os.dup(root)
    try:
        for part in folders:
            folder = _step(folder, part)
        fd = _open_at(folder, name, _FILE)
    finally:
        os.close(folder)
    try:
        size = _check(os.fstat(fd), os.fstat(root), bytes_left)
        return os.fdopen(fd, "rb"), size
    except BaseException:
        os.close(fd)
        raise


def _step(folder: int, part: str) -> int:
    """The folder `part` in `folder`, in exchange for it."""
    inner = _open_at(folder, part, _FOLDER)
    os.close(folder)
    return inner


def _open_at(folder: int, name: str, flags: int) -> int:
    try:
        return os.open(os.fsencode(name), flags, dir_fd=folder)
    except UnicodeEncodeError:
        raise _RefusedError("its path is not valid.") from None
    except OSError as error:
        if error.errno in (errno.ELOOP, errno.EMLINK) or _is_link(folder, name):
            raise _RefusedError("it is, or lies behind, a symbolic link.") from None
        if error.errno == errno.ENXIO:
            raise _RefusedError("it is not a regular file.") from None
        raise _RefusedError(f"it cannot be opened ({error.strerror}).") from None


def _is_link(folder: int, name: str) -> bool:
    try:
        return stat.S_ISLNK(os.stat(os.fsencode(name), dir_fd=folder, follow_symlinks=False).st_mode)
    except OSError:
        return False


def _check(file: os.stat_result, root: os.stat_result, bytes_left: int) -> int:
    if not stat.S_ISREG(file.st_mode):
        raise _RefusedError("it is not a regular file.")
    if file.st_nlink != 1:
        raise _RefusedError("it has more than one name (a hard link).")
    if file.st_dev != root.st_dev:
        raise _RefusedError("it is not inside the working directory.")
    if file.st_size > bytes_left:
        raise _RefusedError(
            f"with its {file.st_size} bytes the run would leave more behind than it may "
            f"({bytes_left / MIB:.1f} MiB are left)."
        )
    return file.st_size
