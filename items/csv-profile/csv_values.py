"""What a cell means: a number, a date, or text."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import NamedTuple

_UNITS = " \u00a0\u202f€$£¥%"
_GROUPED = r"[1-9]\d{0,2}(?:([%s])\d{3})(?:\1\d{3})*"
_NUMBER = {  # by decimal sign: group 1 is the thousands sign, group 2 the fraction or exponent
    sign: re.compile(
        rf"[-+−]?(?:{_GROUPED % groups}|0|[1-9]\d*|(?=[.,]\d))((?:{re.escape(sign)}\d+)?(?:[eE][-+]?\d+)?)",
        re.ASCII,
    )
    for sign, groups in {".": r",'’ \u00a0\u202f", ",": r".'’ \u00a0\u202f"}.items()
}
PLAIN_NUMBERS = {  # any number of lines, each a number without thousands signs, units or spaces
    sign: re.compile(rf"(?:-?(?:0|[1-9]\d{{0,14}})(?:{re.escape(sign)}\d+)?\n)+", re.ASCII) for sign in ".,"
}
_NO_DIGITS = str.maketrans({"−": "-", " ": "", "\u00a0": "", "\u202f": "", "'": "", "’": ""})
_TO_PLAIN = {".": _NO_DIGITS | {ord(","): ""}, ",": _NO_DIGITS | {ord("."): "", ord(","): "."}}
_DIGIT = re.compile("[0-9]")
_MOST_DIGITS = 15  # what a float holds exactly; longer ones are codes, not quantities

_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "jan january januar",
            "feb february februar",
            "mar march mär märz",
            "apr april",
            "may mai",
            "jun june juni",
            "jul july juli",
            "aug august",
            "sep sept september",
            "oct october okt oktober",
            "nov november",
            "dec december dez dezember",
        ),
        start=1,
    )
    for name in names.split()
}
_TIME = (  # an optional rest of a date: 14:05, 14:05:09.123+02:00, 2:05 PM
    r"(?:(?:T|,?\s+)(\d\d?):(\d\d)(?::(\d\d)(?:[.,]\d+)?)?"
    r"\s*([AaPp]\.?[Mm]\.?)?\s*(?:Z|UTC|[-+]\d\d:?\d\d)?)?"
)
_ISO_DATE = re.compile(r"(\d{4})([-/.])(\d\d?)\2(\d\d?)" + _TIME)
_LOCAL_DATE = re.compile(r"(\d\d?)([-/.])(\d\d?)\2(\d{4}|\d\d)" + _TIME)
_NAMED_DATE = re.compile(r"(\d\d?)\.?[ -]([^\W\d_]{3,9})\.?,?[ -](\d{4})" + _TIME)
_NAMED_DATE_US = re.compile(r"([^\W\d_]{3,9})\.? (\d\d?),? (\d{4})" + _TIME)

_BOOLEANS = [
    frozenset(pair.split())
    for pair in (
        "true false",
        "yes no",
        "y n",
        "t f",
        "ja nein",
        "j n",
        "oui non",
        "sí no",
        "wahr falsch",
        "on off",
    )
]


@dataclass(frozen=True)
class Style:
    """How one column writes its numbers and dates, and whether that was beyond doubt."""

    decimal: str = "."
    day_first: bool = True
    decimal_is_clear: bool = True
    date_is_clear: bool = True


class Value(NamedTuple):
    """A cell that means a quantity: `kind` is integer, decimal, date or datetime. Dates count in days."""

    kind: str
    number: float


def parse(text: str, style: Style) -> Value | None:
    """The number or date that a trimmed, non-empty cell means; None for text."""
    if not _DIGIT.search(text, 0, 40):
        return None
    return parse_number(text, style.decimal) or parse_date(text, style.day_first)


def parse_number(text: str, decimal: str) -> Value | None:
    if text[-1] in _UNITS or text[0] in _UNITS:
        text = text.strip(_UNITS)
    elif text[0] in "+-" and len(text) > 1 and text[1] in _UNITS:
        text = text[0] + text[1:].strip(_UNITS)
    match = _NUMBER[decimal].fullmatch(text)
    if match is None:
        return None
    plain = text if match[1] is None and decimal == "." else text.translate(_TO_PLAIN[decimal])
    if match[2]:
        number = float(plain.replace("−", "-"))
        return Value("decimal", number) if abs(number) < 1e300 else None
    digits = plain.replace("−", "-")
    return Value("integer", float(digits)) if len(digits) <= _MOST_DIGITS else None


def parse_date(text: str, day_first: bool) -> Value | None:
    if len(text) < 6 or len(text) > 40:
        return None
    if match := _ISO_DATE.fullmatch(text):
        year, _, month, day, *time = match.groups()
    elif match := _LOCAL_DATE.fullmatch(text):
        day, separator, month, year, *time = match.groups()
        if len(year) == 2 and (len(day) < 2 or len(month) < 2):
            return None  # 1.2.03 is more often a version number
        if not day_first and separator != ".":
            day, month = month, day
    elif match := _NAMED_DATE.fullmatch(text):
        day, month, year, *time = match.groups()
    elif match := _NAMED_DATE_US.fullmatch(text):
        month, day, year, *time = match.groups()
    else:
        return None
    return _as_days(year, month, day, *time)


def _as_days(
    year: str,
    month: str,
    day: str,
    hour: str | None,
    minute: str | None,
    second: str | None,
    half: str | None,
) -> Value | None:
    days = _ordinal(year, month, day)
    if days is None:
        return None
    if hour is None:
        return Value("date", float(days))
    hours = int(hour)
    if half:
        hours = hours % 12 + (12 if half[0] in "pP" else 0)
    seconds = hours * 3600 + int(minute or 0) * 60 + int(second or 0)
    return Value("datetime", days + seconds / 86400) if seconds < 86400 else None


@lru_cache(maxsize=20_000)
def _ordinal(year: str, month: str, day: str) -> int | None:
    try:
        number = int(year)
        if len(year) == 2:
            number += 1900 if number > 68 else 2000
        return date(number, int(month) if month.isdigit() else _MONTHS[month.lower()], int(day)).toordinal()
    except (ValueError, KeyError):
        return None


def is_plain_value(text: str) -> bool:
    """Whether a cell is empty, a number or a date in any style: nothing that was divided at a wrong place."""
    text = text.strip()
    return not text or bool(parse(text, Style(".")) or parse_number(text, ","))


def is_boolean(values: Iterable[str]) -> bool:
    """Whether different values are all from one pair such as yes/no. Single letters count only as a pair."""
    different = {value.lower() for value in values}
    return any(
        different <= pair and (len(different) == 2 or all(len(word) > 1 for word in different))
        for pair in _BOOLEANS
    )


def detect_style(
    values: Iterable[str], decimal: str = "auto", date_order: str = "auto", hint: str = "."
) -> Style:
    """The style that a column's values agree on; `hint` decides when `1,234` may be both."""
    point = comma = either = day = month = unclear = 0
    for text in values:
        text = text.strip(_UNITS)
        vote = _decimal_vote(text) if "," in text or "." in text else None
        point += vote == "."
        comma += vote == ","
        either += vote == "?"
        if match := _LOCAL_DATE.fullmatch(text):
            first, separator, second = match[1], match[2], match[3]
            day += int(first) > 12 or separator == "."
            month += int(second) > 12
            unclear += first != second
    chosen = {"point": ".", "comma": ","}.get(decimal)
    return Style(
        decimal=chosen or ("," if comma > point else "." if point else hint),
        day_first=month <= day if date_order == "auto" else date_order == "day",
        decimal_is_clear=bool(chosen or point or comma or not either),
        date_is_clear=bool(date_order != "auto" or day or month or not unclear),
    )


def _decimal_vote(text: str) -> str | None:
    """Which decimal sign a number shows: `.`, `,`, or `?` when it may be either, as in 1,234."""
    as_point, as_comma = _NUMBER["."].fullmatch(text), _NUMBER[","].fullmatch(text)
    if as_point and as_comma:
        return "?"
    return "." if as_point else "," if as_comma else None
