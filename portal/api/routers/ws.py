"""Sockets: every job's changes, or one job's events, live."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Annotated, Any

from fastapi import APIRouter, Query, WebSocket, WebSocketDisconnect
from redis.exceptions import RedisError

from portal.api.deps import CallerDep, ServicesDep
from portal.cancelling import cancel_surely
from portal.jobs.follow import follow_events, follow_feed
from portal.jobs.hub import SlowListenerError
from portal.jobs.model import FINAL_STATES
from portal.services import Services

router = APIRouter()

IDLE_S = 15.0
CLOSE_DONE = 1000
CLOSE_TRY_AGAIN = 1013
PING = json.dumps({"type": "ping"})

Messages = AsyncIterator[dict[str, Any] | None]


@router.websocket("/ws/jobs")
async def follow_jobs(
    socket: WebSocket,
    services: ServicesDep,
    _caller: CallerDep,
    since: Annotated[int | None, Query(ge=0)] = None,
) -> None:
    """Send `{seq, type: "job", job}` for every change; `since` first brings what was missed."""
    feed = follow_feed(services.live, services.hub, since=since, idle_s=IDLE_S)
    await _serve(socket, _whole_jobs(services, feed))


@router.websocket("/ws/jobs/{job_id}")
async def follow_job(
    socket: WebSocket,
    job_id: str,
    services: ServicesDep,
    _caller: CallerDep,
    after: Annotated[int, Query(ge=0)] = 0,
) -> None:
    """Send the job's events numbered above `after`; close with 1000 after the last."""
    await services.store.get(job_id)
    events = follow_events(services.events, services.hub, job_id, after=after, idle_s=IDLE_S)
    await _serve(socket, _until_ended(services, job_id, events, after=after))


async def _whole_jobs(services: Services, feed: Messages) -> Messages:
    """Fill in what the feed leaves out of large jobs."""
    async for message in feed:
        if message is not None and message.get("job", {}).pop("abridged", False):
            whole = await services.store.get(message["job"]["job_id"])
            message["job"] |= whole.model_dump(mode="json", include={"parameters", "result"})
        yield message


async def has_ended(services: Services, job_id: str, *, after: int) -> bool:
    """Return whether the job has ended and no event is left after that number."""
    job = await services.store.get(job_id)
    return job.state in FINAL_STATES and not await services.events.read(job_id, after=after, limit=1)


async def _until_ended(services: Services, job_id: str, events: Messages, *, after: int) -> Messages:
    """End with the job even if the event that says so was lost, or was seen before."""
    if await has_ended(services, job_id, after=after):
        return
    async for event in events:
        if event is None and (await services.store.get(job_id)).state in FINAL_STATES:
            return
        yield event


async def _serve(socket: WebSocket, messages: Messages) -> None:
    """Accept the socket and send until the messages end or the client leaves."""
    await socket.accept()
    sender = asyncio.create_task(_send(socket, messages))
    # A socket that only sends would never notice that the client has gone.
    reader = asyncio.create_task(_read_until_gone(socket))
    try:
        await asyncio.wait({sender, reader}, return_when=asyncio.FIRST_COMPLETED)
    finally:
        await cancel_surely(sender, reader)


async def _send(socket: WebSocket, messages: Messages) -> None:
    code = CLOSE_DONE
    try:
        async for message in messages:
            await socket.send_text(PING if message is None else json.dumps(message, ensure_ascii=False))
    except (SlowListenerError, RedisError, OSError):
        code = CLOSE_TRY_AGAIN  # the client comes back with the last number it has
    except WebSocketDisconnect:
        return
    await socket.close(code)


async def _read_until_gone(socket: WebSocket) -> None:
    while (await socket.receive())["type"] != "websocket.disconnect":
        pass
