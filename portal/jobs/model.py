"""The job: one run of a task or an item, its states, and which state may follow which."""

from __future__ import annotations

from datetime import UTC, datetime
from enum import StrEnum
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, JsonValue, PlainSerializer, WithJsonSchema
from uuid_utils import uuid7


class JobState(StrEnum):
    """Where a job stands."""

    QUEUED = "QUEUED"
    RUNNING = "RUNNING"
    SUCCEEDED = "SUCCEEDED"
    FAILED = "FAILED"
    CANCELLED = "CANCELLED"


FINAL_STATES = frozenset({JobState.SUCCEEDED, JobState.FAILED, JobState.CANCELLED})
RETRYABLE_STATES = frozenset({JobState.FAILED, JobState.CANCELLED})
TRANSITIONS: dict[JobState, frozenset[JobState]] = {
    JobState.QUEUED: frozenset({JobState.RUNNING, JobState.FAILED, JobState.CANCELLED}),
    JobState.RUNNING: FINAL_STATES,
    JobState.SUCCEEDED: frozenset(),
    JobState.FAILED: frozenset(),
    JobState.CANCELLED: frozenset(),
}


def rfc3339(moment: datetime) -> str:
    """Return the moment as `2026-01-31T12:00:00.123Z`."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def now() -> datetime:
    """Return the present moment, aware, in UTC."""
    return datetime.now(UTC)


Moment = Annotated[
    datetime,
    PlainSerializer(rfc3339, return_type=str),
    WithJsonSchema({"type": "string", "format": "date-time", "examples": ["2026-01-31T12:00:00.123Z"]}),
]


class Value(BaseModel):
    """Base of the records below: frozen, nothing unknown."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class JobError(Value):
    """Why a job failed: a kind that programs can tell apart, and a sentence for people."""

    kind: str = Field(examples=["item_error"])
    message: str = Field(examples=["ValueError: the file has no header"])
    traceback: str | None = None


class ItemReference(Value):
    """Exactly which item ran."""

    id: str = Field(examples=["csv-profile"])
    version: str = Field(examples=["1.0.0"])
    digest: str = Field(examples=["sha256:9f86d081884c7d65…"])


class Artifact(Value):
    """A file that a job left behind."""

    name: str = Field(examples=["report.html"])
    size: int = Field(description="Bytes.", examples=[20480])
    content_type: str = Field(examples=["text/html"])
    sha256: str


class QueuePlace(Value):
    """Why a queued job is still waiting."""

    position: int = Field(description="1 is next.", examples=[3])
    reason: str = Field(examples=["All workers are busy."])


class Job(Value):
    """One run, as everybody sees it; secret inputs read `********`."""

    job_id: str = Field(examples=["0198f2a0-7c1e-7d6b-9a55-0c9e2f3b8a11"])
    type: str = Field(description="The built-in task's name, or the item's id.", examples=["csv-profile"])
    state: JobState
    progress: int = Field(ge=0, le=100, examples=[40])
    message: str = Field("", examples=["Reading rows"])
    parameters: dict[str, JsonValue]
    result: JsonValue = None
    error: JobError | None = None
    item: ItemReference | None = None
    requested_by: str = Field(examples=["admin"])
    attempt: int = Field(description="0 until a worker starts it.", examples=[1])
    max_attempts: int = Field(examples=[1])
    retry_of: str | None = None
    created_at: Moment
    started_at: Moment | None = None
    finished_at: Moment | None = None
    updated_at: Moment
    artifacts: tuple[Artifact, ...] = ()
    queue: QueuePlace | None = None

    def evolve(self, **changes: Any) -> Job:
        """Return a copy with `changes`."""
        return self.model_copy(update=changes)


def new_job_id() -> str:
    """Return a new id; ids sort by the time they were made."""
    return str(uuid7())


def artifact_key(job_id: str, name: str) -> str:
    """Return where the object store keeps a job's file."""
    return f"jobs/{job_id}/artifacts/{name}"
