"""The truth about jobs: their rows in the database, and the only statements that change them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, RowMapping, Select, false, func, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncEngine

from portal.db.tables import jobs
from portal.errors import NotFoundError
from portal.jobs.model import TRANSITIONS, Artifact, ItemReference, Job, JobError, JobState, new_job_id, now

SORT_COLUMNS = ("created_at", "updated_at", "state", "type", "requested_by")


@dataclass(frozen=True)
class NewJob:
    """What is known of a job before it is accepted.

    `parameters` hold no secrets; when there are any, `sealed_parameters` is the encrypted whole.
    """

    type: str
    task: str
    parameters: dict[str, Any]
    requested_by: str
    sealed_parameters: bytes | None = None
    item: ItemReference | None = None
    max_attempts: int = 1
    retry_of: str | None = None


@dataclass(frozen=True)
class JobFilter:
    """Which jobs to list; empty means all."""

    states: Sequence[JobState] = ()
    search: str | None = None
    type: str | None = None
    requested_by: str | None = None
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True)
class Page:
    """Which part of a list, in which order; `sort` is a column, with `-` in front for descending."""

    number: int = 1
    size: int = 20
    sort: str = "-created_at"


@dataclass(frozen=True)
class Ending:
    """How an attempt ended."""

    state: JobState
    progress: int
    message: str = ""
    result: Any = None
    error: JobError | None = None
    artifacts: Sequence[Artifact] = field(default_factory=tuple)


class JobStore:
    """Jobs in the database. Each change is one statement that also checks the state it starts from."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    async def create(self, new: NewJob) -> Job:
        """Accept the job: once this returns, it will be accounted for."""
        moment = now()
        values = {
            "job_id": new_job_id(),
            "type": new.type,
            "task": new.task,
            "state": JobState.QUEUED,
            "progress": 0,
            "message": "",
            "parameters": new.parameters,
            "sealed_parameters": new.sealed_parameters,
            "item_version": new.item.version if new.item else None,
            "item_digest": new.item.digest if new.item else None,
            "requested_by": new.requested_by,
            "attempt": 0,
            "max_attempts": new.max_attempts,
            "retry_of": new.retry_of,
            "artifacts": [],
            "created_at": moment,
            "updated_at": moment,
        }
        async with self._engine.begin() as connection:
            await connection.execute(insert(jobs).values(values))
        return await self.get(str(values["job_id"]))

    async def get(self, job_id: str) -> Job:
        """Return the job; raise `NotFoundError` when there is none."""
        return _job(await self._row(job_id))

    async def task_of(self, job_id: str) -> str:
        """Return the name of the worker's function that runs the job."""
        return str((await self._row(job_id))["task"])

    async def sealed_parameters(self, job_id: str) -> bytes | None:
        """Return the encrypted parameters of a job with secret inputs, else None."""
        sealed: bytes | None = (await self._row(job_id))["sealed_parameters"]
        return sealed

    async def list_jobs(self, wanted: JobFilter, page: Page) -> tuple[list[Job], int]:
        """Return one page of the jobs that fit, and how many fit in all."""
        conditions = _conditions(wanted)
        query = select(jobs).where(*conditions).limit(page.size).offset((page.number - 1) * page.size)
        async with self._engine.connect() as connection:
            total = await connection.scalar(select(func.count()).select_from(jobs).where(*conditions))
            rows = (await connection.execute(_ordered(query, page.sort))).mappings().all()
        return [_job(row) for row in rows], total or 0

    async def in_state(self, state: JobState) -> list[Job]:
        """Return every job that is in `state`, oldest first."""
        query = select(jobs).where(jobs.c.state == state).order_by(jobs.c.created_at, jobs.c.job_id)
        async with self._engine.connect() as connection:
            return [_job(row) for row in (await connection.execute(query)).mappings()]

    async def queued_before(self, job: Job) -> int:
        """Return how many queued jobs were accepted before this one."""
        query = (
            select(func.count())
            .select_from(jobs)
            .where(jobs.c.state == JobState.QUEUED, jobs.c.job_id < job.job_id)
        )
        async with self._engine.connect() as connection:
            return await connection.scalar(query) or 0

    async def claim(self, job_id: str) -> Job | None:
        """QUEUED → RUNNING with the next attempt number; None when somebody else was faster."""
        moment = now()
        return await self._change(
            job_id,
            (jobs.c.state == JobState.QUEUED,),
            {
                "state": JobState.RUNNING,
                "attempt": jobs.c.attempt + 1,
                "started_at": moment,
                "updated_at": moment,
            },
        )

    async def finish(self, job_id: str, attempt: int, ending: Ending) -> Job | None:
        """RUNNING → a final state; None when this attempt is no longer the one that counts."""
        if ending.state not in TRANSITIONS[JobState.RUNNING]:
            raise ValueError(f"{ending.state} does not end a running job")
        return await self._change(
            job_id,
            (jobs.c.state == JobState.RUNNING, jobs.c.attempt == attempt),
            _ending_values(ending),
        )

    async def end_queued(self, job_id: str, ending: Ending) -> Job | None:
        """QUEUED → CANCELLED or FAILED; None when the job is no longer queued."""
        if ending.state not in TRANSITIONS[JobState.QUEUED]:
            raise ValueError(f"{ending.state} does not end a queued job")
        return await self._change(job_id, (jobs.c.state == JobState.QUEUED,), _ending_values(ending))

    async def _change(
        self, job_id: str, conditions: Sequence[ColumnElement[bool]], values: dict[str, Any]
    ) -> Job | None:
        statement = update(jobs).where(jobs.c.job_id == job_id, *conditions).values(values).returning(jobs)
        async with self._engine.begin() as connection:
            row = (await connection.execute(statement)).mappings().one_or_none()
        return None if row is None else _job(row)

    async def _row(self, job_id: str) -> RowMapping:
        if "\0" in job_id:  # PostgreSQL refuses to look for it
            raise NotFoundError(f"There is no job {job_id!r}.")
        async with self._engine.connect() as connection:
            row = (
                (await connection.execute(select(jobs).where(jobs.c.job_id == job_id)))
                .mappings()
                .one_or_none()
            )
        if row is None:
            raise NotFoundError(f"There is no job {job_id!r}.")
        return row


