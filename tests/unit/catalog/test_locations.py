from __future__ import annotations

from typing import Any

import pytest

from portal.catalog.inputs import (
    MASK,
    get_at,
    mask,
    replace_at,
    secret_pointers,
    unmask,
    upload_pointers,
)
from portal.errors import InvalidError

SECRET = {"type": "string", "format": "password"}
SECRET_A = {"properties": {"a": SECRET}}
SECRET_B = {"properties": {"b": SECRET}}


@pytest.mark.parametrize(
    ("schema", "inputs", "expected"),
    [
        ({"properties": {"p": SECRET, "q": {}}}, {"p": "s", "q": "t"}, {"/p"}),
        ({"properties": {"p": {"writeOnly": True}}}, {"p": {"a": 1}}, {"/p"}),
        ({"properties": {"p": SECRET}}, {}, set()),
        ({"properties": {"a/b": {"properties": {"~": SECRET}}}}, {"a/b": {"~": "s"}}, {"/a~1b/~0"}),
        ({"properties": {"l": {"items": SECRET}}}, {"l": ["s", "t"]}, {"/l/0", "/l/1"}),
        ({"properties": {"l": {"prefixItems": [{}, SECRET], "items": {}}}}, {"l": [1, 2, 3]}, {"/l/1"}),
        ({"properties": {"l": {"items": [{}], "additionalItems": SECRET}}}, {"l": [1, 2]}, {"/l/1"}),
        ({"additionalProperties": SECRET, "properties": {"a": {}}}, {"a": 1, "b": 2}, {"/b"}),
        ({"patternProperties": {"^s_": SECRET}}, {"s_a": 1, "b": 2}, {"/s_a"}),
        ({"$defs": {"k": SECRET}, "properties": {"p": {"$ref": "#/$defs/k"}}}, {"p": 1}, {"/p"}),
        ({"oneOf": [SECRET_A, SECRET_B]}, {"a": 1, "b": 2}, {"/a", "/b"}),
        ({"if": {}, "then": SECRET_A, "else": SECRET_B}, {"a": 1, "b": 1}, {"/a", "/b"}),
        ({"dependentSchemas": {"a": {"properties": {"b": SECRET}}}}, {"b": 1}, {"/b"}),
        ({"properties": {"a": SECRET, "c": {"$ref": "#"}}}, {"c": {"c": {"a": "s"}}}, {"/c/c/a"}),
        ({"$ref": "#"}, {"a": 1}, set()),
        ({"properties": {"p": {"anyOf": [SECRET, {"type": "null"}]}}}, {"p": "s"}, {"/p"}),
    ],
)  # fmt: skip
def test_every_place_that_may_hold_a_secret_is_found(
    schema: dict[str, Any], inputs: dict[str, Any], expected: set[str]
) -> None:
    assert set(secret_pointers(schema, inputs)) == expected


def test_uploads_are_found_and_secrets_are_not_uploads() -> None:
    schema = {"properties": {"f": {"format": "upload"}, "p": SECRET}}

    assert upload_pointers(schema, {"f": "id", "p": "s"}) == ["/f"]


def test_mask_hides_values_and_leaves_the_original_alone() -> None:
    inputs = {"p": "s", "none": None, "o": {"q": "t"}, "list": ["u", "v"]}

    masked = mask(inputs, ["/o/q", "/o", "/p", "/none", "/absent", "/list/1"])

    assert masked == {"p": MASK, "none": None, "o": MASK, "list": ["u", MASK]}
    assert inputs["p"] == "s"


def test_mask_sent_back_means_unchanged() -> None:
    inputs = {"p": MASK, "q": "new", "plain": MASK}

    assert unmask(inputs, {"p": "old", "q": "old"}, ["/p", "/q", "/absent"]) == {
        "p": "old",
        "q": "new",
        "plain": MASK,
    }


def test_mask_without_an_original_must_be_entered_again() -> None:
    with pytest.raises(InvalidError) as caught:
        unmask({"p": MASK}, {}, ["/p"])

    assert [problem.path for problem in caught.value.problems] == ["/p"]


def test_replace_at_copies_what_it_changes_only() -> None:
    inputs = {"a": [{"b": 1}], "c": {}}

    changed = replace_at(inputs, "/a/0/b", 2)

    assert changed == {"a": [{"b": 2}], "c": {}}
    assert inputs["a"] == [{"b": 1}]
    assert replace_at(inputs, "", 1) == 1


@pytest.mark.parametrize("pointer", ["/x", "/a/1", "/a/-1", "/a/00", "/a/0/b/c", "a", "/a/x"])
def test_pointer_to_nothing_is_a_lookup_error(pointer: str) -> None:
    with pytest.raises(LookupError):
        get_at({"a": [{"b": 1}]}, pointer)
    with pytest.raises(LookupError):
        replace_at({"a": [{"b": 1}]}, pointer, 2)
