"""Takes what an item says with `logging` to the job's log."""

from __future__ import annotations

import logging

from portal.sdk.context import Context


class ContextHandler(logging.Handler):
    """Sends every record through `ctx.log`, with its level; a traceback comes along."""

    def __init__(self, context: Context) -> None:
        super().__init__()
        self._context = context

    def emit(self, record: logging.LogRecord) -> None:
        """Send one record. As in all of `logging`, a record that cannot be formatted does not end the run."""
        try:
            self._context.log(self.format(record), _level(record.levelno))
        except Exception:
            self.handleError(record)


def _level(number: int) -> str:
    if number >= logging.ERROR:
        return "error"
    if number >= logging.WARNING:
        return "warning"
    return "info" if number >= logging.INFO else "debug"
