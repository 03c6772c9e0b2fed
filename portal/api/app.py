"""Puts the application together. Nothing happens on import; `create_app` composes, the lifespan opens."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator
from pathlib import Path
from typing import TypedDict

from fastapi import Depends, FastAPI
from fastapi.responses import JSONResponse, RedirectResponse
from fastapi.routing import APIRoute

from portal import __version__
from portal.api.errors import ProblemDocument, install_error_handlers, on_bug
from portal.api.importing import publish_catalog_roots
from portal.api.middleware import BodyLimitMiddleware, RequestMiddleware
from portal.api.routers import auth, catalog, health, jobs, uploads, ws
from portal.api.security import current_caller
from portal.api.static import load_files, static_router
from portal.catalog.settings import CatalogSettings
from portal.db.migrate import migrate
from portal.services import Services, open_services
from portal.settings import Settings

DESCRIPTION = """
Publish items, run them from forms or from here, watch them run.

**Authentication.** Send `Authorization: Bearer <token>`, or the session cookie that
`POST /auth/sign-in` sets. Errors are RFC 9457 problem documents; every answer carries `X-Request-ID`.
"""
MULTIPART_OVERHEAD_BYTES = 64 * 1024


class State(TypedDict):
    """What requests find in `request.state`."""

    services: Services


def create_app(settings: Settings, catalog_settings: CatalogSettings) -> FastAPI:
    """Return the application; its stores are opened, migrated and filled when it starts."""

    @contextlib.asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[State]:
        async with open_services(settings, catalog_settings) as services:
            await migrate(services.engine)
            await publish_catalog_roots(services)
            yield {"services": services}

    app = FastAPI(
        title="Self-service portal",
        version=__version__,
        description=DESCRIPTION,
        lifespan=lifespan,
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
        generate_unique_id_function=_operation_id,
    )
    for router in (health.public_router, auth.public_router):
        app.include_router(router)
    for router in (jobs.router, catalog.router, uploads.router, auth.router, ws.router):
        app.include_router(router, dependencies=[Depends(current_caller)])
    _add_documentation(app)
    app.include_router(static_router(load_files(web_folder(settings))))
    app.add_api_route("/", _to_web_app, include_in_schema=False)
    install_error_handlers(app)
    app.add_middleware(
        BodyLimitMiddleware,
        max_bytes=settings.body_max_bytes,
        upload_max_bytes=settings.upload_max_bytes + MULTIPART_OVERHEAD_BYTES,
        upload_paths=frozenset({uploads.UPLOAD_PATH}),
    )
    app.add_middleware(RequestMiddleware, on_bug=on_bug)
    return app


def web_folder(settings: Settings) -> Path:
    """Return where the built web app lies: as configured, or `web/dist` of the source tree."""
    return settings.web_dir or Path(__file__).parents[2] / "web" / "dist"


def _operation_id(route: APIRoute) -> str:
    return route.name


async def _to_web_app() -> RedirectResponse:
    return RedirectResponse("/ui/")


def _add_documentation(app: FastAPI) -> None:
    """Serve the OpenAPI document and the page that shows it to callers, from this portal alone."""

    @app.get("/openapi.json", include_in_schema=False, dependencies=[Depends(current_caller)])
    async def openapi() -> JSONResponse:
        return JSONResponse(openapi_document(app))

    @app.get("/docs", include_in_schema=False, dependencies=[Depends(current_caller)])
    async def docs() -> RedirectResponse:
        return RedirectResponse("/ui/swagger/index.html")


def openapi_document(app: FastAPI) -> dict[str, object]:
    """Return the OpenAPI document, with the schema of errors and of ways to authenticate."""
    document = app.openapi()
    components = document.setdefault("components", {})
    components.setdefault("schemas", {})["ProblemDocument"] = ProblemDocument.model_json_schema(
        ref_template="#/components/schemas/{model}"
    )
    part = components["schemas"]["ProblemDocument"].pop("$defs", {})
    components["schemas"].update(part)
    components["securitySchemes"] = {
        "bearer": {"type": "http", "scheme": "bearer"},
        "session": {"type": "apiKey", "in": "cookie", "name": "portal_session"},
    }
    document["security"] = [{"bearer": []}, {"session": []}]
    for path, operations in document["paths"].items():
        if path.startswith("/health") or path == auth.SIGN_IN_PATH:
            for operation in operations.values():
                operation["security"] = []
    return document
