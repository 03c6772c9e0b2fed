"""The `portal` command as people run it: a process of its own, with a data folder of its own."""

from __future__ import annotations

import contextlib
import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx2

from tests.support.polling import eventually_sync
from tests.support.portal_app import BEARER

COMMAND = [sys.executable, "-m", "portal.cli.main"]
READY_WITHIN_S = 60.0


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def environment(folder: Path, **variables: str) -> dict[str, str]:
    """Return the variables of a shell in which no portal is configured."""
    outer = {name: value for name, value in os.environ.items() if not name.startswith("PORTAL_")}
    return {**outer, "PORTAL_CATALOG_ROOT": str(folder / "items"), **variables}


def run_portal(folder: Path, *arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """Run a command of the portal to its end."""
    return subprocess.run(
        [*COMMAND, *arguments],
        cwd=folder,
        env=environment(folder, **variables),
        capture_output=True,
        text=True,
        timeout=60,
    )


def processes_of(data_dir: Path) -> dict[int, str]:
    """Return the living processes that work on the data folder: their numbers and command lines."""
    found = {}
    for folder in Path("/proc").iterdir():
        with contextlib.suppress(OSError):
            if folder.name.isdecimal() and int(folder.name) != os.getpid():
                command = (folder / "cmdline").read_bytes()  # empty for the dead
                if command and str(data_dir).encode() in command + (folder / "environ").read_bytes():
                    found[int(folder.name)] = command.replace(b"\0", b" ").decode()
    return found


class PortalProcess:
    """A running `portal up` (or another command that stays)."""

    def __init__(self, folder: Path, *arguments: str, port: int, **variables: str) -> None:
        self.port = port
        self.url = f"http://127.0.0.1:{port}"
        self.data_dir = folder / "data"
        self._output = folder / f"output-{port}-{arguments[0]}.txt"
        with self._output.open("ab") as output:
            self.process = subprocess.Popen(
                [*COMMAND, *arguments, "--port", str(port), "--data-dir", str(self.data_dir)],
                cwd=folder,
                env=environment(folder, **variables),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    @property
    def output(self) -> str:
        """What it has written so far."""
        return self._output.read_text()

    def wait_until_ready(self) -> None:
        """Wait for the line that says so."""
        eventually_sync(self._is_ready, within_s=READY_WITHIN_S)

    def _is_ready(self) -> bool:
        assert self.process.poll() is None, f"it ended with {self.process.returncode}:\n{self.output}"
        return f"Portal ready: {self.url}" in self.output

    @property
    def sign_in_token(self) -> str:
        """The token of the link that was printed last."""
        found: list[str] = re.findall(r"/ui/sign-in#token=(\S+)", self.output)
        return found[-1]

    def client(self, **options: Any) -> httpx2.Client:
        """Return a client of it, with the administrator's token unless told otherwise."""
        return httpx2.Client(base_url=self.url, timeout=30, **{"headers": BEARER, **options})

    def stop(self, number: signal.Signals = signal.SIGINT) -> int:
        """Ask it to stop, as Ctrl-C does, and return its exit status."""
        self.process.send_signal(number)
        return self.process.wait(timeout=40)

    def end(self) -> None:
        """End it and whatever is left of it, whatever happened."""
        if self.process.poll() is None:
            self.process.terminate()
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.process.wait(timeout=20)
        for pid in processes_of(self.data_dir):
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait(timeout=10)


@contextlib.contextmanager
def portal_up(folder: Path, *arguments: str, **variables: str) -> Iterator[PortalProcess]:
    """Start the whole portal and wait until it is ready; end it afterwards."""
    (folder / "items").mkdir(exist_ok=True)
    portal = PortalProcess(folder, "up", *arguments, port=free_port(), **variables)
    try:
        portal.wait_until_ready()
        yield portal
    finally:
        portal.end()


def run_job(client: httpx2.Client, report_type: str, **parameters: Any) -> dict[str, Any]:
    """Run a job to its end and return it."""
    body = {"report_type": report_type, "parameters": parameters}
    response = client.post("/jobs", json=body)
    assert response.status_code == 202, response.text
    return ended_job(client, response.json()["job_id"])


def ended_job(client: httpx2.Client, job_id: str) -> dict[str, Any]:
    """Return the job as soon as it has ended."""

    def job() -> dict[str, Any]:
        found: dict[str, Any] = client.get(f"/jobs/{job_id}").json()
        return found

    final = ("SUCCEEDED", "FAILED", "CANCELLED")
    return eventually_sync(job, lambda each: each.get("state") in final, within_s=60)
