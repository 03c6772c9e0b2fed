from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from portal.catalog import publish as publish_module
from portal.catalog.bundles import bundle_key, read_archive, read_folder
from portal.catalog.publish import Published, Rejected, publish_folder, publish_roots, resolve_local_path
from portal.catalog.registry import Registry
from portal.catalog.settings import CatalogSettings
from portal.errors import ConflictError, InvalidError
from portal.storage import Storage

WriteItem = Callable[..., Path]


async def test_published_folder_is_in_the_registry_and_its_bundle_in_the_store(
    write_item: WriteItem, storage: Storage, registry: Registry, settings: CatalogSettings
) -> None:
    folder = write_item()
    (folder / "icon.svg").write_text("<svg/>")
    (folder / "requirements.txt").write_text("idna==3.1\n")

    published = await publish_folder(folder, storage=storage, registry=registry, settings=settings)

    assert published == Published("csv-report", "1.2.0", published.digest, created=True)
    record = await registry.get("csv-report", "latest")
    assert record.digest == published.digest
    assert record.source == {"kind": "folder", "path": str(folder)}
    assert (record.icon, record.has_requirements) == ("<svg/>", True)
    assert read_archive(await storage.get(bundle_key(published.digest))) == read_folder(folder)


async def test_unchanged_folder_is_neither_checked_nor_packed_again(
    write_item: WriteItem,
    storage: Storage,
    registry: Registry,
    settings: CatalogSettings,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    folder = write_item()
    first = await publish_folder(folder, storage=storage, registry=registry, settings=settings)
    monkeypatch.delattr(publish_module, "check_item")
    monkeypatch.delattr(publish_module, "pack")

    again = await publish_folder(folder, storage=storage, registry=registry, settings=settings)

    assert again == Published("csv-report", "1.2.0", first.digest, created=False)


async def test_changed_folder_with_the_same_version_is_a_conflict_and_stores_nothing(
    write_item: WriteItem, storage: Storage, registry: Registry, settings: CatalogSettings
) -> None:
    folder = write_item()
    await publish_folder(folder, storage=storage, registry=registry, settings=settings)
    (folder / "more.txt").write_text("x")

    with pytest.raises(ConflictError, match="raise the version"):
        await publish_folder(folder, storage=storage, registry=registry, settings=settings)

    assert len(await storage.list_keys("bundles")) == 1


async def test_folder_with_problems_is_refused_with_all_of_them(
    write_item: WriteItem, storage: Storage, registry: Registry, settings: CatalogSettings
) -> None:
    folder = write_item()
    (folder / "main.py").write_text("def run(): ...")
    (folder / "schema.json").unlink()

    with pytest.raises(InvalidError) as caught:
        await publish_folder(folder, storage=storage, registry=registry, settings=settings)

    assert {problem.path for problem in caught.value.problems} == {"main.py:1", "schema.json"}
    assert await storage.list_keys("bundles") == []


async def test_executable_entrypoint_without_its_bit_is_refused(
    write_item: WriteItem, storage: Storage, registry: Registry, settings: CatalogSettings
) -> None:
    folder = write_item(**{"main:run": "./run.sh"})
    (folder / "run.sh").write_text("#!/bin/sh\n")

    with pytest.raises(InvalidError) as caught:
        await publish_folder(folder, storage=storage, registry=registry, settings=settings)
    assert [problem.path for problem in caught.value.problems] == ["run.sh"]

    (folder / "run.sh").chmod(0o755)
    assert (await publish_folder(folder, storage=storage, registry=registry, settings=settings)).created


async def test_limits_of_the_settings_hold(
    write_item: WriteItem, storage: Storage, registry: Registry
) -> None:
    small = CatalogSettings(bundle_max_files=2)

    with pytest.raises(InvalidError) as caught:
        await publish_folder(write_item(), storage=storage, registry=registry, settings=small)

    assert "more than 2 files" in caught.value.problems[0].message


async def test_roots_publish_what_they_can_and_reject_the_rest(
    write_item: WriteItem,
    storage: Storage,
    registry: Registry,
    settings: CatalogSettings,
    tmp_path: Path,
) -> None:
    write_item("good", item_id="good")
    bad = write_item("bad", item_id="bad")
    (bad / "schema.json").write_text("{")
    taken = write_item("taken", item_id="good")
    (tmp_path / "items/notes").mkdir()
    (tmp_path / "items/.hidden").symlink_to(bad)
    outside = write_item("outside", root=tmp_path / "elsewhere")
    (tmp_path / "items/zlink").symlink_to(outside)
    (tmp_path / "items/README.md").write_text("x")
    (taken / "more.txt").write_text("x")

    outcomes = await publish_roots(
        (*settings.roots, tmp_path / "missing"), storage=storage, registry=registry, settings=settings
    )

    rejected = {each.path.name: each.problems for each in outcomes if isinstance(each, Rejected)}
    published = [each.item_id for each in outcomes if isinstance(each, Published)]
    assert published == ["good"]
    assert rejected.keys() == {"bad", "taken", "zlink"}
    assert [each.path for each in rejected["bad"]] == ["schema.json:1"]
    assert [each.path for each in rejected["taken"]] == ["manifest.yaml#/version"]


async def test_root_that_is_an_item_itself_is_published(
    write_item: WriteItem, storage: Storage, registry: Registry, settings: CatalogSettings
) -> None:
    folder = write_item()

    (outcome,) = await publish_roots([folder], storage=storage, registry=registry, settings=settings)

    assert isinstance(outcome, Published)


@pytest.fixture
def roots(tmp_path: Path) -> list[Path]:
    for path in ("one/a", "two/a", "two/b", "outside/c"):
        (tmp_path / path).mkdir(parents=True)
    (tmp_path / "two/file").write_text("")
    (tmp_path / "one/leads-out").symlink_to(tmp_path / "outside/c")
    (tmp_path / "one/leads-in").symlink_to(tmp_path / "one/a")
    (tmp_path / "one/loop").symlink_to(tmp_path / "one/loop")
    return [tmp_path / "one", tmp_path / "two"]


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("a", "one/a"),
        ("b", "two/b"),
        ("./b/", "two/b"),
        ("{tmp}/two/b", "two/b"),
        ("{tmp}/one/../two/b", "two/b"),
        ("leads-in", "one/a"),
        (".", "one"),
    ],
)
def test_path_inside_a_root_is_resolved(tmp_path: Path, roots: list[Path], path: str, expected: str) -> None:
    assert resolve_local_path(path.format(tmp=tmp_path), roots) == tmp_path / expected


@pytest.mark.parametrize(
    "path",
    [
        "missing",
        "file",
        "..",
        "../outside/c",
        "a/../../outside/c",
        "/etc",
        "{tmp}/outside/c",
        "{tmp}/onefold",
        "leads-out",
        "loop",
        "a\0b",
        "x" * 5000,
        "~",
    ],
)
def test_path_outside_the_roots_or_missing_is_refused(tmp_path: Path, roots: list[Path], path: str) -> None:
    with pytest.raises(InvalidError) as caught:
        resolve_local_path(path.format(tmp=tmp_path), roots)

    assert [problem.path for problem in caught.value.problems] == ["/path"]


def test_settings_come_from_the_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PORTAL_CATALOG_ROOT", "a:/b: ")
    monkeypatch.setenv("PORTAL_BUNDLE_MAX_FILES", "7")

    settings = CatalogSettings()

    assert settings.roots == (tmp_path / "a", Path("/b"))
    assert settings.limits.max_files == 7
    assert all(field.description for field in CatalogSettings.model_fields.values())
