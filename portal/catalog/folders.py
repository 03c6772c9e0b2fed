"""Reading an item's folder: which files belong to the item, and none that lead out of it."""

from __future__ import annotations

import os
import stat
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from pathlib import Path

from portal.catalog.tree import BundleFile, BundleLimits, clashes, name_problem
from portal.errors import InvalidError, Problem

IGNORE_FILE = ".portalignore"
ALWAYS_IGNORED = (
    ".git",
    ".hg",
    ".svn",
    "__pycache__",
    ".venv",
    "node_modules",
    ".mypy_cache",
    ".pytest_cache",
    ".ruff_cache",
    "*.pyc",
    ".DS_Store",
)


class _LimitReachedError(Exception):
    """Enough was read to know that the folder is too large."""


def read_folder(folder: Path, *, limits: BundleLimits | None = None) -> dict[str, BundleFile]:
    """Return the files of the item in `folder` by their relative path.

    Version control and cache folders stay out, and what `.portalignore` names: one pattern a line, `*`, `?`
    and `[…]` as in a shell, `#` for comments; `name/` means folders only, `/name` or `a/b` is relative to the
    item's folder, any other pattern matches a name at every level; the last pattern that matches decides and
    `!pattern` keeps a file. Raise `InvalidError` with every link, special file, bad name and excess found.
    """
    reading = _Reading(limits or BundleLimits(), _ignore_patterns(folder))
    try:
        reading.folder(folder, "")
    except _LimitReachedError as reached:
        reading.problems.append(Problem("", str(reached)))
    reading.problems.extend(clashes(reading.files))
    if reading.problems:
        raise InvalidError("The folder cannot be published.", reading.problems)
    return reading.files


def _ignore_patterns(folder: Path) -> list[str]:
    try:
        text = _read_regular(folder / IGNORE_FILE, 64 * 1024).decode("utf-8", "replace")
    except (OSError, InvalidError):
        return []
    lines = (line.strip() for line in text.splitlines())
    return [line for line in lines if line and not line.startswith("#")]


def _is_ignored(path: str, is_folder: bool, patterns: list[str]) -> bool:
    name = path.rpartition("/")[2]
    if any(fnmatchcase(name, pattern) for pattern in ALWAYS_IGNORED):
        return True
    ignored = False
    for pattern in patterns:
        wanted = pattern.removeprefix("!")
        if wanted.endswith("/") and not is_folder:
            continue
        bare = wanted.strip("/")
        anchored = "/" in wanted.removesuffix("/")
        if fnmatchcase(path if anchored else name, bare):
            ignored = not pattern.startswith("!")
    return ignored


@dataclass
class _Reading:
    """One walk through a folder."""

    limits: BundleLimits
    patterns: list[str]
    files: dict[str, BundleFile] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    total_bytes: int = 0

    def folder(self, folder: Path, prefix: str) -> None:
        try:
            with os.scandir(folder) as found:
                entries = sorted(found, key=lambda each: each.name)
        except OSError as error:
            self.problems.append(Problem(prefix.rstrip("/"), f"cannot be read: {error.strerror}"))
            return
        for entry in entries:
            path = f"{prefix}{entry.name}"
            if not _is_ignored(path, entry.is_dir(follow_symlinks=False), self.patterns):
                self.entry(entry, path)

    def entry(self, entry: os.DirEntry[str], path: str) -> None:
        if wrong := name_problem(path):
            self.problems.append(Problem(ascii(path)[1:-1], f"the name {wrong}"))
        elif entry.is_symlink():
            self.problems.append(Problem(path, "is a symbolic link; put a copy of the file in its place"))
        elif entry.is_dir(follow_symlinks=False):
            self.folder(Path(entry.path), f"{path}/")
        elif not entry.is_file(follow_symlinks=False):
            self.problems.append(Problem(path, "is neither a file nor a folder"))
        else:
            self.file(Path(entry.path), path)

    def file(self, file: Path, path: str) -> None:
        if len(self.files) >= self.limits.max_files:
            raise _LimitReachedError(
                f"has more than {self.limits.max_files} files; leave some out with {IGNORE_FILE}"
            )
        try:
            content = _read_regular(file, self.limits.max_file_bytes)
            executable = bool(file.lstat().st_mode & stat.S_IXUSR)
        except InvalidError as error:
            self.problems.append(Problem(path, str(error)))
            return
        except OSError as error:
            self.problems.append(Problem(path, f"cannot be read: {error.strerror}"))
            return
        self.total_bytes += len(content)
        if self.total_bytes > self.limits.max_bytes:
            raise _LimitReachedError(f"has more than {self.limits.max_bytes} bytes in all")
        self.files[path] = BundleFile(content, executable)


def _read_regular(file: Path, max_bytes: int) -> bytes:
    """Read a regular file; a link or pipe put in its place after the walk saw it is refused, not followed."""
    descriptor = os.open(file, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    with os.fdopen(descriptor, "rb") as stream:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise InvalidError("is not a regular file")
        content = stream.read(max_bytes + 1)
    if len(content) > max_bytes:
        raise InvalidError(f"is larger than {max_bytes} bytes")
    return content
