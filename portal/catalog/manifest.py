"""The manifest: what an author declares about an item."""

from __future__ import annotations

import difflib
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    StrictBool,
    StrictInt,
    StrictStr,
    StringConstraints,
    ValidationError,
)
from pydantic_core import ErrorDetails

from portal.catalog.documents import Document, parse_json, parse_yaml
from portal.catalog.manifest_types import (
    Entrypoint,
    ErrorKind,
    HostAndPort,
    ItemId,
    JsonFilename,
    Line,
    Lines,
    Number,
    SecretName,
    SemanticVersion,
    Tag,
    distinct,
    one_line,
)
from portal.catalog.pointers import join
from portal.errors import InvalidError, Problem

MAX_MANIFEST_BYTES = 64 * 1024


class Manifest(BaseModel):
    """What an author declares about one version of an item.

    A model of what is stored, so a newer portal's keys are passed over; `read_manifest` is what refuses them.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")

    id: ItemId = Field(description="Names the item for good.")
    version: SemanticVersion = Field(description="Semantic version of what the folder holds.")
    title: Line = Field(description="What people read in the catalog.")
    entrypoint: Entrypoint = Field(
        description="What runs: a function `module:function`, or an executable file `./path`."
    )
    description: Annotated[StrictStr, StringConstraints(max_length=2000)] = Field(
        default="", description="A sentence or two below the title."
    )
    owner: Line | None = Field(default=None, description="The team or person to ask.")
    tags: Annotated[tuple[Tag, ...], Field(max_length=20), AfterValidator(distinct)] = Field(
        default=(), description="Words to find the item by."
    )
    icon: Annotated[StrictStr, StringConstraints(max_length=100), AfterValidator(one_line)] | None = Field(
        default=None, description="An SVG file of the item, or an emoji. Default: `icon.svg`, if it is there."
    )
    channel: Literal["stable", "beta"] = Field(
        default="stable", description="`beta` versions are never `latest` while there is a stable one."
    )
    timeout_s: Annotated[Number, Field(ge=1, le=86_400)] = Field(
        default=3600, description="Longest time one attempt may take, in seconds."
    )
    max_attempts: Annotated[StrictInt, Field(ge=1, le=10)] = Field(
        default=1, description="How often a run is tried at most."
    )
    retry_on: Annotated[tuple[ErrorKind, ...], Field(max_length=20), AfterValidator(distinct)] = Field(
        default=("item_error", "timeout", "worker_lost"),
        description="Kinds of error after which another attempt is made, while `max_attempts` allows one.",
    )
    expires_after_s: Annotated[Number, Field(ge=1, le=2_592_000)] | None = Field(
        default=None, description="Longest time a run may wait in the queue, in seconds. Default: no limit."
    )
    queue: Annotated[StrictStr, StringConstraints(pattern=r"^[a-z0-9][a-z0-9_-]{0,62}$")] = Field(
        default="default", description="The queue whose workers run the item."
    )
    priority: Annotated[StrictInt, Field(ge=-100, le=100)] = Field(
        default=0, description="Runs with a higher number start first."
    )
    concurrency: Annotated[StrictInt, Field(ge=1, le=1000)] | None = Field(
        default=None, description="How many runs of the item there may be at once. Default: no limit."
    )
    memory_mb: Annotated[StrictInt, Field(ge=32, le=1_048_576)] = Field(
        default=512, description="Memory of one run, in MiB."
    )
    cpus: Annotated[Number, Field(ge=0.1, le=256)] = Field(default=1, description="Processors of one run.")
    pids: Annotated[StrictInt, Field(ge=1, le=32_768)] = Field(
        default=64, description="Processes and threads one run may have at once."
    )
    disk_mb: Annotated[StrictInt, Field(ge=1, le=1_048_576)] = Field(
        default=256, description="Size of a run's working directory, in MiB."
    )
    network: (
        Literal["none", "full"] | Annotated[tuple[HostAndPort, ...], Field(min_length=1, max_length=50)]
    ) = Field(
        default="none", description="Where a run may connect to: nowhere, listed `host:port`s, or anywhere."
    )
    secrets: Annotated[tuple[SecretName, ...], Field(max_length=50), AfterValidator(distinct)] = Field(
        default=(), description="Names of the portal's secrets that a run may read."
    )
    allow: Lines = Field(default=(), description="Groups that may run the item. Default: every operator.")
    view: Lines = Field(default=(), description="Groups that may see the item. Default: everyone.")
    publish: Lines = Field(
        default=(), description="Groups that may publish versions. Default: every publisher."
    )
    review: StrictBool = Field(default=False, description="A second person must approve each new version.")
    preload: StrictBool = Field(
        default=False, description="Keep a process ready that has imported the item's code."
    )
    input_schema: JsonFilename = Field(
        default="schema.json", description="File with the schema of the inputs."
    )
    ui_schema: JsonFilename = Field(default="ui_schema.json", description="File with the form's uiSchema.")


_GROUPS = "a list of up to 50 different group names"
_FILENAME = "the name of a .json file beside the manifest"

# What each field must be, in the words of an author. One entry for each field of the model.
EXPECTED: dict[str, str] = {
    "id": "2 to 63 lower-case letters, digits and dashes, not starting with a dash",
    "version": 'a semantic version such as "1.2.0", without a leading v',
    "title": "one line of at most 100 characters",
    "entrypoint": "a function such as main:run, or an executable file such as ./run",
    "description": "text of at most 2000 characters",
    "owner": "one line of at most 100 characters",
    "tags": "a list of up to 20 different words of at most 40 characters",
    "icon": "the name of an .svg file, or an emoji",
    "channel": "stable or beta",
    "timeout_s": "a number of seconds from 1 to 86400",
    "max_attempts": "a whole number from 1 to 10",
    "retry_on": "a list of up to 20 different kinds of error, such as item_error or timeout",
    "expires_after_s": "a number of seconds from 1 to 2592000",
    "queue": "the name of a queue: 1 to 63 lower-case letters, digits, dashes and underscores",
    "priority": "a whole number from -100 to 100",
    "concurrency": "a whole number from 1 to 1000",
    "memory_mb": "a whole number of MiB from 32 to 1048576",
    "cpus": "a number of processors from 0.1 to 256",
    "pids": "a whole number from 1 to 32768",
    "disk_mb": "a whole number of MiB from 1 to 1048576",
    "network": "none, full, or a list of up to 50 host:port",
    "secrets": "a list of up to 50 different names of secrets",
    "allow": _GROUPS,
    "view": _GROUPS,
    "publish": _GROUPS,
    "review": "true or false",
    "preload": "true or false",
    "input_schema": _FILENAME,
    "ui_schema": _FILENAME,
}


def read_manifest(text: bytes, filename: str) -> Manifest:
    """Return the manifest written in `text`: JSON when `filename` ends with `.json`, else YAML.

    A key without a value counts as not given. Raise `InvalidError` with every problem found; their paths are
    `manifest.yaml:3` for a line and `manifest.yaml#/timeout_s` for a key.
    """
    if len(text) > MAX_MANIFEST_BYTES:
        raise _invalid(filename, [Problem(filename, f"is larger than {MAX_MANIFEST_BYTES} bytes")])
    document = parse_json(text, filename) if filename.endswith(".json") else parse_yaml(text, filename)
    if not isinstance(document.value, dict):
        raise _invalid(filename, [Problem(filename, "must consist of `key: value` lines")])
    problems = [*document.problems, *_unknown_keys(document.value, filename)]
    try:
        manifest = Manifest.model_validate(
            {key: value for key, value in document.value.items() if value is not None}
        )
    except ValidationError as error:
        problems += _field_problems(error, document, filename)
        raise _invalid(filename, problems) from None
    if problems:
        raise _invalid(filename, problems)
    return manifest


def _invalid(filename: str, problems: list[Problem]) -> InvalidError:
    return InvalidError(f"{filename} is not valid.", problems)


def _unknown_keys(value: dict[str, Any], filename: str) -> list[Problem]:
    problems = []
    for key in value:
        if key not in Manifest.model_fields:
            near = difflib.get_close_matches(key.lower(), Manifest.model_fields, n=1, cutoff=0.0)
            problems.append(
                Problem(join(f"{filename}#", key), f"{key!r} is not a known key; did you mean {near[0]!r}?")
            )
    return problems


def _field_problems(error: ValidationError, document: Document, filename: str) -> list[Problem]:
    found: dict[str, Problem] = {}
    for each in error.errors(include_url=False, include_context=False):
        name = str(each["loc"][0])
        positions = [part for part in each["loc"][1:] if isinstance(part, int)]
        pointer = join("", name, *positions)
        if each["type"] == "missing":
            message = f"{name} is required: {EXPECTED[name]}"
        else:
            message = f"{name} must be {EXPECTED[name]}, {_not_this(each, document.written.get(pointer))}"
        found.setdefault(pointer, Problem(f"{filename}#{pointer}", message))
    # A value that may be text or a list fails as both; what is said about an entry of the list is closer.
    return [
        each for pointer, each in found.items() if not any(other.startswith(f"{pointer}/") for other in found)
    ]


def _not_this(error: ErrorDetails, written: str | None) -> str:
    """Say what was found instead; where YAML took text for something else, say that."""
    value = error["input"]
    if written is not None and error["type"] == "string_type" and isinstance(value, bool | int | float):
        kind = "yes or no" if isinstance(value, bool) else "a number"
        return f"not {written}, which YAML reads as {kind}: write it in quotes"
    shown = repr(value)
    return f"not {shown}" if len(shown) <= 60 else f"not {shown[:60]}…"
