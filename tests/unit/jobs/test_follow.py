"""Following a job's events and the feed of all jobs: everything once, in order, across interruptions."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
from redis.asyncio import Redis

from portal.jobs.events import EventLog, fact, state_fact
from portal.jobs.follow import follow_events, follow_feed
from portal.jobs.hub import Hub, SlowListenerError
from portal.jobs.live import LiveJobs
from portal.jobs.model import Job, JobState
from portal.storage import Storage
from tests.support.jobs import made_up_job
from tests.support.polling import eventually

JOB = made_up_job()
SUCCEEDED = state_fact(JOB.evolve(state=JobState.SUCCEEDED, attempt=1))
IDLE_S = 10.0

Json = dict[str, Any]


def line(text: str = "") -> Json:
    return fact("log", level="info", stream="stdout", text=text)


async def all_events(events: EventLog, hub: Hub, *, after: int = 0) -> list[Json]:
    stream = follow_events(events, hub, JOB.job_id, after=after, idle_s=IDLE_S)
    return [event async for event in stream if event is not None]


async def heard(redis: Redis, channel: str) -> None:
    """Wait until somebody follows the channel."""

    async def subscribers() -> int:
        [(_, count)] = await redis.pubsub_numsub(channel)
        return int(count)

    await eventually(subscribers)


async def test_history_of_an_ended_job_comes_whole_and_the_stream_ends(events: EventLog, hub: Hub) -> None:
    await events.append(JOB.job_id, [line(), line(), SUCCEEDED])
    assert await all_events(events, hub) == await events.read(JOB.job_id)


async def test_history_longer_than_a_page_comes_whole(events: EventLog, hub: Hub) -> None:
    for _ in range(5):
        await events.append(JOB.job_id, [line()] * 500)
    await events.append(JOB.job_id, [SUCCEEDED])
    assert [event["seq"] for event in await all_events(events, hub)] == list(range(1, 2502))


async def test_following_begins_after_the_number_given(events: EventLog, hub: Hub) -> None:
    await events.append(JOB.job_id, [line(), line(), line(), SUCCEEDED])
    assert [event["seq"] for event in await all_events(events, hub, after=2)] == [3, 4]


async def test_archived_history_comes_from_the_object_store(events: EventLog, hub: Hub, redis: Redis) -> None:
    await events.append(JOB.job_id, [line(), SUCCEEDED])
    await events.archive(JOB.job_id)
    await redis.flushall()
    assert [event["type"] for event in await all_events(events, hub)] == ["log", "state"]


async def test_many_readers_that_come_while_a_job_writes_all_get_every_event_once(
    events: EventLog, hub: Hub
) -> None:
    readers: list[asyncio.Task[list[Json]]] = []
    for number in range(60):
        await events.append(JOB.job_id, [line(f"{number}.{part}") for part in range(3)])
        if number % 6 == 0:
            readers.append(asyncio.create_task(all_events(events, hub)))
        await asyncio.sleep(0)  # let the readers begin somewhere in between
    await events.append(JOB.job_id, [SUCCEEDED])
    expected = await events.read(JOB.job_id)
    assert len(expected) == 181
    for read in await asyncio.gather(*readers):
        assert read == expected


async def test_stream_ends_after_the_final_state_and_not_after_others(events: EventLog, hub: Hub) -> None:
    running = state_fact(JOB.evolve(state=JobState.RUNNING, attempt=1))
    await events.append(JOB.job_id, [state_fact(JOB), running, line(), SUCCEEDED])
    states = [event["state"] for event in await all_events(events, hub) if event["type"] == "state"]
    assert states == ["QUEUED", "RUNNING", "SUCCEEDED"]


@pytest.mark.parametrize("state", ["SUCCEEDED", "FAILED", "CANCELLED"])
async def test_every_final_state_ends_the_stream(state: str, events: EventLog, hub: Hub) -> None:
    await events.append(JOB.job_id, [state_fact(JOB.evolve(state=JobState(state)))])
    assert len(await all_events(events, hub)) == 1


async def test_nothing_is_lost_or_doubled_when_the_subscription_is_killed_again_and_again(
    events: EventLog, hub: Hub, redis: Redis
) -> None:
    reader = asyncio.create_task(all_events(events, hub))
    for round_number in range(3):
        await heard(redis, events.channel(JOB.job_id))
        await events.append(JOB.job_id, [line(f"{round_number} before")])
        await redis.client_kill_filter(_type="pubsub")
        await events.append(JOB.job_id, [line(f"{round_number} unheard")] * 5)
    await events.append(JOB.job_id, [SUCCEEDED])
    assert await reader == await events.read(JOB.job_id)


async def test_reader_goes_on_with_the_next_number_after_redis_was_wiped(
    events: EventLog, hub: Hub, redis: Redis
) -> None:
    stream = follow_events(events, hub, JOB.job_id, after=0, idle_s=IDLE_S)
    last = await events.append(JOB.job_id, [line("before")])
    assert await _text(stream) == "before"
    await heard(redis, events.channel(JOB.job_id))
    await redis.flushall()
    await events.append(JOB.job_id, [line("after"), SUCCEEDED], after_seq=last)
    assert await _text(stream) == "after"
    await stream.aclose()  # type: ignore[attr-defined]


async def test_idle_stream_says_so_and_goes_on(events: EventLog, hub: Hub) -> None:
    stream = follow_events(events, hub, JOB.job_id, after=0, idle_s=0.05)
    assert await anext(stream) is None
    await events.append(JOB.job_id, [line("x")])
    while (event := await anext(stream)) is None:
        pass
    assert event["text"] == "x"
    await stream.aclose()  # type: ignore[attr-defined]


async def test_reader_that_leaves_ends_its_subscription(events: EventLog, hub: Hub, redis: Redis) -> None:
    stream = follow_events(events, hub, JOB.job_id, after=0, idle_s=0.05)
    await anext(stream)
    await stream.aclose()  # type: ignore[attr-defined]
    await eventually(lambda: redis.pubsub_channels("*"), lambda channels: not channels)


async def test_reader_that_is_far_too_slow_is_told_to_come_back(
    events: EventLog, hub: Hub, redis: Redis
) -> None:
    stream = follow_events(events, hub, JOB.job_id, after=0, idle_s=IDLE_S)
    await events.append(JOB.job_id, [line("first")])
    assert await _text(stream) == "first"
    await heard(redis, events.channel(JOB.job_id))
    for _ in range(1200):
        await events.append(JOB.job_id, [line()])

    async def read_on() -> None:
        async for _ in stream:
            await asyncio.sleep(0)

    with pytest.raises(SlowListenerError):
        async with asyncio.timeout(10):
            await read_on()


# The feed of all jobs: the first change ever made may come as a reset, so the tests begin with one


def feed(
    live: LiveJobs, hub: Hub, *, since: int | None, idle_s: float = IDLE_S
) -> AsyncIterator[Json | None]:
    return follow_feed(live, hub, since=since, idle_s=idle_s)


async def announced(live: LiveJobs, progress: int) -> Job:
    job = JOB.evolve(progress=progress, state=JobState.RUNNING)
    await live.announce(job)
    return job


async def test_feed_without_since_brings_only_what_comes(live: LiveJobs, hub: Hub) -> None:
    await announced(live, 1)
    stream = feed(live, hub, since=None, idle_s=0.05)
    assert await anext(stream) is None
    await announced(live, 2)
    message = await _next(stream)
    assert (message["type"], message["job"]["progress"]) == ("job", 2)
    assert message["seq"] == await live.last_seq()
    await stream.aclose()  # type: ignore[attr-defined]


async def test_message_of_the_feed_holds_the_whole_job(live: LiveJobs, hub: Hub) -> None:
    await announced(live, 0)
    stream = feed(live, hub, since=None, idle_s=0.05)
    await anext(stream)
    job = await announced(live, 7)
    assert (await _next(stream))["job"] == job.model_dump(mode="json")
    await stream.aclose()  # type: ignore[attr-defined]


async def test_since_replays_what_was_missed_and_goes_on_without_gap(live: LiveJobs, hub: Hub) -> None:
    await announced(live, 1)
    known = await live.last_seq()
    for progress in (2, 3):
        await announced(live, progress)
    stream = feed(live, hub, since=known)
    messages = [await _next(stream), await _next(stream)]
    await announced(live, 4)
    messages.append(await _next(stream))
    assert [message["job"]["progress"] for message in messages] == [2, 3, 4]
    assert [message["seq"] for message in messages] == [known + 1, known + 2, known + 3]
    await stream.aclose()  # type: ignore[attr-defined]


async def test_too_old_a_since_is_reset_to_the_present_and_the_feed_goes_on(
    live: LiveJobs, hub: Hub, redis: Redis
) -> None:
    await announced(live, 1)
    known = await live.last_seq()
    for progress in (2, 3, 4):
        await announced(live, progress)
    await redis.xtrim(live.feed, maxlen=1, approximate=False)
    stream = feed(live, hub, since=known)
    assert await _next(stream) == {"type": "reset", "seq": known + 3}
    await announced(live, 5)
    assert (await _next(stream))["seq"] == known + 4
    await stream.aclose()  # type: ignore[attr-defined]


@pytest.mark.parametrize("shift", [-1_000_000, 1_000_000])
async def test_since_of_another_age_is_reset(shift: int, live: LiveJobs, hub: Hub) -> None:
    await announced(live, 1)
    last = await live.last_seq()
    stream = feed(live, hub, since=last + shift)
    assert await _next(stream) == {"type": "reset", "seq": last}
    await stream.aclose()  # type: ignore[attr-defined]


async def test_follower_is_reset_or_served_after_redis_was_wiped_but_never_left_behind(
    live: LiveJobs, hub: Hub, redis: Redis
) -> None:
    await announced(live, 1)
    stream = feed(live, hub, since=0, idle_s=IDLE_S)
    assert (await _next(stream))["type"] == "reset"
    await heard(redis, live.feed)
    await redis.flushall()
    await announced(live, 2)
    first = await _next(stream)
    assert first["type"] == "reset" or first["job"]["progress"] == 2
    await announced(live, 3)
    assert (await _next(stream))["job"]["progress"] == 3
    await stream.aclose()  # type: ignore[attr-defined]


async def test_numbers_of_the_feed_keep_rising_after_redis_was_wiped(live: LiveJobs, redis: Redis) -> None:
    await announced(live, 1)
    before = await live.last_seq()

    async def milliseconds() -> int:
        seconds, microseconds = await redis.time()
        return int(seconds) * 1000 + int(microseconds) // 1000

    await eventually(milliseconds, lambda present: present > before)  # wiping takes longer than that
    await redis.flushall()
    await announced(live, 2)
    assert await live.last_seq() > before


async def test_client_that_comes_back_after_a_wipe_is_reset_before_and_after_the_first_change(
    live: LiveJobs, hub: Hub, redis: Redis
) -> None:
    await announced(live, 1)
    known = await live.last_seq()
    await redis.flushall()
    stream = feed(live, hub, since=known)
    assert await _next(stream) == {"type": "reset", "seq": 0}
    await stream.aclose()  # type: ignore[attr-defined]
    await announced(live, 2)
    stream = feed(live, hub, since=known)
    assert await _next(stream) == {"type": "reset", "seq": await live.last_seq()}
    await stream.aclose()  # type: ignore[attr-defined]


async def test_no_change_of_the_feed_is_lost_while_readers_come_and_the_subscription_is_killed(
    live: LiveJobs, hub: Hub, redis: Redis
) -> None:
    await announced(live, 0)
    known = await live.last_seq()

    async def read() -> list[int]:
        numbers: list[int] = []
        stream = feed(live, hub, since=known)
        async for message in stream:
            if message is not None:
                numbers.append(message["job"]["progress"])
                if numbers[-1] == 60:
                    break
        await stream.aclose()  # type: ignore[attr-defined]
        return numbers

    readers = []
    for progress in range(1, 61):
        await announced(live, progress)
        if progress % 15 == 1:
            readers.append(asyncio.create_task(read()))
        if progress == 30:
            await heard(redis, live.feed)
            await redis.client_kill_filter(_type="pubsub")
    for numbers in await asyncio.gather(*readers):
        assert numbers == list(range(1, 61))


async def test_large_job_is_abridged_in_the_feed(live: LiveJobs, hub: Hub) -> None:
    await announced(live, 0)
    stream = feed(live, hub, since=None, idle_s=0.05)
    await anext(stream)
    await live.announce(JOB.evolve(result={"text": "x" * 100_000}, state=JobState.SUCCEEDED))
    job = (await _next(stream))["job"]
    assert job["abridged"] is True
    assert (job["result"], job["parameters"], job["state"]) == (None, {}, "SUCCEEDED")
    await stream.aclose()  # type: ignore[attr-defined]


async def test_feed_keeps_about_as_many_changes_as_configured(redis: Redis, storage: Storage) -> None:
    live = LiveJobs(redis, prefix="test:", ttl_s=60, feed_max_messages=100)
    for progress in range(500):
        await announced(live, progress % 100)
    assert 100 <= await redis.xlen(live.feed) < 300


async def _next(stream: AsyncIterator[Json | None]) -> Json:
    async with asyncio.timeout(10):
        while (message := await anext(stream)) is None:
            pass
        return message


async def _text(stream: AsyncIterator[Json | None]) -> str:
    return str((await _next(stream))["text"])
