"""scripts/check-tools: one sentence about what is missing or too old, from any shell."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

SCRIPT = Path(__file__).parents[3] / "scripts" / "check-tools"
SYSTEM = "/usr/bin:/bin"

Fake = Callable[[str, str], None]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "bin"
    folder.mkdir()
    for name in ("bash", "env", "printf"):
        for place in SYSTEM.split(":"):
            if (Path(place) / name).exists() and not (folder / name).exists():
                (folder / name).symlink_to(Path(place) / name)
    return folder


@pytest.fixture
def fake(folder: Path) -> Fake:
    """Return a function that puts a made-up program on the path."""

    def make(name: str, text: str) -> None:
        (folder / name).write_text(f"#!/bin/sh\n{text}\n")
        (folder / name).chmod(0o755)

    return make


def check(what: str, folder: Path, **variables: str) -> tuple[int, str]:
    run = subprocess.run(
        [str(SCRIPT), what], env={"PATH": str(folder), **variables}, capture_output=True, text=True
    )
    assert run.stdout == ""
    return run.returncode, run.stderr


def sentence(outcome: tuple[int, str]) -> str:
    status, text = outcome
    assert status == 1
    assert text.startswith("portal: ")
    assert text.count("\n") == 1
    return text


def test_this_python_will_do(folder: Path) -> None:
    assert check("python", folder, PYTHON=sys.executable) == (0, "")


def test_missing_python_is_named(folder: Path) -> None:
    text = sentence(check("python", folder))
    assert "Python 3.11 or newer is needed, and there is no python3" in text
    assert "make PYTHON=" in text


def test_too_old_python_is_named_with_its_version(folder: Path, fake: Fake) -> None:
    # The first question is whether the version will do, the second what it is.
    fake("python3", 'case "$2" in *version_info*) exit 1;; *) echo 3.9.18;; esac')
    assert "Python 3.11 or newer is needed; python3 is 3.9.18." in sentence(check("python", folder))


def test_python_that_makes_no_environments_is_said_to_need_its_package(folder: Path, fake: Fake) -> None:
    fake("python3", 'case "$2" in *ensurepip*) exit 1;; *) exit 0;; esac')
    assert "python3-venv" in sentence(check("python", folder))


def test_missing_node_is_named(folder: Path) -> None:
    assert "Node.js 20.19 or newer is needed, and there is none" in sentence(check("node", folder))


@pytest.mark.parametrize(
    ("version", "good"),
    [("18.20.4", False), ("20.18.9", False), ("20.19.0", True), ("22.0.0", True), ("9.99.0", False)],
)
def test_node_is_judged_by_its_version(version: str, good: bool, folder: Path, fake: Fake) -> None:
    real = shutil.which("node")
    assert real is not None, "the web app's tests need it anyway"
    # The real one, that takes itself for another.
    change = f"Object.defineProperty(process, 'versions', {{value: {{node: '{version}'}}}});"
    fake("node", f'[ "$1" = --version ] && echo v{version} || exec {real} -e "{change} $2"')
    fake("npm", "exit 0")
    outcome = check("node", folder)
    if good:
        assert outcome == (0, "")
    else:
        assert f"this one is v{version}" in sentence(outcome)


def test_missing_npm_is_named(folder: Path, fake: Fake) -> None:
    fake("node", "exit 0")
    assert "npm is needed" in sentence(check("node", folder))
