"""What ARQ is told: which functions there are, and to leave retries, results and verdicts to the portal."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import socket
from collections.abc import Awaitable, Callable
from typing import Any

from arq.worker import Function, func
from redis.exceptions import RedisError

from portal import __version__
from portal.cancelling import cancel_surely
from portal.catalog.settings import CatalogSettings
from portal.db.migrate import migrate
from portal.jobs.hub import SlowListenerError
from portal.jobs.live import HEARTBEAT_S
from portal.jobs.model import now
from portal.jobs.queue import BUILD_TASK, EXECUTE_TASK, QUEUE_NAME, deserialize, open_redis, serialize
from portal.jobs.reconcile import RECONCILE_S, Reconciler
from portal.jobs.workers import WorkerReport
from portal.sandbox.probe import probe
from portal.services import Services, open_services
from portal.settings import Settings
from portal.worker.arq_worker import PortalWorker
from portal.worker.catalog_build import catalog_build
from portal.worker.catalog_execute import catalog_execute, open_folders
from portal.worker.lifecycle import Lifecycle
from portal.worker.tasks import example_long_task

log = logging.getLogger(__name__)

POLL_S = 0.1
CLOSE_WITHIN_S = 4.0
SWEEP_UPLOADS_S = 600.0
# A job's own limits end it; this only has to be longer than any of them.
ARQ_TIMEOUT_S = 7 * 86_400
# Handing out an id is not an attempt: the database counts those.
ARQ_MAX_TRIES = 1_000_000


class WorkerSettings:
    """The registry of functions, under the names that jobs are enqueued with."""

    queue_name = QUEUE_NAME
    functions: tuple[Function, ...] = (
        func(example_long_task, name="example_long_task"),
        func(catalog_execute, name=EXECUTE_TASK),
        func(catalog_build, name=BUILD_TASK, timeout=900),
    )


async def run_worker(settings: Settings, catalog_settings: CatalogSettings) -> None:
    """Run one worker until SIGTERM or SIGINT; its running jobs then get `worker_grace_s` to end."""
    async with open_services(settings, catalog_settings) as services, contextlib.AsyncExitStack() as stack:
        lifecycle = Lifecycle(services)
        await migrate(services.engine)
        await services.redis.ping()
        worker = PortalWorker(
            functions=WorkerSettings.functions,
            queue_name=WorkerSettings.queue_name,
            redis_pool=open_redis(settings.redis_address),  # a pool of its own: ARQ closes it when it stops
            ctx={"services": services, "lifecycle": lifecycle, "folders": open_folders(services)},
            max_jobs=settings.worker_slots,
            max_tries=ARQ_MAX_TRIES,
            job_timeout=ARQ_TIMEOUT_S,
            keep_result=0,
            poll_delay=POLL_S,
            queue_read_limit=max(1000, settings.worker_slots * 5),
            job_completion_wait=int(settings.worker_grace_s),
            job_serializer=serialize,
            job_deserializer=deserialize,
            health_check_interval=int(HEARTBEAT_S) * 12,
            log_results=False,
        )
        for upkeep in _upkeep(services, lifecycle):
            stack.push_async_callback(_stop, asyncio.create_task(upkeep))
        log.info("worker ready", extra={"slots": settings.worker_slots})
        # ARQ ends its main task by cancelling it; that is how a worker stops.
        with contextlib.suppress(asyncio.CancelledError):
            await worker.async_run()
        log.info("worker stopping", extra={"running": lifecycle.running})
        with contextlib.suppress(RedisError, OSError):
            await services.workers.leave(worker_name())
        # Redis may be gone for good: the supervisor was killed. TimeoutError is an OSError.
        with contextlib.suppress(asyncio.CancelledError, RedisError, OSError):
            closing = asyncio.create_task(worker.close())
            await asyncio.wait({closing}, timeout=CLOSE_WITHIN_S)
            await cancel_surely(closing, *worker.tasks.values())


def worker_name() -> str:
    """Return the name of this worker, unique among those that are alive."""
    return f"{socket.gethostname()}-{os.getpid()}"


def _upkeep(services: Services, lifecycle: Lifecycle) -> list[Any]:
    reconciler = Reconciler(services.store, services.live, services.events, services.queue)
    started_at, sandbox = now(), probe()

    async def report() -> None:
        await services.workers.report(
            WorkerReport(
                name=worker_name(),
                version=__version__,
                started_at=started_at,
                slots=services.settings.worker_slots,
                running=lifecycle.running,
                sandbox_tier=sandbox.tier,
                sandbox_detail=sandbox.detail,
            )
        )

    async def sweep() -> None:
        await services.uploads.sweep(services.settings.upload_ttl_s)

    return [
        _every(HEARTBEAT_S, report),
        _every(RECONCILE_S, reconciler.run_once),
        _every(SWEEP_UPLOADS_S, sweep),
        _hear_cancels(services, lifecycle),
    ]


async def _every(seconds: float, step: Callable[[], Awaitable[None]]) -> None:
    while True:
        try:
            await step()
        except (RedisError, OSError) as error:
            log.warning("upkeep delayed", extra={"reason": repr(error)})
        except Exception:
            log.exception("upkeep failed")
        await asyncio.sleep(seconds)


async def _hear_cancels(services: Services, lifecycle: Lifecycle) -> None:
    while True:
        async with services.hub.listen(services.live.cancel_channel) as listener:
            with contextlib.suppress(SlowListenerError):  # heartbeats bring what was missed
                while True:
                    with contextlib.suppress(TimeoutError):
                        job_id = await listener.next(timeout_s=3600)
                        if job_id is not None:
                            lifecycle.cancel(job_id)


async def _stop(task: asyncio.Task[Any]) -> None:
    await cancel_surely(task)
