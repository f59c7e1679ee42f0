"""Phones that have just joined and wait for the bot's verdict.

Knows who waits in this process, for moments; whoever waits no longer finds out in the chat.
"""

import asyncio

from gateway.schemas.records import ChatId


class PendingJoins:
    """The verdicts that are waited for; used from the event loop alone."""

    def __init__(self) -> None:
        self._waiting: dict[ChatId, asyncio.Future[str | None]] = {}

    def expect(self, chat_id: ChatId) -> None:
        """Keep the verdict on a person who joins, from before the bot can know of them."""
        self._waiting[chat_id] = asyncio.get_running_loop().create_future()

    async def verdict(self, chat_id: ChatId, timeout_s: float) -> str | None:
        """Wait for the verdict on somebody who is expected.

        Returns:
            The bot's words if it refuses them; None if it lets them in, or said nothing in time.
        """
        try:
            async with asyncio.timeout(timeout_s):
                return await self._waiting[chat_id]
        except TimeoutError:
            return None
        finally:
            del self._waiting[chat_id]

    def let_in(self, chat_id: ChatId) -> None:
        """Say that the bot lets somebody in."""
        self._decide(chat_id, None)

    def refuse(self, chat_id: ChatId, words: str) -> bool:
        """Say that the bot refuses somebody, and why; False if they do not wait to hear it."""
        return self._decide(chat_id, words)

    def _decide(self, chat_id: ChatId, verdict: str | None) -> bool:
        waiting = self._waiting.get(chat_id)
        if waiting is None or waiting.done():
            return False
        waiting.set_result(verdict)
        return True
