"""Files that people hand to jobs."""

from __future__ import annotations

import asyncio
import re
import tempfile
import unicodedata
from http import HTTPStatus
from pathlib import Path as FilePath
from typing import Annotated

from fastapi import APIRouter, File, Path, UploadFile
from pydantic import BaseModel, Field

from portal.api.deps import CallerDep, ServicesDep
from portal.api.errors import responses
from portal.api.security import GatedRoute
from portal.errors import TooLargeError
from portal.jobs.uploads import Upload
from portal.storage import copy_hashed

router = APIRouter(tags=["uploads"], route_class=GatedRoute)

UPLOAD_PATH = "/uploads"
NAME_MAX_BYTES = 120


class UploadAccepted(BaseModel):
    """The file as it is kept."""

    upload_id: str = Field(examples=["0198f2a0-7c1e-7d6b-9a55-0c9e2f3b8a11"])
    name: str = Field(examples=["orders.csv"])
    size: int = Field(description="Bytes.", examples=[52_428_800])
    sha256: str


@router.post(
    UPLOAD_PATH,
    status_code=HTTPStatus.CREATED,
    responses=responses(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, HTTPStatus.UNPROCESSABLE_ENTITY),
)
async def upload_file(
    file: Annotated[UploadFile, File(description="The file.")], services: ServicesDep, caller: CallerDep
) -> UploadAccepted:
    """Keep a file for a job. It is removed after 24 hours unless a job uses it."""
    if (file.size or 0) > services.settings.upload_max_bytes:
        raise TooLargeError(f"The file is larger than {services.settings.upload_max_bytes:,} bytes.")
    with tempfile.NamedTemporaryFile() as copy:
        path = FilePath(copy.name)
        size, sha256 = await asyncio.to_thread(copy_hashed, file.file, path)
        name = safe_name(file.filename or "")
        upload = await services.uploads.keep(name, path, size=size, sha256=sha256, uploaded_by=caller.name)
    return _shown(upload)


@router.get("/uploads/{upload_id}", responses=responses(HTTPStatus.NOT_FOUND))
async def get_upload(
    upload_id: Annotated[str, Path(max_length=64)], services: ServicesDep, _caller: CallerDep
) -> UploadAccepted:
    """Say which file stands behind an upload's id."""
    return _shown(await services.uploads.get(upload_id))


def _shown(upload: Upload) -> UploadAccepted:
    return UploadAccepted(
        upload_id=upload.upload_id, name=upload.name, size=upload.size, sha256=upload.sha256
    )


def safe_name(name: str) -> str:
    """Return the last part of the name, fit for any file system; `upload` when nothing is left of it."""
    last = re.split(r"[/\\]", unicodedata.normalize("NFC", name))[-1]
    printable = "".join(letter for letter in last if letter.isprintable()).strip(" .")
    return _shortened(printable) or "upload"


def _shortened(name: str) -> str:
    """Cut the name to what file systems take, but leave its ending."""
    stem, dot, ending = name.rpartition(".")
    if not dot or len(ending.encode()) > 16:
        stem, dot, ending = name, "", ""
    room = NAME_MAX_BYTES - len((dot + ending).encode())
    return stem.encode()[:room].decode(errors="ignore") + dot + ending
