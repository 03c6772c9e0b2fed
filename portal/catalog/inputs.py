"""Inputs of an item: checked against its schema, completed with defaults, their secrets found and masked."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

from portal.catalog.defaults import apply_defaults
from portal.catalog.locations import locate, secret_pointers, upload_pointers
from portal.catalog.pointers import MASK, get_at, join, mask, replace_at, unmask
from portal.catalog.validators import validate
from portal.errors import InvalidError, Problem

__all__ = [
    "MASK",
    "apply_defaults",
    "check_inputs",
    "get_at",
    "locate",
    "mask",
    "replace_at",
    "secret_pointers",
    "unmask",
    "upload_pointers",
]

MAX_INPUT_DEPTH = 64


def check_inputs(schema: Any, inputs: Any) -> list[Problem]:
    """Return everything wrong with `inputs` by `schema`, which `check_schema` found good; [] when they fit.

    Paths are JSON Pointers into `inputs`; a missing field is reported where it should stand. Of alternatives
    that all failed only the closest one is explained. No message repeats a value of the inputs.
    The formats `date`, `date-time`, `time`, `email`, `uri`, `uuid`, `ipv4`, `ipv6` and `hostname` are
    asserted. Patterns are matched in linear time, so no pattern and no text makes this hang; how far a
    schema that refers to itself is followed is limited.
    """
    try:
        return list(_unusable(inputs, "", 0)) or validate(schema, inputs)
    except InvalidError as error:
        return [Problem("", str(error))]


def _unusable(value: Any, pointer: str, depth: int) -> Iterator[Problem]:
    """Yield what no schema can check and no store can keep."""
    if depth > MAX_INPUT_DEPTH:
        yield Problem(pointer, f"is nested more than {MAX_INPUT_DEPTH} levels deep")
    elif isinstance(value, dict):
        for name, inner in value.items():
            if _is_broken(name):
                yield Problem(pointer, "has a field whose name is not valid Unicode")
            else:
                yield from _unusable(inner, join(pointer, name), depth + 1)
    elif isinstance(value, list):
        for position, inner in enumerate(value):
            yield from _unusable(inner, join(pointer, position), depth + 1)
    elif isinstance(value, float) and not math.isfinite(value):
        yield Problem(pointer, "must be a finite number")
    elif isinstance(value, str) and _is_broken(value):
        yield Problem(pointer, "is not valid Unicode")


def _is_broken(text: str) -> bool:
    # Half of a surrogate pair: JSON can spell it, UTF-8 cannot.
    try:
        text.encode()
    except UnicodeEncodeError:
        return True
    return False
