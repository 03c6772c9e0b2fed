"""Log lines: one event a line, for people or for machines, with what they belong to."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from typing import Any

import pytest

from portal import logs

log = logging.getLogger("portal.somewhere")


@pytest.fixture(autouse=True)
def _as_it_was() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:], root.level = handlers, level
    for name in ("arq", "uvicorn.access", "uvicorn.error", "alembic"):
        logging.getLogger(name).setLevel(logging.NOTSET)


def written(capsys: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    captured = capsys.readouterr()
    assert captured.out == ""
    return [json.loads(line) for line in captured.err.splitlines()]


def test_json_line_has_event_level_logger_time_and_all_facts(capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure_logs("INFO", "json")
    log.info("job ended", extra={"state": "FAILED"})
    [line] = written(capsys)
    assert (line["event"], line["level"], line["logger"]) == ("job ended", "info", "portal.somewhere")
    assert line["state"] == "FAILED"
    assert line["timestamp"].endswith("Z")


def test_line_carries_what_it_was_written_within(capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure_logs("INFO", "json")
    with logs.bound(request_id="r-1"):
        log.info("inside")
    log.info("outside")
    inside, outside = written(capsys)
    assert inside["request_id"] == "r-1"
    assert "request_id" not in outside


def test_exception_of_several_lines_is_still_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure_logs("INFO", "json")
    try:
        raise ValueError("first\nsecond")
    except ValueError:
        log.exception("failed")
    [line] = written(capsys)
    assert "ValueError: first\nsecond" in line["exception"]


@pytest.mark.parametrize(("level", "count"), [("DEBUG", 4), ("INFO", 3), ("WARNING", 2), ("ERROR", 1)])
def test_only_lines_of_the_level_and_above_are_written(
    level: str, count: int, capsys: pytest.CaptureFixture[str]
) -> None:
    logs.configure_logs(level, "json")
    for number in (logging.DEBUG, logging.INFO, logging.WARNING, logging.ERROR):
        log.log(number, "x")
    assert len(written(capsys)) == count


def test_console_line_is_text_without_colours_when_nobody_watches(capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure_logs("INFO", "console")
    log.info("portal ready", extra={"port": 8000})
    line = capsys.readouterr().err
    assert "portal ready" in line
    assert "port=8000" in line
    assert "\x1b" not in line


def test_what_somebody_sends_can_not_forge_a_line(capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure_logs("INFO", "json")
    log.info("request", extra={"path": '/x\n{"event": "forged"}'})
    assert len(written(capsys)) == 1


def test_what_somebody_sends_can_not_forge_a_line_on_the_console(capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure_logs("INFO", "console")
    log.info("request", extra={"path": "/x\n2026-01-01 [info] forged"})
    assert capsys.readouterr().err.count("\n") == 1
