"""Finding and ending all descendants of a process, wherever they went."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterable

_POLL_S = 0.001
DEAD = "ZX"
"""State letters of processes that only wait to be reaped."""


def descendants(root: int) -> dict[int, str]:
    """The process ids of all descendants, each with its state letter. Empty where there is no /proc."""
    children: dict[int, list[int]] = {}
    states: dict[int, str] = {}
    for pid, parent, _, state in processes():
        children.setdefault(parent, []).append(pid)
        states[pid] = state
    found: dict[int, str] = {}
    pending = [root]
    while pending:
        below = children.get(pending.pop(), [])
        found.update((pid, states[pid]) for pid in below)
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


def kill(pids: Iterable[int]) -> None:
    """Send SIGKILL to each process that still exists.

    Also to those that look dead: a process whose first thread has ended shows as a zombie and runs on.
    """
    for pid in pids:
        try:
            os.kill(pid, signal.SIGKILL)
        except (ProcessLookupError, PermissionError):
            continue


def end_descendants() -> None:
    """Kill and reap every descendant of this process. Returns when none is left, or none can be found."""
    while True:
        kill(descendants(os.getpid()))
        # Without /proc the others cannot be found; the worker then kills the process group.
        if not reap_all() or not os.path.isdir("/proc/self"):
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
