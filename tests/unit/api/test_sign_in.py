"""Signing in by link or token, and out again."""

from __future__ import annotations

import httpx2
import pytest

from portal.identity.callers import FIRST_ADMINISTRATOR
from portal.services import Services
from tests.support.portal_app import ADMIN_TOKEN, BASE_URL
from tests.support.problems import errors_of, problem_of


async def test_link_signs_in_once_and_its_cookie_is_for_this_site_and_no_script(
    stranger: httpx2.AsyncClient, services: Services
) -> None:
    token = await services.sessions.create_link(FIRST_ADMINISTRATOR)
    response = await stranger.post("/auth/sign-in", json={"token": token})
    assert response.json() == {"name": "admin", "roles": ["administrator"], "groups": []}
    attributes = {part.strip().lower() for part in response.headers["Set-Cookie"].split(";")}
    assert {"httponly", "samesite=strict", "path=/"} <= attributes
    assert (await stranger.get("/me")).status_code == 200
    problem_of(await stranger.post("/auth/sign-in", json={"token": token}), 401)


async def test_admin_token_signs_in_as_often_as_needed(stranger: httpx2.AsyncClient) -> None:
    for _ in range(2):
        assert (await stranger.post("/auth/sign-in", json={"token": ADMIN_TOKEN})).status_code == 200


async def test_wrong_token_says_how_to_get_a_new_link(stranger: httpx2.AsyncClient) -> None:
    problem = problem_of(await stranger.post("/auth/sign-in", json={"token": "wrong"}), 401)
    assert "portal sign-in-link" in problem["detail"]


@pytest.mark.parametrize(
    ("body", "path"), [({}, "/token"), ({"token": ""}, "/token"), ({"token": 1}, "/token")]
)
async def test_malformed_sign_in_is_refused_at_its_field(
    body: object, path: str, stranger: httpx2.AsyncClient
) -> None:
    assert list(errors_of(await stranger.post("/auth/sign-in", json=body))) == [path]


async def test_sign_in_from_another_site_is_refused_and_leaves_the_link_good(
    stranger: httpx2.AsyncClient, services: Services
) -> None:
    token = await services.sessions.create_link(FIRST_ADMINISTRATOR)
    foreign = {"Origin": "https://evil.example"}
    problem_of(await stranger.post("/auth/sign-in", json={"token": token}, headers=foreign), 403)
    own = {"Origin": BASE_URL}
    response = await stranger.post("/auth/sign-in", json={"token": token}, headers=own)
    assert response.status_code == 200


async def test_cookie_is_secure_when_the_portal_is_reached_by_https(stranger: httpx2.AsyncClient) -> None:
    response = await stranger.post("https://portal.test/auth/sign-in", json={"token": ADMIN_TOKEN})
    assert "secure" in response.headers["Set-Cookie"].lower()


async def test_signing_out_ends_the_session_and_clears_the_cookie(stranger: httpx2.AsyncClient) -> None:
    signed_in = await stranger.post("/auth/sign-in", json={"token": ADMIN_TOKEN})
    token = signed_in.cookies["portal_session"]
    response = await stranger.post("/auth/sign-out", headers={"Origin": BASE_URL})
    assert response.status_code == 204
    assert "portal_session" not in stranger.cookies
    problem_of(await stranger.get("/me", headers={"Cookie": f"portal_session={token}"}), 401)
