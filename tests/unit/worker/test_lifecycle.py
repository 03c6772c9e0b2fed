"""One attempt: claimed once, heard of, recorded however it ends."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from redis.exceptions import ConnectionError as RedisConnectionError

from portal.jobs.model import Job, JobState
from portal.jobs.queue import JobQueue
from portal.jobs.store import Ending
from portal.services import Services
from portal.worker import insistence
from portal.worker.lifecycle import Lifecycle, Run, cancelled
from tests.support.jobs import new_job
from tests.support.polling import eventually


@pytest.fixture
def lifecycle(services: Services) -> Lifecycle:
    return Lifecycle(services)


async def succeed(run: Run) -> Ending:
    return Ending(JobState.SUCCEEDED, progress=100, result={"n": 1})


async def until_cancelled(run: Run) -> Ending:
    await run.reporter.progress(30, "Waiting")
    await run.cancel.wait()
    return cancelled(run)


async def events_of(services: Services, job: Job) -> list[Any]:
    return [
        event["state"] if event["type"] == "state" else event["type"]
        for event in await services.events.read(job.job_id)
    ]


async def test_job_that_succeeds_is_recorded_with_its_events(
    lifecycle: Lifecycle, services: Services
) -> None:
    job = await services.queue.submit(new_job())
    await lifecycle.run(job.job_id, succeed)
    ended = await services.store.get(job.job_id)
    assert (ended.state, ended.result, ended.attempt) == (JobState.SUCCEEDED, {"n": 1}, 1)
    assert await events_of(services, job) == ["QUEUED", "RUNNING", "result", "SUCCEEDED"]
    assert lifecycle.running == 0


async def test_events_of_an_ended_job_outlive_redis(lifecycle: Lifecycle, services: Services) -> None:
    job = await services.queue.submit(new_job())
    await lifecycle.run(job.job_id, succeed)
    await services.redis.flushall()
    assert await events_of(services, job) == ["QUEUED", "RUNNING", "result", "SUCCEEDED"]


async def test_body_that_raises_is_a_failed_job_with_kind_message_and_traceback(
    lifecycle: Lifecycle, services: Services
) -> None:
    async def broken(run: Run) -> Ending:
        await run.reporter.progress(40, "Reading")
        raise ValueError("no header")

    job = await services.queue.submit(new_job())
    await lifecycle.run(job.job_id, broken)
    failed = await services.store.get(job.job_id)
    assert (failed.state, failed.progress) == (JobState.FAILED, 40)
    assert failed.error is not None
    assert (failed.error.kind, failed.error.message) == ("task_error", "ValueError: no header")
    assert "in broken" in (failed.error.traceback or "")


async def test_job_that_was_called_off_is_not_run(lifecycle: Lifecycle, services: Services) -> None:
    job = await services.queue.submit(new_job())
    await services.queue.cancel(job.job_id)

    async def never(run: Run) -> Ending:
        raise AssertionError("was run")

    await lifecycle.run(job.job_id, never)
    assert (await services.store.get(job.job_id)).state is JobState.CANCELLED


async def test_two_workers_given_the_same_job_run_it_once(services: Services) -> None:
    job = await services.queue.submit(new_job())
    runs = 0

    async def counted(run: Run) -> Ending:
        nonlocal runs
        runs += 1
        return await succeed(run)

    await asyncio.gather(*(Lifecycle(services).run(job.job_id, counted) for _ in range(5)))
    assert runs == 1


async def test_cancel_reaches_the_running_body(lifecycle: Lifecycle, services: Services) -> None:
    job = await services.queue.submit(new_job())
    running = asyncio.create_task(lifecycle.run(job.job_id, until_cancelled))

    async def shown() -> int:
        [live] = await services.live.overlay([await services.store.get(job.job_id)])
        return live.progress

    await eventually(shown, lambda progress: progress == 30)
    assert lifecycle.running == 1
    lifecycle.cancel(job.job_id)
    await running
    ended = await services.store.get(job.job_id)
    assert (ended.state, ended.progress) == (JobState.CANCELLED, 30)


async def test_cancel_that_was_asked_for_before_the_heartbeat_is_heard_with_it(
    lifecycle: Lifecycle, services: Services
) -> None:
    job = await services.queue.submit(new_job())
    await services.live.ask_to_cancel(job.job_id)
    async with asyncio.timeout(10):
        await lifecycle.run(job.job_id, until_cancelled)
    assert (await services.store.get(job.job_id)).state is JobState.CANCELLED


async def test_running_job_beats_and_an_ended_one_does_not(lifecycle: Lifecycle, services: Services) -> None:
    job = await services.queue.submit(new_job())
    running = asyncio.create_task(lifecycle.run(job.job_id, until_cancelled))
    await eventually(lambda: services.live.beating([job.job_id]))
    lifecycle.cancel(job.job_id)
    await running
    assert await services.live.beating([job.job_id]) == set()


async def test_worker_that_is_stopped_leaves_a_failed_job_and_no_running_one(
    lifecycle: Lifecycle, services: Services
) -> None:
    job = await services.queue.submit(new_job())
    running = asyncio.create_task(lifecycle.run(job.job_id, until_cancelled))
    await eventually(lambda: services.live.beating([job.job_id]))
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    ended = await services.store.get(job.job_id)
    assert ended.state is JobState.FAILED
    assert ended.error is not None
    assert ended.error.kind == "worker_lost"


async def test_result_of_a_job_that_was_given_up_on_is_dropped(
    lifecycle: Lifecycle, services: Services
) -> None:
    job = await services.queue.submit(new_job())

    async def given_up_on(run: Run) -> Ending:
        await services.store.finish(job.job_id, 1, Ending(JobState.FAILED, progress=0))
        return await succeed(run)

    await lifecycle.run(job.job_id, given_up_on)
    ended = await services.store.get(job.job_id)
    assert (ended.state, ended.result) == (JobState.FAILED, None)


async def test_job_that_was_given_up_on_tells_its_followers_nothing_after_the_final_state(
    lifecycle: Lifecycle, services: Services
) -> None:
    job = await services.queue.submit(new_job())

    async def given_up_on(run: Run) -> Ending:
        lost = await services.store.finish(job.job_id, 1, Ending(JobState.FAILED, progress=0))
        assert lost is not None
        await services.queue.announce(lost)
        return await succeed(run)

    await lifecycle.run(job.job_id, given_up_on)
    assert "result" not in await events_of(services, job)


async def test_end_is_recorded_while_redis_is_away_and_told_when_it_is_back(
    lifecycle: Lifecycle, services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    announce, failures = JobQueue.announce, 3

    async def away_for_a_while(self: JobQueue, job: Job, **more: Any) -> int:
        nonlocal failures
        if job.state is JobState.FAILED and failures:
            failures -= 1
            assert (await services.store.get(job.job_id)).state is JobState.FAILED
            raise RedisConnectionError("away")
        return await announce(self, job, **more)

    async def fail(run: Run) -> Ending:
        return Ending(JobState.FAILED, progress=1)

    monkeypatch.setattr(JobQueue, "announce", away_for_a_while)
    monkeypatch.setattr(insistence, "RETRY_S", 0.01)
    job = await services.queue.submit(new_job())
    await lifecycle.run(job.job_id, fail)
    assert failures == 0
    assert await events_of(services, job) == ["QUEUED", "RUNNING", "FAILED"]
