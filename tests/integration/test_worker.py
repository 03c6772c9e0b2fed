"""Jobs and items from the request to the result, with a real worker in this process."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import httpx2
import pytest
from sqlalchemy import select

from portal.db.tables import jobs as jobs_table
from portal.jobs.model import FINAL_STATES
from portal.services import Services
from tests.support.items import write_item
from tests.support.polling import eventually

pytestmark = [
    pytest.mark.usefixtures("worker"),
    # ARQ closes its pool by a method that redis-py has renamed.
    pytest.mark.filterwarnings("ignore:Call to deprecated close:DeprecationWarning"),
]

Json = dict[str, Any]


def is_running(pid: int) -> bool:
    status = Path(f"/proc/{pid}/status")
    return status.exists() and "State:\tZ" not in status.read_text()


async def job_of(api: httpx2.AsyncClient, job_id: str) -> Json:
    job: Json = (await api.get(f"/jobs/{job_id}")).json()
    return job


async def in_state(api: httpx2.AsyncClient, job_id: str, states: Iterable[str]) -> Json:
    """Return the job as soon as it is in one of the states."""
    wanted = set(states)
    return await eventually(lambda: job_of(api, job_id), lambda job: job["state"] in wanted, within_s=60)


async def ended(api: httpx2.AsyncClient, job_id: str) -> Json:
    return await in_state(api, job_id, FINAL_STATES)


async def started(api: httpx2.AsyncClient, root: Path, parameters: Json | None = None, **item: Any) -> str:
    """Publish an item, execute it and return the job's id."""
    folder = write_item(root, **item)
    response = await api.post("/catalog/local/import", json={"path": folder.name})
    assert response.status_code == 201, response.text
    body = {"parameters": parameters or {}}
    response = await api.post(f"/catalog/{folder.name}/latest/execute", json=body)
    assert response.status_code == 202, response.text
    return str(response.json()["job_id"])


async def run(api: httpx2.AsyncClient, root: Path, parameters: Json | None = None, **item: Any) -> Json:
    return await ended(api, await started(api, root, parameters, **item))


async def events_of(api: httpx2.AsyncClient, job: Json) -> list[Json]:
    events: list[Json] = (await api.get(f"/jobs/{job['job_id']}/events?limit=10000")).json()
    assert [event["seq"] for event in events] == list(range(1, len(events) + 1))
    return events


async def log_of(api: httpx2.AsyncClient, job: Json) -> str:
    return (await api.get(f"/jobs/{job['job_id']}/logs")).text


# The example task


async def test_example_task_takes_five_steps_each_with_progress_and_a_line(api: httpx2.AsyncClient) -> None:
    body = {"report_type": "example_long_task", "parameters": {}}
    job = await ended(api, (await api.post("/jobs", json=body)).json()["job_id"])
    assert (job["state"], job["progress"], job["result"]) == ("SUCCEEDED", 100, {"steps": 5})
    assert (job["attempt"], job["error"]) == (1, None)
    assert job["created_at"] <= job["started_at"] <= job["finished_at"]
    events = await events_of(api, job)
    assert [event["progress"] for event in events if event["type"] == "progress"] == [20, 40, 60, 80, 100]
    assert [event["state"] for event in events if event["type"] == "state"] == [
        "QUEUED",
        "RUNNING",
        "SUCCEEDED",
    ]
    assert events[-1]["type"] == "state"
    assert events[-2] == {**events[-2], "type": "result", "result": {"steps": 5}}
    assert len((await log_of(api, job)).splitlines()) == 5


async def test_example_task_fails_at_the_step_it_was_asked_to(api: httpx2.AsyncClient) -> None:
    body = {"report_type": "example_long_task", "parameters": {"fail_at_step": 1}}
    job = await ended(api, (await api.post("/jobs", json=body)).json()["job_id"])
    assert (job["state"], job["progress"], job["result"]) == ("FAILED", 0, None)
    assert job["error"]["message"] == "RuntimeError: Step 1 was asked to fail."
    assert "Traceback" in job["error"]["traceback"]

    retry = await api.post(f"/jobs/{job['job_id']}/retry", json={"parameters": {"fail_at_step": 1}})
    again = await ended(api, retry.json()["job_id"])
    assert (again["state"], again["retry_of"]) == ("FAILED", job["job_id"])


