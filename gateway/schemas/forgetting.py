"""Which messages are to be forgotten, and whether a message is one of them."""

import re
from dataclasses import dataclass
from functools import cached_property

_COMMAND = re.compile(r"/\S+\s+\S")


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """What decides whether a stored message goes.

    Args:
        is_answer: It replies to a question that begins its reply (Bot API, `ForceReply`).
    """

    chat_id: int
    message_id: int
    reply_to_id: int | None
    from_bot: bool
    date: int
    text: str
    has_file: bool
    is_document: bool
    is_answer: bool = False


@dataclass(frozen=True, kw_only=True)
class Forgetting:
    """What goes; each condition chooses more. Times are Unix seconds.

    Args:
        messages: Chats and ids of messages: they, and the answers to them.
        words: Messages that name one of these, as a whole word.
        files_only: Of all these, only those that hold a picture or a document.
        asked_since: From this time on the bot's documents, which are tables of everything, and
            commands with words after them, or words that a command asked for, which may say
            anything.
        before: All from before this time.
        files_before: Those from before this time that hold a picture or a document.
    """

    messages: frozenset[tuple[int, int]] = frozenset()
    words: tuple[str, ...] = ()
    files_only: bool = False
    asked_since: int | None = None
    before: int | None = None
    files_before: int | None = None

    def is_about(self, message: Candidate) -> bool:
        """Whether a message goes for what it is about."""
        if message.from_bot:
            is_asked = message.is_document
        else:
            is_asked = message.is_answer or _COMMAND.match(message.text) is not None
        if is_asked and self.asked_since is not None and message.date >= self.asked_since:
            return True
        return (message.has_file or not self.files_only) and (
            (message.chat_id, message.message_id) in self.messages
            or (message.chat_id, message.reply_to_id) in self.messages
            or self._named.search(message.text) is not None
        )

    @cached_property
    def _named(self) -> re.Pattern[str]:
        choice = "|".join(re.escape(word) for word in self.words if word)
        return re.compile(rf"(?<![\w-])(?:{choice})(?![\w-])" if choice else r"(?!)")


class Age:
    """Judges messages by age, the first of them first.

    Ids rise with time: what was sent while the clock stood in the past is as old as what stands
    before it, and goes with what comes after it.

    Args:
        before: All from before this time are too old; none if it is None.
        now: What is dated later than this says nothing.
    """

    def __init__(self, before: int | None, now: float) -> None:
        self._before = before
        self._now = now

    def is_over(self, message: Candidate) -> bool:
        """Whether a message goes for its age; once one is young enough, none after it does."""
        if self._before is not None and self._before <= message.date <= self._now:
            self._before = None
        return self._before is not None and message.date < self._before
