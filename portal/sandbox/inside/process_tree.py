"""Finding and ending all descendants of a process, wherever they went."""

from __future__ import annotations

import os
import signal
import time

_POLL_S = 0.001


def descendants(root: int) -> list[int]:
    """The process ids of all living and dead-but-not-reaped descendants. Empty where there is no /proc."""
    children: dict[int, list[int]] = {}
    for pid, parent, _, _ in processes():
        children.setdefault(parent, []).append(pid)
    found: list[int] = []
    pending = [root]
    while pending:
        below = children.get(pending.pop(), [])
        found += below
        pending += below
    return found


def processes() -> list[tuple[int, int, int, str]]:
    """Every process that /proc shows: its id, parent, process group and state letter."""
    try:
        names = os.listdir("/proc")
    except OSError:
        return []
    return [entry for name in names if name.isdecimal() and (entry := _stat(name)) is not None]


def _stat(pid: str) -> tuple[int, int, int, str] | None:
    try:
        with open(f"/proc/{pid}/stat", "rb") as file:
            line = file.read()
    except OSError:
        return None
    # The name in parentheses may hold anything, even parentheses; what follows the last one is safe to split.
    state, parent, group = line[line.rindex(b")") + 2 :].split()[:3]
    return int(pid), int(parent), int(group), state.decode()


def kill(pids: list[int]) -> None:
    """Send SIGKILL to each process that still exists."""
    for pid in pids:
        try:
            os.kill(pid, signal.SIGKILL)
        except (ProcessLookupError, PermissionError):
            continue


def end_descendants() -> None:
    """Kill and reap every descendant of this process. Returns when none is left, or none can be found."""
    while True:
        found = descendants(os.getpid())
        kill(found)
        if not reap_all() or not found:
            return
        time.sleep(_POLL_S)


def reap_all() -> bool:
    """Collect the children that have ended; says whether there are others."""
    while True:
        try:
            pid, _ = os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            return False
        if pid == 0:
            return True
