"""The live side of jobs: progress of running ones, heartbeats, wishes to cancel."""

from __future__ import annotations

from datetime import timedelta

from redis.asyncio import Redis

from portal.jobs.live import LOST_AFTER_S, LiveJobs
from portal.jobs.model import JobState
from tests.support.jobs import made_up_job
from tests.support.polling import eventually


async def hget_all(redis: Redis, job_id: str, *names: str) -> list[str]:
    async with redis.pipeline() as pipeline:
        pipeline.hmget(f"test:job:{job_id}", list(names))
        [values] = await pipeline.execute()
    return [value.decode() for value in values]


async def test_running_job_is_shown_with_its_latest_progress(live: LiveJobs) -> None:
    row = made_up_job(state=JobState.RUNNING, attempt=1)
    newer = row.evolve(progress=60, message="Nearly", updated_at=row.updated_at + timedelta(seconds=1))
    await live.announce(newer)
    [shown] = await live.overlay([row])
    assert (shown.progress, shown.message) == (60, "Nearly")


async def test_live_progress_older_than_the_row_is_not_shown(live: LiveJobs) -> None:
    row = made_up_job(state=JobState.RUNNING, attempt=1, progress=10)
    await live.announce(row.evolve(progress=5, updated_at=row.updated_at - timedelta(seconds=1)))
    assert await live.overlay([row]) == [row]


async def test_only_running_jobs_are_changed_and_the_order_stays(live: LiveJobs) -> None:
    jobs = [made_up_job(state=state) for state in JobState]
    later = timedelta(seconds=1)
    for job in jobs:
        await live.announce(job.evolve(progress=50, updated_at=job.updated_at + later))
    shown = await live.overlay(jobs)
    assert [job.job_id for job in shown] == [job.job_id for job in jobs]
    assert [job.progress for job in shown] == [50 if job.state is JobState.RUNNING else 0 for job in jobs]


async def test_running_job_that_redis_forgot_is_shown_as_its_row(live: LiveJobs) -> None:
    job = made_up_job(state=JobState.RUNNING)
    assert await live.overlay([job]) == [job]


async def test_live_hash_has_the_prefix_and_a_time_to_live(live: LiveJobs, redis: Redis) -> None:
    job = made_up_job(state=JobState.RUNNING, message="ü")
    await live.announce(job)
    state, message = await hget_all(redis, job.job_id, "state", "message")
    assert (state, message) == ("RUNNING", "ü")
    assert 0 < await redis.pttl(f"test:job:{job.job_id}") <= 60_000


async def test_every_key_has_the_configured_prefix(live: LiveJobs, redis: Redis) -> None:
    job = made_up_job()
    await live.announce(job)
    await live.beat(job.job_id)
    await live.ask_to_cancel(job.job_id)
    assert all(key.startswith(b"test:") for key in await redis.keys("*"))


async def test_only_jobs_with_a_recent_heartbeat_are_beating(live: LiveJobs) -> None:
    await live.beat("a")
    await live.beat("b")
    await live.stop_beating("b")
    assert await live.beating(["a", "b", "c"]) == {"a"}
    assert await live.beating([]) == set()


async def test_heartbeat_fades_when_it_is_not_repeated(live: LiveJobs, redis: Redis) -> None:
    await live.beat("a")
    assert 0 < await redis.pttl("test:job:a:beat") <= LOST_AFTER_S * 1000
    await redis.pexpire("test:job:a:beat", 20)
    await eventually(lambda: live.beating(["a"]), lambda beating: not beating)


async def test_heartbeat_tells_whether_somebody_wants_the_job_cancelled(live: LiveJobs) -> None:
    assert await live.beat("a") is False
    await live.ask_to_cancel("a")
    assert await live.beat("a") is True
    assert await live.beat("b") is False


async def test_wish_to_cancel_is_also_published_at_once(live: LiveJobs, redis: Redis) -> None:
    async with redis.pubsub() as pubsub:
        await pubsub.subscribe(live.cancel_channel)
        assert (await pubsub.get_message(timeout=5))["type"] == "subscribe"
        await live.ask_to_cancel("a")
        assert (await pubsub.get_message(timeout=5))["data"] == b"a"


async def test_numbers_of_the_feed_survive_as_exact_integers(live: LiveJobs) -> None:
    for _ in range(3):
        await live.announce(made_up_job())
    last = await live.last_seq()
    changes = await live.since(last - 2)
    assert changes is not None
    assert [seq for seq, _ in changes] == [last - 1, last]
