"""Checks that an error answer is what the contract says every error answer is."""

from __future__ import annotations

from typing import Any

import httpx2


def problem_of(response: httpx2.Response, status: int) -> dict[str, Any]:
    """Return the problem document of the answer, checked to be whole."""
    assert response.status_code == status, response.text
    assert response.headers["Content-Type"] == "application/problem+json"
    document: dict[str, Any] = response.json()
    assert set(document) - {"errors"} == {"type", "title", "status", "detail", "instance", "request_id"}
    assert document["status"] == status
    assert document["instance"] == response.request.url.path
    assert document["request_id"] == response.headers["X-Request-ID"]
    assert document["title"]
    assert document["detail"]
    for error in document.get("errors", ()):
        assert set(error) == {"path", "message"}
    return document


def errors_of(response: httpx2.Response) -> dict[str, str]:
    """Return what a 422 says, by JSON Pointer."""
    return {error["path"]: error["message"] for error in problem_of(response, 422).get("errors", ())}
