"""A run as the worker sees it: what it asks for, what it hears meanwhile, what comes out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, Protocol, TypeAlias

from portal.sandbox.limits import Limits

JsonValue: TypeAlias = "bool | int | float | str | list[JsonValue] | dict[str, JsonValue] | None"


@dataclass(frozen=True)
class RunRequest:
    """Which code to run, with what, and how much it may use."""

    item_dir: Path
    """The unpacked bundle. Only read."""

    entrypoint: str
    """`module:function`, or `./executable` with the bit for execution set."""

    inputs: JsonValue
    """What the function receives as its first argument. Never on a command line or in the environment."""

    workdir: Path
    """An existing, empty directory of this run alone: current directory, home and place for temporary files.
    The caller collects artifacts from it and removes it."""

    environment_dir: Path | None = None
    """The item's dependencies, as `EnvironmentCache.ensure` returns them. Python items only."""

    secrets: Mapping[str, str] = field(default_factory=dict)
    """What `ctx.secret(name)` may reveal. Python items only."""

    limits: Limits = field(default_factory=Limits)
    """What the run may use at most."""


class Sink(Protocol):
    """Hears from a run. Calls come one at a time, in order, and are awaited: a slow sink slows the run.

    All text is clean: no control or direction-changing characters but tab and colour sequences. What a method
    raises ends the run and comes out of `run_item`.
    """

    async def progress(self, percent: float, message: str) -> None:
        """The run stands at `percent`, 0 to 100. At most about ten calls a second, the last one always."""

    async def log(self, level: str, stream: str, text: str) -> None:
        """One line of at most 16 384 characters, without its end.

        `level` is debug, info, warning or error; `stream` is stdout, stderr or ctx (`ctx.log`, `logging`
        and the sandbox's own remarks).
        """


@dataclass(frozen=True)
class RunError:
    """Why a run failed.

    `kind` is one of: `item_error` (an exception or exit status), `import_error` (the entrypoint cannot be
    loaded), `invalid_result`, `out_of_memory`, `disk_limit`, `cpu_limit`, `timeout`, `killed` (by a signal
    that the sandbox did not send), `protocol` (too many broken frames), `setup` (the sandbox could not start
    the run; the item is not to blame).
    """

    kind: str
    message: str
    """A sentence or two for the author."""

    traceback: str | None = None
    """The author's own files only, or the last lines of an executable's stderr."""


@dataclass(frozen=True)
class Declared:
    """A file that the item announced. Nothing about it is checked yet: see `artifacts.collect`."""

    path: str
    name: str


@dataclass(frozen=True)
class Outcome:
    """How a run ended. `error` is set exactly when it failed."""

    state: Literal["succeeded", "failed", "cancelled"]
    result: JsonValue = None
    error: RunError | None = None
    artifacts: tuple[Declared, ...] = ()
