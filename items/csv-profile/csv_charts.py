"""Charts as SVG text: no scripts, no fonts, no colours of their own except two, light and dark."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from html import escape

from csv_columns import Profile

WIDTH = 560
STYLE = """
.chart { --bar: #c2410c; --gap: #d6d3d1; --ink: #292524; --soft: #78716c; font: 12px system-ui, sans-serif; }
.chart text { fill: var(--ink); } .chart .soft { fill: var(--soft); }
.chart .bar { fill: var(--bar); } .chart .gap { fill: var(--gap); } .chart .axis { stroke: var(--gap); }
@media screen and (prefers-color-scheme: dark) {
  .chart { --bar: #fb923c; --gap: #44403c; --ink: #f5f5f4; --soft: #a8a29e; }
}
"""
_INVISIBLE = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]"
)


def text(value: object, limit: int = 0) -> str:
    """Any text made safe to stand in HTML and SVG, on one line and shortened to `limit` characters."""
    plain = " ".join(_INVISIBLE.sub("�", str(value)).split())
    if limit and len(plain) > limit:
        plain = plain[: limit - 1] + "…"
    return escape(plain, quote=True)


def standalone(svg: str) -> str:
    """A chart as a file of its own."""
    head, rest = svg.split(">", 1)
    namespace = head.replace("<svg", '<svg xmlns="http://www.w3.org/2000/svg"')
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{namespace}><style>{STYLE}</style>{rest}\n'


def _svg(height: float, label: str, body: list[str]) -> str:
    return (
        f'<svg class="chart" role="img" aria-label="{text(label)}" viewBox="0 0 {WIDTH} {height:g}" '
        f'width="{WIDTH}" height="{height:g}">{"".join(body)}</svg>'
    )


def chart(profile: Profile) -> str:
    """The chart that suits a column's type; nothing for an empty column."""
    if profile.is_number:
        return histogram(profile)
    if profile.is_date:
        return timeline(profile)
    return top_bars(profile)


def completeness(profiles: Sequence[Profile], most: int = 60) -> str:
    """One bar per column: the part that is filled. Of very many columns, those with the most gaps."""
    shown = list(profiles)
    if len(shown) > most:
        worst = sorted(shown, key=lambda p: -p.missing_percent)[:most]
        shown = [p for p in shown if p in worst]
    body, left, full = [], 180, WIDTH - 180 - 120
    for row, profile in enumerate(shown):
        y = row * 22
        filled = full * (100 - profile.missing_percent) / 100
        note = f"{profile.missing_percent:g} % missing" if profile.missing else "complete"
        body.append(
            f'<text x="{left - 8}" y="{y + 15}" text-anchor="end">{text(profile.name, 26)}</text>'
            f'<rect class="gap" x="{left}" y="{y + 4}" width="{full}" height="14"/>'
            f'<rect class="bar" x="{left}" y="{y + 4}" width="{filled:.1f}" height="14"/>'
            f'<text class="soft" x="{left + full + 8}" y="{y + 15}">{note}</text>'
        )
    return _svg(len(shown) * 22 + 4, "Filled part of each column", body)


def top_bars(profile: Profile) -> str:
    """The most frequent values."""
    if not profile.top:
        return ""
    body, left, full = [], 220, WIDTH - 220 - 110
    largest = profile.top[0][1]
    for row, (value, count) in enumerate(profile.top):
        y = row * 22
        share = 100 * count / profile.filled
        long = max(full * count / largest, 1)
        body.append(
            f'<text x="{left - 8}" y="{y + 15}" text-anchor="end">{text(value, 32)}</text>'
            f'<rect class="bar" x="{left}" y="{y + 4}" width="{long:.1f}" height="14"/>'
            f'<text class="soft" x="{left + full + 8}" y="{y + 15}">{count:,} ({share:.3g} %)</text>'
        )
    return _svg(len(profile.top) * 22 + 4, f"Most frequent values of {profile.name}", body)


def histogram(profile: Profile) -> str:
    """How numbers are spread: a bar per number when there are few, else 24 ranges of equal width."""
    known = profile.quantities
    if known is None or not known.count:
        return ""
    low, high = known.minimum, known.maximum
    if profile.type == "integer" and high - low < 30:
        edges = [low - 0.5 + step for step in range(int(high - low) + 2)]
    elif high > low:
        edges = [low + (high - low) * step / 24 for step in range(25)]
    else:
        edges = [low - 0.5, low + 0.5]
    marks = {0: _short(low), len(edges) - 2: _short(high)} if high > low else {0: _short(low)}
    return _columns(f"Distribution of {profile.name}", _weigh(known.points(), edges), marks)


def timeline(profile: Profile) -> str:
    """How dates are spread: by hour, day, month or year, whatever gives a readable number of bars."""
    known = profile.quantities
    if known is None or not known.count:
        return ""
    edges, name = _calendar(known.minimum, known.maximum)
    marks = {0: name(edges[0]), len(edges) - 2: name(edges[-2])}
    return _columns(f"Timeline of {profile.name}", _weigh(known.points(), edges), marks)


def _calendar(low: float, high: float) -> tuple[list[float], object]:
    """Edges of periods that cover a range of days, and how to name a period by its start."""
    first, last = date.fromordinal(int(low)), date.fromordinal(int(high))
    if high - low <= 2:
        start = math.floor(low * 24)
        hours = [hour / 24 for hour in range(start, math.floor(high * 24) + 2)]
        return hours, lambda day: (
            datetime.fromordinal(int(day)) + timedelta(days=day % 1, seconds=1)
        ).strftime("%Y-%m-%d %H:00")
    if high - low <= 62:
        days = [float(day) for day in range(first.toordinal(), last.toordinal() + 2)]
        return days, lambda day: date.fromordinal(int(day)).isoformat()
    months = (last.year - first.year) * 12 + last.month - first.month + 1
    if months <= 72:
        starts = [divmod(first.year * 12 + first.month - 1 + step, 12) for step in range(months + 1)]
        edges = [_first_day(year, month + 1) for year, month in starts]
        return edges, lambda day: date.fromordinal(int(day)).strftime("%Y-%m")
    step = math.ceil((last.year - first.year + 1) / 72)
    edges = [_first_day(year, 1) for year in range(first.year, last.year + step + 1, step)]
    return edges, lambda day: str(date.fromordinal(int(day)).year)


def _first_day(year: int, month: int) -> float:
    return float(date(year, month, 1).toordinal() if year <= 9999 else date.max.toordinal() + 1)


def _weigh(points: list[tuple[float, float]], edges: Sequence[float]) -> list[float]:
    """The weight between each pair of edges; both lists are in order."""
    weights, place = [0.0] * (len(edges) - 1), 0
    for number, weight in points:
        while place < len(weights) - 1 and number >= edges[place + 1]:
            place += 1
        weights[place] += weight
    return weights


def _columns(label: str, weights: list[float], marks: dict[int, str]) -> str:
    """Upright bars with a few marks below and the largest count above."""
    height, step, largest = 120, WIDTH / len(weights), max(weights)
    width, base = min(max(step - 2, 1), 60), 18 + height
    body = []
    for place, weight in enumerate(weights):
        tall = max(height * weight / largest, 1) if weight else 0
        x = place * step + (step - width) / 2
        body.append(
            f'<rect class="bar" x="{x:.1f}" y="{base - tall:.1f}" width="{width:.1f}" height="{tall:.1f}"/>'
        )
    body.append(f'<line class="axis" x1="0" x2="{WIDTH}" y1="{base}" y2="{base}"/>')
    for place, mark in marks.items():
        at, anchor = (0, "start") if place == 0 else (WIDTH, "end")
        if len(weights) == 1:
            at, anchor = WIDTH // 2, "middle"
        body.append(
            f'<text class="soft" x="{at}" y="{height + 36}" text-anchor="{anchor}">{text(mark)}</text>'
        )
    body.append(f'<text class="soft" x="0" y="11">highest bar: {largest:,.0f}</text>')
    return _svg(height + 44, label, body)


def _short(number: float) -> str:
    return f"{number:,.0f}" if number == int(number) and abs(number) < 1e12 else f"{number:,.4g}"
