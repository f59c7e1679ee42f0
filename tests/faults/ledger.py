"""The external ledger: what phones were promised, held against what is stored and was delivered.

Knows the phone interface and the case file from outside. Must not know which fault there was.
"""

import asyncio
import itertools
import uuid
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import httpx

from bot.domain.cases import Case, CaseStatus
from bot.store import Store
from bot.store.listing import CaseFilter
from deploy.phone_client import Message, PhoneClient, PhoneRefused, PhoneUpload
from tests.faults.films import film
from tests.keys import bot_store_at

LOOK_S = 0.05
RESEND_S = 0.2
PACE_S = 0.5
FILMS = 7
SETTLE_S = 120.0
DISCLAIMER = "Not a medical device"
ONCE = (
    "The same picture was sent before",
    "Drawn from the answer's words",
    "What kind of picture is it?",
)
"""What else may come once in reply to a picture."""
ANSWERED = frozenset({CaseStatus.ANSWERED})


@dataclass(frozen=True, slots=True, kw_only=True)
class Promise:
    """A message that the gateway acknowledged to a phone."""

    phone: PhoneClient
    message_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Balance:
    """What the ledger comes to once nothing moves any more.

    Args:
        promises: Acknowledged sends, each with one case that ended once and was delivered.
        resends: How often a phone had to send again because it was not acknowledged.
        duplicates: Messages of the bot that came more than once.
    """

    promises: int
    resends: int
    duplicates: int

    def in_words(self) -> str:
        """The balance as a table's cell."""
        cases = f"{self.promises} case{'' if self.promises == 1 else 's'}"
        twice = f"; messages that came twice: {self.duplicates}" if self.duplicates else ""
        return f"{cases}, each read once and answered{twice}"


class Ledger:
    """Sends for phones and keeps the books.

    Args:
        home: The data folder.
        redelivered: Has a line for each message that the bot began to send once more.
    """

    def __init__(self, home: Path, redelivered: Path) -> None:
        self._home = home
        self._redelivered = redelivered
        self.promises: list[Promise] = []
        self.resends = 0

    async def send(
        self, phone: PhoneClient, upload: PhoneUpload, text: str = "45 M, cough"
    ) -> Message:
        """Send a film until it is acknowledged, as the page does: under one client id."""
        client_id = str(uuid.uuid4())
        while True:
            try:
                sent = await phone.send(upload, text=text, client_id=client_id)
            except httpx.TransportError:
                pass
            except PhoneRefused as refused:
                if refused.status < 500:
                    raise
            else:
                self.promises.append(Promise(phone=phone, message_id=sent["message_id"]))
                return sent
            self.resends += 1
            await asyncio.sleep(RESEND_S)

    async def keep_sending(self, phone: PhoneClient, done: asyncio.Event) -> None:
        """Send one film after the other until it is enough."""
        for number in itertools.count():
            await self.send(phone, film(number % FILMS))
            with suppress(TimeoutError):
                await asyncio.wait_for(done.wait(), PACE_S)
            if done.is_set():
                return

    async def balance(
        self,
        *,
        ends: frozenset[CaseStatus] = ANSWERED,
        failing: Iterable[int] = (),
        twice_at_most: int = 0,
        limit_s: float = SETTLE_S,
    ) -> Balance:
        """Wait until nothing moves any more, then check every line of the ledger.

        Args:
            ends: How cases may end.
            failing: Messages whose cases end without an answer, in words to their sender.
            twice_at_most: How many messages may come twice beside those that the bot noted down.
            limit_s: How long all may take.
        """
        cases = await self.until_still(limit_s)
        self._check_cases(cases, ends, failed := frozenset(failing))
        chats = {phone: await whole_chat(phone) for phone in {p.phone for p in self.promises}}
        for promise in self.promises:
            if promise.message_id not in failed:
                assert _answers(chats[promise.phone], promise.message_id), "an answer is missing"
        duplicates = sum(
            _duplicates(
                chats[promise.phone], promise.message_id, failed=promise.message_id in failed
            )
            for promise in self.promises
        )
        window = self._redeliveries() + twice_at_most
        assert duplicates <= window, "a message came twice outside the crash window"
        return Balance(promises=len(self.promises), resends=self.resends, duplicates=duplicates)

    def _redeliveries(self) -> int:
        """How many messages were begun, not marked as sent, and so begun again."""
        file = self._redelivered
        return len(set(file.read_text().splitlines())) if file.exists() else 0

    def _check_cases(
        self, cases: Sequence[Case], ends: frozenset[CaseStatus], failing: frozenset[int]
    ) -> None:
        promised = sorted(promise.message_id for promise in self.promises)
        opened = sorted(int(case.message_id) for case in cases)
        assert opened == promised, "cases are missing, phantoms, or there twice"
        for case in cases:
            failed = case.message_id in failing
            assert case.status in ({CaseStatus.FAILED} if failed else ends), case.failure
            assert (case.reading is None) == (case.status is not CaseStatus.ANSWERED)

    async def until_still(self, limit_s: float = SETTLE_S) -> tuple[Case, ...]:
        """Wait until there are all cases and nothing waits: no update, no reading, no message."""
        moving = ""
        try:
            async with asyncio.timeout(limit_s):
                while True:
                    async with bot_store_at(self._home) as store:
                        cases = await store.cases.page(CaseFilter(), limit=1_000_000)
                        moving = await _what_moves(store, cases, len(self.promises))
                        if not moving:
                            return cases
                    await asyncio.sleep(LOOK_S)
        except TimeoutError as error:
            raise AssertionError(f"not still after {limit_s:.0f} s: {moving}") from error


