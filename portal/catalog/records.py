"""What the registry keeps of each version, and what the catalog shows of each item."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import semver
from pydantic import BaseModel, ConfigDict, Field

from portal.catalog.manifest import Manifest


class VersionRecord(BaseModel):
    """One published version of an item. Never changed once it is published."""

    model_config = ConfigDict(frozen=True, extra="ignore", populate_by_name=True)

    item_id: str = Field(description="The item.")
    version: str = Field(description="Its semantic version.")
    digest: str = Field(description="`sha256:<hex>` of the file tree; it names the bundle.")
    created_at: datetime = Field(description="When it was published, in UTC.")
    source: dict[str, Any] = Field(description="Where it came from: `kind`, and what that kind needs.")
    manifest: Manifest = Field(description="What the author declared.")
    input_schema: dict[str, Any] = Field(alias="schema", description="JSON Schema of the inputs.")
    ui_schema: dict[str, Any] = Field(default_factory=dict, description="How the form shows them.")
    readme: str = Field(default="", description="Markdown for people.")
    icon: str | None = Field(default=None, description="SVG text, or an emoji.")
    has_requirements: bool = Field(default=False, description="Whether packages must be installed to run it.")

    @property
    def is_stable(self) -> bool:
        """Whether it is for everyone: no pre-release by its number, no `beta` by its channel."""
        return semver.Version.parse(self.version).prerelease is None and self.manifest.channel == "stable"


class ItemSummary(BaseModel):
    """One line of the catalog; all but `versions` is as the latest version says."""

    model_config = ConfigDict(frozen=True)

    item_id: str = Field(description="The item.")
    title: str = Field(description="What people read.")
    description: str = Field(description="A sentence or two.")
    tags: tuple[str, ...] = Field(description="Words to find it by.")
    icon: str | None = Field(description="SVG text, or an emoji.")
    owner: str | None = Field(description="Whom to ask.")
    latest: str = Field(description="The newest stable version, or the newest of all if none is stable.")
    versions: tuple[str, ...] = Field(description="Every version, newest first.")


def newest_first(records: list[VersionRecord]) -> list[VersionRecord]:
    """Return versions of one item in descending order of precedence; equal ones by their build's name."""
    return sorted(records, key=lambda each: (semver.Version.parse(each.version), each.version), reverse=True)


def latest_of(records: list[VersionRecord]) -> VersionRecord:
    """Return the latest of one item's versions, which are `newest_first` and not none."""
    return next((each for each in records if each.is_stable), records[0])


def summary_of(records: list[VersionRecord]) -> ItemSummary:
    """Return the catalog's line for one item's versions, which are `newest_first` and not none."""
    latest = latest_of(records)
    return ItemSummary(
        item_id=latest.item_id,
        title=latest.manifest.title,
        description=latest.manifest.description,
        tags=latest.manifest.tags,
        icon=latest.icon,
        owner=latest.manifest.owner,
        latest=latest.version,
        versions=tuple(each.version for each in records),
    )
