"""An item whose entrypoint is a program: inputs on stdin, frames on the channel."""

from __future__ import annotations

import json
import os
import signal

from portal.sdk.channel import Channel

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


def inputs_file(inputs: object) -> int:
    """A descriptor from which the inputs can be read as JSON.

    A file without a name, not a pipe: a program may then start reading as late as it likes.
    """
    import tempfile

    fd, path = tempfile.mkstemp()
    os.unlink(path)
    with os.fdopen(os.dup(fd), "wb") as file:
        file.write(json.dumps(inputs).encode())
    os.lseek(fd, 0, os.SEEK_SET)
    return fd


def run(request: dict[str, Any], channel_fd: int) -> None:
    """Replace this process with the program. When that fails, say so on the channel and end."""
    entrypoint = request["entrypoint"]
    path = os.path.join(request["item_dir"], entrypoint.removeprefix("./"))
    # Python ignores these two at its start, and a program would inherit that.
    signal.signal(signal.SIGPIPE, signal.SIG_DFL)
    signal.signal(signal.SIGXFSZ, signal.SIG_DFL)
    os.set_inheritable(channel_fd, True)
    try:
        os.execv(path, [path])  # noqa: S606 - no shell is meant
    except OSError as error:
        reason = _reason(path, error)
        message = f"{entrypoint} cannot be started: {reason}"
        frame = {"type": "error", "kind": "import_error", "message": message, "traceback": None}
        Channel(channel_fd).send(frame)
    os._exit(1)


def _reason(path: str, error: OSError) -> str:
    if not os.path.isfile(path):
        return "there is no such file in the item."
    if not os.access(path, os.X_OK):
        return "it is not executable. Set the bit with `chmod +x` and publish again."
    if isinstance(error, FileNotFoundError):
        return "the interpreter named in its first line does not exist here."
    return f"{error.strerror}. A script needs a first line such as `#!/bin/sh`."
