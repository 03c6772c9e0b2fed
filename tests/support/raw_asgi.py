"""Calls to the application without a client in between: sockets, and requests whose body is watched."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping, Sequence
from typing import Any

from tests.support.portal_app import AsgiApp

HOST = "portal.test"


def _headers(headers: Mapping[str, str]) -> list[tuple[bytes, bytes]]:
    return [(name.lower().encode(), value.encode()) for name, value in {"Host": HOST, **headers}.items()]


def _scope(kind: str, path: str, headers: Mapping[str, str]) -> dict[str, Any]:
    path, _, query = path.partition("?")
    return {
        "type": kind,
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "path": path,
        "raw_path": path.encode(),
        "query_string": query.encode(),
        "root_path": "",
        "headers": _headers(headers),
        "server": (HOST, 80),
        "client": ("127.0.0.1", 1),
    }


async def refusal_of_socket(
    app: AsgiApp, path: str, headers: Mapping[str, str]
) -> tuple[int, dict[str, Any]]:
    """Ask for a socket that must be refused; return the status and the problem document."""
    scope = _scope("websocket", path, headers)
    scope |= {"scheme": "ws", "subprotocols": [], "extensions": {"websocket.http.response": {}}}
    sent: list[Any] = []

    async def receive() -> Any:
        return {"type": "websocket.connect"}

    async def send(message: Any) -> None:
        assert message["type"] != "websocket.accept", "the socket was opened"
        sent.append(message)

    await asyncio.wait_for(app(scope, receive, send), 10)
    types = [message["type"] for message in sent]
    assert types == ["websocket.http.response.start", "websocket.http.response.body"], types
    return sent[0]["status"], json.loads(sent[1]["body"])


async def post_in_chunks(
    app: AsgiApp, path: str, headers: Mapping[str, str], chunks: Sequence[bytes]
) -> tuple[int, int]:
    """Send a request whose length is not announced; return the status and how many chunks were read."""
    scope = _scope("http", path, headers) | {"scheme": "http", "method": "POST"}
    read = 0
    status = 0

    async def receive() -> Any:
        nonlocal read
        if read < len(chunks):
            read += 1
            return {"type": "http.request", "body": chunks[read - 1], "more_body": read < len(chunks)}
        await asyncio.Event().wait()  # a client that waits for its answer

    async def send(message: Any) -> None:
        nonlocal status
        if message["type"] == "http.response.start":
            status = message["status"]

    await asyncio.wait_for(app(scope, receive, send), 10)
    return status, read
