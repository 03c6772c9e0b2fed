"""Small items, written to a folder by the tests that need them."""

from __future__ import annotations

import json
import textwrap
from pathlib import Path
from typing import Any

ECHO = """
def run(inputs, ctx):
    return inputs
"""


def write_item(
    root: Path,
    item_id: str = "echo",
    *,
    version: str = "1.0.0",
    main: str = ECHO,
    properties: dict[str, Any] | None = None,
    required: tuple[str, ...] = (),
    requirements: str | None = None,
    **manifest: Any,
) -> Path:
    """Write an item into `root` and return its folder; `properties` are those of its inputs."""
    folder = root / item_id
    folder.mkdir(parents=True, exist_ok=True)
    fields = {"id": item_id, "version": version, "title": f"Item {item_id}", "entrypoint": "main:run"}
    # JSON is YAML too.
    (folder / "manifest.yaml").write_text(json.dumps({**fields, **manifest}))
    schema = {
        "type": "object",
        "additionalProperties": False,
        "properties": properties or {},
        "required": list(required),
    }
    (folder / "schema.json").write_text(json.dumps(schema))
    (folder / "main.py").write_text(textwrap.dedent(main).lstrip())
    if requirements is not None:
        (folder / "requirements.txt").write_text(requirements)
    return folder
