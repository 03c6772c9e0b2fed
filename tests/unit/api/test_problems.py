"""Errors: one shape for all, and an id by which each can be found in the log."""

from __future__ import annotations

import re

import httpx2
import pytest
from sqlalchemy.exc import OperationalError

from portal.api.middleware import SECURITY_HEADERS
from portal.jobs.store import JobStore
from portal.settings import Settings
from tests.support.portal_app import BEARER, AsgiApp
from tests.support.problems import errors_of, problem_of
from tests.support.raw_asgi import post_in_chunks

JOB = {"report_type": "example_long_task", "parameters": {}}


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return settings.model_copy(update={"body_max_bytes": 2048})


@pytest.fixture
def bug(monkeypatch: pytest.MonkeyPatch) -> None:
    async def broken(*_: object) -> None:
        raise RuntimeError("secret detail of the inside")

    monkeypatch.setattr(JobStore, "list_jobs", broken)


async def test_unknown_path_is_a_problem(api: httpx2.AsyncClient) -> None:
    assert problem_of(await api.get("/nowhere"), 404)["title"] == "Not Found"


async def test_wrong_method_is_a_problem_that_names_the_right_ones(api: httpx2.AsyncClient) -> None:
    response = await api.delete("/me")
    problem_of(response, 405)
    assert "GET" in response.headers["Allow"]


async def test_unknown_job_is_a_problem_that_names_it(api: httpx2.AsyncClient) -> None:
    assert "'abc'" in problem_of(await api.get("/jobs/abc"), 404)["detail"]


async def test_conflict_is_a_problem(api: httpx2.AsyncClient) -> None:
    job_id = (await api.post("/jobs", json=JOB)).json()["job_id"]
    problem_of(await api.post(f"/jobs/{job_id}/retry"), 409)


async def test_invalid_body_is_a_problem_with_every_field(api: httpx2.AsyncClient) -> None:
    response = await api.post("/jobs", json={"report_type": 1, "extra": 2})
    assert errors_of(response).keys() == {"/report_type", "/parameters", "/extra"}


async def test_body_that_is_no_json_is_a_problem(api: httpx2.AsyncClient) -> None:
    response = await api.post("/jobs", content=b"{", headers={"Content-Type": "application/json"})
    [message] = errors_of(response).values()
    assert "not valid JSON" in message


async def test_body_that_is_no_object_is_a_problem(api: httpx2.AsyncClient) -> None:
    assert errors_of(await api.post("/jobs", json=[1])).keys() == {""}


async def test_missing_body_is_a_problem(api: httpx2.AsyncClient) -> None:
    assert errors_of(await api.post("/jobs")) == {"": "is required"}


async def test_body_that_is_not_even_text_is_a_problem(api: httpx2.AsyncClient) -> None:
    response = await api.post("/jobs", content=b"\xff\xfe", headers={"Content-Type": "application/json"})
    assert response.status_code in (400, 422)
    problem_of(response, response.status_code)


async def test_body_over_the_limit_is_a_problem(api: httpx2.AsyncClient) -> None:
    response = await api.post("/jobs", json={**JOB, "parameters": {"x": "y" * 3000}})
    assert "2,048 bytes" in problem_of(response, 413)["detail"]


async def test_body_over_the_limit_without_announced_length_is_refused_on_the_way(app: AsgiApp) -> None:
    chunks = [b'{"report_type": "', *([b"x" * 1000] * 50), b'"}']
    headers = {**BEARER, "Content-Type": "application/json"}
    status, read = await post_in_chunks(app, "/jobs", headers, chunks)
    assert status == 413
    assert read <= 4


@pytest.mark.usefixtures("bug")
async def test_bug_is_a_problem_that_says_nothing_of_the_inside(api: httpx2.AsyncClient) -> None:
    problem = problem_of(await api.get("/jobs"), 500)
    assert "secret" not in str(problem)
    assert "request id" in problem["detail"]


async def test_database_that_is_away_is_said_to_be_so_and_when_to_come_back(
    api: httpx2.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def away(*_: object) -> None:
        raise OperationalError("SELECT", {}, Exception("connection refused"))

    monkeypatch.setattr(JobStore, "list_jobs", away)
    response = await api.get("/jobs")
    problem_of(response, 503)
    assert int(response.headers["Retry-After"]) > 0


@pytest.mark.parametrize("given", ["abcdefgh", "a1B2.c3_d4:e5-f6", "0198f2a0-7c1e-7d6b-9a55-0c9e2f3b8a11"])
@pytest.mark.parametrize("path", ["/me", "/nowhere"])
async def test_sane_request_id_is_taken_over(given: str, path: str, api: httpx2.AsyncClient) -> None:
    response = await api.get(path, headers={"X-Request-ID": given})
    assert response.headers["X-Request-ID"] == given


@pytest.mark.parametrize("given", ["", "short", "a" * 129, "with space", "<script>x</script>", "semi;colon"])
async def test_insane_request_id_is_replaced(given: str, api: httpx2.AsyncClient) -> None:
    response = await api.get("/me", headers={"X-Request-ID": given})
    assert re.fullmatch(r"[0-9a-f-]{36}", response.headers["X-Request-ID"])


async def test_each_request_has_an_id_of_its_own(api: httpx2.AsyncClient) -> None:
    ids = {(await api.get("/me")).headers["X-Request-ID"] for _ in range(5)}
    assert len(ids) == 5


ANSWERS = {
    "success": ("GET", "/me", 200),
    "redirect": ("GET", "/", 307),
    "not found": ("GET", "/nowhere", 404),
    "not in the web app": ("GET", "/ui/missing.js", 404),
    "wrong method": ("DELETE", "/me", 405),
    "invalid": ("POST", "/jobs", 422),
    "health": ("GET", "/health", 503),
}


def assert_secure(response: httpx2.Response) -> None:
    assert {name: response.headers.get(name) for name in SECURITY_HEADERS} == SECURITY_HEADERS
    assert response.headers["X-Request-ID"]


@pytest.mark.parametrize(("method", "path", "status"), ANSWERS.values(), ids=ANSWERS)
async def test_answer_has_the_security_headers(
    method: str, path: str, status: int, api: httpx2.AsyncClient
) -> None:
    response = await api.request(method, path)
    assert response.status_code == status
    assert_secure(response)


async def test_refusal_of_strangers_and_of_large_bodies_has_the_security_headers(
    stranger: httpx2.AsyncClient, api: httpx2.AsyncClient
) -> None:
    assert_secure(await stranger.get("/me"))
    assert_secure(await api.post("/jobs", content=b"x" * 5000))


@pytest.mark.usefixtures("bug")
async def test_answer_to_a_bug_has_the_security_headers(api: httpx2.AsyncClient) -> None:
    response = await api.get("/jobs")
    assert response.status_code == 500
    assert_secure(response)


def test_content_security_policy_allows_nothing_inline_and_no_eval() -> None:
    policy = SECURITY_HEADERS["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'")
    assert "unsafe" not in policy
    assert "*" not in policy
