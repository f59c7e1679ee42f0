"""How long things are kept, and which messages of the chats are deleted."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.domain.ids import ChatId, MessageId


@dataclass(frozen=True, slots=True, kw_only=True)
class Retention:
    """How long things are kept after they were sent; None for ever."""

    cases: timedelta | None = None
    pictures: timedelta | None = None

    @property
    def is_off(self) -> bool:
        """Whether everything is kept for ever."""
        return self.cases is None and self.pictures is None


@dataclass(frozen=True, slots=True, kw_only=True)
class ChatDeletion:
    """Which messages of the chats are to go; each condition chooses more.

    Args:
        messages: These, and the answers to them.
        words: Those that name one of these, such as a case's code.
        files_only: Of all these, only those that hold a picture or a document.
        asked_since: From this time on the bot's documents, which are exports, and commands with
            words after them, such as those of a search, or words that one asked for.
        before: All from before this time.
        files_before: Those from before this time that hold a picture or a document.
    """

    messages: tuple[tuple[ChatId, MessageId], ...] = ()
    words: tuple[str, ...] = ()
    files_only: bool = False
    asked_since: datetime | None = None
    before: datetime | None = None
    files_before: datetime | None = None
