"""The catalog: what there is, what a version needs, importing from a folder, running."""

from __future__ import annotations

import hashlib
from http import HTTPStatus
from typing import Annotated, Any

from fastapi import APIRouter, Header, Path, Query, Response
from pydantic import BaseModel, Field, JsonValue

from portal.api.deps import CallerDep, ServicesDep
from portal.api.errors import responses
from portal.api.importing import import_local
from portal.api.routers.jobs import JobAccepted, Request, accepted
from portal.api.security import GatedRoute
from portal.api.static import client_has
from portal.api.submit import submit_item
from portal.catalog.builds import Build, BuildStatus
from portal.catalog.manifest import Manifest
from portal.catalog.records import ItemSummary, VersionRecord
from portal.catalog.registry import search
from portal.jobs.model import Moment
from portal.services import Services

router = APIRouter(tags=["catalog"], route_class=GatedRoute)

ItemId = Annotated[str, Path(max_length=100, examples=["csv-profile"])]
Version = Annotated[str, Path(max_length=100, description="A version, or `latest`.", examples=["1.0.0"])]


class CatalogPage(BaseModel):
    """Items of the catalog."""

    items: list[ItemSummary]
    total: int = Field(examples=[3])
    page: int = Field(examples=[1])
    page_size: int = Field(examples=[20])


class VersionSummary(BaseModel):
    """One version of an item."""

    version: str = Field(examples=["1.0.0"])
    digest: str = Field(examples=["sha256:9f86d081884c7d65…"])
    created_at: Moment
    source: dict[str, Any] = Field(examples=[{"kind": "folder", "path": "csv-profile"}])
    yanked: bool = Field(description="True: no new runs of this version.")


class Descriptor(BaseModel):
    """All that is needed to show a version and its form."""

    item_id: str = Field(examples=["csv-profile"])
    version: str = Field(examples=["1.0.0"])
    digest: str = Field(examples=["sha256:9f86d081884c7d65…"])
    manifest: Manifest
    schema_: dict[str, Any] = Field(alias="schema", description="JSON Schema of the inputs.")
    ui_schema: dict[str, Any] = Field(description="How the form shows them.")
    readme: str | None = Field(description="Markdown.")
    icon: str | None = Field(description="SVG text, to be shown as an image only, or an emoji.")
    build: Build


class ExecuteRequest(Request):
    """The inputs of a run."""

    parameters: dict[str, JsonValue] = Field(examples=[{"file": "0198f2a0-7c1e-7d6b-9a55-0c9e2f3b8a11"}])


class LocalImport(Request):
    """Which folder to publish."""

    path: str = Field(
        min_length=1,
        max_length=4096,
        description="Absolute, or relative to the catalog root that contains it.",
        examples=["csv-profile"],
    )


class Imported(BaseModel):
    """What was published."""

    item_id: str = Field(examples=["csv-profile"])
    version: str = Field(examples=["1.0.0"])
    digest: str = Field(examples=["sha256:9f86d081884c7d65…"])
    created: bool = Field(description="False: exactly this was published before.")


@router.get("/catalog", response_model=CatalogPage, responses=responses())
async def list_items(
    services: ServicesDep,
    _caller: CallerDep,
    search_text: Annotated[str | None, Query(alias="search", max_length=200)] = None,
    tag: Annotated[str | None, Query(max_length=100)] = None,
    page: Annotated[int | None, Query(ge=1)] = None,
    page_size: Annotated[int | None, Query(ge=1, le=100)] = None,
    if_none_match: Annotated[str | None, Header(include_in_schema=False)] = None,
) -> Response:
    """List the items, by title; all of them unless a page is asked for."""
    found = search(await services.registry.items(), text=search_text, tag=tag)
    number, size = page or 1, page_size or (20 if page else max(1, len(found)))
    part = found[(number - 1) * size : number * size]
    body = CatalogPage(items=list(part), total=len(found), page=number, page_size=size).model_dump_json()
    etag = f'"{hashlib.sha256(body.encode()).hexdigest()[:32]}"'
    headers = {"ETag": etag, "Cache-Control": "private, no-cache"}
    if client_has(if_none_match, etag):
        return Response(status_code=HTTPStatus.NOT_MODIFIED, headers=headers)
    return Response(body, media_type="application/json", headers=headers)


@router.get("/catalog/{item_id}/versions", responses=responses(HTTPStatus.NOT_FOUND))
async def list_versions(item_id: ItemId, services: ServicesDep, _caller: CallerDep) -> list[VersionSummary]:
    """List an item's versions, newest first."""
    return [
        VersionSummary(
            version=record.version,
            digest=record.digest,
            created_at=record.created_at,
            source=record.source,
            yanked=False,
        )
        for record in await services.registry.versions(item_id)
    ]


@router.get("/catalog/{item_id}/{version}/descriptor", responses=responses(HTTPStatus.NOT_FOUND))
async def get_descriptor(
    item_id: ItemId, version: Version, services: ServicesDep, _caller: CallerDep
) -> Descriptor:
    """Return a version's manifest, schemas and texts."""
    record = await services.registry.get(item_id, version)
    return Descriptor(
        item_id=record.item_id,
        version=record.version,
        digest=record.digest,
        manifest=record.manifest,
        schema=record.input_schema,
        ui_schema=record.ui_schema,
        readme=record.readme,
        icon=record.icon,
        build=await _build_of(services, record),
    )


@router.post(
    "/catalog/{item_id}/{version}/execute",
    status_code=HTTPStatus.ACCEPTED,
    responses=responses(HTTPStatus.NOT_FOUND, HTTPStatus.CONFLICT, HTTPStatus.UNPROCESSABLE_ENTITY),
)
async def execute_item(
    item_id: ItemId,
    version: Version,
    body: ExecuteRequest,
    response: Response,
    services: ServicesDep,
    caller: CallerDep,
) -> JobAccepted:
    """Run a version of an item with these inputs."""
    record = await services.registry.get(item_id, version)
    return accepted(await submit_item(services, caller, record, body.parameters), response)


@router.post(
    "/catalog/local/import",
    status_code=HTTPStatus.CREATED,
    responses={
        **responses(HTTPStatus.CONFLICT, HTTPStatus.UNPROCESSABLE_ENTITY),
        200: {"model": Imported, "description": "Exactly this was published before."},
    },
)
async def import_local_folder(
    body: LocalImport, response: Response, services: ServicesDep, _caller: CallerDep
) -> Imported:
    """Publish the item in a folder below the catalog root."""
    published = await import_local(services, body.path)
    if not published.created:
        response.status_code = HTTPStatus.OK
    return Imported(
        item_id=published.item_id,
        version=published.version,
        digest=published.digest,
        created=published.created,
    )


async def _build_of(services: Services, record: VersionRecord) -> Build:
    if not record.has_requirements:
        return Build(status=BuildStatus.NONE)
    return await services.builds.get(record.digest) or Build(status=BuildStatus.PENDING)
