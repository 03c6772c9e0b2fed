"""A strict reader of tar data: regular files and folders, nothing else.

The standard library's `tarfile` follows links, guesses and has looped on crafted headers, so untrusted
archives never reach it. This one knows what `pack`, GNU tar, bsdtar and `git archive` write for plain files,
and refuses the rest.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from portal.errors import InvalidError

BLOCK_BYTES = 512
MAX_EXTENDED_BYTES = 16 * 1024

_OCTAL = re.compile(rb"[0-7]{1,12}")
_REFUSED_KINDS = {
    b"1": "a hard link",
    b"2": "a symbolic link",
    b"3": "a device",
    b"4": "a device",
    b"6": "a pipe",
    b"7": "a contiguous file",
    b"S": "a sparse file",
}
_PAX_KEYS = {b"path", b"mtime", b"atime", b"ctime", b"uid", b"gid", b"uname", b"gname", b"comment"}


@dataclass(frozen=True)
class Member:
    """One file or folder of an archive, its name not checked yet."""

    name: bytes
    is_folder: bool
    executable: bool
    content: bytes


def read_members(tar: bytes, *, max_members: int, max_file_bytes: int) -> Iterator[Member]:
    """Yield the members of uncompressed tar data in their order; raise `InvalidError` on anything unusual."""
    position = headers = 0
    pax_name = long_name = None
    while (header := tar[position : position + BLOCK_BYTES]) != bytes(BLOCK_BYTES):
        headers += 1
        if headers > 3 * max_members:
            raise InvalidError(f"The archive has more than {max_members} files and folders.")
        size = _check_header(header)
        kind = header[156:157]
        _check_kind(kind, size, max_file_bytes)
        body = tar[position + BLOCK_BYTES : position + BLOCK_BYTES + size]
        if len(body) != size:
            raise InvalidError("The archive is cut off.")
        position += BLOCK_BYTES + -(-size // BLOCK_BYTES) * BLOCK_BYTES
        if kind == b"g":
            _check_global(body)
        elif kind == b"x":
            pax_name = _pax_records(body).get(b"path", pax_name)
        elif kind == b"L":
            long_name = body.rstrip(b"\0")
        else:
            if pax_name and long_name:
                raise InvalidError("The archive names a file twice.")
            name = pax_name or long_name or _short_name(header)
            pax_name = long_name = None
            yield Member(name, kind == b"5", bool(_number(header[100:108], "mode") & 0o100), body)
    if tar[position:].strip(b"\0"):
        raise InvalidError("The archive has data after its end.")


def _check_header(header: bytes) -> int:
    """Check a header's marks and return the member's size in bytes."""
    if len(header) < BLOCK_BYTES:
        raise InvalidError("The archive is cut off.")
    checksum = sum(header[:148]) + 8 * ord(" ") + sum(header[156:])
    if header[257:262] != b"ustar" or _number(header[148:156], "checksum") != checksum:
        raise InvalidError("The archive is not a tar archive, or is damaged.")
    return _number(header[124:136], "size")


def _check_kind(kind: bytes, size: int, max_file_bytes: int) -> None:
    if kind in (b"x", b"g", b"L"):
        if size > MAX_EXTENDED_BYTES:
            raise InvalidError("The archive has a header that is too long.")
    elif kind in (b"0", b"\0"):
        if size > max_file_bytes:
            raise InvalidError(f"The archive has a file larger than {max_file_bytes} bytes.")
    elif kind != b"5":
        found = _REFUSED_KINDS.get(kind, "an entry of an unknown kind")
        raise InvalidError(f"The archive has {found}; only files and folders are accepted.")
    elif size:
        raise InvalidError("The archive has a folder with content.")


def _number(text: bytes, what: str) -> int:
    digits = text.strip(b"\0 ")
    if not digits:
        return 0
    if not _OCTAL.fullmatch(digits):
        raise InvalidError(f"The archive has a header with an invalid {what}.")
    return int(digits, 8)


def _short_name(header: bytes) -> bytes:
    name = header[:100].split(b"\0")[0]
    # GNU tar writes "ustar  " and keeps other things where POSIX keeps the first part of the path.
    prefix = header[345:500].split(b"\0")[0] if header[257:263] == b"ustar\0" else b""
    return prefix + b"/" + name if prefix else name


def _check_global(body: bytes) -> None:
    """Accept the one global header in use: `git archive` notes the commit in it."""
    if set(_pax_records(body)) - {b"comment"}:
        raise InvalidError("The archive has a global header.")


def _pax_records(body: bytes) -> dict[bytes, bytes]:
    """Return the records of a pax header, `<length> <key>=<value>\n` each."""
    records: dict[bytes, bytes] = {}
    while body:
        length_text, space, _ = body[:8].partition(b" ")
        length = int(length_text) if space and length_text.isdigit() else 0
        record = body[len(length_text) + 1 : length]
        key, equals, value = record[:-1].partition(b"=")
        if not record.endswith(b"\n") or not equals or len(body) < length or key in records:
            raise InvalidError("The archive has a damaged header.")
        if key not in _PAX_KEYS:
            raise InvalidError(f"The archive has a header with {key.decode('latin-1')!a}.")
        records[key] = value
        body = body[length:]
    return records
