"""The report as one HTML page that needs nothing else."""

from __future__ import annotations

import re
from html import escape
from typing import Any

_STYLE = """
:root { color-scheme: light dark; --line: #d6d3d1; --soft: #6b6560; --error: #b91c1c; --warning: #b45309; }
@media screen and (prefers-color-scheme: dark) {
  :root { --line: #44403c; --soft: #a8a29e; --error: #fca5a5; --warning: #fdba74; }
}
body { font: 15px/1.5 system-ui, sans-serif; margin: 0 auto; max-width: 60rem; padding: 2rem 1.25rem; }
h1 { font-size: 1.5rem; } h2 { font-size: 1.15rem; margin-top: 2rem; } .soft { color: var(--soft); }
table { border-collapse: collapse; width: 100%; break-inside: avoid; margin-bottom: 1.5rem; }
th, td { border-bottom: 1px solid var(--line); padding: .35rem .5rem; text-align: left; vertical-align: top;
  overflow-wrap: break-word; } td + td { width: 70%; } th { white-space: nowrap; width: 1%; }
.error { color: var(--error); font-weight: 600; } .warning { color: var(--warning); font-weight: 600; }
"""


def html_report(result: dict[str, Any], as_of: str) -> str:
    """The result of a check for people to read, print and keep."""
    rows = "".join(
        f'<tr><th class="{finding["severity"]}">{_text(finding["severity"])}</th>'
        f"<td>{_text(finding['certificate'])}</td>"
        f"<td>{_text(finding['finding'])} {_text(finding['advice'])}</td></tr>"
        for finding in result["findings"]
    )
    tables = "".join(
        "<table>"
        + "".join(f"<tr><th>{_label(key)}</th><td>{_text(each[key])}</td></tr>" for key in each)
        + "</table>"
        for each in result["certificates"]
    )
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        '<meta http-equiv="Content-Security-Policy" '
        "content=\"default-src 'none'; style-src 'unsafe-inline'\">"
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{_text(result['summary'])}</title><style>{_STYLE}</style></head>\n<body>\n"
        f'<h1>{_text(result["summary"])}</h1><p class="soft">Checked as of {_text(as_of)}. '
        "Whether clients trust the authority at the end of the chain was not checked. "
        f"Private key: {_text(result['private_key'])}.</p>\n"
        f"<h2>Findings</h2>\n<table>{rows or '<tr><td>Nothing to complain about.</td></tr>'}</table>\n"
        f"<h2>Certificates</h2>\n{tables}</body></html>\n"
    )


def _label(key: str) -> str:
    return _text(key.replace("_", " ").capitalize())


def _text(value: object) -> str:
    """Any text made safe to stand in HTML: certificates may hold anything."""
    return escape(
        re.sub("[\x00-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]", "�", str(value)), quote=True
    )
