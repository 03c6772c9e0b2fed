"""The kernel's limits per process: what is left of `Limits` when there is no cgroup and no namespace."""

from __future__ import annotations

import math
import resource
import sys

_MIB = 1024 * 1024
# Threads share one count of seconds, so processor time may lawfully exceed the time on the wall.
_CPU_PER_SECOND = 4
_CPU_EXTRA_S = 10
_CPU_GRACE_S = 5  # from SIGXCPU to SIGKILL


def apply(*, timeout_s: float, memory_mb: int, disk_mb: int, open_files: int) -> None:
    """Lower this process's limits, for it and all it starts; they cannot be raised again.

    RLIMIT_NPROC is left alone, see `Limits.pids`. Raises OSError or ValueError when the kernel refuses.
    """
    cpu_s = math.ceil(timeout_s * _CPU_PER_SECOND + _CPU_EXTRA_S)
    _lower(resource.RLIMIT_CORE, 0)
    _lower(resource.RLIMIT_CPU, cpu_s, hard=cpu_s + _CPU_GRACE_S)
    _lower(resource.RLIMIT_FSIZE, disk_mb * _MIB)
    _lower(resource.RLIMIT_NOFILE, open_files)
    if sys.platform == "linux":
        _lower(resource.RLIMIT_DATA, memory_mb * _MIB)
    elif sys.platform != "darwin":  # macOS knows RLIMIT_AS by name only and refuses to set it
        _lower(resource.RLIMIT_AS, memory_mb * _MIB)


def _lower(kind: int, soft: int, *, hard: int | None = None) -> None:
    _, ceiling = resource.getrlimit(kind)
    hard = soft if hard is None else hard
    if ceiling != resource.RLIM_INFINITY:
        soft, hard = min(soft, ceiling), min(hard, ceiling)
    resource.setrlimit(kind, (soft, hard))
