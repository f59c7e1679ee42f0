"""The ward's board: tells the Bot API server how the ward stands, if it can show that.

Nothing of a patient leaves here: counts, case codes, the engine.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import datetime

from telegram.error import TelegramError

from bot.domain.cases import case_code
from bot.domain.figures import Ward
from bot.domain.ids import ChatId
from bot.gateway_methods import GatewayMethods
from bot.store import Store
from inference.contract import EngineStatus
from machine.clock import Clock

LOOK_S = 3.0
TELL_AGAIN_S = 15.0
"""A server that was started anew has forgotten the board."""

log = logging.getLogger(__name__)

Content = dict[str, object]


class BoardPublisher:
    """Tells the server the ward's state as it changes."""

    def __init__(
        self,
        *,
        gateway: GatewayMethods,
        store: Store,
        clock: Clock,
        engine: Callable[[], EngineStatus],
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._gateway = gateway
        self._store = store
        self._clock = clock
        self._engine = engine
        self._sleep = sleep
        self._told: tuple[Content, list[ChatId]] = {}, []
        self._told_at = clock.now()

    async def publish(self) -> None:
        """Tell the server for ever, or until it says that it has no board."""
        while True:
            try:
                if not await self.publish_once():
                    log.info("This server shows no board")
                    return
            except TelegramError as error:
                log.warning("The board was not taken: %s", type(error).__name__)
            await self._sleep(LOOK_S)

    async def publish_once(self) -> bool:
        """Tell the server what is new since the last time; False if it has no board.

        Raises:
            TelegramError: It could not be told.
        """
        now = self._clock.now()
        board = _content(await self._store.ward.now(), self._engine())
        viewers = sorted(person.chat_id for person in await self._store.people.supervisors())
        is_fresh = (now - self._told_at).total_seconds() < TELL_AGAIN_S
        if is_fresh and self._told == (board, viewers):
            return True
        if not await self._gateway.set_board(board, viewers):
            return False
        self._told, self._told_at = (board, viewers), now
        return True


def _content(ward: Ward, status: EngineStatus) -> Content:
    engine = status.engine
    return {
        "waiting": ward.waiting,
        "waiting_since": _unix(ward.waiting_since),
        "reading": ward.reading,
        "reading_since": _unix(ward.reading_since),
        "urgent": ward.urgent,
        "unknown": ward.unknown,
        "urgent_cases": [
            {"code": case_code(case_id), "urgency": urgency}
            for case_id, urgency in ward.urgent_cases
        ],
        "ringing": ward.ringing,
        "ringing_since": _unix(ward.ringing_since),
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
