"""Writes the files that are made from the code: the OpenAPI document and the settings reference.

`--check` only says which of them are out of date, and fails.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path

from pydantic_settings import BaseSettings

from portal.api.app import create_app, openapi_document
from portal.catalog.settings import CatalogSettings
from portal.settings import Settings

ROOT = Path(__file__).parents[1]


def main() -> int:
    """Write or check; return the exit status."""
    texts = {ROOT / "web" / "openapi.json": openapi_text(), ROOT / "docs" / "settings.md": settings_text()}
    stale = [path for path, text in texts.items() if not path.exists() or path.read_text() != text]
    if "--check" not in sys.argv:
        for path in stale:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(texts[path])
    elif stale:
        names = ", ".join(str(path.relative_to(ROOT)) for path in stale)
        print(f"out of date: {names}; run `make generate`", file=sys.stderr)  # noqa: T201
        return 1
    return 0


def openapi_text() -> str:
    """Return the OpenAPI document with sorted keys, so that differences are readable."""
    app = create_app(Settings(_env_file=None), CatalogSettings(_env_file=None))
    return json.dumps(openapi_document(app), indent=2, sort_keys=True, ensure_ascii=False) + "\n"


def settings_text() -> str:
    """Return the settings reference."""
    head = (
        "# Settings\n\n"
        "Every setting is an environment variable, or a line of a `.env` file in the directory the\n"
        "portal is started from. This page is generated from the code by `make generate`.\n\n"
        "| variable | default | meaning |\n|---|---|---|\n"
    )
    rows = (row for kind in (Settings, CatalogSettings) for row in _rows(kind))
    return head + "\n".join(rows) + "\n"


def _rows(kind: type[BaseSettings]) -> Iterator[str]:
    for name, field in kind.model_fields.items():
        default = "" if field.default is None else f"`{field.default}`"
        yield f"| `PORTAL_{name.upper()}` | {default} | {field.description} |"


if __name__ == "__main__":
    sys.exit(main())
