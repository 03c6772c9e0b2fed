"""What can go wrong, said once.

Every class's docstring is its default message. No class knows HTTP: `portal.api.errors` maps them
to statuses.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Problem:
    """One thing wrong with what somebody sent, and where.

    `path` is a JSON Pointer into what the caller sent (`/parameters/rows`), or `file` or `file:line`.
    """

    path: str
    message: str


class PortalError(Exception):
    """Something went wrong in the portal."""

    def __init__(self, message: str | None = None) -> None:
        super().__init__(message or type(self).__doc__ or "")


class NotFoundError(PortalError):
    """There is no such thing."""


class ConflictError(PortalError):
    """The request does not fit the present state."""


class InvalidError(PortalError):
    """What was sent is not valid."""

    def __init__(self, message: str | None = None, problems: Sequence[Problem] = ()) -> None:
        super().__init__(message)
        self.problems = tuple(problems)


class TooLargeError(PortalError):
    """What was sent is larger than the portal accepts."""


class UnauthenticatedError(PortalError):
    """Sign in first: send `Authorization: Bearer <token>` or a session cookie."""


class ForbiddenError(PortalError):
    """You may not do this."""


class UnavailableError(PortalError):
    """A service the portal needs does not answer. Try again in a moment."""


class ConfigurationError(PortalError):
    """The portal is not configured correctly."""
