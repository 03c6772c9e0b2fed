"""The portal's API behind a real server, in this process: for sockets and streams."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator

import uvicorn

from portal.api.app import create_app
from portal.catalog.settings import CatalogSettings
from portal.settings import Settings
from tests.support.polling import eventually


@contextlib.asynccontextmanager
async def real_server(settings: Settings, catalog_settings: CatalogSettings) -> AsyncIterator[str]:
    """Serve on a free port; yield `127.0.0.1:<port>`."""
    config = uvicorn.Config(
        create_app(settings, catalog_settings),
        host="127.0.0.1",
        port=0,
        ws="websockets-sansio",
        log_config=None,
        access_log=False,
        timeout_graceful_shutdown=2,
    )
    server = uvicorn.Server(config)
    task = asyncio.create_task(server.serve())

    async def started() -> bool:
        assert not task.done(), "the server did not start"
        return server.started

    try:
        await eventually(started)
        port = server.servers[0].sockets[0].getsockname()[1]
        yield f"127.0.0.1:{port}"
    finally:
        server.should_exit = True
        await task
