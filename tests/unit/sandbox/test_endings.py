from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest

from portal.sandbox.limits import Limits
from portal.sandbox.runner import run_item

from .harness import Bench, Recorder, alive, eventually

# Leaves its process group and session, and its parent; writes its number where the test finds it.
DAEMON = """
import os, signal, time
def daemon(path):
    if os.fork() == 0:
        os.setsid()
        if os.fork() == 0:
            signal.signal(signal.SIGTERM, signal.SIG_IGN)
            with open(path + ".new", "w") as file:
                file.write(str(os.getpid()))
            os.rename(path + ".new", path)
            while True:
                time.sleep(60)
        os._exit(0)
    os.wait()
    while not os.path.exists(path):
        time.sleep(0.001)
"""


def pid_in(path: Path) -> int:
    assert eventually(path.exists)
    return int(path.read_text())


def listed(pid: int) -> bool:
    return os.path.exists(f"/proc/{pid}")


async def test_timeout_kills_the_whole_process_tree_and_reports_timeout(bench: Bench) -> None:
    bench.write("daemons.py", DAEMON)
    outcome = await bench.run(
        """
        import signal, subprocess, time
        from daemons import daemon
        def run(inputs, ctx):
            signal.signal(signal.SIGTERM, signal.SIG_IGN)
            child = subprocess.Popen(["sleep", "600"])
            (ctx.workdir / "child").write_text(str(child.pid))
            daemon("daemon")
            while True:
                time.sleep(60)
        """,
        limits=Limits(timeout_s=1.5),
        grace_s=0.2,
    )
    assert outcome.state == "failed"
    assert outcome.error is not None
    assert outcome.error.kind == "timeout"
    assert outcome.error.message == "The run took longer than its limit of 1.5 s (timeout_s in the manifest)."
    assert not alive(pid_in(bench.workdir / "child"))
    assert not alive(pid_in(bench.workdir / "daemon"))


async def test_cancel_raises_cancelled_in_the_item_which_may_clean_up(bench: Bench) -> None:
    cancel = asyncio.Event()
    task = asyncio.create_task(
        bench.run(
            """
            import time
            from portal.sdk import Cancelled
            def run(inputs, ctx):
                try:
                    print("started", ctx.cancelled)
                    time.sleep(600)
                except Cancelled:
                    print("cleaned up", ctx.cancelled)
                    raise
            """,
            cancel=cancel,
            grace_s=20,
        )
    )
    await bench.sink.first_line.wait()
    started = time.monotonic()
    cancel.set()
    outcome = await task
    assert outcome.state == "cancelled"
    assert outcome.error is None
    assert bench.sink.lines() == ["started False", "cleaned up True"]
    assert time.monotonic() - started < 10


async def test_cancel_of_an_async_item_cancels_its_task(bench: Bench) -> None:
    cancel = asyncio.Event()
    task = asyncio.create_task(
        bench.run(
            """
            import asyncio
            async def run(inputs, ctx):
                print("started")
                try:
                    await asyncio.sleep(600)
                finally:
                    print("cleaned up", ctx.cancelled)
            """,
            cancel=cancel,
            grace_s=20,
        )
    )
    await bench.sink.first_line.wait()
    cancel.set()
    assert (await task).state == "cancelled"
    assert bench.sink.lines() == ["started", "cleaned up True"]


async def test_item_that_ignores_sigterm_is_killed_after_the_grace(bench: Bench) -> None:
    cancel = asyncio.Event()
    task = asyncio.create_task(
        bench.run(
            """
            import os, signal, time
            def run(inputs, ctx):
                signal.signal(signal.SIGTERM, signal.SIG_IGN)
                print(os.getpid())
                time.sleep(600)
            """,
            cancel=cancel,
            grace_s=0.1,
        )
    )
    await bench.sink.first_line.wait()
    started = time.monotonic()
    cancel.set()
    assert (await task).state == "cancelled"
    assert not alive(int(bench.sink.lines()[0]))
    assert 0.1 <= time.monotonic() - started < 1.5


async def test_cancel_before_the_start_ends_the_run_at_once(bench: Bench) -> None:
    cancel = asyncio.Event()
    cancel.set()
    outcome = await bench.run("import time\ndef run(i, c): time.sleep(600)", cancel=cancel)
    assert outcome.state == "cancelled"


