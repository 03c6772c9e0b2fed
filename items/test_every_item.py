"""What holds for every item in this folder."""

import json
import re
from pathlib import Path

import pytest

from portal.catalog.folders import read_folder
from portal.catalog.validate import check_item

ITEMS = Path(__file__).parent
FOLDERS = sorted(path.parent for path in ITEMS.glob("*/manifest.yaml"))


@pytest.fixture(params=FOLDERS, ids=lambda folder: folder.name)
def folder(request):
    return request.param


def test_it_can_be_published(folder):
    files = {path: file.content for path, file in read_folder(folder).items()}
    assert check_item(files).problems == ()


def test_it_is_complete_and_named_like_its_folder(folder):
    assert f"\nid: {folder.name}\n" in "\n" + (folder / "manifest.yaml").read_text()
    for name in ("schema.json", "ui_schema.json", "README.md", "icon.svg", "main.py"):
        assert (folder / name).stat().st_size


def test_its_form_speaks_to_people(folder):
    def fields(schema):
        for part in (schema, *schema.get("allOf", [])):
            for place in (part, part.get("then", {}), part.get("else", {})):
                yield from place.get("properties", {}).items()

    schema = json.loads((folder / "schema.json").read_bytes())
    shown = {name: field for name, field in fields(schema) if field and "const" not in field}
    assert all(field["title"] for field in shown.values())
    order = json.loads((folder / "ui_schema.json").read_bytes())["ui:order"]
    assert sorted(order) == sorted(schema["properties"]) == sorted(shown)


def test_its_modules_are_small_and_its_packages_are_pinned(folder):
    for module in folder.glob("*.py"):
        assert len(module.read_text().splitlines()) <= 420, module
    requirements = folder / "requirements.txt"
    if requirements.exists():
        text = requirements.read_text()
        assert "://" not in text
        for entry in re.split(r"\n(?=\S)", text.strip()):
            assert re.match(r"[a-z0-9-]+==\S+", entry), entry
            assert "--hash=sha256:" in entry, entry


def test_its_icon_is_a_plain_drawing(folder):
    icon = (folder / "icon.svg").read_text()
    assert 'viewBox="0 0 24 24"' in icon
    assert set(re.findall(r"<(\w+)", icon)) <= {"svg", "path", "circle", "rect"}
