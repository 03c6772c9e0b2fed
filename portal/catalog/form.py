"""The uiSchema: how the form shows the fields of a schema."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from portal.catalog.documents import parse_json
from portal.catalog.pointers import join
from portal.catalog.schemas import applied_in_place
from portal.errors import InvalidError, Problem

MAX_UI_SCHEMA_BYTES = 256 * 1024
MAX_UI_SCHEMA_DEPTH = 32

_OPTION_PREFIX = "ui:"
_ENTRIES = ("items", "additionalItems")


def check_ui_schema(
    content: bytes, filename: str, schema: dict[str, Any] | None
) -> tuple[dict[str, Any] | None, list[Problem]]:
    """Return the uiSchema and everything wrong with it; None when there is anything.

    It is a JSON object whose keys are fields of `schema`, or begin with `ui:`. Whether the fields exist is
    not asked when `schema` is None, that is, not good itself.
    """
    if len(content) > MAX_UI_SCHEMA_BYTES:
        return None, [Problem(filename, f"is larger than {MAX_UI_SCHEMA_BYTES} bytes")]
    try:
        document = parse_json(content, filename)
    except InvalidError as error:
        return None, list(error.problems)
    problems = list(document.problems)
    if not isinstance(document.value, dict):
        problems.append(Problem(filename, "must be an object"))
    elif schema is not None:
        found = _unknown_fields(schema, [schema], document.value, "")
        problems += [Problem(f"{filename}#{each.path}", each.message) for each in found]
    return (None if problems else document.value), problems


def _unknown_fields(root: Any, schemas: list[Any], ui: dict[str, Any], pointer: str) -> Iterator[Problem]:
    """Yield the keys of `ui` that name nothing in any of `schemas`, which apply to the same value."""
    if pointer.count("/") > MAX_UI_SCHEMA_DEPTH:
        yield Problem(pointer, f"is nested more than {MAX_UI_SCHEMA_DEPTH} levels deep")
        return
    fields = _fields(root, schemas)
    for key, inner in ui.items():
        here = join(pointer, key)
        if key == "ui:order" and isinstance(inner, list):
            known = {*fields, "*"}
            yield from (
                Problem(join(here, position), f"{name!r} is not a field of the schema")
                for position, name in enumerate(inner)
                if name not in known
            )
        if key.startswith(_OPTION_PREFIX):
            continue
        if key not in fields:
            yield Problem(here, f"{key!r} is not a field of the schema")
        elif isinstance(inner, dict):
            yield from _unknown_fields(root, fields[key], inner, here)
        elif not isinstance(inner, list):
            yield Problem(here, "must be an object")


def _fields(root: Any, schemas: list[Any]) -> dict[str, list[Any]]:
    """Return what a uiSchema may name in a value of `schemas`: properties, entries, alternatives."""
    fields: dict[str, list[Any]] = {}
    for part in _applied(root, schemas):
        for name, inner in part.get("properties", {}).items():
            fields.setdefault(name, []).append(inner)
        for keyword in (*_ENTRIES, "additionalProperties"):
            inner = part.get(keyword)
            if isinstance(inner, dict | list):
                fields.setdefault(keyword, []).extend(inner if isinstance(inner, list) else [inner])
        if "prefixItems" in part:
            fields.setdefault("items", []).extend(part["prefixItems"])
        for keyword in ("anyOf", "oneOf"):
            if keyword in part:
                fields.setdefault(keyword, []).extend(part[keyword])
    return fields


def _applied(root: Any, schemas: list[Any]) -> list[dict[str, Any]]:
    """Return `schemas` and every schema that may apply to the same value."""
    found: dict[int, dict[str, Any]] = {}
    waiting = list(schemas)
    while waiting:
        schema = waiting.pop()
        if isinstance(schema, dict) and id(schema) not in found:
            found[id(schema)] = schema
            waiting += applied_in_place(root, schema)
    return list(found.values())
