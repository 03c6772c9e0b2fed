"""The `ctx` that an item's function receives."""

from __future__ import annotations

import os
from collections.abc import Mapping

from portal.sdk.channel import Channel

TYPE_CHECKING = False  # as `typing` has it, without the milliseconds that importing `typing` costs each run
if TYPE_CHECKING:
    from pathlib import Path

LEVELS = ("debug", "info", "warning", "error")
_MAX_TEXT = 8_000  # characters; six bytes each at worst keep a frame below its 64 KiB
_MAX_MESSAGE = 1_000


class Cancelled(BaseException):
    """The run was cancelled or took too long.

    Raised once, in the item's main thread, so that `finally` blocks and context managers may clean up. A few
    seconds later the process is killed. An `async def run` sees `asyncio.CancelledError` instead.
    """


class SecretNotGrantedError(KeyError):
    """The item asked for a secret that it was not given."""

    def __str__(self) -> str:
        return str(self.args[0])


class Context:
    """What an item can tell the portal, and ask of it, while it runs."""

    def __init__(self, channel: Channel, *, workdir: str, secrets: Mapping[str, str] | None = None) -> None:
        self._channel = channel
        self._workdir = workdir
        self._secrets = dict(secrets or {})
        self._cancelled = False

    def progress(self, percent: float, message: str = "") -> None:
        """Say how far the run is.

        `percent` is a number from 0 to 100; what lies outside is moved to the nearer end. `message` is a
        short text for people, up to 1000 characters. Call it as often as you like: the portal shows about
        ten steps a second and always the last one.
        """
        value = _number(percent)
        if not isinstance(message, str):
            raise TypeError(f"ctx.progress(percent, message): message is a text, not {_kind(message)}.")
        percent = min(100.0, max(0.0, value))
        self._channel.send({"type": "progress", "percent": percent, "message": message[:_MAX_MESSAGE]})

    def log(self, text: str, level: str = "info") -> None:
        """Write to the job's log.

        `level` is one of debug, info, warning and error. Anything may be passed as `text`; what is no text is
        turned into one, as `print` does. `print` and `logging` reach the same log.
        """
        if level not in LEVELS:
            raise ValueError(f"ctx.log(text, level): level is one of {', '.join(LEVELS)}, not {level!r}.")
        text = str(text)
        for start in range(0, max(1, len(text)), _MAX_TEXT):
            self._channel.send({"type": "log", "level": level, "text": text[start : start + _MAX_TEXT]})

    def artifact(self, path: str | os.PathLike[str], name: str | None = None) -> None:
        """Keep a file: it can be downloaded from the job's page when the run is over.

        `path` is a regular file in the working directory (relative paths start there). The file is picked up
        after the item has ended, as it is then. `name` is the name people download it under, by default the
        file's own. Raises FileNotFoundError or ValueError when `path` cannot be kept.
        """
        if not isinstance(path, str | os.PathLike):
            raise TypeError(f"ctx.artifact(path): path is a text or a Path, not {_kind(path)}.")
        if name is not None and not isinstance(name, str):
            raise TypeError(f"ctx.artifact(path, name): name is a text, not {_kind(name)}.")
        relative = self._inside(os.fspath(path))
        name = os.path.basename(relative) if name is None else name
        self._channel.send({"type": "artifact", "path": relative, "name": name})

    def _inside(self, path: str) -> str:
        """The path relative to the working directory, checked to be a file there."""
        full = os.path.join(self._workdir, path)
        relative = os.path.relpath(os.path.realpath(full), os.path.realpath(self._workdir))
        if relative == os.pardir or relative.startswith(os.pardir + os.sep):
            raise ValueError(
                f"ctx.artifact({path!r}): the file is outside the working directory. "
                "Write it to ctx.workdir, or copy it there."
            )
        if not os.path.exists(full):
            raise FileNotFoundError(
                f"ctx.artifact({path!r}): there is no such file in the working directory. "
                "Write the file first, then announce it."
            )
        if not os.path.isfile(full):
            raise ValueError(
                f"ctx.artifact({path!r}): this is not a file. Announce files one by one, or zip a folder."
            )
        return relative

    @property
    def workdir(self) -> Path:
        """The directory of this run: empty at the start, current, writable, and gone afterwards."""
        from pathlib import Path

        return Path(self._workdir)

    def secret(self, name: str) -> str:
        """The value of a secret that the manifest names under `secrets`.

        Raises SecretNotGrantedError, a KeyError, when this run was not given it.
        """
        try:
            return self._secrets[name]
        except (KeyError, TypeError):
            raise SecretNotGrantedError(
                f"The secret {name!r} was not given to this run. Name it under `secrets` in manifest.yaml "
                "and ask an administrator to set it."
            ) from None

    @property
    def cancelled(self) -> bool:
        """Whether the run was asked to stop. Look at it in threads; the main thread gets `Cancelled`."""
        return self._cancelled


def _number(percent: object) -> float:
    wrong = f"ctx.progress(percent): percent is a number from 0 to 100, not {_kind(percent)}."
    # Not only int and float: numbers of numpy and Decimal are fine too.
    if isinstance(percent, bool | str | bytes) or not hasattr(percent, "__float__"):
        raise TypeError(wrong)
    value = float(percent)
    if value != value:
        raise ValueError("ctx.progress(percent): percent is a number from 0 to 100, not NaN.")
    return value


def _kind(value: object) -> str:
    text = repr(value)
    return f"{type(value).__name__} {text if len(text) <= 40 else text[:40] + '…'}"
