"""Archives: a file tree as one `.tar.gz`, and back, without trusting the archive."""

from __future__ import annotations

import gzip
import io
import os
import shutil
import tarfile
import tempfile
import zlib
from collections.abc import Mapping
from pathlib import Path

from portal.catalog.tar_reader import Member, read_members
from portal.catalog.tree import BundleFile, BundleLimits, clashes, name_problem
from portal.errors import ConflictError, InvalidError

FILE_MODE = 0o444
EXECUTABLE_MODE = 0o555
# Its owner may remove what is inside: `rm -rf` on a data folder has to work for an ordinary user.
FOLDER_MODE = 0o755
# Headers, padding and the end marker on top of the files' own bytes.
_OVERHEAD_BYTES_PER_FILE = 4096
_OVERHEAD_BYTES = 64 * 1024


def pack(files: Mapping[str, BundleFile]) -> bytes:
    """Return a reproducible `.tar.gz`: same files, same bytes (with the same zlib).

    Sorted by name, no times, no owners, mode 0644 or 0755, no folders of their own.
    """
    tar_data = io.BytesIO()
    with tarfile.open(fileobj=tar_data, mode="w", format=tarfile.PAX_FORMAT, encoding="utf-8") as archive:
        for path in sorted(files, key=str.encode):
            file = files[path]
            member = tarfile.TarInfo(path)
            member.size = len(file.content)
            member.mode = 0o755 if file.executable else 0o644
            archive.addfile(member, io.BytesIO(file.content))
    return gzip.compress(tar_data.getvalue(), compresslevel=6, mtime=0)


def read_archive(archive: bytes, *, limits: BundleLimits | None = None) -> dict[str, BundleFile]:
    """Return the files of a `.tar.gz` by their path, touching no disk.

    Raise `InvalidError` on links, special files, names that leave the archive, duplicates, damage and excess.
    """
    limits = limits or BundleLimits()
    overhead_bytes = limits.max_files * _OVERHEAD_BYTES_PER_FILE + _OVERHEAD_BYTES
    tar_data = _gunzip(archive, limits.max_bytes + overhead_bytes)
    members = read_members(tar_data, max_members=limits.max_files, max_file_bytes=limits.max_file_bytes)
    files: dict[str, BundleFile] = {}
    folders: set[str] = set()
    for member in members:
        path = _member_path(member)
        if member.is_folder:
            folders.add(path)
        elif path in files:
            raise InvalidError(f"The archive has {path!r} twice.")
        else:
            files[path] = BundleFile(member.content, member.executable)
    _check_tree(files, folders - {""}, limits)
    return files


def unpack(archive: bytes | Path, target: Path, *, limits: BundleLimits | None = None) -> None:
    """Write the files of a `.tar.gz` (its bytes, or a file) into the new folder `target`.

    `target` appears at once and complete, or not at all; its files are read-only (0444, or 0555 when
    executable), its folders 0755. Raise `InvalidError` as `read_archive` does, `ConflictError` when `target`
    exists already.
    """
    content = archive.read_bytes() if isinstance(archive, Path) else archive
    write_tree(read_archive(content, limits=limits), target)


def write_tree(files: Mapping[str, BundleFile], target: Path) -> None:
    """Write `files`, whose names were checked, into the new folder `target`, as `unpack` does."""
    if target.exists():
        raise ConflictError(f"{target} exists already.")
    target.parent.mkdir(parents=True, exist_ok=True)
    temporary = Path(tempfile.mkdtemp(prefix=f".{target.name[:16]}-", dir=target.parent))
    try:
        for path, file in files.items():
            _write_file(temporary / path, file)
        for folder, _, _ in os.walk(temporary, topdown=False):
            os.chmod(folder, FOLDER_MODE)
        os.rename(temporary, target)
    except BaseException as error:
        _remove(temporary)
        if isinstance(error, OSError) and target.exists():
            raise ConflictError(f"{target} exists already.") from None
        raise


def _write_file(path: Path, file: BundleFile) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
    with os.fdopen(os.open(path, flags, 0o600), "wb") as stream:
        stream.write(file.content)
        os.fchmod(stream.fileno(), EXECUTABLE_MODE if file.executable else FILE_MODE)


def _remove(folder: Path) -> None:
    for parent, _, _ in os.walk(folder):
        os.chmod(parent, 0o700)
    shutil.rmtree(folder, ignore_errors=True)


def _gunzip(data: bytes, max_bytes: int) -> bytes:
    decompressor = zlib.decompressobj(wbits=31)
    try:
        content = decompressor.decompress(data, max_bytes + 1)
    except zlib.error:
        raise InvalidError("The archive is not a .tar.gz file, or is damaged.") from None
    if len(content) > max_bytes:
        raise InvalidError(f"The archive unpacks to more than {max_bytes} bytes.")
    if not decompressor.eof:
        raise InvalidError("The archive is cut off.")
    if decompressor.unused_data:
        raise InvalidError("The archive has data after its end.")
    return content


def _member_path(member: Member) -> str:
    try:
        path = member.name.decode("utf-8")
    except UnicodeDecodeError:
        raise InvalidError("The archive has a name that is not UTF-8.") from None
    path = path.removeprefix("./")
    if member.is_folder:
        path = path.removesuffix("/")
        if path in ("", "."):
            return ""
    if wrong := name_problem(path):
        raise InvalidError(f"The archive has a bad name: {path!a} {wrong}.")
    return path


def _check_tree(files: Mapping[str, BundleFile], folders: set[str], limits: BundleLimits) -> None:
    if len(files) + len(folders) > limits.max_files:
        raise InvalidError(f"The archive has more than {limits.max_files} files and folders.")
    if sum(len(file.content) for file in files.values()) > limits.max_bytes:
        raise InvalidError(f"The files of the archive have more than {limits.max_bytes} bytes in all.")
    if problems := clashes(files, folders):
        raise InvalidError("The archive has names that clash.", problems)
