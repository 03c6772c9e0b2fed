"""The process tree of one run, seen from the worker: start it, ask it to stop, see it dead."""

from __future__ import annotations

import asyncio
import json
import logging
import os
import signal
import socket
import subprocess
import sys
from dataclasses import asdict
from pathlib import Path
from typing import TypeAlias

from portal.sandbox.inside import process_tree
from portal.sandbox.pipe import Pipe
from portal.sandbox.run import RunRequest

Status: TypeAlias = dict[str, int | str]
"""`{"exit": n}`, `{"signal": n}`, or `{"setup": text}` when the item could not be started."""

logger = logging.getLogger(__name__)

_CHILD = Path(__file__).with_name("child.py")
_PATH = "/usr/local/bin:/usr/bin:/bin"
_MAX_STATUS = 4096
# How long init, which is trusted, may need to clear up before the worker does it itself.
_INIT_S = 2.0
_POLL_S = 0.001
_LONG_POLL_S = 0.05
_WARN_AFTER_S = 10.0


class RunProcess:
    """One run's init process with all that is below it, and the pipes that lead out of it."""

    def __init__(self, request: RunRequest) -> None:
        """Start the process. Raises OSError when that fails."""
        request_end, request_far = socket.socketpair()
        self._control, control_far = socket.socketpair()
        pipes = [os.pipe() for _ in range(3)]
        far_ends = [write_end for _, write_end in pipes]
        self.stdout, self.stderr, self.channel = (Pipe(read_end) for read_end, _ in pipes)
        self._status = Pipe(self._control.fileno())
        self._request = request_end
        try:
            self._popen = _start(request, request_far, control_far, far_ends)
        except BaseException:
            self.close()
            raise
        finally:
            request_far.close()
            control_far.close()
            for fd in far_ends:
                os.close(fd)
        self._watching: asyncio.Task[Status] | None = None

    async def send_request(self, request: RunRequest) -> None:
        """Write the request to the child's stdin, as fast as it is read."""
        self._request.setblocking(False)
        try:
            await asyncio.get_running_loop().sock_sendall(self._request, _encode(request))
            self._request.shutdown(socket.SHUT_WR)
        except OSError:
            return  # it died first; its status tells why

    async def gone(self) -> Status:
        """Wait until no process of the run is alive, and say how the item ended."""
        # Shielded: whoever waits may be cancelled, but the watching goes on to its end.
        return await asyncio.shield(self._watch_task())

    def _watch_task(self) -> asyncio.Task[Status]:
        if self._watching is None:
            self._watching = asyncio.create_task(self._watch())
        return self._watching

    async def _watch(self) -> Status:
        report = bytearray()
        while data := await self._status.read():
            report += data[: _MAX_STATUS - len(report)]
        while not _has_ended(self._popen.pid):  # noqa: ASYNC110 - nothing tells when
            await asyncio.sleep(_POLL_S)  # it is just about to: its end of the socket is closed
        # The dead leader, not yet reaped, keeps its number from being given to a stranger's group.
        _signal_group(self._popen.pid, signal.SIGKILL)
        code = self._popen.wait()
        await self._group_gone()
        return _status(bytes(report), code)

    async def _group_gone(self) -> None:
        loop = asyncio.get_running_loop()
        warn_at = loop.time() + _WARN_AFTER_S
        delay_s = _POLL_S
        while _signal_group(self._popen.pid, signal.SIGKILL) and not _only_zombies(self._popen.pid):
            await asyncio.sleep(delay_s)
            delay_s = min(_LONG_POLL_S, delay_s * 2)
            if loop.time() > warn_at:
                logger.warning("processes survive SIGKILL", extra={"process_group": self._popen.pid})
                warn_at = loop.time() + _WARN_AFTER_S

    async def stop(self, *, grace_s: float) -> None:
        """Ask all processes to stop; after `grace_s` seconds kill the rest. Returns when all are dead."""
        if grace_s > 0 and not self._watch_task().done():
            _signal_group(self._popen.pid, signal.SIGTERM)
            await asyncio.wait({self._watch_task()}, timeout=grace_s)
        await self.kill()

    async def kill(self) -> None:
        """Kill all processes. Returns when all are dead."""
        if not self._watch_task().done():
            self._close_control()
            await asyncio.wait({self._watch_task()}, timeout=_INIT_S)
        if not self._watch_task().done():
            await self._kill_past_init()
        await self.gone()

    async def _kill_past_init(self) -> None:
        """Do init's work: the item has stopped it, perhaps. First those below it, while they can be found."""
        while True:
            below = process_tree.descendants(self._popen.pid)
            process_tree.kill(below)
            if all(state in process_tree.DEAD for state in below.values()):
                break
            await asyncio.sleep(_POLL_S)
        _signal_group(self._popen.pid, signal.SIGKILL)

    def _close_control(self) -> None:
        """Tell init that the end has come; its answer can still be read."""
        try:
            self._control.shutdown(socket.SHUT_WR)
        except OSError:
            return  # init is gone already

    def close(self) -> None:
        """Close the worker's ends of everything."""
        self._request.close()
        self._control.close()
        for pipe in (self.stdout, self.stderr, self.channel):
            pipe.close()


