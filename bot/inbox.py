"""Updates in: polled, committed, confirmed; then handled, each chat's in order.

Knows the Bot API's polling. Must not know what updates mean. PTB's `Updater` confirms an update
once it sits in a queue in memory; here it is confirmed by asking for the one after it, once it is
committed. After a crash at any point it is polled or handled again: handlers are idempotent.
It is stored as it came, before PTB parses it, so that one PTB cannot parse holds up nobody.
"""

import asyncio
import errno
import json
import logging
from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import urlencode

from telegram import Bot, Update
from telegram.error import Conflict, TelegramError

from bot.api_errors import advice, is_passing, pause_after
from bot.chat_workers import ChatWorkers
from bot.domain.ids import ChatId
from bot.rivals import take_webhook_away
from bot.store import Store
from bot.store.inbox import NewUpdate, StoredUpdate
from bot.store.topics import Topic
from machine.clock import Clock
from machine.tracebacks import traceback_without_messages
from storage.database import DiskFault

POLL_TIMEOUT_S = 25
ANSWER_TIMEOUT_S = 10
POLL_LIMIT = 100
ALLOWED_UPDATES = [
    "message",
    "callback_query",
    "edgerad_session",
    "edgerad_attempts",
    "edgerad_sms",
]
"""The last three are EdgeRad's own gateway's; Telegram's server passes over those."""
MAX_FAILURES = 3
MAX_CRASHES = 10
"""How often the program may end while it handles an update before that is taken for the cause."""
CHATS_AT_ONCE = 4

_NOT_A_BOT_API = (LookupError, TypeError, ValueError)
"""What an answer raises that is JSON but no Bot API's: a captive portal, a wrong address."""

_DISK_ERRNOS = frozenset({errno.EIO, errno.ENOSPC, errno.EDQUOT, errno.EROFS})
"""What no update is to blame for: it waits for as long as it takes to make room."""

log = logging.getLogger(__name__)

Handle = Callable[[Update], Awaitable[None]]
"""Handles an update; raises what went wrong."""

Sleep = Callable[[float], Awaitable[None]]


class UpdateLoop:
    """The poll loop and the handling loop."""

    def __init__(
        self,
        *,
        bot: Bot,
        store: Store,
        clock: Clock,
        handle: Handle,
        apologise: Callable[[StoredUpdate], Awaitable[None]],
        sleep: Sleep = asyncio.sleep,
    ) -> None:
        self._bot = bot
        self._store = store
        self._clock = clock
        self._handle = handle
        self._apologise = apologise
        self._sleep = sleep

    async def poll(self) -> None:
        """Fetch updates for ever; no answer of the server ends it.

        The first poll names no offset: it confirms nothing that this store may never have held.
        """
        offset: int | None = None
        failures = 0
        while True:
            try:
                offset = await self.poll_once(offset)
                failures = 0
            except (TelegramError, *_NOT_A_BOT_API) as error:
                failures += 1
                log.warning("Polling failed: %s", advice(error))
                if isinstance(error, Conflict):
                    await self._end_webhook()
                await self._sleep(pause_after(error, failures).total_seconds())

    async def poll_once(self, offset: int | None) -> int | None:
        """Fetch updates and commit them.

        Args:
            offset: The first update wanted; the server forgets those before it.

        Returns:
            The offset that confirms what is committed now.
        """
        asked: dict[str, object] = {
            "limit": POLL_LIMIT,
            "timeout": POLL_TIMEOUT_S,
            "allowed_updates": json.dumps(ALLOWED_UPDATES),
        }
        if offset is not None:
            asked["offset"] = offset
        updates = await self._bot.request.post(
            url=f"{self._bot.base_url}/getUpdates?{urlencode(asked)}",
            read_timeout=POLL_TIMEOUT_S + ANSWER_TIMEOUT_S,
        )
        if not isinstance(updates, list) or not updates:
            return offset
        await self._store.inbox.store([_new(update) for update in updates])
        return int(updates[-1]["update_id"]) + 1

    async def _end_webhook(self) -> None:
        try:
            await take_webhook_away(self._bot)
        except (TelegramError, *_NOT_A_BOT_API) as error:
            log.warning("Whether there is a webhook is not known: %s", advice(error))

    async def process(self) -> None:
        """Handle what is committed, for ever."""
        inbox = self._store.inbox
        with self._store.signals.listen(Topic.INBOX) as listener:
            workers = ChatWorkers(CHATS_AT_ONCE, self._clock, listener)
            await workers.run(inbox.take, self.process_one, inbox.next_at)

    async def process_one(self, stored: StoredUpdate) -> None:
        """Handle one update; it is done, put off or given up, and never stops the others."""
        if stored.crashes >= MAX_CRASHES:
            log.error("Update %d given up: the bot ended %d times", stored.update_id, MAX_CRASHES)
            await self._fail(stored)
            return
        try:
            await self._handle(Update.de_json(json.loads(stored.body), self._bot))
        except Exception as error:  # noqa: BLE001 - whatever an update does, the next one is served
            await self._put_off(stored, error)
        else:
            await self._store.inbox.done(stored)

    async def _put_off(self, stored: StoredUpdate, error: Exception) -> None:
        blameless = is_passing(error) or _is_of_the_disk(error)
        failures = stored.failures + 1
        if not blameless and failures >= MAX_FAILURES:
            log.error("Update %d given up: %s", stored.update_id, traceback_without_messages(error))
            await self._fail(stored)
            return
        log.warning("Update %d put off: %s", stored.update_id, traceback_without_messages(error))
        until = self._clock.now() + pause_after(error, failures)
        await self._store.inbox.postpone(stored, until, blameless=blameless)

    async def _fail(self, stored: StoredUpdate) -> None:
        await self._apologise(stored)
        await self._store.inbox.failed(stored)


def _is_of_the_disk(error: Exception) -> bool:
    return isinstance(error, DiskFault) or (
        isinstance(error, OSError) and error.errno in _DISK_ERRNOS
    )


def _new(update: dict[str, Any]) -> NewUpdate:
    return NewUpdate(
        update_id=update["update_id"],
        chat_id=ChatId(_chat_id(update)),
        body=json.dumps(update),  # ASCII: halves of a surrogate pair have no place in a database
    )


def _chat_id(update: dict[str, Any]) -> int:
    """The chat of a message, of the message whose button was pressed or of a session, else 0."""
    session = update.get("edgerad_session")
    if session:
        return int(session["from"]["id"])
    pressed = update.get("callback_query") or {}
    message = update.get("message") or pressed.get("message") or update.get("edgerad_sms") or {}
    return int(message.get("chat", {}).get("id", 0))
