"""Jobs: start, list, look at, retry, cancel; their events, logs and files."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Sequence
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Annotated, Any
from urllib.parse import quote

from fastapi import APIRouter, Body, Header, Path, Query, Response
from fastapi.responses import PlainTextResponse, StreamingResponse
from pydantic import BaseModel, ConfigDict, Field, JsonValue

from portal.api.deps import CallerDep, ServicesDep
from portal.api.errors import responses
from portal.api.security import GatedRoute
from portal.api.submit import retry, submit_report_type
from portal.errors import NotFoundError
from portal.jobs.builtin import BUILTIN_TASKS
from portal.jobs.events import JobEvent
from portal.jobs.follow import follow_events
from portal.jobs.model import FINAL_STATES, Job, JobState, artifact_key
from portal.jobs.store import SORT_COLUMNS, JobFilter, Page
from portal.services import Services

router = APIRouter(tags=["jobs"], route_class=GatedRoute)

IDLE_S = 15.0
SORTS = "|".join(f"-?{column}" for column in SORT_COLUMNS)
JobId = Annotated[str, Path(max_length=64, examples=["0198f2a0-7c1e-7d6b-9a55-0c9e2f3b8a11"])]


class Request(BaseModel):
    """Base of request bodies: an unknown field is a mistake, not something to ignore."""

    model_config = ConfigDict(extra="forbid")


class JobRequest(Request):
    """What to run."""

    report_type: str = Field(
        min_length=1,
        max_length=200,
        description="A built-in task, `item` or `item@version`; `GET /report-types` lists them.",
        examples=["example_long_task"],
    )
    parameters: dict[str, JsonValue] = Field(examples=[{}])


class RetryRequest(Request):
    """With which parameters to run it again."""

    parameters: dict[str, JsonValue] | None = Field(
        None, description="Left out: the same as before, secrets included.", examples=[None]
    )


class JobAccepted(BaseModel):
    """The job that was accepted."""

    job_id: str = Field(examples=["0198f2a0-7c1e-7d6b-9a55-0c9e2f3b8a11"])


class JobPage(BaseModel):
    """One page of jobs."""

    items: list[Job]
    total: int = Field(description="How many fit the filter in all.", examples=[128])
    page: int = Field(examples=[1])
    page_size: int = Field(examples=[20])


class ReportType(BaseModel):
    """Something that can be run."""

    report_type: str = Field(examples=["example_long_task"])
    title: str = Field(examples=["Example: five steps of one second"])
    schema_: dict[str, Any] = Field(alias="schema", description="JSON Schema of the parameters.")


@router.post("/jobs", status_code=HTTPStatus.ACCEPTED, responses=responses(HTTPStatus.UNPROCESSABLE_ENTITY))
async def create_job(
    body: JobRequest, response: Response, services: ServicesDep, caller: CallerDep
) -> JobAccepted:
    """Start a job. The answer comes as soon as it is accepted; it then runs in the background."""
    return accepted(await submit_report_type(services, caller, body.report_type, body.parameters), response)


def accepted(job: Job, response: Response) -> JobAccepted:
    """Point to the new job."""
    response.headers["Location"] = f"/jobs/{job.job_id}"
    return JobAccepted(job_id=job.job_id)


@router.get("/report-types", responses=responses())
async def list_report_types(services: ServicesDep, _caller: CallerDep) -> list[ReportType]:
    """List what `report_type` may be; an item may also be named with a version, as `item@version`."""
    types = [
        ReportType(report_type=task.name, title=task.title, schema=task.schema)
        for task in BUILTIN_TASKS.values()
    ]
    for item in await services.registry.items():
        record = await services.registry.get(item.item_id, item.latest)
        types.append(ReportType(report_type=item.item_id, title=item.title, schema=record.input_schema))
    return types


@router.get("/jobs", responses=responses(HTTPStatus.UNPROCESSABLE_ENTITY))
async def list_jobs(
    services: ServicesDep,
    _caller: CallerDep,
    state: Annotated[list[JobState] | None, Query(description="May repeat.")] = None,
    search: Annotated[str | None, Query(max_length=200, description="Part of the id or the type.")] = None,
    type: Annotated[str | None, Query(max_length=200, description="Exactly this type.")] = None,  # noqa: A002
    requested_by: Annotated[str | None, Query(max_length=200)] = None,
    since: Annotated[datetime | None, Query(description="Created at or after.")] = None,
    until: Annotated[datetime | None, Query(description="Created before.")] = None,
    page: Annotated[int, Query(ge=1, le=1_000_000)] = 1,
    page_size: Annotated[int, Query(ge=1, le=100)] = 20,
    sort: Annotated[str, Query(pattern=f"^({SORTS})$")] = "-created_at",
) -> JobPage:
    """List jobs, newest first unless sorted otherwise."""
    wanted = JobFilter(
        states=state or (),
        search=search or None,
        type=type,
        requested_by=requested_by,
        since=_aware(since),
        until=_aware(until),
    )
    jobs, total = await services.store.list_jobs(wanted, Page(number=page, size=page_size, sort=sort))
    return JobPage(items=await _as_of_now(services, jobs), total=total, page=page, page_size=page_size)


@router.get("/jobs/{job_id}", responses=responses(HTTPStatus.NOT_FOUND))
async def get_job(job_id: JobId, services: ServicesDep, _caller: CallerDep) -> Job:
    """Return the job as it stands now."""
    [job] = await _as_of_now(services, [await services.store.get(job_id)])
    return job


@router.post(
    "/jobs/{job_id}/retry",
    status_code=HTTPStatus.ACCEPTED,
    responses=responses(HTTPStatus.NOT_FOUND, HTTPStatus.CONFLICT, HTTPStatus.UNPROCESSABLE_ENTITY),
)
async def retry_job(
    job_id: JobId,
    response: Response,
    services: ServicesDep,
    caller: CallerDep,
    body: Annotated[RetryRequest | None, Body()] = None,
) -> JobAccepted:
    """Run a failed or cancelled job again, as a new job."""
    parameters = body.parameters if body else None
    return accepted(await retry(services, caller, job_id, parameters), response)


@router.post(
    "/jobs/{job_id}/cancel",
    status_code=HTTPStatus.ACCEPTED,
    responses=responses(HTTPStatus.NOT_FOUND, HTTPStatus.CONFLICT),
)
async def cancel_job(job_id: JobId, services: ServicesDep, _caller: CallerDep) -> JobAccepted:
    """Call a job off. A running one becomes CANCELLED when its processes have ended."""
    await services.queue.cancel(job_id)
    return JobAccepted(job_id=job_id)


@router.get(
    "/jobs/{job_id}/events",
    response_model=list[JobEvent],
    responses={**responses(HTTPStatus.NOT_FOUND), 200: {"content": {"text/event-stream": {}}}},
)
async def list_events(
    job_id: JobId,
    services: ServicesDep,
    _caller: CallerDep,
    after: Annotated[int, Query(ge=0, description="Only events numbered above this.")] = 0,
    limit: Annotated[int, Query(ge=1, le=10_000)] = 1000,
    accept: Annotated[str, Header(include_in_schema=False)] = "",
    last_event_id: Annotated[int | None, Header(ge=0, include_in_schema=False)] = None,
) -> Any:
    """Return what happened to the job; with `Accept: text/event-stream`, as a stream that goes on."""
    await services.store.get(job_id)
    if "text/event-stream" in accept:
        start = after if last_event_id is None else last_event_id
        stream = _server_sent_events(services, job_id, after=start)
        return StreamingResponse(
            stream, media_type="text/event-stream", headers={"Cache-Control": "no-store"}
        )
    return Response(
        json.dumps(await services.events.read(job_id, after=after, limit=limit)),
        media_type="application/json",
    )


@router.get(
    "/jobs/{job_id}/logs", response_class=PlainTextResponse, responses=responses(HTTPStatus.NOT_FOUND)
)
async def get_logs(job_id: JobId, services: ServicesDep, _caller: CallerDep) -> StreamingResponse:
    """Return the job's log as text, as far as it has got."""
    await services.store.get(job_id)
    return StreamingResponse(_log_lines(services, job_id), media_type="text/plain; charset=utf-8")


