"""How the builds of items' dependencies stand, by the bundle's digest."""

from __future__ import annotations

from datetime import UTC, datetime
from enum import StrEnum

from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncEngine

from portal.db.tables import builds


class BuildStatus(StrEnum):
    """Where a build stands."""

    NONE = "none"
    PENDING = "pending"
    READY = "ready"
    FAILED = "failed"


class Build(BaseModel):
    """The build of a version's dependencies."""

    model_config = ConfigDict(frozen=True)

    status: BuildStatus = Field(description="`none`: the item has no dependencies.")
    message: str = Field("", description="What went wrong, when it failed.")


class BuildStore:
    """Builds in the database."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    async def get(self, digest: str) -> Build | None:
        """Return the build for the bundle; None when none was ever asked for."""
        query = select(builds.c.status, builds.c.message).where(builds.c.digest == digest)
        async with self._engine.connect() as connection:
            row = (await connection.execute(query)).mappings().first()
        return None if row is None else Build(**row)

    async def put(self, digest: str, build: Build) -> None:
        """Record how the build stands now."""
        values = {"status": build.status, "message": build.message, "updated_at": datetime.now(UTC)}
        try:
            async with self._engine.begin() as connection:
                await connection.execute(insert(builds).values(digest=digest, **values))
        except IntegrityError:
            async with self._engine.begin() as connection:
                await connection.execute(update(builds).where(builds.c.digest == digest).values(**values))
