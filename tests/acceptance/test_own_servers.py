"""A portal on a Redis and a PostgreSQL of one's own, with the API and the worker started one by one."""

from __future__ import annotations

from pathlib import Path

import httpx2

from tests.support.items import write_item
from tests.support.polling import eventually_sync
from tests.support.portal_app import ADMIN_TOKEN
from tests.support.portal_process import (
    PortalProcess,
    free_port,
    portal_up,
    processes_of,
    run_job,
)
from tests.support.postgres_server import PostgresServer


def test_portal_up_uses_the_servers_it_is_pointed_at_and_runs_jobs(
    tmp_path: Path, redis_url: str, postgres: PostgresServer
) -> None:
    write_item(tmp_path / "items")
    settings = {
        "PORTAL_ADMIN_TOKEN": ADMIN_TOKEN,
        "PORTAL_REDIS_URL": redis_url,
        "PORTAL_DATABASE_URL": postgres.new_database(),
    }
    with portal_up(tmp_path, "--workers", "2", **settings) as portal, portal.client() as client:
        assert client.get("/health").json()["checks"]["database"]["detail"] == "postgresql"
        assert client.get("/health").json()["checks"]["workers"]["detail"].startswith("2 alive")
        assert run_job(client, "echo")["state"] == "SUCCEEDED"
        assert not any("valkey" in command for command in processes_of(portal.data_dir).values())
        assert not (portal.data_dir / "portal.db").exists()
        assert portal.stop() == 0


def test_api_and_worker_started_one_by_one_run_a_job_together(
    tmp_path: Path, redis_url: str, postgres: PostgresServer
) -> None:
    write_item(tmp_path / "items")
    settings = {
        "PORTAL_ADMIN_TOKEN": ADMIN_TOKEN,
        "PORTAL_REDIS_URL": redis_url,
        "PORTAL_DATABASE_URL": postgres.new_database(),
    }
    port = free_port()
    worker = PortalProcess(tmp_path, "worker", port=port, **settings)
    api = PortalProcess(tmp_path, "api", port=port, **settings)
    try:
        with api.client() as client:

            def is_well() -> bool:
                try:
                    return client.get("/health").status_code == 200
                except httpx2.TransportError:  # the port is not open yet
                    return False

            eventually_sync(is_well, within_s=60)
            assert run_job(client, "echo")["state"] == "SUCCEEDED"
        assert [worker.stop(), api.stop()] == [0, 0]
        assert processes_of(api.data_dir) == {}
    finally:
        worker.end()
        api.end()
