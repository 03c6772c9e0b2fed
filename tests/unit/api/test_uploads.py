"""Uploads over HTTP: what is kept, under which name, how large, and how an item's input refers to it."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import httpx2
import pytest

from portal.api.routers.uploads import NAME_MAX_BYTES, safe_name
from portal.services import Services
from portal.settings import Settings
from tests.support.items import write_item
from tests.support.portal_app import BEARER, AsgiApp
from tests.support.problems import errors_of, problem_of
from tests.support.raw_asgi import post_in_chunks

LIMIT = 100_000


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return settings.model_copy(update={"upload_max_bytes": LIMIT})


async def upload(api: httpx2.AsyncClient, name: str = "a.csv", content: bytes = b"a,b\n") -> httpx2.Response:
    return await api.post("/uploads", files={"file": (name, content)})


async def test_upload_is_kept_with_name_size_and_digest(api: httpx2.AsyncClient, services: Services) -> None:
    content = bytes(range(256)) * 300
    response = await upload(api, "Zahlen ü.bin", content)
    assert response.status_code == 201
    body = response.json()
    assert set(body) == {"upload_id", "name", "size", "sha256"}
    assert (body["name"], body["size"]) == ("Zahlen ü.bin", len(content))
    assert body["sha256"] == hashlib.sha256(content).hexdigest()
    assert await services.storage.get(f"uploads/{body['upload_id']}") == content


async def test_empty_file_is_kept(api: httpx2.AsyncClient) -> None:
    response = await upload(api, content=b"")
    assert (response.status_code, response.json()["size"]) == (201, 0)


async def test_file_over_the_limit_is_413_and_not_kept(api: httpx2.AsyncClient, services: Services) -> None:
    problem_of(await upload(api, content=b"x" * (LIMIT + 70_000)), 413)
    assert await services.storage.list_keys("uploads") == []


async def test_file_just_over_the_limit_is_413_too(api: httpx2.AsyncClient) -> None:
    assert (await upload(api, content=b"x" * LIMIT)).status_code == 201
    problem_of(await upload(api, content=b"x" * (LIMIT + 1)), 413)


async def test_file_over_the_limit_without_announced_length_is_refused_on_the_way(
    app: AsgiApp, services: Services
) -> None:
    head = b'--b\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\n'
    headers = {**BEARER, "Content-Type": "multipart/form-data; boundary=b"}
    status, read = await post_in_chunks(app, "/uploads", headers, [head, *([b"x" * 50_000] * 50), b"--b--"])
    assert status == 413
    assert read <= 6
    assert await services.storage.list_keys("uploads") == []


async def test_file_without_announced_length_is_kept_when_it_fits(app: AsgiApp) -> None:
    head = b'--b\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\n'
    headers = {**BEARER, "Content-Type": "multipart/form-data; boundary=b"}
    status, _ = await post_in_chunks(app, "/uploads", headers, [head, b"x" * 50_000, b"\r\n--b--\r\n"])
    assert status == 201


@pytest.mark.parametrize(
    "request_of",
    [
        {"files": {"other": ("a", b"x")}},
        {"data": {"file": "text, not a file"}},
        {"json": {"file": "x"}},
        {"content": b"--b\r\nbroken", "headers": {"Content-Type": "multipart/form-data; boundary=b"}},
        {"content": b"x", "headers": {"Content-Type": "multipart/form-data"}},
    ],
)
async def test_request_without_a_file_is_refused(request_of: dict[str, Any], api: httpx2.AsyncClient) -> None:
    response = await api.post("/uploads", **request_of)
    assert response.status_code in (400, 422)
    problem_of(response, response.status_code)


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("orders.csv", "orders.csv"),
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\ann\\My orders.csv", "My orders.csv"),
        ("/", "upload"),
        ("", "upload"),
        ("..", "upload"),
        (".", "upload"),
        ("...hidden", "hidden"),
        (".env", "env"),
        ("a\0b\nc.txt", "abc.txt"),
        ("a\u202etxt.exe", "atxt.exe"),
        ("u\u0308.csv", "ü.csv"),
        ("a/..", "upload"),
        ("trailing. ", "trailing"),
        ("日本語.csv", "日本語.csv"),
    ],
)
def test_name_is_made_fit_for_any_file_system(given: str, kept: str) -> None:
    assert safe_name(given) == kept


@pytest.mark.parametrize("name", ["x" * 300 + ".csv", "語" * 300 + ".csv", "x" * 300, "x." + "y" * 300])
def test_long_name_is_cut_but_keeps_its_ending(name: str) -> None:
    kept = safe_name(name)
    assert 0 < len(kept.encode()) <= NAME_MAX_BYTES
    assert kept.endswith(".csv") == name.endswith(".csv")


@pytest.fixture
async def reader(api: httpx2.AsyncClient, catalog_root: Path) -> httpx2.AsyncClient:
    """A catalog with an item that takes a file."""
    write_item(catalog_root, properties={"file": {"type": "string", "format": "upload"}})
    assert (await api.post("/catalog/local/import", json={"path": "echo"})).status_code == 201
    return api


@pytest.mark.parametrize("upload_id", ["0198f2a0-7c1e-7d6b-9a55-0c9e2f3b8a11", "", "../x", "a\0"])
async def test_upload_that_is_not_there_is_refused_at_its_field(
    upload_id: str, reader: httpx2.AsyncClient
) -> None:
    body = {"parameters": {"file": upload_id}}
    response = await reader.post("/catalog/echo/latest/execute", json=body)
    assert errors_of(response).keys() == {"/parameters/file"}


async def test_upload_that_a_job_uses_outlives_the_sweep(
    reader: httpx2.AsyncClient, services: Services
) -> None:
    used, unused = [(await upload(reader)).json()["upload_id"] for _ in range(2)]
    body = {"parameters": {"file": used}}
    assert (await reader.post("/catalog/echo/latest/execute", json=body)).status_code == 202
    assert await services.uploads.sweep(-1) == 1
    assert await services.storage.list_keys("uploads") == [f"uploads/{used}"]
    assert unused != used


async def test_upload_of_somebody_else_is_as_if_it_were_not_there(
    reader: httpx2.AsyncClient, services: Services, tmp_path: Path
) -> None:
    file = tmp_path / "theirs"
    file.write_bytes(b"x")
    theirs = await services.uploads.keep("theirs", file, size=1, sha256="0" * 64, uploaded_by="bob")
    body = {"parameters": {"file": theirs.upload_id}}
    response = await reader.post("/catalog/echo/latest/execute", json=body)
    assert errors_of(response).keys() == {"/parameters/file"}
