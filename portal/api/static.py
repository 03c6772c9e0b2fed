"""Serves the built web app under `/ui/`: precompressed, cached for ever where names carry a hash."""

from __future__ import annotations

import hashlib
import mimetypes
from dataclasses import dataclass
from pathlib import Path

from fastapi import APIRouter, Request, Response
from starlette.exceptions import HTTPException

from portal.api.middleware import CONTENT_POLICY

ENCODINGS = (("br", ".br"), ("gzip", ".gz"))
# The page that shows the API's documentation is not ours: it builds its texts with innerHTML.
RELAXED_FOLDER = "swagger/"
FOR_EVER = "public, max-age=31536000, immutable"
ALWAYS_ASK = "no-cache"


@dataclass(frozen=True)
class StaticFile:
    """One file of the app in one encoding, in memory."""

    content: bytes
    content_type: str
    encoding: str | None
    etag: str
    cache_control: str


FileTable = dict[str, list[StaticFile]]


def load_files(folder: Path) -> FileTable:
    """Read the built app; keys are URL paths below `/ui/`, values the encodings of a file, best first.

    The table is made once, so no path from the network is ever joined to a path on disk.
    """
    table: FileTable = {}
    for path in sorted(folder.rglob("*")):
        if path.is_file() and path.suffix not in (".br", ".gz", ".map"):
            table[path.relative_to(folder).as_posix()] = _variants(path, folder)
    return table


def _variants(path: Path, folder: Path) -> list[StaticFile]:
    name = path.relative_to(folder).as_posix()
    content_type = mimetypes.guess_type(name)[0] or "application/octet-stream"
    if content_type.startswith("text/") or content_type.endswith(("javascript", "json")):
        content_type += "; charset=utf-8"
    cache_control = FOR_EVER if name.startswith("assets/") else ALWAYS_ASK
    packed = ((encoding, path.with_name(path.name + suffix)) for encoding, suffix in ENCODINGS)
    sources = [(encoding, file) for encoding, file in packed if file.exists()] + [(None, path)]
    files = []
    for encoding, file in sources:
        content = file.read_bytes()
        etag = f'"{hashlib.sha256(content).hexdigest()[:32]}"'
        files.append(StaticFile(content, content_type, encoding, etag, cache_control))
    return files


def static_router(table: FileTable) -> APIRouter:
    """Return the route that serves the files, and the app's page for every path that is a page of it."""
    router = APIRouter(include_in_schema=False)

    @router.api_route("/ui/{path:path}", methods=["GET", "HEAD"])
    async def serve(path: str, request: Request) -> Response:
        variants = table.get(path)
        if variants is None and _is_page(path, request):
            variants = table.get("index.html")
        if variants is None:
            raise HTTPException(404, _missing(table))
        answer = _answer(variants, request)
        if path.startswith(RELAXED_FOLDER):
            answer.headers["Content-Security-Policy"] = CONTENT_POLICY
        return answer

    return router


def _is_page(path: str, request: Request) -> bool:
    accept = request.headers.get("Accept", "*/*")
    return "." not in path.rpartition("/")[2] and ("text/html" in accept or "*/*" in accept)


def _missing(table: FileTable) -> str:
    return "There is no such file." if table else "The web app is not built. Run `make web`."


def _accepted_encodings(header: str) -> set[str]:
    parts = (part.replace(" ", "").partition(";q=") for part in header.split(","))
    return {name for name, _, weight in parts if weight.strip("0.") or not weight}


def client_has(if_none_match: str | None, etag: str) -> bool:
    """Return whether the header names the entity; proxies that compress make its tag a weak one."""
    tags = [tag.strip().removeprefix("W/") for tag in (if_none_match or "").split(",")]
    return "*" in tags or etag in tags


def _answer(variants: list[StaticFile], request: Request) -> Response:
    accepted = _accepted_encodings(request.headers.get("Accept-Encoding", ""))
    file = next(file for file in variants if file.encoding is None or file.encoding in accepted)
    headers = {"Cache-Control": file.cache_control, "ETag": file.etag, "Vary": "Accept-Encoding"}
    if file.encoding:
        headers["Content-Encoding"] = file.encoding
    if client_has(request.headers.get("If-None-Match"), file.etag):
        return Response(status_code=304, headers=headers)
    return Response(file.content, headers=headers, media_type=file.content_type)
