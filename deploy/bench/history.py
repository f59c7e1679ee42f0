"""How the gateway's store bears many messages: a page of history, a new message, its size.

Fills a store of its own by the same calls that the gateway makes.
"""

import random
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path

from deploy.bench.overhead import MB, Quantiles, quantiles
from gateway.schemas.records import BotIdentity, Draft, Person, UserId
from gateway.store.signals import PhoneSignals
from gateway.store.store import ChatStore, open_chat_store
from storage.layout import Layout
from storage.opening import unlocked

PAGE = 100
PEOPLE = 300
BATCH = 1_000
TRIES = 200
_TEXT = "Findings: dense left lower zone. Impression: pneumonia. Urgency: soon. Case {number}."


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """What was measured in a store with many messages.

    Args:
        messages: How many it holds, in the chats of 300 people.
        page: Reading 100 messages anywhere in a chat.
        send: Keeping one more, synced to the disk.
        send_empty: Likewise, while the store was empty.
        database_mb: Its size.
    """

    messages: int
    page: Quantiles
    send: Quantiles
    send_empty: Quantiles
    database_mb: float


async def measure_history(home: Path, messages: int) -> History:
    """Fill a store, and measure it.

    Args:
        home: A folder that is not there yet.
        messages: How many it shall hold.
    """
    bot = BotIdentity(user_id=UserId(1), name="bench", username="bench_bot")
    path = Layout(home).gateway_database
    with unlocked(home, home.with_name("history-key")) as keyring:
        async with open_chat_store(
            path, keyring, bot, PhoneSignals(), time.time, is_open=True
        ) as store:
            people = [
                await store.joining.ask(f"Phone {number}", "en", number.to_bytes(4), "code")
                for number in range(PEOPLE)
            ]
            send_empty = await _timed(lambda: store.send(people[0], [_draft(0)]))
            newest = await _fill(store, people, messages)
            page = await _timed(lambda: _page(store, people, newest))
            send = await _timed(lambda: store.send(people[0], [_draft(0)]))
        size_bytes = path.stat().st_size
    return History(
        messages=messages,
        page=page,
        send=send,
        send_empty=send_empty,
        database_mb=size_bytes / MB,
    )


async def _fill(store: ChatStore, people: list[Person], messages: int) -> int:
    """Put messages in, chats in turn; answers the newest one's id."""
    newest = 0
    for start in range(0, messages, BATCH):
        person = people[start // BATCH % len(people)]
        drafts = [_draft(number) for number in range(start, min(start + BATCH, messages))]
        newest = (await store.send(person, drafts))[-1].message_id
    return newest


async def _page(store: ChatStore, people: list[Person], newest: int) -> None:
    person = random.choice(people)  # noqa: S311 - a place, not a secret
    before = random.randint(newest // 2, newest)  # noqa: S311 - likewise
    await store.newest_messages(person, PAGE, before)


async def _timed(work: Callable[[], Awaitable[object]]) -> Quantiles:
    took = []
    for _ in range(TRIES):
        start = time.monotonic()
        await work()
        took.append(time.monotonic() - start)
    return quantiles(took)


def _draft(number: int) -> Draft:
    return Draft(text=_TEXT.format(number=number))
