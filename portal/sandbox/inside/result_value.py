"""Turns what an item returned into a result frame, or says what in it is not JSON and where."""

from __future__ import annotations

import json

_MAX_DEPTH = 64
_MAX_BITS = 10_000  # of an integer; Python itself refuses to read back more than about 14 000


class InvalidResultError(Exception):
    """What the item returned cannot be a result."""


def result_frame(value: object, *, limit: int) -> dict[str, object]:
    """The frame for `value`. Raises InvalidResultError when it is no JSON or longer than `limit` bytes."""
    try:
        text = json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
        size = len(text.encode())
    except (TypeError, ValueError, RecursionError) as error:
        problem = _problem(value, "", set()) or f"it cannot be written: {error}"
        raise InvalidResultError(f"The result is not JSON: {problem}") from None
    if size > limit:
        raise InvalidResultError(
            f"The result is too large: {size} bytes as JSON, {limit} are allowed. "
            "Write it to a file and keep that with ctx.artifact()."
        )
    return {"type": "result", "value": value}


def _problem(value: object, path: str, parents: set[int]) -> str | None:
    """The first thing in `value` that JSON cannot carry, as the end of a sentence."""
    if value is None or isinstance(value, bool):
        return None
    if isinstance(value, int):
        return None if value.bit_length() <= _MAX_BITS else f"{_at(path)} stands a number that is too long."
    if isinstance(value, str):
        return _text_problem(value, path)
    if isinstance(value, float):
        # What is not finite does not vanish when taken from itself.
        return None if value - value == 0 else f"{_at(path)} stands {value}. Return None instead."
    if not isinstance(value, dict | list | tuple):
        return (
            f"{_at(path)} stands a value of type {type(value).__name__}. "
            "Return texts, numbers, True, False, None, lists and dicts."
        )
    if id(value) in parents:
        return f"{_at(path)} it contains itself."
    if len(parents) >= _MAX_DEPTH:
        return f"it is nested deeper than {_MAX_DEPTH} levels."
    return _inner_problem(value, path, parents | {id(value)})


def _inner_problem(
    value: dict[object, object] | list[object] | tuple[object, ...], path: str, parents: set[int]
) -> str | None:
    if not isinstance(value, dict):
        checks = (_problem(part, f"{path}[{i}]", parents) for i, part in enumerate(value))
        return next(filter(None, checks), None)
    for key, part in value.items():
        if key is not None and not isinstance(key, str | int | float):
            return f"{_at(path)} stands the key {key!r}. Keys are texts."
        inner = f"{path}.{key}" if path else str(key)
        problem = _problem(key, path, parents) or _problem(part, inner, parents)
        if problem:
            return problem
    return None


def _text_problem(text: str, path: str) -> str | None:
    try:
        text.encode()
    except UnicodeEncodeError:
        return f"{_at(path)} stands a text with a lone surrogate, which is not valid Unicode."
    return None


def _at(path: str) -> str:
    return f"at `{path[:200]}`" if path else "at its top"
