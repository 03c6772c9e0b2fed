"""Walking through a JSON Schema: which parts of it are schemas, and where its references lead."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from typing import Any

from portal.catalog.pointers import join, split

DRAFT_2020_12 = "https://json-schema.org/draft/2020-12/schema"
DRAFT_07 = "http://json-schema.org/draft-07/schema"

# Keywords whose schemas apply to the same value as the schema they stand in.
IN_PLACE_LISTS = ("allOf", "anyOf", "oneOf")
IN_PLACE_SINGLES = ("if", "then", "else", "not")
IN_PLACE_MAPS = ("dependentSchemas", "dependencies")

_SINGLES = (
    *IN_PLACE_SINGLES,
    "additionalItems",
    "additionalProperties",
    "contains",
    "contentSchema",
    "items",
    "propertyNames",
    "unevaluatedItems",
    "unevaluatedProperties",
)
_LISTS = (*IN_PLACE_LISTS, "items", "prefixItems")
_MAPS = (*IN_PLACE_MAPS, "$defs", "definitions", "patternProperties", "properties")


def draft_of(schema: object) -> str:
    """Return the draft that `schema` is written in, as its `$schema` says, without a trailing `#`."""
    declared = schema.get("$schema", DRAFT_2020_12) if isinstance(schema, dict) else DRAFT_2020_12
    return declared.removesuffix("#") if isinstance(declared, str) else ""


def subschemas(schema: object, pointer: str = "") -> Iterator[tuple[str, Any]]:
    """Yield the schemas directly inside `schema`, each with its JSON Pointer below `pointer`."""
    if not isinstance(schema, dict):
        return
    for keyword in _SINGLES:
        if isinstance(schema.get(keyword), dict | bool):
            yield join(pointer, keyword), schema[keyword]
    for keyword in _LISTS:
        if isinstance(schema.get(keyword), list):
            for position, inner in enumerate(schema[keyword]):
                yield join(pointer, keyword, position), inner
    for keyword in _MAPS:
        if isinstance(schema.get(keyword), dict):
            for name, inner in schema[keyword].items():
                if isinstance(inner, dict | bool):
                    yield join(pointer, keyword, name), inner


def walk(schema: object, pointer: str = "") -> Iterator[tuple[str, Any]]:
    """Yield `schema` and every schema inside it, each with its JSON Pointer."""
    yield pointer, schema
    for inner_pointer, inner in subschemas(schema, pointer):
        yield from walk(inner, inner_pointer)


def target_pointer(reference: str) -> str:
    """Return the JSON Pointer that a local `$ref` names; raise `LookupError` for any other reference."""
    if not reference.startswith("#"):
        raise LookupError(reference)
    pointer = reference[1:]
    if "%" in pointer or not (pointer == "" or pointer.startswith("/")):
        raise LookupError(reference)
    return pointer


def resolve(root: Any, reference: str) -> Any:
    """Return the schema that a local `$ref` names; raise `LookupError` when there is none."""
    value = root
    for token in split(target_pointer(reference)):
        if isinstance(value, dict):
            value = value[token]
        elif isinstance(value, list) and token.isascii() and token.isdigit():
            value = value[int(token)]
        else:
            raise LookupError(reference)
    return value


def applied_in_place(root: Any, schema: Any) -> Iterator[Any]:
    """Yield the schemas that apply, or may apply, to the same value as `schema`, one step away.

    That is over-approximated: every branch of an alternative or a condition counts. References that lead
    nowhere are passed over.
    """
    if not isinstance(schema, dict):
        return
    reference = schema.get("$ref")
    if isinstance(reference, str):
        with suppress(LookupError):
            yield resolve(root, reference)
    for keyword in IN_PLACE_SINGLES:
        if keyword in schema:
            yield schema[keyword]
    for keyword in IN_PLACE_LISTS:
        if isinstance(schema.get(keyword), list):
            yield from schema[keyword]
    for keyword in IN_PLACE_MAPS:
        if isinstance(schema.get(keyword), dict):
            yield from schema[keyword].values()
