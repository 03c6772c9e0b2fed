"""Turns what a caller asks to run into an accepted job: checked, secrets sealed, uploads kept."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from portal.catalog.builds import BuildStatus
from portal.catalog.inputs import (
    apply_defaults,
    check_inputs,
    get_at,
    mask,
    secret_pointers,
    unmask,
    upload_pointers,
)
from portal.catalog.records import VersionRecord
from portal.errors import ConflictError, InvalidError, NotFoundError, Problem
from portal.identity.callers import Caller
from portal.jobs.builtin import BUILTIN_TASKS, BuiltinTask
from portal.jobs.model import ItemReference, Job
from portal.jobs.queue import EXECUTE_TASK
from portal.jobs.store import NewJob
from portal.services import Services

Parameters = dict[str, Any]


async def submit_report_type(
    services: Services, caller: Caller, report_type: str, parameters: Parameters
) -> Job:
    """Run what `report_type` names: a built-in task, `item` (its latest version) or `item@version`."""
    if report_type in BUILTIN_TASKS:
        return await submit_builtin(services, caller, BUILTIN_TASKS[report_type], parameters)
    item_id, _, version = report_type.partition("@")
    try:
        record = await services.registry.get(item_id, version or "latest")
    except NotFoundError as error:
        message = f"is neither a built-in task nor an item of the catalog: {error}"
        raise InvalidError("There is no such report type.", [Problem("/report_type", message)]) from None
    return await submit_item(services, caller, record, parameters)


async def submit_builtin(
    services: Services,
    caller: Caller,
    task: BuiltinTask,
    parameters: Parameters,
    *,
    retry_of: str | None = None,
) -> Job:
    """Run a built-in task."""
    _refuse(check_inputs(task.schema, parameters))
    new = NewJob(
        type=task.name, task=task.name, parameters=parameters, requested_by=caller.name, retry_of=retry_of
    )
    return await services.queue.submit(new)


async def submit_item(
    services: Services,
    caller: Caller,
    record: VersionRecord,
    parameters: Parameters,
    *,
    retry_of: str | None = None,
) -> Job:
    """Run a version of an item."""
    await _refuse_broken_build(services, record)
    inputs = apply_defaults(record.input_schema, parameters)
    _refuse(check_inputs(record.input_schema, inputs))
    upload_ids = await _check_uploads(services, caller, record, inputs)
    secrets = secret_pointers(record.input_schema, inputs)
    await services.uploads.mark_used(upload_ids)
    return await services.queue.submit(
        NewJob(
            type=record.item_id,
            task=EXECUTE_TASK,
            parameters=mask(inputs, secrets),
            sealed_parameters=services.seal.close(inputs) if secrets else None,
            requested_by=caller.name,
            item=ItemReference(id=record.item_id, version=record.version, digest=record.digest),
            retry_of=retry_of,
        )
    )


async def retry(services: Services, caller: Caller, job_id: str, parameters: Parameters | None) -> Job:
    """Run a failed or cancelled job again as a new one, with the same parameters unless others are given.

    Secrets that were sent back as the mask stay what they were.
    """
    job = await services.queue.ready_for_retry(job_id)
    sealed = await services.store.sealed_parameters(job_id)
    originals = services.seal.open(sealed) if sealed else job.parameters
    if job.item is None:
        task = BUILTIN_TASKS[job.type]
        wanted = originals if parameters is None else parameters
        return await submit_builtin(services, caller, task, wanted, retry_of=job_id)
    record = await services.registry.get(job.item.id, job.item.version)
    wanted = originals
    if parameters is not None:
        try:
            wanted = unmask(parameters, originals, secret_pointers(record.input_schema, parameters))
        except InvalidError as error:
            _refuse(error.problems)
    return await submit_item(services, caller, record, wanted, retry_of=job_id)


def _refuse(problems: Sequence[Problem]) -> None:
    if problems:
        moved = [Problem(f"/parameters{problem.path}", problem.message) for problem in problems]
        raise InvalidError("The parameters are not valid.", moved)


async def _refuse_broken_build(services: Services, record: VersionRecord) -> None:
    build = await services.builds.get(record.digest)
    if build is not None and build.status is BuildStatus.FAILED:
        raise ConflictError(
            f"The dependencies of {record.item_id}@{record.version} could not be installed: {build.message}"
        )


async def _check_uploads(
    services: Services, caller: Caller, record: VersionRecord, inputs: Parameters
) -> list[str]:
    """Return the ids of the uploads in the inputs; every one must be the caller's own."""
    upload_ids, problems = [], []
    for pointer in upload_pointers(record.input_schema, inputs):
        upload_id = str(get_at(inputs, pointer))
        try:
            upload = await services.uploads.get(upload_id)
            if upload.uploaded_by != caller.name:
                raise NotFoundError(
                    "There is no such upload, or it is no longer kept. Upload the file again."
                )
            upload_ids.append(upload_id)
        except NotFoundError as error:
            problems.append(Problem(pointer, str(error)))
    _refuse(problems)
    return upload_ids
