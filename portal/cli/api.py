"""Serves the API with uvicorn."""

from __future__ import annotations

from pathlib import Path

import uvicorn
from fastapi import FastAPI

from portal.api.app import create_app
from portal.catalog.settings import CatalogSettings
from portal.logs import configure_logs
from portal.settings import Settings, checked, load_settings

SHUTDOWN_S = 5


def serve(settings: Settings, *, reloading: bool) -> None:
    """Serve until stopped."""
    app = (
        "portal.cli.api:app_from_environment" if reloading else create_app(settings, checked(CatalogSettings))
    )
    uvicorn.run(
        app,
        factory=reloading,
        host=settings.host,
        port=settings.port,
        loop="uvloop",
        http="httptools",
        ws="websockets-sansio",
        ws_max_size=64 * 1024,
        access_log=False,
        log_config=None,
        server_header=False,
        proxy_headers=False,
        timeout_graceful_shutdown=SHUTDOWN_S,
        reload=reloading,
        reload_dirs=[str(Path(__file__).parents[1])] if reloading else None,
    )


def app_from_environment() -> FastAPI:
    """Build the app in a reloaded process, which knows its settings from the environment alone."""
    settings = load_settings()
    configure_logs(settings.log_level, settings.log_format)
    return create_app(settings, checked(CatalogSettings))
