"""What every request and answer passes: an id, a log line, a limit on bodies, the security headers."""

from __future__ import annotations

import json
import logging
import re
import time
from collections.abc import Callable
from http import HTTPStatus

from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from portal import logs
from portal.jobs.model import new_job_id

log = logging.getLogger(__name__)

SANE_REQUEST_ID = re.compile(r"[A-Za-z0-9._:-]{8,128}")
CONTENT_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "font-src 'self'",
        "connect-src 'self'",
        "manifest-src 'self'",
        "worker-src 'self'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    )
)
STRICT_CONTENT_POLICY = f"{CONTENT_POLICY}; require-trusted-types-for 'script'; trusted-types 'none'"
"""What every page gets: only the portal's own files, and no text that could become script."""
SECURITY_HEADERS = {
    "Content-Security-Policy": STRICT_CONTENT_POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
}


class RequestMiddleware:
    """Gives every request its id and its log line, and every answer its headers."""

    def __init__(self, app: ASGIApp, *, on_bug: Callable[[HTTPConnection, Exception], ASGIApp]) -> None:
        self._app = app
        self._on_bug = on_bug

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request or socket."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        given = Headers(scope=scope).get("X-Request-ID", "")
        request_id = given if SANE_REQUEST_ID.fullmatch(given) else new_job_id()
        scope.setdefault("state", {})["request_id"] = request_id
        started, status = time.perf_counter(), 0

        async def send_with_headers(message: Message) -> None:
            nonlocal status
            if message["type"] in ("http.response.start", "websocket.http.response.start"):
                status = message["status"]
                headers = MutableHeaders(scope=message)
                headers["X-Request-ID"] = request_id
                for name, value in SECURITY_HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        # Starlette answers bugs outside of all middleware; it sends by what it finds here.
        with logs.bound(request_id=request_id):
            try:
                await self._app(scope, receive, send_with_headers)
            except Exception as error:
                if status or scope["type"] != "http":
                    raise
                await self._on_bug(HTTPConnection(scope), error)(scope, receive, send_with_headers)
            if scope["type"] == "http":
                duration_ms = round((time.perf_counter() - started) * 1000, 1)
                facts = {"method": scope["method"], "path": scope["path"], "status": status}
                level = (
                    logging.DEBUG if scope["path"].startswith("/health") and status < 400 else logging.INFO
                )
                log.log(level, "request", extra={**facts, "duration_ms": duration_ms})


class BodyLimitMiddleware:
    """Refuses bodies over the limit before they are read whole; uploads have a limit of their own."""

    def __init__(
        self, app: ASGIApp, *, max_bytes: int, upload_max_bytes: int, upload_paths: frozenset[str]
    ) -> None:
        self._app = app
        self._max_bytes = max_bytes
        self._upload_max_bytes = upload_max_bytes
        self._upload_paths = upload_paths

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        limit = self._upload_max_bytes if scope["path"] in self._upload_paths else self._max_bytes
        if _announced_bytes(scope) > limit:
            await _refuse(scope, send, limit)
            return
        received = 0

        async def limited_receive() -> Message:
            nonlocal received
            message = await receive()
            received += len(message.get("body", b""))
            if received > limit:  # FastAPI lets this one through, where it makes a 400 of others
                raise HTTPException(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, _too_large(limit))
            return message

        await self._app(scope, limited_receive, send)


def _too_large(limit: int) -> str:
    return f"What was sent is larger than the {limit:,} bytes accepted here."


def _announced_bytes(scope: Scope) -> int:
    announced = Headers(scope=scope).get("Content-Length", "0")
    return int(announced) if announced.isdecimal() else 0


async def _refuse(scope: Scope, send: Send, limit: int) -> None:
    status = HTTPStatus.REQUEST_ENTITY_TOO_LARGE
    body = json.dumps(
        {
            "type": "about:blank",
            "title": status.phrase,
            "status": int(status),
            "detail": _too_large(limit),
            "instance": scope["path"],
            "request_id": scope["state"]["request_id"],
        }
    ).encode()
    headers = [(b"content-type", b"application/problem+json"), (b"connection", b"close")]
    await send({"type": "http.response.start", "status": int(status), "headers": headers})
    await send({"type": "http.response.body", "body": body})
