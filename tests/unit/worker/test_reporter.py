"""The reporter: everything a job says arrives, in order, in few calls, and survives an absent Redis."""

from __future__ import annotations

import asyncio

import pytest
from redis.exceptions import ConnectionError as RedisConnectionError

from portal.jobs.events import EventLog, Fact
from portal.jobs.model import JobState
from portal.services import Services
from portal.worker import insistence
from portal.worker.reporter import Reporter
from tests.support.jobs import made_up_job
from tests.support.polling import eventually

JOB = made_up_job(state=JobState.RUNNING, attempt=1)


@pytest.fixture
def reporter(services: Services) -> Reporter:
    return Reporter(JOB, services.events, services.live, last_seq=0)


async def test_everything_said_arrives_in_order_without_gap(reporter: Reporter, services: Services) -> None:
    async with reporter:
        for number in range(1200):
            await reporter.log("info", "stdout", str(number))
    events = await services.events.read(JOB.job_id, limit=10_000)
    assert [event["text"] for event in events] == [str(number) for number in range(1200)]
    assert reporter.last_seq == 1200


async def test_what_is_said_arrives_while_the_job_goes_on(reporter: Reporter, services: Services) -> None:
    async with reporter:
        await reporter.log("info", "stdout", "now")
        await eventually(lambda: services.events.read(JOB.job_id))


@pytest.mark.parametrize(("percent", "shown"), [(-5, 0), (0, 0), (33.9, 33), (100, 100), (250, 100)])
async def test_progress_is_a_whole_number_from_0_to_100(
    percent: float, shown: int, reporter: Reporter, services: Services
) -> None:
    async with reporter:
        await reporter.progress(percent, "Reading")
    [event] = await services.events.read(JOB.job_id)
    assert (event["progress"], event["message"]) == (shown, "Reading")
    assert (reporter.job.progress, reporter.job.message) == (shown, "Reading")
    [live] = await services.live.overlay([JOB])
    assert live.progress == shown


async def test_numbers_continue_after_those_before(services: Services) -> None:
    async with Reporter(JOB, services.events, services.live, last_seq=7) as reporter:
        await reporter.log("info", "stdout", "x")
    assert [event["seq"] for event in await services.events.read(JOB.job_id)] == [8]


async def test_nothing_is_lost_while_redis_is_away(
    reporter: Reporter, services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    append, failures = EventLog.append, 3

    async def failing(self: EventLog, job_id: str, facts: list[Fact], *, after_seq: int = 0) -> int:
        nonlocal failures
        if failures:
            failures -= 1
            raise RedisConnectionError("away")
        return await append(self, job_id, facts, after_seq=after_seq)

    monkeypatch.setattr(EventLog, "append", failing)
    monkeypatch.setattr(insistence, "RETRY_S", 0.01)
    async with reporter:
        for number in range(10):
            await reporter.log("info", "stdout", str(number))
    texts = [event["text"] for event in await services.events.read(JOB.job_id)]
    assert texts == [str(number) for number in range(10)]


async def test_speakers_at_once_are_all_heard_once(reporter: Reporter, services: Services) -> None:
    async with reporter:
        await asyncio.gather(*(reporter.log("info", "stdout", str(number)) for number in range(1000)))
    texts = {event["text"] for event in await services.events.read(JOB.job_id, limit=10_000)}
    assert len(texts) == 1000


async def test_job_that_ends_while_its_events_are_on_their_way_has_each_of_them_once(
    reporter: Reporter, services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    append, arrived, answer = EventLog.append, asyncio.Event(), asyncio.Event()

    async def slow(self: EventLog, job_id: str, facts: list[Fact], *, after_seq: int = 0) -> int:
        last = await append(self, job_id, facts, after_seq=after_seq)
        arrived.set()
        await answer.wait()
        return last

    monkeypatch.setattr(EventLog, "append", slow)
    async with reporter:
        await reporter.log("info", "stdout", "once")
        await arrived.wait()
        asyncio.get_running_loop().call_later(0.05, answer.set)
    assert [event["text"] for event in await services.events.read(JOB.job_id)] == ["once"]
