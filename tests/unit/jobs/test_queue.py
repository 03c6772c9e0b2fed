"""Taking jobs in, handing them over, calling them off; with and without Redis."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from arq.connections import ArqRedis
from arq.jobs import Job as ArqJob
from redis.exceptions import RedisError

from portal.errors import ConflictError, NotFoundError
from portal.jobs.events import EventLog
from portal.jobs.live import LiveJobs
from portal.jobs.model import Job, JobState
from portal.jobs.queue import QUEUE_NAME, JobQueue, deserialize, open_redis
from portal.jobs.store import Ending, JobStore
from portal.storage import Storage
from tests.support.jobs import new_job


async def ended(store: JobStore, queue: JobQueue, state: JobState) -> Job:
    job = await queue.submit(new_job())
    claimed = await store.claim(job.job_id)
    assert claimed is not None
    finished = await store.finish(job.job_id, claimed.attempt, Ending(state, progress=0))
    assert finished is not None
    return finished


@pytest.fixture
async def queue_without_redis(store: JobStore, storage: Storage, tmp_path: Path) -> JobQueue:
    redis = open_redis(f"unix://{tmp_path / 'nobody.sock'}")
    events = EventLog(redis, storage, prefix="test:", ttl_s=60)
    live = LiveJobs(redis, prefix="test:", ttl_s=60, feed_max_messages=100)
    return JobQueue(store, live, events, redis)


async def test_accepted_job_waits_in_arqs_queue_under_its_own_id(queue: JobQueue, redis: ArqRedis) -> None:
    job = await queue.submit(new_job())
    assert await redis.zrange(QUEUE_NAME, 0, -1) == [job.job_id.encode()]
    info = await ArqJob(job.job_id, redis, _queue_name=QUEUE_NAME, _deserializer=deserialize).info()
    assert info is not None
    assert (info.function, list(info.args)) == ("example_long_task", [job.job_id])


async def test_what_arq_keeps_of_a_job_is_json(queue: JobQueue, redis: ArqRedis) -> None:
    job = await queue.submit(new_job())
    record = await redis.get(f"arq:job:{job.job_id}")
    assert isinstance(json.loads(record), dict)


async def test_accepted_job_has_its_first_event_and_a_change_in_the_feed(
    queue: JobQueue, events: EventLog, live: LiveJobs
) -> None:
    job = await queue.submit(new_job())
    [event] = await events.read(job.job_id)
    assert (event["seq"], event["type"], event["state"], event["attempt"]) == (1, "state", "QUEUED", 0)
    assert await live.last_seq() > 0


async def test_job_handed_over_twice_stands_in_the_queue_once(queue: JobQueue, redis: ArqRedis) -> None:
    job = await queue.submit(new_job())
    await queue.hand_over(job.job_id, "example_long_task")
    assert await redis.zcard(QUEUE_NAME) == 1


async def test_job_is_accepted_while_redis_is_away(queue_without_redis: JobQueue, store: JobStore) -> None:
    job = await queue_without_redis.submit(new_job())
    assert (await store.get(job.job_id)).state is JobState.QUEUED


async def test_cancelled_queued_job_is_cancelled_at_once_and_leaves_the_queue(
    queue: JobQueue, redis: ArqRedis, events: EventLog, store: JobStore
) -> None:
    job = await queue.submit(new_job())
    await queue.cancel(job.job_id)
    cancelled = await store.get(job.job_id)
    assert cancelled.state is JobState.CANCELLED
    assert cancelled.finished_at is not None
    assert not await queue.is_handed_over(job.job_id)
    assert [event["state"] for event in await events.read(job.job_id)] == ["QUEUED", "CANCELLED"]
    await redis.flushall()
    assert len(await events.read(job.job_id)) == 2


async def test_cancelled_running_job_runs_until_its_worker_has_ended_it(
    queue: JobQueue, live: LiveJobs, store: JobStore
) -> None:
    job = await queue.submit(new_job())
    await store.claim(job.job_id)
    await queue.cancel(job.job_id)
    assert (await store.get(job.job_id)).state is JobState.RUNNING
    assert await live.beat(job.job_id) is True


@pytest.mark.parametrize("state", [JobState.SUCCEEDED, JobState.FAILED, JobState.CANCELLED])
async def test_ended_job_can_not_be_cancelled(state: JobState, queue: JobQueue, store: JobStore) -> None:
    job = await ended(store, queue, state)
    with pytest.raises(ConflictError, match=f"it is {state}"):
        await queue.cancel(job.job_id)


async def test_unknown_job_can_not_be_cancelled(queue: JobQueue) -> None:
    with pytest.raises(NotFoundError):
        await queue.cancel("nowhere")


async def test_queued_job_is_cancelled_for_good_even_while_redis_is_away(
    queue_without_redis: JobQueue, store: JobStore
) -> None:
    job = await store.create(new_job())
    try:
        await queue_without_redis.cancel(job.job_id)
    except (RedisError, OSError):
        pytest.fail("the row says CANCELLED, but the caller was told that it failed")
    assert (await store.get(job.job_id)).state is JobState.CANCELLED


@pytest.mark.parametrize("state", [JobState.FAILED, JobState.CANCELLED])
async def test_failed_and_cancelled_jobs_can_be_retried(
    state: JobState, queue: JobQueue, store: JobStore
) -> None:
    job = await ended(store, queue, state)
    assert await queue.ready_for_retry(job.job_id) == job


async def test_succeeded_queued_and_running_jobs_can_not_be_retried(queue: JobQueue, store: JobStore) -> None:
    queued, running = await queue.submit(new_job()), await queue.submit(new_job())
    await store.claim(running.job_id)
    for job in (queued, running, await ended(store, queue, JobState.SUCCEEDED)):
        with pytest.raises(ConflictError, match="Only failed or cancelled"):
            await queue.ready_for_retry(job.job_id)


async def test_place_says_how_many_are_before_and_whether_anybody_works(queue: JobQueue) -> None:
    _, second = await queue.submit(new_job()), await queue.submit(new_job())
    nobody = await queue.place(second, workers_alive=0)
    somebody = await queue.place(second, workers_alive=1)
    assert (nobody.position, nobody.reason) == (2, "No worker is running.")
    assert (somebody.position, somebody.reason) == (2, "It starts as soon as a worker is free.")


async def test_build_asked_for_twice_is_built_once(queue: JobQueue, redis: ArqRedis) -> None:
    for _ in range(2):
        await queue.request_build("csv", "1.0.0", "sha256:x")
    assert await redis.zrange(QUEUE_NAME, 0, -1) == [b"build:sha256:x"]
