from __future__ import annotations

import json
import logging
import math
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from portal.sdk import Context, SecretNotGrantedError
from portal.sdk.channel import Channel
from portal.sdk.log_handler import ContextHandler


class Wire:
    """A context on a pipe, and what came through it."""

    def __init__(self, workdir: Path) -> None:
        self.read_end, self.write_end = os.pipe()
        self.context = Context(Channel(self.write_end), workdir=str(workdir), secrets={"token": "s3cret"})

    def frames(self) -> list[dict[str, Any]]:
        lines = os.read(self.read_end, 1 << 16).split(b"\n")
        return [json.loads(line) for line in lines if line]


@pytest.fixture
def wire(tmp_path: Path) -> Iterator[Wire]:
    wire = Wire(tmp_path)
    yield wire
    os.close(wire.read_end)
    os.close(wire.write_end)


def test_sdk_imports_nothing_but_the_standard_library() -> None:
    code = (
        "import sys; before = set(sys.modules); import portal.sdk, portal.sdk.log_handler; "
        "print(sorted({name.split('.')[0] for name in set(sys.modules) - before} - sys.stdlib_module_names))"
    )
    found = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=True,
        cwd=Path(__file__).parents[3],
    )
    assert found.stdout.strip() == "['portal']"


@pytest.mark.parametrize(
    ("percent", "sent"), [(50, 50), (-3, 0), (101.5, 100), (Decimal("12.5"), 12.5), (math.inf, 100)]
)
def test_progress_takes_any_number_and_moves_it_into_the_range(wire: Wire, percent: Any, sent: float) -> None:
    wire.context.progress(percent, "so far")
    assert wire.frames() == [{"type": "progress", "percent": sent, "message": "so far"}]


@pytest.mark.parametrize("percent", ["50", True, None, b"1", [1]])
def test_progress_refuses_what_is_no_number_and_says_what_to_pass(wire: Wire, percent: Any) -> None:
    with pytest.raises(TypeError, match="percent is a number from 0 to 100, not"):
        wire.context.progress(percent)


def test_progress_refuses_nan_and_a_message_that_is_no_text(wire: Wire) -> None:
    with pytest.raises(ValueError, match="NaN"):
        wire.context.progress(math.nan)
    wrong: Any = 3
    with pytest.raises(TypeError, match="message is a text, not int 3"):
        wire.context.progress(1, wrong)


def test_log_takes_anything_as_text_and_only_known_levels(wire: Wire) -> None:
    number: Any = 42
    wire.context.log(number)
    assert wire.frames() == [{"type": "log", "level": "info", "text": "42"}]
    with pytest.raises(ValueError, match="level is one of debug, info, warning, error, not 'fatal'"):
        wire.context.log("text", "fatal")


def test_long_log_is_sent_in_several_frames(wire: Wire) -> None:
    wire.context.log("x" * 20_000)
    assert [len(frame["text"]) for frame in wire.frames()] == [8_000, 8_000, 4_000]


def test_artifact_is_announced_relative_to_the_working_directory(wire: Wire, tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "a.csv").touch()
    wire.context.artifact(tmp_path / "out" / "a.csv")
    wire.context.artifact("out/../out/a.csv", "b.csv")
    assert wire.frames() == [
        {"type": "artifact", "path": "out/a.csv", "name": "a.csv"},
        {"type": "artifact", "path": "out/a.csv", "name": "b.csv"},
    ]
    wrong: Any = 1
    with pytest.raises(TypeError, match="name is a text"):
        wire.context.artifact("out/a.csv", wrong)


def test_secret_that_was_not_granted_says_how_to_get_it(wire: Wire) -> None:
    assert wire.context.secret("token") == "s3cret"
    with pytest.raises(SecretNotGrantedError) as refused:
        wire.context.secret("other")
    assert isinstance(refused.value, KeyError)
    assert str(refused.value).startswith("The secret 'other' was not given to this run. Name it under")


def test_workdir_is_a_path_and_nothing_is_cancelled_at_first(wire: Wire, tmp_path: Path) -> None:
    assert wire.context.workdir == tmp_path
    assert wire.context.cancelled is False


@pytest.mark.parametrize(
    ("level", "sent"),
    [(10, "debug"), (logging.INFO, "info"), (30, "warning"), (40, "error"), (50, "error")],
)
def test_logging_records_keep_their_level(wire: Wire, level: int, sent: str) -> None:
    record = logging.LogRecord("name", level, "file.py", 1, "text %s", ("here",), None)
    ContextHandler(wire.context).emit(record)
    assert wire.frames() == [{"type": "log", "level": sent, "text": "text here"}]


def test_frame_after_a_torn_one_starts_on_its_own_line(wire: Wire, monkeypatch: pytest.MonkeyPatch) -> None:
    real_write = os.write

    def torn(fd: int, data: bytes) -> int:
        real_write(fd, data[:5])
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "write", torn)
    with pytest.raises(KeyboardInterrupt):
        wire.context.log("torn")
    monkeypatch.setattr(os, "write", real_write)
    wire.context.log("whole")
    last = os.read(wire.read_end, 1000).split(b"\n")[-2]
    assert json.loads(last)["text"] == "whole"


def test_threads_do_not_mix_their_frames(wire: Wire) -> None:
    def write() -> None:
        for _ in range(50):
            wire.context.log("x" * 50)

    threads = [threading.Thread(target=write) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(wire.frames()) == 400


def test_portal_that_is_gone_does_not_end_the_item(tmp_path: Path) -> None:
    wire = Wire(tmp_path)
    os.close(wire.read_end)
    wire.context.log("into the void")
    os.close(wire.write_end)
