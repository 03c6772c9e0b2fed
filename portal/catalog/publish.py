"""Publishing local folders: check, pack, store the bundle, then enter the version in the registry."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from portal.catalog.bundles import BundleFile, bundle_key, pack, read_folder, tree_digest
from portal.catalog.manifest import read_manifest
from portal.catalog.records import VersionRecord
from portal.catalog.registry import Registry, version_taken
from portal.catalog.settings import CatalogSettings
from portal.catalog.validate import MANIFEST_NAMES, ItemDefinition, check_item
from portal.errors import ConflictError, InvalidError, NotFoundError, PortalError, Problem
from portal.storage import Storage


@dataclass(frozen=True)
class Published:
    """A version that is in the registry now; `created` says whether it was new."""

    item_id: str
    version: str
    digest: str
    created: bool


@dataclass(frozen=True)
class Rejected:
    """A folder that was not published, and why."""

    path: Path
    problems: tuple[Problem, ...]


def resolve_local_path(path: str, roots: Sequence[Path]) -> Path:
    """Return the folder that `path` names: absolute, or relative to the first of `roots` that contains it.

    Raise `InvalidError` at `/path` unless it is a folder inside one of the roots, links resolved.
    """
    for root in roots:
        home = root.resolve()
        try:
            folder = (home / path).resolve()
            if folder.is_relative_to(home) and folder.is_dir():
                return folder
        except (OSError, ValueError, RuntimeError):
            continue
    # The same answer whether or not something is there: outside the roots is nobody's business.
    message = "must be an existing folder inside a catalog root (PORTAL_CATALOG_ROOT)"
    raise InvalidError("The folder cannot be imported.", [Problem("/path", message)])


async def publish_folder(
    folder: Path, *, storage: Storage, registry: Registry, settings: CatalogSettings
) -> Published:
    """Publish the item in `folder`; the very same files again change nothing.

    Raise `InvalidError` with every problem found, and `ConflictError` when that version was published with
    other files.
    """
    files = await asyncio.to_thread(read_folder, folder, limits=settings.limits)
    digest = await asyncio.to_thread(tree_digest, files)
    published = await _published_before(files, registry)
    if published and published.digest == digest:
        return Published(published.item_id, published.version, digest, created=False)
    definition = await asyncio.to_thread(_checked, files)
    if published:
        # Before the bundle is stored, which nothing would ever refer to.
        raise version_taken(published.item_id, published.version)
    await storage.create(bundle_key(digest), await asyncio.to_thread(pack, files))
    record = _record(definition, digest, folder)
    created = await registry.publish(record)
    return Published(record.item_id, record.version, digest, created)


async def publish_roots(
    roots: Sequence[Path], *, storage: Storage, registry: Registry, settings: CatalogSettings
) -> list[Published | Rejected]:
    """Publish every item in `roots`: their direct subfolders with a manifest, or a root that has one itself.

    What fails is rejected with its reasons and holds up nothing else. Roots that don't exist are passed over.
    """
    outcomes: list[Published | Rejected] = []
    for root in roots:
        for folder in await asyncio.to_thread(_item_folders, root):
            try:
                inside = resolve_local_path(str(folder.absolute()), [root])
                outcomes.append(
                    await publish_folder(inside, storage=storage, registry=registry, settings=settings)
                )
            except (PortalError, OSError) as error:
                outcomes.append(Rejected(folder, _reasons(error)))
    return outcomes


def _item_folders(root: Path) -> list[Path]:
    if _has_manifest(root):
        return [root]
    if not root.is_dir():
        return []
    return sorted(
        folder for folder in root.iterdir() if not folder.name.startswith(".") and _has_manifest(folder)
    )


def _has_manifest(folder: Path) -> bool:
    return any((folder / name).is_file() for name in MANIFEST_NAMES)


def _reasons(error: PortalError | OSError) -> tuple[Problem, ...]:
    if isinstance(error, InvalidError) and error.problems:
        return error.problems
    if isinstance(error, ConflictError):
        return (Problem("manifest.yaml#/version", str(error)),)
    return (Problem("", str(error)),)


async def _published_before(files: Mapping[str, BundleFile], registry: Registry) -> VersionRecord | None:
    """Return what is published as this version: the same files need no second check."""
    names = [name for name in MANIFEST_NAMES if name in files]
    if len(names) != 1:
        return None
    try:
        manifest = read_manifest(files[names[0]].content, names[0])
        return await registry.get(manifest.id, manifest.version)
    except (InvalidError, NotFoundError):
        return None


def _checked(files: Mapping[str, BundleFile]) -> ItemDefinition:
    contents = {path: file.content for path, file in files.items()}
    checked = check_item(contents, executables={path for path, file in files.items() if file.executable})
    if checked.definition is None:
        raise InvalidError("The item is not valid.", checked.problems)
    return checked.definition


def _record(definition: ItemDefinition, digest: str, folder: Path) -> VersionRecord:
    manifest = definition.manifest
    has_own_icon = manifest.icon is not None and not manifest.icon.endswith(".svg")
    return VersionRecord(
        item_id=manifest.id,
        version=manifest.version,
        digest=digest,
        created_at=datetime.now(UTC),
        source={"kind": "folder", "path": str(folder)},
        manifest=manifest,
        input_schema=definition.schema,
        ui_schema=definition.ui_schema,
        readme=definition.readme,
        icon=manifest.icon if has_own_icon else definition.icon_svg,
        has_requirements=definition.requirements is not None,
    )
