"""The tables. `portal/db/migrations` holds how they came to be; a test compares the two."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    DateTime,
    Dialect,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    TypeDecorator,
)

metadata = MetaData(
    naming_convention={"ix": "ix_%(table_name)s_%(column_0_name)s", "pk": "pk_%(table_name)s"},
)


class UtcDateTime(TypeDecorator[datetime]):
    """A moment: aware in Python, naive UTC in the database, the same on SQLite and PostgreSQL."""

    impl = DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Turn an aware moment into naive UTC."""
        return None if value is None else value.astimezone(UTC).replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Turn naive UTC into an aware moment."""
        return None if value is None else value.replace(tzinfo=UTC)


# none_as_null: a missing result is NULL, not the JSON text "null". Not PostgreSQL's JSONB: it would forget
# the order of keys, which authors choose for their readers.
Json = JSON(none_as_null=True)

jobs = Table(
    "jobs",
    metadata,
    Column("job_id", String(36), primary_key=True),
    Column("type", String(200), nullable=False),
    Column("task", String(100), nullable=False),
    Column("state", String(16), nullable=False),
    Column("progress", Integer, nullable=False),
    Column("message", Text, nullable=False),
    Column("parameters", Json, nullable=False),
    Column("sealed_parameters", LargeBinary),
    Column("result", Json),
    Column("error", Json),
    Column("item_version", String(100)),
    Column("item_digest", String(80)),
    Column("requested_by", String(200), nullable=False),
    Column("attempt", Integer, nullable=False),
    Column("max_attempts", Integer, nullable=False),
    Column("retry_of", String(36)),
    Column("artifacts", Json, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("started_at", UtcDateTime),
    Column("finished_at", UtcDateTime),
    Column("updated_at", UtcDateTime, nullable=False),
    Index("ix_jobs_created_at", "created_at", "job_id"),
    Index("ix_jobs_state", "state", "created_at"),
    Index("ix_jobs_type", "type", "created_at"),
)

uploads = Table(
    "uploads",
    metadata,
    Column("upload_id", String(36), primary_key=True),
    Column("name", String(255), nullable=False),
    Column("size", BigInteger, nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("uploaded_by", String(200), nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("used", Boolean, nullable=False),
    Index("ix_uploads_unused", "used", "created_at"),
)

builds = Table(
    "builds",
    metadata,
    Column("digest", String(80), primary_key=True),
    Column("status", String(16), nullable=False),
    Column("message", Text, nullable=False),
    Column("updated_at", UtcDateTime, nullable=False),
)

sessions = Table(
    "sessions",
    metadata,
    Column("token_hash", String(64), primary_key=True),
    Column("name", String(200), nullable=False),
    Column("roles", Json, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("expires_at", UtcDateTime, nullable=False),
)

sign_in_links = Table(
    "sign_in_links",
    metadata,
    Column("token_hash", String(64), primary_key=True),
    Column("name", String(200), nullable=False),
    Column("roles", Json, nullable=False),
    Column("expires_at", UtcDateTime, nullable=False),
)
