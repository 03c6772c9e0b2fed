"""What happens to a job, as numbered facts: in a Redis stream while it lives, in the object store after."""

from __future__ import annotations

import gzip
import json
from collections.abc import Sequence
from typing import Annotated, Any, Literal

from pydantic import Field, JsonValue, TypeAdapter
from redis.asyncio import Redis

from portal.errors import NotFoundError
from portal.jobs.model import Artifact, Job, JobState, Moment, Value, now, rfc3339
from portal.storage import Storage

LogLevel = Literal["debug", "info", "warning", "error"]


class _Event(Value):
    seq: int = Field(description="1, 2, 3 … within the job, without gaps.")
    ts: Moment


class StateEvent(_Event):
    """The job changed its state."""

    type: Literal["state"] = "state"
    state: JobState
    attempt: int


class ProgressEvent(_Event):
    """The job came further."""

    type: Literal["progress"] = "progress"
    progress: int
    message: str


class LogEvent(_Event):
    """The job wrote a line."""

    type: Literal["log"] = "log"
    level: LogLevel
    stream: str = Field(description="`stdout`, `stderr`, `ctx` (the item's own log calls) or `portal`.")
    text: str


class ArtifactEvent(_Event):
    """The job left a file behind."""

    type: Literal["artifact"] = "artifact"
    artifact: Artifact


class ResultEvent(_Event):
    """The job returned its result."""

    type: Literal["result"] = "result"
    result: JsonValue


JobEvent = Annotated[
    StateEvent | ProgressEvent | LogEvent | ArtifactEvent | ResultEvent, Field(discriminator="type")
]
JOB_EVENT: TypeAdapter[JobEvent] = TypeAdapter(JobEvent)
Fact = dict[str, Any]
"""An event before it has its number: `{"type": …, "ts": …, …}`."""


def fact(event_type: str, **fields: Any) -> Fact:
    """Return an event of this moment, still without its number."""
    return {"type": event_type, "ts": rfc3339(now()), **fields}


def state_fact(job: Job) -> Fact:
    """Return the event that says which state the job is in now."""
    return fact("state", state=job.state, attempt=job.attempt)


# Numbers the facts, appends them and tells the listeners, in one step. The floor keeps the numbers rising
# when the stream was lost while its writer lives on.
_APPEND = """
local last = redis.call('XREVRANGE', KEYS[1], '+', '-', 'COUNT', 1)
local seq = tonumber(ARGV[1])
if #last > 0 then seq = math.max(seq, tonumber(string.match(last[1][1], '^%d+'))) end
local first = seq + 1
for i = 4, #ARGV do
  seq = seq + 1
  redis.call('XADD', KEYS[1], seq .. '-0', 'fact', ARGV[i])
end
redis.call('PEXPIRE', KEYS[1], ARGV[2])
redis.call('PUBLISH', ARGV[3], first .. ' [' .. table.concat(ARGV, ',', 4) .. ']')
return seq
"""


class EventLog:
    """The events of all jobs, one numbered sequence each."""

    def __init__(self, redis: Redis, storage: Storage, *, prefix: str, ttl_s: float) -> None:
        self._redis = redis
        self._storage = storage
        self._prefix = prefix
        self._ttl_ms = int(ttl_s * 1000)
        self._append = redis.register_script(_APPEND)

    def channel(self, job_id: str) -> str:
        """Return the pub/sub channel that carries the job's new events."""
        return f"{self._prefix}job:{job_id}:events"

    async def append(self, job_id: str, facts: Sequence[Fact], *, after_seq: int = 0) -> int:
        """Append the facts (at least one) and return the number of the last.

        `after_seq` is the last number the caller knows of; numbers continue from it or from the stream,
        whichever is further.
        """
        channel = self.channel(job_id)
        texts = [json.dumps(fact, ensure_ascii=False, separators=(",", ":")) for fact in facts]
        last = await self._append(keys=[channel], args=[after_seq, self._ttl_ms, channel, *texts])
        return int(last)

    async def read(self, job_id: str, *, after: int = 0, limit: int = 1000) -> list[Fact]:
        """Return up to `limit` events numbered above `after`, each with its `seq`."""
        entries = await self._redis.xrange(self.channel(job_id), min=f"{after + 1}-0", count=limit)
        if entries:
            return [_numbered(entry_id, fields) for entry_id, fields in entries]
        if await self._redis.exists(self.channel(job_id)):
            return []
        archived = await self._archived(job_id)
        return [event for event in archived if event["seq"] > after][:limit]

    async def archive(self, job_id: str) -> None:
        """Copy the finished job's events into the object store, where they outlive Redis."""
        entries = await self._redis.xrange(self.channel(job_id))
        events = (_numbered(entry_id, fields) for entry_id, fields in entries)
        lines = "".join(
            json.dumps(event, ensure_ascii=False, separators=(",", ":")) + "\n" for event in events
        )
        await self._storage.put(_archive_key(job_id), gzip.compress(lines.encode(), mtime=0))

    async def _archived(self, job_id: str) -> list[Fact]:
        try:
            packed = await self._storage.get(_archive_key(job_id))
        except NotFoundError:
            return []
        # Not splitlines(): it also breaks at U+2028 and the like, which stand unescaped inside the lines.
        return [json.loads(line) for line in gzip.decompress(packed).splitlines()]


def parse_published(payload: str) -> list[Fact]:
    """Return the numbered events in a message of a job's channel."""
    first, _, facts = payload.partition(" ")
    return [{"seq": seq, **fact} for seq, fact in enumerate(json.loads(facts), start=int(first))]


def _numbered(entry_id: bytes, fields: dict[bytes, bytes]) -> Fact:
    return {"seq": int(entry_id.partition(b"-")[0]), **json.loads(fields[b"fact"])}


def _archive_key(job_id: str) -> str:
    return f"jobs/{job_id}/events.jsonl.gz"
