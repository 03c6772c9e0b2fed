"""Somebody whom the portal knows, and what they are known for."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from dataclasses import dataclass

ADMINISTRATOR = "administrator"


@dataclass(frozen=True)
class Caller:
    """Who is calling."""

    name: str
    roles: tuple[str, ...]
    groups: tuple[str, ...] = ()


FIRST_ADMINISTRATOR = Caller(name="admin", roles=(ADMINISTRATOR,))


def new_token() -> str:
    """Return 256 bits that nobody can guess, in letters that fit a URL."""
    return secrets.token_urlsafe(32)


def token_hash(token: str) -> str:
    """Return what is stored of a token; the tokens are random, so a plain hash is enough."""
    return hashlib.sha256(token.encode()).hexdigest()


def same_token(given: str, expected: str | None) -> bool:
    """Compare in a time that does not tell how much of the token was right."""
    return expected is not None and hmac.compare_digest(given.encode(), expected.encode())
