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
    return f"{portal_url(settings)}/ui/sign-in#token={token}"


def portal_url(settings: Settings) -> str:
    """Return the address under which this machine reaches the portal."""
    host = "127.0.0.1" if settings.host in ("0.0.0.0", "::") else settings.host  # noqa: S104 - compared only
    return f"http://{f'[{host}]' if ':' in host else host}:{settings.port}"
