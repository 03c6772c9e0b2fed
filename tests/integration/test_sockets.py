"""Sockets and event streams through a real server."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx2
import pytest
import websockets
from websockets.asyncio.client import ClientConnection, connect

from portal.api.routers import ws as ws_module
from portal.catalog.settings import CatalogSettings
from portal.identity.callers import FIRST_ADMINISTRATOR
from portal.jobs.events import fact
from portal.jobs.model import Job, JobState
from portal.jobs.store import Ending
from portal.services import Services
from portal.settings import Settings
from tests.support.items import write_item
from tests.support.jobs import new_job
from tests.support.polling import eventually
from tests.support.portal_app import BEARER
from tests.support.real_server import real_server

Json = dict[str, Any]


@pytest.fixture
async def server(settings: Settings, catalog_settings: CatalogSettings) -> AsyncIterator[str]:
    async with real_server(settings, catalog_settings) as address:
        yield address


async def received(socket: ClientConnection) -> Json:
    """Return the next message that is no ping."""
    async with asyncio.timeout(10):
        while True:
            message: Json = json.loads(await socket.recv())
            if message["type"] != "ping":
                return message


async def until_closed(socket: ClientConnection) -> tuple[list[Json], int | None]:
    """Return every message up to the end, and the code the socket was closed with."""
    async with asyncio.timeout(20):
        messages = [json.loads(text) async for text in socket]
    return messages, socket.close_code


async def end(services: Services, job: Job, state: JobState = JobState.SUCCEEDED) -> None:
    """Run the job as if a worker had."""
    running = await services.store.claim(job.job_id)
    assert running is not None
    await services.queue.announce(running)
    ended = await services.store.finish(job.job_id, running.attempt, Ending(state, progress=100))
    assert ended is not None
    await services.queue.announce(ended)


async def followed(services: Services, channel: str) -> None:
    """Wait until the server listens to the channel."""

    async def subscribers() -> int:
        [(_, count)] = await services.redis.pubsub_numsub(channel)
        return int(count)

    await eventually(subscribers)


# Who may open one


@pytest.mark.parametrize("path", ["/ws/jobs", "/ws/jobs/x"])
@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 401),
        ({"Authorization": "Bearer wrong"}, 401),
        ({"Cookie": "portal_session=made-up", "Origin": "http://{address}"}, 401),
        ({"Cookie": "{cookie}"}, 403),
        ({"Cookie": "{cookie}", "Origin": "https://evil.example"}, 403),
    ],
)
async def test_socket_is_refused_before_it_opens(
    headers: dict[str, str], status: int, path: str, server: str, services: Services
) -> None:
    cookie = f"portal_session={await services.sessions.start(FIRST_ADMINISTRATOR)}"
    filled = {name: value.format(address=server, cookie=cookie) for name, value in headers.items()}
    with pytest.raises(websockets.InvalidStatus) as caught:
        await connect(f"ws://{server}{path}", additional_headers=filled)
    response = caught.value.response
    assert response.status_code == status
    document = json.loads(response.body)
    assert document["status"] == status
    assert document["request_id"] == response.headers["X-Request-ID"]


async def test_socket_opens_with_a_cookie_from_the_portals_own_pages(server: str, services: Services) -> None:
    cookie = f"portal_session={await services.sessions.start(FIRST_ADMINISTRATOR)}"
    headers = {"Cookie": cookie, "Origin": f"http://{server}"}
    async with connect(f"ws://{server}/ws/jobs", additional_headers=headers):
        pass


@pytest.mark.parametrize("origin", [{}, {"Origin": "https://anywhere.example"}])
async def test_socket_opens_with_a_token_whatever_the_origin(origin: dict[str, str], server: str) -> None:
    async with connect(f"ws://{server}/ws/jobs", additional_headers={**BEARER, **origin}):
        pass


async def test_socket_of_an_unknown_job_is_404(server: str) -> None:
    with pytest.raises(websockets.InvalidStatus) as caught:
        await connect(f"ws://{server}/ws/jobs/nowhere", additional_headers=BEARER)
    assert caught.value.response.status_code == 404


@pytest.mark.parametrize("query", ["since=-1", "since=x"])
async def test_socket_with_a_wrong_number_is_422(query: str, server: str) -> None:
    with pytest.raises(websockets.InvalidStatus) as caught:
        await connect(f"ws://{server}/ws/jobs?{query}", additional_headers=BEARER)
    assert caught.value.response.status_code == 422


# All jobs


async def test_every_change_of_state_comes_with_the_whole_job(server: str, services: Services) -> None:
    await services.queue.submit(new_job())  # the very first change of a portal may come as a reset
    async with connect(f"ws://{server}/ws/jobs", additional_headers=BEARER) as socket:
        await followed(services, services.live.feed)
        job = await services.queue.submit(new_job(parameters={"fail_at_step": 2}))
        await end(services, job)
        messages = [await received(socket) for _ in range(3)]
    assert [message["type"] for message in messages] == ["job"] * 3
    assert [message["job"]["state"] for message in messages] == ["QUEUED", "RUNNING", "SUCCEEDED"]
    assert [message["seq"] - messages[0]["seq"] for message in messages] == [0, 1, 2]
    last = messages[-1]["job"]
    assert last == (await services.store.get(job.job_id)).model_dump(mode="json")


async def test_since_brings_what_was_missed(server: str, services: Services) -> None:
    await services.queue.submit(new_job())
    known = await services.live.last_seq()
    missed = await services.queue.submit(new_job())
    async with connect(f"ws://{server}/ws/jobs?since={known}", additional_headers=BEARER) as socket:
        message = await received(socket)
        assert (message["seq"], message["job"]["job_id"]) == (known + 1, missed.job_id)
        coming = await services.queue.submit(new_job())
        assert (await received(socket))["job"]["job_id"] == coming.job_id


async def test_too_old_a_since_is_reset(server: str, services: Services) -> None:
    await services.queue.submit(new_job())
    async with connect(f"ws://{server}/ws/jobs?since=1", additional_headers=BEARER) as socket:
        assert await received(socket) == {"type": "reset", "seq": await services.live.last_seq()}


async def test_large_result_comes_whole_though_the_feed_is_abridged(server: str, services: Services) -> None:
    await services.queue.submit(new_job())
    async with connect(f"ws://{server}/ws/jobs", additional_headers=BEARER) as socket:
        await followed(services, services.live.feed)
        job = await services.queue.submit(new_job())
        await services.store.claim(job.job_id)
        ending = Ending(JobState.SUCCEEDED, progress=100, result={"text": "x" * 100_000})
        ended = await services.store.finish(job.job_id, 1, ending)
        assert ended is not None
        await services.queue.announce(ended)
        await received(socket)
        message = (await received(socket))["job"]
    assert message["result"] == {"text": "x" * 100_000}
    assert "abridged" not in message


async def test_idle_socket_is_pinged(
    server: str, services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert 15 <= ws_module.IDLE_S <= 20
    monkeypatch.setattr(ws_module, "IDLE_S", 0.05)
    async with connect(f"ws://{server}/ws/jobs", additional_headers=BEARER) as socket:
        async with asyncio.timeout(10):
            assert json.loads(await socket.recv()) == {"type": "ping"}


async def test_nothing_is_lost_when_redis_drops_the_subscription(server: str, services: Services) -> None:
    await services.queue.submit(new_job())
    async with connect(f"ws://{server}/ws/jobs", additional_headers=BEARER) as socket:
        await followed(services, services.live.feed)
        await services.redis.client_kill_filter(_type="pubsub")
        jobs = [await services.queue.submit(new_job()) for _ in range(5)]
        received_ids = [(await received(socket))["job"]["job_id"] for _ in jobs]
    assert received_ids == [job.job_id for job in jobs]


async def test_client_that_has_gone_is_noticed(server: str, services: Services) -> None:
    async with connect(f"ws://{server}/ws/jobs", additional_headers=BEARER):
        await followed(services, services.live.feed)
    await eventually(lambda: services.redis.pubsub_channels("*"), lambda channels: not channels)


# One job


async def test_events_of_a_job_come_live_and_the_socket_closes_with_1000_after_the_last(
    server: str, services: Services
) -> None:
    job = await services.queue.submit(new_job())
    url = f"ws://{server}/ws/jobs/{job.job_id}"
    async with connect(url, additional_headers=BEARER) as socket:
        assert (await received(socket))["state"] == "QUEUED"
        await services.events.append(job.job_id, [fact("progress", progress=20, message="x")])
        await end(services, job)
        messages, code = await until_closed(socket)
    assert [message["type"] for message in messages] == ["progress", "state", "state"]
    assert [message["seq"] for message in messages] == [2, 3, 4]
    assert code == 1000


async def test_ended_job_is_told_from_the_given_number_on(server: str, services: Services) -> None:
    job = await services.queue.submit(new_job())
    await end(services, job)
    url = f"ws://{server}/ws/jobs/{job.job_id}?after=2"
    async with connect(url, additional_headers=BEARER) as socket:
        messages, code = await until_closed(socket)
    assert [(message["seq"], message["state"]) for message in messages] == [(3, "SUCCEEDED")]
    assert code == 1000


async def test_ended_job_whose_events_were_all_seen_closes_with_1000_soon(
    server: str, services: Services
) -> None:
    job = await services.queue.submit(new_job())
    await end(services, job)
    url = f"ws://{server}/ws/jobs/{job.job_id}?after=3"
    async with connect(url, additional_headers=BEARER) as socket:
        async with asyncio.timeout(5):
            messages, code = await until_closed(socket)
    assert (messages, code) == ([], 1000)


async def test_two_sockets_opened_at_once_by_a_page_both_hear(server: str, services: Services) -> None:
    job = await services.queue.submit(new_job())
    for _ in range(5):  # the subscription is made anew each time
        async with (
            connect(f"ws://{server}/ws/jobs", additional_headers=BEARER) as all_jobs,
            connect(f"ws://{server}/ws/jobs/{job.job_id}?after=1000", additional_headers=BEARER) as one,
        ):
            await followed(services, services.live.feed)
            await followed(services, services.events.channel(job.job_id))
            await services.queue.submit(new_job())
            await received(all_jobs)
            await one.close()
        await eventually(lambda: services.redis.pubsub_channels("*"), lambda channels: not channels)


# Event streams over HTTP


async def test_event_stream_comes_live_and_ends_with_the_job(server: str, services: Services) -> None:
    job = await services.queue.submit(new_job())
    headers = {**BEARER, "Accept": "text/event-stream"}
    async with (
        httpx2.AsyncClient(base_url=f"http://{server}", headers=headers, timeout=20) as client,
        client.stream("GET", f"/jobs/{job.job_id}/events") as response,
    ):
        assert response.headers["Cache-Control"] == "no-store"
        lines = response.aiter_lines()
        assert await anext(lines) == "id: 1"
        await end(services, job)
        rest = [line async for line in lines]
    assert [line for line in rest if line.startswith("id: ")] == ["id: 2", "id: 3"]


async def test_body_over_the_limit_in_chunks_is_413_on_a_real_connection(server: str) -> None:
    async def chunks() -> AsyncIterator[bytes]:
        for _ in range(64):
            yield b" " * 65_536

    headers = {**BEARER, "Content-Type": "application/json"}
    async with httpx2.AsyncClient(base_url=f"http://{server}", headers=headers) as client:
        try:
            response = await client.post("/jobs", content=chunks())
        except httpx2.WriteError:
            return  # the server hung up on the way, which is fine
    assert response.status_code == 413


async def test_item_published_over_http_can_be_found(
    server: str, catalog_root: Path, services: Services
) -> None:
    write_item(catalog_root)
    async with httpx2.AsyncClient(base_url=f"http://{server}", headers=BEARER) as client:
        assert (await client.post("/catalog/local/import", json={"path": "echo"})).status_code == 201
    assert [item.item_id for item in await services.registry.items()] == ["echo"]
