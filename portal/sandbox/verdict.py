"""Decides how a run ended, from what the worker did, what the kernel says and what the item says."""

from __future__ import annotations

import signal
from typing import Literal, TypeAlias

from portal.sandbox.frames import Result
from portal.sandbox.process import Status
from portal.sandbox.run import Declared, Outcome, RunError, RunRequest

StopReason: TypeAlias = Literal["cancelled", "timeout", "protocol"]


def decide(
    request: RunRequest,
    *,
    stopped: StopReason | None,
    status: Status,
    said: Result | RunError | None,
    last_lines: list[str],
    artifacts: tuple[Declared, ...],
) -> Outcome:
    """The outcome of a run that is over.

    `stopped` says why the worker ended it, if it did, and goes before all else. `status` is init's report,
    `said` the item's own last word, `last_lines` the end of its stderr.
    """
    if stopped == "cancelled":
        return Outcome("cancelled", artifacts=artifacts)
    error = _stop_error(request, stopped) or _error(request, status, said, last_lines)
    if error is not None:
        return Outcome("failed", error=error, artifacts=artifacts)
    return Outcome("succeeded", said.value if isinstance(said, Result) else None, artifacts=artifacts)


def _stop_error(request: RunRequest, stopped: StopReason | None) -> RunError | None:
    if stopped == "timeout":
        limit = f"{request.limits.timeout_s:g} s (timeout_s in the manifest)"
        return RunError("timeout", f"The run took longer than its limit of {limit}.")
    if stopped == "protocol":
        return RunError("protocol", "The item wrote too many broken frames to PORTAL_CHANNEL_FD.")
    return None


def _error(
    request: RunRequest, status: Status, said: Result | RunError | None, last_lines: list[str]
) -> RunError | None:
    if "setup" in status:
        return RunError("setup", f"The sandbox could not start the run: {status['setup']}")
    if isinstance(said, RunError):
        return said
    if "signal" in status:
        return _signal_error(request, int(status["signal"]))
    return _exit_error(request, int(status["exit"]), said, last_lines)


def _signal_error(request: RunRequest, number: int) -> RunError:
    if number == signal.SIGXFSZ:
        limit = f"{request.limits.disk_mb} MiB (disk_mb in the manifest)"
        return RunError("disk_limit", f"A file grew over the limit of {limit}.")
    if number == signal.SIGXCPU:
        return RunError("cpu_limit", "The run used more processor time than its timeout_s allows for.")
    try:
        name = signal.Signals(number).name
    except ValueError:
        name = f"signal {number}"
    hint = " Perhaps the machine ran out of memory." if number == signal.SIGKILL else ""
    return RunError("killed", f"The item was killed by {name}.{hint}")


def _exit_error(
    request: RunRequest, code: int, said: Result | None, last_lines: list[str]
) -> RunError | None:
    is_executable = request.entrypoint.startswith("./")
    if code != 0:
        last = f": {last_lines[-1]}" if last_lines else ""
        return RunError("item_error", f"Exit status {code}{last}", "\n".join(last_lines) or None)
    if said is None and not is_executable:
        return RunError("item_error", "The process ended before the function returned (os._exit?).")
    return None