async def test_what_an_item_leaves_running_is_dead_when_the_run_is_reported(bench: Bench) -> None:
    bench.write("daemons.py", DAEMON)
    outcome = await bench.run(
        """
        import os, subprocess
        from daemons import daemon
        def run(inputs, ctx):
            daemon("daemon")
            return subprocess.Popen(["sleep", "600"]).pid
        """
    )
    assert outcome.state == "succeeded"
    assert isinstance(outcome.result, int)
    assert not alive(outcome.result)
    assert not alive(pid_in(bench.workdir / "daemon"))


async def test_program_whose_first_thread_has_ended_is_still_killed(bench: Bench) -> None:
    outcome = await bench.run(
        """
        import os, subprocess, sys
        CODE = "import ctypes, os, threading, time\\n"
        CODE += "threading.Thread(target=time.sleep, args=(600,)).start()\\n"
        CODE += "os.setsid(); print(os.getpid(), flush=True); ctypes.CDLL(None).pthread_exit(None)"
        def run(inputs, ctx):
            child = subprocess.Popen([sys.executable, "-c", CODE], stdout=subprocess.PIPE, text=True)
            pid = int(child.stdout.readline())
            while open(f"/proc/{pid}/stat").read().split()[2] != "Z":
                pass
            return pid
        """,
        limits=Limits(timeout_s=20),
    )
    assert isinstance(outcome.result, int)
    assert not listed(outcome.result)


async def test_cancelling_the_task_of_run_item_kills_the_tree(bench: Bench) -> None:
    bench.write("daemons.py", DAEMON)
    task = asyncio.create_task(
        bench.run(
            """
            import os, time
            from daemons import daemon
            def run(inputs, ctx):
                daemon("daemon")
                print(os.getpid())
                time.sleep(600)
            """
        )
    )
    await bench.sink.first_line.wait()
    while not task.done():  # impatience must not leave anything behind
        task.cancel()
        await asyncio.sleep(0)
    with pytest.raises(asyncio.CancelledError):
        await task
    assert not alive(int(bench.sink.lines()[0]))
    assert not alive(pid_in(bench.workdir / "daemon"))


async def test_item_that_kills_its_init_is_killed_and_leaves_nothing(bench: Bench) -> None:
    outcome = await bench.run(
        """
        import os, signal, subprocess, time
        def run(inputs, ctx):
            child = subprocess.Popen(["sleep", "600"])
            print(child.pid)
            time.sleep(inputs)
            os.kill(os.getppid(), signal.SIGKILL)
            time.sleep(600)
        """,
        0.2,
    )
    assert outcome.error is not None
    assert outcome.error.kind == "killed"
    assert not alive(int(bench.sink.lines()[0]))


async def test_item_that_stops_its_init_is_still_ended_by_the_timeout(bench: Bench) -> None:
    bench.write("daemons.py", DAEMON)
    outcome = await bench.run(
        """
        import os, signal, time
        from daemons import daemon
        def run(inputs, ctx):
            daemon("daemon")
            os.kill(os.getppid(), signal.SIGSTOP)
            signal.signal(signal.SIGTERM, signal.SIG_IGN)
            time.sleep(600)
        """,
        limits=Limits(timeout_s=1),
        grace_s=0.1,
    )
    assert outcome.error is not None
    assert outcome.error.kind == "timeout"
    assert not alive(pid_in(bench.workdir / "daemon"))


async def test_sigterm_from_elsewhere_is_reported_as_killed(bench: Bench) -> None:
    outcome = await bench.run("import os\ndef run(i, c):\n    os.kill(os.getpid(), 15)\n    return 1")
    assert outcome.error is not None
    assert outcome.error.kind == "killed"
    assert "SIGTERM" in outcome.error.message


@pytest.mark.parametrize(("number", "name"), [("SIGKILL", "SIGKILL"), ("SIGSEGV", "SIGSEGV")])
async def test_death_by_a_signal_is_named(bench: Bench, number: str, name: str) -> None:
    outcome = await bench.run(
        f"import os, signal\ndef run(i, c):\n    os.kill(os.getpid(), signal.{number})\n    return 1"
    )
    assert outcome.error is not None
    assert outcome.error.kind == "killed"
    assert name in outcome.error.message


async def test_processor_time_over_the_limit_is_cpu_limit(bench: Bench) -> None:
    outcome = await bench.run(
        """
        import resource
        def run(inputs, ctx):
            _, hard = resource.getrlimit(resource.RLIMIT_CPU)
            resource.setrlimit(resource.RLIMIT_CPU, (1, hard))
            while True:
                pass
        """
    )
    assert outcome.error is not None
    assert outcome.error.kind == "cpu_limit"