async def _what_moves(store: Store, cases: Sequence[Case], promises: int) -> str:
    """What waits still: a case to be opened, an update, a reading, a message; empty for nothing."""
    still_open = [c.code for c in cases if c.status in {CaseStatus.WAITING, CaseStatus.READING}]
    waits = {
        "updates": await store.inbox.next_at([]),
        "readings": await store.claims.next_at(),
        "messages": await store.outbox.next_at([]),
        "open cases": still_open or None,
        "cases": f"{len(cases)} of {promises}" if len(cases) < promises else None,
    }
    return ", ".join(f"{name}: {when}" for name, when in waits.items() if when is not None)


async def whole_chat(phone: PhoneClient) -> list[Message]:
    """All messages of a phone's chat, oldest first; waits for a gateway that is started again."""
    async with asyncio.timeout(SETTLE_S):
        while True:
            with suppress(httpx.TransportError):
                return await _chat(phone)
            await asyncio.sleep(LOOK_S)


async def _chat(phone: PhoneClient) -> list[Message]:
    chat: list[Message] = []
    while page := await phone.messages(after=chat[-1]["message_id"] if chat else 0):
        chat += page
    return chat


def replies(chat: Sequence[Message], message_id: int) -> list[str]:
    """Texts of the bot's messages that reply to one."""
    return [
        message["text"]
        for message in chat
        if not message["outgoing"] and (message["reply_to"] or {}).get("message_id") == message_id
    ]


def _answers(chat: Sequence[Message], message_id: int) -> list[str]:
    return [
        text
        for text in replies(chat, message_id)
        if DISCLAIMER in text and not any(words in text for words in ONCE)
    ]


def _duplicates(chat: Sequence[Message], message_id: int, *, failed: bool) -> int:
    """How many of the bot's replies to a message are one too many.

    There is one answer, or words that there is none; "received" has given way to it. What else may
    come, comes once.
    """
    said = replies(chat, message_id)
    answers = len(_answers(chat, message_id))
    once = [sum(words in text for text in said) for words in ONCE]
    notes = len(said) - answers - sum(once)
    too_many = [answers - 1, *(count - 1 for count in once), notes - failed]
    return sum(max(0, count) for count in too_many)
