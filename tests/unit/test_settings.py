"""Settings: where they come from, what is refused and how that is said."""

from __future__ import annotations

from pathlib import Path

import pytest

from portal.catalog.settings import CatalogSettings
from portal.errors import ConfigurationError
from portal.settings import UNIX_SOCKET_PATH_MAX_BYTES, Settings, load_settings

# Every variable, with a text for it and the value that it becomes.
VARIABLES: dict[str, tuple[str, object]] = {
    "host": ("0.0.0.0", "0.0.0.0"),  # noqa: S104 - not bound
    "port": ("8123", 8123),
    "public_url": ("https://portal.example", "https://portal.example"),
    "data_dir": ("/srv/portal", Path("/srv/portal")),
    "workers": ("3", 3),
    "worker_slots": ("50", 50),
    "worker_grace_s": ("2.5", 2.5),
    "log_level": ("DEBUG", "DEBUG"),
    "log_format": ("json", "json"),
    "redis_url": ("redis://r:6379/1", "redis://r:6379/1"),
    "database_url": ("postgresql://d/p", "postgresql://d/p"),
    "storage_url": ("s3://b/p", "s3://b/p"),
    "redis_prefix": ("mine:", "mine:"),
    "live_ttl_s": ("60", 60),
    "feed_max_messages": ("500", 500),
    "upload_max_bytes": ("1000", 1000),
    "upload_ttl_s": ("30", 30),
    "body_max_bytes": ("2048", 2048),
    "admin_token": ("sixteen-letters!", "sixteen-letters!"),
    "secret_key": ("a key", "a key"),
    "session_ttl_s": ("100", 100),
    "sign_in_link_ttl_s": ("200", 200),
    "web_dir": ("/srv/web", Path("/srv/web")),
}


@pytest.fixture(autouse=True)
def _without_env_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def plain(value: object) -> object:
    return value.get_secret_value() if hasattr(value, "get_secret_value") else value


def test_table_of_this_test_knows_every_variable() -> None:
    assert set(VARIABLES) == set(Settings.model_fields)


@pytest.mark.parametrize("name", VARIABLES)
def test_variable_of_the_environment_becomes_the_setting(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    text, value = VARIABLES[name]
    monkeypatch.setenv(f"PORTAL_{name.upper()}", text)
    assert plain(getattr(load_settings(), name)) == value


def test_line_of_env_file_becomes_the_setting(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("PORTAL_PORT=8124\n")
    assert load_settings().port == 8124


def test_environment_goes_before_env_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / ".env").write_text("PORTAL_PORT=8124\n")
    monkeypatch.setenv("PORTAL_PORT", "8125")
    assert load_settings().port == 8125


def test_command_line_goes_before_environment_and_left_out_option_does_not(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("PORTAL_PORT", "8125")
    monkeypatch.setenv("PORTAL_HOST", "::1")
    settings = load_settings(port=8126, host=None)
    assert (settings.port, settings.host) == (8126, "::1")


def test_defaults_are_those_of_the_contract(tmp_path: Path) -> None:
    settings = load_settings()
    assert (settings.host, settings.port, settings.workers) == ("127.0.0.1", 8000, 1)
    assert settings.data_dir == tmp_path / "data"
    assert CatalogSettings().roots == (tmp_path / "items",)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("PORT", "eighty"),
        ("PORT", "70000"),
        ("WORKERS", "-1"),
        ("WORKER_SLOTS", "0"),
        ("WORKER_GRACE_S", "0"),
        ("LOG_LEVEL", "LOUD"),
        ("LOG_FORMAT", "xml"),
        ("LIVE_TTL_S", "never"),
        ("FEED_MAX_MESSAGES", "1"),
        ("UPLOAD_MAX_BYTES", "0"),
        ("UPLOAD_TTL_S", "-5"),
        ("BODY_MAX_BYTES", "1"),
        ("SESSION_TTL_S", "0"),
        ("SIGN_IN_LINK_TTL_S", "x"),
    ],
)
def test_wrong_value_is_one_sentence_that_names_the_variable_and_the_value(
    name: str, text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(f"PORTAL_{name}", text)
    with pytest.raises(ConfigurationError) as caught:
        load_settings()
    message = str(caught.value)
    assert message.startswith(f"PORTAL_{name}: ")
    assert repr(text) in message
    assert "\n" not in message


def test_each_wrong_value_has_its_own_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORTAL_PORT", "x")
    monkeypatch.setenv("PORTAL_WORKERS", "y")
    with pytest.raises(ConfigurationError) as caught:
        load_settings()
    assert [line.partition(":")[0] for line in str(caught.value).splitlines()] == [
        "PORTAL_PORT",
        "PORTAL_WORKERS",
    ]


@pytest.mark.parametrize("token", ["Xq7", "fifteen-letters"])
def test_admin_token_of_less_than_sixteen_characters_is_refused_without_showing_it(
    token: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PORTAL_ADMIN_TOKEN", token)
    with pytest.raises(ConfigurationError, match="PORTAL_ADMIN_TOKEN must have at least 16") as caught:
        load_settings()
    assert token not in str(caught.value)


@pytest.mark.parametrize("name", ["admin_token", "redis_url", "web_dir"])
def test_empty_variable_is_as_good_as_none(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(f"PORTAL_{name.upper()}", "")
    assert getattr(load_settings(), name) is None


def test_secrets_do_not_appear_in_the_settings_text() -> None:
    settings = load_settings(admin_token="sixteen-letters!", secret_key="the key of keys")
    assert "sixteen-letters!" not in repr(settings)
    assert "the key of keys" not in repr(settings)


def test_data_folder_is_absolute_so_that_no_change_of_directory_moves_it(tmp_path: Path) -> None:
    assert load_settings(data_dir="x/../y").data_dir == tmp_path / "y"


def test_data_folder_may_start_with_the_home_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    assert load_settings(data_dir="~/portal").data_dir == tmp_path / "home" / "portal"


def test_embedded_redis_socket_is_in_a_data_folder_with_a_short_path() -> None:
    assert load_settings(data_dir="/srv/p").embedded_redis_socket == Path("/srv/p/redis/redis.sock")


def test_embedded_redis_socket_of_a_long_data_folder_is_short_and_always_the_same() -> None:
    long, other = Path("/srv") / ("a" * 200), Path("/srv") / ("b" * 200)
    socket = load_settings(data_dir=long).embedded_redis_socket
    assert len(str(socket).encode()) <= UNIX_SOCKET_PATH_MAX_BYTES
    assert socket == load_settings(data_dir=long).embedded_redis_socket
    assert socket != load_settings(data_dir=other).embedded_redis_socket


def test_redis_address_is_the_configured_one_or_else_the_embedded_socket() -> None:
    assert load_settings(redis_url="redis://r").redis_address == "redis://r"
    assert load_settings(data_dir="/srv/p").redis_address == "unix:///srv/p/redis/redis.sock"


def test_settings_reference_lists_every_setting_of_portal_and_catalog_with_its_meaning() -> None:
    page = (Path(__file__).parents[2] / "docs" / "settings.md").read_text()
    for kind in (Settings, CatalogSettings):
        for name, field in kind.model_fields.items():
            assert f"| `PORTAL_{name.upper()}` |" in page
            assert field.description is not None
            assert field.description in page


def test_reading_settings_makes_no_folder(tmp_path: Path) -> None:
    load_settings(data_dir=tmp_path / "data")
    assert not (tmp_path / "data").exists()
