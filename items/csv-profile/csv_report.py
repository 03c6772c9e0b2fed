"""The report: one HTML page that needs nothing else, and the same facts as a table."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from csv_charts import STYLE, chart, completeness, text
from csv_columns import Profile

_PAGE = """
:root { color-scheme: light dark; --paper: #fafaf9; --card: #fff; --line: #e7e5e4;
  --ink: #292524; --soft: #6b6560; }
@media screen and (prefers-color-scheme: dark) {
  :root { --paper: #1c1917; --card: #292524; --line: #44403c; --ink: #f5f5f4; --soft: #a8a29e; }
}
body { background: var(--paper); color: var(--ink); font: 15px/1.5 system-ui, sans-serif; margin: 0 auto;
  max-width: 62rem; padding: 2rem 1.25rem; }
h1 { font-size: 1.6rem; margin: 0; overflow-wrap: anywhere; } h2 { font-size: 1.2rem; margin: 2rem 0 .75rem; }
h3 { font-size: 1rem; margin: 0; overflow-wrap: anywhere; } .soft { color: var(--soft); }
section, .tile { background: var(--card); border: 1px solid var(--line); border-radius: .5rem;
  padding: 1rem; }
section { margin-bottom: 1rem; break-inside: avoid; }
.tiles { display: grid; gap: .75rem; grid-template-columns: repeat(auto-fit, minmax(9rem, 1fr));
  margin: 1.25rem 0; }
.tile b { display: block; font-size: 1.1rem; overflow-wrap: anywhere; }
section ul { margin: 0; padding-left: 1.25rem; }
dl { display: flex; flex-wrap: wrap; gap: .25rem 1.5rem; margin: .5rem 0 .75rem; }
dt { color: var(--soft); } dl div { display: flex; gap: .4rem; } dd { margin: 0; overflow-wrap: anywhere; }
svg { display: block; height: auto; max-width: 100%; } li { overflow-wrap: anywhere; }
@media print { body { max-width: none; padding: 0; } section, .tile { border-color: #ccc; } }
"""


def html_report(
    file_name: str, facts: dict[str, Any], profiles: Sequence[Profile], warnings: list[str]
) -> str:
    """The whole report. Everything that comes from the file goes through `text`."""
    tiles = [
        ("Rows", f"{facts['rows']:,}"),
        ("Columns", f"{len(profiles):,}"),
        ("Missing cells", f"{facts['missing_percent']:g} %"),
        ("Duplicate rows", f"{facts['duplicate_rows']:,}"),
        ("Encoding", facts["encoding"]),
        ("Separator", facts["delimiter"]),
        ("Column names", "first row" if facts["header"] else "none"),
    ]
    remarks = "".join(f"<li>{text(warning)}</li>" for warning in warnings) or "<li>Nothing.</li>"
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        '<meta http-equiv="Content-Security-Policy" '
        "content=\"default-src 'none'; style-src 'unsafe-inline'\">"
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>Profile of {text(file_name)}</title><style>{_PAGE}{STYLE}</style></head>\n<body>\n"
        f'<h1>{text(file_name)}</h1>\n<div class="soft">What is in this table, column by column</div>\n'
        f'<div class="tiles">{"".join(_tile(name, value) for name, value in tiles)}</div>\n'
        f"<h2>Worth a look</h2>\n<section><ul>{remarks}</ul></section>\n"
        f"<h2>How complete it is</h2>\n<section>{completeness(profiles)}</section>\n"
        f"<h2>Columns</h2>\n{''.join(_card(number, profile) for number, profile in enumerate(profiles, 1))}"
        "</body></html>\n"
    )


def _tile(name: str, value: str) -> str:
    return f'<div class="tile"><span class="soft">{text(name)}</span><b>{text(value)}</b></div>'


def _card(number: int, profile: Profile) -> str:
    facts = {
        "Type": profile.type,
        "Filled": f"{profile.filled:,}",
        "Missing": f"{profile.missing:,} ({profile.missing_percent:g} %)",
        "Different values": profile.distinct_text,
        **{name.replace("_", " ").capitalize(): _figure(value) for name, value in profile.statistics.items()},
    }
    if not profile.filled:
        facts = {"Type": "empty"}
    details = "".join(
        f"<div><dt>{name}</dt><dd>{text(value, 120)}</dd></div>" for name, value in facts.items()
    )
    notes = (
        []
        if profile.distinct_exact
        else ["Frequent values were counted among the first different ones only."]
    )
    if profile.quantities and not profile.quantities.exact:
        notes.append("Median and chart are estimated from a random sample; the other figures are exact.")
    note = f'<div class="soft">{" ".join(notes)}</div>' if notes else ""
    return (
        f'<section><h3><span class="soft">{number}.</span> {text(profile.name, 200)}</h3>'
        f"<dl>{details}</dl>{chart(profile)}{note}</section>\n"
    )


def _figure(value: float | int | str) -> str:
    return value if isinstance(value, str) else f"{value:,.6g}" if isinstance(value, float) else f"{value:,}"


def write_columns_table(path: Path, profiles: Sequence[Profile]) -> None:
    """One row per column, for spreadsheets: UTF-8 with the mark Excel needs, and no cell is a formula."""
    names = ["minimum", "maximum", "mean", "median", "standard_deviation", "shortest", "longest"]
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        table = csv.writer(file)
        table.writerow(
            ["column", "type", "filled", "missing", "missing_percent", "distinct", *names, "top_values"]
        )
        for profile in profiles:
            known = profile.statistics
            top = "; ".join(f"{value[:60]} ({count})" for value, count in profile.top[:5])
            table.writerow(
                _harmless(cell)
                for cell in (
                    profile.name,
                    profile.type,
                    profile.filled,
                    profile.missing,
                    profile.missing_percent,
                    profile.distinct if profile.distinct_exact else profile.distinct_text,
                    *(known.get(name, "") for name in names),
                    top,
                )
            )


def _harmless(cell: object) -> object:
    """A spreadsheet would run `=HYPERLINK(…)`; behind an apostrophe it is text."""
    return f"'{cell}" if isinstance(cell, str) and cell[:1] in ("=", "+", "-", "@", "\t", "\r") else cell
