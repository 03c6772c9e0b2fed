"""Runs a version of an item: its bundle, its dependencies, its inputs, a child process, its files."""

from __future__ import annotations

import asyncio
import mimetypes
import shutil
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from portal.catalog.bundles import BundleCache
from portal.catalog.inputs import MASK, check_inputs, get_at, replace_at, secret_pointers, upload_pointers
from portal.catalog.records import VersionRecord
from portal.errors import PortalError
from portal.jobs.model import Artifact, JobError, JobState, artifact_key
from portal.jobs.store import Ending
from portal.sandbox.artifacts import CollectedFile, collect
from portal.sandbox.dependencies import BuildFailedError, EnvironmentCache
from portal.sandbox.limits import Limits
from portal.sandbox.run import Declared
from portal.sandbox.runner import Outcome, RunRequest, run_item
from portal.services import Services
from portal.storage import copy_hashed
from portal.worker.lifecycle import Lifecycle, Run, cancelled, failed
from portal.worker.redaction import Redaction
from portal.worker.reporter import Reporter

REQUIREMENTS_FILE = "requirements.txt"


class _RefusedError(Exception):
    """The run can't start."""

    def __init__(self, kind: str, message: str) -> None:
        super().__init__(message)
        self.error = JobError(kind=kind, message=message)


@dataclass(frozen=True)
class ItemFolders:
    """Where bundles are unpacked, dependencies installed and runs given their working directories."""

    bundles: BundleCache
    environments: EnvironmentCache
    runs: Path


def open_folders(services: Services) -> ItemFolders:
    """Return the folders of this machine, below the data folder."""
    data_dir = services.settings.data_dir
    runs = data_dir / "runs"
    runs.mkdir(parents=True, exist_ok=True)
    return ItemFolders(
        bundles=BundleCache(data_dir / "cache" / "bundles", services.storage),
        environments=EnvironmentCache(data_dir / "cache" / "environments"),
        runs=runs,
    )


async def catalog_execute(ctx: dict[str, Any], job_id: str) -> None:
    """Run the item version that the job names."""
    lifecycle: Lifecycle = ctx["lifecycle"]
    folders: ItemFolders = ctx["folders"]

    async def body(run: Run) -> Ending:
        workdir = Path(tempfile.mkdtemp(dir=folders.runs, prefix=f"{job_id}-"))
        try:
            return await _execute(run, folders, workdir)
        except _RefusedError as refused:
            return failed(run, refused.error)
        finally:
            await asyncio.to_thread(shutil.rmtree, workdir, ignore_errors=True)

    await lifecycle.run(job_id, body)


async def _execute(run: Run, folders: ItemFolders, workdir: Path) -> Ending:
    record = await _version(run)
    given = await _inputs(run, record)
    redaction = Redaction(get_at(given, pointer) for pointer in secret_pointers(record.input_schema, given))
    item_dir = await folders.bundles.folder(record.digest)
    environment_dir = await _environment(run, folders, item_dir)
    inputs = await _with_uploads(run, record, given, workdir)
    limits = limits_of(record)
    outcome = await run_item(
        RunRequest(
            item_dir=item_dir,
            entrypoint=record.manifest.entrypoint,
            inputs=inputs,
            workdir=workdir,
            environment_dir=environment_dir,
            limits=limits,
        ),
        RedactingSink(run.reporter, redaction),
        cancel=run.cancel,
    )
    outcome = replace(outcome, artifacts=tuple(_clean_name(each, redaction) for each in outcome.artifacts))
    artifacts = await _take_artifacts(run, outcome, workdir, limits)
    return _ending(run, outcome, redaction, artifacts)


def _clean_name(declared: Declared, redaction: Redaction) -> Declared:
    return replace(declared, name=redaction.text(declared.name).replace(MASK, "_"))


async def _version(run: Run) -> VersionRecord:
    item = run.job.item
    if item is None:
        raise _RefusedError("invalid_job", "The job names no item.")
    record = await run.services.registry.get(item.id, item.version)
    if record.digest != item.digest:
        raise _RefusedError(
            "invalid_job", f"{item.id}@{item.version} is not what it was when the job was accepted."
        )
    return record