async def test_running_example_task_is_cancelled_within_moments(api: httpx2.AsyncClient) -> None:
    body = {"report_type": "example_long_task", "parameters": {}}
    job_id = (await api.post("/jobs", json=body)).json()["job_id"]
    await in_state(api, job_id, ["RUNNING"])
    assert (await api.post(f"/jobs/{job_id}/cancel")).status_code == 202
    job = await ended(api, job_id)
    assert (job["state"], job["error"], job["result"]) == ("CANCELLED", None, None)
    assert [event["type"] for event in await events_of(api, job)][-1] == "state"


# Items


async def test_item_receives_its_inputs_and_returns_its_result(
    api: httpx2.AsyncClient, catalog_root: Path
) -> None:
    inputs = {"text": "Grüße ☃", "list": [1, 2.5, None, {"a": True}]}
    job = await run(api, catalog_root, inputs, properties={"text": {}, "list": {}, "n": {"default": 7}})
    assert (job["state"], job["progress"]) == ("SUCCEEDED", 100)
    assert job["result"] == {**inputs, "n": 7}
    assert job["item"] == {**job["item"], "id": "echo", "version": "1.0.0"}


async def test_item_reports_progress_and_all_its_lines_by_stream_and_level(
    api: httpx2.AsyncClient, catalog_root: Path
) -> None:
    main = """
    import logging, sys

    def run(inputs, ctx):
        print("printed")
        print("complained", file=sys.stderr)
        logging.getLogger("mine").warning("logged")
        ctx.log("told", level="error")
        ctx.progress(50, "Half way")
        return None
    """
    job = await run(api, catalog_root, main=main)
    assert (job["state"], job["result"], job["message"]) == ("SUCCEEDED", None, "Half way")
    events = await events_of(api, job)
    logged = {(event["stream"], event["level"], event["text"]) for event in events if event["type"] == "log"}
    assert {("stdout", "info", "printed"), ("ctx", "error", "told")} <= logged
    assert any(text == "complained" and stream == "stderr" for stream, _, text in logged)
    assert any("logged" in text and level == "warning" for _, level, text in logged)
    assert [event["progress"] for event in events if event["type"] == "progress"] == [50]
    assert {"printed", "complained", "told"} <= set((await log_of(api, job)).splitlines())


async def test_item_reads_an_upload_and_leaves_a_file(api: httpx2.AsyncClient, catalog_root: Path) -> None:
    main = """
    from pathlib import Path

    def run(inputs, ctx):
        source = Path(inputs["file"])
        (ctx.workdir / "out").mkdir()
        target = ctx.workdir / "out" / "upper.txt"
        target.write_text(source.read_text().upper())
        ctx.artifact("out/upper.txt", name="Report.html")
        return {"name": source.name, "inside": source.is_relative_to(ctx.workdir.resolve())}
    """
    files = {"file": ("in put.txt", b"hello")}
    upload_id = (await api.post("/uploads", files=files)).json()["upload_id"]
    properties = {"file": {"type": "string", "format": "upload"}}
    job = await run(api, catalog_root, {"file": upload_id}, main=main, properties=properties)
    assert job["state"] == "SUCCEEDED", job["error"]
    assert job["result"] == {"name": "in put.txt", "inside": True}
    assert job["parameters"] == {"file": upload_id}
    [artifact] = job["artifacts"]
    assert (artifact["name"], artifact["size"], artifact["content_type"]) == ("Report.html", 5, "text/html")
    download = await api.get(f"/jobs/{job['job_id']}/artifacts/Report.html")
    assert download.content == b"HELLO"
    assert download.headers["Content-Disposition"].startswith("attachment")
    assert [event["artifact"] for event in await events_of(api, job) if event["type"] == "artifact"] == [
        artifact
    ]


async def test_nothing_of_a_run_stays_in_the_runs_folder(
    api: httpx2.AsyncClient, catalog_root: Path, tmp_path: Path
) -> None:
    main = "def run(inputs, ctx):\n    (ctx.workdir / 'left').write_text('x')\n"
    await run(api, catalog_root, main=main)
    runs = tmp_path / "data" / "runs"

    async def left() -> list[Path]:
        return list(runs.iterdir())

    await eventually(left, lambda paths: not paths)


