"""The three formats: reading with exact messages, and writing."""

from __future__ import annotations

import json
import math
import re
import tomllib
from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import PurePath
from typing import Any

import tomli_w
import yaml
from doc_problems import DocumentError
from doc_yaml import MOST_LEVELS, meaning, parse_yaml

NAMES = {"json": "JSON", "yaml": "YAML", "toml": "TOML"}
ENDINGS = {".json": "json", ".yaml": "yaml", ".yml": "yaml", ".toml": "toml"}


@dataclass(frozen=True)
class Document:
    """A document that could be read."""

    format: str
    text: str
    value: Any
    notes: list[str]


def read(text: str, wanted: str = "auto", file_name: str = "") -> Document:
    """Parse a document. `wanted` is a format or `auto`. Raises DocumentError with the place of a mistake."""
    format_ = wanted if wanted != "auto" else ENDINGS.get(PurePath(file_name).suffix.lower()) or detect(text)
    value, notes = {"json": parse_json, "yaml": parse_yaml, "toml": parse_toml}[format_](text)
    if wanted == "auto" and format_ == "yaml" and isinstance(value, str):
        raise DocumentError("This is plain text, neither JSON nor YAML nor TOML.", text, 1, 1)
    if format_ != "json" and re.search(r"^\s*#", text, re.MULTILINE):
        notes.append("Comments are not carried over into other formats.")
    return Document(format_, text, value, notes)


_TOML_KEY = r"""(?:[\w.-]+|"[^"\n]*"|'[^'\n]*')[ \t]*="""
_TOML_TABLE = r"""\[\[?[ \t]*[\w."' \t-]+\]\]?[ \t]*(#.*)?$"""


def detect(text: str) -> str:
    """The most likely format, by how a document starts and what its lines look like."""
    start = re.sub(r"\A(\s|//.*|/\*[\s\S]*?\*/|#.*)+", "", text)
    table = re.match(_TOML_TABLE, start, re.MULTILINE) and re.search(rf"^\s*{_TOML_KEY}", start, re.MULTILINE)
    if table or re.match(_TOML_KEY, start):
        return "toml"
    if start.startswith(("{", "[")) or re.fullmatch(r'("[^"\n]*"|-?\d[\d.eE+-]*|true|false|null)\s*', start):
        return "json"
    return "yaml"


def parse_json(text: str) -> tuple[Any, list[str]]:
    """JSON as RFC 8259 has it: no comments, no trailing commas, no NaN, no key twice."""

    def pairs(items: list[tuple[str, Any]]) -> dict[str, Any]:
        found = dict(items)
        if len(found) < len(items):
            raise _RepeatedKeyError
        return found

    def constant(name: str) -> None:
        place = next(token for token in _json_tokens(text) if token[0].lstrip("-") == name.lstrip("-"))
        raise DocumentError.at(f"{name} is not a JSON value. Use null or a text.", text, place.start())

    def number(digits: str) -> float:
        value = float(digits)
        if math.isinf(value):
            place = next(token for token in _json_tokens(text) if token[0] == digits)
            raise DocumentError.at(f"The number {digits[:40]} is too large.", text, place.start())
        return value

    try:
        value = json.loads(text, object_pairs_hook=pairs, parse_constant=constant, parse_float=number)
    except json.JSONDecodeError as error:
        raise DocumentError.at(_json_mistake(error, text), text, _json_place(error, text)) from error
    except _RepeatedKeyError:
        raise _repeated_key(text) from None
    except RecursionError as error:
        raise DocumentError(
            f"The document is nested more than {MOST_LEVELS} levels deep.", text, 1, 1
        ) from error
    except DocumentError:
        raise
    except ValueError as error:
        raise DocumentError("A number has too many digits.", text, 1, 1) from error
    check_depth(value, text)
    return value, []


class _RepeatedKeyError(Exception):
    """Some object has a key twice; the decoder cannot say where."""


def _json_tokens(text: str) -> Any:
    return re.finditer(r'"(?:[^"\\]|\\.)*"|[{}\[\]:,]|[^\s{}\[\]:,"]+', text)


def _repeated_key(text: str) -> DocumentError:
    """Find the first key that its object has already; the text is known to be JSON apart from that."""
    seen: list[dict[str, int] | None] = []
    key: re.Match[str] | None = None
    for token in _json_tokens(text):
        mark = token[0]
        if mark in "{[":
            seen.append({} if mark == "{" else None)
        elif mark in "}]":
            seen.pop()
        elif mark == ":" and key and seen and seen[-1] is not None:
            name, line = json.loads(key[0]), text.count("\n", 0, key.start()) + 1
            if name in seen[-1]:
                return DocumentError.at(
                    f"The key “{name}” is already in line {seen[-1][name]}.", text, key.start()
                )
            seen[-1][name] = line
        key = token if mark.startswith('"') else None
    return DocumentError("A key occurs twice.", text, 1, 1)


def _json_place(error: json.JSONDecodeError, text: str) -> int:
    """Where the mistake is for people: at the comma that is too much, not behind it."""
    before = text[: error.pos].rstrip()
    return len(before) - 1 if before.endswith(",") and text[error.pos : error.pos + 1] in "}]" else error.pos


