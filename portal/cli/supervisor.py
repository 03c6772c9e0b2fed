"""Keeps processes running: starts them, starts again what dies, and leaves none behind."""

from __future__ import annotations

import asyncio
import ctypes
import logging
import os
import signal
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

log = logging.getLogger(__name__)

RESTART_FIRST_S = 0.5
RESTART_LAST_S = 10.0
HEALTHY_AFTER_S = 30.0
_PR_SET_PDEATHSIG = 1


@dataclass(frozen=True)
class Program:
    """One process to keep running."""

    name: str
    command: Sequence[str]
    environment: Mapping[str, str] = field(default_factory=dict)
    stop_within_s: float = 10.0
    """Seconds from SIGTERM to SIGKILL."""


class Supervisor:
    """Runs programs, each in a session of its own, so that Ctrl-C reaches this process alone."""

    def __init__(self) -> None:
        self._running: dict[str, asyncio.subprocess.Process] = {}
        self._keepers: dict[str, asyncio.Task[None]] = {}
        self._programs: dict[str, Program] = {}
        self.first_death: asyncio.Future[str] = asyncio.get_running_loop().create_future()
        """Resolves to the name of the first program that ended by itself."""

    async def start(self, program: Program) -> None:
        """Start the program and keep it running."""
        self._programs[program.name] = program
        self._running[program.name] = await _spawn(program)
        self._keepers[program.name] = asyncio.create_task(self._keep(program), name=f"keep {program.name}")

    async def stop(self, *names: str) -> None:
        """End these programs together: SIGTERM, and SIGKILL for what has not ended in its time."""
        wanted = [name for name in names if name in self._keepers]
        for name in wanted:
            self._keepers.pop(name).cancel()
        await asyncio.gather(*(self._end(name) for name in wanted))

    def names(self) -> list[str]:
        """Return the names of the programs, in the order they were started."""
        return list(self._keepers)

    async def _keep(self, program: Program) -> None:
        delay_s = RESTART_FIRST_S
        while True:
            started = asyncio.get_running_loop().time()
            status = await self._running[program.name].wait()
            if not self.first_death.done():
                self.first_death.set_result(program.name)
            if asyncio.get_running_loop().time() - started > HEALTHY_AFTER_S:
                delay_s = RESTART_FIRST_S
            log.error("process ended, starting it again", extra={"program": program.name, "status": status})
            await asyncio.sleep(delay_s)
            delay_s = min(delay_s * 2, RESTART_LAST_S)
            self._running[program.name] = await _spawn(program)

    async def _end(self, name: str) -> None:
        process, program = self._running.pop(name), self._programs.pop(name)
        if process.returncode is not None:
            return
        process.terminate()
        try:
            async with asyncio.timeout(program.stop_within_s):
                await process.wait()
        except TimeoutError:
            log.warning("process did not end in time, killing it", extra={"program": name})
            process.kill()
            await process.wait()
        _kill_session(process.pid)  # whatever it started and left


def _kill_session(pid: int) -> None:
    """Kill the process and what it started."""
    try:
        os.killpg(pid, signal.SIGKILL)
    except ProcessLookupError:
        return


async def _spawn(program: Program) -> asyncio.subprocess.Process:
    return await asyncio.create_subprocess_exec(
        *program.command,
        env={**os.environ, **program.environment},
        stdin=asyncio.subprocess.DEVNULL,
        start_new_session=True,
        preexec_fn=_die_with_parent if sys.platform == "linux" else None,
    )


def _die_with_parent() -> None:
    """Ask the kernel to end this process when the supervisor is killed and can't do it itself."""
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
