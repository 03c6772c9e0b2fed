"""Parts of `portal up`: the port, the lock on the data folder, addresses, the embedded Redis."""

from __future__ import annotations

import socket
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from portal.cli.embedded_redis import embedded_redis_command
from portal.cli.sign_in import create_sign_in_link
from portal.cli.up import check_port, exclusive
from portal.errors import ConfigurationError
from portal.identity.callers import FIRST_ADMINISTRATOR
from portal.services import Services
from portal.settings import Settings, load_settings


@pytest.fixture
def taken_port() -> Iterator[int]:
    with socket.socket() as holder:
        holder.bind(("127.0.0.1", 0))
        holder.listen()
        yield holder.getsockname()[1]


def test_free_port_is_fine(taken_port: int) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        free = probe.getsockname()[1]
    assert free != taken_port
    check_port("127.0.0.1", free)


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
def test_taken_port_is_refused_with_what_to_do(host: str, taken_port: int) -> None:
    with pytest.raises(ConfigurationError) as caught:
        check_port(host, taken_port)
    message = str(caught.value)
    assert f"{host}:{taken_port}: address already in use" in message
    assert "PORTAL_PORT" in message
    assert "\n" not in message


def test_host_that_is_none_is_refused() -> None:
    with pytest.raises(ConfigurationError, match=r"can't listen on nowhere\.invalid:8000"):
        check_port("nowhere.invalid", 8000)


def test_data_folder_is_made_for_its_owner_and_held_for_one(tmp_path: Path) -> None:
    folder = tmp_path / "new" / "data"
    with exclusive(folder):
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
        with (
            pytest.raises(ConfigurationError, match=f"Another portal is running .*{folder}"),
            exclusive(folder),
        ):
            pass
    with exclusive(folder):
        pass


def test_data_folder_that_can_not_be_made_is_refused_with_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with (
        pytest.raises(ConfigurationError, match=r"can't be written: .*PORTAL_DATA_DIR"),
        exclusive(tmp_path / "file" / "data"),
    ):
        pass


@pytest.mark.parametrize(
    ("host", "url"),
    [
        ("127.0.0.1", "http://127.0.0.1:8000"),
        ("0.0.0.0", "http://127.0.0.1:8000"),  # noqa: S104 - not bound
        ("localhost", "http://localhost:8000"),
        ("::1", "http://[::1]:8000"),
    ],
)
def test_address_is_one_that_this_machine_can_open(host: str, url: str) -> None:
    assert load_settings(host=host).url == url


def test_address_of_a_portal_on_all_ipv6_addresses_is_one_that_answers() -> None:
    assert load_settings(host="::").url in ("http://[::1]:8000", "http://127.0.0.1:8000")


async def test_sign_in_link_leads_to_the_web_app_and_keeps_its_token_out_of_logs(
    settings: Settings, services: Services
) -> None:
    link = await create_sign_in_link(settings)
    address, _, token = link.partition("#token=")
    assert address == "http://127.0.0.1:8000/ui/sign-in"
    assert await services.sessions.redeem_link(token) == FIRST_ADMINISTRATOR


def test_embedded_redis_keeps_every_write_and_lets_in_its_owner_only(tmp_path: Path) -> None:
    settings = load_settings(data_dir=tmp_path / "data")
    command = embedded_redis_command(settings)
    options = dict(zip(command[1::2], command[2::2], strict=True))
    assert Path(command[0]).is_file()
    assert (options["--port"], options["--unixsocketperm"]) == ("0", "700")
    assert (options["--appendonly"], options["--appendfsync"]) == ("yes", "always")
    assert options["--maxmemory-policy"] == "noeviction"
    assert options["--unixsocket"] == str(settings.embedded_redis_socket)
    assert stat.S_IMODE((tmp_path / "data" / "redis").stat().st_mode) == 0o700
