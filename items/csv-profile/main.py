"""Profile a CSV file: what is in each column, what is missing, what is odd.

The file is read once, as a stream, in blocks of rows. Each block is turned on its side and given to the
columns, which count. Nothing is kept that grows with the file, except eight bytes per row to find duplicates.
"""

from __future__ import annotations

import csv
import json
import tempfile
from collections.abc import Sequence
from contextlib import nullcontext
from itertools import chain
from pathlib import Path
from typing import Any

from csv_charts import completeness, standalone
from csv_columns import Column, DuplicateRows, Profile, Settings, percent
from csv_reading import CsvFile
from csv_report import html_report, write_columns_table
from csv_table import Table
from csv_values import parse_number


def run(inputs: dict[str, Any], ctx: Any) -> dict[str, Any]:
    delimiter = inputs.get("delimiter", "auto")
    source = CsvFile(
        Path(ctx.workdir, inputs["file"]),
        encoding=inputs.get("encoding", "auto"),
        delimiter=inputs.get("custom_delimiter", "") if delimiter == "other" else delimiter,
        quote=inputs.get("quote", "auto"),
        skip_lines=inputs.get("skip_lines", 0),
    )
    ctx.log(
        f"{source.path.name}: {source.size:,} bytes, {source.encoding.name}, separator: {source.dialect.name}"
    )
    table = Table.begin(source.rows(), header=inputs.get("header", "auto"))
    named = "named by the first row" if table.has_header else "without names"
    ctx.log(f"{len(table.names)} columns, {named}")

    missing = inputs.get("missing_markers", ["NA", "N/A", "#N/A", "NULL", "NaN", "None", "-"])
    settings = Settings(
        decimal=inputs.get("decimal", "auto"),
        date_order=inputs.get("date_order", "auto"),
        missing=frozenset(marker.strip().lower() for marker in missing),
        top=inputs.get("top_values", 10),
        decimal_hint="," if source.dialect.delimiter == ";" else ".",
        columns=len(table.names),
    )
    folder = Path(tempfile.mkdtemp(prefix="profile-", dir=ctx.workdir))  # not beside a file of the same name
    copy = folder / "cleaned.csv" if inputs.get("cleaned_copy", False) else None
    columns, duplicates = read(table, source, settings, copy, ctx)
    if not table.rows:
        raise ValueError("The file has column names but no rows below them.")

    ctx.progress(88, "Working out types and figures")
    profiles = [column.profile() for column in columns]
    facts = {
        "file": source.path.name,
        "bytes": source.size,
        "encoding": source.encoding.name,
        "encoding_certain": source.encoding.certain,
        "delimiter": source.dialect.name,
        "header": table.has_header,
        "rows": table.rows,
        "missing_percent": percent(sum(each.missing for each in profiles), table.rows * len(profiles)),
        "duplicate_rows": duplicates.count(),
        "ragged_rows": table.ragged_rows,
        "blank_lines": table.blank_lines,
    }
    warnings = [*file_warnings(source, table, facts), *chain.from_iterable(map(column_warnings, profiles))]
    for warning in warnings:
        ctx.log(warning, level="warning")

    ctx.progress(94, "Drawing the report")
    write_report(folder, facts, profiles, warnings)
    for name in ("report.html", "profile.json", "columns.csv", "completeness.svg"):
        ctx.artifact(folder / name)
    if copy:
        ctx.artifact(copy)
    ctx.progress(100, f"{table.rows:,} rows, {len(profiles)} columns")
    return {
        "rows": table.rows,
        "columns": [summary(profile) for profile in profiles],
        "warnings": warnings,
        "file": {name: value for name, value in facts.items() if name not in ("rows", "file")},
    }


def read(
    table: Table, source: CsvFile, settings: Settings, copy: Path | None, ctx: Any
) -> tuple[list[Column], DuplicateRows]:
    """Send every row through the columns, and into the cleaned copy if one is wanted."""
    columns = [Column(name, settings) for name in table.names]
    duplicates = DuplicateRows()
    with copy.open("w", encoding="utf-8", newline="") if copy else nullcontext() as file:
        cleaned = csv.writer(file) if file else None
        if cleaned:
            cleaned.writerow(table.names)
        for block in table.blocks():
            for column, cells in zip(columns, zip(*block, strict=True), strict=True):
                column.add(cells)
            duplicates.add(block)
            if cleaned:
                cleaned.writerows([cell.strip() for cell in row] for row in block)
            ctx.progress(85 * source.bytes_read / source.size, f"{table.rows:,} rows read")
    return columns, duplicates


