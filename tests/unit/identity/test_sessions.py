"""Sign-in links work once and for a while; sessions last for a while and end when told."""

from __future__ import annotations

import asyncio

import pytest
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncEngine

from portal.db.tables import sessions as sessions_table
from portal.db.tables import sign_in_links
from portal.identity.callers import FIRST_ADMINISTRATOR, Caller, new_token, same_token, token_hash
from portal.identity.sessions import Sessions


@pytest.fixture
def sessions(engine: AsyncEngine) -> Sessions:
    return Sessions(engine, session_ttl_s=3600, link_ttl_s=3600)


@pytest.fixture
def over(engine: AsyncEngine) -> Sessions:
    """Sessions and links that are over as soon as they are made."""
    return Sessions(engine, session_ttl_s=-1, link_ttl_s=-1)


async def test_link_signs_in_whom_it_was_made_for(sessions: Sessions) -> None:
    ann = Caller(name="ann", roles=("operator", "publisher"))
    assert await sessions.redeem_link(await sessions.create_link(ann)) == ann


async def test_link_works_once(sessions: Sessions) -> None:
    token = await sessions.create_link(FIRST_ADMINISTRATOR)
    assert await sessions.redeem_link(token) == FIRST_ADMINISTRATOR
    assert await sessions.redeem_link(token) is None


async def test_of_many_who_use_a_link_at_once_exactly_one_gets_in(sessions: Sessions) -> None:
    token = await sessions.create_link(FIRST_ADMINISTRATOR)
    outcomes = await asyncio.gather(*(sessions.redeem_link(token) for _ in range(20)))
    assert [outcome for outcome in outcomes if outcome is not None] == [FIRST_ADMINISTRATOR]


async def test_using_one_link_leaves_the_others(sessions: Sessions) -> None:
    first, second = [await sessions.create_link(FIRST_ADMINISTRATOR) for _ in range(2)]
    await sessions.redeem_link(first)
    assert await sessions.redeem_link(second) == FIRST_ADMINISTRATOR


async def test_link_that_is_too_old_signs_nobody_in(sessions: Sessions, over: Sessions) -> None:
    assert await sessions.redeem_link(await over.create_link(FIRST_ADMINISTRATOR)) is None


@pytest.mark.parametrize("token", ["", "wrong", "a\0b"])
async def test_unknown_token_is_nobodys(token: str, sessions: Sessions) -> None:
    assert await sessions.redeem_link(token) is None
    assert await sessions.find(token) is None


async def test_session_is_found_by_its_token_until_it_is_ended(sessions: Sessions) -> None:
    token = await sessions.start(FIRST_ADMINISTRATOR)
    assert await sessions.find(token) == FIRST_ADMINISTRATOR
    await sessions.end(token)
    assert await sessions.find(token) is None


async def test_session_that_is_over_is_nobodys(sessions: Sessions, over: Sessions) -> None:
    assert await sessions.find(await over.start(FIRST_ADMINISTRATOR)) is None


async def test_ending_one_session_leaves_the_others(sessions: Sessions) -> None:
    first, second = [await sessions.start(FIRST_ADMINISTRATOR) for _ in range(2)]
    await sessions.end(first)
    assert await sessions.find(second) == FIRST_ADMINISTRATOR


async def test_link_is_no_session_and_session_is_no_link(sessions: Sessions) -> None:
    assert await sessions.find(await sessions.create_link(FIRST_ADMINISTRATOR)) is None
    assert await sessions.redeem_link(await sessions.start(FIRST_ADMINISTRATOR)) is None


async def test_tokens_themselves_are_stored_nowhere(sessions: Sessions, engine: AsyncEngine) -> None:
    tokens = {await sessions.create_link(FIRST_ADMINISTRATOR), await sessions.start(FIRST_ADMINISTRATOR)}
    async with engine.connect() as connection:
        stored = {
            *await connection.scalars(select(sign_in_links.c.token_hash)),
            *await connection.scalars(select(sessions_table.c.token_hash)),
        }
    assert stored == {token_hash(token) for token in tokens}
    assert not stored & tokens


async def test_what_is_over_is_removed_when_new_ones_are_made(
    sessions: Sessions, over: Sessions, engine: AsyncEngine
) -> None:
    for _ in range(3):
        await over.create_link(FIRST_ADMINISTRATOR)
        await over.start(FIRST_ADMINISTRATOR)
    await sessions.create_link(FIRST_ADMINISTRATOR)
    await sessions.start(FIRST_ADMINISTRATOR)
    async with engine.connect() as connection:
        for table in (sign_in_links, sessions_table):
            assert await connection.scalar(select(func.count()).select_from(table)) == 1


def test_tokens_are_long_and_never_the_same() -> None:
    tokens = {new_token() for _ in range(100)}
    assert len(tokens) == 100
    assert all(len(token) >= 43 for token in tokens)


@pytest.mark.parametrize(
    ("given", "expected", "same"),
    [("a", "a", True), ("a", "b", False), ("", "a", False), ("a", None, False), ("ü", "ü", True)],
)
def test_tokens_are_compared_exactly_and_no_token_is_like_no_configured_one(
    given: str, expected: str | None, same: bool
) -> None:
    assert same_token(given, expected) is same