async def test_item_that_raises_fails_with_its_own_lines_as_traceback(
    api: httpx2.AsyncClient, catalog_root: Path
) -> None:
    main = """
    def run(inputs, ctx):
        ctx.progress(30, "Reading")
        deeper()

    def deeper():
        raise ValueError("the file has no header")
    """
    job = await run(api, catalog_root, main=main)
    assert (job["state"], job["progress"], job["result"]) == ("FAILED", 30, None)
    assert job["error"]["kind"] == "item_error"
    assert "the file has no header" in job["error"]["message"]
    assert "in deeper" in job["error"]["traceback"]
    assert "portal/" not in job["error"]["traceback"]


@pytest.mark.parametrize(
    ("main", "kind"),
    [
        ("def run(inputs, ctx):\n    return object()\n", "invalid_result"),
        ("def run(inputs, ctx):\n    return float('nan')\n", "invalid_result"),
        ("import nothing_like_it\ndef run(inputs, ctx):\n    return 1\n", "import_error"),
        ("import os\ndef run(inputs, ctx):\n    os._exit(3)\n", "item_error"),
        ("import os\ndef run(inputs, ctx):\n    os.kill(os.getpid(), 9)\n", "killed"),
    ],
)
async def test_item_that_ends_badly_is_a_failed_job_of_that_kind(
    main: str, kind: str, api: httpx2.AsyncClient, catalog_root: Path
) -> None:
    job = await run(api, catalog_root, main=main)
    assert (job["state"], job["error"]["kind"]) == ("FAILED", kind)


async def test_item_that_takes_too_long_is_ended_as_a_timeout(
    api: httpx2.AsyncClient, catalog_root: Path
) -> None:
    main = "import time\ndef run(inputs, ctx):\n    print('begun', flush=True)\n    time.sleep(60)\n"
    job = await run(api, catalog_root, main=main, timeout_s=1)
    assert (job["state"], job["error"]["kind"]) == ("FAILED", "timeout")
    assert await log_of(api, job) == "begun\n"


async def test_running_item_is_cancelled_with_every_process_it_started(
    api: httpx2.AsyncClient, catalog_root: Path
) -> None:
    main = """
    import subprocess, sys, time

    def run(inputs, ctx):
        child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(300)"])
        print(child.pid, flush=True)
        time.sleep(300)
    """
    job_id = await started(api, catalog_root, main=main)
    text = await eventually(lambda: log_of(api, {"job_id": job_id}))
    await api.post(f"/jobs/{job_id}/cancel")
    job = await ended(api, job_id)
    assert (job["state"], job["error"]) == ("CANCELLED", None)
    assert not is_running(int(text))


async def test_jobs_of_one_worker_run_at_once(api: httpx2.AsyncClient, catalog_root: Path) -> None:
    main = """
    import time
    from pathlib import Path

    def run(inputs, ctx):
        mine, other = inputs["mine"], inputs["other"]
        Path(mine).touch()
        while not Path(other).exists():
            time.sleep(0.01)
    """
    properties = {"mine": {"type": "string"}, "other": {"type": "string"}}
    one, two = str(catalog_root / ".one"), str(catalog_root / ".two")
    first = await started(
        api, catalog_root, {"mine": one, "other": two}, main=main, properties=properties, timeout_s=30
    )
    body = {"parameters": {"mine": two, "other": one}}
    second = (await api.post("/catalog/echo/latest/execute", json=body)).json()["job_id"]
    assert [(await ended(api, job_id))["state"] for job_id in (first, second)] == ["SUCCEEDED"] * 2


async def test_version_of_an_item_runs_as_it_was_published_whatever_became_of_its_folder(
    api: httpx2.AsyncClient, catalog_root: Path
) -> None:
    folder = write_item(catalog_root, main="def run(inputs, ctx):\n    return 'as published'\n")
    await api.post("/catalog/local/import", json={"path": "echo"})
    (folder / "main.py").write_text("def run(inputs, ctx):\n    return 'changed'\n")
    job_id = (await api.post("/catalog/echo/latest/execute", json={"parameters": {}})).json()["job_id"]
    assert (await ended(api, job_id))["result"] == "as published"


