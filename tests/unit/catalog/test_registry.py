from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from obstore.store import LocalStore

from portal.catalog.manifest import Manifest
from portal.catalog.records import ItemSummary, VersionRecord
from portal.catalog.registry import Registry, search
from portal.errors import ConflictError, NotFoundError
from portal.storage import Storage


class CountingStorage(Storage):
    """A store that counts what is read and listed."""

    def __init__(self, folder: Path) -> None:
        super().__init__(LocalStore(folder))
        self.reads = 0
        self.lists = 0

    async def get(self, key: str) -> bytes:
        self.reads += 1
        return await super().get(key)

    async def list_keys(self, prefix: str) -> list[str]:
        self.lists += 1
        return await super().list_keys(prefix)


def record(
    item_id: str = "csv-report", version: str = "1.0.0", *, digest: str = "a", **fields: Any
) -> VersionRecord:
    manifest = Manifest.model_validate(
        {"id": item_id, "version": version, "title": item_id.title(), "entrypoint": "main:run", **fields}
    )
    return VersionRecord(
        item_id=item_id,
        version=version,
        digest=f"sha256:{digest * 64}",
        created_at=datetime(2026, 1, 31, tzinfo=UTC),
        source={"kind": "folder", "path": "/items"},
        manifest=manifest,
        input_schema={"type": "object"},
    )


async def publish(registry: Registry, *versions: str, item_id: str = "csv-report", **fields: Any) -> None:
    for version in versions:
        await registry.publish(record(item_id, version, **fields))


async def test_published_version_reads_back_as_it_was_in_another_process(storage: Storage) -> None:
    await Registry(storage).publish(record(tags=["finance"]))

    assert await Registry(storage).get("csv-report", "1.0.0") == record(tags=["finance"])
    assert b'"schema":{"type":"object"}' in await storage.get("registry/csv-report/1.0.0.json")


async def test_publishing_the_same_files_again_changes_nothing(registry: Registry) -> None:
    assert await registry.publish(record()) is True
    assert await registry.publish(record()) is False


async def test_publishing_other_files_as_the_same_version_is_a_conflict(registry: Registry) -> None:
    await registry.publish(record())

    with pytest.raises(ConflictError, match="raise the version"):
        await registry.publish(record(digest="b"))

    assert (await registry.get("csv-report", "1.0.0")).digest == "sha256:" + "a" * 64


async def test_versions_come_newest_first_by_precedence(registry: Registry) -> None:
    await publish(registry, "1.9.0", "1.10.0", "2.0.0-rc.1", "1.10.0-beta", "2.0.0-rc.11", "2.0.0-rc.2")

    versions = [each.version for each in await registry.versions("csv-report")]

    assert versions == ["2.0.0-rc.11", "2.0.0-rc.2", "2.0.0-rc.1", "1.10.0", "1.10.0-beta", "1.9.0"]


async def test_latest_is_the_newest_stable_version(registry: Registry) -> None:
    await publish(registry, "1.0.0", "1.1.0", "2.0.0-rc.1")
    await publish(registry, "1.2.0", channel="beta")

    assert (await registry.get("csv-report", "latest")).version == "1.1.0"


async def test_latest_is_the_newest_pre_release_when_none_is_stable(registry: Registry) -> None:
    await publish(registry, "1.0.0-rc.1", "1.0.0-rc.2")

    assert (await registry.get("csv-report", "latest")).version == "1.0.0-rc.2"


@pytest.mark.parametrize("item_id", ["csv-reprot", "../csv-report", "", "csv", "x" * 5000])
async def test_unknown_item_is_not_found(registry: Registry, item_id: str) -> None:
    await publish(registry, "1.0.0")

    with pytest.raises(NotFoundError):
        await registry.versions(item_id)
    with pytest.raises(NotFoundError):
        await registry.get(item_id, "1.0.0")