async def _inputs(run: Run, record: VersionRecord) -> dict[str, Any]:
    """Return the inputs in clear, checked once more: what was valid may have been accepted elsewhere."""
    sealed = await run.services.store.sealed_parameters(run.job.job_id)
    given: dict[str, Any] = run.services.seal.open(sealed) if sealed else dict(run.job.parameters)
    problems = check_inputs(record.input_schema, given)
    if problems:
        listed = "; ".join(f"{problem.path or '/'} {problem.message}" for problem in problems)
        raise _RefusedError("invalid_inputs", f"The inputs are not valid: {listed}")
    return given


async def _environment(run: Run, folders: ItemFolders, item_dir: Path) -> Path | None:
    requirements = item_dir / REQUIREMENTS_FILE
    if not requirements.exists():
        return None
    content = requirements.read_bytes()
    try:
        return await folders.environments.ensure(content)
    except BuildFailedError as error:
        message = f"The item's dependencies could not be installed. {error}"
        raise _RefusedError("build_failed", message) from error


async def _with_uploads(
    run: Run, record: VersionRecord, given: dict[str, Any], workdir: Path
) -> dict[str, Any]:
    """Copy uploaded files into the working directory and put their paths where their ids stood."""
    inputs = given
    for number, pointer in enumerate(upload_pointers(record.input_schema, given), start=1):
        try:
            upload = await run.services.uploads.get(str(get_at(given, pointer)))
            folder = workdir / "uploads" / str(number)
            folder.mkdir(parents=True)
            path = await run.services.uploads.copy_to(upload, folder)
        except PortalError as error:
            raise _RefusedError("invalid_inputs", f"{pointer}: {error}") from error
        inputs = replace_at(inputs, pointer, str(path))
    return inputs


def limits_of(record: VersionRecord) -> Limits:
    """Return the limits that the manifest declares."""
    manifest = record.manifest
    return Limits(
        timeout_s=manifest.timeout_s,
        memory_mb=manifest.memory_mb,
        pids=manifest.pids,
        disk_mb=manifest.disk_mb,
    )


async def _take_artifacts(run: Run, outcome: Outcome, workdir: Path, limits: Limits) -> list[Artifact]:
    """Move the announced files into the object store; say in the log which were refused, and why."""
    with collect(workdir, outcome.artifacts, limits) as collected:
        for refusal in collected.refusals:
            await run.reporter.log("warning", "portal", refusal)
        return [await _store(run, file) for file in collected.files]


async def _store(run: Run, collected: CollectedFile) -> Artifact:
    """Copy the file first: what is hashed is then what is stored, whatever happens to the original."""
    with tempfile.NamedTemporaryFile() as copy:
        path = Path(copy.name)
        size, sha256 = await asyncio.to_thread(copy_hashed, collected.file, path, max_bytes=collected.size)
        await run.services.storage.put(artifact_key(run.job.job_id, collected.name), path)
    content_type = mimetypes.guess_type(collected.name)[0] or "application/octet-stream"
    return Artifact(name=collected.name, size=size, content_type=content_type, sha256=sha256)


def _ending(run: Run, outcome: Outcome, redaction: Redaction, artifacts: Sequence[Artifact]) -> Ending:
    now = run.reporter.job
    if outcome.state == "succeeded":
        result = redaction.value(outcome.result)
        return Ending(
            JobState.SUCCEEDED, progress=100, message=now.message, result=result, artifacts=artifacts
        )
    if outcome.state == "cancelled":
        return Ending(**{**vars(cancelled(run)), "artifacts": artifacts})
    problem = outcome.error
    error = (
        JobError(
            kind=problem.kind,
            message=redaction.text(problem.message),
            traceback=redaction.text(problem.traceback) if problem.traceback else None,
        )
        if problem
        else JobError(kind="item_error", message="The item failed without saying why.")
    )
    return Ending(
        JobState.FAILED, progress=now.progress, message=now.message, error=error, artifacts=artifacts
    )


class RedactingSink:
    """Passes what an item says on to the job's reporter, without its secrets."""

    def __init__(self, reporter: Reporter, redaction: Redaction) -> None:
        self._reporter = reporter
        self._redaction = redaction

    async def progress(self, percent: float, message: str) -> None:
        """Say how far the item is."""
        await self._reporter.progress(percent, self._redaction.text(message))

    async def log(self, level: str, stream: str, text: str) -> None:
        """Write one line of its log."""
        await self._reporter.log(level, stream, self._redaction.text(text))
