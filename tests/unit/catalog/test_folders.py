from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from portal.catalog.bundles import BundleFile, BundleLimits, read_folder
from portal.errors import InvalidError


def write(folder: Path, *paths: str) -> Path:
    for path in paths:
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(path)
    return folder


def test_folder_gives_its_files_with_their_executable_bits(tmp_path: Path) -> None:
    write(tmp_path, "manifest.yaml", "bin/run", "tests/test_run.py")
    (tmp_path / "bin/run").chmod(0o755)

    assert read_folder(tmp_path) == {
        "manifest.yaml": BundleFile(b"manifest.yaml"),
        "bin/run": BundleFile(b"bin/run", executable=True),
        "tests/test_run.py": BundleFile(b"tests/test_run.py"),
    }


def test_caches_and_version_control_stay_out(tmp_path: Path) -> None:
    write(
        tmp_path, "main.py", ".git/config", "a/__pycache__/x.txt", "x.pyc", "a/.DS_Store", ".venv/bin/python"
    )
    (tmp_path / "node_modules").symlink_to("/")

    assert set(read_folder(tmp_path)) == {"main.py"}


@pytest.mark.parametrize(
    ("patterns", "expected"),
    [
        ("*.csv", {"a.txt", "data/b.txt", "data/out/c.txt"}),
        ("data/", {"a.csv", "a.txt"}),
        ("a.csv/\n# comment\n\n", {"a.csv", "a.txt", "data/b.txt", "data/b.csv", "data/out/c.txt"}),
        ("/a.*", {"data/b.txt", "data/b.csv", "data/out/c.txt"}),
        ("data/out", {"a.csv", "a.txt", "data/b.txt", "data/b.csv"}),
        ("*.csv\n!a.csv", {"a.csv", "a.txt", "data/b.txt", "data/out/c.txt"}),
    ],
)
def test_portalignore_leaves_files_out(tmp_path: Path, patterns: str, expected: set[str]) -> None:
    write(tmp_path, "a.csv", "a.txt", "data/b.txt", "data/b.csv", "data/out/c.txt")
    (tmp_path / ".portalignore").write_text(patterns)

    assert set(read_folder(tmp_path)) == expected | {".portalignore"}


def spoil_with_link(folder: Path) -> None:
    (folder / "bad").symlink_to("/etc/passwd")


def spoil_with_folder_link(folder: Path) -> None:
    (folder / "bad").symlink_to("/etc")


def spoil_with_pipe(folder: Path) -> None:
    os.mkfifo(folder / "bad")


def spoil_with_large_file(folder: Path) -> None:
    (folder / "bad").write_bytes(b"x" * 101)


def spoil_with_case(folder: Path) -> None:
    write(folder, "Bad", "bad")


def spoil_with_control_character(folder: Path) -> None:
    (folder / "bad\n").write_text("")


def spoil_with_broken_name(folder: Path) -> None:
    with open(os.fsencode(folder) + b"/bad\xff", "wb"):
        pass


def spoil_with_depth(folder: Path) -> None:
    write(folder, "bad/" + "/".join("abcdefghijkl") + "/x")


@pytest.mark.parametrize(
    ("spoil", "part"),
    [
        (spoil_with_link, "symbolic link"),
        (spoil_with_folder_link, "symbolic link"),
        (spoil_with_pipe, "neither a file nor a folder"),
        (spoil_with_large_file, "larger than 100 bytes"),
        (spoil_with_case, "cannot be told from 'Bad'"),
        (spoil_with_control_character, "control or invisible"),
        (spoil_with_broken_name, "must be UTF-8"),
        (spoil_with_depth, "too deep"),
    ],
)
def test_folder_with_something_unfit_is_refused(
    tmp_path: Path, spoil: Callable[[Path], None], part: str
) -> None:
    write(tmp_path, "manifest.yaml")
    spoil(tmp_path)

    with pytest.raises(InvalidError) as caught:
        read_folder(tmp_path, limits=BundleLimits(max_file_bytes=100))

    assert len(caught.value.problems) == 1
    assert "bad" in caught.value.problems[0].path
    assert part in caught.value.problems[0].message


@pytest.mark.parametrize(
    ("limits", "part"),
    [
        (BundleLimits(max_files=2), "has more than 2 files"),
        (BundleLimits(max_bytes=2), "has more than 2 bytes in all"),
    ],
)
def test_folder_over_a_limit_is_refused(tmp_path: Path, limits: BundleLimits, part: str) -> None:
    write(tmp_path, "a", "b", "c")

    with pytest.raises(InvalidError) as caught:
        read_folder(tmp_path, limits=limits)

    assert part in caught.value.problems[0].message


def test_every_problem_of_a_folder_is_reported(tmp_path: Path) -> None:
    (tmp_path / "one").symlink_to("/")
    os.mkfifo(tmp_path / "two")

    with pytest.raises(InvalidError) as caught:
        read_folder(tmp_path)

    assert [problem.path for problem in caught.value.problems] == ["one", "two"]
