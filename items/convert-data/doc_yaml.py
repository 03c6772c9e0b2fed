"""YAML 1.2 from the parser's events.

PyYAML knows YAML 1.1, in which `no` is false, `012` is ten and `1:30` is ninety. Here its parser only says
where things begin and end; what they mean follows the core schema of YAML 1.2. The events are worked off
without recursion, so neither depth nor aliases can exhaust the machine.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, field
from typing import Any

import yaml
from doc_problems import DocumentError

MOST_LEVELS = 100
MOST_VALUES = 1_000_000
MOST_NOTES = 20

# The C parser is six times as fast; it may be missing on unusual platforms.
PARSER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
OLD_RULES = yaml.resolver.Resolver()

_INTEGER = re.compile(r"[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_INFINITY = re.compile(r"[-+]?\.(inf|Inf|INF)")
_WORDS: dict[str, Any] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL")),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
    **dict.fromkeys((".nan", ".NaN", ".NAN"), math.nan),
}
_TAG = "tag:yaml.org,2002:"


def meaning(plain: str) -> Any:
    """The value of a scalar without quotes by the core schema of YAML 1.2."""
    if plain in _WORDS:
        return _WORDS[plain]
    if _INTEGER.fullmatch(plain):
        return int(plain, 0) if plain.startswith("0o") or plain.startswith("0x") else int(plain)
    if _FLOAT.fullmatch(plain):
        return float(plain)
    if _INFINITY.fullmatch(plain):
        return -math.inf if plain[0] == "-" else math.inf
    return plain


@dataclass
class _Open:
    """A sequence or mapping whose end has not come yet."""

    value: list[Any] | dict[str, Any]
    anchor: str | None
    size: int = 1
    key: str | None = None
    merges: list[dict[str, Any]] = field(default_factory=list)
    first_lines: dict[str, int] = field(default_factory=dict)


def parse_yaml(text: str) -> tuple[Any, list[str]]:
    """The document's value and notes about places that other tools may read differently."""
    reader = _Reader(text)
    try:
        for event in yaml.parse(text, Loader=PARSER):
            reader.take(event)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise DocumentError(
            _in_plain_words(error, text, mark), text, mark.line + 1, mark.column + 1
        ) from error
    except yaml.reader.ReaderError as error:
        raise DocumentError.at(
            "There is a character that YAML does not allow.", text, error.position
        ) from error
    if len(reader.documents) > 1:
        reader.notes.append(f"The file holds {len(reader.documents)} documents; they were read as a list.")
        return reader.documents, reader.notes
    return (reader.documents[0] if reader.documents else None), reader.notes


def _in_plain_words(error: yaml.MarkedYAMLError, text: str, mark: yaml.Mark) -> str:
    lines = text.splitlines()
    line = lines[mark.line] if mark.line < len(lines) else ""
    if "\t" in line[: len(line) - len(line.lstrip())]:
        return "The line is indented with a tab. YAML allows only spaces there."
    problem = (error.problem or "the structure is broken").capitalize()
    return f"{problem} ({error.context})." if error.context else f"{problem}."


