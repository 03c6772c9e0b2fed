"""Browser sessions and the one-time links that start the first of them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from sqlalchemy import delete, insert, select
from sqlalchemy.ext.asyncio import AsyncEngine

from portal.db.tables import sessions, sign_in_links
from portal.identity.callers import Caller, new_token, token_hash


class Sessions:
    """Sessions and links in the database; of every token only its hash is stored."""

    def __init__(self, engine: AsyncEngine, *, session_ttl_s: float, link_ttl_s: float) -> None:
        self._engine = engine
        self._session_ttl = timedelta(seconds=session_ttl_s)
        self._link_ttl = timedelta(seconds=link_ttl_s)

    async def create_link(self, caller: Caller) -> str:
        """Return a token that signs `caller` in once, within the links' time."""
        token, moment = new_token(), datetime.now(UTC)
        async with self._engine.begin() as connection:
            await connection.execute(delete(sign_in_links).where(sign_in_links.c.expires_at < moment))
            await connection.execute(
                insert(sign_in_links).values(
                    token_hash=token_hash(token),
                    name=caller.name,
                    roles=list(caller.roles),
                    expires_at=moment + self._link_ttl,
                )
            )
        return token

    async def redeem_link(self, token: str) -> Caller | None:
        """Use the link up and return whom it signs in; None when it is unknown, used or too old."""
        statement = (
            delete(sign_in_links)
            .where(
                sign_in_links.c.token_hash == token_hash(token),
                sign_in_links.c.expires_at > datetime.now(UTC),
            )
            .returning(sign_in_links.c.name, sign_in_links.c.roles)
        )
        async with self._engine.begin() as connection:
            row = (await connection.execute(statement)).one_or_none()
        return None if row is None else Caller(name=row.name, roles=tuple(row.roles))

    async def start(self, caller: Caller) -> str:
        """Start a session and return its token, for the cookie."""
        token, moment = new_token(), datetime.now(UTC)
        async with self._engine.begin() as connection:
            await connection.execute(delete(sessions).where(sessions.c.expires_at < moment))
            await connection.execute(
                insert(sessions).values(
                    token_hash=token_hash(token),
                    name=caller.name,
                    roles=list(caller.roles),
                    created_at=moment,
                    expires_at=moment + self._session_ttl,
                )
            )
        return token

    async def find(self, token: str) -> Caller | None:
        """Return whose session the token is; None when there is none or it is over."""
        query = select(sessions.c.name, sessions.c.roles).where(
            sessions.c.token_hash == token_hash(token), sessions.c.expires_at > datetime.now(UTC)
        )
        async with self._engine.connect() as connection:
            row = (await connection.execute(query)).one_or_none()
        return None if row is None else Caller(name=row.name, roles=tuple(row.roles))

    async def end(self, token: str) -> None:
        """End the session."""
        async with self._engine.begin() as connection:
            await connection.execute(delete(sessions).where(sessions.c.token_hash == token_hash(token)))
