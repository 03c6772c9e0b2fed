"""Calls uv: to install listed wheels into a folder, and nothing else of what it can do."""

from __future__ import annotations

import asyncio
import contextlib
import os
import re
import signal
import sys
from collections.abc import Mapping
from pathlib import Path

import uv

from portal.errors import PortalError
from portal.sandbox.text import clean_text

_MAX_LOG = 64 * 1024
_PASSED_ON = frozenset(
    {
        *("PATH", "HOME", "TMPDIR", "NETRC", "SSL_CERT_FILE", "SSL_CERT_DIR", "SSL_CLIENT_CERT"),
        *("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY"),
        *("http_proxy", "https_proxy", "all_proxy", "no_proxy"),
        *("UV_INDEX", "UV_DEFAULT_INDEX", "UV_EXTRA_INDEX_URL", "UV_FIND_LINKS", "UV_NO_INDEX"),
        *("UV_OFFLINE", "UV_CACHE_DIR", "UV_HTTP_TIMEOUT", "UV_CONCURRENT_DOWNLOADS"),
        *("UV_NATIVE_TLS", "UV_SYSTEM_CERTS", "UV_INSECURE_HOST", "UV_KEYRING_PROVIDER"),
    }
)
# uv does not read pip's settings, but a machine that has them expects them to count.
_AS_PIP = {
    "PIP_INDEX_URL": "UV_DEFAULT_INDEX",
    "PIP_EXTRA_INDEX_URL": "UV_EXTRA_INDEX_URL",
    "PIP_FIND_LINKS": "UV_FIND_LINKS",
    "PIP_CERT": "SSL_CERT_FILE",
}
_HASH = re.compile(r"--hash[= ]\S+")
_COMMENT = re.compile(r"(^|\s)#.*")
_NAME_FIRST = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*\s*(\[[^\]]*\])?\s*([=<>!~;(]|$)")
_NOT_PLAIN = re.compile(r"\$\{|\s--|\s@\s")


class BuildFailedError(PortalError):
    """The dependencies of the item could not be built."""

    def __init__(self, message: str | None = None, log: str = "") -> None:
        super().__init__(message)
        self.log = log
        """What uv wrote, at most 64 KiB of it."""


async def install(requirements: bytes, packages: Path, *, timeout_s: float) -> None:
    """Install wheels for `requirements` into the empty folder `packages`.

    With hashes in the requirements, all packages must have one and match. Raises BuildFailedError.
    """
    refuse_what_runs_code(requirements)
    process = await asyncio.create_subprocess_exec(
        *_command(packages, with_hashes=_HASH.search(requirements.decode("utf-8", "replace")) is not None),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
        env=_environment(os.environ),
        cwd=packages,
        start_new_session=True,
    )
    try:
        output, _ = await asyncio.wait_for(process.communicate(requirements), timeout_s)
    except TimeoutError:
        raise BuildFailedError(f"Building the dependencies took longer than {timeout_s:g} s.") from None
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        await process.wait()
    if process.returncode != 0:
        log = clean_text(output.decode("utf-8", "replace"))[-_MAX_LOG:]
        raise BuildFailedError(f"The dependencies could not be installed. {_reason(log)}", log)


def _command(packages: Path, *, with_hashes: bool) -> list[str]:
    command = [uv.find_uv_bin(), "pip", "install", "--requirements", "-", "--target", str(packages)]
    command += ["--python", sys.executable, "--only-binary", ":all:", "--no-config", "--link-mode", "copy"]
    command += ["--compile-bytecode", "--color", "never", "--no-progress"]
    return [*command, "--require-hashes"] if with_hashes else command


def refuse_what_runs_code(requirements: bytes) -> None:
    """Let names and versions through, and nothing that makes uv read files, run builds or show variables.

    An editable path, for one, is built even under `--only-binary :all:`. Raises BuildFailedError.
    """
    text = requirements.decode("utf-8", "replace").replace("\\\r\n", " ").replace("\\\n", " ")
    for line in text.splitlines():
        bare = _COMMENT.sub("", _HASH.sub("", line)).strip()
        if bare and (not _NAME_FIRST.match(bare) or _NOT_PLAIN.search(bare)):
            raise BuildFailedError(
                f"requirements.txt: `{clean_text(bare)[:100]}` is not allowed. "
                "Write names and versions only, such as `requests==2.32.5`; no options, paths or addresses."
            )


def _reason(log: str) -> str:
    """What uv found wrong, without what it did before."""
    lines = log.strip().splitlines()
    start = next((i for i, line in enumerate(lines) if re.match(r"\s*(error:|×)", line)), 0)
    return " ".join(line.strip() for line in lines[start:])[:2_000]


def _environment(outer: Mapping[str, str]) -> dict[str, str]:
    """The variables for uv: where it finds itself, the index and the certificates; none of the portal's."""
    inner = {
        name: value for name, value in outer.items() if name in _PASSED_ON or name.startswith("UV_INDEX_")
    }
    for theirs, ours in _AS_PIP.items():
        if theirs in outer and ours not in inner:
            # pip separates by spaces, uv separates folders by commas.
            value = outer[theirs]
            inner[ours] = ",".join(value.split()) if ours == "UV_FIND_LINKS" else value
    return inner
