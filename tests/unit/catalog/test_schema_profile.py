from __future__ import annotations

import json
from typing import Any

import pytest

from portal.catalog.schema_profile import check_schema


def problems_of(content: bytes) -> dict[str, str]:
    schema, problems = check_schema(content, "schema.json")
    assert (schema is None) == bool(problems)
    return {problem.path: problem.message for problem in problems}


def form(field: Any = True, **more: Any) -> dict[str, Any]:
    """Return an object schema with the one field `x`."""
    return {"type": "object", "properties": {"x": field}, **more}


@pytest.mark.parametrize(
    ("schema", "path", "part"),
    [
        ([], "#", "must be an object"),
        ({"type": "array"}, "#/type", 'must be "object"'),
        ({}, "#/type", 'must be "object"'),
        (form(**{"$schema": "http://json-schema.org/draft-04/schema#"}), "#/$schema", "must be https://"),
        (form({"type": "strin"}), "#/properties/x/type", "must be one of"),
        (form(required="x"), "#/required", "must be a list"),
        (form({"$ref": "https://example.com/s"}), "#/properties/x/$ref", "a reference into this schema"),
        (form({"$ref": "other.json"}), "#/properties/x/$ref", "a reference into this schema"),
        (form({"$ref": "#/$defs/none"}), "#/properties/x/$ref", "leads to no schema"),
        (form({"$ref": "#/type"}), "#/properties/x/$ref", "leads to no schema"),
        (form({"$dynamicRef": "#a"}), "#/properties/x/$dynamicRef", "is not supported"),
        (form({"$id": "https://example.com/x"}), "#/properties/x/$id", "at the root"),
        (form(allOf=[{"$ref": "#"}]), "#", "leads back to itself"),
        (form({"pattern": "["}), "#/properties/x/pattern", "unclosed character class"),
        (form({"pattern": "(?=a)"}), "#/properties/x/pattern", "look-around"),
        (form(patternProperties={"(": {}}), "#/patternProperties/(", "not a pattern"),
        (form(patternProperties={"a": {}}, unevaluatedProperties=False), "#", "cannot be used together"),
        (form({"type": "integer", "default": "a"}), "#/properties/x/default", "fit: must be a whole number"),
        (form({"items": {"type": "integer"}, "default": ["a"]}), "#/properties/x/default", "/0 must be"),
    ],
)  # fmt: skip
def test_schema_outside_the_profile_is_refused_at_its_place(schema: Any, path: str, part: str) -> None:
    problems = problems_of(json.dumps(schema).encode())

    assert list(problems) == [f"schema.json{path}"]
    assert part in problems[f"schema.json{path}"]


@pytest.mark.parametrize(
    "schema",
    [
        form(
            {"$ref": "#/definitions/a"},
            definitions={"a": {}},
            **{"$schema": "http://json-schema.org/draft-07/schema#"},
        ),
        form(
            **{"$schema": "https://json-schema.org/draft/2020-12/schema", "$id": "https://example.com/root"}
        ),
        form(properties={"$id": {"type": "string"}, "$ref": {"type": "string"}, "$dynamicRef": {}}),
        form(properties={"child": {"$ref": "#"}}),
        form({"enum": [{"$ref": "a"}]}, **{"x-note": {"$id": 1, "$ref": 2}}),
        form({"type": "object", "required": ["y"], "default": {}}),
        form({"pattern": "^\\p{L}+$"}),
    ],
)
def test_schema_inside_the_profile_is_accepted(schema: Any) -> None:
    assert problems_of(json.dumps(schema).encode()) == {}


@pytest.mark.parametrize(
    ("content", "path", "part"),
    [
        (b'{"type": "object", "type": "object"}', "schema.json", "'type' is given twice"),
        (b'{"type": "object"}' + b" " * 300_000, "schema.json", "is larger than 262144 bytes"),
        (b'{"a":' * 40 + b"1" + b"}" * 40, "schema.json", "nested more than 32 levels"),
        (b"[" * 200_000, "schema.json", "nested too deeply"),
        (b'{"type": "object", "maximum": 1e999}', "schema.json", "too large a number"),
        (b'{"type": "object", "title": "\\ud800"}', "schema.json", "half of a character"),
    ],
)
def test_schema_that_cannot_be_taken_in_is_refused(content: bytes, path: str, part: str) -> None:
    problems = problems_of(content)

    assert list(problems) == [path]
    assert part in problems[path]
