"""A gateway's store with SMS, an old phone beside it, and the courier between them, by turns."""

import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from gateway.schemas.records import Draft, Message, Person
from gateway.schemas.sms import SmsRules
from gateway.sms.android import AndroidPhone
from gateway.sms.courier import Courier
from gateway.sms.driver import Driver
from gateway.store.store import ChatStore
from tests.gateway_store import Time, chats_in_memory
from tests.sms_phone import PASSWORD, USER, Phone, old_phone

NUMBER, OTHER = "+22670123456", "+22676543210"
RULES = SmsRules(country="BF", parts_a_day=20, parts_a_number=10)


@dataclass
class World:
    """The store, the time, the phone, and who carries."""

    store: ChatStore
    time: Time
    phone: Phone
    courier: Courier

    async def number(self, written: str = NUMBER) -> Person:
        """The chat of a number."""
        chat, _ = await self.store.sms.add_number(written)
        return chat

    async def send(
        self, chat: Person, text: str = "EdgeRad: C-0042", *, is_alarm: bool = True
    ) -> Message:
        """Send an SMS as the bot does."""
        return await self.store.sms.send(chat, Draft(text=text), is_alarm=is_alarm)

    async def minutes_pass(self, minutes: float, step_s: float = 5) -> None:
        """Let time pass, with the courier looking all the while."""
        for _ in range(int(minutes * 60 / step_s)):
            self.time.now += step_s
            await self.courier.carry()

    async def state(self, message: Message) -> tuple[str, str | None]:
        """How far an SMS is, and why not further."""
        query = "SELECT state, reason FROM sms_out WHERE message_id = :id"
        row = await self.store.database.read(lambda tx: tx.one(query, id=message.message_id))
        assert row is not None
        return row["state"], row["reason"]

    async def updates(self, kind: str = "message") -> list[dict[str, Any]]:
        """What the bot was told, by kind of update."""
        found: list[Any] = [
            update[kind] for update in await self.store.updates.pending(100) if kind in update
        ]
        return found

    async def said(self) -> list[str]:
        """What the bot was told that people wrote."""
        return [message["text"] for message in await self.updates()]

    def fault(self) -> object:
        """What is said of the first line."""
        return self.store.sms.conditions[0]["fault"]


def courier_of(store: ChatStore, clock: Time, *drivers: Driver) -> Courier:
    """One who carries between a store and lines."""
    return Courier(store=store.sms, signals=store.signals, drivers=drivers, clock=clock)


@asynccontextmanager
async def sms_world(
    rules: SmsRules = RULES, others: Sequence[Driver] = (), line: Phone | None = None
) -> AsyncIterator[World]:
    """A store, an old phone and a courier that has looked once."""
    clock = Time()
    async with chats_in_memory(clock, rules) as store, old_phone(line) as phone:
        driver = AndroidPhone(phone.url, USER, PASSWORD, time.time)
        courier = courier_of(store, clock, driver, *others)
        await store.updates.allow(["message", "edgerad_sms", "edgerad_attempts"])
        await courier.carry()
        yield World(store, clock, phone, courier)
        await driver.close()