async def test_item_imports_the_packages_it_requires(api: httpx2.AsyncClient, catalog_root: Path) -> None:
    main = "import tomli_w\ndef run(inputs, ctx):\n    return tomli_w.dumps({'a': 1})\n"
    job = await run(api, catalog_root, main=main, requirements="tomli-w==1.2.0\n")
    assert (job["state"], job["result"]) == ("SUCCEEDED", "a = 1\n"), job["error"]
    build = (await api.get("/catalog/echo/latest/descriptor")).json()["build"]
    assert build["status"] == "ready"


async def test_item_whose_packages_can_not_be_had_is_not_run_and_says_why(
    api: httpx2.AsyncClient, catalog_root: Path
) -> None:
    folder = write_item(catalog_root, requirements="tomli-w==0.0.0.99\n")
    await api.post("/catalog/local/import", json={"path": folder.name})

    async def build() -> Json:
        found: Json = (await api.get("/catalog/echo/latest/descriptor")).json()["build"]
        return found

    failed = await eventually(build, lambda each: each["status"] == "failed", within_s=60)
    assert "tomli-w" in failed["message"]
    response = await api.post("/catalog/echo/latest/execute", json={"parameters": {}})
    assert response.status_code == 409


# Secrets

SECRET = "hunter2-correct-horse"


async def test_secret_reaches_the_item_in_clear_and_nothing_else(
    api: httpx2.AsyncClient, catalog_root: Path, services: Services, tmp_path: Path
) -> None:
    main = """
    import hashlib, sys

    def run(inputs, ctx):
        secret = inputs["password"]
        print("the password is", secret)
        print(secret, file=sys.stderr)
        ctx.log(f"again {secret}")
        ctx.progress(50, f"with {secret}")
        return {"sha": hashlib.sha256(secret.encode()).hexdigest(), "echo": [secret], secret: 1}
    """
    properties = {"password": {"type": "string", "format": "password"}}
    job = await run(api, catalog_root, {"password": SECRET}, main=main, properties=properties)
    assert job["state"] == "SUCCEEDED", job["error"]
    assert job["result"]["sha"] == hashlib.sha256(SECRET.encode()).hexdigest()
    assert job["result"]["echo"] == ["********"]
    assert job["parameters"] == {"password": "********"}
    events = await events_of(api, job)
    assert sum("********" in event.get("text", "") for event in events) == 3
    for text in (str(job), str(events), await log_of(api, job)):
        assert SECRET not in text
    async with services.engine.connect() as connection:
        assert SECRET not in repr((await connection.execute(select(jobs_table))).all())
    for path in (tmp_path / "data").rglob("*"):
        assert not path.is_file() or SECRET.encode() not in path.read_bytes(), path
    for key in await services.redis.keys("*"):
        assert SECRET.encode() not in (await services.redis.dump(key) or b"")


async def test_secret_in_an_error_is_masked(api: httpx2.AsyncClient, catalog_root: Path) -> None:
    main = "def run(inputs, ctx):\n    raise ValueError(inputs['password'])\n"
    properties = {"password": {"type": "string", "format": "password"}}
    job = await run(api, catalog_root, {"password": SECRET}, main=main, properties=properties)
    assert job["state"] == "FAILED"
    assert "********" in job["error"]["message"]
    assert SECRET not in str(job)


async def test_secret_in_the_name_of_a_file_is_masked_or_the_file_refused(
    api: httpx2.AsyncClient, catalog_root: Path
) -> None:
    main = """
    def run(inputs, ctx):
        name = inputs["password"] + ".txt"
        (ctx.workdir / name).write_text("x")
        ctx.artifact(name)
    """
    properties = {"password": {"type": "string", "format": "password"}}
    job = await run(api, catalog_root, {"password": SECRET}, main=main, properties=properties)
    assert SECRET not in str(job)
    assert SECRET not in str(await events_of(api, job))


# What the queue may lose


async def test_jobs_run_though_redis_was_wiped_while_they_waited(
    api: httpx2.AsyncClient, catalog_root: Path, services: Services
) -> None:
    first = await started(api, catalog_root)
    await services.redis.flushall()
    assert (await ended(api, first))["state"] == "SUCCEEDED"


async def test_portal_says_that_its_worker_is_there_and_how_little_it_confines(
    api: httpx2.AsyncClient,
) -> None:
    response = await eventually(lambda: api.get("/health"), lambda answer: answer.status_code == 200)
    checks = response.json()["checks"]
    assert checks["workers"]["detail"].startswith("1 alive")
    assert "Tier D" in checks["sandbox"]["detail"]
