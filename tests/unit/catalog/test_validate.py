from __future__ import annotations

import json
from typing import Any

import pytest

from portal.catalog.validate import check_item

Files = dict[str, bytes]


def problems_of(files: Files, **more: Any) -> dict[str, str]:
    checked = check_item(files, **more)
    assert (checked.definition is None) == bool(checked.problems)
    return {problem.path: problem.message for problem in checked.problems}


def with_schema(files: Files, schema: Any) -> Files:
    return {**files, "schema.json": json.dumps(schema).encode()}


def test_good_item_gives_its_definition(good_files: Files) -> None:
    files = {
        **good_files,
        "ui_schema.json": b'{"rows": {"ui:widget": "range"}, "ui:order": ["rows", "*"]}',
        "README.md": "# Größe".encode(),
        "icon.svg": b'<svg xmlns="http://www.w3.org/2000/svg"/>',
        "requirements.txt": b"requests==2.32.3\n",
    }

    checked = check_item(files)

    assert checked.problems == ()
    assert checked.definition is not None
    assert checked.definition.manifest.id == "csv-report"
    assert checked.definition.schema["type"] == "object"
    assert checked.definition.ui_schema["rows"] == {"ui:widget": "range"}
    assert checked.definition.readme == "# Größe"
    assert checked.definition.icon_svg == '<svg xmlns="http://www.w3.org/2000/svg"/>'
    assert checked.definition.requirements == b"requests==2.32.3\n"


def test_every_problem_of_every_file_is_reported_at_once(good_files: Files) -> None:
    files = {
        "manifest.yaml": good_files["manifest.yaml"] + b"timout_s: 5\n",
        "schema.json": b'{"type": "object",\n}',
        "ui_schema.json": b"[]",
        "README.md": b"\xff",
        "requirements.txt": b"requests\n",
        "icon.svg": b"GIF89a",
    }

    assert set(problems_of(files)) == {
        "manifest.yaml#/timout_s",
        "schema.json:2",
        "ui_schema.json",
        "README.md",
        "requirements.txt:1",
        "icon.svg",
    }


def test_item_without_anything_misses_manifest_and_schema() -> None:
    assert problems_of({}) == {"manifest.yaml": "is missing", "schema.json": "is missing"}


def test_two_manifests_are_one_too_many(good_files: Files) -> None:
    assert problems_of({**good_files, "manifest.json": b"{}"}) == {
        "manifest.json": "there must be one manifest, not two"
    }


def test_files_that_the_manifest_names_must_exist(good_files: Files) -> None:
    extra = b"input_schema: in.json\nui_schema: ui.json\nicon: logo.svg\n"

    problems = problems_of({**good_files, "manifest.yaml": good_files["manifest.yaml"] + extra})

    assert set(problems) == {"in.json", "ui.json", "logo.svg"}


@pytest.mark.parametrize(
    ("ui_schema", "path"),
    [
        ({"row": {}}, "#/row"),
        ({"options": {"colour": {}}}, "#/options/colour"),
        ({"list": {"items": {"nam": {}}}}, "#/list/items/nam"),
        ({"ui:order": ["rows", "row"]}, "#/ui:order/1"),
        ({"rows": "range"}, "#/rows"),
    ],
)
def test_ui_schema_naming_unknown_fields_is_refused(good_files: Files, ui_schema: Any, path: str) -> None:
    files = with_schema(good_files, FORM_SCHEMA)

    problems = problems_of({**files, "ui_schema.json": json.dumps(ui_schema).encode()})

    assert list(problems) == [f"ui_schema.json{path}"]


def test_ui_schema_may_name_every_field_that_may_exist(good_files: Files) -> None:
    ui_schema = {
        "ui:submitButtonOptions": {"norender": True},
        "rows": {"ui:help": "x"},
        "options": {"color": {}, "ui:title": "t"},
        "list": {"items": {"name": {}}},
        "a": {},
        "b": {},
        "oneOf": [{"a": {}}, {}],
        "parent": {"parent": {"rows": {}}},
    }
    files = {**with_schema(good_files, FORM_SCHEMA), "ui_schema.json": json.dumps(ui_schema).encode()}

    assert problems_of(files) == {}


FORM_SCHEMA = {
    "type": "object",
    "$defs": {"options": {"properties": {"color": {}}}},
    "properties": {
        "rows": {},
        "options": {"$ref": "#/$defs/options"},
        "list": {"type": "array", "items": {"properties": {"name": {}}}},
        "parent": {"$ref": "#"},
    },
    "oneOf": [{"properties": {"a": {}}}, {"properties": {"b": {}}}],
}


