"""What differs between two values, by JSON Pointer."""

from __future__ import annotations

import json
from collections.abc import Iterator
from difflib import SequenceMatcher
from typing import Any

from doc_formats import escape

LONGEST_LIST = 2000  # longer ones are compared place by place: matching them would take too long


def differences(before: Any, after: Any, path: str = "") -> Iterator[dict[str, Any]]:
    """Every difference as {path, change, before, after}, in the order of the documents."""
    if isinstance(before, dict) and isinstance(after, dict):
        for key in [*before, *(key for key in after if key not in before)]:
            place = f"{path}/{escape(key)}"
            if key not in after:
                yield _change(place, "removed", before[key], None)
            elif key not in before:
                yield _change(place, "added", None, after[key])
            else:
                yield from differences(before[key], after[key], place)
    elif isinstance(before, list) and isinstance(after, list):
        yield from _list_differences(before, after, path)
    elif not _same(before, after):
        yield _change(path or "/", "changed", before, after)


def _list_differences(before: list[Any], after: list[Any], path: str) -> Iterator[dict[str, Any]]:
    """Entries that moved up or down because of others are no difference.

    Removed entries are named by their place in the old list, the others by their place in the new one.
    """
    if max(len(before), len(after)) <= LONGEST_LIST:
        old, new = ([json.dumps(each, sort_keys=True) for each in side] for side in (before, after))
        blocks = SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
    else:
        blocks = [("replace", 0, len(before), 0, len(after))]
    for kind, old_start, old_end, new_start, new_end in blocks:
        if kind == "equal":
            continue
        both = min(old_end - old_start, new_end - new_start)
        for step in range(both):
            place = f"{path}/{new_start + step}"
            yield from differences(before[old_start + step], after[new_start + step], place)
        for index in range(old_start + both, old_end):
            yield _change(f"{path}/{index}", "removed", before[index], None)
        for index in range(new_start + both, new_end):
            yield _change(f"{path}/{index}", "added", None, after[index])


def _same(before: Any, after: Any) -> bool:
    """1 and 1.0 are the same number, but 1, true and "1" are three things."""
    if isinstance(before, bool) or isinstance(after, bool):
        return before is after
    if isinstance(before, int | float) and isinstance(after, int | float):
        return before == after or (before != before and after != after)
    return type(before) is type(after) and before == after


def _change(path: str, change: str, before: Any, after: Any) -> dict[str, Any]:
    return {"path": path, "change": change, "before": before, "after": after}
