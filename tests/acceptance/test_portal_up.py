"""`portal up` as somebody sees it who starts it, uses it, stops it, and kills parts of it."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import httpx2
import pytest

from tests.support.items import write_item
from tests.support.polling import eventually_sync
from tests.support.portal_app import ADMIN_TOKEN
from tests.support.portal_process import PortalProcess, portal_up, processes_of, run_job, run_portal


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with one item in its catalog root."""
    folder = tmp_path_factory.mktemp("portal")
    write_item(folder / "items", properties={"text": {"type": "string"}})
    return folder


@pytest.fixture(scope="module")
def portal(folder: Path) -> Iterator[PortalProcess]:
    """A portal that several tests use, with a token."""
    with portal_up(folder, PORTAL_ADMIN_TOKEN=ADMIN_TOKEN) as portal:
        yield portal


def pid_of(portal: PortalProcess, part: str) -> int:
    """Return the process that runs one part of the portal: `api`, `worker` or `valkey`."""

    def found() -> list[int]:
        return [
            pid
            for pid, command in processes_of(portal.data_dir).items()
            if part in command.replace(str(portal.data_dir), "") and pid != portal.process.pid
        ]

    return eventually_sync(found, lambda pids: len(pids) == 1)[0]


@pytest.fixture(scope="module")
def lost_job(portal: PortalProcess) -> str:
    """A job whose worker was killed; what becomes of it takes a while, and other tests run meanwhile."""
    with portal.client() as client:
        body = {"report_type": "example_long_task", "parameters": {}}
        job_id: str = client.post("/jobs", json=body).json()["job_id"]
        eventually_sync(
            lambda: client.get(f"/jobs/{job_id}").json()["state"], lambda state: state == "RUNNING"
        )
    os.kill(pid_of(portal, "worker"), signal.SIGKILL)
    return job_id


def test_worker_that_is_killed_is_replaced_by_one_that_takes_the_next_job(
    portal: PortalProcess, lost_job: str
) -> None:
    with portal.client() as client:
        assert run_job(client, "echo", text="next")["state"] == "SUCCEEDED"
        assert client.get(f"/jobs/{lost_job}").json()["result"] is None


def test_ready_portal_runs_an_item_of_its_root(portal: PortalProcess) -> None:
    with portal.client() as client:
        assert client.get("/health").json()["status"] == "ok"
        job = run_job(client, "echo", text="hello")
    assert (job["state"], job["result"]) == ("SUCCEEDED", {"text": "hello"})


def test_portal_with_a_token_prints_no_link_but_where_to_use_the_token(portal: PortalProcess) -> None:
    assert "#token=" not in portal.output
    assert ADMIN_TOKEN not in portal.output
    assert f"{portal.url}/ui/sign-in" in portal.output


def test_sign_in_link_for_a_running_portal_signs_in_once(portal: PortalProcess, folder: Path) -> None:
    made = run_portal(folder, "sign-in-link", "--port", str(portal.port), "--data-dir", str(portal.data_dir))
    assert (made.returncode, made.stdout.count("\n")) == (0, 1), made.stderr
    address, _, token = made.stdout.strip().partition("#token=")
    assert address == f"{portal.url}/ui/sign-in"
    with portal.client(headers={}) as browser:
        assert [browser.post("/auth/sign-in", json={"token": token}).status_code for _ in range(2)] == [
            200,
            401,
        ]
        assert browser.get("/me").json()["name"] == "admin"


def test_second_portal_on_the_same_data_folder_is_refused_in_one_sentence(
    portal: PortalProcess, folder: Path
) -> None:
    second = run_portal(folder, "up", "--port", "0", "--data-dir", str(portal.data_dir))
    assert (second.returncode, second.stdout) == (1, "")
    assert second.stderr == f"portal: Another portal is running on the data folder {portal.data_dir}.\n"


def test_taken_port_is_refused_in_one_sentence(portal: PortalProcess, folder: Path) -> None:
    second = run_portal(folder, "up", "--port", str(portal.port), "--data-dir", str(folder / "other"))
    assert (second.returncode, second.stdout) == (1, "")
    assert second.stderr.startswith(f"portal: The portal can't listen on 127.0.0.1:{portal.port}: ")
    assert second.stderr.count("\n") == 1
    assert not (folder / "other").exists()