def _json_mistake(error: json.JSONDecodeError, text: str) -> str:
    rest = text[error.pos :].lstrip()
    before = text[: error.pos].rstrip()
    if before.endswith(",") and rest[:1] in ("}", "]"):
        return f"There is a comma before “{rest[0]}”. JSON does not allow a comma after the last entry."
    if rest.startswith(("//", "/*", "#")):
        return "JSON does not allow comments."
    if rest.startswith("'"):
        return 'Texts need double quotes (") in JSON, not single ones.'
    if not rest:
        return "The document ends too early: a bracket or quotation mark is not closed."
    if error.msg.startswith("Expecting property name"):
        return "A key in double quotes is missing here."
    if error.msg.startswith("Expecting ',' delimiter"):
        return "A comma is missing here, or a bracket or quotation mark before it is not closed."
    if error.msg.startswith("Expecting ':' delimiter"):
        return "A colon is missing between a key and its value."
    if error.msg.startswith("Extra data"):
        return "The document is complete before this point; nothing may follow."
    if error.msg.startswith("Expecting value"):
        return "A value is missing here, or a text has no quotation marks."
    return f"{error.msg}."


def parse_toml(text: str) -> tuple[Any, list[str]]:
    try:
        value = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        found = re.fullmatch(
            r"(.*) \(at (?:line (\d+), column (\d+)|end of document)\)", str(error), re.DOTALL
        )
        problem = f"{found[1] if found else error}."
        if found and found[2]:
            raise DocumentError(problem, text, int(found[2]), int(found[3])) from error
        raise DocumentError.at(f"{problem} The document ends too early.", text, len(text.rstrip())) from error
    except (RecursionError, ValueError) as error:
        problem = f"The document is nested too deeply or has a number that is too long: {error}."
        raise DocumentError(problem, text, 1, 1) from error
    check_depth(value, text)
    return value, []


def check_depth(value: Any, text: str) -> None:
    level, depth = [value], 0
    while level := [
        inner
        for each in level
        if isinstance(each, dict | list)
        for inner in (each.values() if isinstance(each, dict) else each)
    ]:
        depth += 1
        if depth > MOST_LEVELS:
            raise DocumentError(f"The document is nested more than {MOST_LEVELS} levels deep.", text, 1, 1)


def write(value: Any, format_: str, indent: int = 2, sort_keys: bool = False) -> str:
    """A value as text. Raises ValueError, naming the path, when the format cannot hold it."""
    if format_ == "toml":
        return _write_toml(value, indent, sort_keys)
    plain = without_dates(value)
    if format_ == "json":
        if path := find(plain, lambda each: isinstance(each, float) and not math.isfinite(each)):
            raise ValueError(f"JSON has no infinite numbers and no NaN, but there is one at {path}.")
        return json.dumps(plain, indent=indent or None, sort_keys=sort_keys, ensure_ascii=False) + "\n"
    return yaml.dump(
        plain,
        Dumper=_Dumper,
        indent=max(indent, 2),
        sort_keys=sort_keys,
        allow_unicode=True,
        default_flow_style=False,
        width=100,
    )


def _write_toml(value: Any, indent: int, sort_keys: bool) -> str:
    if not isinstance(value, dict):
        kind = "a list" if isinstance(value, list) else "a single value"
        raise ValueError(f"A TOML document is a table of keys and values, but this one is {kind} at the top.")
    if path := find(value, lambda each: each is None):
        raise ValueError(f"TOML has no null, but there is one at {path}. Remove the key or give it a value.")
    if path := find(value, lambda each: type(each) is int and not -(2**63) <= each < 2**63):
        raise ValueError(f"TOML only has whole numbers of 64 bits; the one at {path} is larger.")
    return tomli_w.dumps(_sorted(value) if sort_keys else value, indent=indent)


def _sorted(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _sorted(value[key]) for key in sorted(value)}
    return [_sorted(each) for each in value] if isinstance(value, list) else value


def without_dates(value: Any) -> Any:
    """The value with dates and times, which only TOML has, as texts."""
    if isinstance(value, dict):
        return {key: without_dates(each) for key, each in value.items()}
    if isinstance(value, list):
        return [without_dates(each) for each in value]
    return value.isoformat() if isinstance(value, date | datetime | time) else value


def find(value: Any, wanted: Any, path: str = "") -> str | None:
    """The JSON Pointer of the first part for which `wanted` is true; `/` stands for the whole."""
    if wanted(value):
        return path or "/"
    parts = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, each in parts:
        if found := find(each, wanted, f"{path}/{escape(key)}"):
            return found
    return None


def escape(key: object) -> str:
    """A key as a part of a JSON Pointer."""
    return str(key).replace("~", "~0").replace("/", "~1")


class _Dumper(yaml.SafeDumper):
    """Quotes what either YAML 1.1 or 1.2 would take for something else than text; writes out all aliases."""

    def ignore_aliases(self, data: Any) -> bool:
        return True

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        super().increase_indent(flow, False)


def _text(dumper: _Dumper, value: str) -> yaml.ScalarNode:
    style = None
    if "\n" in value and not re.search(r"[ \t]\n|^[ \n]|[^\n\t\x20-\x7e\xa0-\ud7ff\ue000-\ufffd]", value):
        style = "|"
    elif not isinstance(meaning_or_text(value), str):
        style = "'"
    return dumper.represent_scalar("tag:yaml.org,2002:str", value, style=style)


def meaning_or_text(value: str) -> Any:
    try:
        return meaning(value)
    except ValueError:
        return 0  # a number with too many digits: not a text


_Dumper.add_representer(str, _text)
