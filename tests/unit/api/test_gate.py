"""The gate: who gets in, by which credentials, from where; for every route and socket there is."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import httpx2
import pytest
from fastapi.routing import iter_route_contexts

from portal.api.app import create_app
from portal.catalog.settings import CatalogSettings
from portal.identity.callers import FIRST_ADMINISTRATOR
from portal.services import Services
from portal.settings import Settings
from tests.support.portal_app import ADMIN_TOKEN, BASE_URL, AsgiApp, client_for
from tests.support.problems import problem_of
from tests.support.raw_asgi import HOST, post_in_chunks, refusal_of_socket

# The whole of what the contract calls public.
PUBLIC = {
    ("GET", "/health"),
    ("GET", "/health/live"),
    ("GET", "/health/ready"),
    ("POST", "/auth/sign-in"),
    ("GET", "/"),
    ("GET", "/ui/{path:path}"),
    ("HEAD", "/ui/{path:path}"),
}
SOCKET = "WEBSOCKET"
FOREIGN = "https://evil.example"


def routes() -> Iterator[tuple[str, str]]:
    """Every route of the application, as its router knows them."""
    nowhere = Settings(_env_file=None, web_dir=Path("/nowhere"))
    app = create_app(nowhere, CatalogSettings(_env_file=None))
    for route in iter_route_contexts(app.routes):
        for method in route.methods or {SOCKET}:
            yield method, str(route.path)


ALL = sorted(routes())
GATED = [route for route in ALL if route not in PUBLIC]
GATED_HTTP = [route for route in GATED if route[0] != SOCKET]
GATED_SOCKETS = [path for method, path in GATED if method == SOCKET]
CHANGES = [route for route in GATED_HTTP if route[0] not in ("GET", "HEAD", "OPTIONS")]


def filled(path: str) -> str:
    return re.sub(r"\{[^}]+\}", "x", path)


@pytest.fixture
async def cookie(services: Services) -> dict[str, str]:
    """The header of a browser that has signed in."""
    return {"Cookie": f"portal_session={await services.sessions.start(FIRST_ADMINISTRATOR)}"}


@pytest.fixture
async def browser(app: AsgiApp, cookie: dict[str, str]) -> AsyncIterator[httpx2.AsyncClient]:
    async with client_for(app, headers=cookie) as client:
        yield client


def test_routes_and_sockets_were_found_and_every_public_one_exists() -> None:
    assert len(GATED_HTTP) >= 18
    assert set(GATED_SOCKETS) >= {"/ws/jobs", "/ws/jobs/{job_id}"}
    assert set(ALL) >= PUBLIC


@pytest.mark.parametrize(("method", "path"), GATED_HTTP)
async def test_stranger_gets_401_from_every_route_that_is_not_public(
    method: str, path: str, stranger: httpx2.AsyncClient
) -> None:
    response = await stranger.request(method, filled(path))
    problem_of(response, 401)
    assert response.headers["WWW-Authenticate"] == "Bearer"


@pytest.mark.parametrize("path", GATED_SOCKETS)
async def test_stranger_is_refused_every_socket_before_it_opens(path: str, app: AsgiApp) -> None:
    status, document = await refusal_of_socket(app, filled(path), {})
    assert (status, document["title"]) == (401, "Unauthorized")


@pytest.mark.parametrize(("method", "path"), sorted(PUBLIC))
async def test_public_route_never_answers_401(method: str, path: str, stranger: httpx2.AsyncClient) -> None:
    response = await stranger.request(method, filled(path))
    assert response.status_code not in (401, 403)


@pytest.mark.parametrize(
    "authorization",
    [
        "Bearer wrong",
        "Bearer",
        "Bearer ",
        f"Bearer {ADMIN_TOKEN}x",
        f"Bearer {ADMIN_TOKEN[:-1]}",
        f"Basic {ADMIN_TOKEN}",
        ADMIN_TOKEN,
    ],
)
async def test_wrong_token_gets_401(authorization: str, stranger: httpx2.AsyncClient) -> None:
    problem_of(await stranger.get("/me", headers={"Authorization": authorization}), 401)


@pytest.mark.parametrize("scheme", ["Bearer", "bearer", "BEARER"])
async def test_admin_token_gets_in_whatever_the_case_of_the_scheme(
    scheme: str, stranger: httpx2.AsyncClient
) -> None:
    response = await stranger.get("/me", headers={"Authorization": f"{scheme} {ADMIN_TOKEN}"})
    assert response.json() == {"name": "admin", "roles": ["administrator"], "groups": []}


async def test_session_cookie_gets_in(browser: httpx2.AsyncClient) -> None:
    assert (await browser.get("/me")).json()["name"] == "admin"


async def test_unknown_session_cookie_gets_401(stranger: httpx2.AsyncClient) -> None:
    problem_of(await stranger.get("/me", headers={"Cookie": "portal_session=made-up"}), 401)


async def test_wrong_bearer_token_is_not_made_good_by_a_cookie(browser: httpx2.AsyncClient) -> None:
    problem_of(await browser.get("/me", headers={"Authorization": "Bearer wrong"}), 401)


@pytest.mark.parametrize(("method", "path"), CHANGES)
async def test_cookie_changes_nothing_from_another_origin_or_none(
    method: str, path: str, browser: httpx2.AsyncClient
) -> None:
    for origin in (None, FOREIGN, "null", f"http://{HOST}.evil.example", f"http://{HOST}:81"):
        headers = {} if origin is None else {"Origin": origin}
        problem_of(await browser.request(method, filled(path), headers=headers), 403)


async def test_cookie_changes_things_from_the_portals_own_pages(browser: httpx2.AsyncClient) -> None:
    body = {"report_type": "example_long_task", "parameters": {}}
    response = await browser.post("/jobs", json=body, headers={"Origin": BASE_URL})
    assert response.status_code == 202


async def test_reading_with_a_cookie_needs_no_origin(browser: httpx2.AsyncClient) -> None:
    assert (await browser.get("/jobs")).status_code == 200


async def test_bearer_token_changes_things_without_an_origin_and_with_any(api: httpx2.AsyncClient) -> None:
    body = {"report_type": "example_long_task", "parameters": {}}
    for headers in ({}, {"Origin": FOREIGN}):
        assert (await api.post("/jobs", json=body, headers=headers)).status_code == 202


@pytest.mark.parametrize("origin", [None, FOREIGN, "null"])
async def test_socket_with_a_cookie_is_refused_from_another_origin_or_none(
    origin: str | None, app: AsgiApp, cookie: dict[str, str]
) -> None:
    headers = cookie if origin is None else {**cookie, "Origin": origin}
    status, _ = await refusal_of_socket(app, "/ws/jobs", headers)
    assert status == 403


async def test_stranger_learns_nothing_from_malformed_json_but_that_he_is_one(
    stranger: httpx2.AsyncClient,
) -> None:
    headers = {"Content-Type": "application/json"}
    problem_of(await stranger.post("/jobs", content=b"{", headers=headers), 401)


async def test_file_of_a_stranger_is_refused_before_it_is_received(app: AsgiApp) -> None:
    head = b'--b\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\n'
    chunks = [head, *([b"x" * 65536] * 100), b"\r\n--b--\r\n"]
    headers = {"Content-Type": "multipart/form-data; boundary=b"}
    status, read = await post_in_chunks(app, "/uploads", headers, chunks)
    assert status == 401
    assert read <= 1


@pytest.mark.parametrize("path", ["/docs", "/openapi.json"])
async def test_documentation_is_for_callers_only(
    path: str, stranger: httpx2.AsyncClient, api: httpx2.AsyncClient
) -> None:
    problem_of(await stranger.get(path), 401)
    assert (await api.get(path)).status_code in (200, 307)