@pytest.mark.parametrize("part", ["api", "valkey"])
def test_part_that_is_killed_is_started_again_and_works(part: str, portal: PortalProcess) -> None:
    killed = pid_of(portal, part)
    os.kill(killed, signal.SIGKILL)
    eventually_sync(lambda: pid_of(portal, part), lambda pid: pid != killed)
    with portal.client() as client:

        def is_well() -> bool:
            try:
                return client.get("/health").status_code == 200
            except httpx2.TransportError:
                return False

        eventually_sync(is_well, within_s=40)
        assert run_job(client, "echo", text=part)["result"] == {"text": part}


def test_portal_signs_in_runs_stops_cleanly_and_remembers(tmp_path: Path) -> None:
    write_item(tmp_path / "items")
    with portal_up(tmp_path) as portal:
        with portal.client(headers={"Origin": portal.url}) as browser:
            token = portal.sign_in_token
            assert browser.post("/auth/sign-in", json={"token": token}).status_code == 200
            assert browser.post("/auth/sign-in", json={"token": token}).status_code == 401
            job = run_job(browser, "echo")
            assert job["state"] == "SUCCEEDED"
            cookies = dict(browser.cookies)
        assert len(processes_of(portal.data_dir)) >= 4
        assert portal.stop() == 0
        assert processes_of(portal.data_dir) == {}
        assert "Traceback" not in portal.output

    started = time.monotonic()
    with portal_up(tmp_path) as portal:
        assert time.monotonic() - started < 15  # < 3 s on a machine that has nothing else to do
        with portal.client(headers={}, cookies=cookies) as browser:
            assert browser.get(f"/jobs/{job['job_id']}").json() == job
            assert len(browser.get(f"/jobs/{job['job_id']}/events").json()) >= 3
        assert portal.stop(signal.SIGTERM) == 0
        assert processes_of(portal.data_dir) == {}


def test_portal_that_is_stopped_while_a_job_runs_ends_the_job_and_everything(tmp_path: Path) -> None:
    main = "import time\ndef run(inputs, ctx):\n    print('begun', flush=True)\n    time.sleep(300)\n"
    write_item(tmp_path / "items", main=main)
    settings = {"PORTAL_ADMIN_TOKEN": ADMIN_TOKEN, "PORTAL_WORKER_GRACE_S": "1"}
    with portal_up(tmp_path, **settings) as portal, portal.client() as client:
        job_id = client.post("/jobs", json={"report_type": "echo", "parameters": {}}).json()["job_id"]
        eventually_sync(lambda: client.get(f"/jobs/{job_id}/logs").text)
        assert portal.stop() == 0
        assert processes_of(portal.data_dir) == {}
    with portal_up(tmp_path, **settings) as portal, portal.client() as client:
        job = eventually_sync(
            lambda: client.get(f"/jobs/{job_id}").json(),
            lambda each: each["state"] not in ("QUEUED", "RUNNING"),
            within_s=40,
        )
    assert (job["state"], job["error"]["kind"]) == ("FAILED", "worker_lost")


def test_supervisor_that_is_killed_leaves_nothing_running(tmp_path: Path) -> None:
    main = "import time\ndef run(inputs, ctx):\n    print('begun', flush=True)\n    time.sleep(300)\n"
    write_item(tmp_path / "items", main=main)
    settings = {"PORTAL_ADMIN_TOKEN": ADMIN_TOKEN, "PORTAL_WORKER_GRACE_S": "1"}
    with portal_up(tmp_path, **settings) as portal:
        with portal.client() as client:
            job_id = client.post("/jobs", json={"report_type": "echo", "parameters": {}}).json()["job_id"]
            eventually_sync(lambda: client.get(f"/jobs/{job_id}/logs").text)
        portal.process.kill()
        portal.process.wait()
        eventually_sync(lambda: processes_of(portal.data_dir), lambda left: not left, within_s=15)


def test_portal_that_is_told_to_stop_while_it_starts_stops(tmp_path: Path) -> None:
    (tmp_path / "items").mkdir()
    portal = PortalProcess(tmp_path, "up", port=0)
    try:
        eventually_sync(lambda: len(processes_of(portal.data_dir)) >= 2)
        assert portal.stop() == 0
        assert processes_of(portal.data_dir) == {}
        assert "Traceback" not in portal.output
    finally:
        portal.end()


def test_job_whose_worker_was_killed_has_failed_instead_of_hanging(
    portal: PortalProcess, lost_job: str
) -> None:
    with portal.client() as client:
        job = eventually_sync(
            lambda: client.get(f"/jobs/{lost_job}").json(),
            lambda each: each["state"] != "RUNNING",
            within_s=40,
        )
    assert (job["state"], job["error"]["kind"]) == ("FAILED", "worker_lost")
