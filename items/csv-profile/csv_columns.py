"""What is in a column: collected while the rows stream by, in bounded memory."""

from __future__ import annotations

import math
import random
import sys
from array import array
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cached_property
from itertools import islice
from typing import Any

from csv_values import PLAIN_NUMBERS, Style, detect_style, is_boolean, parse

DISTINCT_LIMIT = 50_000
MEMORY_FOR_VALUES = 128 * 1024 * 1024
SAMPLE_SIZE = 10_000
SAMPLED_VALUES = 2_000_000  # in all columns together
MOSTLY = 0.9  # a column is numeric when nine in ten values are; the others are reported
EXAMPLES = 3


@dataclass(frozen=True)
class Settings:
    """What the user chose about the meaning of cells."""

    decimal: str = "auto"
    date_order: str = "auto"
    missing: frozenset[str] = frozenset()
    top: int = 10
    decimal_hint: str = "."
    columns: int = 1


class Sample:
    """A random sample of a stream, each value equally likely to be in it (Li's algorithm L)."""

    def __init__(self, size: int) -> None:
        self.size = size
        self.seen = 0
        self.values: list[float] = []
        self._random = random.Random(0)  # noqa: S311 - a repeatable sample, not a secret
        self._weight = 1.0
        self._next = 0

    def extend(self, values: list[float]) -> None:
        start = 0
        if len(self.values) < self.size:
            start = min(self.size - len(self.values), len(values))
            self.values += values[:start]
            if len(self.values) == self.size:
                self._next = self.size - 1
                self._skip()
        end = self.seen + len(values)
        while len(self.values) == self.size and self._next < end:
            self.values[self._random.randrange(self.size)] = values[self._next - self.seen]
            self._skip()
        self.seen = end

    def _skip(self) -> None:
        """Work out which value is the next to be taken in."""
        self._weight *= math.exp(math.log(1.0 - self._random.random()) / self.size)
        self._next += int(math.log(1.0 - self._random.random()) / math.log(1.0 - self._weight)) + 1


class Quantities:
    """Numbers, or dates as days: exact count, range, mean and deviation; medians and charts from points.

    Points are all values, as long as the column's different values are counted, and a random sample of those
    that come after.
    """

    def __init__(self, sample_size: int) -> None:
        self.count = 0
        self.minimum = math.inf
        self.maximum = -math.inf
        self._shift = 0.0  # sums are taken around the first value, so that they stay exact for large numbers
        self._sum = 0.0
        self._squares = 0.0
        self._counted: list[tuple[float, int]] = []
        self._sample = Sample(sample_size)

    def add(self, values: list[tuple[float, int]], counted: bool) -> None:
        """Values and how often each occurred; `counted` when no value will come a second time."""
        if not values:
            return
        if counted:
            self._counted += values
        else:
            self._sample.extend([number for number, times in values for _ in range(times)])
        if not self.count:
            self._shift = values[0][0]
        distances = [(number - self._shift, times) for number, times in values]
        self.count += sum(times for _, times in values)
        self.minimum = min(self.minimum, min(values)[0])
        self.maximum = max(self.maximum, max(values)[0])
        self._sum += sum(distance * times for distance, times in distances)
        self._squares += sum(distance * distance * times for distance, times in distances)

    @property
    def exact(self) -> bool:
        """Whether the points are all values there are."""
        return self._sample.seen <= self._sample.size

    @property
    def mean(self) -> float:
        return self._shift + self._sum / self.count

    @property
    def deviation(self) -> float:
        """The standard deviation of the values as a sample."""
        if self.count < 2:
            return 0.0
        return math.sqrt(max(self._squares - self._sum * self._sum / self.count, 0.0) / (self.count - 1))

    def points(self) -> list[tuple[float, float]]:
        """Values with their weights, in order; together they weigh as much as there are values."""
        drawn = self._sample.values
        weight = self._sample.seen / len(drawn) if drawn else 0.0
        return sorted([(x, float(n)) for x, n in self._counted] + [(x, weight) for x in drawn])

    @property
    def median(self) -> float:
        half, passed, points = self.count / 2, 0.0, self.points()
        for index, (number, weight) in enumerate(points):
            passed += weight
            if abs(passed - half) < 1e-6 and index + 1 < len(points):
                return (number + points[index + 1][0]) / 2
            if passed > half:
                return number
        return points[-1][0]


