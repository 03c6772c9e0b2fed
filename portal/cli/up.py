"""`portal up`: the whole portal on one machine, under one supervisor."""

from __future__ import annotations

import asyncio
import contextlib
import fcntl
import os
import signal
import socket
import sys
import urllib.error
import urllib.request
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import click

from portal.cli.embedded_redis import embedded_redis_command
from portal.cli.supervisor import Program, Supervisor
from portal.errors import ConfigurationError, PortalError
from portal.settings import Settings

READY_WITHIN_S = 90.0
POLL_S = 0.05
STOP_MARGIN_S = 5.0
REDIS = "redis"
VITE_HOST, VITE_PORT = "127.0.0.1", 5173


class StartError(PortalError):
    """The portal did not start."""


def run_all(settings: Settings, *, dev: bool) -> None:
    """Run everything until Ctrl-C or SIGTERM."""
    check_port(settings.host, settings.port)
    if dev:
        check_port(VITE_HOST, VITE_PORT, remedy="Stop what uses it.")
    with exclusive(settings.data_dir):
        asyncio.run(_run_all(settings, dev=dev))


OTHER_PORT = "Stop what uses it, or choose another port with --port or PORTAL_PORT."


def check_port(host: str, port: int, *, remedy: str = OTHER_PORT) -> None:
    """Raise `ConfigurationError` unless the API can listen there."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            reason = (error.strerror or str(error)).lower()
            raise ConfigurationError(
                f"The portal can't listen on {host}:{port}: {reason}. {remedy}"
            ) from None


@contextlib.contextmanager
def exclusive(data_dir: Path) -> Iterator[None]:
    """Hold the data folder for this process alone.

    Raises `ConfigurationError` when the folder can't be written or another portal holds it.
    """
    try:
        data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
        lock = (data_dir / "portal.lock").open("w")
    except OSError as error:
        raise ConfigurationError(
            f"The data folder {data_dir} can't be written: {(error.strerror or str(error)).lower()}. "
            "Choose another with --data-dir or PORTAL_DATA_DIR."
        ) from None
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise ConfigurationError(f"Another portal is running on the data folder {data_dir}.") from None
        yield


async def _run_all(settings: Settings, *, dev: bool) -> None:
    stopping = _stop_signals()
    supervisor = Supervisor()
    try:
        if settings.redis_url is None:
            await supervisor.start(Program(REDIS, embedded_redis_command(settings)))
        for program in _programs(settings, dev=dev):
            await supervisor.start(program)
        way_in = await _way_in(settings)
        if await _ready(settings, supervisor, stopping):
            _greet(settings, way_in, dev=dev)
            await stopping.wait()
            click.echo("Stopping …")
    finally:
        await supervisor.stop(*(name for name in supervisor.names() if name != REDIS))
        await supervisor.stop(REDIS)


def _stop_signals() -> asyncio.Event:
    stopping = asyncio.Event()
    for name in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        asyncio.get_running_loop().add_signal_handler(name, stopping.set)
    return stopping


def _programs(settings: Settings, *, dev: bool) -> Iterator[Program]:
    command = [sys.executable, "-m", "portal.cli.main"]
    environment = {
        "PORTAL_HOST": settings.host,
        "PORTAL_PORT": str(settings.port),
        "PORTAL_DATA_DIR": str(settings.data_dir),
    }
    yield Program("api", [*command, "api", *(["--reload"] if dev else [])], environment)
    for number in range(1, settings.workers + 1):
        stop_within_s = settings.worker_grace_s + STOP_MARGIN_S
        yield Program(f"worker-{number}", [*command, "worker"], environment, stop_within_s=stop_within_s)
    if dev:
        proxy = {"PORTAL_API_PROXY": settings.url}
        # Without npm in between, which would leave Vite behind when it is stopped.
        web = Path(__file__).parents[2] / "web"
        vite = [str(web / "node_modules" / ".bin" / "vite"), str(web), "--host", VITE_HOST]
        yield Program("vite", vite, proxy)


async def _ready(settings: Settings, supervisor: Supervisor, stopping: asyncio.Event) -> bool:
    """Wait until the API and the workers are well; False when told to stop meanwhile."""
    url = f"{settings.url}/health" if settings.workers else f"{settings.url}/health/ready"
    async with _cancelled(asyncio.create_task(_until_well(url))) as well:
        stop = asyncio.create_task(stopping.wait())
        waiting: set[asyncio.Future[object]] = {well, stop, supervisor.first_death}  # type: ignore[arg-type]
        async with _cancelled(stop):
            done, _ = await asyncio.wait(waiting, timeout=READY_WITHIN_S, return_when=asyncio.FIRST_COMPLETED)
    if stop in done:
        return False
    if supervisor.first_death in done:
        raise StartError(f"{supervisor.first_death.result()} did not start; its last words stand above.")
    if not done:
        raise StartError(f"The portal was not ready within {READY_WITHIN_S:.0f} s; {url} says why.")
    return True


@contextlib.asynccontextmanager
async def _cancelled(task: asyncio.Task[bool]) -> AsyncIterator[asyncio.Task[bool]]:
    """Cancel the task when the block ends, whatever became of it."""
    try:
        yield task
    finally:
        task.cancel()


async def _until_well(url: str) -> bool:
    well = False
    while not well:
        await asyncio.sleep(POLL_S)
        well = await asyncio.to_thread(_is_well, url)
    return well


def _is_well(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=2) as response:  # noqa: S310 - the portal's own address
            return bool(response.status == 200)
    except (urllib.error.URLError, OSError):
        return False


async def _way_in(settings: Settings) -> str:
    """Return how the administrator signs in; a configured token needs no link beside it."""
    if settings.admin_token is not None:
        return f"{settings.public_url or settings.url}/ui/sign-in with your PORTAL_ADMIN_TOKEN"
    # The database's libraries are loaded while the other processes start, not before.
    from portal.cli.sign_in import create_sign_in_link

    return await create_sign_in_link(settings)


def _greet(settings: Settings, way_in: str, *, dev: bool) -> None:
    click.echo(f"Portal ready: {settings.url}")
    click.echo(f"Sign in: {way_in}")
    if dev:
        click.echo(f"Web app with hot reload: http://{VITE_HOST}:{VITE_PORT}/ui/")
    click.echo(f"Data: {_short(settings.data_dir)}. Ctrl-C stops everything.")
    sys.stdout.flush()


def _short(path: Path) -> str:
    return os.path.relpath(path) if path.is_relative_to(Path.cwd()) else str(path)
