"""Job rows, on SQLite and on PostgreSQL: every change is a compare-and-set, every list is as asked."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncEngine

from portal.db.tables import jobs as jobs_table
from portal.errors import NotFoundError
from portal.jobs.model import Artifact, ItemReference, Job, JobError, JobState
from portal.jobs.store import SORT_COLUMNS, Ending, JobFilter, JobStore, Page
from tests.support.jobs import new_job

EVERYTHING = JobFilter()
START = datetime(2026, 1, 1, tzinfo=UTC)
SUCCESS = Ending(JobState.SUCCEEDED, progress=100, result={"n": 1})


@pytest.fixture
def store(engine: AsyncEngine) -> JobStore:
    return JobStore(engine)


async def claimed(store: JobStore) -> Job:
    job = await store.claim((await store.create(new_job())).job_id)
    assert job is not None
    return job


async def shift(engine: AsyncEngine, job: Job, minutes: int) -> None:
    """Let the job have been created at a known time."""
    values = {"created_at": START + timedelta(minutes=minutes), "updated_at": START}
    async with engine.begin() as connection:
        await connection.execute(update(jobs_table).where(jobs_table.c.job_id == job.job_id).values(**values))


async def test_accepted_job_is_queued_and_as_it_was_handed_in(store: JobStore) -> None:
    item = ItemReference(id="csv", version="1.0.0", digest="sha256:x")
    parameters = {"b": [1, None, {"ü": "☃"}], "a": 1.5}
    made = await store.create(
        new_job(type="csv", task="catalog_execute", parameters=parameters, item=item, max_attempts=3)
    )
    found = await store.get(made.job_id)
    assert found == made
    assert (found.state, found.attempt, found.max_attempts, found.progress) == (JobState.QUEUED, 0, 3, 0)
    assert (found.type, found.item, found.parameters) == ("csv", item, parameters)
    assert (found.result, found.error, found.started_at, found.finished_at) == (None, None, None, None)


async def test_parameters_keep_the_order_of_their_names(store: JobStore) -> None:
    made = await store.create(new_job(parameters={"z": 1, "a": 2, "m": 3}))
    assert list((await store.get(made.job_id)).parameters) == ["z", "a", "m"]


@pytest.mark.parametrize("method", ["get", "task_of", "sealed_parameters"])
async def test_unknown_id_is_not_found(method: str, store: JobStore) -> None:
    with pytest.raises(NotFoundError, match="nowhere"):
        await getattr(store, method)("nowhere")


async def test_claimed_job_is_running_in_its_first_attempt(store: JobStore) -> None:
    job = await claimed(store)
    assert (job.state, job.attempt) == (JobState.RUNNING, 1)
    assert job.started_at is not None
    assert await store.get(job.job_id) == job


async def test_of_twenty_workers_that_claim_at_once_exactly_one_gets_the_job(store: JobStore) -> None:
    job = await store.create(new_job())
    outcomes = await asyncio.gather(*(store.claim(job.job_id) for _ in range(20)))
    assert [outcome.attempt for outcome in outcomes if outcome is not None] == [1]
    assert (await store.get(job.job_id)).attempt == 1


async def test_unknown_job_can_not_be_claimed(store: JobStore) -> None:
    assert await store.claim("nowhere") is None


async def test_ended_job_holds_all_of_its_ending(store: JobStore) -> None:
    job = await claimed(store)
    artifact = Artifact(name="a.txt", size=3, content_type="text/plain", sha256="0" * 64)
    ending = Ending(
        JobState.SUCCEEDED, progress=100, message="Done", result={"rows": 3}, artifacts=(artifact,)
    )
    ended = await store.finish(job.job_id, 1, ending)
    assert ended is not None
    assert (ended.state, ended.progress, ended.message) == (JobState.SUCCEEDED, 100, "Done")
    assert (ended.result, ended.artifacts, ended.error) == ({"rows": 3}, (artifact,), None)
    assert ended.finished_at is not None
    assert await store.get(job.job_id) == ended


@pytest.mark.parametrize("result", [None, False, 0, "", [], {}, "null", 1e300, 2**53, {"ü": None}, "\0"])
async def test_result_comes_back_as_the_json_value_that_it_was(result: object, store: JobStore) -> None:
    job = await claimed(store)
    await store.finish(job.job_id, 1, Ending(JobState.SUCCEEDED, progress=100, result=result))
    assert (await store.get(job.job_id)).result == result


async def test_failed_job_says_why(store: JobStore) -> None:
    job = await claimed(store)
    error = JobError(kind="item_error", message="no header", traceback="…")
    ended = await store.finish(job.job_id, 1, Ending(JobState.FAILED, progress=40, error=error))
    assert ended is not None
    assert (ended.state, ended.progress, ended.error) == (JobState.FAILED, 40, error)


@pytest.mark.parametrize("attempt", [0, 2])
async def test_result_of_another_attempt_is_dropped(attempt: int, store: JobStore) -> None:
    job = await claimed(store)
    assert await store.finish(job.job_id, attempt, SUCCESS) is None
    assert (await store.get(job.job_id)).state is JobState.RUNNING


async def test_result_of_a_job_that_nobody_claimed_is_dropped(store: JobStore) -> None:
    job = await store.create(new_job())
    assert await store.finish(job.job_id, 0, SUCCESS) is None
    assert (await store.get(job.job_id)).state is JobState.QUEUED


async def test_second_ending_does_not_overwrite_the_first(store: JobStore) -> None:
    job = await claimed(store)
    first = await store.finish(job.job_id, 1, Ending(JobState.CANCELLED, progress=10))
    assert await store.finish(job.job_id, 1, SUCCESS) is None
    assert await store.get(job.job_id) == first


async def test_of_two_endings_at_once_exactly_one_counts(store: JobStore) -> None:
    job = await claimed(store)
    lost = Ending(JobState.FAILED, progress=0, error=JobError(kind="worker_lost", message=""))
    outcomes = await asyncio.gather(*(store.finish(job.job_id, 1, ending) for ending in (SUCCESS, lost) * 5))
    winners = [outcome for outcome in outcomes if outcome is not None]
    assert winners == [await store.get(job.job_id)]


@pytest.mark.parametrize("state", [JobState.QUEUED, JobState.RUNNING])
async def test_running_job_is_not_ended_by_a_state_that_is_no_end(state: JobState, store: JobStore) -> None:
    with pytest.raises(ValueError, match="does not end"):
        await store.finish("any", 1, Ending(state, progress=0))


@pytest.mark.parametrize("state", [JobState.CANCELLED, JobState.FAILED])
async def test_queued_job_can_be_ended_without_being_run(state: JobState, store: JobStore) -> None:
    job = await store.create(new_job())
    ended = await store.end_queued(job.job_id, Ending(state, progress=0))
    assert ended is not None
    assert (ended.state, ended.attempt, ended.started_at) == (state, 0, None)
    assert await store.claim(job.job_id) is None


async def test_queued_job_can_not_succeed_without_being_run(store: JobStore) -> None:
    with pytest.raises(ValueError, match="does not end"):
        await store.end_queued("any", SUCCESS)


async def test_running_job_is_not_ended_as_if_it_were_queued(store: JobStore) -> None:
    job = await claimed(store)
    assert await store.end_queued(job.job_id, Ending(JobState.CANCELLED, progress=0)) is None
    assert (await store.get(job.job_id)).state is JobState.RUNNING


async def test_claiming_and_cancelling_at_once_has_one_winner(store: JobStore) -> None:
    for _ in range(10):
        job = await store.create(new_job())
        claim, cancel = await asyncio.gather(
            store.claim(job.job_id), store.end_queued(job.job_id, Ending(JobState.CANCELLED, progress=0))
        )
        assert (claim is None) != (cancel is None)


async def test_sealed_parameters_are_kept_beside_the_masked_ones_and_not_shown(store: JobStore) -> None:
    job = await store.create(new_job(parameters={"key": "********"}, sealed_parameters=b"\x00sealed"))
    assert await store.sealed_parameters(job.job_id) == b"\x00sealed"
    assert "sealed" not in job.model_dump_json()


async def test_list_is_newest_first_in_pages_with_the_number_of_all(store: JobStore) -> None:
    made = [(await store.create(new_job())).job_id for _ in range(7)]
    pages = [await store.list_jobs(EVERYTHING, Page(number=number, size=3)) for number in (1, 2, 3, 4)]
    assert [total for _, total in pages] == [7, 7, 7, 7]
    assert [[job.job_id for job in page] for page, _ in pages] == [
        made[6:3:-1],
        made[3:0:-1],
        made[:1],
        [],
    ]


@pytest.mark.parametrize("column", SORT_COLUMNS)
async def test_list_is_sorted_both_ways_and_equal_ones_by_id(column: str, store: JobStore) -> None:
    for type_name in ("b", "a", "b", "c"):
        await store.create(new_job(type=type_name, requested_by=type_name))
    await store.claim((await store.list_jobs(EVERYTHING, Page()))[0][0].job_id)
    ascending, _ = await store.list_jobs(EVERYTHING, Page(sort=column))
    descending, _ = await store.list_jobs(EVERYTHING, Page(sort=f"-{column}"))
    assert ascending == sorted(ascending, key=lambda job: (getattr(job, column), job.job_id))
    assert descending == ascending[::-1]


async def test_list_can_be_cut_to_states(store: JobStore) -> None:
    running, queued, ended = [await store.create(new_job()) for _ in range(3)]
    await store.claim(running.job_id)
    await store.end_queued(ended.job_id, Ending(JobState.CANCELLED, progress=0))
    for states, wanted in (
        ([JobState.QUEUED], {queued.job_id}),
        ([JobState.RUNNING, JobState.CANCELLED], {running.job_id, ended.job_id}),
        ([JobState.FAILED], set()),
    ):
        found, total = await store.list_jobs(JobFilter(states=states), Page())
        assert ({job.job_id for job in found}, total) == (wanted, len(wanted))


@pytest.mark.parametrize(
    ("search", "types"),
    [
        ("csv", {"csv-report", "my_csv"}),
        ("CSV", {"csv-report", "my_csv"}),
        ("%", {"100%"}),
        ("_", {"my_csv"}),
        ("y_c", {"my_csv"}),
        ("\\", set()),
        ("", {"csv-report", "my_csv", "100%", "myxcsw"}),
        ("'; DROP TABLE jobs; --", set()),
    ],
)
async def test_search_finds_part_of_the_type_and_takes_wildcards_literally(
    search: str, types: set[str], store: JobStore
) -> None:
    for type_name in ("csv-report", "my_csv", "100%", "myxcsw"):
        await store.create(new_job(type=type_name))
    found, total = await store.list_jobs(JobFilter(search=search), Page())
    assert ({job.type for job in found}, total) == (types, len(types))


@pytest.mark.parametrize(
    "wanted", [JobFilter(search="a\0"), JobFilter(type="a\0"), JobFilter(requested_by="a\0")], ids=str
)
async def test_filter_with_a_character_that_no_column_holds_finds_nothing(
    wanted: JobFilter, store: JobStore
) -> None:
    await store.create(new_job())
    assert await store.list_jobs(wanted, Page()) == ([], 0)


async def test_id_with_a_character_that_no_column_holds_is_not_found(store: JobStore) -> None:
    with pytest.raises(NotFoundError):
        await store.get("a\0")


async def test_search_finds_part_of_the_id(store: JobStore) -> None:
    job, _ = await store.create(new_job()), await store.create(new_job())
    found, _ = await store.list_jobs(JobFilter(search=job.job_id[-12:].upper()), Page())
    assert [each.job_id for each in found] == [job.job_id]


async def test_type_and_requester_are_matched_exactly(store: JobStore) -> None:
    made = await store.create(new_job(type="csv", requested_by="ann"))
    await store.create(new_job(type="csv-report", requested_by="anna"))
    for wanted in (JobFilter(type="csv"), JobFilter(requested_by="ann")):
        assert await store.list_jobs(wanted, Page()) == ([made], 1)


async def test_since_is_inclusive_and_until_is_not(store: JobStore, engine: AsyncEngine) -> None:
    made = [await store.create(new_job()) for _ in range(4)]
    for minutes, job in enumerate(made):
        await shift(engine, job, minutes)
    wanted = JobFilter(since=START + timedelta(minutes=1), until=START + timedelta(minutes=3))
    found, total = await store.list_jobs(wanted, Page(sort="created_at"))
    assert [job.job_id for job in found] == [made[1].job_id, made[2].job_id]
    assert total == 2


async def test_filters_are_all_asked_for_at_once(store: JobStore) -> None:
    wanted = await store.create(new_job(type="csv", requested_by="ann"))
    await store.create(new_job(type="csv", requested_by="bob"))
    await store.create(new_job(type="xml", requested_by="ann"))
    found, _ = await store.list_jobs(
        JobFilter(states=[JobState.QUEUED], search="cs", type="csv", requested_by="ann"), Page()
    )
    assert [job.job_id for job in found] == [wanted.job_id]


async def test_jobs_in_a_state_come_oldest_first(store: JobStore) -> None:
    made = [(await store.create(new_job())).job_id for _ in range(3)]
    await store.claim(made[1])
    assert [job.job_id for job in await store.in_state(JobState.QUEUED)] == [made[0], made[2]]


async def test_place_in_the_queue_counts_only_queued_jobs_accepted_before(store: JobStore) -> None:
    made = [await store.create(new_job()) for _ in range(4)]
    await store.claim(made[0].job_id)
    assert [await store.queued_before(job) for job in made[1:]] == [0, 1, 2]
