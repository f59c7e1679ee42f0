"""Who may use the bot, told to the gateway, so that a revoked phone's session ends.

Against Telegram's server there is nothing to end: chats there are Telegram's.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from contextlib import suppress

from telegram.error import BadRequest, TelegramError

from bot.api_errors import pause_after
from bot.domain.ids import ChatId
from bot.domain.people import Person
from bot.gateway_methods import GatewayMethods
from bot.store import Store
from bot.store.topics import Topic

LOOK_AGAIN_S = 3600.0

log = logging.getLogger(__name__)


class Access:
    """The telling loop; what was not told yet is in the store, so a crash forgets nothing."""

    def __init__(
        self,
        *,
        gateway: GatewayMethods,
        store: Store,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._gateway = gateway
        self._store = store
        self._sleep = sleep

    async def tell(self) -> None:
        """Tell what changed, for ever."""
        failures = 0
        with self._store.signals.listen(Topic.ACCESS) as access:
            while True:
                try:
                    await self.tell_all()
                except TelegramError as error:
                    failures += 1
                    log.warning("The gateway was not told who may use it: %s", type(error).__name__)
                    await self._sleep(pause_after(error, failures).total_seconds())
                else:
                    failures = 0
                    await access.wait(LOOK_AGAIN_S)

    async def tell_all(self) -> None:
        """Tell of everybody of whom the gateway does not know yet."""
        for person in await self._store.people.untold():
            await self._tell(person)
            await self._store.people.told(person)
        for number in await self._store.phones.taken_back():
            await self._end(number)
            await self._store.phones.told(number)

    async def _end(self, number: ChatId) -> None:
        with suppress(BadRequest):  # the gateway does not know it any more
            await self._gateway.set_access(number, is_member=False)

    async def _tell(self, person: Person) -> None:
        try:
            await self._gateway.set_access(person.chat_id, is_member=person.revoked_at is None)
        except BadRequest:
            log.warning("The gateway does not know person %d", person.user_id)
