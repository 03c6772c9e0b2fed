from __future__ import annotations

import asyncio
import os
import textwrap
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from portal.sandbox.limits import Limits
from portal.sandbox.runner import JsonValue, Outcome, RunRequest, run_item


@dataclass
class Recorder:
    """A sink that remembers, and checks that its calls never overlap."""

    progress_calls: list[tuple[float, str]] = field(default_factory=list)
    log_calls: list[tuple[str, str, str]] = field(default_factory=list)
    first_line: asyncio.Event = field(default_factory=asyncio.Event)
    pause_s: float = 0
    busy: bool = False

    async def progress(self, percent: float, message: str) -> None:
        await self._one_at_a_time()
        self.progress_calls.append((percent, message))

    async def log(self, level: str, stream: str, text: str) -> None:
        await self._one_at_a_time()
        self.log_calls.append((level, stream, text))
        self.first_line.set()

    async def _one_at_a_time(self) -> None:
        assert not self.busy
        self.busy = True
        if self.pause_s:
            await asyncio.sleep(self.pause_s)
        self.busy = False

    def lines(self, stream: str = "stdout") -> list[str]:
        return [text for _, on, text in self.log_calls if on == stream]


class Bench:
    """A folder for an item and one for its run."""

    def __init__(self, root: Path) -> None:
        self.item_dir = root / "item"
        self.workdir = root / "work"
        self.item_dir.mkdir()
        self.workdir.mkdir()
        self.sink = Recorder()

    def write(self, name: str, text: str, *, executable: bool = False) -> Path:
        path = self.item_dir / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(textwrap.dedent(text).lstrip())
        if executable:
            path.chmod(0o755)
        return path

    def request(self, inputs: JsonValue = None, *, entrypoint: str = "main:run") -> RunRequest:
        return RunRequest(self.item_dir, entrypoint, inputs, self.workdir)

    async def run(
        self,
        code: str,
        inputs: JsonValue = None,
        *,
        limits: Limits | None = None,
        secrets: Mapping[str, str] | None = None,
        environment_dir: Path | None = None,
        grace_s: float = 3.0,
        cancel: asyncio.Event | None = None,
    ) -> Outcome:
        self.write("main.py", code)
        request = replace(
            self.request(inputs),
            limits=limits or Limits(timeout_s=30),
            secrets=secrets or {},
            environment_dir=environment_dir,
        )
        return await run_item(request, self.sink, cancel=cancel, grace_s=grace_s)

    async def run_program(
        self, script: str, inputs: JsonValue = None, *, limits: Limits | None = None
    ) -> Outcome:
        self.write("program", script, executable=True)
        request = replace(self.request(inputs, entrypoint="./program"), limits=limits or Limits(timeout_s=30))
        return await run_item(request, self.sink)


def alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    try:
        state = Path(f"/proc/{pid}/stat").read_bytes().rpartition(b")")[2].split()[0]
    except OSError:
        return not Path("/proc/self").exists()
    return state not in b"ZX"


def eventually(condition: Callable[[], bool], *, within_s: float = 10) -> bool:
    """Poll until `condition` holds; False when it did not in time."""
    deadline = time.monotonic() + within_s
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.005)
    return True
