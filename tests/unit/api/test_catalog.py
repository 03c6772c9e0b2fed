"""The catalog over HTTP: importing from folders, listing, describing, executing."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import httpx2
import pytest

from portal.catalog.builds import Build, BuildStatus
from portal.services import Services
from tests.support.items import write_item
from tests.support.portal_app import BEARER, client_for, running_app
from tests.support.problems import errors_of, problem_of

Json = dict[str, Any]


async def imported(api: httpx2.AsyncClient, root: Path, item_id: str = "echo", **fields: Any) -> Json:
    folder = write_item(root, item_id, **fields)
    response = await api.post("/catalog/local/import", json={"path": folder.name})
    assert response.status_code == 201, response.text
    published: Json = response.json()
    return published


async def ids(api: httpx2.AsyncClient, query: str = "") -> list[str]:
    return [item["item_id"] for item in (await api.get(f"/catalog{query}")).json()["items"]]


# Importing


async def test_import_publishes_the_folder_and_says_what_it_became(
    api: httpx2.AsyncClient, catalog_root: Path
) -> None:
    published = await imported(api, catalog_root)
    assert (published["item_id"], published["version"], published["created"]) == ("echo", "1.0.0", True)
    assert published["digest"].startswith("sha256:")


async def test_same_folder_again_is_200_and_creates_nothing(
    api: httpx2.AsyncClient, catalog_root: Path
) -> None:
    published = await imported(api, catalog_root)
    response = await api.post("/catalog/local/import", json={"path": "echo"})
    assert response.status_code == 200
    assert response.json() == {**published, "created": False}


async def test_same_version_with_other_files_is_409(api: httpx2.AsyncClient, catalog_root: Path) -> None:
    published = await imported(api, catalog_root)
    write_item(catalog_root, main="def run(inputs, ctx):\n    return 2\n")
    problem_of(await api.post("/catalog/local/import", json={"path": "echo"}), 409)
    descriptor = (await api.get("/catalog/echo/1.0.0/descriptor")).json()
    assert descriptor["digest"] == published["digest"]


async def test_path_may_be_absolute(api: httpx2.AsyncClient, catalog_root: Path) -> None:
    folder = write_item(catalog_root)
    response = await api.post("/catalog/local/import", json={"path": str(folder)})
    assert response.status_code == 201


async def test_invalid_item_is_422_with_every_problem(api: httpx2.AsyncClient, catalog_root: Path) -> None:
    folder = write_item(catalog_root, colour="red")
    (folder / "schema.json").write_text("{")
    problems = errors_of(await api.post("/catalog/local/import", json={"path": "echo"}))
    assert any("manifest" in path for path in problems)
    assert any("schema.json" in path for path in problems)
    assert await ids(api) == []


@pytest.mark.parametrize(
    "path", ["..", "../outside", "/etc", "/", "missing", "~", "a\0b", "link", "x" * 4000]
)
async def test_folder_outside_the_root_is_422_whether_it_exists_or_not(
    path: str, api: httpx2.AsyncClient, catalog_root: Path, tmp_path: Path
) -> None:
    write_item(tmp_path, "outside")
    (catalog_root / "link").symlink_to(tmp_path / "outside")
    problems = errors_of(await api.post("/catalog/local/import", json={"path": path}))
    assert problems == {"/path": "must be an existing folder inside a catalog root (PORTAL_CATALOG_ROOT)"}


async def test_link_out_of_the_root_inside_an_item_is_not_followed(
    api: httpx2.AsyncClient, catalog_root: Path, tmp_path: Path
) -> None:
    (tmp_path / "secret.txt").write_text("secret of the machine")
    folder = write_item(catalog_root)
    (folder / "stolen.txt").symlink_to(tmp_path / "secret.txt")
    assert errors_of(await api.post("/catalog/local/import", json={"path": "echo"}))


async def test_pipe_in_an_item_is_refused_and_nothing_waits_for_it(
    api: httpx2.AsyncClient, catalog_root: Path
) -> None:
    os.mkfifo(write_item(catalog_root) / "pipe")
    assert errors_of(await api.post("/catalog/local/import", json={"path": "echo"}))


async def test_items_of_the_root_are_published_when_the_portal_starts(
    settings: Any, catalog_settings: Any, catalog_root: Path
) -> None:
    write_item(catalog_root, "good")
    write_item(catalog_root, "bad", colour="red")
    (catalog_root / "no-item").mkdir()
    async with running_app(settings, catalog_settings) as app, client_for(app, headers=BEARER) as client:
        assert await ids(client) == ["good"]


# Listing


@pytest.fixture
async def filled(api: httpx2.AsyncClient, catalog_root: Path) -> httpx2.AsyncClient:
    """A catalog with three items, one of them in three versions."""
    await imported(api, catalog_root, "alpha", title="Zebra", tags=["data"], owner="platform")
    await imported(api, catalog_root, "beta", title="Ant", tags=["data", "csv"])
    for version in ("1.9.0", "1.10.0", "2.0.0-rc.1"):
        await imported(api, catalog_root, "gamma", title="Mole", version=version, description="Digs in CSV")
    return api


async def test_every_item_is_listed_by_title_with_its_versions_newest_first(
    filled: httpx2.AsyncClient,
) -> None:
    body = (await filled.get("/catalog")).json()
    assert [item["title"] for item in body["items"]] == ["Ant", "Mole", "Zebra"]
    assert body["total"] == 3
    fields = "item_id title description tags icon owner latest versions"
    assert set(body["items"][0]) == set(fields.split())
    mole = body["items"][1]
    assert (mole["latest"], mole["versions"]) == ("1.10.0", ["2.0.0-rc.1", "1.10.0", "1.9.0"])


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("?search=csv", ["beta", "gamma"]),
        ("?search=ZEB", ["alpha"]),
        ("?search=platform", ["alpha"]),
        ("?tag=data", ["beta", "alpha"]),
        ("?tag=data&search=csv", ["beta"]),
        ("?search=nothing", []),
        ("?page=1&page_size=2", ["beta", "gamma"]),
        ("?page=2&page_size=2", ["alpha"]),
        ("?page=9&page_size=2", []),
    ],
)
async def test_list_can_be_searched_and_paged(
    query: str, found: list[str], filled: httpx2.AsyncClient
) -> None:
    assert await ids(filled, query) == found


async def test_list_that_the_client_has_is_304_until_something_changes(
    filled: httpx2.AsyncClient, catalog_root: Path
) -> None:
    etag = (await filled.get("/catalog")).headers["ETag"]
    unchanged = await filled.get("/catalog", headers={"If-None-Match": etag})
    assert (unchanged.status_code, unchanged.content, unchanged.headers["ETag"]) == (304, b"", etag)
    await imported(filled, catalog_root, "delta")
    changed = await filled.get("/catalog", headers={"If-None-Match": etag})
    assert (changed.status_code, changed.json()["total"]) == (200, 4)


@pytest.mark.parametrize("form", ["W/{}", '"other", {}', "*"])
async def test_etag_is_found_weak_in_a_list_and_by_star(form: str, filled: httpx2.AsyncClient) -> None:
    etag = (await filled.get("/catalog")).headers["ETag"]
    response = await filled.get("/catalog", headers={"If-None-Match": form.format(etag)})
    assert response.status_code == 304


@pytest.mark.parametrize("query", ["page=0", "page_size=101", "page=x"])
async def test_wrong_page_is_422(query: str, api: httpx2.AsyncClient) -> None:
    problem_of(await api.get(f"/catalog?{query}"), 422)


# Versions and descriptors


async def test_versions_are_newest_first_with_digest_time_and_source(filled: httpx2.AsyncClient) -> None:
    versions = (await filled.get("/catalog/gamma/versions")).json()
    assert [each["version"] for each in versions] == ["2.0.0-rc.1", "1.10.0", "1.9.0"]
    assert {frozenset(each) for each in versions} == {
        frozenset(("version", "digest", "created_at", "source", "yanked"))
    }
    assert versions[0]["created_at"].endswith("Z")
    assert versions[0]["yanked"] is False


async def test_descriptor_has_all_that_a_form_needs(api: httpx2.AsyncClient, catalog_root: Path) -> None:
    folder = write_item(catalog_root, properties={"rows": {"type": "integer"}}, timeout_s=5)
    (folder / "README.md").write_text("# Hello")
    (folder / "ui_schema.json").write_text('{"rows": {"ui:widget": "updown"}}')
    await api.post("/catalog/local/import", json={"path": "echo"})
    descriptor = (await api.get("/catalog/echo/latest/descriptor")).json()
    assert (descriptor["item_id"], descriptor["version"]) == ("echo", "1.0.0")
    assert descriptor["schema"]["properties"] == {"rows": {"type": "integer"}}
    assert descriptor["ui_schema"] == {"rows": {"ui:widget": "updown"}}
    assert descriptor["readme"] == "# Hello"
    assert descriptor["manifest"]["timeout_s"] == 5
    assert descriptor["build"] == {"status": "none", "message": ""}


async def test_latest_is_the_newest_stable_version(filled: httpx2.AsyncClient) -> None:
    assert (await filled.get("/catalog/gamma/latest/descriptor")).json()["version"] == "1.10.0"


@pytest.mark.parametrize(
    "path",
    [
        "/catalog/nothing/versions",
        "/catalog/nothing/latest/descriptor",
        "/catalog/alpha/9.9.9/descriptor",
        "/catalog/alpha/one/descriptor",
        "/catalog/..%2f..%2fetc/latest/descriptor",
        "/catalog/alpha/..%2f..%2f/descriptor",
        "/catalog/%00/latest/descriptor",
    ],
)
async def test_unknown_item_or_version_is_404(path: str, filled: httpx2.AsyncClient) -> None:
    problem_of(await filled.get(path), 404)


# Executing


async def test_execute_starts_a_job_of_exactly_that_version(filled: httpx2.AsyncClient) -> None:
    for version, used in (("1.9.0", "1.9.0"), ("latest", "1.10.0")):
        response = await filled.post(f"/catalog/gamma/{version}/execute", json={"parameters": {}})
        assert response.status_code == 202
        job = (await filled.get(response.headers["Location"])).json()
        assert (job["type"], job["item"]["id"], job["item"]["version"]) == ("gamma", "gamma", used)
        assert job["item"]["digest"].startswith("sha256:")


async def test_defaults_of_the_schema_are_filled_in(api: httpx2.AsyncClient, catalog_root: Path) -> None:
    await imported(api, catalog_root, properties={"rows": {"type": "integer", "default": 10}})
    response = await api.post("/catalog/echo/latest/execute", json={"parameters": {}})
    job = (await api.get(response.headers["Location"])).json()
    assert job["parameters"] == {"rows": 10}


async def test_inputs_that_do_not_fit_are_refused_field_by_field(
    api: httpx2.AsyncClient, catalog_root: Path
) -> None:
    properties = {
        "rows": {"type": "integer", "minimum": 1},
        "name": {"type": "string"},
        "list": {"type": "array", "items": {"type": "string"}},
    }
    await imported(api, catalog_root, properties=properties, required=("name",))
    body = {"parameters": {"rows": 0, "list": ["a", 1], "more": True}}
    problems = errors_of(await api.post("/catalog/echo/latest/execute", json=body))
    assert problems.keys() == {
        "/parameters/rows",
        "/parameters/name",
        "/parameters/list/1",
        "/parameters/more",
    }
    assert (await api.get("/jobs")).json()["total"] == 0


@pytest.mark.parametrize(
    ("body", "path"),
    [({}, "/parameters"), ({"parameters": 1}, "/parameters"), ({"parameters": {}, "x": 1}, "/x")],
)
async def test_malformed_execute_is_422(body: Json, path: str, filled: httpx2.AsyncClient) -> None:
    assert errors_of(await filled.post("/catalog/alpha/latest/execute", json=body)).keys() == {path}


async def test_execute_of_something_unknown_is_404(filled: httpx2.AsyncClient) -> None:
    for path in ("nothing/latest", "alpha/9.9.9"):
        problem_of(await filled.post(f"/catalog/{path}/execute", json={"parameters": {}}), 404)


async def test_import_does_not_wait_for_the_build_and_says_that_it_is_pending(
    api: httpx2.AsyncClient, catalog_root: Path
) -> None:
    await imported(api, catalog_root, requirements="tomli-w==1.2.0\n")
    build = (await api.get("/catalog/echo/latest/descriptor")).json()["build"]
    assert build == {"status": "pending", "message": ""}


async def test_execute_after_a_failed_build_is_409_and_says_why(
    api: httpx2.AsyncClient, catalog_root: Path, services: Services
) -> None:
    published = await imported(api, catalog_root, requirements="tomli-w==1.2.0\n")
    failure = Build(status=BuildStatus.FAILED, message="no such package")
    await services.builds.put(published["digest"], failure)
    response = await api.post("/catalog/echo/latest/execute", json={"parameters": {}})
    assert "no such package" in problem_of(response, 409)["detail"]


async def test_two_portals_on_one_store_see_each_others_items(
    api: httpx2.AsyncClient, settings: Any, catalog_settings: Any, catalog_root: Path
) -> None:
    async with running_app(settings, catalog_settings) as second, client_for(second, headers=BEARER) as other:
        assert await ids(other) == []
        await imported(api, catalog_root)
        assert await ids(other) == ["echo"]
