"""The kinds of value that a manifest holds, each with its check."""

from __future__ import annotations

import re
from typing import Annotated

import semver
from pydantic import AfterValidator, Field, StrictFloat, StrictInt, StrictStr, StringConstraints

ITEM_ID_PATTERN = r"^[a-z0-9][a-z0-9-]{1,62}$"
_NAME = r"[A-Za-z_][A-Za-z0-9_]*"
_ENTRYPOINT = re.compile(
    rf"{_NAME}(\.{_NAME})*:{_NAME}|\./[A-Za-z0-9_][A-Za-z0-9_.-]*(/[A-Za-z0-9_][A-Za-z0-9_.-]*)*"
)
_HOST_AND_PORT = re.compile(
    r"(?=.{1,253}:)[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?(\.[A-Za-z0-9-]+)*:(?P<port>[0-9]{1,5})"
)


def is_semantic_version(text: str) -> bool:
    """Return whether `text` is a SemVer 2 version of at most 64 characters."""
    # The library's pattern would let a final line break and foreign digits pass.
    plain = len(text) <= 64 and text.isascii() and text.isprintable()
    return plain and semver.Version.is_valid(text)


def _semantic_version(value: str) -> str:
    if not is_semantic_version(value):
        raise ValueError
    return value


def _entrypoint(value: str) -> str:
    if not _ENTRYPOINT.fullmatch(value):
        raise ValueError
    return value


def _host_and_port(value: str) -> str:
    match = _HOST_AND_PORT.fullmatch(value)
    if not match or not 1 <= int(match["port"]) <= 65535:
        raise ValueError
    return value


def one_line(value: str) -> str:
    """Return `value` if it is one visible line; raise `ValueError` otherwise."""
    if not value.isprintable() or not value.strip():
        raise ValueError
    return value


def distinct(values: tuple[str, ...]) -> tuple[str, ...]:
    """Return `values` if none stands there twice; raise `ValueError` otherwise."""
    if len(set(values)) < len(values):
        raise ValueError
    return values


ItemId = Annotated[StrictStr, StringConstraints(pattern=ITEM_ID_PATTERN)]
SemanticVersion = Annotated[StrictStr, AfterValidator(_semantic_version)]
Entrypoint = Annotated[StrictStr, AfterValidator(_entrypoint)]
Line = Annotated[StrictStr, StringConstraints(max_length=100), AfterValidator(one_line)]
Tag = Annotated[StrictStr, StringConstraints(max_length=40), AfterValidator(one_line)]
Lines = Annotated[tuple[Line, ...], Field(max_length=50), AfterValidator(distinct)]
ErrorKind = Annotated[StrictStr, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
SecretName = Annotated[StrictStr, StringConstraints(pattern=r"^[A-Za-z_][A-Za-z0-9_.-]{0,99}$")]
HostAndPort = Annotated[StrictStr, AfterValidator(_host_and_port)]
Number = StrictInt | StrictFloat
JsonFilename = Annotated[StrictStr, StringConstraints(pattern=r"^[A-Za-z0-9_][A-Za-z0-9_.-]{0,94}\.json$")]
