"""What a run may use at most, and in which unit."""

from __future__ import annotations

from dataclasses import dataclass

KIB = 1024
MIB = 1024 * KIB


@dataclass(frozen=True)
class Limits:
    """The limits of one run. In tier D, memory, disk and files hold for each process of the run by itself."""

    timeout_s: float = 600.0
    """Seconds of wall-clock time, from the start of the process to its end."""

    memory_mb: int = 512
    """MiB of memory a process may allocate: data on Linux, address space elsewhere, unlimited on macOS."""

    pids: int = 64
    """Processes and threads at once. Not enforced in tier D.

    The one limit of the kernel that needs no cgroup or namespace, RLIMIT_NPROC, counts everything that the
    worker's user runs on the whole machine and is ignored for root: set from here it would make runs fail for
    what their neighbours do. The tiers above D give every run a count of its own.
    """

    disk_mb: int = 1024
    """MiB that one file may grow to. Tier D does not limit the sum of all files."""

    open_files: int = 256
    """File descriptors that a process may hold at once."""

    log_bytes: int = 4 * MIB
    """Bytes of log kept; the rest is counted and named in a last line. Each line costs 16 bytes more."""

    result_bytes: int = 1 * MIB
    """Bytes of the result, as compact JSON in UTF-8."""

    artifact_count: int = 100
    """Files that a run may leave behind."""

    artifact_bytes: int = 512 * MIB
    """Bytes of all these files together."""
