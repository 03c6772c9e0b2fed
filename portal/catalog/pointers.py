"""JSON Pointers (RFC 6901): making them, reading and replacing what stands there, and masking secrets."""

from __future__ import annotations

import copy
from collections.abc import Iterable
from typing import Any

from portal.errors import InvalidError, Problem

MASK = "********"


def join(pointer: str, *tokens: str | int) -> str:
    """Return `pointer` extended by member names or list positions."""
    escaped = (str(token).replace("~", "~0").replace("/", "~1") for token in tokens)
    return "".join([pointer, *(f"/{token}" for token in escaped)])


def split(pointer: str) -> list[str]:
    """Return the tokens of `pointer`; raise `LookupError` when it is none."""
    if pointer and not pointer.startswith("/"):
        raise LookupError(f"{pointer!r} is not a JSON Pointer")
    return [token.replace("~1", "/").replace("~0", "~") for token in pointer.split("/")[1:]]


def get_at(inputs: Any, pointer: str) -> Any:
    """Return the value at `pointer`; raise `LookupError` when there is none."""
    value = inputs
    for token in split(pointer):
        value = value[_key(value, token)]
    return value


def replace_at(inputs: Any, pointer: str, value: Any) -> Any:
    """Return a copy of `inputs` with `value` in place of what stands at `pointer`.

    Only the containers on the way are copied. Raise `LookupError` when nothing stands there.
    """
    return _replaced(inputs, split(pointer), value)


def mask(inputs: Any, pointers: Iterable[str]) -> Any:
    """Return a copy of `inputs` with `"********"` at every one of `pointers`.

    What isn't there stays absent, and null stays null: it says that no value was given.
    """
    # Shorter pointers first: what lies inside a masked value is gone with it.
    for pointer in sorted(pointers, key=len):
        try:
            if get_at(inputs, pointer) is not None:
                inputs = replace_at(inputs, pointer, MASK)
        except LookupError:
            continue
    return copy.deepcopy(inputs)


def unmask(inputs: Any, originals: Any, pointers: Iterable[str]) -> Any:
    """Return a copy of `inputs` in which `"********"` at `pointers` is the value from `originals` again.

    `pointers` are the places of secrets in `inputs`. Raise `InvalidError` with every place where the
    originals hold nothing: that secret has to be entered again.
    """
    problems: list[Problem] = []
    for pointer in pointers:
        try:
            if get_at(inputs, pointer) != MASK:
                continue
        except LookupError:
            continue
        try:
            inputs = replace_at(inputs, pointer, get_at(originals, pointer))
        except LookupError:
            problems.append(Problem(pointer, "must be entered again"))
    if problems:
        raise InvalidError("A secret value must be entered again.", problems)
    return copy.deepcopy(inputs)


def _key(container: Any, token: str) -> str | int:
    if isinstance(container, dict):
        return token
    if isinstance(container, list) and token.isascii() and token.isdigit() and str(int(token)) == token:
        return int(token)
    raise LookupError(token)


def _replaced(container: Any, tokens: list[str], value: Any) -> Any:
    if not tokens:
        return value
    key = _key(container, tokens[0])
    inner = _replaced(container[key], tokens[1:], value)
    if isinstance(container, dict):
        return {**container, key: inner}
    return [inner if position == key else item for position, item in enumerate(container)]
