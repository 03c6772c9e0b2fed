from __future__ import annotations

import gzip
import hashlib
import io
import stat
import tarfile
from pathlib import Path

import pytest

from portal.catalog.bundles import (
    BundleFile,
    BundleLimits,
    pack,
    read_archive,
    read_folder,
    tree_digest,
    unpack,
)
from portal.errors import ConflictError, InvalidError

FILES = {
    "manifest.yaml": BundleFile(b"id: a\n"),
    "bin/run": BundleFile(b"#!/bin/sh\n", executable=True),
    "daten/größe.txt": BundleFile("ü".encode()),
    f"{'long' * 20}/{'name' * 20}.txt": BundleFile(b""),
}


def archive_of(*members: tuple[tarfile.TarInfo, bytes], tar_format: int = tarfile.PAX_FORMAT) -> bytes:
    target = io.BytesIO()
    with tarfile.open(fileobj=target, mode="w:gz", format=tar_format) as archive:
        for info, content in members:
            archive.addfile(info, io.BytesIO(content))
    return target.getvalue()


def member(name: str, content: bytes = b"x", **fields: object) -> tuple[tarfile.TarInfo, bytes]:
    info = tarfile.TarInfo(name)
    info.size = len(content)
    for field, value in fields.items():
        setattr(info, field, value)
    return info, content


def test_digest_is_the_documented_one() -> None:
    encoding = (
        b"portal-tree-1\n"
        b"Z\0-\0001\0006b86b273ff34fce19d6b804eff5a3f5747ada4eaa22f1d49c01e52ddb7875b4b\n"
        b"a/b\0x\0000\000e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855\n"
    )

    digest = tree_digest({"a/b": BundleFile(b"", executable=True), "Z": BundleFile(b"1")})

    assert digest == f"sha256:{hashlib.sha256(encoding).hexdigest()}"


def test_digest_depends_on_path_content_and_executable_bit_only() -> None:
    digest = tree_digest({"a": BundleFile(b"1"), "b": BundleFile(b"2")})

    assert tree_digest({"b": BundleFile(b"2"), "a": BundleFile(b"1")}) == digest
    assert tree_digest({"a": BundleFile(b"1"), "c": BundleFile(b"2")}) != digest
    assert tree_digest({"a": BundleFile(b"1"), "b": BundleFile(b"3")}) != digest
    assert tree_digest({"a": BundleFile(b"1"), "b": BundleFile(b"2", executable=True)}) != digest


def test_packing_is_reproducible_and_unpacking_its_inverse() -> None:
    archive = pack(FILES)

    assert pack(dict(reversed(FILES.items()))) == archive
    assert read_archive(archive) == FILES
    assert tree_digest(read_archive(archive)) == tree_digest(FILES)


def test_packed_bundle_is_an_ordinary_archive_without_times_and_owners() -> None:
    with tarfile.open(fileobj=io.BytesIO(pack(FILES))) as archive:
        members = archive.getmembers()

    assert [each.name for each in members] == sorted(FILES, key=str.encode)
    assert {(each.mtime, each.uid, each.gid, each.uname) for each in members} == {(0, 0, 0, "")}


def test_unpacked_files_are_read_only(tmp_path: Path) -> None:
    target = tmp_path / "cache" / "bundle"

    unpack(pack(FILES), target)

    assert (target / "daten/größe.txt").read_text() == "ü"
    assert stat.S_IMODE((target / "manifest.yaml").stat().st_mode) == 0o444
    assert stat.S_IMODE((target / "bin/run").stat().st_mode) == 0o555
    assert stat.S_IMODE((target / "bin").stat().st_mode) == 0o755
    assert stat.S_IMODE(target.stat().st_mode) == 0o755
    assert list(target.parent.iterdir()) == [target]
    assert read_folder(target) == FILES


def test_archive_in_a_file_is_unpacked_too(tmp_path: Path) -> None:
    (tmp_path / "a.tar.gz").write_bytes(pack(FILES))

    unpack(tmp_path / "a.tar.gz", tmp_path / "target")

    assert (tmp_path / "target/manifest.yaml").is_file()


def test_existing_target_is_never_touched(tmp_path: Path) -> None:
    (tmp_path / "target").mkdir()

    with pytest.raises(ConflictError):
        unpack(pack(FILES), tmp_path / "target")

    assert list((tmp_path / "target").iterdir()) == []


@pytest.mark.parametrize("tar_format", [tarfile.PAX_FORMAT, tarfile.GNU_FORMAT, tarfile.USTAR_FORMAT])
def test_archives_of_other_programs_are_read(tar_format: int) -> None:
    long = f"{'a' * 90}/{'b' * 90}"
    archive = archive_of(
        member("./", b"", type=tarfile.DIRTYPE),
        member("./sub/", b"", type=tarfile.DIRTYPE),
        member("./sub/file", b"1", mode=0o700, mtime=1.5 if tar_format == tarfile.PAX_FORMAT else 1),
        member(long, b"2"),
        tar_format=tar_format,
    )

    assert read_archive(archive) == {"sub/file": BundleFile(b"1", True), long: BundleFile(b"2")}


