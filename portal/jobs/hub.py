"""One subscription to Redis per process, shared by all sockets of that process."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator
from types import TracebackType

from redis.asyncio import Redis
from redis.asyncio.client import PubSub
from redis.exceptions import RedisError

from portal.cancelling import cancel_surely

log = logging.getLogger(__name__)

QUEUE_MAX_MESSAGES = 1000
RECONNECT_S = 0.5


class SlowListenerError(Exception):
    """The listener fell so far behind that messages had to be dropped."""


class Listener:
    """The messages of one channel, for one reader.

    `None` means that messages may have been missed (the connection broke): read what was kept instead.
    """

    def __init__(self) -> None:
        self._messages: asyncio.Queue[str | None] = asyncio.Queue(QUEUE_MAX_MESSAGES)
        self._overflowed = False

    def offer(self, message: str | None) -> None:
        """Hand over a message without waiting."""
        try:
            self._messages.put_nowait(message)
        except asyncio.QueueFull:
            self._overflowed = True

    async def next(self, timeout_s: float) -> str | None:
        """Return the next message.

        Raises `TimeoutError` when none comes in time and `SlowListenerError` when some were dropped.
        """
        if self._overflowed:
            raise SlowListenerError
        async with asyncio.timeout(timeout_s):
            return await self._messages.get()


class Hub:
    """Fans Redis messages out to the listeners of this process. Use as an async context manager."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis
        self._listeners: dict[str, set[Listener]] = {}
        self._pubsub: PubSub | None = None
        self._reader: asyncio.Task[None] | None = None
        self._changed = asyncio.Event()

    async def __aenter__(self) -> Hub:
        """Start listening."""
        self._reader = asyncio.create_task(self._run(), name="hub")
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop listening."""
        await cancel_surely(self._reader)

    @contextlib.asynccontextmanager
    async def listen(self, channel: str) -> AsyncIterator[Listener]:
        """Receive the channel's messages inside the `async with` block."""
        listener = Listener()
        listeners = self._listeners.setdefault(channel, set())
        listeners.add(listener)
        try:
            await self._subscribe(channel)
            yield listener
        finally:
            listeners.discard(listener)
            if not listeners and self._listeners.get(channel) is listeners:
                del self._listeners[channel]
                await self._unsubscribe(channel)

    async def _subscribe(self, channel: str) -> None:
        self._changed.set()
        if self._pubsub is not None:
            with contextlib.suppress(RedisError, OSError):  # the reader subscribes anew when it is back
                await self._pubsub.subscribe(channel)

    async def _unsubscribe(self, channel: str) -> None:
        if self._pubsub is not None:
            with contextlib.suppress(RedisError, OSError):
                await self._pubsub.unsubscribe(channel)

    async def _run(self) -> None:
        while True:
            try:
                await self._read()
            except (RedisError, OSError) as error:
                log.warning("live updates interrupted", extra={"reason": repr(error)})
                await asyncio.sleep(RECONNECT_S)

    async def _read(self) -> None:
        await self._wait_for_listeners()
        async with self._redis.pubsub() as pubsub:
            subscribed: set[str] = set()
            while missing := self._listeners.keys() - subscribed:  # others may come while this one waits
                await pubsub.subscribe(*missing)
                subscribed |= missing
            self._pubsub = pubsub  # from here on listeners subscribe by themselves
            try:
                if left := subscribed - self._listeners.keys():
                    await pubsub.unsubscribe(*left)
                await self._pump(pubsub)
            finally:
                self._pubsub = None

    async def _wait_for_listeners(self) -> None:
        while not self._listeners:
            self._changed.clear()
            await self._changed.wait()

    async def _pump(self, pubsub: PubSub) -> None:
        while self._listeners:
            message = await pubsub.get_message(timeout=1.0)
            if message is None:
                continue
            listeners = self._listeners.get(message["channel"].decode(), ())
            if message["type"] == "message":
                for listener in listeners:
                    listener.offer(message["data"].decode())
            elif message["type"] == "subscribe":  # whatever came before this moment was not heard
                for listener in listeners:
                    listener.offer(None)
