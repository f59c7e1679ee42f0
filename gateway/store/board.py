"""The ward's board, as the bot told it last, and who may see it.

Knows no more of it than that it is JSON. In memory alone: the bot tells it again.
"""

from collections.abc import Callable, Iterable, Sequence

from gateway.schemas.objects import JsonObject
from gateway.schemas.records import ChatId, Person
from gateway.store.signals import BOARD
from storage.signals import Signals


class Board:
    """What the board shows.

    Args:
        signals: Sent when it changes.
        clock: Unix seconds.
        lines: How what sends SMS is; none where nothing does.
    """

    def __init__(
        self,
        signals: Signals,
        clock: Callable[[], float],
        lines: Callable[[], Sequence[JsonObject]] = tuple,
    ) -> None:
        self._lines = lines
        self._signals = signals
        self._clock = clock
        self._content: JsonObject = {}
        self._viewers: frozenset[ChatId] = frozenset()
        self._told_at = 0.0

    def put(self, content: JsonObject, viewers: Iterable[int]) -> None:
        """Show this from now on, to the people of these private chats alone."""
        self._content = content
        self._viewers = frozenset(ChatId(viewer) for viewer in viewers)
        self._told_at = self._clock()
        self._signals.send([BOARD])

    def seen_by(self, person: Person) -> JsonObject | None:
        """What a person sees, with the time and when the bot told it; None if they may not look."""
        if person.chat_id not in self._viewers:
            return None
        seen = {**self._content, "told_at": self._told_at, "now": self._clock()}
        lines = list(self._lines())
        return {**seen, "sms": lines} if lines else seen