async def test_unknown_item_names_its_neighbours(registry: Registry) -> None:
    await publish(registry, "1.0.0")

    with pytest.raises(NotFoundError, match=r"'csv-reprot'\. Did you mean csv-report\?"):
        await registry.get("csv-reprot", "latest")


@pytest.mark.parametrize("version", ["1.0.1", "v1.0.0", "../1.0.0", "1.0", "", "1.0.0\n", "9" * 5000])
async def test_unknown_version_is_not_found(registry: Registry, version: str) -> None:
    await publish(registry, "1.0.0")

    with pytest.raises(NotFoundError, match=r"the latest is 1\.0\.0"):
        await registry.get("csv-report", version)


async def test_items_are_listed_by_title_with_what_the_latest_says(registry: Registry) -> None:
    await publish(registry, "1.0.0", item_id="zebra", title="alpha")
    await publish(registry, "1.0.0", title="Old name")
    await publish(registry, "1.1.0", title="Beta", tags=["a"], owner="Team")

    first, second = await registry.items()

    assert (first.item_id, first.title) == ("zebra", "alpha")
    assert second == ItemSummary(
        item_id="csv-report",
        title="Beta",
        description="",
        tags=("a",),
        icon=None,
        owner="Team",
        latest="1.1.0",
        versions=("1.1.0", "1.0.0"),
    )


async def test_listing_reads_only_documents_not_seen_before(store_folder: Path) -> None:
    storage = CountingStorage(store_folder)
    await publish(Registry(storage), "1.0.0", "1.1.0")
    registry = Registry(storage)
    await registry.items()
    assert (storage.reads, storage.lists) == (2, 1)

    await registry.items()
    assert (storage.reads, storage.lists) == (2, 2)

    await publish(Registry(storage), "1.2.0")
    (item,) = await registry.items()
    assert item.latest == "1.2.0"
    assert (storage.reads, storage.lists) == (3, 3)


async def test_version_that_is_gone_from_the_store_is_no_longer_listed(
    registry: Registry, storage: Storage
) -> None:
    await publish(registry, "1.0.0", "1.1.0")
    await storage.delete("registry/csv-report/1.1.0.json")

    assert [each.latest for each in await registry.items()] == ["1.0.0"]


async def test_document_that_cannot_be_read_hides_no_other(registry: Registry, storage: Storage) -> None:
    await publish(registry, "1.0.0")
    await storage.put("registry/broken/1.0.0.json", b"{")

    assert [each.item_id for each in await registry.items()] == ["csv-report"]
    with pytest.raises(NotFoundError):
        await registry.versions("broken")


async def test_keys_of_a_newer_portal_are_passed_over(registry: Registry, storage: Storage) -> None:
    content = record().model_dump_json(by_alias=True).replace('{"id"', '{"new": 1, "id"')
    await storage.put("registry/csv-report/1.0.0.json", content.replace("{", '{"newer": 2, ', 1).encode())

    assert await registry.get("csv-report", "1.0.0") == record()


@pytest.mark.parametrize(
    ("text", "tag", "expected"),
    [
        (None, None, ["csv-report", "mail"]),
        ("", "", ["csv-report", "mail"]),
        ("CSV", None, ["csv-report"]),
        ("großer", None, ["mail"]),
        ("GROSSER", None, ["mail"]),
        ("finance", None, ["csv-report"]),
        ("team a", None, ["mail"]),
        (None, "Finance", ["csv-report"]),
        (None, "fin", []),
        ("mail", "finance", []),
    ],
)
def test_search_finds_text_and_tags_in_any_case(
    text: str | None, tag: str | None, expected: list[str]
) -> None:
    blank = {"icon": None, "latest": "1.0.0", "versions": ("1.0.0",)}
    items = [
        ItemSummary(item_id="csv-report", title="A", description="", tags=("Finance",), owner=None, **blank),
        ItemSummary(
            item_id="mail", title="B", description="Großer Versand", tags=(), owner="Team A", **blank
        ),
    ]

    assert [item.item_id for item in search(items, text=text, tag=tag)] == expected
