from __future__ import annotations

import os
import unicodedata
from pathlib import Path

import pytest

from portal.sandbox.artifacts import collect
from portal.sandbox.file_names import clean_name, unique_name
from portal.sandbox.limits import Limits
from portal.sandbox.run import Declared

from .harness import Bench

LIMITS = Limits()


def refusal(workdir: Path, path: str) -> str:
    with collect(workdir, [Declared(path, "name")], LIMITS) as collected:
        assert collected.files == ()
        (sentence,) = collected.refusals
        return sentence


def test_regular_files_are_opened_with_their_size_and_a_safe_name(tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "a.csv").write_bytes(b"1,2\n")
    announced = [
        Declared("out/a.csv", "../../etc/a.csv"),
        Declared(f"{tmp_path}/./out/a.csv", "A.csv"),
    ]
    with collect(tmp_path, announced, LIMITS) as collected:
        assert collected.refusals == ()
        assert [(file.name, file.size) for file in collected.files] == [("a.csv", 4), ("A (2).csv", 4)]
        assert collected.files[0].file.read() == b"1,2\n"
    assert all(file.file.closed for file in collected.files)


@pytest.mark.parametrize("path", ["../secret", "out/../../secret", "/etc/passwd", "", ".", "/", "a\0b"])
def test_paths_that_leave_the_working_directory_are_refused(tmp_path: Path, path: str) -> None:
    workdir = tmp_path / "work"
    workdir.mkdir()
    (tmp_path / "secret").write_text("x")
    assert "is not kept" in refusal(workdir, path)


def test_links_are_never_followed(tmp_path: Path) -> None:
    workdir = tmp_path / "work"
    workdir.mkdir()
    secret = tmp_path / "folder" / "secret"
    secret.parent.mkdir()
    secret.write_text("x")
    (workdir / "link").symlink_to(secret)
    (workdir / "inner").write_text("x")
    (workdir / "inside").symlink_to("inner")
    (workdir / "dangling").symlink_to("nowhere")
    (workdir / "folder").symlink_to(secret.parent)
    for path in ("link", "inside", "dangling", "folder/secret"):
        assert "symbolic link" in refusal(workdir, path)


def test_hard_links_are_refused(tmp_path: Path) -> None:
    workdir = tmp_path / "work"
    workdir.mkdir()
    (tmp_path / "secret").write_text("x")
    (workdir / "hard").hardlink_to(tmp_path / "secret")
    assert "hard link" in refusal(workdir, "hard")


def test_what_is_no_regular_file_is_refused_without_waiting_for_it(tmp_path: Path) -> None:
    import socket

    (tmp_path / "folder").mkdir()
    os.mkfifo(tmp_path / "fifo")
    with socket.socket(socket.AF_UNIX) as listening:
        previous = Path.cwd()
        os.chdir(tmp_path)  # the path of a socket must be short
        try:
            listening.bind("socket")
        finally:
            os.chdir(previous)
        for name in ("folder", "fifo", "socket"):
            assert "not a regular file" in refusal(tmp_path, name)
    assert "cannot be opened" in refusal(tmp_path, "missing")
    assert "cannot be opened" in refusal(tmp_path, "x" * 5_000)


def test_count_and_size_are_limited_and_what_fits_is_kept(tmp_path: Path) -> None:
    for name, size in (("a", 60), ("b", 50), ("c", 40), ("d", 0)):
        (tmp_path / name).write_bytes(bytes(size))
    limits = Limits(artifact_count=2, artifact_bytes=100)
    with collect(tmp_path, [Declared(name, name) for name in "abcd"], limits) as collected:
        assert [file.name for file in collected.files] == ["a", "c"]
        assert len(collected.refusals) == 2
        assert "more behind than it may" in collected.refusals[0]
        assert "2 files" in collected.refusals[1]


@pytest.mark.parametrize(
    ("name", "cleaned"),
    [
        ("report.csv", "report.csv"),
        ("a/b\\c.txt", "c.txt"),
        ("folder/", "folder"),
        ("..", "file"),
        (".bashrc", "bashrc"),
        ("", "file"),
        ("   ", "file"),
        ("a\nb\x00c\u202e.csv", "abc.csv"),
        ("what?.csv", "what_.csv"),
        ("con", "_con"),
        ("Nul.txt", "_Nul.txt"),
        ("end. ", "end"),
        ("u\u0308.csv", unicodedata.normalize("NFC", "ü.csv")),
        ("x" * 300 + ".csv", "x" * 116 + ".csv"),
    ],
)
def test_names_become_one_safe_component(name: str, cleaned: str) -> None:
    assert clean_name(name) == cleaned


@pytest.mark.parametrize(
    "name", ["語" * 300 + ".csv", "\U0001f600" * 200, "a." + "語" * 100, "é" * 119 + ".x"]
)
def test_long_names_fit_every_file_system(name: str) -> None:
    taken: set[str] = set()
    for _ in range(3):
        unique = unique_name(clean_name(name), taken)
        assert 0 < len(unique) <= 120
        assert len(unique.encode()) <= 200


def test_same_names_get_numbers_whatever_their_case() -> None:
    taken: set[str] = set()
    names = [unique_name(name, taken) for name in ("a.csv", "A.CSV", "a.csv", "a", "a")]
    assert names == ["a.csv", "A (2).CSV", "a (3).csv", "a", "a (2)"]


async def test_files_announced_by_an_item_can_be_collected(bench: Bench) -> None:
    outcome = await bench.run(
        """
        import os
        from pathlib import Path
        def run(inputs, ctx):
            Path("out").mkdir()
            Path("out/a.txt").write_text("early")
            ctx.artifact("out/a.txt")
            ctx.artifact(ctx.workdir / "out" / "a.txt", name="named.txt")
            Path("out/a.txt").write_text("final")
            os.symlink("out/a.txt", "link.txt")
            ctx.artifact("link.txt", "named.txt")
            Path(os.fsdecode(b"odd-\\xff")).write_text("odd")
            ctx.artifact(os.fsdecode(b"odd-\\xff"))
        """
    )
    assert outcome.state == "succeeded", outcome.error
    with collect(bench.workdir, outcome.artifacts, LIMITS) as collected:
        assert collected.refusals == ()
        assert [(file.name, file.file.read()) for file in collected.files] == [
            ("named.txt", b"final"),
            ("odd-", b"odd"),
        ]


@pytest.mark.parametrize(
    ("path", "message"),
    [
        ("'/etc/passwd'", "ValueError: ctx.artifact('/etc/passwd'): the file is outside"),
        ("'missing'", "FileNotFoundError: ctx.artifact('missing'): there is no such file"),
        ("'.tmp'", "ValueError: ctx.artifact('.tmp'): this is not a file"),
        ("3", "TypeError: ctx.artifact(path): path is a text or a Path, not int 3."),
    ],
)
async def test_author_is_told_why_a_file_cannot_be_kept(bench: Bench, path: str, message: str) -> None:
    outcome = await bench.run(f"def run(inputs, ctx):\n    ctx.artifact({path})")
    assert outcome.error is not None
    assert outcome.error.message.startswith(message)
