"""Starting, listing, looking at, retrying and cancelling jobs over HTTP. No worker runs here."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import httpx2
import pytest

from portal.jobs.events import fact
from portal.jobs.model import Artifact, JobError, JobState, now
from portal.jobs.store import Ending
from portal.services import Services
from tests.support.items import write_item
from tests.support.problems import errors_of, problem_of

EXAMPLE = {"report_type": "example_long_task", "parameters": {}}

Json = dict[str, Any]


async def started(api: httpx2.AsyncClient, **parameters: Any) -> str:
    response = await api.post("/jobs", json={**EXAMPLE, "parameters": parameters})
    assert response.status_code == 202, response.text
    return str(response.json()["job_id"])


async def ended(api: httpx2.AsyncClient, services: Services, state: JobState, **parameters: Any) -> str:
    """Return a job that was run by nobody and yet has ended."""
    job_id = await started(api, **parameters)
    job = await services.store.claim(job_id)
    assert job is not None
    error = JobError(kind="task_error", message="no") if state is JobState.FAILED else None
    last = await services.store.finish(job_id, 1, Ending(state, progress=40, error=error))
    assert last is not None
    await services.queue.announce(last)
    return job_id


async def job_of(api: httpx2.AsyncClient, job_id: str) -> Json:
    response = await api.get(f"/jobs/{job_id}")
    assert response.status_code == 200
    job: Json = response.json()
    return job


async def listed(api: httpx2.AsyncClient, query: str = "") -> list[str]:
    response = await api.get(f"/jobs{query}")
    assert response.status_code == 200, response.text
    return [job["job_id"] for job in response.json()["items"]]


# Starting


async def test_accepted_job_is_answered_with_its_id_and_place(api: httpx2.AsyncClient) -> None:
    response = await api.post("/jobs", json=EXAMPLE)
    assert response.status_code == 202
    job_id = response.json()["job_id"]
    assert response.headers["Location"] == f"/jobs/{job_id}"
    job = await job_of(api, job_id)
    assert (job["type"], job["state"], job["requested_by"]) == ("example_long_task", "QUEUED", "admin")
    assert (job["attempt"], job["progress"], job["item"], job["result"]) == (0, 0, None, None)
    assert job["created_at"].endswith("Z")


@pytest.mark.parametrize(
    ("body", "paths"),
    [
        ({}, {"/report_type", "/parameters"}),
        ({"report_type": "example_long_task"}, {"/parameters"}),
        ({"parameters": {}}, {"/report_type"}),
        ({**EXAMPLE, "report_type": ""}, {"/report_type"}),
        ({**EXAMPLE, "report_type": None}, {"/report_type"}),
        ({**EXAMPLE, "report_type": "nothing"}, {"/report_type"}),
        ({**EXAMPLE, "report_type": "nothing@1.0.0"}, {"/report_type"}),
        ({**EXAMPLE, "report_type": "../../etc"}, {"/report_type"}),
        ({**EXAMPLE, "parameters": []}, {"/parameters"}),
        ({**EXAMPLE, "parameters": None}, {"/parameters"}),
        ({**EXAMPLE, "parameters": {"fail_at_step": 9}}, {"/parameters/fail_at_step"}),
        ({**EXAMPLE, "parameters": {"fail_at_step": "2"}}, {"/parameters/fail_at_step"}),
        ({**EXAMPLE, "parameters": {"a/b~c": 1}}, {"/parameters/a~1b~0c"}),
        ({**EXAMPLE, "colour": "red"}, {"/colour"}),
    ],
)
async def test_invalid_request_is_refused_at_its_fields_and_makes_no_job(
    body: Json, paths: set[str], api: httpx2.AsyncClient
) -> None:
    assert errors_of(await api.post("/jobs", json=body)).keys() == paths
    assert await listed(api) == []


@pytest.mark.parametrize("number", ["NaN", "Infinity", "1e999"])
async def test_number_that_is_none_is_refused(number: str, api: httpx2.AsyncClient) -> None:
    body = f'{{"report_type": "example_long_task", "parameters": {{"fail_at_step": {number}}}}}'
    response = await api.post("/jobs", content=body, headers={"Content-Type": "application/json"})
    assert errors_of(response)


async def test_report_type_may_be_an_item_or_a_version_of_it(
    api: httpx2.AsyncClient, catalog_root: Path
) -> None:
    for version in ("1.0.0", "1.1.0"):
        write_item(catalog_root, version=version)
        assert (await api.post("/catalog/local/import", json={"path": "echo"})).status_code == 201
    for report_type, version in (("echo", "1.1.0"), ("echo@1.0.0", "1.0.0")):
        response = await api.post("/jobs", json={"report_type": report_type, "parameters": {}})
        job = await job_of(api, response.json()["job_id"])
        assert (job["type"], job["item"]["version"]) == ("echo", version)
    errors = errors_of(await api.post("/jobs", json={"report_type": "echo@9.0.0", "parameters": {}}))
    assert errors.keys() == {"/report_type"}


async def test_report_types_are_the_built_in_tasks_and_the_items_with_their_schemas(
    api: httpx2.AsyncClient, catalog_root: Path
) -> None:
    write_item(catalog_root, properties={"rows": {"type": "integer"}})
    await api.post("/catalog/local/import", json={"path": "echo"})
    types = {each["report_type"]: each for each in (await api.get("/report-types")).json()}
    assert set(types) == {"example_long_task", "echo"}
    assert types["echo"]["title"] == "Item echo"
    assert types["echo"]["schema"]["properties"] == {"rows": {"type": "integer"}}
    assert types["example_long_task"]["schema"]["properties"].keys() == {"fail_at_step"}


# Listing


async def test_list_is_a_page_with_the_number_of_all(api: httpx2.AsyncClient) -> None:
    made = [await started(api) for _ in range(5)]
    body = (await api.get("/jobs?page=2&page_size=2")).json()
    assert {name: body[name] for name in ("total", "page", "page_size")} == {
        "total": 5,
        "page": 2,
        "page_size": 2,
    }
    assert [job["job_id"] for job in body["items"]] == [made[2], made[1]]


async def test_list_has_twenty_a_page_unless_told_otherwise(api: httpx2.AsyncClient) -> None:
    for _ in range(21):
        await started(api)
    body = (await api.get("/jobs")).json()
    assert (len(body["items"]), body["total"], body["page"], body["page_size"]) == (20, 21, 1, 20)


async def test_list_can_be_cut_to_repeated_states(api: httpx2.AsyncClient, services: Services) -> None:
    queued = await started(api)
    failed = await ended(api, services, JobState.FAILED)
    succeeded = await ended(api, services, JobState.SUCCEEDED)
    assert await listed(api, "?state=FAILED") == [failed]
    assert set(await listed(api, "?state=FAILED&state=QUEUED")) == {failed, queued}
    assert await listed(api, "?state=SUCCEEDED&type=example_long_task&requested_by=admin") == [succeeded]
    assert await listed(api, "?type=example") == []


async def test_search_matches_part_of_the_id_or_type(api: httpx2.AsyncClient) -> None:
    job_id = await started(api)
    for search in (job_id[9:20], "LONG_task"):
        assert await listed(api, f"?search={search}") == [job_id]
    assert await listed(api, "?search=%25") == []
    assert await listed(api, "?search=") == [job_id]


async def test_times_may_be_given_with_and_without_zone(api: httpx2.AsyncClient) -> None:
    job_id = await started(api)
    created = (await job_of(api, job_id))["created_at"]
    day, following = created[:10] + "T00:00:00", "2999-01-01T00:00:00%2B02:00"
    assert await listed(api, f"?since={day}&until={following}") == [job_id]
    assert await listed(api, f"?until={day}Z") == []
    assert await listed(api, f"?since={following}") == []


async def test_list_can_be_sorted_the_other_way(api: httpx2.AsyncClient) -> None:
    made = [await started(api) for _ in range(3)]
    assert await listed(api, "?sort=created_at") == made


@pytest.mark.parametrize(
    ("query", "path"),
    [
        ("state=DONE", "/query/state/0"),
        ("page=0", "/query/page"),
        ("page=x", "/query/page"),
        ("page_size=101", "/query/page_size"),
        ("page_size=0", "/query/page_size"),
        ("sort=parameters", "/query/sort"),
        ("sort=-", "/query/sort"),
        ("since=yesterday", "/query/since"),
    ],
)
async def test_wrong_list_parameter_is_refused_by_name(
    query: str, path: str, api: httpx2.AsyncClient
) -> None:
    assert errors_of(await api.get(f"/jobs?{query}")).keys() == {path}


@pytest.mark.parametrize(
    "query",
    [
        "search=" + "x" * 201,
        "page=99999999999999999999",
        "since=0001-01-01T00:00:00%2B14:00",
        "until=9999-12-31T23:59:59-14:00",
        "search=%00",
        "search=%ed%a0%80",
    ],
)
async def test_odd_list_parameter_is_no_bug(query: str, api: httpx2.AsyncClient) -> None:
    assert (await api.get(f"/jobs?{query}")).status_code in (200, 422)


# One job


@pytest.mark.parametrize("suffix", ["", "/events", "/logs", "/artifacts/a.txt"])
async def test_unknown_job_is_404_in_every_view(suffix: str, api: httpx2.AsyncClient) -> None:
    for job_id in ("0198f2a0-7c1e-7d6b-9a55-0c9e2f3b8a11", "x", "%2e%2e", "%00"):
        assert (await api.get(f"/jobs/{job_id}{suffix}")).status_code == 404


async def test_waiting_job_says_its_place_and_that_nobody_works(api: httpx2.AsyncClient) -> None:
    _, second = await started(api), await started(api)
    assert (await job_of(api, second))["queue"] == {"position": 2, "reason": "No worker is running."}


async def test_job_that_has_ended_waits_for_nothing(api: httpx2.AsyncClient, services: Services) -> None:
    job = await job_of(api, await ended(api, services, JobState.FAILED))
    assert job["queue"] is None
    assert job["error"] == {"kind": "task_error", "message": "no", "traceback": None}


async def test_running_job_shows_live_progress_in_detail_and_list(
    api: httpx2.AsyncClient, services: Services
) -> None:
    job_id = await started(api)
    job = await services.store.claim(job_id)
    assert job is not None
    await services.live.announce(job.evolve(progress=55, message="Half", updated_at=now()))
    assert (await job_of(api, job_id))["progress"] == 55
    [item] = (await api.get("/jobs")).json()["items"]
    assert (item["progress"], item["message"]) == (55, "Half")


# Retrying


@pytest.mark.parametrize("state", [JobState.FAILED, JobState.CANCELLED])
async def test_retry_is_a_new_job_with_the_same_parameters(
    state: JobState, api: httpx2.AsyncClient, services: Services
) -> None:
    first = await ended(api, services, state, fail_at_step=2)
    response = await api.post(f"/jobs/{first}/retry")
    assert response.status_code == 202
    again = await job_of(api, response.json()["job_id"])
    assert response.headers["Location"] == f"/jobs/{again['job_id']}"
    assert again["job_id"] != first
    assert (again["retry_of"], again["parameters"]) == (first, {"fail_at_step": 2})
    assert (again["state"], again["attempt"]) == ("QUEUED", 0)
    assert (await job_of(api, first))["state"] == state


@pytest.mark.parametrize("body", [{}, {"parameters": None}])
async def test_retry_with_nothing_in_its_body_changes_nothing(
    body: Json, api: httpx2.AsyncClient, services: Services
) -> None:
    first = await ended(api, services, JobState.FAILED, fail_at_step=2)
    response = await api.post(f"/jobs/{first}/retry", json=body)
    assert (await job_of(api, response.json()["job_id"]))["parameters"] == {"fail_at_step": 2}


async def test_retry_may_change_the_parameters(api: httpx2.AsyncClient, services: Services) -> None:
    first = await ended(api, services, JobState.FAILED, fail_at_step=2)
    response = await api.post(f"/jobs/{first}/retry", json={"parameters": {}})
    assert (await job_of(api, response.json()["job_id"]))["parameters"] == {}
    assert (await job_of(api, first))["parameters"] == {"fail_at_step": 2}


async def test_retry_with_invalid_parameters_is_refused_at_its_fields(
    api: httpx2.AsyncClient, services: Services
) -> None:
    first = await ended(api, services, JobState.FAILED)
    response = await api.post(f"/jobs/{first}/retry", json={"parameters": {"fail_at_step": 0}})
    assert errors_of(response).keys() == {"/parameters/fail_at_step"}


async def test_only_failed_and_cancelled_jobs_can_be_retried(
    api: httpx2.AsyncClient, services: Services
) -> None:
    running = await started(api)
    await services.store.claim(running)
    succeeded = await ended(api, services, JobState.SUCCEEDED)
    for job_id in (await started(api), running, succeeded):
        problem_of(await api.post(f"/jobs/{job_id}/retry"), 409)
    problem_of(await api.post("/jobs/nowhere/retry"), 404)


# Cancelling


async def test_waiting_job_is_cancelled_at_once(api: httpx2.AsyncClient) -> None:
    job_id = await started(api)
    response = await api.post(f"/jobs/{job_id}/cancel")
    assert response.status_code == 202
    assert (await job_of(api, job_id))["state"] == "CANCELLED"


async def test_running_job_stays_running_until_its_worker_has_ended_it(
    api: httpx2.AsyncClient, services: Services
) -> None:
    job_id = await started(api)
    await services.store.claim(job_id)
    assert (await api.post(f"/jobs/{job_id}/cancel")).status_code == 202
    assert (await job_of(api, job_id))["state"] == "RUNNING"
    assert await services.live.beat(job_id) is True


async def test_ended_job_can_not_be_cancelled(api: httpx2.AsyncClient, services: Services) -> None:
    for state in (JobState.SUCCEEDED, JobState.FAILED, JobState.CANCELLED):
        job_id = await ended(api, services, state)
        problem_of(await api.post(f"/jobs/{job_id}/cancel"), 409)
    problem_of(await api.post("/jobs/nowhere/cancel"), 404)


# Events, logs and files


async def test_events_are_a_list_that_can_be_read_on(api: httpx2.AsyncClient, services: Services) -> None:
    job_id = await ended(api, services, JobState.SUCCEEDED)
    events = (await api.get(f"/jobs/{job_id}/events")).json()
    assert [(event["seq"], event["type"], event["state"]) for event in events] == [
        (1, "state", "QUEUED"),
        (2, "state", "SUCCEEDED"),
    ]
    assert (await api.get(f"/jobs/{job_id}/events?after=1")).json() == events[1:]
    assert (await api.get(f"/jobs/{job_id}/events?limit=1")).json() == events[:1]


@pytest.mark.parametrize("query", ["after=-1", "limit=0", "limit=x"])
async def test_wrong_events_parameter_is_refused(query: str, api: httpx2.AsyncClient) -> None:
    problem_of(await api.get(f"/jobs/{await started(api)}/events?{query}"), 422)


async def test_event_stream_of_an_ended_job_is_all_events_and_then_its_end(
    api: httpx2.AsyncClient, services: Services
) -> None:
    job_id = await ended(api, services, JobState.FAILED)
    events = (await api.get(f"/jobs/{job_id}/events")).json()
    response = await api.get(f"/jobs/{job_id}/events", headers={"Accept": "text/event-stream"})
    assert response.headers["Content-Type"].startswith("text/event-stream")
    blocks = response.text.removesuffix("\n\n").split("\n\n")
    assert [dict(line.split(": ", 1) for line in block.splitlines()) for block in blocks] == [
        {"id": str(event["seq"]), "event": event["type"], "data": json.dumps(event)} for event in events
    ]


async def test_event_stream_goes_on_where_a_browser_left_off(
    api: httpx2.AsyncClient, services: Services
) -> None:
    job_id = await ended(api, services, JobState.FAILED)
    headers = {"Accept": "text/event-stream", "Last-Event-ID": "1"}
    response = await api.get(f"/jobs/{job_id}/events", headers=headers)
    assert response.text.startswith("id: 2\n")


async def test_log_is_the_lines_of_all_streams_in_order(api: httpx2.AsyncClient, services: Services) -> None:
    job_id = await started(api)
    assert (await api.get(f"/jobs/{job_id}/logs")).text == ""
    facts = [
        fact("log", level="info", stream="stdout", text="one"),
        fact("progress", progress=5, message="not in the log"),
        fact("log", level="error", stream="stderr", text="<b>zwei ☃</b>"),
    ]
    await services.events.append(job_id, facts)
    response = await api.get(f"/jobs/{job_id}/logs")
    assert response.headers["Content-Type"] == "text/plain; charset=utf-8"
    assert response.text == "one\n<b>zwei ☃</b>\n"


async def test_file_of_a_job_is_a_download_that_no_browser_renders(
    api: httpx2.AsyncClient, services: Services
) -> None:
    job_id = await started(api)
    await services.store.claim(job_id)
    name, content = 'Bericht ü "x".html', b"<script>alert(1)</script>"
    artifact = Artifact(name=name, size=len(content), content_type="text/html", sha256="ab" * 32)
    await services.storage.put(f"jobs/{job_id}/artifacts/{name}", content)
    ending = Ending(JobState.SUCCEEDED, progress=100, artifacts=(artifact,))
    await services.store.finish(job_id, 1, ending)
    assert (await job_of(api, job_id))["artifacts"] == [artifact.model_dump()]

    response = await api.get(f"/jobs/{job_id}/artifacts/{name}")
    assert response.content == content
    headers = response.headers
    assert headers["Content-Disposition"].startswith("attachment;")
    assert "filename*=UTF-8''Bericht%20%C3%BC%20%22x%22.html" in headers["Content-Disposition"]
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in headers["Content-Security-Policy"]
    assert headers["Content-Length"] == str(len(content))
    problem_of(await api.get(f"/jobs/{job_id}/artifacts/other.html"), 404)
