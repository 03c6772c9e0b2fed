"""Workers report that they are alive; one that stops, or dies, is soon not listed any more."""

from __future__ import annotations

from redis.asyncio import Redis

from portal.jobs.live import LOST_AFTER_S
from portal.jobs.model import now
from portal.jobs.workers import WorkerReport, WorkerReports
from tests.support.polling import eventually


def report(name: str) -> WorkerReport:
    return WorkerReport(
        name=name,
        version="0.1.0",
        started_at=now(),
        slots=10,
        running=3,
        sandbox_tier="D",
        sandbox_detail="…",
    )


async def test_workers_that_reported_are_alive_by_name(redis: Redis) -> None:
    workers = WorkerReports(redis, prefix="test:")
    reports = [report(name) for name in ("c-3", "a-1", "b-2")]
    for each in reports:
        await workers.report(each)
    assert await workers.alive() == sorted(reports, key=lambda each: each.name)


async def test_worker_that_says_goodbye_is_gone_at_once(redis: Redis) -> None:
    workers = WorkerReports(redis, prefix="test:")
    await workers.report(report("a"))
    await workers.leave("a")
    assert await workers.alive() == []


async def test_report_of_a_dead_worker_fades(redis: Redis) -> None:
    workers = WorkerReports(redis, prefix="test:")
    await workers.report(report("a"))
    assert 0 < await redis.pttl("test:worker:a") <= LOST_AFTER_S * 1000
    await redis.pexpire("test:worker:a", 20)
    await eventually(workers.alive, lambda alive: not alive)


async def test_workers_of_another_portal_on_the_same_redis_are_not_listed(redis: Redis) -> None:
    await WorkerReports(redis, prefix="other:").report(report("a"))
    assert await WorkerReports(redis, prefix="test:").alive() == []
