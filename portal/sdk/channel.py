"""The item's end of the channel: frames go out as lines of JSON, whole or not at all."""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Mapping


class Channel:
    """Writes frames to the descriptor that the portal reads. Safe to use from several threads."""

    def __init__(self, fd: int) -> None:
        self._fd = fd
        self._torn = False
        self._lock = threading.Lock()
        os.register_at_fork(after_in_child=self._renew_lock)

    def _renew_lock(self) -> None:
        self._lock = threading.Lock()

    def send(self, frame: Mapping[str, object]) -> None:
        """Write one frame, waiting while the portal is slow to read.

        A portal that is gone is no error: it has no use for the frame. Raises TypeError or ValueError when
        the frame is not JSON.
        """
        text = json.dumps(frame, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
        # Surrogates may stand in file names that are not UTF-8; the portal reads them back the same way.
        data = text.encode("utf-8", "surrogatepass") + b"\n"
        with self._lock:
            self._write(b"\n" + data if self._torn else data)

    def _write(self, data: bytes) -> None:
        # A `Cancelled` may be raised between two writes; the next frame then starts on a line of its own.
        self._torn = True
        try:
            while data:
                data = data[os.write(self._fd, data) :]
        except BrokenPipeError:
            return
        self._torn = False
