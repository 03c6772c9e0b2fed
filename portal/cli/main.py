"""`portal`: the one command of the package. Each subcommand imports what it needs when it runs."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from portal import __version__
from portal.errors import PortalError
from portal.settings import Settings, checked, load_settings


def _settings_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options that stand for settings; left out, the environment decides."""
    options = (
        click.option("--host", help="Address to listen on.  [env: PORTAL_HOST; default: 127.0.0.1]"),
        click.option("--port", type=int, help="Port to listen on.  [env: PORTAL_PORT; default: 8000]"),
        click.option(
            "--data-dir",
            type=click.Path(path_type=Path),
            help="Where everything is kept.  [env: PORTAL_DATA_DIR; default: ./data]",
        ),
    )
    for option in reversed(options):
        command = option(command)
    return command


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="portal")
def portal() -> None:
    """Publish functions as catalog items and let everyone run them from a form."""


@portal.command()
@_settings_options
@click.option("--workers", type=int, help="Worker processes.  [env: PORTAL_WORKERS; default: 1]")
@click.option("--dev", is_flag=True, help="Reload the API on changes and start Vite on port 5173.")
def up(dev: bool, **options: Any) -> None:
    """Start the whole portal on this machine: API, web app, workers, and Redis when none is configured."""
    from portal.cli.up import run_all

    _configured(settings := load_settings(**options))
    run_all(settings, dev=dev)


@portal.command()
@_settings_options
@click.option("--reload", "reloading", is_flag=True, help="Start anew when the code changes.")
def api(reloading: bool, **options: Any) -> None:
    """Serve the API and the web app."""
    from portal.cli.api import serve

    _configured(settings := load_settings(**options))
    serve(settings, reloading=reloading)


@portal.command()
@_settings_options
def worker(**options: Any) -> None:
    """Run jobs until stopped."""
    import uvloop

    from portal.catalog.settings import CatalogSettings
    from portal.worker.worker_settings import run_worker

    _configured(settings := load_settings(**options))
    uvloop.run(run_worker(settings, checked(CatalogSettings)))


@portal.command("sign-in-link")
@_settings_options
def sign_in_link(**options: Any) -> None:
    """Print a link that signs the administrator in, once."""
    import asyncio

    from portal.cli.sign_in import create_sign_in_link

    _configured(settings := load_settings(**options))
    click.echo(asyncio.run(create_sign_in_link(settings)))


@portal.command()
def openapi() -> None:
    """Print the OpenAPI document of the API."""
    import json

    from portal.api.app import create_app, openapi_document
    from portal.catalog.settings import CatalogSettings

    app = create_app(Settings(), CatalogSettings())
    click.echo(json.dumps(openapi_document(app), indent=2, sort_keys=True, ensure_ascii=False))


def _configured(settings: Settings) -> None:
    from portal.catalog.settings import CatalogSettings
    from portal.logs import configure_logs

    checked(CatalogSettings)  # every process needs them: say here what is wrong with them

    configure_logs(settings.log_level, settings.log_format)


def main() -> None:
    """Run the command; what the user can mend is one sentence, not a traceback."""
    try:
        portal(prog_name="portal")
    except PortalError as error:
        click.echo(f"portal: {error}", err=True)
        sys.exit(1)


if __name__ == "__main__":
    main()
