"""The portal's JSON Schema validators: jsonschema's, with safe patterns, local references and exact paths."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextvars import ContextVar
from itertools import islice
from typing import Any

from jsonschema import Draft7Validator, Draft202012Validator
from jsonschema.exceptions import ValidationError
from jsonschema.protocols import Validator
from jsonschema.validators import extend
from referencing import Registry

from portal.catalog.formats import format_checker
from portal.catalog.messages import problems_of
from portal.catalog.patterns import matches
from portal.catalog.schemas import DRAFT_07, draft_of
from portal.errors import InvalidError, Problem

MAX_REFERENCES_FOLLOWED = 30_000
MAX_PROBLEMS = 100

_references_left: ContextVar[list[int]] = ContextVar("references_left")


def validate(schema: Any, value: Any, *, part: Any = None) -> list[Problem]:
    """Return what is wrong with `value` by `schema`, or by `part`, a schema inside `schema`.

    At most `MAX_PROBLEMS`; their paths are JSON Pointers into `value`. Raise `InvalidError` when the schema
    refers to itself so often that the answer would take too long.
    """
    validator = _validator(schema)
    if part is not None:
        validator = validator.evolve(schema=part)
    token = _references_left.set([MAX_REFERENCES_FOLLOWED])
    try:
        return problems_of(islice(validator.iter_errors(value), MAX_PROBLEMS))
    except RecursionError:
        raise InvalidError("The inputs are nested too deeply for this schema.") from None
    finally:
        _references_left.reset(token)


def _validator(schema: Any) -> Validator:
    kind = _Draft7 if draft_of(schema) == DRAFT_07 else _Draft202012
    if isinstance(schema, dict):
        # Where a reference leads to a schema with `$schema`, jsonschema goes on with its own class for it.
        schema = {keyword: value for keyword, value in schema.items() if keyword != "$schema"}
    # An empty registry: a reference that leads out of the schema fails, nothing is fetched.
    validator: Validator = kind(schema, registry=Registry(), format_checker=_FORMATS)
    return validator


def _pattern(validator: Any, pattern: str, instance: Any, schema: Any) -> Iterator[ValidationError]:
    if isinstance(instance, str) and not matches(pattern, instance):
        yield ValidationError("does not match")


def _member(
    validator: Any, schema: Any, value: Any, name: str, schema_path: str
) -> Iterator[ValidationError]:
    """Check one member of an object; jsonschema itself loses the place of what the schema `false` forbids."""
    if schema is False:
        yield ValidationError("is not allowed", path=(name,), validator=None, schema_path=(schema_path,))  # type: ignore[arg-type]
    else:
        yield from validator.descend(value, schema, path=name, schema_path=schema_path)


def _properties(
    validator: Any, properties: dict[str, Any], instance: Any, schema: Any
) -> Iterator[ValidationError]:
    if isinstance(instance, dict):
        for name, inner in properties.items():
            if name in instance:
                yield from _member(validator, inner, instance[name], name, name)


def _pattern_properties(
    validator: Any, patterns: dict[str, Any], instance: Any, schema: Any
) -> Iterator[ValidationError]:
    if not isinstance(instance, dict):
        return
    for pattern, inner in patterns.items():
        for name, value in instance.items():
            if matches(pattern, name):
                yield from _member(validator, inner, value, name, pattern)


def _additional_properties(
    validator: Any, inner: Any, instance: Any, schema: Any
) -> Iterator[ValidationError]:
    if not isinstance(instance, dict):
        return
    patterns = schema.get("patternProperties", {})
    for name, value in instance.items():
        if name in schema.get("properties", {}) or any(matches(pattern, name) for pattern in patterns):
            continue
        if inner is False:
            yield ValidationError("is not known", path=(name,))
        else:
            yield from validator.descend(value, inner, path=name)


def _required(validator: Any, names: list[str], instance: Any, schema: Any) -> Iterator[ValidationError]:
    """Report a missing field where it should stand, so that a form can show it there."""
    if isinstance(instance, dict):
        yield from (ValidationError("is required", path=(name,)) for name in names if name not in instance)


def _dependent_required(
    validator: Any, dependents: dict[str, list[str]], instance: Any, schema: Any
) -> Iterator[ValidationError]:
    for name, names in dependents.items():
        if isinstance(instance, dict) and name in instance:
            yield from _required(validator, names, instance, schema)


def _dependencies(
    validator: Any, dependencies: dict[str, Any], instance: Any, schema: Any
) -> Iterator[ValidationError]:
    for name, dependency in dependencies.items():
        if not isinstance(instance, dict) or name not in instance:
            continue
        if isinstance(dependency, list):
            yield from _required(validator, dependency, instance, schema)
        else:
            yield from validator.descend(instance, dependency, schema_path=name)


def _bounded(follow: Any) -> Callable[..., Iterator[ValidationError]]:
    """Return the keyword `$ref` with a limit: schemas that refer to themselves can multiply without end."""

    def reference(validator: Any, target: str, instance: Any, schema: Any) -> Iterator[ValidationError]:
        left = _references_left.get()
        left[0] -= 1
        if left[0] < 0:
            raise InvalidError("The schema refers to itself too often to check these inputs.")
        yield from follow(validator, target, instance, schema) or ()

    return reference


_FORMATS = format_checker()
_KEYWORDS: dict[str, Any] = {
    "additionalProperties": _additional_properties,
    "pattern": _pattern,
    "patternProperties": _pattern_properties,
    "properties": _properties,
    "required": _required,
}
_Draft202012 = extend(  # type: ignore[no-untyped-call]
    Draft202012Validator,
    {
        **_KEYWORDS,
        "$ref": _bounded(Draft202012Validator.VALIDATORS["$ref"]),
        "dependentRequired": _dependent_required,
    },
)
_Draft7 = extend(  # type: ignore[no-untyped-call]
    Draft7Validator,
    {
        **_KEYWORDS,
        "$ref": _bounded(Draft7Validator.VALIDATORS["$ref"]),
        "dependencies": _dependencies,
    },
)
