"""Reading JSON and YAML that authors wrote: strictly, safely, with the place of every fault."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import yaml

from portal.catalog.pointers import join
from portal.errors import InvalidError, Problem

_TOO_DEEP = "is nested too deeply"
_YAML_TAGS = {f"tag:yaml.org,2002:{name}" for name in ("str", "int", "float", "bool", "null", "seq", "map")}
_TIMESTAMP_TAG = "tag:yaml.org,2002:timestamp"


@dataclass(frozen=True)
class Document:
    """A document's value, how its plain scalars are written (by JSON Pointer), and its lesser faults."""

    value: Any
    written: Mapping[str, str] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()


def parse_json(content: bytes, filename: str) -> Document:
    """Return a JSON document; raise `InvalidError` when it is none. Keys given twice are its `problems`."""
    repeated: list[Problem] = []

    def build(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        keys = [key for key, _ in pairs]
        twice = sorted({key for key in keys if keys.count(key) > 1}) if len(set(keys)) < len(keys) else []
        repeated.extend(Problem(filename, f"{key!r} is given twice") for key in twice)
        return dict(pairs)

    def refuse(name: str) -> Any:
        raise ValueError(f"{name} is not JSON")

    text = _decode(content, filename)
    try:
        value = json.loads(text, object_pairs_hook=build, parse_constant=refuse, parse_float=_finite_number)
        _refuse_half_characters(value)
    except json.JSONDecodeError as error:
        raise _unreadable(f"{filename}:{error.lineno}", f"is not valid JSON: {error.msg}") from None
    except ValueError as error:
        raise _unreadable(filename, f"is not valid JSON: {error}") from None
    except RecursionError:
        raise _unreadable(filename, _TOO_DEEP) from None
    return Document(value, problems=tuple(repeated))


def parse_yaml(content: bytes, filename: str) -> Document:
    """Return a YAML document; raise `InvalidError` when it is none, or uses anchors, aliases or tags.

    Dates stay text. Keys given twice are the document's `problems`, each with its line.
    """
    text = _decode(content, filename)
    try:
        loader = _PlainLoader(text)
        try:
            node = loader.get_single_node()
            building = _Building(loader, filename)
            value = None if node is None else building.value(node, "")
            _refuse_half_characters(value)
        finally:
            loader.dispose()
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        where = f"{filename}:{mark.line + 1}" if mark else filename
        raise _unreadable(where, f"is not valid YAML: {error.problem or error.context}") from None
    except yaml.reader.ReaderError as error:
        line = text.count("\n", 0, int(error.position)) + 1
        raise _unreadable(f"{filename}:{line}", "has a character that YAML does not allow") from None
    except ValueError as error:
        raise _unreadable(filename, f"is not valid YAML: {error}") from None
    except RecursionError:
        raise _unreadable(filename, _TOO_DEEP) from None
    return Document(value, building.written, tuple(building.problems))


def _finite_number(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise ValueError(f"{text} is too large a number")
    return number


def _refuse_half_characters(value: Any) -> None:
    """Raise `ValueError` when an escape such as `\\ud800` left text that UTF-8 cannot hold."""
    try:
        json.dumps(value, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        raise ValueError("it has an escape for half of a character") from None


def _decode(content: bytes, filename: str) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise _unreadable(f"{filename}:{line}", "is not UTF-8 text") from None


def _unreadable(path: str, message: str) -> InvalidError:
    return InvalidError(f"{path} {message}.", [Problem(path, message)])


class _PlainLoader(yaml.SafeLoader):
    """YAML without anchors and aliases: a document of a few lines can't unfold into gigabytes."""

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        event = self.peek_event()  # type: ignore[no-untyped-call]
        if getattr(event, "anchor", None) is not None:
            raise yaml.composer.ComposerError(
                None, None, "anchors (&) and aliases (*) are not allowed", event.start_mark
            )
        return super().compose_node(parent, index)


class _Building:
    """Turns the nodes of one document into values."""

    def __init__(self, loader: _PlainLoader, filename: str) -> None:
        self.loader = loader
        self.filename = filename
        self.written: dict[str, str] = {}
        self.problems: list[Problem] = []

    def value(self, node: yaml.Node, pointer: str) -> Any:
        if node.tag not in _YAML_TAGS | {_TIMESTAMP_TAG}:
            raise yaml.constructor.ConstructorError(
                None, None, f"the tag {node.tag!r} is not allowed", node.start_mark
            )
        if isinstance(node, yaml.MappingNode):
            return self.mapping(node, pointer)
        if isinstance(node, yaml.SequenceNode):
            return [self.value(item, join(pointer, index)) for index, item in enumerate(node.value)]
        if isinstance(node, yaml.ScalarNode) and node.style is None:
            self.written[pointer] = node.value
        return self.scalar(node)

    def scalar(self, node: yaml.Node) -> Any:
        if node.tag == _TIMESTAMP_TAG:
            return node.value
        try:
            return self.loader.construct_object(node)
        except ValueError:
            raise yaml.constructor.ConstructorError(
                None, None, f"{node.value[:40]!r} cannot be read", node.start_mark
            ) from None

    def mapping(self, node: yaml.MappingNode, pointer: str) -> dict[str, Any]:
        result: dict[str, Any] = {}
        for key_node, value_node in node.value:
            if not isinstance(key_node, yaml.ScalarNode):
                raise yaml.constructor.ConstructorError(
                    None, None, "a key must be plain text", key_node.start_mark
                )
            key = key_node.value
            if key in result:
                line = key_node.start_mark.line + 1
                self.problems.append(Problem(f"{self.filename}:{line}", f"{key!r} is given twice"))
                continue
            result[key] = self.value(value_node, join(pointer, key))
        return result
