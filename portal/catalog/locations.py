"""Places in inputs, found by what the schema says about them: secrets and uploads."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from portal.catalog.patterns import matches
from portal.catalog.pointers import join
from portal.catalog.schemas import applied_in_place


def locate(schema: Any, inputs: Any, predicate: Callable[[Mapping[str, Any]], bool]) -> list[str]:
    """Return the JSON Pointers of the values in `inputs` that a schema satisfying `predicate` applies to.

    Over-approximated: every branch of `anyOf`, `oneOf`, `if` and so on counts, whether or not it is the one
    in force. What is no object or list has no places inside.
    """
    search = _Search(schema, predicate)
    search.visit(schema, inputs, "")
    return list(search.found)


def secret_pointers(schema: Any, inputs: Any) -> list[str]:
    """Return the places of secrets in `inputs`: `format: password` or `writeOnly: true`."""
    return locate(
        schema,
        inputs,
        lambda part: part.get("format") == "password" or part.get("writeOnly") is True,
    )


def upload_pointers(schema: Any, inputs: Any) -> list[str]:
    """Return the places of uploaded files' ids in `inputs`: `format: upload`."""
    return locate(schema, inputs, lambda part: part.get("format") == "upload")


class _Search:
    """One walk through a schema and inputs side by side."""

    def __init__(self, root: Any, predicate: Callable[[Mapping[str, Any]], bool]) -> None:
        self.root = root
        self.predicate = predicate
        # In the order of discovery; a dict serves as an ordered set.
        self.found: dict[str, None] = {}
        self.visited: set[tuple[int, str]] = set()

    def visit(self, schema: Any, value: Any, pointer: str) -> None:
        # Also ends schemas that refer to themselves.
        if not isinstance(schema, dict) or (id(schema), pointer) in self.visited:
            return
        self.visited.add((id(schema), pointer))
        if self.predicate(schema):
            self.found[pointer] = None
        for inner in applied_in_place(self.root, schema):
            self.visit(inner, value, pointer)
        for token, part in _parts(value):
            for inner in _schemas_of_part(schema, token):
                self.visit(inner, part, join(pointer, token))


def _parts(value: Any) -> Iterator[tuple[str | int, Any]]:
    if isinstance(value, dict):
        yield from value.items()
    elif isinstance(value, list):
        yield from enumerate(value)


def _schemas_of_part(schema: Mapping[str, Any], token: str | int) -> Iterator[Any]:
    if isinstance(token, int):
        yield from _schemas_of_entry(schema, token)
    else:
        yield from _schemas_of_member(schema, token)


def _schemas_of_member(schema: Mapping[str, Any], name: str) -> Iterator[Any]:
    known = False
    if name in schema.get("properties", {}):
        known = True
        yield schema["properties"][name]
    for pattern, inner in schema.get("patternProperties", {}).items():
        if matches(pattern, name):
            known = True
            yield inner
    if not known:
        yield schema.get("additionalProperties")
    yield schema.get("unevaluatedProperties")


def _schemas_of_entry(schema: Mapping[str, Any], position: int) -> Iterator[Any]:
    items = schema.get("items")
    # Draft 7 says `items: […]` and `additionalItems` for what is now `prefixItems` and `items`.
    prefix, rest = (items, schema.get("additionalItems")) if isinstance(items, list) else ([], items)
    prefix = [*prefix, *schema.get("prefixItems", [])]
    yield prefix[position] if position < len(prefix) else rest
    yield schema.get("contains")
    yield schema.get("unevaluatedItems")