@pytest.mark.parametrize(
    "name",
    [
        "/etc/passwd",
        "../outside",
        "a/../../outside",
        "a/./b",
        "a//b",
        "..",
        "a\\..\\b",
        "C:/x",
        "c:x",
        "a\nb",
        "a\x7fb",
        "a\u202eb",
        "e\u0301",
        "a/" * 12 + "b",
        "x" * 101,
        "/".join(["y" * 90] * 3),
        "././a",
        "a/",
    ],
)
def test_hostile_name_in_an_archive_is_refused(name: str, tmp_path: Path) -> None:
    with pytest.raises(InvalidError, match="bad name"):
        unpack(archive_of(member(name)), tmp_path / "target")

    assert list(tmp_path.iterdir()) == []


LINK = {"linkname": "/etc/passwd"}


@pytest.mark.parametrize(
    ("members", "part"),
    [
        ([member("a", b"", type=tarfile.SYMTYPE, **LINK)], "a symbolic link"),
        ([member("a", b"", type=tarfile.LNKTYPE, **LINK)], "a hard link"),
        ([member("a", b"", type=tarfile.CHRTYPE)], "a device"),
        ([member("a", b"", type=tarfile.BLKTYPE)], "a device"),
        ([member("a", b"", type=tarfile.FIFOTYPE)], "a pipe"),
        ([member("a", b"", type=tarfile.CONTTYPE)], "a contiguous file"),
        ([member("a", b"", type=b"Z")], "an unknown kind"),
        ([member("a"), member("a")], "'a' twice"),
        ([member("a"), member("./a")], "'a' twice"),
        ([member("a"), member("A")], "names that clash"),
        ([member("a"), member("a/b")], "names that clash"),
        ([member("a", b"", type=tarfile.DIRTYPE), member("a")], "names that clash"),
        ([member("ﬁ"), member("fi")], "names that clash"),
        ([member("a", pax_headers={"size": "5"})], "header with 'size'"),
        ([member("a", pax_headers={"linkpath": "x"})], "header with 'linkpath'"),
        ([member("a", pax_headers={"GNU.sparse.major": "1"})], "GNU.sparse"),
        ([member("a", pax_headers={"comment": "x" * 20_000})], "too long"),
        ([member(str(number), b"") for number in range(5)], "more than 4 files"),
        ([member(f"d{number}", b"", type=tarfile.DIRTYPE) for number in range(5)], "more than 4 files"),
        ([member("a", b"x" * 101)], "a file larger than 100 bytes"),
        ([member("a", b"x" * 80), member("b", b"x" * 80)], "more than 150 bytes in all"),
        ([member("a", b"x" * 100_000)], "unpacks to more than"),
    ],
)  # fmt: skip
def test_hostile_archive_is_refused_and_leaves_nothing(
    members: list[tuple[tarfile.TarInfo, bytes]], part: str, tmp_path: Path
) -> None:
    limits = BundleLimits(max_files=4, max_bytes=150, max_file_bytes=100)

    with pytest.raises(InvalidError, match=part):
        unpack(archive_of(*members), tmp_path / "target", limits=limits)

    assert list(tmp_path.iterdir()) == []


def header(**changes: bytes) -> bytes:
    """Return a tar header for the empty file `a`, with fields replaced and the checksum made right."""
    offsets = {"name": 0, "size": 124, "type": 156, "magic": 257}
    block = bytearray(tarfile.TarInfo("a").tobuf(tarfile.USTAR_FORMAT))
    for field, value in changes.items():
        block[offsets[field] : offsets[field] + len(value)] = value
    block[148:156] = b" " * 8
    block[148:156] = b"%06o\0 " % sum(block)
    return bytes(block)


END = bytes(1024)


@pytest.mark.parametrize(
    "tar",
    [
        b"",
        b"not a tar archive",
        header(),
        header() + bytes(100),
        header()[:-1] + b"x" + END,
        header(magic=b"xxxxx") + END,
        header(size=b"-0000000001\0") + END,
        header(size=b"\x80" + bytes(10) + b"\x01") + END,
        header(size=b"zzzzzzzzzzz\0") + END,
        header(size=b"00000000010\0") + b"short",
        header(type=b"5", size=b"00000000010\0") + bytes(512) + END,
        header(type=b"x", size=b"00000000010\0") + b"99 path=".ljust(512, b"\0") + END,
        header(type=b"x", size=b"00000000010\0") + b"-1 path=".ljust(512, b"\0") + END,
        header(type=b"g", size=b"00000000010\0") + b"8 path=\n".ljust(512, b"\0") + END,
        header(type=b"L", size=b"77777777777\0") + END,
        header(name=b"\xff") + END,
        header() + END + header(),
    ],
)
def test_damaged_tar_data_is_refused(tar: bytes) -> None:
    with pytest.raises(InvalidError):
        read_archive(gzip.compress(tar))


@pytest.mark.parametrize(
    "archive",
    [
        b"",
        b"PK\x03\x04",
        gzip.decompress(pack(FILES)),
        pack(FILES)[:-9],
        pack(FILES)[:-8] + b"\0" * 8,
        pack(FILES) + b"more",
        pack(FILES) + pack(FILES),
    ],
)
def test_damaged_gzip_data_is_refused(archive: bytes) -> None:
    with pytest.raises(InvalidError):
        read_archive(archive)
