"""The supervisor: what dies is started again, what is stopped is gone with all that it started."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from portal.cli import supervisor as supervisor_module
from portal.cli.supervisor import Program, Supervisor
from tests.support.polling import eventually

# Says its number in the file it is given, then waits.
WAIT = "import os, sys, time; open(sys.argv[1], 'a').write(f'{os.getpid()}\\n'); time.sleep(300)"
STUBBORN = "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN);" + WAIT
WITH_CHILD = (
    "import subprocess, sys; subprocess.Popen([sys.executable, '-c', sys.argv[2], sys.argv[1], '']);"
    + STUBBORN
)


@pytest.fixture
async def supervisor(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Supervisor]:
    monkeypatch.setattr(supervisor_module, "RESTART_FIRST_S", 0.01)
    supervisor = Supervisor()
    yield supervisor
    await supervisor.stop(*supervisor.names())


def alive(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return False
    return state not in "ZX"


class Pids:
    """The processes that said their numbers in a file."""

    def __init__(self, path: Path) -> None:
        self.path = path

    async def seen(self, count: int) -> list[int]:
        async def read() -> list[int]:
            return [int(line) for line in self.path.read_text().split()] if self.path.exists() else []

        return await eventually(read, lambda pids: len(pids) >= count)

    def program(self, code: str = WAIT, name: str = "p", **more: float) -> Program:
        return Program(name, [sys.executable, "-c", code, str(self.path), STUBBORN], **more)  # type: ignore[arg-type]


@pytest.fixture
def pids(tmp_path: Path) -> Pids:
    return Pids(tmp_path / "pids")


async def test_program_that_dies_is_started_again_and_its_death_is_known(
    supervisor: Supervisor, pids: Pids
) -> None:
    await supervisor.start(pids.program(name="mine"))
    [first] = await pids.seen(1)
    os.kill(first, 9)
    first, second = await pids.seen(2)
    assert alive(second)
    assert await supervisor.first_death == "mine"


async def test_program_that_keeps_dying_is_started_again_ever_more_slowly(
    supervisor: Supervisor, pids: Pids, monkeypatch: pytest.MonkeyPatch
) -> None:
    delays: list[float] = []
    sleep = asyncio.sleep

    async def noted(delay: float) -> None:
        delays.append(delay)
        await sleep(0)

    monkeypatch.setattr(asyncio, "sleep", noted)
    await supervisor.start(Program("dying", [sys.executable, "-c", "raise SystemExit(1)"]))
    async with asyncio.timeout(20):
        while len(delays) < 5:
            await sleep(0.01)
    assert delays[:5] == [0.01, 0.02, 0.04, 0.08, 0.16]


async def test_stopped_program_is_gone_and_not_started_again(supervisor: Supervisor, pids: Pids) -> None:
    await supervisor.start(pids.program())
    [pid] = await pids.seen(1)
    await supervisor.stop("p")
    assert not alive(pid)
    assert supervisor.names() == []


async def test_program_that_ignores_being_told_is_killed_with_its_children_after_its_time(
    supervisor: Supervisor, pids: Pids
) -> None:
    await supervisor.start(pids.program(WITH_CHILD, stop_within_s=0.2))
    started = await pids.seen(2)
    await supervisor.stop("p")

    async def left() -> list[int]:
        return [pid for pid in started if alive(pid)]

    await eventually(left, lambda pids: not pids)


async def test_programs_are_stopped_together(supervisor: Supervisor, pids: Pids) -> None:
    for number in range(4):
        await supervisor.start(pids.program(STUBBORN, f"p{number}", stop_within_s=0.5))
    await pids.seen(4)
    started = asyncio.get_running_loop().time()
    await supervisor.stop(*supervisor.names())
    assert asyncio.get_running_loop().time() - started < 1.5


async def test_stopping_what_is_waiting_to_be_started_again_is_quick_and_final(
    supervisor: Supervisor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(supervisor_module, "RESTART_FIRST_S", 60)
    await supervisor.start(Program("dying", [sys.executable, "-c", "raise SystemExit(1)"]))
    await supervisor.first_death
    async with asyncio.timeout(5):
        await supervisor.stop("dying")


async def test_program_gets_its_own_variables_beside_those_of_the_supervisor(
    supervisor: Supervisor, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FROM_OUTSIDE", "1")
    code = (
        "import os, sys, time; open(sys.argv[1], 'w').write(os.environ['FROM_OUTSIDE'] + os.environ['MINE']);"
    )
    path = tmp_path / "out"
    command = [sys.executable, "-c", code + "time.sleep(300)", str(path)]
    await supervisor.start(Program("p", command, {"MINE": "2"}))

    async def written() -> str:
        return path.read_text() if path.exists() else ""

    assert await eventually(written) == "12"


async def test_program_that_can_not_be_started_is_an_error_and_leaves_nothing_to_stop(
    supervisor: Supervisor,
) -> None:
    with pytest.raises(FileNotFoundError):
        await supervisor.start(Program("missing", ["/nowhere/at/all"]))
    await supervisor.stop("missing")
