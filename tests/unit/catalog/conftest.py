"""A good item to spoil, a store and a registry."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from obstore.store import LocalStore

from portal.catalog.registry import Registry
from portal.catalog.settings import CatalogSettings
from portal.storage import Storage

MANIFEST = """\
id: csv-report
version: "1.2.0"
title: CSV report
entrypoint: main:run
"""
SCHEMA = {
    "type": "object",
    "properties": {"rows": {"type": "integer", "minimum": 1, "default": 10}},
    "required": ["rows"],
}
MAIN = b"def run(inputs, ctx):\n    return inputs\n"


@pytest.fixture
def good_files() -> dict[str, bytes]:
    return {
        "manifest.yaml": MANIFEST.encode(),
        "schema.json": json.dumps(SCHEMA).encode(),
        "main.py": MAIN,
    }


WriteItem = Callable[..., Path]


@pytest.fixture
def write_item(tmp_path: Path, good_files: dict[str, bytes]) -> WriteItem:
    """Return a function that writes an item's folder, by default below `tmp_path/items`."""

    def write(name: str = "csv-report", *, root: Path | None = None, **changes: str) -> Path:
        folder = (root or tmp_path / "items") / name
        folder.mkdir(parents=True, exist_ok=True)
        for path, content in good_files.items():
            text = content.decode()
            for old, new in changes.items():
                text = text.replace({"item_id": "csv-report", "version": "1.2.0"}.get(old, old), new)
            (folder / path).write_text(text)
        return folder

    return write


@pytest.fixture
def store_folder(tmp_path: Path) -> Path:
    folder = tmp_path / "store"
    folder.mkdir()
    return folder


@pytest.fixture
def storage(store_folder: Path) -> Storage:
    return Storage(LocalStore(store_folder))


@pytest.fixture
def registry(storage: Storage) -> Registry:
    return Registry(storage)


@pytest.fixture
def settings(tmp_path: Path) -> CatalogSettings:
    return CatalogSettings(catalog_root=str(tmp_path / "items"))
