"""The hub: one subscription per channel for many listeners, and what happens to slow ones."""

from __future__ import annotations

import asyncio

import pytest
from redis.asyncio import Redis

from portal.jobs.hub import QUEUE_MAX_MESSAGES, Hub, Listener, SlowListenerError
from tests.support.polling import eventually


async def subscribers(redis: Redis, channel: str = "news") -> int:
    [(_, count)] = await redis.pubsub_numsub(channel)
    return int(count)


async def listening(redis: Redis, listener: Listener) -> None:
    """Wait until the hub says that from now on everything is heard."""
    assert await listener.next(10) is None


async def test_message_reaches_every_listener_of_its_channel(hub: Hub, redis: Redis) -> None:
    async with hub.listen("news") as one, hub.listen("news") as two, hub.listen("other") as other:
        await listening(redis, one)
        await eventually(lambda: subscribers(redis, "other"))
        await redis.publish("news", "ü☃")
        await redis.publish("other", "else")
        assert [await _next_text(each) for each in (one, two, other)] == ["ü☃", "ü☃", "else"]


async def test_listeners_of_a_channel_share_one_subscription(hub: Hub, redis: Redis) -> None:
    async with hub.listen("news") as one, hub.listen("news"):
        await listening(redis, one)
        assert await subscribers(redis) == 1


async def test_last_listener_that_leaves_takes_the_subscription_along(hub: Hub, redis: Redis) -> None:
    async with hub.listen("kept") as kept:
        await listening(redis, kept)
        async with hub.listen("news"):
            await eventually(lambda: subscribers(redis))
        await eventually(lambda: subscribers(redis), lambda count: count == 0)
        assert await subscribers(redis, "kept") == 1


async def test_channel_that_was_left_can_be_listened_to_again(hub: Hub, redis: Redis) -> None:
    for _ in range(5):
        async with hub.listen("news") as listener:
            await eventually(lambda: subscribers(redis))
            await redis.publish("news", "x")
            assert await _next_text(listener) == "x"


@pytest.mark.parametrize("steps", range(0, 24))
async def test_listener_that_comes_while_the_hub_is_connecting_hears_its_channel(
    steps: int, hub: Hub, redis: Redis
) -> None:
    await redis.ping()
    async with hub.listen("first"):
        for _ in range(steps):  # let the hub come a little further
            await asyncio.sleep(0)
        async with hub.listen("second") as second:
            await eventually(lambda: subscribers(redis, "second"), within_s=3)
            await redis.publish("second", "x")
            assert await _next_text(second) == "x"


async def test_nobody_listening_means_no_subscription_at_all(hub: Hub, redis: Redis) -> None:
    async with hub.listen("news") as listener:
        await listening(redis, listener)
    await eventually(lambda: redis.pubsub_channels("*"), lambda channels: not channels)


async def test_slow_listener_is_told_instead_of_missing_messages_silently() -> None:
    listener = Listener()
    for number in range(QUEUE_MAX_MESSAGES + 1):
        listener.offer(str(number))
    with pytest.raises(SlowListenerError):
        await listener.next(1)


async def test_slow_listener_does_not_hold_up_a_quick_one(hub: Hub, redis: Redis) -> None:
    async with hub.listen("news") as slow, hub.listen("news") as quick:
        await listening(redis, quick)
        count = QUEUE_MAX_MESSAGES + 100
        received = asyncio.create_task(_texts(quick, count))
        for start in range(0, count, 100):
            async with redis.pipeline(transaction=False) as pipeline:
                for number in range(start, start + 100):
                    pipeline.publish("news", str(number))
                await pipeline.execute()
        assert await received == [str(number) for number in range(count)]
        with pytest.raises(SlowListenerError):
            await slow.next(1)


async def test_listener_without_news_times_out() -> None:
    with pytest.raises(TimeoutError):
        await Listener().next(0.01)


async def test_broken_connection_is_replaced_and_listeners_are_told_that_they_may_have_missed_something(
    hub: Hub, redis: Redis
) -> None:
    async with hub.listen("news") as listener:
        await listening(redis, listener)
        await redis.client_kill_filter(_type="pubsub")
        assert await listener.next(10) is None
        await redis.publish("news", "back")
        assert await _next_text(listener) == "back"


async def test_hub_that_ends_leaves_no_subscription(redis: Redis) -> None:
    async with Hub(redis) as hub, hub.listen("news") as listener:
        await listening(redis, listener)
    await eventually(lambda: redis.pubsub_channels("*"), lambda channels: not channels)


async def _next_text(listener: Listener) -> str:
    while (message := await listener.next(10)) is None:
        pass
    return message


async def _texts(listener: Listener, count: int) -> list[str]:
    return [await _next_text(listener) for _ in range(count)]
