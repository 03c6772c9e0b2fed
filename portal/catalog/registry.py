"""The registry: one JSON document in the store for each published version."""

from __future__ import annotations

import asyncio
import difflib
import logging
import re
from collections import defaultdict
from collections.abc import Iterable

from pydantic import ValidationError

from portal.catalog.manifest_types import ITEM_ID_PATTERN, is_semantic_version
from portal.catalog.records import ItemSummary, VersionRecord, latest_of, newest_first, summary_of
from portal.errors import ConflictError, NotFoundError
from portal.storage import Storage

LATEST = "latest"
MAX_ID_LENGTH = 63

_FOLDER = "registry"
_PARALLEL_READS = 16
_log = logging.getLogger(__name__)


class Registry:
    """The published versions. Documents never change, so each is read once in a process."""

    def __init__(self, storage: Storage) -> None:
        self._storage = storage
        self._documents: dict[str, VersionRecord] = {}
        self._listed_keys: list[str] = []
        self._listed_items: list[ItemSummary] = []

    async def publish(self, record: VersionRecord) -> bool:
        """Keep a new version; return True when it is new, False when the very same one stood there.

        Raise `ConflictError` when that version was published with other files.
        """
        key = _key(record.item_id, record.version)
        content = record.model_dump_json(by_alias=True).encode()
        if await self._storage.create(key, content):
            self._documents[key] = record
            return True
        published = await self._read(key)
        if published.digest == record.digest:
            return False
        raise version_taken(record.item_id, record.version)

    async def versions(self, item_id: str) -> list[VersionRecord]:
        """Return an item's versions, newest first; raise `NotFoundError` when there is no such item."""
        keys = []
        if re.fullmatch(ITEM_ID_PATTERN, item_id):
            keys = await self._storage.list_keys(f"{_FOLDER}/{item_id}")
        records = await self._read_all(keys)
        if not records:
            raise NotFoundError(f"There is no item {item_id!r}.{await self._suggestion(item_id)}")
        return newest_first(records)

    async def get(self, item_id: str, version: str) -> VersionRecord:
        """Return one version of an item; raise `NotFoundError` when there is none.

        `latest` is the newest stable one, or the newest pre-release if none is stable.
        """
        if version != LATEST and is_semantic_version(version) and re.fullmatch(ITEM_ID_PATTERN, item_id):
            try:
                return await self._read(_key(item_id, version))
            except NotFoundError:
                pass
        records = await self.versions(item_id)
        if version != LATEST:
            raise NotFoundError(
                f"{item_id} has no version {version!r}; the latest is {latest_of(records).version}."
            )
        return latest_of(records)

    async def items(self) -> list[ItemSummary]:
        """Return every item, by title."""
        keys = await self._storage.list_keys(_FOLDER)
        if keys != self._listed_keys:
            by_item: defaultdict[str, list[VersionRecord]] = defaultdict(list)
            for record in await self._read_all(keys):
                by_item[record.item_id].append(record)
            summaries = [summary_of(newest_first(records)) for records in by_item.values()]
            self._listed_items = sorted(summaries, key=lambda each: (each.title.casefold(), each.item_id))
            self._listed_keys = keys
        return list(self._listed_items)

    async def _read(self, key: str) -> VersionRecord:
        if key not in self._documents:
            content = await self._storage.get(key)
            self._documents[key] = VersionRecord.model_validate_json(content)
        return self._documents[key]

    async def _read_all(self, keys: list[str]) -> list[VersionRecord]:
        """Return the documents under `keys`; one that can't be read must not hide all the others."""
        limit = asyncio.Semaphore(_PARALLEL_READS)

        async def read(key: str) -> VersionRecord | None:
            async with limit:
                try:
                    return await self._read(key)
                except (ValidationError, NotFoundError) as error:
                    _log.error("unreadable registry document", extra={"key": key, "reason": str(error)})
                    return None

        # Those seen before cost nothing: no task, no wait.
        unseen = [key for key in keys if key not in self._documents]
        await asyncio.gather(*(read(key) for key in unseen))
        return [self._documents[key] for key in keys if key in self._documents]

    async def _suggestion(self, item_id: str) -> str:
        keys = await self._storage.list_keys(_FOLDER)
        known = sorted({key.split("/")[1] for key in keys if key.count("/") == 2})
        near = difflib.get_close_matches(item_id[:MAX_ID_LENGTH], known, n=3)
        return f" Did you mean {' or '.join(near)}?" if near else ""


def version_taken(item_id: str, version: str) -> ConflictError:
    """Return the error for a version that is published with other files."""
    return ConflictError(
        f"{item_id}@{version} is published with other files already. "
        "A published version never changes: raise the version in the manifest."
    )


def search(
    items: Iterable[ItemSummary], *, text: str | None = None, tag: str | None = None
) -> list[ItemSummary]:
    """Return the items that have `text` in id, title, description, owner or a tag, and carry `tag`.

    Upper and lower case don't matter; None and the empty text ask for nothing.
    """
    wanted_text, wanted_tag = (text or "").strip().casefold(), (tag or "").strip().casefold()
    return [
        item
        for item in items
        if any(wanted_text in part.casefold() for part in _searched(item))
        and (not wanted_tag or wanted_tag in (each.casefold() for each in item.tags))
    ]


def _searched(item: ItemSummary) -> tuple[str, ...]:
    return item.item_id, item.title, item.description, item.owner or "", *item.tags


def _key(item_id: str, version: str) -> str:
    return f"{_FOLDER}/{item_id}/{version}.json"
