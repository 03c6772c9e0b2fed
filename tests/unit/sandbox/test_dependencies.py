from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from pathlib import Path

import pytest

from portal.errors import PortalError
from portal.sandbox.dependencies import BuildFailedError, EnvironmentCache, environment_key

from .harness import Bench

PIN = b"tomli-w==1.2.0\n"
HASHED = b"""# kept from the lock
tomli-w==1.2.0 \\
    --hash=sha256:188306098d013b691fcadc011abd66727d3c414c571bb01b1a174ba8c983cf90
"""


def names_in(folder: Path) -> list[str]:
    return sorted(os.listdir(folder))


async def test_dependencies_are_built_once_and_importable_in_a_run(bench: Bench, tmp_path: Path) -> None:
    cache = EnvironmentCache(tmp_path / "environments")
    folder, again = await asyncio.gather(cache.ensure(PIN), cache.ensure(PIN))
    assert folder == again == tmp_path / "environments" / environment_key(PIN)
    assert names_in(folder.parent) == [folder.name]
    outcome = await bench.run(
        "import tomli_w\ndef run(inputs, ctx):\n    return tomli_w.dumps(inputs)",
        {"a": 1},
        environment_dir=folder,
    )
    assert outcome.result == "a = 1\n"


async def test_several_processes_may_build_the_same_at_once(tmp_path: Path) -> None:
    caches = [EnvironmentCache(tmp_path) for _ in range(3)]
    folders = await asyncio.gather(*(cache.ensure(PIN) for cache in caches))
    assert len(set(folders)) == 1
    assert names_in(tmp_path) == [folders[0].name]


async def test_hashes_must_match(tmp_path: Path) -> None:
    cache = EnvironmentCache(tmp_path)
    assert (await cache.ensure(HASHED) / "tomli_w").is_dir()
    with pytest.raises(BuildFailedError) as failure:
        await cache.ensure(HASHED.replace(b"188306", b"000000"))
    assert "hash" in str(failure.value).lower()


async def test_nothing_required_is_an_empty_environment(tmp_path: Path) -> None:
    folder = await EnvironmentCache(tmp_path).ensure(b"# none\n")
    assert names_in(folder) == [".complete"]


async def test_version_that_does_not_exist_fails_with_uvs_words(tmp_path: Path) -> None:
    with pytest.raises(BuildFailedError) as failure:
        await EnvironmentCache(tmp_path).ensure(b"tomli-w==99.0\n")
    assert isinstance(failure.value, PortalError)
    assert str(failure.value).startswith("The dependencies could not be installed.")
    assert "there is no version of tomli-w==99.0" in str(failure.value)
    assert "tomli-w==99.0" in failure.value.log
    assert names_in(tmp_path) == []


async def test_build_that_takes_too_long_fails_and_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(BuildFailedError, match=r"longer than 0\.001 s"):
        await EnvironmentCache(tmp_path).ensure(PIN, timeout_s=0.001)
    assert names_in(tmp_path) == []


@pytest.mark.parametrize(
    "line",
    [
        "-e {folder}",
        "-r /etc/hostname",
        "--index-url https://example.invalid/simple",
        "{folder}",
        "./{folder}",
        "evil @ file://{folder}",
        "evil@file://{folder}",
        "git+https://example.invalid/evil.git",
        "https://example.invalid/evil.whl",
        "evil==${{SECRET}}",
        "evil==1 --config-settings=x=y",
        "evil==1 \\\n  --index-url https://example.invalid",
        "evil \\\n @ file://{folder}",
    ],
)
async def test_lines_that_could_run_code_or_read_files_are_refused(tmp_path: Path, line: str) -> None:
    folder = tmp_path / "evil"
    folder.mkdir()
    (folder / "setup.py").write_text("import pathlib; pathlib.Path(__file__).with_name('ran').touch()")
    with pytest.raises(BuildFailedError, match="is not allowed"):
        await EnvironmentCache(tmp_path / "cache").ensure(line.format(folder=folder).encode())
    assert not (folder / "ran").exists()


def test_usual_pins_are_let_through() -> None:
    from portal.sandbox.uv_install import refuse_what_runs_code

    refuse_what_runs_code(
        b"# comment with -e and @\nrequests[socks]==2.32.5 ; python_version < '3.13'  # why @ not\r\n"
        b"numpy==2.1.0 \\\r\n    --hash=sha256:00 \\\r\n    --hash=sha256:11\r\n\r\na-b.c_d >=1,<2\nplain\n"
    )


def test_key_depends_on_the_bytes_only_and_not_on_the_process() -> None:
    assert environment_key(PIN) != environment_key(PIN + b"\n")
    code = f"from portal.sandbox.dependencies import environment_key; print(environment_key({PIN!r}))"
    other = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=True,
        cwd=Path(__file__).parents[3],
    )
    assert other.stdout.strip() == environment_key(PIN)


async def test_uv_sees_the_index_settings_and_nothing_of_the_portal(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PIP_INDEX_URL", f"file://{tmp_path}/empty-index")
    monkeypatch.setenv("UV_NO_INDEX", "")
    monkeypatch.delenv("UV_DEFAULT_INDEX", raising=False)
    for name in ("PIP_FIND_LINKS", "PIP_EXTRA_INDEX_URL"):
        monkeypatch.delenv(name, raising=False)
    (tmp_path / "empty-index").mkdir()
    with pytest.raises(BuildFailedError) as failure:
        await EnvironmentCache(tmp_path / "cache").ensure(PIN)
    assert "tomli-w" in str(failure.value)
