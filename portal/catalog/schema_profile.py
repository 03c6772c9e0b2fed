"""The schemas that items may have: JSON Schema, less what forms and servers can't treat alike or safely."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from jsonschema import Draft7Validator, Draft202012Validator

from portal.catalog.documents import parse_json
from portal.catalog.messages import problems_of
from portal.catalog.patterns import pattern_problem
from portal.catalog.pointers import join
from portal.catalog.schemas import (
    DRAFT_07,
    DRAFT_2020_12,
    applied_in_place,
    draft_of,
    target_pointer,
    walk,
)
from portal.catalog.validators import validate
from portal.errors import InvalidError, Problem

MAX_SCHEMA_BYTES = 256 * 1024
MAX_SCHEMA_DEPTH = 32

_META_VALIDATORS: dict[str, Any] = {
    DRAFT_2020_12: Draft202012Validator(Draft202012Validator.META_SCHEMA),
    DRAFT_07: Draft7Validator(Draft7Validator.META_SCHEMA),
}


def check_schema(content: bytes, filename: str) -> tuple[dict[str, Any] | None, list[Problem]]:
    """Return the schema of an item's inputs and everything wrong with it; None when there is anything.

    It is JSON Schema 2020-12 (or draft 7, when `$schema` says so) whose root is an object, with local
    references only, no `$dynamicRef`, no nested `$id` or `$schema`, patterns that match in linear time, and
    defaults that fit. Paths are `schema.json:3` for a line and `schema.json#/properties/x` for a place.
    """
    if len(content) > MAX_SCHEMA_BYTES:
        return None, [Problem(filename, f"is larger than {MAX_SCHEMA_BYTES} bytes")]
    try:
        document = parse_json(content, filename)
    except InvalidError as error:
        return None, list(error.problems)
    schema = document.value
    if _depth(schema) > MAX_SCHEMA_DEPTH:
        return None, [Problem(filename, f"is nested more than {MAX_SCHEMA_DEPTH} levels deep")]
    found = [
        Problem(f"{filename}#{each.path}", each.message)
        for each in _meta_problems(schema) or _profile_problems(schema) or _default_problems(schema)
    ]
    problems = [*document.problems, *found]
    return (None if problems else schema), problems


def _depth(value: Any) -> int:
    depth, level = 0, [value]
    while level:
        depth += 1
        level = [
            inner
            for each in level
            if isinstance(each, dict | list)
            for inner in (each.values() if isinstance(each, dict) else each)
        ]
    return depth


def _meta_problems(schema: Any) -> list[Problem]:
    if not isinstance(schema, dict):
        return [Problem("", "must be an object")]
    draft = draft_of(schema)
    if draft not in _META_VALIDATORS:
        return [Problem("/$schema", f"must be {DRAFT_2020_12} or {DRAFT_07}#")]
    return problems_of(_META_VALIDATORS[draft].iter_errors(schema))


def _profile_problems(schema: dict[str, Any]) -> list[Problem]:
    places = dict(walk(schema))
    problems = []
    if schema.get("type") != "object":
        problems.append(Problem("/type", 'must be "object": inputs are named fields'))
    for pointer, part in places.items():
        if isinstance(part, dict):
            problems += _keyword_problems(part, pointer)
            problems += _pattern_problems(part, pointer)
            problems += _reference_problems(part, pointer, places)
    if not problems and _has_endless_reference(schema, places):
        problems.append(Problem("", "has a reference that leads back to itself without going into a field"))
    unevaluated = [each for each, part in places.items() if isinstance(part, dict) and _leaves_rest(part)]
    if unevaluated and any(
        isinstance(part, dict) and "patternProperties" in part for part in places.values()
    ):
        problems += [
            Problem(each, "unevaluatedProperties cannot be used together with patternProperties")
            for each in unevaluated
        ]
    return problems


def _leaves_rest(part: dict[str, Any]) -> bool:
    # jsonschema matches patterns for this keyword itself, and not in linear time.
    return "unevaluatedProperties" in part


def _keyword_problems(part: dict[str, Any], pointer: str) -> Iterator[Problem]:
    for keyword in ("$dynamicRef", "$dynamicAnchor", "$recursiveRef"):
        if keyword in part:
            yield Problem(join(pointer, keyword), "is not supported; use $ref")
    for keyword in ("$id", "$schema"):
        if pointer and keyword in part:
            yield Problem(join(pointer, keyword), "is only allowed at the root of the schema")


def _pattern_problems(part: dict[str, Any], pointer: str) -> Iterator[Problem]:
    if "pattern" in part and (wrong := pattern_problem(part["pattern"])):
        yield Problem(join(pointer, "pattern"), wrong)
    for pattern in part.get("patternProperties", {}):
        if wrong := pattern_problem(pattern):
            yield Problem(join(pointer, "patternProperties", pattern), wrong)


def _reference_problems(part: dict[str, Any], pointer: str, places: dict[str, Any]) -> Iterator[Problem]:
    if "$ref" not in part:
        return
    try:
        target = target_pointer(part["$ref"])
    except LookupError:
        yield Problem(join(pointer, "$ref"), "must be a reference into this schema, such as #/$defs/name")
    else:
        if target not in places:
            yield Problem(join(pointer, "$ref"), "leads to no schema")


def _has_endless_reference(root: dict[str, Any], places: dict[str, Any]) -> bool:
    """Return whether some schema applies itself to the very same value."""
    done: set[int] = set()
    active: set[int] = set()

    def is_endless(schema: Any) -> bool:
        if not isinstance(schema, dict) or id(schema) in done:
            return False
        if id(schema) in active:
            return True
        active.add(id(schema))
        endless = any(is_endless(inner) for inner in applied_in_place(root, schema))
        active.discard(id(schema))
        done.add(id(schema))
        return endless

    try:
        return any(is_endless(part) for part in places.values())
    except RecursionError:
        return True


def _default_problems(schema: dict[str, Any]) -> list[Problem]:
    problems = []
    for pointer, part in walk(schema):
        if isinstance(part, dict) and "default" in part:
            problems += [
                Problem(join(pointer, "default"), f"the default does not fit: {_at(each.path)}{each.message}")
                for each in validate(schema, part["default"], part=part)
                # The person who fills in the form can still give what is missing.
                if each.message != "is required"
            ]
    return problems


def _at(path: str) -> str:
    return f"{path} " if path else ""