async def test_file_over_the_limit_is_disk_limit(bench: Bench) -> None:
    outcome = await bench.run(
        """
        def run(inputs, ctx):
            with open("big", "wb") as file:
                for _ in range(3):
                    file.write(bytes(1024 * 1024))
        """,
        limits=Limits(timeout_s=30, disk_mb=2),
    )
    assert outcome.error is not None
    assert outcome.error.kind == "disk_limit"
    assert (bench.workdir / "big").stat().st_size <= 2 * 1024 * 1024


async def test_limits_hold_for_the_item_and_cannot_be_raised(bench: Bench) -> None:
    outcome = await bench.run(
        """
        import resource
        def run(inputs, ctx):
            names = ["RLIMIT_NOFILE", "RLIMIT_CORE", "RLIMIT_FSIZE", "RLIMIT_CPU"]
            return {name: resource.getrlimit(getattr(resource, name)) for name in names}
        """,
        limits=Limits(timeout_s=30, open_files=77, disk_mb=3),
    )
    assert outcome.result == {
        "RLIMIT_NOFILE": [77, 77],
        "RLIMIT_CORE": [0, 0],
        "RLIMIT_FSIZE": [3 * 1024 * 1024] * 2,
        "RLIMIT_CPU": [130, 135],
    }


async def test_item_has_no_descriptors_but_its_own(bench: Bench) -> None:
    outcome = await bench.run(
        """
        import os, subprocess
        def run(inputs, ctx):
            mine = [fd for fd in range(3, 256) if os.path.exists(f"/proc/self/fd/{fd}")]
            theirs = subprocess.run(["ls", "/proc/self/fd"], stdout=subprocess.PIPE, close_fds=False)
            return [mine, theirs.stdout.decode().split()]
        """
    )
    # `ls` itself opens 3 to read the folder.
    assert outcome.result == [[3], ["0", "1", "2", "3"]]


async def test_missing_working_directory_is_a_setup_failure(bench: Bench) -> None:
    request = replace(bench.request(), workdir=bench.workdir / "nowhere")
    outcome = await run_item(request, Recorder())
    assert outcome.error is not None
    assert outcome.error.kind == "setup"


async def test_sink_that_fails_ends_the_run_and_its_error_comes_out(bench: Bench) -> None:
    class Failing(Recorder):
        async def log(self, level: str, stream: str, text: str) -> None:
            await super().log(level, stream, text)
            raise ConnectionError("the store is gone")

    bench.sink = Failing()
    with pytest.raises(ConnectionError):
        await bench.run("import os, time\ndef run(i, c):\n    print(os.getpid())\n    time.sleep(600)")
    assert not alive(int(bench.sink.lines()[0]))


WORKER = """
import asyncio, sys
from pathlib import Path
from portal.sandbox.runner import RunRequest, run_item
class Sink:
    async def progress(self, percent, message): ...
    async def log(self, level, stream, text): ...
item, work = map(Path, sys.argv[1:])
asyncio.run(run_item(RunRequest(item, "main:run", None, work), Sink()))
"""


def test_worker_killed_by_sigkill_leaves_no_process_alive(bench: Bench) -> None:
    bench.write("daemons.py", DAEMON)
    bench.write(
        "main.py",
        """
        import os, signal, subprocess, time
        from daemons import daemon
        def run(inputs, ctx):
            signal.signal(signal.SIGTERM, signal.SIG_IGN)
            child = subprocess.Popen(["sleep", "600"])
            daemon("daemon")
            pids = [os.getpid(), os.getppid(), child.pid, int(open("daemon").read())]
            (ctx.workdir / "new").write_text(" ".join(map(str, pids)))
            os.rename("new", "pids")
            time.sleep(600)
        """,
    )
    worker = subprocess.Popen(
        [sys.executable, "-c", WORKER, str(bench.item_dir), str(bench.workdir)],
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[3])},
    )
    try:
        assert eventually((bench.workdir / "pids").exists)
    finally:
        worker.kill()
        worker.wait()
    pids = [int(pid) for pid in (bench.workdir / "pids").read_text().split()]
    assert len(pids) == 4
    assert eventually(lambda: not any(alive(pid) for pid in pids), within_s=5)
