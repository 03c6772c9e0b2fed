"""An item's `requirements.txt`: exact pins from the package index, and nothing that runs or wanders."""

from __future__ import annotations

import re
from collections.abc import Iterator

from portal.errors import Problem

MAX_REQUIREMENTS_BYTES = 512 * 1024

_NAME = r"(?P<name>[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?)"
_EXTRAS = r"(\[\s*[A-Za-z0-9._-]+(\s*,\s*[A-Za-z0-9._-]+)*\s*\])?"
_VERSION = r"[0-9A-Za-z]([0-9A-Za-z.!+_-]*[0-9A-Za-z])?"
_PIN = re.compile(rf"{_NAME}\s*{_EXTRAS}\s*==\s*{_VERSION}(\s*;(?P<marker>.+))?")
_MARKER = re.compile(r"[\w\s.'\"()<>=!~,+*-]+", re.ASCII)
_HASH = re.compile(r"sha(256:[0-9a-f]{64}|384:[0-9a-f]{96}|512:[0-9a-f]{128})")
_HASH_OPTION = re.compile(r"\s--hash[=\s]")
_COMMENT = re.compile(r"(^|\s)#.*$")


def check_requirements(content: bytes, filename: str = "requirements.txt") -> list[Problem]:
    """Return what is wrong with a requirements file, each with its line; [] when it is good.

    Accepted are `name==version` with extras, markers and `--hash` options, continued lines and comments.
    With one `--hash` every requirement needs one, as the installer demands.
    """
    if len(content) > MAX_REQUIREMENTS_BYTES:
        return [Problem(filename, f"is larger than {MAX_REQUIREMENTS_BYTES} bytes")]
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        bad = content.count(b"\n", 0, error.start) + 1
        return [Problem(f"{filename}:{bad}", "is not UTF-8 text")]
    problems: list[Problem] = []
    hashed: list[int] = []
    unhashed: list[int] = []
    seen: dict[tuple[str, str], int] = {}
    for number, line in _logical_lines(text):
        requirement, *hashes = _HASH_OPTION.split(line)
        match = _PIN.fullmatch(requirement.strip())
        if wrong := _line_problem(requirement.strip(), match, hashes):
            problems.append(Problem(f"{filename}:{number}", wrong))
        elif match:
            name = re.sub(r"[-_.]+", "-", match["name"]).lower()
            first = seen.setdefault((name, (match["marker"] or "").strip()), number)
            if first != number:
                problems.append(Problem(f"{filename}:{number}", f"{name} is given in line {first} already"))
            (hashed if hashes else unhashed).append(number)
    if hashed:
        problems += [Problem(f"{filename}:{each}", "needs a --hash, as others have one") for each in unhashed]
    return problems


def _line_problem(requirement: str, match: re.Match[str] | None, hashes: list[str]) -> str | None:
    if requirement.startswith("-"):
        return f"options such as {requirement.split()[0][:30]} are not allowed"
    if "://" in requirement or " @ " in requirement:
        return "must be a package of the index, not an address"
    if match is None:
        name = re.match(_NAME, requirement)
        return f"must be an exact pin, such as {name['name'] if name else 'name'}==1.2.3"
    if match["marker"] is not None and not _MARKER.fullmatch(match["marker"].strip()):
        return "has a marker that cannot be read"
    if not all(_HASH.fullmatch(each.strip()) for each in hashes):
        return "has a --hash that is not sha256, sha384 or sha512 in hexadecimal"
    return None


def _logical_lines(text: str) -> Iterator[tuple[int, str]]:
    """Yield the requirements with the number of their first line, continued lines joined."""
    started, parts = 0, list[str]()
    for number, line in enumerate([*text.splitlines(), ""], start=1):
        plain = _COMMENT.sub("", line).rstrip()
        if not parts:
            started = number
        if plain.endswith("\\"):
            parts.append(plain[:-1])
            continue
        joined = " ".join([*parts, plain]).strip()
        parts = []
        if joined:
            yield started, joined
