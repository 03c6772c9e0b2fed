"""Reads the lines that an item writes to its channel. Nothing in them is believed unchecked."""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from typing import NoReturn, TypeAlias

from portal.sandbox.run import Declared, JsonValue, RunError
from portal.sandbox.text import clean_line, clean_text

MAX_FRAME = 64 * 1024
_RESULT_SLACK = 4096
_MAX_MESSAGE = 1_000
_MAX_TRACEBACK = 16_000
_MAX_PATH = 4_096
_MAX_DEPTH = 64
_LEVELS = frozenset({"debug", "info", "warning", "error"})
# What an item may say of itself; `timeout` or `setup` are for the trusted side to say.
_KINDS = frozenset({"item_error", "import_error", "invalid_result", "out_of_memory", "disk_limit", "killed"})


class BadFrameError(Exception):
    """The line is no frame."""


@dataclass(frozen=True)
class Progress:
    """How far the run is: 0 to 100, and a clean text."""

    percent: float
    message: str


@dataclass(frozen=True)
class LogText:
    """Text for the log, not cleaned yet, perhaps of several lines."""

    level: str
    text: str


@dataclass(frozen=True)
class Result:
    """The item's result."""

    value: JsonValue


Frame: TypeAlias = Progress | LogText | Declared | Result | RunError


def max_line(result_bytes: int) -> int:
    """The longest line that can be a frame, in bytes."""
    return max(MAX_FRAME, result_bytes + _RESULT_SLACK)


def parse(line: bytes, *, result_bytes: int) -> Frame:
    """The frame in `line`. Raises BadFrameError. A result that breaks the rules becomes a RunError."""
    fields = _fields(line)
    kind = fields.get("type")
    if kind == "result":
        return _result(fields, result_bytes)
    if len(line) > MAX_FRAME:
        raise BadFrameError
    if kind == "progress":
        return _progress(fields)
    if kind == "log":
        return _log(fields)
    if kind == "artifact":
        return _artifact(fields)
    if kind == "error":
        return _error(fields)
    raise BadFrameError


def too_large(result_bytes: int) -> RunError:
    """The error of a result that is over its limit."""
    return RunError(
        "invalid_result",
        f"The result is too large: {result_bytes} bytes of JSON are allowed. "
        "Write it to a file and keep that as an artifact.",
    )


def _fields(line: bytes) -> dict[str, JsonValue]:
    try:
        fields = json.loads(line.decode("utf-8", "surrogatepass"), parse_constant=_refuse)
    except (ValueError, RecursionError):
        raise BadFrameError from None
    if not isinstance(fields, dict):
        raise BadFrameError
    return fields


def _refuse(constant: str) -> NoReturn:
    raise ValueError(constant)


def _result(fields: dict[str, JsonValue], result_bytes: int) -> Result | RunError:
    if "value" not in fields:
        raise BadFrameError
    value = fields["value"]
    if _deeper_than(_MAX_DEPTH, value):
        return RunError("invalid_result", f"The result is nested deeper than {_MAX_DEPTH} levels.")
    try:
        # `allow_nan`: a number such as 1e999 is valid JSON and still becomes an infinity.
        text = json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
        size = len(text.encode())
    except ValueError:
        return RunError(
            "invalid_result", "The result is not JSON: it holds an infinite number or invalid Unicode."
        )
    return Result(value) if size <= result_bytes else too_large(result_bytes)


def _deeper_than(levels: int, value: JsonValue) -> bool:
    level = [value]
    for _ in range(levels + 1):
        level = [
            inner
            for outer in level
            if isinstance(outer, dict | list)
            for inner in (outer.values() if isinstance(outer, dict) else outer)
        ]
        if not level:
            return False
    return True


def _progress(fields: dict[str, JsonValue]) -> Progress:
    percent = fields.get("percent")
    if isinstance(percent, bool) or not isinstance(percent, int | float):
        raise BadFrameError
    try:
        value = float(percent)
    except OverflowError:
        raise BadFrameError from None
    if not math.isfinite(value):
        raise BadFrameError
    message = clean_line(_text(fields, "message", default="")[:_MAX_MESSAGE])
    return Progress(min(100.0, max(0.0, value)), message)


def _log(fields: dict[str, JsonValue]) -> LogText:
    level = _text(fields, "level", default="info")
    if level not in _LEVELS:
        raise BadFrameError
    return LogText(level, _text(fields, "text"))


def _artifact(fields: dict[str, JsonValue]) -> Declared:
    path = _text(fields, "path")
    name = _text(fields, "name", default="") or path
    if not path or len(path) > _MAX_PATH or len(name) > _MAX_PATH:
        raise BadFrameError
    return Declared(path, name)


def _error(fields: dict[str, JsonValue]) -> RunError:
    kind = _text(fields, "kind", default="item_error")
    traceback = _text(fields, "traceback", default="")
    return RunError(
        kind if kind in _KINDS else "item_error",
        clean_text(_text(fields, "message")[:_MAX_MESSAGE]),
        clean_text(traceback[-_MAX_TRACEBACK:]) or None,
    )


def _text(fields: dict[str, JsonValue], name: str, *, default: str | None = None) -> str:
    value = fields.get(name)
    if value is None and default is not None:
        return default
    if not isinstance(value, str):
        raise BadFrameError
    return value
