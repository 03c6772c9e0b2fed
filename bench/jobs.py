"""How long a user waits: accepting a job, starting it, running the smallest item, listing jobs.

    make bench

Starts a portal of its own in a temporary folder, with an embedded Redis and SQLite, and prints medians and
95th percentiles in milliseconds. The last line is the yardstick of the same run: starting plain Python.
"""

from __future__ import annotations

import json
import os
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

RUNS = 40
LISTS = 200
TOKEN = "bench-administrator-token"
MANIFEST = "id: smallest\nversion: 1.0.0\ntitle: The smallest item\nentrypoint: main:run\n"
SCHEMA = '{"type": "object", "additionalProperties": false, "properties": {}}'
CODE = "def run(inputs, ctx):\n    return None\n"


def main() -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory() as folder, _portal(Path(folder)) as url:
        jobs = [_run_once(url) for _ in range(RUNS)]
        _print("POST answered", [job["accepted_ms"] for job in jobs])
        _print("accepted → running", [_between_ms(job, "created_at", "started_at") for job in jobs])
        _print("running → succeeded", [_between_ms(job, "started_at", "finished_at") for job in jobs])
        _print("GET /jobs, page of 20", [_timed(lambda: _call(url, "/jobs")) for _ in range(LISTS)])
    python = [sys.executable, "-I", "-S", "-c", "pass"]
    _print("plain python -I -S", [_timed(lambda: subprocess.run(python, check=True)) for _ in range(RUNS)])


@contextmanager
def _portal(folder: Path) -> Iterator[str]:
    item = folder / "items" / "smallest"
    item.mkdir(parents=True)
    for name, text in (("manifest.yaml", MANIFEST), ("schema.json", SCHEMA), ("main.py", CODE)):
        (item / name).write_text(text)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = {
        **os.environ,
        "PORTAL_ADMIN_TOKEN": TOKEN,
        "PORTAL_CATALOG_ROOT": str(folder / "items"),
        "PORTAL_LOG_LEVEL": "WARNING",
    }
    command = [
        sys.executable,
        "-m",
        "portal.cli.main",
        "up",
        "--port",
        str(port),
        "--data-dir",
        str(folder / "data"),
    ]
    process = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        if "Portal ready" not in process.stdout.readline():
            sys.exit("the portal did not start")
        yield f"http://127.0.0.1:{port}"
    finally:
        process.send_signal(signal.SIGINT)
        process.wait()


def _run_once(url: str) -> dict[str, Any]:
    started = time.perf_counter()
    job_id = _call(url, "/catalog/smallest/latest/execute", {"parameters": {}})["job_id"]
    accepted_ms = (time.perf_counter() - started) * 1000
    while True:
        job: dict[str, Any] = _call(url, f"/jobs/{job_id}")
        if job["state"] not in ("QUEUED", "RUNNING"):
            assert job["state"] == "SUCCEEDED", job
            return {**job, "accepted_ms": accepted_ms}


def _call(url: str, path: str, body: dict[str, Any] | None = None) -> Any:
    request = urllib.request.Request(
        url + path,
        json.dumps(body).encode() if body is not None else None,
        {"Authorization": f"Bearer {TOKEN}", "Content-Type": "application/json"},
    )
    with urllib.request.urlopen(request) as response:
        return json.load(response)


def _timed(action: Callable[[], Any]) -> float:
    started = time.perf_counter()
    action()
    return (time.perf_counter() - started) * 1000


def _between_ms(job: dict[str, Any], start: str, end: str) -> float:
    return (datetime.fromisoformat(job[end]) - datetime.fromisoformat(job[start])).total_seconds() * 1000


def _print(name: str, values_ms: list[float]) -> None:
    p95 = statistics.quantiles(values_ms, n=20)[-1]
    print(f"{name:<24} p50 {statistics.median(values_ms):8.1f} ms   p95 {p95:8.1f} ms")


if __name__ == "__main__":
    main()