class _Reader:
    """Puts values together, event by event."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.documents: list[Any] = []
        self.notes: list[str] = []
        self._open: list[_Open] = []
        self._anchors: dict[str, tuple[Any, int]] = {}
        self._values = 0

    def take(self, event: yaml.Event) -> None:
        if isinstance(event, yaml.DocumentStartEvent):
            self._anchors.clear()
        elif isinstance(event, yaml.ScalarEvent):
            value = self._scalar(event)
            if event.anchor:
                self._anchors[event.anchor] = value, 1
            self._put(value, 1, event)
        elif isinstance(event, yaml.AliasEvent):
            self._alias(event)
        elif isinstance(event, yaml.CollectionStartEvent):
            self._begin(event)
        elif isinstance(event, yaml.CollectionEndEvent):
            self._end(event)

    def _fail(self, problem: str, event: yaml.Event) -> DocumentError:
        mark = event.start_mark
        return DocumentError(problem, self.text, mark.line + 1, mark.column + 1)

    def _note(self, text: str) -> None:
        if len(self.notes) < MOST_NOTES:
            self.notes.append(text)

    def _scalar(self, event: yaml.ScalarEvent) -> Any:
        tag = (event.tag or "").removeprefix(_TAG)
        line = event.start_mark.line + 1
        if tag in ("", "!"):
            if tag == "!" or event.style:
                return event.value
            try:
                value = meaning(event.value)
            except ValueError as error:  # more digits than Python converts
                raise self._fail("The number has too many digits.", event) from error
            if note := _otherwise(event.value, value):
                self._note(f"Line {line}: {note}")
            return value
        if tag == "str":
            return event.value
        if tag in ("int", "float", "bool", "null"):
            value = meaning(event.value)
            if not isinstance(value, str):
                return float(value) if tag == "float" else value
        raise self._fail(
            f"The tag “{event.tag}” is not supported: JSON and TOML have nothing like it.", event
        )

    def _alias(self, event: yaml.AliasEvent) -> None:
        if any(part.anchor == event.anchor for part in self._open):
            raise self._fail(
                f"“*{event.anchor}” stands inside of what it refers to and would never end.", event
            )
        if event.anchor not in self._anchors:
            raise self._fail(f"“*{event.anchor}” refers to an anchor that does not exist.", event)
        self._put(*self._anchors[event.anchor], event)

    def _begin(self, event: yaml.CollectionStartEvent) -> None:
        if event.tag and event.tag not in ("!", f"{_TAG}map", f"{_TAG}seq"):
            problem = f"The tag “{event.tag}” is not supported: JSON and TOML have nothing like it."
            raise self._fail(problem, event)
        if len(self._open) >= MOST_LEVELS:
            raise self._fail(f"The document is nested more than {MOST_LEVELS} levels deep.", event)
        if self._open and isinstance(self._open[-1].value, dict) and self._open[-1].key is None:
            raise self._fail(
                "A list or mapping cannot be a key here: JSON and TOML only have texts as keys.", event
            )
        self._open.append(_Open({} if isinstance(event, yaml.MappingStartEvent) else [], event.anchor))

    def _end(self, event: yaml.Event) -> None:
        done = self._open.pop()
        if isinstance(done.value, dict):
            for merged in done.merges:
                done.value.update({key: each for key, each in merged.items() if key not in done.value})
        if done.anchor:
            self._anchors[done.anchor] = done.value, done.size
        self._put(done.value, done.size, event)

    def _put(self, value: Any, size: int, event: yaml.Event) -> None:
        """Hand a finished value to what it belongs to."""
        if not self._open:
            self.documents.append(value)
            return
        parent = self._open[-1]
        parent.size += size
        if parent.size > MOST_VALUES:
            raise self._fail(
                f"With its aliases written out, the document has over {MOST_VALUES:,} values.", event
            )
        if isinstance(parent.value, list):
            parent.value.append(value)
        elif parent.key is None:
            parent.key = self._key(value, event, parent)
        elif parent.key == "<<" and isinstance(value, dict | list):
            parts = value if isinstance(value, list) else [value]
            if not all(isinstance(part, dict) for part in parts):
                raise self._fail("“<<” can only merge mappings.", event)
            parent.merges += parts
            parent.key = None
        else:
            parent.value[parent.key] = value
            parent.key = None

    def _key(self, value: Any, event: yaml.Event, parent: _Open) -> str:
        line = event.start_mark.line + 1
        key = event.value if isinstance(event, yaml.ScalarEvent) else value
        if not isinstance(key, str):
            raise self._fail("A list, mapping or number cannot be a key here: only texts can.", event)
        if key in parent.first_lines and key != "<<":
            raise self._fail(f"The key “{key}” is already in line {parent.first_lines[key]}.", event)
        if not isinstance(value, str):
            self._note(f'Line {line}: the key {key} is a text in JSON and TOML: "{key}".')
        parent.first_lines[key] = line
        return key


def _otherwise(plain: str, value: Any) -> str | None:
    """What tools with the old rules of YAML 1.1 make of a scalar, when that is something else."""
    kind = OLD_RULES.resolve(yaml.ScalarNode, plain, (True, False)).removeprefix(_TAG)
    if kind == "merge":
        return None
    if isinstance(value, str) and kind in ("bool", "int", "float", "timestamp", "null"):
        meant = {"bool": "true or false", "timestamp": "a date", "null": "null"}.get(kind, "a number")
        return f"{plain} is a text; older tools (YAML 1.1) read it as {meant}. Put it in quotes to be sure."
    if isinstance(value, int) and not isinstance(value, bool) and re.fullmatch(r"[-+]?0[0-7]+", plain):
        return f"{plain} is the number {value}; older tools (YAML 1.1) read it as {int(plain, 8)}."
    return None
