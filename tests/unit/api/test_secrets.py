"""Secret inputs: shown as a mask everywhere, kept sealed, reused by retries."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import httpx2
import pytest
from sqlalchemy import select

from portal.db.tables import jobs
from portal.jobs.model import JobState
from portal.jobs.store import Ending
from portal.services import Services
from tests.support.items import write_item
from tests.support.problems import errors_of

MASK = "********"
SECRET = "hunter2-correct-horse"
PROPERTIES: dict[str, Any] = {
    "user": {"type": "string"},
    "password": {"type": "string", "format": "password"},
    "keys": {"type": "array", "items": {"type": "string", "writeOnly": True}},
}


@pytest.fixture
async def failed(api: httpx2.AsyncClient, services: Services, catalog_root: Path) -> str:
    """A failed job of an item with secret inputs."""
    write_item(catalog_root, properties=PROPERTIES, required=("password",))
    assert (await api.post("/catalog/local/import", json={"path": "echo"})).status_code == 201
    parameters = {"user": "ann", "password": SECRET, "keys": ["key-one-" + SECRET]}
    response = await api.post("/catalog/echo/latest/execute", json={"parameters": parameters})
    job_id: str = response.json()["job_id"]
    await services.store.claim(job_id)
    await services.store.finish(job_id, 1, Ending(JobState.FAILED, progress=0))
    return job_id


async def parameters_of(api: httpx2.AsyncClient, job_id: str) -> Any:
    return (await api.get(f"/jobs/{job_id}")).json()["parameters"]


async def originals_of(services: Services, job_id: str) -> dict[str, Any]:
    sealed = await services.store.sealed_parameters(job_id)
    assert sealed is not None
    return services.seal.open(sealed)


async def retried(api: httpx2.AsyncClient, job_id: str, body: Any = None) -> str:
    response = await api.post(f"/jobs/{job_id}/retry", json=body)
    assert response.status_code == 202, response.text
    return str(response.json()["job_id"])


async def test_secrets_are_shown_as_the_mask(api: httpx2.AsyncClient, failed: str) -> None:
    shown = {"user": "ann", "password": MASK, "keys": [MASK]}
    assert await parameters_of(api, failed) == shown
    assert (await api.get("/jobs")).json()["items"][0]["parameters"] == shown


async def test_secrets_stand_nowhere_in_clear(
    api: httpx2.AsyncClient, services: Services, failed: str, tmp_path: Path
) -> None:
    async with services.engine.connect() as connection:
        row = (await connection.execute(select(jobs))).one()
    assert SECRET not in repr(row)
    for path in (tmp_path / "data").rglob("*"):
        assert not path.is_file() or SECRET.encode() not in path.read_bytes(), path
    for key in await services.redis.keys("*"):
        assert SECRET.encode() not in await services.redis.dump(key)


async def test_originals_are_kept_sealed(services: Services, failed: str) -> None:
    originals = await originals_of(services, failed)
    assert originals == {"user": "ann", "password": SECRET, "keys": ["key-one-" + SECRET]}


async def test_retry_without_parameters_uses_the_originals(
    api: httpx2.AsyncClient, services: Services, failed: str
) -> None:
    again = await retried(api, failed)
    assert (await originals_of(services, again))["password"] == SECRET
    assert (await parameters_of(api, again))["password"] == MASK


async def test_mask_that_is_sent_back_means_unchanged(
    api: httpx2.AsyncClient, services: Services, failed: str
) -> None:
    again = await retried(api, failed, {"parameters": {"user": "bob", "password": MASK, "keys": [MASK]}})
    originals = await originals_of(services, again)
    assert originals == {"user": "bob", "password": SECRET, "keys": ["key-one-" + SECRET]}


async def test_new_secret_replaces_the_old_one(
    api: httpx2.AsyncClient, services: Services, failed: str
) -> None:
    again = await retried(api, failed, {"parameters": {"password": "another secret"}})
    assert await originals_of(services, again) == {"password": "another secret"}
    assert await parameters_of(api, again) == {"password": MASK}


async def test_retry_of_a_retry_still_has_the_originals(
    api: httpx2.AsyncClient, services: Services, failed: str
) -> None:
    second = await retried(api, failed)
    await api.post(f"/jobs/{second}/cancel")
    third = await retried(api, second)
    assert (await originals_of(services, third))["password"] == SECRET


async def test_mask_without_an_original_must_be_entered_again_at_its_field(
    api: httpx2.AsyncClient, failed: str
) -> None:
    body = {"parameters": {"password": MASK, "keys": [MASK, MASK]}}
    response = await api.post(f"/jobs/{failed}/retry", json=body)
    assert errors_of(response).keys() == {"/parameters/keys/1"}


async def test_refusal_does_not_repeat_a_secret(api: httpx2.AsyncClient, failed: str) -> None:
    body = {"parameters": {"password": [SECRET], "user": 1}}
    response = await api.post("/catalog/echo/latest/execute", json=body)
    assert errors_of(response).keys() == {"/parameters/password", "/parameters/user"}
    assert SECRET not in response.text