def _start(
    request: RunRequest, stdin: socket.socket, control: socket.socket, pipes: list[int]
) -> subprocess.Popen[bytes]:
    stdout, stderr, channel = pipes
    return subprocess.Popen(
        [sys.executable, "-I", "-S", "-X", "utf8", str(_CHILD)],
        stdin=stdin.fileno(),
        stdout=stdout,
        stderr=stderr,
        pass_fds=(control.fileno(), channel),
        cwd=request.workdir,
        env=_environment(request.workdir, channel=channel, control=control.fileno()),
        start_new_session=True,
    )


def _environment(workdir: Path, *, channel: int, control: int) -> dict[str, str]:
    home, temporary = workdir.absolute() / ".home", workdir.absolute() / ".tmp"
    for folder in (home, temporary):
        folder.mkdir(mode=0o700, exist_ok=True)
    return {
        "PATH": _PATH,
        "HOME": str(home),
        "TMPDIR": str(temporary),
        "LANG": "C.UTF-8",
        "PORTAL_CHANNEL_FD": str(channel),
        "PORTAL_CONTROL_FD": str(control),
    }


def _encode(request: RunRequest) -> bytes:
    environment = request.environment_dir
    fields = {
        "item_dir": str(request.item_dir.absolute()),
        "entrypoint": request.entrypoint,
        "environment_dir": None if environment is None else str(environment.absolute()),
        "inputs": request.inputs,
        "secrets": dict(request.secrets),
        "limits": asdict(request.limits),
    }
    return json.dumps(fields).encode()


def _status(report: bytes, code: int) -> Status:
    """The first report on the control socket; without one, what the exit code of init tells."""
    if report:
        status: Status = json.loads(report.partition(b"\n")[0])
        return status
    if code > 0:
        return {"setup": f"its first process ended with exit status {code}; the log says more"}
    return {"signal": -code or int(signal.SIGKILL)}


def _has_ended(pid: int) -> bool:
    """Whether our child is dead, without reaping it. Where that cannot be told, it is taken to be."""
    if not hasattr(os, "waitid"):  # macOS, before Python 3.13
        return True
    return os.waitid(os.P_PID, pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None


def _signal_group(group: int, number: signal.Signals) -> bool:
    """Send a signal to every process of the group; False when there is none any more."""
    try:
        os.killpg(group, number)
    except (ProcessLookupError, PermissionError):  # macOS: "not permitted" when only zombies are left
        return False
    return True


def _only_zombies(group: int) -> bool:
    """Whether all of the group are dead and wait for somebody else to reap them. Unknown without /proc."""
    states = [state for _, _, member_of, state in process_tree.processes() if member_of == group]
    return bool(states) and all(state in process_tree.DEAD for state in states)
