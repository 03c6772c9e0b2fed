from __future__ import annotations

import time
from typing import Any

from portal.catalog.inputs import apply_defaults

Json = dict[str, Any]


def test_defaults_fill_absent_fields_and_leave_the_caller_s_object_alone() -> None:
    schema = {
        "type": "object",
        "$defs": {"limit": {"default": 5}},
        "properties": {
            "rows": {"default": 10},
            "limit": {"$ref": "#/$defs/limit"},
            "options": {"properties": {"deep": {"default": [1]}, "must": {}}},
            "strict": {"properties": {"deep": {"default": 1}, "must": {}}, "required": ["must"]},
            "list": {"items": {"properties": {"a": {"default": 1}}}},
        },
        "allOf": [{"properties": {"more": {"default": None}}}],
        "anyOf": [{"properties": {"maybe": {"default": 1}}}],
    }
    inputs = {"rows": 3, "list": [{}, {"a": 2}]}

    filled = apply_defaults(schema, inputs)

    assert filled == {
        "rows": 3,
        "limit": 5,
        "options": {"deep": [1]},
        "list": [{"a": 1}, {"a": 2}],
        "more": None,
    }
    assert inputs == {"rows": 3, "list": [{}, {"a": 2}]}
    filled["options"]["deep"].append(2)
    assert apply_defaults(schema, {})["options"]["deep"] == [1]


def test_defaults_of_a_schema_that_holds_itself_end() -> None:
    schema = {"properties": {"v": {"default": 1}, "left": {"$ref": "#"}, "right": {"$ref": "#"}}}

    assert apply_defaults(schema, {"left": {}})["left"]["v"] == 1


def test_defaults_that_multiply_are_bounded() -> None:
    definitions: Json = {
        f"d{n}": {"properties": {"v": {"default": 1}} | {k: {"$ref": f"#/$defs/d{n + 1}"} for k in "abcd"}}
        for n in range(30)
    }
    definitions["d30"] = {}
    started = time.monotonic()

    apply_defaults({"$defs": definitions, "$ref": "#/$defs/d0"}, {})

    assert time.monotonic() - started < 5
