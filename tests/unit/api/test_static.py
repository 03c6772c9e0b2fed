"""The web app's files: packed, cached for ever where names carry a hash, and the app's page for its paths."""

from __future__ import annotations

import gzip
from pathlib import Path

import httpx2
import pytest

from portal.catalog.settings import CatalogSettings
from portal.settings import Settings
from tests.support.portal_app import client_for, running_app
from tests.support.problems import problem_of

PAGE = b"<!doctype html><title>Portal</title>"
SCRIPT = b"console.log('hello')" * 50


@pytest.fixture
def settings(settings: Settings, tmp_path: Path) -> Settings:
    """A portal with a small web app."""
    web = tmp_path / "web"
    (web / "assets").mkdir(parents=True)
    (web / "index.html").write_bytes(PAGE)
    script = web / "assets" / "app-1a2b3c.js"
    script.write_bytes(SCRIPT)
    script.with_name(script.name + ".gz").write_bytes(gzip.compress(SCRIPT))
    script.with_name(script.name + ".br").write_bytes(b"as if brotli")
    script.with_name(script.name + ".map").write_bytes(b"{}")
    (web / "favicon.svg").write_text("<svg/>")
    (tmp_path / "secret.txt").write_text("secret of the machine")
    return settings.model_copy(update={"web_dir": web})


SCRIPT_PATH = "/ui/assets/app-1a2b3c.js"


async def test_root_leads_to_the_web_app(stranger: httpx2.AsyncClient) -> None:
    response = await stranger.get("/")
    assert response.status_code in (302, 303, 307)
    assert response.headers["Location"] == "/ui/"


async def test_files_need_no_sign_in_and_have_their_type(stranger: httpx2.AsyncClient) -> None:
    page = await stranger.get("/ui/")
    assert (page.status_code, page.content) == (200, PAGE)
    assert page.headers["Content-Type"] == "text/html; charset=utf-8"
    script = await stranger.get(SCRIPT_PATH, headers={"Accept-Encoding": "identity"})
    assert script.content == SCRIPT
    assert "javascript" in script.headers["Content-Type"]


@pytest.mark.parametrize(
    ("accepted", "encoding"),
    [
        ("gzip, deflate, br, zstd", "br"),
        ("gzip", "gzip"),
        ("gzip;q=1.0, *;q=0", "gzip"),
        ("br;q=0, gzip", "gzip"),
        ("br;q=0", None),
        ("identity", None),
        ("", None),
    ],
)
async def test_file_is_packed_in_the_best_way_the_client_takes(
    accepted: str, encoding: str | None, stranger: httpx2.AsyncClient
) -> None:
    request = stranger.build_request("GET", SCRIPT_PATH, headers={"Accept-Encoding": accepted})
    response = await stranger.send(request, stream=True)
    raw = b"".join([chunk async for chunk in response.aiter_raw()])
    assert response.headers.get("Content-Encoding") == encoding
    assert "Accept-Encoding" in response.headers["Vary"]
    plain = {"br": b"as if brotli", "gzip": raw, None: SCRIPT}[encoding]
    assert raw == plain
    assert encoding != "gzip" or gzip.decompress(raw) == SCRIPT


async def test_file_with_a_hash_in_its_name_is_kept_for_ever_and_the_page_is_not(
    stranger: httpx2.AsyncClient,
) -> None:
    script = await stranger.get(SCRIPT_PATH, headers={"Accept-Encoding": "identity"})
    assert "immutable" in script.headers["Cache-Control"]
    for path in ("/ui/", "/ui/favicon.svg"):
        assert (await stranger.get(path)).headers["Cache-Control"] == "no-cache"


@pytest.mark.parametrize("form", ["{}", "W/{}", '"other", {}'])
async def test_file_that_the_client_has_is_304(form: str, stranger: httpx2.AsyncClient) -> None:
    etag = (await stranger.get("/ui/")).headers["ETag"]
    response = await stranger.get("/ui/", headers={"If-None-Match": form.format(etag)})
    assert (response.status_code, response.content, response.headers["ETag"]) == (304, b"", etag)


async def test_encodings_of_a_file_have_different_etags(stranger: httpx2.AsyncClient) -> None:
    etags = set()
    for accepted in ("gzip", "identity"):
        headers = {"Accept-Encoding": accepted}
        etags.add((await stranger.get(SCRIPT_PATH, headers=headers)).headers["ETag"])
    assert len(etags) == 2


@pytest.mark.parametrize("path", ["/ui/jobs", "/ui/jobs/0198f2a0", "/ui/catalog/csv-profile/latest"])
async def test_pages_of_the_app_are_its_one_page(path: str, stranger: httpx2.AsyncClient) -> None:
    response = await stranger.get(path, headers={"Accept": "text/html,*/*;q=0.8"})
    assert (response.status_code, response.content) == (200, PAGE)


@pytest.mark.parametrize(
    "path",
    [
        "/ui/missing.js",
        "/ui/assets/old-9f9f9f.js",
        "/ui/assets/app-1a2b3c.js.gz",
        "/ui/assets/app-1a2b3c.js.map",
        "/ui/../secret.txt",
        "/ui/%2e%2e/secret.txt",
        "/ui/..%2fsecret.txt",
        "/ui//etc/passwd.txt",
    ],
)
async def test_file_that_is_not_of_the_app_is_404(path: str, stranger: httpx2.AsyncClient) -> None:
    response = await stranger.get(path)
    assert "secret of" not in response.text
    assert response.status_code in (401, 404)


async def test_data_that_is_asked_for_below_ui_is_not_answered_with_the_page(
    stranger: httpx2.AsyncClient,
) -> None:
    problem_of(await stranger.get("/ui/jobs", headers={"Accept": "application/json"}), 404)


async def test_head_has_the_headers_of_get_and_no_body(stranger: httpx2.AsyncClient) -> None:
    head, get = await stranger.head("/ui/favicon.svg"), await stranger.get("/ui/favicon.svg")
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["ETag"] == get.headers["ETag"]
    assert head.headers["Content-Length"] == get.headers["Content-Length"]


async def test_portal_without_a_built_web_app_says_how_to_build_it(
    settings: Settings, catalog_settings: CatalogSettings
) -> None:
    bare = settings.model_copy(update={"web_dir": Path("/nowhere")})
    async with running_app(bare, catalog_settings) as app, client_for(app) as client:
        assert "make web" in problem_of(await client.get("/ui/"), 404)["detail"]
