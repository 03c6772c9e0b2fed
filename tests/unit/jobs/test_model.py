"""The job: which state may follow which, and how it is written as JSON."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from uuid import UUID

import pytest
from pydantic import ValidationError

from portal.jobs.model import FINAL_STATES, RETRYABLE_STATES, TRANSITIONS, Job, JobState, new_job_id, rfc3339
from tests.support.jobs import made_up_job

Q, R, S, F, C = (JobState[name] for name in ("QUEUED", "RUNNING", "SUCCEEDED", "FAILED", "CANCELLED"))
ALLOWED = {(Q, R), (Q, F), (Q, C), (R, S), (R, F), (R, C)}


@pytest.mark.parametrize("before", JobState)
@pytest.mark.parametrize("after", JobState)
def test_state_follows_another_only_as_the_design_says(before: JobState, after: JobState) -> None:
    assert (after in TRANSITIONS[before]) == ((before, after) in ALLOWED)


def test_final_states_lead_nowhere_and_all_others_lead_on() -> None:
    assert {state for state in JobState if not TRANSITIONS[state]} == FINAL_STATES == {S, F, C}


def test_only_failed_and_cancelled_jobs_can_be_retried() -> None:
    assert {F, C} == RETRYABLE_STATES


def test_moment_is_written_in_utc_with_z_and_milliseconds() -> None:
    moment = datetime(2026, 1, 31, 14, 0, 0, 123456, tzinfo=timezone(timedelta(hours=2)))
    assert rfc3339(moment) == "2026-01-31T12:00:00.123Z"


def test_ids_are_uuids_of_version_seven_that_sort_by_time() -> None:
    ids = [new_job_id() for _ in range(1000)]
    assert ids == sorted(ids)
    assert len(set(ids)) == 1000
    assert {UUID(job_id).version for job_id in ids} == {7}


def test_job_as_json_has_exactly_the_fields_of_the_contract() -> None:
    fields = (
        "job_id type state progress message parameters result error item requested_by attempt max_attempts "
        "retry_of created_at started_at finished_at updated_at artifacts queue"
    )
    assert set(made_up_job().model_dump(mode="json")) == set(fields.split())


def test_job_survives_the_way_through_json() -> None:
    job = made_up_job(
        created_at=datetime(2026, 1, 1, tzinfo=UTC), updated_at=datetime(2026, 1, 1, tzinfo=UTC)
    )
    assert Job.model_validate_json(job.model_dump_json()) == job


@pytest.mark.parametrize("progress", [-1, 101])
def test_progress_outside_of_0_to_100_is_no_job(progress: int) -> None:
    with pytest.raises(ValidationError):
        made_up_job(progress=progress)


def test_evolving_leaves_the_original_alone() -> None:
    job = made_up_job()
    assert job.evolve(progress=50).progress == 50
    assert job.progress == 0
