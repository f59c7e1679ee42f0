"""Flood control, where it is asked for, knows Telegram's limits."""

import pytest

from gateway.bot_api.flood import FloodControl
from gateway.errors import TooManyRequests
from tests.gateway_store import Time


def test_a_chat_takes_a_few_at_once_and_then_one_a_second() -> None:
    time = Time()
    flood = FloodControl(time)
    for _ in range(3):
        flood.count("7")
    with pytest.raises(TooManyRequests, match="retry after 1") as caught:
        flood.count("7")
    time.now += caught.value.retry_after_s
    flood.count("7")
    with pytest.raises(TooManyRequests):
        flood.count("7")


def test_all_chats_together_take_thirty_a_second() -> None:
    time = Time()
    flood = FloodControl(time)
    for chat in range(30):
        flood.count(str(chat))
    with pytest.raises(TooManyRequests):
        flood.count("31")
    time.now += 1
    flood.count("31")


def test_a_group_takes_twenty_a_minute() -> None:
    time = Time()
    flood = FloodControl(time)
    for _ in range(20):
        flood.count("-100")
        time.now += 0.05
    with pytest.raises(TooManyRequests) as caught:
        flood.count("-100")
    assert 1 <= caught.value.retry_after_s <= 3


def test_many_chats_do_not_fill_the_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gateway.bot_api.flood._BUCKETS_MAX", 5)
    time = Time()
    flood = FloodControl(time)
    for chat in range(20):
        flood.count(str(chat))
        time.now += 1
    assert len(flood._used) == 5
