"""What the user can mend is one sentence and exit status 1, never a traceback."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.support.portal_process import free_port, run_portal


def refusal(folder: Path, *arguments: str, **variables: str) -> str:
    """Return the one sentence that the command refuses with."""
    run = run_portal(folder, *arguments, **variables)
    assert run.returncode == 1, run
    assert run.stdout == ""
    assert run.stderr.startswith("portal: "), run.stderr
    assert run.stderr.count("\n") == 1, run.stderr
    return run.stderr.removeprefix("portal: ").rstrip()


def test_file_in_place_of_the_data_folder(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    text = refusal(tmp_path, "up", "--port", str(free_port()), "--data-dir", str(tmp_path / "file"))
    assert text.startswith(f"The data folder {tmp_path / 'file'} can't be written: ")
    assert "PORTAL_DATA_DIR" in text


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_data_folder_without_the_right_to_write(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    folder.mkdir(mode=0o500)
    text = refusal(tmp_path, "up", "--port", str(free_port()), "--data-dir", str(folder))
    assert "permission denied" in text


@pytest.mark.parametrize("command", ["up", "api", "worker", "sign-in-link"])
def test_short_admin_token(command: str, tmp_path: Path) -> None:
    text = refusal(tmp_path, command, PORTAL_ADMIN_TOKEN="short")
    assert text == "PORTAL_ADMIN_TOKEN must have at least 16 characters."


@pytest.mark.parametrize(
    ("command", "name", "value"),
    [
        ("up", "PORTAL_PORT", "eighty"),
        *((command, "PORTAL_BUNDLE_MAX_FILES", "many") for command in ("up", "api", "worker")),
        *((command, "PORTAL_REDIS_URL", "nonsense") for command in ("up", "api", "worker")),
        *((command, "PORTAL_DATABASE_URL", "mysql://host/db") for command in ("up", "api")),
        *((command, "PORTAL_STORAGE_URL", "ftp://host") for command in ("up", "worker")),
    ],
)
def test_wrong_variable_is_named(command: str, name: str, value: str, tmp_path: Path) -> None:
    variables = {"PORTAL_PORT": str(free_port()), name: value}
    assert name in refusal(tmp_path, command, **variables)


def test_option_out_of_range_is_named(tmp_path: Path) -> None:
    assert "PORTAL_PORT" in refusal(tmp_path, "up", "--port", "70000")


@pytest.mark.parametrize("arguments", [[], ["up"], ["api"], ["worker"], ["sign-in-link"], ["openapi"]])
def test_help_is_there_for_every_command(arguments: list[str], tmp_path: Path) -> None:
    run = run_portal(tmp_path, *arguments, "--help")
    assert (run.returncode, run.stderr) == (0, "")
    assert run.stdout.startswith("Usage: portal")


def test_unknown_command_is_refused(tmp_path: Path) -> None:
    run = run_portal(tmp_path, "fly")
    assert run.returncode == 2
    assert "No such command 'fly'" in run.stderr
