"""Jobs for tests."""

from __future__ import annotations

from typing import Any

from portal.jobs.model import Job, JobState, new_job_id, now
from portal.jobs.store import NewJob


def new_job(**changes: Any) -> NewJob:
    """Return a job that nobody has accepted yet."""
    fields = {"type": "example_long_task", "task": "example_long_task", "parameters": {}}
    return NewJob(**{**fields, "requested_by": "admin", **changes})


def made_up_job(**changes: Any) -> Job:
    """Return a queued job that is in no store."""
    moment = now()
    fields: dict[str, Any] = {
        "job_id": new_job_id(),
        "type": "example_long_task",
        "state": JobState.QUEUED,
        "progress": 0,
        "parameters": {},
        "requested_by": "admin",
        "attempt": 0,
        "max_attempts": 1,
        "created_at": moment,
        "updated_at": moment,
    }
    return Job(**{**fields, **changes})
