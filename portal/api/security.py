"""The gate: every route but the public ones depends on knowing who is calling."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Any, cast
from urllib.parse import urlsplit

from fastapi import Request, Response
from fastapi.routing import APIRoute
from starlette.requests import HTTPConnection

from portal import logs
from portal.errors import ForbiddenError, UnauthenticatedError
from portal.identity.callers import FIRST_ADMINISTRATOR, Caller, same_token
from portal.services import Services

SESSION_COOKIE = "portal_session"
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


async def current_caller(connection: HTTPConnection) -> Caller:
    """Return who is calling.

    Raises `UnauthenticatedError` for strangers, and `ForbiddenError` when a browser sends the cookie from
    another site's page: with a method that changes something, or to open a socket.
    """
    caller: Caller | None = getattr(connection.state, "caller", None) or await identify(connection)
    if caller is None:
        raise UnauthenticatedError
    connection.state.caller = caller
    logs.bind(caller=caller.name)
    return caller


class GatedRoute(APIRoute):
    """A route that asks who is calling before it reads what was sent."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Return the handler behind the gate."""
        handle = super().get_route_handler()

        async def gated(request: Request) -> Response:
            await current_caller(request)
            return await handle(request)

        return gated


async def identify(connection: HTTPConnection) -> Caller | None:
    """Return who is calling, or None."""
    services = cast(Services, connection.state.services)
    scheme, _, token = connection.headers.get("Authorization", "").partition(" ")
    if scheme.lower() == "bearer":
        return FIRST_ADMINISTRATOR if is_admin_token(services, token.strip()) else None
    cookie = connection.cookies.get(SESSION_COOKIE)
    if cookie is None:
        return None
    caller = await services.sessions.find(cookie)
    if caller is not None and not _is_harmless(connection):
        check_origin(connection)
    return caller


def is_admin_token(services: Services, token: str) -> bool:
    """Return whether this is the configured administrator's token."""
    expected = services.settings.admin_token
    return same_token(token, expected.get_secret_value() if expected else None)


def check_origin(connection: HTTPConnection) -> None:
    """Raise `ForbiddenError` unless the request comes from a page of this portal."""
    origin = connection.headers.get("Origin")
    public_url = cast(Services, connection.state.services).settings.public_url
    is_ours = origin is not None and urlsplit(origin).netloc == connection.headers.get("Host")
    if not is_ours and (origin is None or origin != public_url):
        raise ForbiddenError(f"Requests with a session cookie are not accepted from {origin or 'nowhere'}.")


def _is_harmless(connection: HTTPConnection) -> bool:
    return connection.scope["type"] == "http" and connection.scope["method"] in SAFE_METHODS
