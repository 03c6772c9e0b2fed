"""Runs items as the portal does: in the sandbox's own process, with the packages they require."""

from __future__ import annotations

import asyncio
import dataclasses
import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from portal.catalog.defaults import apply_defaults
from portal.catalog.inputs import check_inputs
from portal.catalog.manifest import read_manifest
from portal.sandbox.dependencies import EnvironmentCache
from portal.sandbox.limits import Limits
from portal.sandbox.runner import Outcome, RunRequest, run_item

ITEMS = Path(__file__).parent
ENVIRONMENTS = ITEMS.parent / ".cache" / "test-environments"


class Ran(NamedTuple):
    """How a run went and what it left."""

    outcome: Outcome
    workdir: Path
    log: list[str]

    def result(self) -> Any:
        """What `run` returned; the test fails when it did not."""
        assert self.outcome.state == "succeeded", self.outcome.error
        return self.outcome.result

    def problem(self) -> str:
        """The sentence that the item ended with: one for people, not an accident."""
        assert self.outcome.error is not None, self.outcome.result
        assert self.outcome.error.kind == "item_error", self.outcome.error
        kind, _, sentence = self.outcome.error.message.partition(": ")
        assert kind in ("ValueError", "DocumentError"), self.outcome.error
        return sentence

    def file(self, name: str) -> bytes:
        """The content of an artifact."""
        return (self.workdir / self.files()[name]).read_bytes()

    def files(self) -> dict[str, str]:
        return {artifact.name: artifact.path for artifact in self.outcome.artifacts}


class _Log:
    """A sink that keeps the lines and checks that progress only moves forward."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.percent = 0.0

    async def progress(self, percent: float, message: str) -> None:
        assert self.percent <= percent <= 100, f"progress went from {self.percent} to {percent} ({message})"
        self.percent = percent

    async def log(self, level: str, stream: str, text: str) -> None:
        self.lines.append(f"{level}: {text}")


@pytest.fixture
def run_item_folder(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Ran]:
    """`run_item_folder("csv-profile", {"file": "a.csv"}, {"a.csv": b"…"})` runs an item with uploads."""

    def run(name: str, inputs: dict[str, Any], uploads: Mapping[str, bytes] | None = None) -> Ran:
        folder = ITEMS / name
        schema = json.loads((folder / "schema.json").read_bytes())
        complete = apply_defaults(schema, inputs)
        assert check_inputs(schema, complete) == []
        workdir = tmp_path_factory.mktemp(name)
        for file, content in (uploads or {}).items():
            (workdir / file).write_bytes(content)
        log = _Log()
        outcome = asyncio.run(_run(folder, complete, workdir, log))
        if outcome.state == "succeeded":
            assert log.percent == 100
        return Ran(outcome, workdir, log.lines)

    return run


async def _run(folder: Path, inputs: dict[str, Any], workdir: Path, log: _Log) -> Outcome:
    manifest = read_manifest((folder / "manifest.yaml").read_bytes(), "manifest.yaml")
    requirements = folder / "requirements.txt"
    environment = None
    if requirements.exists():
        environment = await EnvironmentCache(ENVIRONMENTS).ensure(requirements.read_bytes())
    known = {field.name for field in dataclasses.fields(Limits)}
    declared = {name: value for name in known if (value := getattr(manifest, name, None)) is not None}
    request = RunRequest(
        item_dir=folder,
        entrypoint=manifest.entrypoint,
        inputs=inputs,
        workdir=workdir,
        environment_dir=environment,
        limits=Limits(**declared),
    )
    return await run_item(request, log)
