"""Settings of every process, read from `PORTAL_*` environment variables and a `.env` file.

There is no global instance: each process builds its own once, at its edge, and passes it down.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
from pathlib import Path
from typing import Annotated, Any, Literal, TypeVar

from pydantic import Field, SecretStr, ValidationError, ValidationInfo, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from portal.errors import ConfigurationError

UNIX_SOCKET_PATH_MAX_BYTES = 100  # the kernel's limit is 107 on Linux and 103 on macOS
Seconds = Annotated[float, Field(gt=0)]


_SCHEMES = {
    "redis_url": ("redis://", "rediss://", "unix://"),
    "database_url": ("postgresql://", "postgres://", "sqlite:///"),
    "storage_url": ("s3://", "file://"),
}


class Settings(BaseSettings):
    """What the portal's processes have in common; every field is `PORTAL_<NAME>` in the environment."""

    model_config = SettingsConfigDict(
        env_prefix="PORTAL_", env_file=".env", env_ignore_empty=True, extra="ignore", frozen=True
    )

    host: str = Field("127.0.0.1", description="Address the API listens on. Loopback unless you change it.")
    port: int = Field(8000, ge=0, le=65535, description="Port the API listens on.")
    public_url: str | None = Field(
        None,
        pattern=r"^https?://[^/\s]+$",
        description="Address under which people reach the portal, such as `https://portal.example.org`, "
        "when it is not the one it listens on. Sign-in links point there.",
    )
    data_dir: Path = Field(
        Path("./data"), description="Folder of everything the portal keeps on this machine."
    )
    workers: int = Field(1, ge=0, le=64, description="Worker processes that `portal up` starts.")
    worker_slots: int = Field(10, ge=1, le=1000, description="Jobs that one worker runs at once.")
    worker_grace_s: Seconds = Field(
        10, description="Seconds a stopping worker gives its running jobs before it ends them."
    )
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field("INFO", description="Least level logged.")
    log_format: Literal["console", "json"] = Field("console", description="Lines for people, or JSON lines.")

    redis_url: str | None = Field(
        None,
        description="`redis://`, `rediss://` or `unix://` URL. Unset: an embedded server in the data folder.",
    )
    database_url: str | None = Field(
        None, description="`postgresql://` or `sqlite:///` URL. Unset: SQLite in the data folder."
    )
    storage_url: str | None = Field(
        None, description="`s3://bucket/prefix` or `file:///path`. Unset: a folder in the data folder."
    )

    redis_prefix: str = Field("portal:", description="Prefix of the portal's own Redis keys and channels.")
    live_ttl_s: Seconds = Field(
        86_400,
        description="Seconds after its last change that a job's live hash and event stream stay in Redis.",
    )
    feed_max_messages: int = Field(
        10_000, ge=100, description="Job changes kept for sockets that come back and ask what they missed."
    )
    upload_max_bytes: int = Field(256 * 1024 * 1024, ge=1, description="Largest upload, in bytes.")
    upload_ttl_s: Seconds = Field(86_400, description="Seconds an upload is kept that no job uses.")
    body_max_bytes: int = Field(1024 * 1024, ge=1024, description="Largest JSON request body, in bytes.")

    admin_token: SecretStr | None = Field(
        None,
        description="Accepted as an administrator's bearer token when set; at least 16 characters.",
    )
    secret_key: SecretStr | None = Field(
        None,
        description="Key that seals password inputs at rest. Unset: generated once into the data folder.",
    )
    session_ttl_s: Seconds = Field(
        7 * 86_400, description="Seconds after which a browser has to sign in again."
    )
    sign_in_link_ttl_s: Seconds = Field(
        86_400, description="Seconds for which a printed sign-in link is good."
    )

    web_dir: Path | None = Field(
        None, description="Folder of the built web app. Unset: found beside the code."
    )

    @property
    def url(self) -> str:
        """The address under which this machine reaches the API."""
        host = "127.0.0.1" if self.host in ("0.0.0.0", "::") else self.host  # noqa: S104 - compared only
        return f"http://{f'[{host}]' if ':' in host else host}:{self.port}"

    @field_validator("redis_url", "database_url", "storage_url")
    @classmethod
    def _known_scheme(cls, url: str | None, info: ValidationInfo) -> str | None:
        """Refuse what no process could open, before any of them is started."""
        known = _SCHEMES[str(info.field_name)]
        if url is not None and not url.startswith(known):
            raise ValueError(f"must start with {', '.join(known)}")
        return url

    @property
    def embedded_redis_socket(self) -> Path:
        """Where the embedded Redis listens: in the data folder, unless that path is too long for a socket."""
        beside_data = self.data_dir / "redis" / "redis.sock"
        if len(str(beside_data).encode()) <= UNIX_SOCKET_PATH_MAX_BYTES:
            return beside_data
        name = hashlib.sha256(str(self.data_dir).encode()).hexdigest()[:16]
        return Path(tempfile.gettempdir()) / f"portal-{os.getuid()}-{name}" / "redis.sock"

    @property
    def redis_address(self) -> str:
        """The URL of the Redis to use: the configured one, or the embedded server's socket."""
        return self.redis_url or f"unix://{self.embedded_redis_socket}"

    def absolute(self) -> Settings:
        """Return the same settings with a data folder that no later change of directory can move."""
        return self.model_copy(update={"data_dir": self.data_dir.expanduser().resolve()})


def load_settings(**overrides: Any) -> Settings:
    """Read the settings; raise `ConfigurationError` that names each variable and what is wrong with it.

    `overrides` are field values (from command-line options); None means "not given".
    """
    settings = checked(Settings, **overrides).absolute()
    if settings.admin_token is not None and len(settings.admin_token.get_secret_value()) < 16:
        raise ConfigurationError("PORTAL_ADMIN_TOKEN must have at least 16 characters.")
    return settings


SomeSettings = TypeVar("SomeSettings", bound=BaseSettings)


def checked(kind: type[SomeSettings], **overrides: Any) -> SomeSettings:
    """Read settings of any kind, with the same errors as `load_settings`."""
    try:
        return kind(**{name: value for name, value in overrides.items() if value is not None})
    except ValidationError as error:
        raise ConfigurationError(_explain(error)) from None


def _explain(error: ValidationError) -> str:
    return "\n".join(
        _sentence(str(part["loc"][0]), part["msg"].removeprefix("Value error, "), part["input"])
        for part in error.errors()
    )


def _sentence(name: str, message: str, value: object) -> str:
    """Say what is wrong; a value that may hold a password is not repeated."""
    shown = "" if name.endswith(("_url", "_token", "_key")) else f" (it is {value!r})"
    return f"PORTAL_{name.upper()}: {message}{shown}."