def _ending_values(ending: Ending) -> dict[str, Any]:
    moment = now()
    return {
        "state": ending.state,
        "progress": ending.progress,
        "message": ending.message,
        "result": ending.result,
        "error": ending.error.model_dump() if ending.error else None,
        "artifacts": [artifact.model_dump() for artifact in ending.artifacts],
        "finished_at": moment,
        "updated_at": moment,
    }


def _conditions(wanted: JobFilter) -> list[ColumnElement[bool]]:
    if any("\0" in (text or "") for text in (wanted.search, wanted.type, wanted.requested_by)):
        return [false()]  # PostgreSQL keeps no such text, and refuses to look for it
    conditions: list[ColumnElement[bool]] = []
    if wanted.states:
        conditions.append(jobs.c.state.in_(wanted.states))
    if wanted.search:
        conditions.append(
            or_(
                jobs.c.job_id.icontains(wanted.search, autoescape=True),
                jobs.c.type.icontains(wanted.search, autoescape=True),
            )
        )
    if wanted.type:
        conditions.append(jobs.c.type == wanted.type)
    if wanted.requested_by:
        conditions.append(jobs.c.requested_by == wanted.requested_by)
    if wanted.since:
        conditions.append(jobs.c.created_at >= wanted.since)
    if wanted.until:
        conditions.append(jobs.c.created_at < wanted.until)
    return conditions


def _ordered(query: Select[Any], sort: str) -> Select[Any]:
    column = jobs.c[sort.removeprefix("-")]
    if sort.startswith("-"):
        return query.order_by(column.desc(), jobs.c.job_id.desc())
    return query.order_by(column, jobs.c.job_id)


def _job(row: RowMapping) -> Job:
    item = (
        ItemReference(id=row["type"], version=row["item_version"], digest=row["item_digest"])
        if row["item_version"] is not None
        else None
    )
    shown = {name: row[name] for name in Job.model_fields if name in row and name != "error"}
    return Job(**shown, error=row["error"], item=item)
