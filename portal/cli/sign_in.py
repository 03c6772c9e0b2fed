"""Makes the links that sign an administrator in."""

from __future__ import annotations

from portal.db.engine import open_engine
from portal.db.migrate import migrate
from portal.identity.callers import FIRST_ADMINISTRATOR
from portal.identity.sessions import Sessions
from portal.settings import Settings


async def create_sign_in_link(settings: Settings) -> str:
    """Return a new one-time link; brings the database up to date first."""
    engine = open_engine(settings.database_url, settings.data_dir)
    try:
        await migrate(engine)
        sessions = Sessions(
            engine, session_ttl_s=settings.session_ttl_s, link_ttl_s=settings.sign_in_link_ttl_s
        )
        token = await sessions.create_link(FIRST_ADMINISTRATOR)
    finally:
        await engine.dispose()
    # After the `#`, so that no server or proxy on the way writes the token into its log.
    return f"{settings.public_url or settings.url}/ui/sign-in#token={token}"
