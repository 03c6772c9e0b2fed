"""Makes names that items chose for their files fit to be stored and downloaded anywhere."""

from __future__ import annotations

import re
import unicodedata

_MAX_CHARACTERS = 120
_MAX_BYTES = 200  # file systems end at 255, and whoever stores the file may want to add something
_FORBIDDEN = re.compile(r'[<>:"|?*]')
_DEVICE = re.compile(r"(con|prn|aux|nul|com[0-9]|lpt[0-9])(\.|$)", re.IGNORECASE)


def clean_name(name: str) -> str:
    """One path component, never empty: NFC, at most 120 characters, no separator, control or leading dot."""
    name = unicodedata.normalize("NFC", name)
    name = re.split(r"[/\\]", name.rstrip("/\\"))[-1]
    name = "".join(
        char for char in name if unicodedata.category(char)[0] != "C" and char not in "\u2028\u2029"
    )
    name = _FORBIDDEN.sub("_", name).strip().lstrip(". ").rstrip(". ")
    if _DEVICE.match(name):
        name = "_" + name
    return _shorten(name) or "file"


def unique_name(name: str, taken: set[str]) -> str:
    """`name`, or `name (2)`, `name (3)` … before its suffix. Adds it to `taken`; case makes no difference."""
    stem, suffix = _split(name)
    number, candidate = 1, name
    while candidate.casefold() in taken:
        number += 1
        tail = f" ({number}){suffix}"
        candidate = _cut(stem, tail) + tail
    taken.add(candidate.casefold())
    return candidate


def _shorten(name: str) -> str:
    stem, suffix = _split(name)
    return _cut(stem, suffix) + suffix


def _cut(stem: str, tail: str) -> str:
    """The part of `stem` that leaves room for `tail`."""
    stem = stem[: max(1, _MAX_CHARACTERS - len(tail))]
    room = max(4, _MAX_BYTES - len(tail.encode()))
    return stem.encode()[:room].decode(errors="ignore").rstrip(". ")


def _split(name: str) -> tuple[str, str]:
    stem, dot, suffix = name.rpartition(".")
    # A long or many-byte "suffix" is none.
    return (stem, dot + suffix) if stem and len(suffix.encode()) <= 16 else (name, "")
