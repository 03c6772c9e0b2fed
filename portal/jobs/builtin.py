"""The tasks every portal can run without a catalog: what they are called and what they take."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class BuiltinTask:
    """A task of the worker's own, with the JSON Schema of its parameters."""

    name: str
    title: str
    schema: dict[str, Any]


EXAMPLE_LONG_TASK = BuiltinTask(
    name="example_long_task",
    title="Example: five steps of one second",
    schema={
        "type": "object",
        "additionalProperties": False,
        "properties": {
            "fail_at_step": {
                "type": "integer",
                "title": "Fail at step",
                "description": "Raises an error in this step, to see what a failure looks like.",
                "minimum": 1,
                "maximum": 5,
            }
        },
    },
)

BUILTIN_TASKS = {task.name: task for task in (EXAMPLE_LONG_TASK,)}
