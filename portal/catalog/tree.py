"""The file tree of an item: its files, their names, its limits and its digest."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from portal.errors import InvalidError, Problem

MAX_PATH_BYTES = 240
MAX_NAME_BYTES = 100
MAX_DEPTH = 12

_DIGEST = re.compile(r"sha256:[0-9a-f]{64}")
_DRIVE = re.compile(r"[A-Za-z]:")


@dataclass(frozen=True)
class BundleFile:
    """One file of an item."""

    content: bytes
    executable: bool = False


@dataclass(frozen=True)
class BundleLimits:
    """How much one bundle may hold."""

    max_files: int = 2000
    max_bytes: int = 64 * 1024 * 1024
    max_file_bytes: int = 16 * 1024 * 1024


def name_problem(path: str) -> str | None:
    """Return what is wrong with `path` as the name of a file or folder in a bundle, or None.

    Good names are relative, with `/`, stay inside the bundle and look the same on every system.
    """
    parts = path.split("/")
    if path.startswith("/") or _DRIVE.match(path):
        return "must be a relative path"
    if "\\" in path:
        return "must not contain a backslash"
    if any(part in ("", ".", "..") for part in parts):
        return "must not contain '.', '..' or empty parts"
    if any(unicodedata.category(character) in ("Cc", "Cf", "Cs", "Zl", "Zp") for character in path):
        return "must not contain control or invisible characters, and must be UTF-8"
    if unicodedata.normalize("NFC", path) != path:
        return "must be in Unicode normal form C"
    if len(path.encode()) > MAX_PATH_BYTES or any(len(part.encode()) > MAX_NAME_BYTES for part in parts):
        return f"is too long: at most {MAX_PATH_BYTES} bytes, {MAX_NAME_BYTES} for each part"
    if len(parts) > MAX_DEPTH:
        return f"is too deep: at most {MAX_DEPTH} levels"
    return None


def clashes(files: Iterable[str], folders: Iterable[str] = ()) -> list[Problem]:
    """Return a problem for every path that some systems can't tell from another one.

    That is: names that differ in case or Unicode form only, and a file that is a folder too.
    """
    problems: list[Problem] = []
    spellings: dict[str, str] = {}
    file_paths, folder_paths = set(files), set(folders)
    for path in sorted(file_paths | folder_paths):
        parents = [path[:end] for end, character in enumerate(path) if character == "/"]
        for prefix in (*parents, path):
            known = spellings.setdefault(unicodedata.normalize("NFKC", prefix).casefold(), prefix)
            if known != prefix:
                problems.append(Problem(path, f"cannot be told from {known!r} on every system"))
                break
        else:
            above = [parent for parent in parents if parent in file_paths]
            if above or path in file_paths & folder_paths:
                problems.append(Problem(path, f"{(above or [path])[0]!r} is a file and a folder too"))
    return problems


def tree_digest(files: Mapping[str, BundleFile]) -> str:
    r"""Return the identity of a file tree, `sha256:<hex>`, independent of any archive's bytes.

    It is the SHA-256 of the line `portal-tree-1\n`, followed by one line for each file, sorted by the UTF-8
    bytes of its path: `<path>\0<x or ->\0<size in bytes, decimal>\0<sha256 of the content, hex>\n`. Paths can
    hold neither NUL nor a line break, so no two trees share an encoding. Empty folders don't count.
    """
    hasher = hashlib.sha256(b"portal-tree-1\n")
    for path in sorted(files, key=str.encode):
        file = files[path]
        mark = "x" if file.executable else "-"
        content_hash = hashlib.sha256(file.content).hexdigest()
        hasher.update(f"{path}\0{mark}\0{len(file.content)}\0{content_hash}\n".encode())
    return f"sha256:{hasher.hexdigest()}"


def digest_hex(digest: str) -> str:
    """Return the 64 hexadecimal digits of `sha256:<hex>`; raise `InvalidError` for anything else."""
    if not _DIGEST.fullmatch(digest):
        raise InvalidError(f"{digest!r} is not a digest; one looks like sha256:<64 hexadecimal digits>.")
    return digest.removeprefix("sha256:")
