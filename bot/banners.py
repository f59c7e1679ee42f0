"""Alarms that ring, over every screen of the page: tells the Bot API server, if it can show that.

Knows who was told of an alarm. Must not know when one is called, nor how a banner looks.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable

from telegram.error import TelegramError

from bot.gateway_methods import GatewayMethods
from bot.locale import translator
from bot.replies import alarms
from bot.replies.reading import alarm_buttons
from bot.store import Store
from bot.store.alarms import Ringing
from machine.clock import Clock

LOOK_S = 1.0
TELL_AGAIN_S = 15.0
"""A server that was started anew has forgotten the alarms."""

log = logging.getLogger(__name__)


class BannerPublisher:
    """Tells the server which alarms ring, as that changes."""

    def __init__(
        self,
        *,
        gateway: GatewayMethods,
        store: Store,
        clock: Clock,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._gateway = gateway
        self._store = store
        self._clock = clock
        self._sleep = sleep
        self._told: list[dict[str, object]] = []
        self._told_at = clock.now()

    async def publish(self) -> None:
        """Tell the server for ever, or until it says that it shows no alarms."""
        while True:
            try:
                if not await self.publish_once():
                    log.info("This server shows alarms as messages alone")
                    return
            except TelegramError as error:
                log.warning("The alarms were not taken: %s", type(error).__name__)
            await self._sleep(LOOK_S)

    async def publish_once(self) -> bool:
        """Tell the server what is new since the last time; False if it shows no alarms.

        Raises:
            TelegramError: It could not be told.
        """
        now = self._clock.now()
        ringing = [_banner(each) for each in await self._store.alarms.ringing()]
        is_fresh = (now - self._told_at).total_seconds() < TELL_AGAIN_S
        if is_fresh and self._told == ringing:
            return True
        if not await self._gateway.set_alarms(ringing):
            return False
        self._told, self._told_at = ringing, now
        return True


def _banner(ringing: Ringing) -> dict[str, object]:
    alarm, t = ringing.alarm, translator(ringing.person.language)
    [buttons] = alarm_buttons(alarm.case, t)
    return {
        "chat_id": ringing.person.chat_id,
        "message_id": ringing.message_id,
        "code": alarm.case.code,
        "title": alarms.banner_title(alarm, t),
        "text": alarms.banner_text(alarm, t),
        "since": alarm.raised_at.timestamp(),
        "sound": ringing.is_on_duty,
        "buttons": [{"text": each.text, "data": each.data} for each in buttons],
    }
