"""The formats of text that the portal checks; any other `format` is only a hint to the form."""

from __future__ import annotations

import ipaddress
import re
import uuid
from collections.abc import Callable
from datetime import date
from urllib.parse import urlsplit

from jsonschema import FormatChecker

_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_CLOCK = r"([01]\d|2[0-3]):[0-5]\d:([0-5]\d|60)(\.\d+)?"
_ZONE = r"(Z|[+-]([01]\d|2[0-3]):[0-5]\d)"
_TIME = re.compile(rf"{_CLOCK}{_ZONE}?", re.ASCII | re.IGNORECASE)
_ZONED_TIME = re.compile(rf"{_CLOCK}{_ZONE}", re.ASCII | re.IGNORECASE)
_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.ASCII | re.IGNORECASE)
_LABEL = re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?", re.ASCII | re.IGNORECASE)
_URI = re.compile(r"[a-z][a-z0-9+.-]*:[!#$%&'()*+,./0-9:;=?@A-Z\[\]_a-z~-]+", re.ASCII | re.IGNORECASE)


def _is_date(value: str) -> bool:
    return bool(_DATE.fullmatch(value) and date.fromisoformat(value))


def _is_time(value: str) -> bool:
    # Without a zone too: that is what the browser's own time field gives.
    return bool(_TIME.fullmatch(value))


def _is_date_time(value: str) -> bool:
    return (
        value[10:11] in ("T", "t", " ") and _is_date(value[:10]) and bool(_ZONED_TIME.fullmatch(value[11:]))
    )


def _is_hostname(value: str) -> bool:
    return len(value) <= 253 and all(_LABEL.fullmatch(label) for label in value.split("."))


def _is_email(value: str) -> bool:
    local, at, domain = value.rpartition("@")
    plain = local.isprintable() and not any(character in ' "(),:;<>@[\\]' for character in local)
    return bool(at and 1 <= len(local) <= 64 and plain and _is_hostname(domain))


def _is_uri(value: str) -> bool:
    return bool(_URI.fullmatch(value) and urlsplit(value).scheme)


def _is_uuid(value: str) -> bool:
    return bool(_UUID.fullmatch(value) and uuid.UUID(value))


def _is_ipv4(value: str) -> bool:
    return bool(ipaddress.IPv4Address(value))


def _is_ipv6(value: str) -> bool:
    return "%" not in value and bool(ipaddress.IPv6Address(value))


_CHECKS: dict[str, Callable[[str], bool]] = {
    "date": _is_date,
    "date-time": _is_date_time,
    "email": _is_email,
    "hostname": _is_hostname,
    "ipv4": _is_ipv4,
    "ipv6": _is_ipv6,
    "time": _is_time,
    "uri": _is_uri,
    "uuid": _is_uuid,
}

# What a value of each format looks like, for messages.
FORMAT_EXAMPLES: dict[str, str] = {
    "date": "a date such as 2026-01-31",
    "date-time": "a date and time with its zone, such as 2026-01-31T08:30:00Z",
    "email": "an e-mail address such as ada@example.com",
    "hostname": "the name of a host, such as db.example.com",
    "ipv4": "an IPv4 address such as 192.0.2.1",
    "ipv6": "an IPv6 address such as 2001:db8::1",
    "time": "a time such as 08:30:00",
    "uri": "an absolute address such as https://example.com/path",
    "uuid": "a UUID such as 123e4567-e89b-12d3-a456-426614174000",
}


def _for_text(check: Callable[[str], bool]) -> Callable[[object], bool]:
    return lambda value: not isinstance(value, str) or check(value)


def format_checker() -> FormatChecker:
    """Return a checker that knows the portal's formats and no others."""
    checker = FormatChecker(formats=())
    for name, check in _CHECKS.items():
        checker.checks(name, raises=ValueError)(_for_text(check))
    return checker
