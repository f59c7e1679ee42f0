"""The ward's board: tells the Bot API server how the ward stands, if it can show that.

Knows the ward's state and the one method for it, which EdgeRad's own server has and Telegram's has
not. Nothing of a patient leaves here: counts, case codes, the engine.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any

from telegram import Bot
from telegram.error import EndPointNotFound, TelegramError

from bot.domain.cases import case_code
from bot.domain.figures import Ward
from bot.store import Store
from inference.contract import EngineStatus
from machine.clock import Clock

METHOD = "edgerad_set_board"
LOOK_S = 3.0
TELL_AGAIN_S = 15.0
"""A server that was started anew has forgotten the board."""

log = logging.getLogger(__name__)

Content = dict[str, Any]


class BoardPublisher:
    """Tells the server the ward's state as it changes."""

    def __init__(
        self,
        *,
        bot: Bot,
        store: Store,
        clock: Clock,
        engine: Callable[[], EngineStatus],
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._bot = bot
        self._store = store
        self._clock = clock
        self._engine = engine
        self._sleep = sleep
        self._told: tuple[Content, datetime] = {}, clock.now()

    async def publish(self) -> None:
        """Tell the server for ever, or until it says that it has no board."""
        while True:
            try:
                await self.publish_once()
            except EndPointNotFound:
                log.info("This server shows no board")
                return
            except TelegramError as error:
                log.warning("The board was not taken: %s", type(error).__name__)
            await self._sleep(LOOK_S)

    async def publish_once(self) -> None:
        """Tell the server what is new since the last time, if anything is.

        Raises:
            EndPointNotFound: It has no board.
            TelegramError: It could not be told.
        """
        now = self._clock.now()
        supervisors = await self._store.people.supervisors()
        content: Content = {
            "board": _content(await self._store.ward.now(now), self._engine()),
            "viewers": sorted(person.chat_id for person in supervisors),
        }
        told, told_at = self._told
        if content == told and (now - told_at).total_seconds() < TELL_AGAIN_S:
            return
        await self._bot.do_api_request(METHOD, api_kwargs=content)
        self._told = content, now


def _content(ward: Ward, status: EngineStatus) -> Content:
    engine = status.engine
    return {
        "waiting": ward.waiting,
        "waiting_since": _unix(ward.waiting_since),
        "reading": ward.reading,
        "reading_since": _unix(ward.reading_since),
        "urgent": ward.urgent,
        "urgent_cases": [
            {"code": case_code(case_id), "urgency": urgency}
            for case_id, urgency in ward.urgent_cases
        ],
        "answered": ward.answered,
        "failed": ward.failed,
        "wait_p50_s": ward.wait_p50_s,
        "engine": {
            "state": status.state,
            "model": engine and engine.model,
            "tier": engine and engine.tier,
            "practice": engine is not None and engine.practice,
        },
    }


def _unix(when: datetime | None) -> float | None:
    return None if when is None else when.timestamp()
