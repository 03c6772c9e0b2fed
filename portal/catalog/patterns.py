"""Regular expressions of schemas, matched in time linear in the text, whatever the pattern.

Python's `re` can take hours for a few dozen characters (`^(a+)+$`), and one such pattern in one item would
stop the portal. The engine in here is Rust's `regex`, which pydantic brings along; it has no look-around and
no back-references, so those are refused when an item is published.
"""

from __future__ import annotations

from functools import lru_cache

from pydantic_core import SchemaError, SchemaValidator, core_schema

MAX_PATTERN_LENGTH = 2000


def pattern_problem(pattern: str) -> str | None:
    """Return why `pattern` can't be used, or None."""
    if len(pattern) > MAX_PATTERN_LENGTH:
        return f"is a pattern of more than {MAX_PATTERN_LENGTH} characters"
    try:
        _compiled(pattern)
    except SchemaError as error:
        reason = str(error).strip().splitlines()[-1].removeprefix("error: ").strip()
        return f"is not a pattern the portal can use: {reason}"
    return None


def matches(pattern: str, text: str) -> bool:
    """Return whether `pattern`, which has no problem, is found anywhere in `text`."""
    return _compiled(pattern).isinstance_python(text)


@lru_cache(maxsize=1024)
def _compiled(pattern: str) -> SchemaValidator:
    return SchemaValidator(core_schema.str_schema(pattern=pattern, strict=True))
