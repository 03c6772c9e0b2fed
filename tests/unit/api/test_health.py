"""Health: true, brief to strangers, detailed to callers, and an answer even when everything is away."""

from __future__ import annotations

from pathlib import Path

import httpx2
import pytest

from portal.catalog.settings import CatalogSettings
from portal.jobs.model import now
from portal.jobs.workers import WorkerReport
from portal.services import Services
from portal.settings import Settings
from tests.support.portal_app import BEARER, client_for, running_app


@pytest.fixture
async def working(services: Services) -> None:
    """A worker that says it is alive."""
    report = WorkerReport(
        name="w",
        version="0.1.0",
        started_at=now(),
        slots=10,
        running=3,
        sandbox_tier="D",
        sandbox_detail="not confined",
    )
    await services.workers.report(report)


@pytest.mark.usefixtures("working")
async def test_well_portal_is_200_with_every_check(api: httpx2.AsyncClient) -> None:
    response = await api.get("/health")
    assert response.status_code == 200
    body = response.json()
    assert body["status"] == "ok"
    assert set(body["checks"]) == {"redis", "database", "storage", "workers", "sandbox"}
    for check in body["checks"].values():
        assert check["status"] == "ok"
        assert check["detail"]
        assert check["latency_ms"] >= 0
    assert body["checks"]["workers"]["detail"] == "1 alive, 3 of 10 slots busy"
    assert body["checks"]["sandbox"]["detail"] == "Tier D: not confined"


@pytest.mark.parametrize("path", ["/health", "/health/ready"])
@pytest.mark.usefixtures("working")
async def test_strangers_learn_the_states_and_nothing_else(path: str, stranger: httpx2.AsyncClient) -> None:
    response = await stranger.get(path)
    assert response.status_code == 200
    for check in response.json()["checks"].values():
        assert {name: value for name, value in check.items() if value is not None} == {"status": "ok"}


async def test_portal_without_workers_is_not_well_but_ready(api: httpx2.AsyncClient) -> None:
    response = await api.get("/health")
    assert response.status_code == 503
    body = response.json()
    assert (body["status"], body["checks"]["workers"]["status"]) == ("failed", "failed")
    assert body["checks"]["redis"]["status"] == "ok"
    assert (await api.get("/health/ready")).status_code == 200


async def test_live_says_only_that_the_process_answers(stranger: httpx2.AsyncClient) -> None:
    response = await stranger.get("/health/live")
    assert (response.status_code, response.json()) == (200, {"status": "ok", "checks": {}})


async def test_portal_whose_redis_is_away_says_so_and_still_answers(
    settings: Settings, catalog_settings: CatalogSettings, tmp_path: Path
) -> None:
    dead = settings.model_copy(update={"redis_url": f"unix://{tmp_path / 'nobody.sock'}"})
    async with running_app(dead, catalog_settings) as app:
        async with client_for(app, headers=BEARER) as api:
            for path in ("/health", "/health/ready"):
                response = await api.get(path)
                assert response.status_code == 503
                checks = response.json()["checks"]
                assert checks["redis"]["status"] == "failed"
                assert checks["database"]["status"] == "ok"
            assert (await api.get("/health/live")).status_code == 200
            accepted = await api.post("/jobs", json={"report_type": "example_long_task", "parameters": {}})
            assert accepted.status_code == 202
        async with client_for(app) as stranger:
            assert "nobody.sock" not in (await stranger.get("/health")).text


async def test_portal_whose_redis_is_away_still_shows_its_jobs(
    settings: Settings, catalog_settings: CatalogSettings, tmp_path: Path
) -> None:
    dead = settings.model_copy(update={"redis_url": f"unix://{tmp_path / 'nobody.sock'}"})
    async with running_app(dead, catalog_settings) as app, client_for(app, headers=BEARER) as api:
        body = {"report_type": "example_long_task", "parameters": {}}
        job_id = (await api.post("/jobs", json=body)).json()["job_id"]
        for path in (f"/jobs/{job_id}", "/jobs"):
            response = await api.get(path)
            assert response.status_code in (200, 503)
            assert response.status_code == 200 or response.headers["Retry-After"]
