"""Turns every error into one shape: RFC 9457 problem documents."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Sequence
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request, Response, WebSocket
from fastapi.encoders import jsonable_encoder
from fastapi.exceptions import RequestValidationError, ValidationException, WebSocketRequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field
from redis.exceptions import RedisError
from sqlalchemy.exc import OperationalError
from starlette.exceptions import HTTPException
from starlette.requests import HTTPConnection
from starlette.websockets import WebSocketState

from portal.errors import (
    ConfigurationError,
    ConflictError,
    ForbiddenError,
    InvalidError,
    NotFoundError,
    PortalError,
    Problem,
    TooLargeError,
    UnauthenticatedError,
    UnavailableError,
)

log = logging.getLogger(__name__)

STATUS: dict[type[PortalError], HTTPStatus] = {
    NotFoundError: HTTPStatus.NOT_FOUND,
    ConflictError: HTTPStatus.CONFLICT,
    InvalidError: HTTPStatus.UNPROCESSABLE_ENTITY,
    TooLargeError: HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    UnauthenticatedError: HTTPStatus.UNAUTHORIZED,
    ForbiddenError: HTTPStatus.FORBIDDEN,
    UnavailableError: HTTPStatus.SERVICE_UNAVAILABLE,
    ConfigurationError: HTTPStatus.INTERNAL_SERVER_ERROR,
    PortalError: HTTPStatus.INTERNAL_SERVER_ERROR,
}
RETRY_AFTER_S = 2
CLOSE_INTERNAL_ERROR = 1011
CLOSE_TRY_AGAIN = 1013


class ProblemPart(BaseModel):
    """One thing wrong with what was sent."""

    path: str = Field(description="JSON Pointer into what was sent.", examples=["/parameters/rows"])
    message: str = Field(examples=["must be at least 1"])


class ProblemDocument(BaseModel):
    """What went wrong (RFC 9457)."""

    type: str = Field(examples=["about:blank"])
    title: str = Field(examples=["Unprocessable Entity"])
    status: int = Field(examples=[422])
    detail: str = Field(examples=["The inputs are not valid."])
    instance: str = Field(examples=["/catalog/csv-profile/1.0.0/execute"])
    request_id: str = Field(examples=["0198f2a0-7c1e-7d6b-9a55-0c9e2f3b8a11"])
    errors: list[ProblemPart] | None = None


def responses(*statuses: HTTPStatus) -> dict[int | str, dict[str, Any]]:
    """Return the OpenAPI description of an operation's error answers."""
    wanted = {HTTPStatus.UNAUTHORIZED, *statuses}
    return {
        int(status): {
            "description": status.phrase,
            "content": {
                "application/problem+json": {"schema": {"$ref": "#/components/schemas/ProblemDocument"}}
            },
        }
        for status in sorted(wanted)
    }


def install_error_handlers(app: FastAPI) -> None:
    """Make the app answer every error with a problem document."""
    answers: dict[type[Exception], Answer] = {
        PortalError: _on_portal_error,
        RequestValidationError: _on_invalid_request,
        WebSocketRequestValidationError: _on_invalid_request,
        HTTPException: _on_http_exception,
        RedisError: _on_service_away,
        OperationalError: _on_service_away,
    }
    for kind, answer in answers.items():
        # Starlette's type knows no handler that has answered already, as one for an open socket has.
        app.add_exception_handler(kind, _handler(answer))  # type: ignore[arg-type]


Answer = Callable[[HTTPConnection, Exception], JSONResponse]


def _handler(answer: Answer) -> Callable[[Request, Exception], Awaitable[Response | None]]:
    async def handle(connection: HTTPConnection, error: Exception) -> Response | None:
        response = answer(connection, error)
        if isinstance(connection, WebSocket) and await _closed(connection, response):
            return None
        return response  # Starlette sends it, to a socket as the answer to its handshake

    return handle


async def _closed(socket: WebSocket, response: JSONResponse) -> bool:
    """Close a socket that is open already and can't be answered any more; return whether it was."""
    if socket.application_state is WebSocketState.CONNECTING:
        return False
    if socket.application_state is WebSocketState.CONNECTED:
        await socket.close(CLOSE_TRY_AGAIN if response.status_code == 503 else CLOSE_INTERNAL_ERROR)
    return True


def status_of(error: PortalError) -> HTTPStatus:
    """Return the status for the error: that of its class, or of the nearest base that has one."""
    return next(STATUS[base] for base in type(error).__mro__ if base in STATUS)


def problem(
    request: HTTPConnection,
    status: HTTPStatus,
    detail: str,
    errors: Sequence[Problem] = (),
    headers: dict[str, str] | None = None,
) -> JSONResponse:
    """Return the answer for one error."""
    document: dict[str, Any] = {
        "type": "about:blank",
        "title": status.phrase,
        "status": int(status),
        "detail": detail,
        "instance": request.url.path,
        "request_id": request.state.request_id,
    }
    if errors:
        document["errors"] = [{"path": error.path, "message": error.message} for error in errors]
    return JSONResponse(document, int(status), headers, media_type="application/problem+json")


def _on_portal_error(request: HTTPConnection, error: Exception) -> JSONResponse:
    assert isinstance(error, PortalError)  # noqa: S101 - registered for this class
    status = status_of(error)
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        log.error("request failed", exc_info=error)
    headers = {"WWW-Authenticate": "Bearer"} if status is HTTPStatus.UNAUTHORIZED else None
    return problem(request, status, str(error), getattr(error, "problems", ()), headers)


def _on_invalid_request(request: HTTPConnection, error: Exception) -> JSONResponse:
    assert isinstance(error, ValidationException)  # noqa: S101 - registered for this class
    problems = [Problem(_pointer(part["loc"]), _sentence(part)) for part in error.errors()]
    return problem(request, HTTPStatus.UNPROCESSABLE_ENTITY, "The request is not valid.", problems)


def _pointer(location: Sequence[str | int]) -> str:
    """Return a JSON Pointer for a place in the body, or `/query/page` and the like for other places."""
    parts = location[1:] if location and location[0] == "body" else location
    escaped = (str(part).replace("~", "~0").replace("/", "~1") for part in parts)
    return "".join(f"/{part}" for part in escaped)


def _sentence(part: dict[str, Any]) -> str:
    match part["type"]:
        case "missing":
            return "is required"
        case "json_invalid":
            return f"is not valid JSON: {part['ctx']['error']}"
        case "extra_forbidden":
            return "is not known here"
        case _:
            message = str(jsonable_encoder(part["msg"]))
            return message[:1].lower() + message[1:]


def _on_http_exception(request: HTTPConnection, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException)  # noqa: S101 - registered for this class
    status = HTTPStatus(error.status_code)
    detail = error.detail if error.detail != status.phrase else status.description or status.phrase
    return problem(request, status, detail, headers=dict(error.headers or {}))


def _on_service_away(request: HTTPConnection, error: Exception) -> JSONResponse:
    log.error("a service is away", extra={"reason": repr(error)})
    status = HTTPStatus.SERVICE_UNAVAILABLE
    return problem(request, status, str(UnavailableError()), headers={"Retry-After": str(RETRY_AFTER_S)})


def on_bug(request: HTTPConnection, error: Exception) -> JSONResponse:
    """Return the answer to what nobody expected."""
    log.error("request failed unexpectedly", exc_info=error)
    detail = "Something went wrong in the portal. Its log says more under this request id."
    return problem(request, HTTPStatus.INTERNAL_SERVER_ERROR, detail)
