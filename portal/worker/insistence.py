"""Steps that have to be done however long Redis is away."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import TypeVar

from redis.exceptions import RedisError

log = logging.getLogger(__name__)

RETRY_S = 0.5

Answer = TypeVar("Answer")


async def insistently(step: Callable[[], Awaitable[Answer]], what: str) -> Answer:
    """Try `step` until Redis answers. `what` names it in the log; a repeated step must do no harm."""
    warned = False
    while True:
        try:
            return await step()
        except (RedisError, OSError) as error:
            if not warned:
                log.warning("Redis is away, waiting to go on", extra={"step": what, "reason": repr(error)})
            warned = True
            await asyncio.sleep(RETRY_S)
