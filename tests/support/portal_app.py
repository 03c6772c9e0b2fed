"""The portal's application in this process, without a server in front of it."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable, MutableMapping
from typing import Any

import httpx2
from asgi_lifespan import LifespanManager

from portal.api.app import create_app
from portal.catalog.settings import CatalogSettings
from portal.settings import Settings

ADMIN_TOKEN = "the-token-of-the-tests"
BASE_URL = "http://portal.test"
BEARER = {"Authorization": f"Bearer {ADMIN_TOKEN}"}

Message = MutableMapping[str, Any]
AsgiApp = Callable[
    [Message, Callable[[], Awaitable[Message]], Callable[[Message], Awaitable[None]]], Awaitable[None]
]


@contextlib.asynccontextmanager
async def running_app(settings: Settings, catalog_settings: CatalogSettings) -> AsyncIterator[AsgiApp]:
    """Start the application; yield it as a server would call it."""
    app = create_app(settings, catalog_settings)

    async def with_state_of_its_own(scope: Any, receive: Any, send: Any) -> None:
        # asgi-lifespan gives all requests the same state; servers give each a copy.
        if scope["type"] != "lifespan":
            scope["state"] = dict(scope.get("state", {}))
        await app(scope, receive, send)

    async with LifespanManager(with_state_of_its_own, startup_timeout=30, shutdown_timeout=30) as manager:
        yield manager.app


def client_for(app: AsgiApp, **options: Any) -> httpx2.AsyncClient:
    """Return a client of the application; a bug in it is a 500, as behind a server."""
    transport = httpx2.ASGITransport(app=app, raise_app_exceptions=False)
    return httpx2.AsyncClient(transport=transport, base_url=BASE_URL, **options)
