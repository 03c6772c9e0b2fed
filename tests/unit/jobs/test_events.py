"""A job's events: numbered without gaps, readable from anywhere, kept when Redis forgets."""

from __future__ import annotations

import asyncio
import json

import pytest
from redis.asyncio import Redis

from portal.jobs.events import JOB_EVENT, EventLog, fact, parse_published, state_fact
from tests.support.jobs import made_up_job
from tests.support.polling import eventually

JOB = "0198f2a0-7c1e-7d6b-9a55-0c9e2f3b8a11"


def lines(count: int) -> list[dict[str, object]]:
    return [fact("log", level="info", stream="stdout", text=f"line {number}") for number in range(count)]


async def numbers(events: EventLog, **wanted: int) -> list[int]:
    return [event["seq"] for event in await events.read(JOB, **wanted)]


async def test_first_event_is_number_one_and_each_next_is_one_more(events: EventLog) -> None:
    assert await events.append(JOB, lines(2)) == 2
    assert await events.append(JOB, lines(1)) == 3
    assert await numbers(events) == [1, 2, 3]


async def test_writers_at_once_leave_no_gap_and_no_double(events: EventLog) -> None:
    sizes = [1 + number * 7 % 9 for number in range(50)]
    lasts = await asyncio.gather(*(events.append(JOB, lines(size)) for size in sizes))
    assert await numbers(events, limit=10_000) == list(range(1, sum(sizes) + 1))
    assert len(set(lasts)) == 50


async def test_events_of_one_call_stay_together_and_in_order(events: EventLog) -> None:
    await asyncio.gather(*(events.append(JOB, lines(5)) for _ in range(20)))
    texts = [event["text"] for event in await events.read(JOB)]
    assert texts == [f"line {number}" for number in range(5)] * 20


async def test_jobs_are_numbered_independently(events: EventLog) -> None:
    await events.append(JOB, lines(3))
    assert await events.append("another", lines(1)) == 1


@pytest.mark.parametrize(
    ("after", "limit", "wanted"),
    [(0, 1000, [1, 2, 3, 4, 5]), (2, 1000, [3, 4, 5]), (0, 2, [1, 2]), (3, 1, [4]), (5, 10, []), (99, 1, [])],
)
async def test_reading_begins_after_a_number_and_stops_at_the_limit(
    after: int, limit: int, wanted: list[int], events: EventLog, redis: Redis
) -> None:
    await events.append(JOB, lines(5))
    assert await numbers(events, after=after, limit=limit) == wanted
    await events.archive(JOB)
    await redis.delete(events.channel(JOB))
    assert await numbers(events, after=after, limit=limit) == wanted


async def test_job_without_events_has_none(events: EventLog) -> None:
    assert await events.read("nobody") == []


async def test_archived_events_are_the_very_same(events: EventLog, redis: Redis) -> None:
    text = 'tab\there, "quotes", ☃, \u2028 and \x00'
    await events.append(JOB, [fact("log", level="info", stream="stdout", text=text), *lines(2)])
    live = await events.read(JOB)
    await events.archive(JOB)
    await redis.delete(events.channel(JOB))
    assert await events.read(JOB) == live
    assert live[0]["text"] == text


async def test_events_fade_from_redis_after_their_time(redis: Redis, events: EventLog) -> None:
    short = EventLog(redis, events._storage, prefix="test:", ttl_s=0.05)
    await short.append(JOB, lines(1))
    await eventually(lambda: redis.exists(short.channel(JOB)), lambda found: not found)


async def test_numbers_go_on_from_what_the_writer_knows_when_redis_was_wiped(
    events: EventLog, redis: Redis
) -> None:
    last = await events.append(JOB, lines(3))
    await redis.flushall()
    assert await events.append(JOB, lines(2), after_seq=last) == 5
    assert await numbers(events) == [4, 5]


async def test_numbers_go_on_from_the_stream_when_it_is_further_than_the_writer(events: EventLog) -> None:
    await events.append(JOB, lines(3))
    assert await events.append(JOB, lines(1), after_seq=1) == 4


async def test_published_message_carries_the_events_with_their_numbers(
    events: EventLog, redis: Redis
) -> None:
    await events.append(JOB, lines(2))
    async with redis.pubsub() as pubsub:
        await pubsub.subscribe(events.channel(JOB))
        assert (await pubsub.get_message(timeout=5))["type"] == "subscribe"
        await events.append(JOB, lines(2))
        message = await pubsub.get_message(timeout=5)
    assert parse_published(message["data"].decode()) == await events.read(JOB, after=2)


async def test_hundreds_of_events_fit_one_call(events: EventLog) -> None:
    assert await events.append(JOB, lines(500)) == 500
    assert (await events.read(JOB, after=499))[0]["text"] == "line 499"


async def test_every_kind_of_event_is_as_the_contract_says(events: EventLog) -> None:
    artifact = {"name": "a", "size": 1, "content_type": "text/plain", "sha256": "0"}
    facts = [
        state_fact(made_up_job()),
        fact("progress", progress=40, message="Reading"),
        fact("log", level="info", stream="stdout", text="hi"),
        fact("artifact", artifact=artifact),
        fact("result", result={"rows": [1]}),
    ]
    await events.append(JOB, facts)
    read = await events.read(JOB)
    assert [event["type"] for event in read] == ["state", "progress", "log", "artifact", "result"]
    for event in read:
        assert json.loads(JOB_EVENT.validate_python(event).model_dump_json()) == event
