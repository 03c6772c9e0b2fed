from __future__ import annotations

import time
from typing import Any

import pytest

from portal.catalog.inputs import check_inputs

Json = dict[str, Any]


UNKNOWN = "is not a known field"
TOGETHER = "is required together with another field that is given"


def field(schema: Json, **more: Any) -> Json:
    """Return an object schema with the one field `x`."""
    return {"type": "object", "properties": {"x": schema}, **more}


@pytest.mark.parametrize(
    ("schema", "inputs", "expected"),
    [
        (field({}, required=["x"]), {}, {"/x": "is required"}),
        (field({"type": "integer", "minimum": 1}), {"x": 0}, {"/x": "must be at least 1"}),
        (field({"maximum": 5}), {"x": 6}, {"/x": "must be at most 5"}),
        (field({"exclusiveMinimum": 0}), {"x": 0}, {"/x": "must be more than 0"}),
        (field({"exclusiveMaximum": 0}), {"x": 0}, {"/x": "must be less than 0"}),
        (field({"multipleOf": 5}), {"x": 6}, {"/x": "must be a multiple of 5"}),
        (field({"enum": ["a", 2]}), {"x": "c"}, {"/x": 'must be one of "a", 2'}),
        (field({"const": "a"}), {"x": "c"}, {"/x": 'must be "a"'}),
        (field({"type": "integer"}), {"x": "1"}, {"/x": "must be a whole number"}),
        (field({"type": "integer"}), {"x": True}, {"/x": "must be a whole number"}),
        (field({"type": ["string", "null"]}), {"x": 1}, {"/x": "must be text or null"}),
        (field({"type": "string", "minLength": 1}), {"x": ""}, {"/x": "must not be empty"}),
        (field({"maxLength": 1}), {"x": "ab"}, {"/x": "must be at most 1 character long"}),
        (field({"pattern": "^a+$"}), {"x": "b"}, {"/x": "must match the pattern ^a+$"}),
        (field({"minItems": 2}), {"x": []}, {"/x": "must have at least 2 entries"}),
        (field({"uniqueItems": True}), {"x": [1, 1]}, {"/x": "must not have the same entry twice"}),
        (field({"items": {"type": "integer"}}), {"x": [1, "b"]}, {"/x/1": "must be a whole number"}),
        (field({}, additionalProperties=False), {"y": 1, "z": 2}, {"/y": UNKNOWN, "/z": UNKNOWN}),
        (field({}, dependentRequired={"x": ["y"]}), {"x": 1}, {"/y": TOGETHER}),
        (field(field({}, required=["a/b"])), {"x": {}}, {"/x/a~1b": "is required"}),
        (field({"not": {"const": 1}}), {"x": 1}, {"/x": "has a value that is ruled out"}),
        ({"type": "object"}, [], {"": "must be an object"}),
        ({"type": "object", "properties": {"x": False}}, {"x": 1}, {"/x": "is not allowed"}),
        ({"type": "object"}, {"x": float("inf")}, {"/x": "must be a finite number"}),
        ({"type": "object"}, {"x": "\ud800"}, {"/x": "is not valid Unicode"}),
    ],
)  # fmt: skip
def test_wrong_input_is_reported_at_its_pointer_in_plain_words(
    schema: Json, inputs: Any, expected: dict[str, str]
) -> None:
    assert {problem.path: problem.message for problem in check_inputs(schema, inputs)} == expected


@pytest.mark.parametrize(
    ("name", "good", "bad"),
    [
        ("date", "2024-02-29", "2023-02-29"),
        ("date", "2024-02-28", "20240228"),
        ("date-time", "2024-01-31T08:30:00.5+01:00", "2024-01-31T08:30:00"),
        ("time", "08:30:00", "24:00:00"),
        ("email", "ada.b+c@example.com", "ada@@example.com"),
        ("uri", "https://example.com/a?b=c#d", "example.com/a"),
        ("uri", "urn:isbn:1", "https://a b"),
        ("uuid", "123e4567-e89b-12d3-a456-426614174000", "123e4567e89b12d3a456426614174000"),
        ("ipv4", "192.0.2.1", "192.0.2.256"),
        ("ipv6", "2001:db8::1", "fe80::1%eth0"),
        ("hostname", "db-1.example.com", "-db.example.com"),
    ],
)
def test_format_is_asserted(name: str, good: str, bad: str) -> None:
    schema = field({"type": "string", "format": name})

    assert check_inputs(schema, {"x": good}) == []
    assert [problem.path for problem in check_inputs(schema, {"x": bad})] == ["/x"]


def test_unknown_format_is_only_a_hint() -> None:
    assert check_inputs(field({"format": "upload"}), {"x": "anything"}) == []


SHAPES = {
    "type": "object",
    "properties": {
        "shape": {
            "oneOf": [
                {"properties": {"kind": {"const": "circle"}}, "required": ["kind", "radius"]},
                {
                    "properties": {"kind": {"const": "box"}, "width": {"minimum": 1}},
                    "required": ["kind", "width"],
                },
            ]
        },
        "size": {"anyOf": [{"type": "string", "minLength": 3}, {"type": "null"}]},
        "level": {"oneOf": [{"const": 1, "title": "Low"}, {"const": 2, "title": "High"}]},
        "either": {"anyOf": [{"type": "string"}, {"type": "number"}]},
        "overlap": {"oneOf": [{"type": "number"}, {"minimum": 1}]},
    },
}  # fmt: skip


