"""Says how well runs are separated from the portal and from each other on this machine."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class SandboxReport:
    """What the sandbox does here, and what it does not."""

    tier: str
    """A (full) to D (plain limits)."""

    title: str
    missing: tuple[str, ...]
    """The layers that are not there."""

    detail: str
    """Some sentences for an administrator."""


def probe() -> SandboxReport:
    """The sandbox's report on itself. Cheap; starts nothing."""
    return SandboxReport(
        tier="D",
        title="Own process with plain limits",
        missing=(
            "namespaces",
            "file system isolation",
            "network isolation",
            "system call filter",
            "limits on the memory, disk and processes of a run as a whole",
        ),
        detail=(
            "The lowest rung. Each run has a process tree, a clean environment and a working directory of "
            "its own, a time-out after which the whole tree is killed, and limits per process on memory, "
            "file size, open files and processor time. It runs as the worker's user: it can read and write "
            "what the worker can, and reach the network. Run only items whose authors you trust."
        ),
    )