@router.get(
    "/jobs/{job_id}/artifacts/{name}",
    response_class=Response,
    responses={
        **responses(HTTPStatus.NOT_FOUND),
        200: {"content": {"application/octet-stream": {}}, "description": "The file."},
    },
)
async def get_artifact(
    job_id: JobId, name: Annotated[str, Path(max_length=255)], services: ServicesDep, _caller: CallerDep
) -> StreamingResponse:
    """Download a file that the job left behind."""
    job = await services.store.get(job_id)
    artifact = next((artifact for artifact in job.artifacts if artifact.name == name), None)
    if artifact is None:
        raise NotFoundError(f"The job left no file {name!r}.")
    content = await services.storage.stream(artifact_key(job_id, name))
    headers = {
        "Content-Disposition": f"attachment; filename*=UTF-8''{quote(name, safe='')}",
        "Content-Length": str(artifact.size),
        "Content-Security-Policy": "sandbox; default-src 'none'",
        "Cache-Control": "private, no-cache",
        "ETag": f'"{artifact.sha256}"',
    }
    return StreamingResponse(content, media_type=artifact.content_type, headers=headers)


async def _as_of_now(services: Services, jobs: Sequence[Job]) -> list[Job]:
    """Return the jobs with the live progress of running ones and the place in the queue of waiting ones."""
    current = await services.live.overlay(jobs)
    if not any(job.state is JobState.QUEUED for job in current):
        return current
    alive = len(await services.workers.alive())
    return [
        job.evolve(queue=await services.queue.place(job, workers_alive=alive))
        if job.state is JobState.QUEUED
        else job
        for job in current
    ]


async def _server_sent_events(services: Services, job_id: str, *, after: int) -> AsyncIterator[str]:
    async for event in follow_events(services.events, services.hub, job_id, after=after, idle_s=IDLE_S):
        if event is not None:
            yield f"id: {event['seq']}\nevent: {event['type']}\ndata: {json.dumps(event)}\n\n"
        elif (await services.store.get(job_id)).state in FINAL_STATES:
            return
        else:
            yield ": still here\n\n"


async def _log_lines(services: Services, job_id: str) -> AsyncIterator[str]:
    after = 0
    while events := await services.events.read(job_id, after=after, limit=10_000):
        after = events[-1]["seq"]
        yield "".join(event["text"] + "\n" for event in events if event["type"] == "log")


def _aware(moment: datetime | None) -> datetime | None:
    """Take a time without a zone for UTC."""
    if moment is None or moment.tzinfo is None:
        return moment and moment.replace(tzinfo=UTC)
    try:
        return moment.astimezone(UTC)
    except OverflowError:  # at the very ends of the calendar
        return moment.replace(tzinfo=UTC)
