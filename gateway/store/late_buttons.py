"""Buttons that the bot has just taken away: whoever pressed one saw it still.

Knows, in memory, which message had which buttons until when. Telegram hands such a press to the bot
too (Bot API, `CallbackQuery.data`), and the bot says what became of it.
"""

from gateway.schemas.records import ChatId, Message, MessageId

LATE_S = 15
"""As long as a slow phone takes to show an edit."""

_MESSAGES_MAX = 1_000


class LateButtons:
    """The buttons that were there a moment ago."""

    def __init__(self) -> None:
        self._gone: dict[tuple[ChatId, MessageId], tuple[float, frozenset[str]]] = {}

    def note(self, before: Message, now: float) -> None:
        """Note the buttons of a message that is edited."""
        every = (button.data for row in before.buttons or () for button in row)
        had = frozenset(data for data in every if data)
        if not (had and before.from_bot):
            return
        key = (before.person.chat_id, before.message_id)
        self._gone.pop(key, None)
        self._gone[key] = (now + LATE_S, had)
        if len(self._gone) > _MESSAGES_MAX:
            del self._gone[next(iter(self._gone))]  # that was edited longest ago

    def has(self, chat_id: ChatId, message_id: MessageId, data: str, now: float) -> bool:
        """Whether a message had a button just before it was edited."""
        until, had = self._gone.get((chat_id, message_id), (0.0, frozenset()))
        return now < until and data in had
