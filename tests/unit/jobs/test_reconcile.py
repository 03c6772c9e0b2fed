"""The reconciler: Redis may forget anything at any time, and no job is lost or hangs."""

from __future__ import annotations

import pytest
from arq.connections import ArqRedis

from portal.jobs import reconcile
from portal.jobs.events import EventLog
from portal.jobs.live import LiveJobs
from portal.jobs.model import Job, JobState
from portal.jobs.queue import QUEUE_NAME, JobQueue
from portal.jobs.reconcile import Reconciler
from portal.jobs.store import Ending, JobStore
from tests.support.jobs import new_job


class Clock:
    """The reconciler's clock, moved by hand."""

    def __init__(self) -> None:
        self.now = 1000.0

    def monotonic(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(reconcile, "time", clock)
    return clock


@pytest.fixture
def reconciler(
    store: JobStore, live: LiveJobs, events: EventLog, queue: JobQueue, clock: Clock
) -> Reconciler:
    return Reconciler(store, live, events, queue)


async def running_job(queue: JobQueue, store: JobStore) -> Job:
    job = await queue.submit(new_job())
    claimed = await store.claim(job.job_id)
    assert claimed is not None
    return claimed


async def test_queued_jobs_are_handed_over_again_after_redis_was_wiped(
    reconciler: Reconciler, queue: JobQueue, redis: ArqRedis
) -> None:
    jobs = [await queue.submit(new_job()) for _ in range(3)]
    await redis.flushall()
    await reconciler.run_once()
    assert set(await redis.zrange(QUEUE_NAME, 0, -1)) == {job.job_id.encode() for job in jobs}


async def test_job_accepted_while_redis_was_away_is_handed_over(
    reconciler: Reconciler, queue: JobQueue, store: JobStore
) -> None:
    job = await store.create(new_job())
    await reconciler.run_once()
    assert await queue.is_handed_over(job.job_id)


async def test_jobs_are_handed_over_again_when_redis_dropped_the_queue_but_not_arqs_records(
    reconciler: Reconciler, queue: JobQueue, redis: ArqRedis
) -> None:
    job = await queue.submit(new_job())
    await redis.delete(QUEUE_NAME)  # as a Redis of one's own does that may evict keys
    await reconciler.run_once()
    assert await queue.is_handed_over(job.job_id)


async def test_jobs_in_the_queue_are_left_there(
    reconciler: Reconciler, queue: JobQueue, redis: ArqRedis
) -> None:
    await queue.submit(new_job())
    before = await redis.zrange(QUEUE_NAME, 0, -1, withscores=True)
    await reconciler.run_once()
    assert await redis.zrange(QUEUE_NAME, 0, -1, withscores=True) == before


async def test_running_and_ended_jobs_are_not_handed_over(
    reconciler: Reconciler, queue: JobQueue, store: JobStore, redis: ArqRedis
) -> None:
    await running_job(queue, store)
    cancelled = await queue.submit(new_job())
    await queue.cancel(cancelled.job_id)
    await redis.flushall()
    await reconciler.run_once()
    assert await redis.zcard(QUEUE_NAME) == 0


async def test_running_job_without_heartbeat_fails_as_worker_lost_after_a_while(
    reconciler: Reconciler, queue: JobQueue, store: JobStore, clock: Clock
) -> None:
    job = await running_job(queue, store)
    await reconciler.run_once()
    assert (await store.get(job.job_id)).state is JobState.RUNNING
    clock.now += 15
    await reconciler.run_once()
    lost = await store.get(job.job_id)
    assert lost.state is JobState.FAILED
    assert lost.error is not None
    assert lost.error.kind == "worker_lost"


async def test_lost_job_tells_its_followers_and_keeps_its_events(
    reconciler: Reconciler, queue: JobQueue, store: JobStore, events: EventLog, clock: Clock, redis: ArqRedis
) -> None:
    job = await running_job(queue, store)
    await reconciler.run_once()
    clock.now += 15
    await reconciler.run_once()
    await redis.flushall()
    assert [event["state"] for event in await events.read(job.job_id)] == ["QUEUED", "FAILED"]


async def test_running_job_with_heartbeats_is_left_alone_however_long_it_runs(
    reconciler: Reconciler, queue: JobQueue, store: JobStore, live: LiveJobs, clock: Clock
) -> None:
    job = await running_job(queue, store)
    for _ in range(5):
        await live.beat(job.job_id)
        await reconciler.run_once()
        clock.now += 15
    assert (await store.get(job.job_id)).state is JobState.RUNNING


async def test_heartbeat_that_comes_back_in_time_saves_the_job(
    reconciler: Reconciler, queue: JobQueue, store: JobStore, live: LiveJobs, clock: Clock, redis: ArqRedis
) -> None:
    job = await running_job(queue, store)
    await live.beat(job.job_id)
    await redis.flushall()  # every heartbeat is forgotten; the worker lives
    await reconciler.run_once()
    clock.now += 5
    await live.beat(job.job_id)
    await reconciler.run_once()
    await live.stop_beating(job.job_id)
    clock.now += 5
    await reconciler.run_once()  # silence counts anew
    clock.now += 5
    await reconciler.run_once()
    assert (await store.get(job.job_id)).state is JobState.RUNNING


async def test_result_of_a_worker_that_was_given_up_on_is_dropped(
    reconciler: Reconciler, queue: JobQueue, store: JobStore, clock: Clock
) -> None:
    job = await running_job(queue, store)
    await reconciler.run_once()
    clock.now += 15
    await reconciler.run_once()
    late = await store.finish(job.job_id, job.attempt, Ending(JobState.SUCCEEDED, progress=100))
    assert late is None
    assert (await store.get(job.job_id)).state is JobState.FAILED


async def test_two_reconcilers_end_a_lost_job_once(
    store: JobStore, live: LiveJobs, events: EventLog, queue: JobQueue, clock: Clock
) -> None:
    job = await running_job(queue, store)
    both = [Reconciler(store, live, events, queue) for _ in range(2)]
    for each in both:
        await each.run_once()
    clock.now += 15
    for each in both:
        await each.run_once()
    states = [event["state"] for event in await events.read(job.job_id) if event["type"] == "state"]
    assert states == ["QUEUED", "FAILED"]
