"""Rows of equal length below unique column names, whatever the file looks like."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import chain, islice

from csv_values import detect_style, is_boolean, parse

BLOCK_ROWS = 2000
FIRST_ROWS = 500
MOST_COLUMNS = 500


@dataclass
class Table:
    """The rows of a file, made regular, and a record of how irregular they were."""

    names: list[str]
    has_header: bool
    unnamed: list[int]
    repeated: list[str]
    body: Iterator[list[str]]
    rows: int = 0
    ragged_rows: int = 0
    blank_lines: int = 0
    ragged_examples: list[str] = field(default_factory=list)

    @classmethod
    def begin(cls, rows: Iterator[list[str]], header: str = "auto") -> Table:
        """Look at the first rows to find the column names and how many columns there are."""
        first = list(islice(rows, FIRST_ROWS))
        blank = 0
        while first and is_blank(first[0]):
            first.pop(0)
            blank += 1
        if not first:
            raise ValueError("The file has no rows, only empty lines.")
        usual = Counter(len(row) for row in first if not is_blank(row)).most_common(1)[0][0]
        width = max(usual, len(first[0]))
        if width > MOST_COLUMNS:
            raise ValueError(f"The file has {width:,} columns; this profile handles at most {MOST_COLUMNS}.")
        has_header = looks_like_header(first) if header == "auto" else header == "yes"
        titles = [cell.strip() for cell in first.pop(0)] if has_header else []
        titles += [""] * (width - len(titles))
        return cls(
            names=unique_names(titles),
            has_header=has_header,
            unnamed=[place for place, title in enumerate(titles, start=1) if has_header and not title],
            repeated=[title for title, count in Counter(titles).items() if title and count > 1],
            body=chain(first, rows),
            blank_lines=blank,
        )

    def blocks(self) -> Iterator[list[list[str]]]:
        """The rows in blocks, each row exactly as long as there are names."""
        width = len(self.names)
        while block := list(islice(self.body, BLOCK_ROWS)):
            if set(map(len, block)) != {width}:
                filled = [row for row in block if not is_blank(row)]
                self.blank_lines += len(block) - len(filled)
                block = [
                    self._fit(row, width, number) for number, row in enumerate(filled, start=self.rows + 1)
                ]
            self.rows += len(block)
            if block:
                yield block

    def _fit(self, row: list[str], width: int, number: int) -> list[str]:
        if len(row) == width:
            return row
        self.ragged_rows += 1
        if len(self.ragged_examples) < 3:
            self.ragged_examples.append(f"data row {number:,} has {len(row)}")
        return row[:width] + [""] * (width - len(row))


def is_blank(row: list[str]) -> bool:
    """An empty line, or one of spaces only; a row of empty cells is not blank."""
    return not row or (len(row) == 1 and not row[0].strip())


def unique_names(titles: list[str]) -> list[str]:
    """A name for every column: the n-th gets `column n` when it has none, repeated ones get a number."""
    names: list[str] = []
    taken = set(titles)
    for place, title in enumerate(titles, start=1):
        name = title or f"column {place}"
        count = 2
        while name in names or (name != title and name in taken):
            name = f"{title or f'column {place}'} ({count})"
            count += 1
        names.append(name)
    return names


def looks_like_header(rows: list[list[str]]) -> bool:
    """Whether the first row names the columns: unless it holds the same kind of values as those below."""
    first, body = rows[0], [row for row in rows[1:] if not is_blank(row)]
    for_it = against_it = 0
    for place, title in enumerate(first):
        title = title.strip()
        cells = [row[place].strip() for row in body if place < len(row) and row[place].strip()]
        if not title or not cells:
            continue
        style = detect_style(cells)
        typed = sum(parse(cell, style) is not None for cell in cells) >= 0.8 * len(cells)
        own = parse(title, style)
        if typed and own is None:
            for_it += 1
        elif typed:
            for_it, against_it = _vote(_is_year_title(title, cells), for_it, against_it)
        elif is_boolean(cells):
            for_it, against_it = _vote(not is_boolean([title, *cells]), for_it, against_it)
    if for_it or against_it:
        return for_it >= against_it
    titles = [title.strip() for title in first]
    return all(titles) and len(set(titles)) == len(titles) and not any(map(_is_number, titles))


def _vote(is_title: bool, for_it: int, against_it: int) -> tuple[int, int]:
    return for_it + is_title, against_it + (not is_title)


def _is_number(text: str) -> bool:
    return text.replace(".", "").replace(",", "").isdecimal()


def _is_year_title(title: str, cells: list[str]) -> bool:
    """`2019;2020;2021` above figures names columns, although it looks like a figure."""
    is_year = len(title) == 4 and title.isdecimal() and 1900 <= int(title) <= 2100
    return is_year and not all(len(cell) == 4 and cell[:2] in ("19", "20") for cell in cells)