@pytest.mark.parametrize(
    "source",
    [
        "def run(inputs, ctx): ...",
        "async def run(inputs, ctx): ...",
        "def run(inputs, ctx, extra=None, *, more=1): ...",
        "def run(*args): ...",
        "def run(inputs, /, ctx): ...",
        "if True:\n    def run(inputs, ctx): ...",
        "try:\n    pass\nexcept ImportError:\n    def run(inputs, ctx): ...",
        "from package import work as run",
        "run = print",
        "def run(inputs): ...\ndef run(inputs, ctx): ...",
        "import os\nos.abort()\ndef run(inputs, ctx):\n    return '\\d'",
    ],
)
def test_entrypoint_function_that_can_be_called_is_accepted(good_files: Files, source: str) -> None:
    assert problems_of({**good_files, "main.py": source.encode()}) == {}


@pytest.mark.parametrize(
    ("source", "path", "part"),
    [
        ("def go(inputs, ctx): ...", "main.py", "does not define run(inputs, ctx)"),
        ("", "main.py", "does not define run(inputs, ctx)"),
        ("x = 1\ndef run(inputs): ...", "main.py:2", "must take two arguments: run(inputs, ctx)"),
        ("def run(inputs, ctx, more): ...", "main.py:1", "must take two arguments"),
        ("def run(inputs, ctx, *, more): ...", "main.py:1", "must take two arguments"),
        ("class run:\n    pass", "main.py:1", "not a class"),
        ("def other():\n    def run(inputs, ctx): ...", "main.py", "does not define"),
        ("x = 1\ndef run(inputs, ctx)\n", "main.py:2", "is not valid Python"),
        ("x = '\0'", "main.py", "is not valid Python"),
        ("(" * 5000, "main.py", "is not valid Python"),
    ],
)
def test_entrypoint_function_that_cannot_be_called_is_refused(
    good_files: Files, source: str, path: str, part: str
) -> None:
    problems = problems_of({**good_files, "main.py": source.encode()})

    assert [each.partition(":")[0] for each in problems] == [path.partition(":")[0]]
    assert ":" not in path or list(problems) == [path]
    assert part in next(iter(problems.values()))


def test_entrypoint_in_a_package_is_found(good_files: Files) -> None:
    manifest = good_files["manifest.yaml"].replace(b"main:run", b"tool.work:run")
    files = {**good_files, "manifest.yaml": manifest}

    assert problems_of({**files, "tool/work.py": b"def run(i, c): ..."}) == {}
    assert problems_of({**files, "tool/work/__init__.py": b"def run(i, c): ..."}) == {}
    assert list(problems_of(files)) == ["manifest.yaml#/entrypoint"]


def test_executable_entrypoint_must_exist_and_be_executable(good_files: Files) -> None:
    manifest = good_files["manifest.yaml"].replace(b"main:run", b"./bin/run")
    files = {**good_files, "manifest.yaml": manifest}

    assert list(problems_of(files)) == ["manifest.yaml#/entrypoint"]
    files["bin/run"] = b"#!/bin/sh\n"
    assert problems_of(files) == {}
    assert problems_of(files, executables=["bin/run"]) == {}
    assert "chmod +x" in problems_of(files, executables=[])["bin/run"]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("README.md", b"x" * (256 * 1024 + 1)),
        ("requirements.txt", b"#" * (512 * 1024 + 1)),
        ("ui_schema.json", b" " * (256 * 1024 + 1)),
        ("icon.svg", b"<svg>" + b" " * 40_000),
        ("icon.svg", b"<svg><script>alert(1)</script></svg>"),
        ("icon.svg", b'<!DOCTYPE svg [<!ENTITY a "b">]><svg>&a;</svg>'),
        ("main.py", b"#" * (1024 * 1024 + 1)),
    ],
)
def test_file_too_large_or_harmful_is_refused(good_files: Files, name: str, content: bytes) -> None:
    assert list(problems_of({**good_files, name: content})) == [name]


def test_emoji_icon_needs_no_file(good_files: Files) -> None:
    manifest = good_files["manifest.yaml"] + "icon: 📈\n".encode()

    checked = check_item({**good_files, "manifest.yaml": manifest})

    assert checked.definition is not None
    assert checked.definition.icon_svg is None