class Column:
    """Collects one column.

    Different values are counted until there are too many of them; their meaning is worked out once, at the
    end. Of values that come after that the meaning is worked out at once, and they are not remembered.
    """

    def __init__(self, name: str, settings: Settings) -> None:
        self.name = name
        self.settings = settings
        self.cells = 0
        self.empty = 0
        self.uncounted = 0
        self.counts: dict[str, int] = {}
        self.style: Style | None = None  # settled as soon as a value's meaning is needed
        sample_size = min(SAMPLE_SIZE, SAMPLED_VALUES // settings.columns)
        self.numbers, self.dates = Quantities(sample_size), Quantities(sample_size)
        self.kinds: Counter[str] = Counter()
        self.examples: dict[str, list[str]] = {}
        self.lengths = (sys.maxsize, 0)
        self._room = MEMORY_FOR_VALUES // settings.columns

    def add(self, cells: Sequence[str]) -> None:
        self.cells += len(cells)
        counts, uncounted = self.counts, []
        for cell, times in Counter(cells).items():
            if cell in counts:
                counts[cell] += times
            elif self._room > 0 and len(counts) < DISTINCT_LIMIT:
                counts[cell] = times
                self._room -= sys.getsizeof(cell) + 100
            else:
                uncounted += [cell] * times
        if uncounted:
            self.uncounted += len(uncounted)
            self._settle_style()
            if not self._add_plain_numbers(uncounted):
                self._add_meanings([(cell.strip(), 1) for cell in uncounted], counted=False)

    def _settle_style(self) -> None:
        if self.style is None:
            values = [value.strip() for value in islice(self.counts, 5000) if value.strip()]
            chosen = self.settings
            self.style = detect_style(values, chosen.decimal, chosen.date_order, chosen.decimal_hint)

    def _add_plain_numbers(self, cells: list[str]) -> bool:
        """The fast way for nothing but plain numbers, which is what most long columns are made of."""
        decimal = self.style.decimal
        joined = "\n".join(cells) + "\n"
        if not PLAIN_NUMBERS[decimal].fullmatch(joined):
            return False
        self.numbers.add([(float(text), 1) for text in joined.replace(decimal, ".").split()], counted=False)
        decimals = joined.count(decimal)
        self.kinds["decimal"] += decimals
        self.kinds["integer"] += len(cells) - decimals
        return True

    def _add_meanings(self, cells: Iterable[tuple[str, int]], counted: bool) -> None:
        """Trimmed cells and how often each occurred."""
        numbers: list[tuple[float, int]] = []
        dates: list[tuple[float, int]] = []
        shortest, longest = self.lengths
        for text, times in cells:
            if not text or text.lower() in self.settings.missing:
                self.empty += times
                continue
            value = parse(text, self.style)
            kind = "text"
            if value:
                kind = value.kind
                (numbers if kind in ("integer", "decimal") else dates).append((value.number, times))
            self.kinds[kind] += times
            examples = self.examples.setdefault(kind, [])
            if len(examples) < EXAMPLES:
                examples.append(text)
            if len(text) < shortest:
                shortest = len(text)
            if len(text) > longest:
                longest = len(text)
        self.lengths = shortest, longest
        self.numbers.add(numbers, counted)
        self.dates.add(dates, counted)

    def profile(self) -> Profile:
        """Everything known about the column; call it once, after the last row."""
        trimmed: Counter[str] = Counter()
        for cell, times in self.counts.items():
            trimmed[cell.strip()] += times
        gaps = self.settings.missing
        values = {text: times for text, times in trimmed.items() if text and text.lower() not in gaps}
        self._settle_style()
        self._add_meanings(trimmed.items(), counted=True)
        return Profile(
            name=self.name,
            filled=self.cells - self.empty,
            missing=self.empty,
            distinct=len(values),
            distinct_exact=not self.uncounted,
            top=Counter(values).most_common(self.settings.top),
            lengths=self.lengths if self.kinds else (0, 0),
            style=self.style,
            **self._meaning(values),
        )

    def _meaning(self, values: dict[str, int]) -> dict[str, Any]:
        """The column's type, its quantities if it has any, and values that do not fit."""
        filled = self.kinds.total()
        numbers, dates = self.numbers.count, self.dates.count
        if not filled:
            return {"type": "empty"}
        if numbers >= filled * MOSTLY:
            kind, quantities = ("decimal" if self.kinds["decimal"] else "integer"), self.numbers
            odd = ("text", "date", "datetime")
        elif dates >= filled * MOSTLY:
            kind, quantities = ("datetime" if self.kinds["datetime"] else "date"), self.dates
            odd = ("text", "integer", "decimal")
        elif not self.uncounted and is_boolean(values):
            return {"type": "boolean"}
        else:
            return {"type": "text"}
        examples = [text for other in odd for text in self.examples.get(other, [])][:EXAMPLES]
        return {
            "type": kind,
            "quantities": quantities,
            "misfits": filled - quantities.count,
            "misfit_examples": examples,
        }


@dataclass
class Profile:
    """What is known about a column after the last row."""

    name: str
    type: str
    filled: int
    missing: int
    distinct: int
    distinct_exact: bool
    top: list[tuple[str, int]]
    lengths: tuple[int, int]
    style: Style
    quantities: Quantities | None = None
    misfits: int = 0
    misfit_examples: list[str] = field(default_factory=list)

    @property
    def missing_percent(self) -> float:
        return percent(self.missing, self.filled + self.missing)

    @property
    def is_number(self) -> bool:
        return self.type in ("integer", "decimal")

    @property
    def is_date(self) -> bool:
        return self.type in ("date", "datetime")

    @property
    def distinct_text(self) -> str:
        return f"{self.distinct:,}" if self.distinct_exact else f"more than {self.distinct:,}"

    def show(self, number: float) -> float | int | str:
        """One of the column's quantities as it should be read."""
        if self.type == "datetime":
            moment = datetime.fromordinal(int(number)) + timedelta(seconds=round((number % 1) * 86400))
            return moment.isoformat(sep=" ")
        if self.type == "date":
            return date.fromordinal(int(number)).isoformat()
        if number == int(number) and abs(number) < 1e15:
            return int(number)
        return float(f"{number:.10g}")

    @cached_property
    def statistics(self) -> dict[str, Any]:
        """Range and averages of numbers and dates, lengths of text."""
        if self.quantities is None:
            return {"shortest": self.lengths[0], "longest": self.lengths[1]} if self.filled else {}
        known = self.quantities
        found: dict[str, Any] = {"minimum": self.show(known.minimum), "maximum": self.show(known.maximum)}
        if self.is_number:
            found |= {
                "mean": self.show(known.mean),
                "median": self.show(known.median),
                "standard_deviation": self.show(known.deviation),
            }
        return found

    def as_json(self) -> dict[str, Any]:
        return {
            "name": self.name,
            "type": self.type,
            "filled": self.filled,
            "missing": self.missing,
            "missing_percent": self.missing_percent,
            "distinct": self.distinct,
            "distinct_exact": self.distinct_exact,
            **self.statistics,
            **({"median_exact": self.quantities.exact} if self.quantities and self.is_number else {}),
            **({"misfits": self.misfits, "misfit_examples": self.misfit_examples} if self.misfits else {}),
            "top_values": [{"value": value, "count": count} for value, count in self.top],
        }


class DuplicateRows:
    """Counts rows that occurred before, by hashes of 64 bits: eight bytes a row, and as good as exact."""

    def __init__(self) -> None:
        self._buckets = [array("q") for _ in range(64)]

    def add(self, rows: Iterable[Sequence[str]]) -> None:
        buckets = self._buckets
        for row in rows:
            mark = hash(tuple(row))
            buckets[mark & 63].append(mark)

    def count(self) -> int:
        return sum(len(bucket) - len(set(bucket)) for bucket in self._buckets)


def percent(part: int, whole: int) -> float:
    """A percentage with one decimal that says 0 and 100 only when it is so."""
    if not whole or not part:
        return 0.0
    if part == whole:
        return 100.0
    return min(max(round(100 * part / whole, 1), 0.1), 99.9)
