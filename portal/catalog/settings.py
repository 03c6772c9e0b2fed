"""The catalog's settings: where local items stand and how large a bundle may be."""

from __future__ import annotations

from pathlib import Path

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

from portal.catalog.tree import BundleLimits

MEBIBYTE = 1024 * 1024


class CatalogSettings(BaseSettings):
    """Settings of the catalog, from `PORTAL_*` environment variables and a `.env` file."""

    model_config = SettingsConfigDict(
        env_prefix="PORTAL_", env_file=".env", env_ignore_empty=True, extra="ignore", frozen=True
    )

    catalog_root: str = Field(
        default="./items",
        description="Folders that items may be imported from, separated by `:`. "
        "At start every item in them that is not published yet is published.",
    )
    bundle_max_files: int = Field(default=2000, ge=1, description="Most files one bundle may hold.")
    bundle_max_bytes: int = Field(
        default=64 * MEBIBYTE, ge=1, description="Most bytes the files of one bundle may add up to, unpacked."
    )
    bundle_max_file_bytes: int = Field(
        default=16 * MEBIBYTE, ge=1, description="Most bytes one file of a bundle may have."
    )

    @property
    def roots(self) -> tuple[Path, ...]:
        """The folders of `catalog_root`, absolute, links resolved; they need not exist."""
        return tuple(
            Path(part).expanduser().resolve() for part in self.catalog_root.split(":") if part.strip()
        )

    @property
    def limits(self) -> BundleLimits:
        """The `bundle_max_*` settings as one value."""
        return BundleLimits(
            max_files=self.bundle_max_files,
            max_bytes=self.bundle_max_bytes,
            max_file_bytes=self.bundle_max_file_bytes,
        )
