"""The small init of a run: starts the author's process, watches the worker, and leaves nothing behind.

Two processes, one trusted: init forks, the child lowers its own limits and becomes the item. Init holds the
control socket to the worker. When the worker closes its end, deliberately or by dying, init kills everything
below itself. When the item ends, init kills what it left running, and only then reports its exit status.
"""

from __future__ import annotations

import json
import os
import select
import signal
import sys

from . import executable_item, linux, process_tree, python_item, rlimits

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, NoReturn

CHANNEL_FD = 3


def main() -> NoReturn:
    """Carry out the request on stdin; report `{"exit": n}`, `{"signal": n}` or `{"setup": text}`."""
    channel = int(os.environ["PORTAL_CHANNEL_FD"])
    control = int(os.environ.pop("PORTAL_CONTROL_FD"))
    signal.signal(signal.SIGTERM, lambda *_: None)  # meant for the item, which shares the process group
    request = json.loads(_read_all(0))
    linux.become_subreaper()
    wakeup = _wake_on_child_exit()
    item = _start_item(request, channel, control)
    os.close(channel)
    status = _wait_for(item, control, wakeup)
    process_tree.end_descendants()
    if status is not None:
        _report(control, {"signal": -status} if status < 0 else {"exit": status})
    os._exit(0)


def _read_all(fd: int) -> bytes:
    parts = []
    while part := os.read(fd, 1 << 20):
        parts.append(part)
    return b"".join(parts)


def _wake_on_child_exit() -> int:
    """A descriptor that becomes readable when a child ends."""
    read_end, write_end = os.pipe()
    os.set_blocking(read_end, False)
    os.set_blocking(write_end, False)
    signal.set_wakeup_fd(write_end, warn_on_full_buffer=False)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    return read_end


def _start_item(request: dict[str, Any], channel: int, control: int) -> int:
    init = os.getpid()
    # A SIGTERM between the fork and the item's own handler would be lost in init's handler.
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTERM})
    pid = os.fork()
    if pid == 0:
        try:
            _become_item(request, init, channel, control)
        except BaseException:
            sys.excepthook(*sys.exc_info())
        os._exit(1)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGTERM})
    return pid


def _become_item(request: dict[str, Any], init: int, channel: int, control: int) -> None:
    try:
        _reset_signals()
        linux.die_with(init)
        linux.give_up_new_privileges()
        _offer_to_oom_killer()
        stdin = _stdin(request)
        _rlimits(request["limits"])
    except (OSError, ValueError) as error:
        _report(control, {"setup": str(error)})
        os._exit(1)
    os.dup2(stdin, 0)
    os.close(control)
    if channel != CHANNEL_FD:
        os.dup2(channel, CHANNEL_FD)
    os.set_inheritable(CHANNEL_FD, False)
    os.closerange(CHANNEL_FD + 1, max(stdin, channel, 32) + 1)
    os.environ["PORTAL_CHANNEL_FD"] = str(CHANNEL_FD)
    if _is_executable(request):
        executable_item.run(request, CHANNEL_FD)
    else:
        python_item.run(request, CHANNEL_FD)


def _is_executable(request: dict[str, Any]) -> bool:
    return bool(request["entrypoint"].startswith("./"))


def _stdin(request: dict[str, Any]) -> int:
    if _is_executable(request):
        return executable_item.inputs_file(request["inputs"])
    return os.open(os.devnull, os.O_RDONLY)


def _reset_signals() -> None:
    signal.set_wakeup_fd(-1)
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGTERM})


def _offer_to_oom_killer() -> None:
    """When the machine runs out of memory, the kernel shall take the item and spare the worker."""
    try:
        with open("/proc/self/oom_score_adj", "w", encoding="ascii") as file:
            file.write("1000")
    except OSError:
        return  # no such thing here: a courtesy, not a limit


def _rlimits(limits: dict[str, Any]) -> None:
    rlimits.apply(
        timeout_s=limits["timeout_s"],
        memory_mb=limits["memory_mb"],
        disk_mb=limits["disk_mb"],
        open_files=limits["open_files"],
    )


def _wait_for(item: int, control: int, wakeup: int) -> int | None:
    """The item's exit code, negative for a signal; None when the worker wants an end or is gone."""
    poller = select.poll()
    poller.register(control, select.POLLIN)
    poller.register(wakeup, select.POLLIN)
    while True:
        status = _reap(item)
        if status is not None:
            return status
        if control in dict(poller.poll()):  # the worker never writes: readable means closed
            return None
        os.read(wakeup, 4096)


def _reap(item: int) -> int | None:
    """Collect all children that have ended, adopted ones too; the exit code when `item` is among them."""
    while True:
        pid, status = os.waitpid(-1, os.WNOHANG)
        if pid == item:
            return os.waitstatus_to_exitcode(status)
        if pid == 0:
            return None


def _report(control: int, status: dict[str, object]) -> None:
    try:
        os.write(control, json.dumps(status).encode() + b"\n")
    except OSError:
        return  # the worker is gone, and with it the one who would want to know