def write_report(
    folder: Path, facts: dict[str, Any], profiles: Sequence[Profile], warnings: list[str]
) -> None:
    """The files that people take away."""
    details = {**facts, "columns": [profile.as_json() for profile in profiles], "warnings": warnings}
    page = html_report(facts["file"], facts, profiles, warnings)
    (folder / "report.html").write_text(page, encoding="utf-8")
    (folder / "profile.json").write_text(json.dumps(details, ensure_ascii=False, indent=2), encoding="utf-8")
    (folder / "completeness.svg").write_text(standalone(completeness(profiles)), encoding="utf-8")
    write_columns_table(folder / "columns.csv", profiles)


def summary(profile: Profile) -> dict[str, Any]:
    """A column in one row of the result."""
    known = profile.statistics
    return {
        "name": profile.name,
        "type": profile.type,
        "missing_percent": profile.missing_percent,
        "distinct": profile.distinct if profile.distinct_exact else profile.distinct_text,
        "minimum": known.get("minimum", ""),
        "maximum": known.get("maximum", ""),
        "mean": known.get("mean", ""),
        "median": known.get("median", ""),
        "most_frequent": profile.top[0][0][:80] if profile.top else "",
    }


def file_warnings(source: CsvFile, table: Table, facts: dict[str, Any]) -> list[str]:
    """What is odd about the file as a whole."""
    found = []
    if not source.encoding.certain:
        found.append(
            f"The encoding was guessed to be {source.encoding.name}. "
            "Look at a few names with accents; if they are wrong, choose another encoding."
        )
    if source.undecodable:
        found.append(f"{number_of(source.undecodable, 'byte')} could not be read as {source.encoding.name}.")
    if source.long_rows:
        places = ", ".join(f"{number:,}" for number in source.long_rows[:3])
        found.append(f"Row {places}: spans very many lines. Perhaps a quotation mark is never closed there.")
    if table.ragged_rows:
        examples = ", ".join(table.ragged_examples)
        found.append(
            f"{number_of(table.ragged_rows, 'row')} without exactly {len(table.names)} cells: {examples}. "
            "Missing cells count as empty, additional ones are left out."
        )
    if table.blank_lines:
        found.append(f"{number_of(table.blank_lines, 'empty line')} left out.")
    if table.unnamed:
        places = ", ".join(map(str, table.unnamed[:5]))
        found.append(f"Columns without a name in the first row: number {places}.")
    if table.repeated:
        found.append(f"Column names that occur more than once: {', '.join(table.repeated[:5])}.")
    if facts["duplicate_rows"]:
        found.append(f"{number_of(facts['duplicate_rows'], 'exact copy', 'exact copies')} of an earlier row.")
    return found


def column_warnings(profile: Profile) -> list[str]:
    """What is odd about a column."""
    found = []
    name = f"Column “{profile.name}”"
    if not profile.filled:
        return [f"{name} is empty."]
    if profile.misfits:
        examples = ", ".join(f"“{text[:40]}”" for text in profile.misfit_examples)
        misfits = number_of(profile.misfits, "cell is", "cells are")
        found.append(f"{name} is of type {profile.type}, but {misfits} something else: {examples}.")
    if profile.is_number and not profile.style.decimal_is_clear:
        example = next((value for value, _ in profile.top if "," in value or "." in value), "1,234")
        meaning = parse_number(example, profile.style.decimal)
        found.append(
            f"{name}: “{example}” was read as {meaning.number if meaning else 'text'}. "
            "If that is wrong, choose the decimal sign."
        )
    if profile.is_date and not profile.style.date_is_clear:
        found.append(
            f"{name}: dates may be day or month first; read as day first. Choose the order if that is wrong."
        )
    if profile.distinct == 1 and profile.filled > 1 and not profile.missing:
        found.append(f"{name} has the same value in every row.")
    return found


def number_of(count: int, one: str, many: str = "") -> str:
    return f"{count:,} {one if count == 1 else many or one + 's'}"
