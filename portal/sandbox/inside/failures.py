"""Turns an exception of an item into an error frame its author can act on."""

from __future__ import annotations

import contextlib
import errno
import os

from portal.sdk import Cancelled

from .result_value import InvalidResultError

TYPE_CHECKING = False
if TYPE_CHECKING:
    import traceback

_MAX_MESSAGE = 1_000
_MAX_TRACEBACK = 8_000  # characters, the last ones; they stay below a frame's 64 KiB however they are escaped


class EntrypointError(Exception):
    """The manifest's entrypoint could not be loaded."""


def error_frame(error: BaseException, *, item_dir: str) -> dict[str, object]:
    """The frame for `error`: what kind it is, one line for people, a traceback of the author's own files."""
    kind = _kind(error)
    if kind == "out_of_memory":
        _free_what_it_holds(error)
    shown = error.__cause__ if isinstance(error, EntrypointError) and error.__cause__ else error
    message = str(error) if kind == "invalid_result" else _describe(error)
    if kind == "invalid_result" or (isinstance(error, EntrypointError) and shown is error):
        text = None
    else:
        text = _traceback(shown, item_dir)
    return {"type": "error", "kind": kind, "message": message[:_MAX_MESSAGE], "traceback": text}


def _free_what_it_holds(error: BaseException) -> None:
    """Let go of the variables of the functions that failed, or there is no memory to report it with."""
    step = error.__traceback__
    while step is not None:
        with contextlib.suppress(RuntimeError):  # still running: the sandbox's own
            step.tb_frame.clear()
        step = step.tb_next


def _kind(error: BaseException) -> str:
    if isinstance(error, MemoryError):
        return "out_of_memory"
    if isinstance(error, EntrypointError):
        return "import_error"
    if isinstance(error, InvalidResultError):
        return "invalid_result"
    if isinstance(error, Cancelled):
        return "killed"
    if isinstance(error, OSError) and error.errno == errno.EFBIG:
        return "disk_limit"
    return "item_error"


def _describe(error: BaseException) -> str:
    if isinstance(error, MemoryError):
        return "The item used more memory than it may (memory_mb in the manifest)."
    if isinstance(error, Cancelled):
        return "The run was ended from outside, with SIGTERM."
    if isinstance(error, EntrypointError):
        return f"{error} {_one_line(error.__cause__)}" if error.__cause__ else str(error)
    return _one_line(error)


def _one_line(error: BaseException) -> str:
    try:
        text = str(error)
    except Exception:
        text = "(its text cannot be shown)"
    return f"{type(error).__name__}: {text}" if text else type(error).__name__


def _traceback(error: BaseException, item_dir: str) -> str:
    import traceback

    root = os.path.join(item_dir, "")
    summary = traceback.TracebackException.from_exception(error)
    seen: set[int] = set()
    pending: list[traceback.TracebackException | None] = [summary]
    while pending:
        part = pending.pop()
        if part is None or id(part) in seen:
            continue
        seen.add(id(part))
        _keep_own_files(part, root)
        pending += [part.__cause__, part.__context__, *(part.exceptions or [])]
    text = "".join(summary.format())
    return text if len(text) <= _MAX_TRACEBACK else "…" + text[-_MAX_TRACEBACK:]


def _keep_own_files(part: traceback.TracebackException, root: str) -> None:
    own = [frame for frame in part.stack if frame.filename.startswith(root)]
    for frame in own:
        frame.filename = frame.filename.removeprefix(root)
    import traceback

    part.stack = traceback.StackSummary.from_list(own)
    filename = getattr(part, "filename", None)  # of a SyntaxError
    if filename is not None:
        part.filename = filename.removeprefix(root)
