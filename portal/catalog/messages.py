"""A validator's errors in the words of the person who fills in the form.

No message repeats the value it is about: values may be secrets.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from jsonschema.exceptions import ValidationError

from portal.catalog.formats import FORMAT_EXAMPLES
from portal.catalog.pointers import join
from portal.errors import Problem

_TYPE_WORDS = {
    "array": "a list",
    "boolean": "true or false",
    "integer": "a whole number",
    "null": "null",
    "number": "a number",
    "object": "an object",
    "string": "text",
}
_MAX_SHOWN_VALUES = 12


def problems_of(errors: Iterable[ValidationError]) -> list[Problem]:
    """Return what `errors` mean, each once; of alternatives that all failed only the closest one counts."""
    found = {
        (join("", *error.absolute_path), text): None for each in errors for error, text in _explain(each)
    }
    return [Problem(path, message) for path, message in found]


def _explain(error: ValidationError) -> Iterator[tuple[ValidationError, str]]:
    if error.validator in ("anyOf", "oneOf"):
        yield from _explain_alternatives(error)
    else:
        yield error, _message(error)


def _explain_alternatives(error: ValidationError) -> Iterator[tuple[ValidationError, str]]:
    branches: dict[Any, list[ValidationError]] = {}
    for inner in error.context or ():
        branches.setdefault(inner.schema_path[0], []).append(inner)
    if not branches:
        yield error, "fits more than one of the alternatives; it must fit exactly one"
    elif values := _shared_values(branches.values()):
        yield error, _one_of(values)
    elif types := _shared_types(branches.values()):
        yield error, f"must be {_either(_TYPE_WORDS.get(name, name) for name in types)}"
    else:
        for inner in min(branches.values(), key=_distance):
            yield from _explain(inner)


def _distance(branch: list[ValidationError]) -> tuple[bool, int, int]:
    """Say how far a value is from an alternative: wrong type, then wrong discriminators, then the rest."""
    wrong_type = any(error.validator == "type" and not error.relative_path for error in branch)
    discriminators = [error for error in branch if error.validator in ("const", "enum")]
    return wrong_type, len(discriminators), len(branch)


def _shared_values(branches: Iterable[list[ValidationError]]) -> list[Any]:
    """Return the values to choose from if every alternative is a fixed value of this very field."""
    values: list[Any] = []
    for branch in branches:
        fixed = [
            error for error in branch if error.validator in ("const", "enum") and not error.relative_path
        ]
        if not fixed:
            return []
        allowed: Any = fixed[0].validator_value
        values += allowed if fixed[0].validator == "enum" else [allowed]
    return values


def _shared_types(branches: Iterable[list[ValidationError]]) -> list[str]:
    """Return the types to choose from if every alternative failed by the type of this very field."""
    types: list[str] = []
    for branch in branches:
        wrong = [error for error in branch if error.validator == "type" and not error.relative_path]
        if not wrong:
            return []
        types += _as_list(wrong[0].validator_value)
    return list(dict.fromkeys(types))


def _message(error: ValidationError) -> str:
    make = _MESSAGES.get(str(error.validator))
    if make:
        return make(error.validator_value)
    if error.validator is None:
        return "is not allowed"
    return f"does not satisfy {str(error.validator)!r} of the schema"


def _one_of(values: list[Any]) -> str:
    shown = [json.dumps(value, ensure_ascii=False) for value in values[:_MAX_SHOWN_VALUES]]
    rest = ", …" if len(values) > _MAX_SHOWN_VALUES else ""
    return f"must be one of {', '.join(shown)}{rest}" if len(values) != 1 else f"must be {shown[0]}"


def _either(words: Iterable[str]) -> str:
    *first, last = words
    return f"{', '.join(first)} or {last}" if first else last


def _as_list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _count(number: Any, singular: str, plural: str) -> str:
    return f"{number} {singular if number == 1 else plural}"


def _format(name: Any) -> str:
    return f"must be {FORMAT_EXAMPLES.get(str(name), f'text in the format {name}')}"


_MESSAGES: dict[str, Callable[[Any], str]] = {
    "additionalItems": lambda _: "has more entries than are known",
    "additionalProperties": lambda _: "is not a known field",
    "const": lambda value: _one_of([value]),
    "contains": lambda _: "lacks an entry of the kind it must contain",
    "dependencies": lambda _: "is required together with another field that is given",
    "dependentRequired": lambda _: "is required together with another field that is given",
    "enum": lambda values: _one_of(_as_list(values)),
    "exclusiveMaximum": lambda bound: f"must be less than {bound}",
    "exclusiveMinimum": lambda bound: f"must be more than {bound}",
    "format": _format,
    "maxContains": lambda _: "has too many entries of one kind",
    "maxItems": lambda bound: f"must have at most {_count(bound, 'entry', 'entries')}",
    "maxLength": lambda bound: f"must be at most {_count(bound, 'character', 'characters')} long",
    "maxProperties": lambda bound: f"must have at most {_count(bound, 'field', 'fields')}",
    "maximum": lambda bound: f"must be at most {bound}",
    "minContains": lambda _: "has too few entries of one kind",
    "minItems": lambda bound: f"must have at least {_count(bound, 'entry', 'entries')}",
    "minLength": lambda bound: (
        "must not be empty" if bound == 1 else f"must be at least {bound} characters long"
    ),
    "minProperties": lambda bound: f"must have at least {_count(bound, 'field', 'fields')}",
    "minimum": lambda bound: f"must be at least {bound}",
    "multipleOf": lambda step: f"must be a multiple of {step}",
    "not": lambda _: "has a value that is ruled out",
    "pattern": lambda pattern: f"must match the pattern {pattern}",
    "required": lambda _: "is required",
    "type": lambda types: f"must be {_either(_TYPE_WORDS.get(name, str(name)) for name in _as_list(types))}",
    "unevaluatedItems": lambda _: "has entries that are not known",
    "unevaluatedProperties": lambda _: "has fields that are not known",
    "uniqueItems": lambda _: "must not have the same entry twice",
}
