"""Defaults: what a schema says of values that the caller left out."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

from portal.catalog.schemas import resolve

MAX_NEW_OBJECTS = 1000


def apply_defaults(schema: Any, inputs: Any) -> Any:
    """Return a copy of `inputs` with the defaults of absent properties, also in nested objects and lists.

    Local references and `allOf` are followed; the branches of alternatives and conditions are not, since
    which one is meant depends on values. An absent object is made up of its properties' defaults when these
    are all that it requires, and unless it would hold itself.
    """
    filled = copy.deepcopy(inputs)
    _Filling(schema).fill(schema, filled, ())
    return filled


class _Filling:
    """One pass over a schema and inputs; the inputs are changed in place."""

    def __init__(self, root: Any) -> None:
        self.root = root
        self.visited: set[tuple[int, int]] = set()
        self.new_objects = 0
        # Keeps what was made up and thrown away alive: an address in `visited` must not be used again.
        self.made: list[Any] = []

    def fill(self, schema: Any, value: Any, inside: tuple[int, ...]) -> None:
        """Fill `value`; `inside` are the schemas of the made-up objects around it."""
        if not isinstance(value, dict | list) or (id(schema), id(value)) in self.visited:
            return
        self.visited.add((id(schema), id(value)))
        for part in self.parts(schema):
            if isinstance(value, dict):
                for name, inner in part.get("properties", {}).items():
                    self.fill_member(inner, value, name, inside)
            elif isinstance(part.get("items"), dict):
                for item in value:
                    self.fill(part["items"], item, inside)

    def fill_member(self, schema: Any, value: dict[str, Any], name: str, inside: tuple[int, ...]) -> None:
        parts = list(self.parts(schema))
        if name not in value:
            given = [part["default"] for part in parts if "default" in part]
            if given:
                value[name] = copy.deepcopy(given[0])
            elif (made_up := self.make_up(parts, inside)) is not None:
                value[name] = made_up
        if name in value:
            self.fill(schema, value[name], inside)

    def make_up(self, parts: list[dict[str, Any]], inside: tuple[int, ...]) -> dict[str, Any] | None:
        own = [id(part) for part in parts if "properties" in part]
        if not own or set(own) & set(inside) or self.new_objects >= MAX_NEW_OBJECTS:
            return None
        self.new_objects += 1
        made_up: dict[str, Any] = {}
        self.made.append(made_up)
        for part in parts:
            self.fill(part, made_up, (*inside, *own))
        required = {name for part in parts for name in part.get("required", [])}
        return made_up if made_up and required <= made_up.keys() else None

    def parts(self, schema: Any) -> Iterator[dict[str, Any]]:
        """Yield `schema` and what it certainly includes: the targets of local references, and `allOf`."""
        seen: set[int] = set()
        waiting = [schema]
        while waiting:
            part = waiting.pop(0)
            if not isinstance(part, dict) or id(part) in seen:
                continue
            seen.add(id(part))
            yield part
            if isinstance(reference := part.get("$ref"), str):
                with suppress(LookupError):
                    waiting.append(resolve(self.root, reference))
            waiting += part.get("allOf", [])
