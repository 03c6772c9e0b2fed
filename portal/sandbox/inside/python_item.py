"""An item whose entrypoint is `module:function`: loads it, calls it, sends what it returned or raised."""

from __future__ import annotations

import faulthandler
import importlib
import logging
import os
import signal
import sys

from portal.sdk import Cancelled, Context
from portal.sdk.channel import Channel
from portal.sdk.log_handler import ContextHandler

from . import failures, result_value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine
    from typing import Any, NoReturn

# Freed when memory runs out, so that there is room to say so.
_RESERVE_BYTES = 1 << 20


def run(request: dict[str, Any], channel_fd: int) -> NoReturn:
    """Run the item and end the process: 0 when it has a result, 1 when it sent an error."""
    reserve = [bytearray(_RESERVE_BYTES)]
    owner = os.getpid()
    channel = Channel(channel_fd)
    context = Context(channel, workdir=os.getcwd(), secrets=request["secrets"])
    _prepare(request, context)
    status = 0
    try:
        frame = _call(request, context)
        _leave_if_fork(owner)
        channel.send(frame)
    except BaseException as error:
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        _leave_if_fork(owner)
        reserve.clear()
        channel.send(failures.error_frame(error, item_dir=request["item_dir"]))
        status = 1
    _flush()
    os._exit(status)


def _leave_if_fork(owner: int) -> None:
    """A fork made by the author that came back here has nothing to report; the original has."""
    if os.getpid() != owner:
        os._exit(0)


def _prepare(request: dict[str, Any], context: Context) -> None:
    del os.environ["PORTAL_CHANNEL_FD"]  # the channel is this process's own and not passed on
    sys.dont_write_bytecode = True
    faulthandler.enable()  # a crash in C code leaves a traceback in the log
    sys.argv = [request["entrypoint"]]
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(line_buffering=True, errors="backslashreplace")  # type: ignore[union-attr]
    logging.basicConfig(level=logging.INFO, handlers=[ContextHandler(context)], format="%(message)s")
    sys.path.insert(0, request["item_dir"])
    signal.signal(signal.SIGTERM, lambda *_: _cancel(context))


def _cancel(context: Context) -> None:
    if not context._cancelled:  # a second request must not break into the item's cleaning up
        context._cancelled = True
        raise Cancelled


def _call(request: dict[str, Any], context: Context) -> dict[str, object]:
    if request["environment_dir"] is not None:
        import site

        site.addsitedir(request["environment_dir"])
    function = _load(request["entrypoint"])
    try:
        value = function(request["inputs"], context)
        if hasattr(value, "__await__"):
            value = _finish(value, context)
    except SystemExit as exit_:
        if exit_.code not in (None, 0):
            raise
        value = None
    return result_value.result_frame(value, limit=request["limits"]["result_bytes"])


def _load(entrypoint: str) -> Callable[[object, Context], Any]:
    module_name, _, function_name = entrypoint.partition(":")
    try:
        module = importlib.import_module(module_name)
    except (MemoryError, Cancelled):
        raise
    except BaseException as error:
        raise failures.EntrypointError(f"The module `{module_name}` cannot be imported.") from error
    function = getattr(module, function_name, None)
    if callable(function):
        return function  # type: ignore[no-any-return]
    place = getattr(module, "__file__", None) or "the standard library"
    raise failures.EntrypointError(
        f"The module `{module_name}` has no function `{function_name}` (it was loaded from {place})."
    )


def _finish(coroutine: Coroutine[object, None, object], context: Context) -> object:
    """Run an `async def` to its end. SIGTERM cancels its task, as asyncio's own Ctrl-C does."""
    import asyncio

    async def main() -> object:
        task = asyncio.current_task()

        def cancel() -> None:
            if task is not None and not context._cancelled:
                context._cancelled = True
                task.cancel()

        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, cancel)
        return await coroutine

    try:
        return asyncio.run(main())
    except asyncio.CancelledError:
        if context.cancelled:
            raise Cancelled from None
        raise


def _flush() -> None:
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except (OSError, ValueError):  # closed by the item
            continue
