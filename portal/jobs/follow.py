"""Follows what happens as it happens: first what was kept, then what comes, each number once."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from typing import Any

from portal.jobs.events import EventLog, Fact, parse_published
from portal.jobs.hub import Hub, Listener
from portal.jobs.live import LiveJobs
from portal.jobs.model import FINAL_STATES

PAGE_EVENTS = 1000


async def follow_events(
    events: EventLog, hub: Hub, job_id: str, *, after: int, idle_s: float
) -> AsyncIterator[Fact | None]:
    """Yield the job's events numbered above `after` until one says it has ended.

    Yields None whenever nothing came for `idle_s` seconds. Raises `SlowListenerError` when the reader is too
    slow to keep up; it may come back with the last number it has.
    """
    async with hub.listen(events.channel(job_id)) as listener:
        last = after
        batch: list[Fact] | None = await _kept(events, job_id, last)
        while True:
            for event in batch or ():
                if event["seq"] > last:
                    last = event["seq"]
                    yield event
                    if event["type"] == "state" and event["state"] in FINAL_STATES:
                        return
            if batch is None:
                yield None
            batch = await _next_events(events, listener, job_id, last, idle_s)


async def _next_events(
    events: EventLog, listener: Listener, job_id: str, last: int, idle_s: float
) -> list[Fact] | None:
    try:
        message = await listener.next(idle_s)
    except TimeoutError:
        return None
    batch = [] if message is None else parse_published(message)
    gap = message is None or (bool(batch) and batch[0]["seq"] > last + 1)
    return await _kept(events, job_id, last) if gap else batch


async def _kept(events: EventLog, job_id: str, after: int) -> list[Fact]:
    kept: list[Fact] = []
    while page := await events.read(job_id, after=kept[-1]["seq"] if kept else after, limit=PAGE_EVENTS):
        kept += page
    return kept


async def follow_feed(
    live: LiveJobs, hub: Hub, *, since: int | None, idle_s: float
) -> AsyncIterator[dict[str, Any] | None]:
    """Yield `{seq, type: "job", job}` for every change after `since`, or from now on when it is None.

    Yields `{type: "reset", seq}` where changes were missed for good, and None after `idle_s` idle seconds.
    """
    async with hub.listen(live.feed) as listener:
        last = await live.last_seq() if since is None else since
        message: str | None = None  # as after a gap: begin with what was kept
        while True:
            if message is None:
                changes = await live.since(last)
                if changes is None:
                    last = await live.last_seq()
                    yield {"type": "reset", "seq": last}
            else:
                seq, _, job = message.partition(" ")
                changes = [(int(seq), json.loads(job))]
                if changes[0][0] > last + 1:
                    message = None
                    continue
            for seq_number, job_fields in changes or ():
                if seq_number > last:
                    last = seq_number
                    yield {"seq": last, "type": "job", "job": job_fields}
            while True:
                try:
                    message = await listener.next(idle_s)
                    break
                except TimeoutError:
                    yield None
