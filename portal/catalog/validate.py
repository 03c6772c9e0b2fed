"""Whether an item is well made: one pure function over its files, for the API, the CLI and every import."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from portal.catalog.entrypoint import check_entrypoint
from portal.catalog.form import check_ui_schema
from portal.catalog.manifest import Manifest, read_manifest
from portal.catalog.requirements import check_requirements
from portal.catalog.schema_profile import check_schema
from portal.errors import InvalidError, Problem

MANIFEST_NAMES = ("manifest.yaml", "manifest.json")
README_NAME = "README.md"
REQUIREMENTS_NAME = "requirements.txt"
DEFAULT_ICON_NAME = "icon.svg"
MAX_README_BYTES = 256 * 1024
MAX_ICON_BYTES = 32 * 1024


@dataclass(frozen=True)
class ItemDefinition:
    """A well-made item: everything about it but its code."""

    manifest: Manifest
    schema: dict[str, Any]
    ui_schema: dict[str, Any]
    readme: str
    icon_svg: str | None
    requirements: bytes | None


@dataclass(frozen=True)
class CheckedItem:
    """The outcome of a check: a definition without problems, or problems and no definition."""

    definition: ItemDefinition | None
    problems: tuple[Problem, ...]


def check_item(files: Mapping[str, bytes], *, executables: Collection[str] | None = None) -> CheckedItem:
    """Check the files of an item, by relative path, and return its definition or every problem at once.

    `executables` are the paths of the files that may be executed; None when that is not known. Problems have
    the paths `file`, `file:line` or `file#/json/pointer`.
    """
    checking = _Checking(files, executables)
    definition = checking.definition()
    problems = tuple(dict.fromkeys(checking.problems))
    return CheckedItem(None if problems else definition, problems)


class _Checking:
    """One check; every part adds its problems and goes on."""

    def __init__(self, files: Mapping[str, bytes], executables: Collection[str] | None) -> None:
        self.files = files
        self.executables = executables
        self.problems: list[Problem] = []

    def definition(self) -> ItemDefinition | None:
        manifest = self.manifest()
        schema = self.schema(manifest.input_schema if manifest else "schema.json")
        ui_schema = self.ui_schema(manifest.ui_schema if manifest else "ui_schema.json", schema)
        readme = self.text(README_NAME, MAX_README_BYTES) or ""
        icon_svg = self.icon(manifest)
        requirements = self.files.get(REQUIREMENTS_NAME)
        if requirements is not None:
            self.problems += check_requirements(requirements, REQUIREMENTS_NAME)
        if manifest is None or schema is None:
            return None
        return ItemDefinition(manifest, schema, ui_schema, readme, icon_svg, requirements)

    def manifest(self) -> Manifest | None:
        names = [name for name in MANIFEST_NAMES if name in self.files]
        if len(names) != 1:
            message = "there must be one manifest, not two" if names else "is missing"
            self.problems.append(Problem(names[-1] if names else MANIFEST_NAMES[0], message))
            return None
        try:
            manifest = read_manifest(self.files[names[0]], names[0])
        except InvalidError as error:
            self.problems += error.problems
            return None
        self.problems += check_entrypoint(
            manifest.entrypoint, self.files, executables=self.executables, place=f"{names[0]}#/entrypoint"
        )
        return manifest

    def schema(self, name: str) -> dict[str, Any] | None:
        if name not in self.files:
            self.problems.append(Problem(name, "is missing"))
            return None
        schema, problems = check_schema(self.files[name], name)
        self.problems += problems
        return schema

    def ui_schema(self, name: str, schema: dict[str, Any] | None) -> dict[str, Any]:
        if name not in self.files:
            if name != "ui_schema.json":
                self.problems.append(Problem(name, "is missing, but the manifest names it"))
            return {}
        ui_schema, problems = check_ui_schema(self.files[name], name, schema)
        self.problems += problems
        return ui_schema or {}

    def icon(self, manifest: Manifest | None) -> str | None:
        named = manifest.icon if manifest else None
        if named is not None and not named.endswith(".svg"):
            return None
        if named is not None and named not in self.files:
            self.problems.append(Problem(named, "is missing, but the manifest names it"))
            return None
        name = named or DEFAULT_ICON_NAME
        icon = self.text(name, MAX_ICON_BYTES)
        if icon is not None:
            lowered = icon.lower()
            # Pictures from items are shown as images, where nothing runs; this keeps them harmless elsewhere.
            if "<svg" not in lowered or any(part in lowered for part in ("<script", "<!doctype", "<!entity")):
                self.problems.append(
                    Problem(name, "must be a plain SVG picture without scripts and declarations")
                )
        return icon

    def text(self, name: str, max_bytes: int) -> str | None:
        """Return the text of a file, if it is there."""
        content = self.files.get(name)
        if content is None:
            return None
        if len(content) > max_bytes:
            self.problems.append(Problem(name, f"is larger than {max_bytes} bytes"))
            return None
        try:
            return content.decode("utf-8-sig")
        except UnicodeDecodeError:
            self.problems.append(Problem(name, "is not UTF-8 text"))
            return None
