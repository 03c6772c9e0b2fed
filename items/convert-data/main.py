"""Convert, check or compare JSON, YAML and TOML documents."""

from __future__ import annotations

import difflib
import json
import tempfile
from pathlib import Path
from typing import Any

from doc_diff import differences
from doc_formats import NAMES, Document, escape, read, without_dates, write
from doc_problems import DocumentError

MOST_BYTES = 5 * 1024 * 1024
MOST_SHOWN = 500
MOST_DIFF_LINES = 20_000


def run(inputs: dict[str, Any], ctx: Any) -> dict[str, Any]:
    task = {"convert": convert, "check": check, "compare": compare}[inputs.get("task", "convert")]
    return task(inputs, ctx)


def convert(inputs: dict[str, Any], ctx: Any) -> dict[str, Any]:
    document = load(inputs, ctx, "")
    target = inputs.get("target", "json")
    ctx.progress(50, f"Writing {NAMES[target]}")
    text = write(document.value, target, inputs.get("indent", 2), inputs.get("sort_keys", False))
    notes = list(document.notes)
    if target != "toml" and without_dates(document.value) != document.value:
        notes.append(f"Dates and times became texts: {NAMES[target]} has no such type.")
    file = new_file(ctx, f"{base_name(inputs)}.{target}", text)
    ctx.progress(100, f"{file.name}: {len(text.splitlines()):,} lines")
    return {
        "valid": True,
        "format": NAMES[document.format],
        "converted_to": NAMES[target],
        "file": file.name,
        "preview": text if len(text) <= 2000 else text[:2000] + "\n…",
        "notes": notes,
    }


def check(inputs: dict[str, Any], ctx: Any) -> dict[str, Any]:
    """A document with mistakes is an answer here, not a failure."""
    try:
        document = load(inputs, ctx, "")
    except DocumentError as error:
        place = {"line": error.line, "column": error.column, "path": ""}
        problem = {**place, "problem": error.problem, "excerpt": error.excerpt}
        ctx.progress(100, "Not valid")
        return {"valid": False, "format": "", "problems": [problem], "notes": []}
    problems = []
    if rules := inputs.get("rules", "").strip():
        ctx.progress(60, "Checking the rules")
        problems = broken_rules(without_dates(document.value), rules)
    ctx.progress(100, "Not valid" if problems else "Valid")
    return {
        "valid": not problems,
        "format": NAMES[document.format],
        "problems": problems,
        "notes": document.notes,
    }


def compare(inputs: dict[str, Any], ctx: Any) -> dict[str, Any]:
    first, second = load(inputs, ctx, ""), load(inputs, ctx, "other_")
    ctx.progress(50, "Comparing")
    before, after = without_dates(first.value), without_dates(second.value)
    found = list(differences(before, after))
    new_file(ctx, "differences.json", json.dumps(found, indent=2, ensure_ascii=False) + "\n")
    notes = [*first.notes, *(note for note in second.notes if note not in first.notes)]
    if (text := text_diff(first, second)) is None:
        notes.append("The documents are too long for a difference line by line.")
    else:
        new_file(ctx, "differences.diff", text)
    if len(found) > MOST_SHOWN:
        notes.append(f"Only the first {MOST_SHOWN} differences are shown; differences.json has all of them.")
    ctx.progress(100, f"{len(found):,} differences" if found else "No differences")
    return {
        "valid": True,
        "format": NAMES[first.format],
        "compared_with": NAMES[second.format],
        "equal": not found,
        "number_of_differences": len(found),
        "differences": [
            each | {"before": shown(each["before"]), "after": shown(each["after"])}
            for each in found[:MOST_SHOWN]
        ],
        "notes": notes,
    }


