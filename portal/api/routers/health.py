"""Whether the portal and what it stands on are well. Strangers learn only that; callers learn why."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable
from http import HTTPStatus

from fastapi import APIRouter, Response
from pydantic import BaseModel, Field
from sqlalchemy import text
from starlette.requests import HTTPConnection

from portal.api.deps import ServicesDep
from portal.api.security import identify
from portal.services import Services

public_router = APIRouter(tags=["health"])

OK, FAILED = "ok", "failed"


class Check(BaseModel):
    """How one part does."""

    status: str = Field(examples=[OK])
    detail: str | None = Field(None, description="Only for those who are signed in.", examples=["1 worker"])
    latency_ms: float | None = Field(None, examples=[0.4])


class Health(BaseModel):
    """How the portal does."""

    status: str = Field(examples=[OK])
    checks: dict[str, Check]


class _UnwellError(Exception):
    """A check's verdict."""


@public_router.get("/health/live")
async def get_live() -> Health:
    """Say that this process answers."""
    return Health(status=OK, checks={})


@public_router.get("/health/ready", responses={503: {"model": Health}})
async def get_ready(connection: HTTPConnection, services: ServicesDep, response: Response) -> Health:
    """Say whether this process can serve requests."""
    return await _answer(connection, services, response, (_redis, _database, _storage))


@public_router.get("/health", responses={503: {"model": Health}})
async def get_health(connection: HTTPConnection, services: ServicesDep, response: Response) -> Health:
    """Say whether everything is well: stores, workers, sandbox."""
    checks = (_redis, _database, _storage, _workers, _sandbox)
    return await _answer(connection, services, response, checks)


Probe = Callable[[Services], Awaitable[str]]


async def _answer(
    connection: HTTPConnection, services: Services, response: Response, probes: tuple[Probe, ...]
) -> Health:
    checks = {probe.__name__.strip("_"): await _check(services, probe) for probe in probes}
    if not await _is_known(connection):
        checks = {name: Check(status=check.status) for name, check in checks.items()}
    well = all(check.status == OK for check in checks.values())
    if not well:
        response.status_code = HTTPStatus.SERVICE_UNAVAILABLE
    return Health(status=OK if well else FAILED, checks=checks)


async def _is_known(connection: HTTPConnection) -> bool:
    try:
        return await identify(connection) is not None
    except Exception:  # the database may be what is unwell
        return False


async def _check(services: Services, probe: Probe) -> Check:
    started = time.perf_counter()
    try:
        status, detail = OK, await probe(services)
    except _UnwellError as verdict:
        status, detail = FAILED, str(verdict)
    except Exception as error:
        status, detail = FAILED, f"{type(error).__name__}: {error}"
    return Check(status=status, detail=detail, latency_ms=round((time.perf_counter() - started) * 1000, 2))


async def _redis(services: Services) -> str:
    await services.redis.ping()
    return "answers"


async def _database(services: Services) -> str:
    async with services.engine.connect() as connection:
        await connection.execute(text("SELECT 1"))
    return services.engine.dialect.name


async def _storage(services: Services) -> str:
    await services.storage.exists("health")
    return "answers"


async def _workers(services: Services) -> str:
    workers = await services.workers.alive()
    if not workers:
        raise _UnwellError("No worker is running: jobs wait.")
    running, slots = sum(worker.running for worker in workers), sum(worker.slots for worker in workers)
    return f"{len(workers)} alive, {running} of {slots} slots busy"


async def _sandbox(services: Services) -> str:
    workers = await services.workers.alive()
    if not workers:
        raise _UnwellError("Unknown: no worker is running.")
    lowest = max(workers, key=lambda worker: worker.sandbox_tier)
    return f"Tier {lowest.sandbox_tier}: {lowest.sandbox_detail}"