@pytest.mark.parametrize(
    ("inputs", "path", "message"),
    [
        ({"shape": {"kind": "box", "width": 0}}, "/shape/width", "must be at least 1"),
        ({"shape": {"kind": "circle"}}, "/shape/radius", "is required"),
        ({"size": "ab"}, "/size", "must be at least 3 characters long"),
        ({"level": 3}, "/level", "must be one of 1, 2"),
        ({"either": []}, "/either", "must be text or a number"),
        ({"overlap": 3}, "/overlap", "fits more than one of the alternatives; it must fit exactly one"),
    ],
)
def test_only_the_closest_alternative_is_explained(inputs: Json, path: str, message: str) -> None:
    assert [(each.path, each.message) for each in check_inputs(SHAPES, inputs)] == [(path, message)]


@pytest.mark.parametrize(
    ("schema", "value", "expected"),
    [
        (
            {"anyOf": [{"type": "null"}, {"type": "string", "minLength": 3, "pattern": "^x"}]},
            "ab",
            ["must be at least 3 characters long", "must match the pattern ^x"],
        ),
        (
            {
                "oneOf": [
                    {"properties": {"kind": {"const": "dot"}}},
                    {"properties": {"kind": {"const": "box"}}, "required": ["width", "height"]},
                ]
            },
            {"kind": "box"},
            ["is required", "is required"],
        ),
    ],
)
def test_alternative_of_the_right_type_or_kind_is_closer_than_one_with_fewer_faults(
    schema: Json, value: Any, expected: list[str]
) -> None:
    assert [each.message for each in check_inputs(field(schema), {"x": value})] == expected


def test_condition_reports_what_its_branch_requires() -> None:
    schema = {
        "type": "object",
        "if": {"properties": {"x": {"const": 1}}, "required": ["x"]},
        "then": {"required": ["y"]},
    }

    assert [each.path for each in check_inputs(schema, {"x": 1})] == ["/y"]


def test_draft_7_keywords_count_in_draft_7_schemas() -> None:
    schema = field(
        {"items": [{"type": "integer"}], "additionalItems": False},
        dependencies={"x": ["y"]},
        **{"$schema": "http://json-schema.org/draft-07/schema#"},
    )

    assert {each.path for each in check_inputs(schema, {"x": ["a"]})} == {"/x/0", "/y"}


def test_no_message_repeats_a_value() -> None:
    schema = field(
        {"type": "string", "format": "password", "pattern": "^[0-9]+$", "maxLength": 3, "enum": ["1"]}
    )

    problems = check_inputs(schema, {"x": "hunter2-secret"})

    assert len(problems) == 3
    assert not any("hunter2" in each.message for each in problems)


@pytest.mark.parametrize("dollar_schema", [{}, {"$schema": "https://json-schema.org/draft/2020-12/schema"}])
@pytest.mark.parametrize(
    "keywords",
    [
        {"properties": {"x": {"pattern": "^(a+)+$"}, "child": {"$ref": "#"}}},
        {
            "patternProperties": {"^(a+)+$": True},
            "properties": {"child": {"$ref": "#"}},
            "additionalProperties": False,
        },
        {"propertyNames": {"pattern": "^(a+)+$"}, "properties": {"child": {"$ref": "#"}}},
    ],
)  # fmt: skip
def test_catastrophic_pattern_answers_at_once(keywords: Json, dollar_schema: Json) -> None:
    hostile = "a" * 5000 + "!"
    inputs = {"child": {"x": hostile, hostile: 1}, "x": hostile, hostile: 1}
    started = time.monotonic()

    assert check_inputs({**dollar_schema, "type": "object", **keywords}, inputs)
    assert time.monotonic() - started < 2


def test_schema_that_multiplies_itself_is_stopped() -> None:
    twice = {"properties": {"a": {"$ref": "#"}}}
    inputs: Json = {}
    for _ in range(60):
        inputs = {"a": inputs}
    started = time.monotonic()

    problems = check_inputs({"type": "object", "allOf": [twice, {**twice}]}, inputs)

    assert [each.message for each in problems] == [
        "The schema refers to itself too often to check these inputs."
    ]
    assert time.monotonic() - started < 20


def test_inputs_nested_too_deeply_are_refused() -> None:
    inputs: Any = 1
    for _ in range(500):
        inputs = {"a": inputs}

    assert [each.message for each in check_inputs({"type": "object"}, inputs)] == [
        "is nested more than 64 levels deep"
    ]


def test_reference_out_of_the_schema_fetches_nothing() -> None:
    schema = field({"$ref": "http://127.0.0.1:9/schema.json"})

    with pytest.raises(Exception, match="Unresolvable"):
        check_inputs(schema, {"x": 1})