def load(inputs: dict[str, Any], ctx: Any, prefix: str) -> Document:
    """One of the two documents; the second one's inputs start with `other_`."""
    name = "second document" if prefix else "document"
    if inputs.get(f"{prefix}source", "paste") == "upload":
        path = Path(ctx.workdir, inputs[f"{prefix}file"])
        if path.stat().st_size > MOST_BYTES:
            raise ValueError(f"The {name} is larger than 5 MB.")
        text, file_name = decode(path.read_bytes(), name), path.name
    else:
        text, file_name = inputs[f"{prefix}text"], ""
    text = text.removeprefix("\ufeff").replace("\r\n", "\n")
    if not text.strip():
        raise ValueError(f"The {name} is empty.")
    try:
        document = read(text, inputs.get("format", "auto"), file_name)
    except DocumentError as error:
        if prefix:
            raise ValueError(f"In the second document: {error}") from error
        raise
    ctx.log(f"The {name} is {NAMES[document.format]}, {len(text.splitlines()):,} lines")
    for note in document.notes:
        ctx.log(note, level="warning")
    return document


def decode(content: bytes, name: str) -> str:
    """All three formats are UTF-8 by their standards; UTF-16 is what Windows tools write by mistake."""
    codec = "utf-16" if content[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8"
    try:
        return content.decode(codec)
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise ValueError(
            f"The {name} is not UTF-8 text: line {line} has a byte that means nothing there. "
            "Save it as UTF-8."
        ) from error


def broken_rules(value: Any, rules: str) -> list[dict[str, Any]]:
    """Where the value breaks a JSON Schema."""
    # Imported here: it takes as long as everything else together, and most runs do not need it.
    from jsonschema import SchemaError
    from jsonschema.validators import Draft202012Validator, validator_for
    from referencing import Registry
    from referencing.exceptions import Unresolvable

    try:
        schema = read(rules).value
    except DocumentError as error:
        raise ValueError(f"The JSON Schema cannot be read. {error}") from error
    if not isinstance(schema, dict | bool):
        raise ValueError("The JSON Schema must be an object.")
    kind = validator_for(schema, default=Draft202012Validator)
    try:
        kind.check_schema(schema)
    except SchemaError as error:
        raise ValueError(
            f"The JSON Schema is wrong at /{'/'.join(map(str, error.path))}: {error.message}"
        ) from error
    try:
        problems = list(kind(schema, registry=Registry()).iter_errors(value))
    except Unresolvable as error:
        raise ValueError(f"The JSON Schema refers to {error.ref}, which is not part of it.") from error
    return [
        {
            "line": None,
            "column": None,
            "path": "".join(f"/{escape(part)}" for part in problem.absolute_path) or "/",
            "problem": problem.message[:500],
            "excerpt": shown(problem.instance),
        }
        for problem in problems[:MOST_SHOWN]
    ]


def text_diff(first: Document, second: Document) -> str | None:
    """Line by line: the texts themselves when they have the same format, else both written as YAML."""
    before, after = first.text, second.text
    if first.format != second.format:
        before, after = write(first.value, "yaml"), write(second.value, "yaml")
    lines = before.splitlines(), after.splitlines()
    if max(map(len, lines)) > MOST_DIFF_LINES:
        return None
    return "\n".join([*difflib.unified_diff(*lines, "first", "second", lineterm=""), ""])


def shown(value: Any) -> Any:
    """A value for a cell of a table: lists and mappings as short text."""
    if isinstance(value, dict | list):
        value = json.dumps(value, ensure_ascii=False)
    return value[:199] + "…" if isinstance(value, str) and len(value) > 200 else value


def base_name(inputs: dict[str, Any]) -> str:
    return Path(inputs["file"]).stem if inputs.get("source") == "upload" else "document"


def new_file(ctx: Any, name: str, text: str) -> Path:
    """A file for people to download, in a folder of its own so that it cannot overwrite an upload."""
    path = Path(tempfile.mkdtemp(dir=ctx.workdir), name)
    path.write_text(text, encoding="utf-8")
    ctx.artifact(path)
    return path
