"""Signals to the gateway's listeners: the bot's polls, the boards, and the streams of phones.

A phone also gets fleeting events, such as typing or the answer to a button: they are for whoever
listens now, and nobody keeps them.
"""

from collections import deque
from collections.abc import Hashable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from typing_extensions import override

from gateway.schemas.objects import JsonObject
from gateway.schemas.records import ChatId
from storage.signals import Listener, Signals

UPDATES = "updates"
"""The topic of the updates that wait for the bot; a chat's topic is its id."""

BOARD = "board"
SMS = "sms"
"""The topic of SMS that wait for a line."""

SHUT_OUT = "shut out"
"""The topic of those whose sessions the bot has ended."""

FLEETING_MAX = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class Fleeting:
    """An event that matters only now; it can be sent as a signal.

    Args:
        chat_id: Whose phones it is for; None for everybody's.
    """

    chat_id: ChatId | None
    kind: str
    body: JsonObject = field(default_factory=dict, hash=False)


class PhoneListener(Listener):
    """A phone's stream, with the fleeting events that it has not told yet, the newest few."""

    def __init__(self) -> None:
        super().__init__()
        self.ended = False
        self.fleeting: deque[Fleeting] = deque(maxlen=FLEETING_MAX)

    def tell(self, event: Fleeting) -> None:
        """Give it a fleeting event."""
        self.fleeting.append(event)
        self.wake()

    def end(self) -> None:
        """Have it wait no longer."""
        self.ended = True
        self.wake()


class PhoneSignals(Signals):
    """The listeners of the gateway's process; `closed` once the server is about to stop."""

    def __init__(self) -> None:
        super().__init__()
        self.closed = False

    @contextmanager
    def listen_to_chat(self, chat_id: ChatId, most: int | None = None) -> Iterator[PhoneListener]:
        """Listen to a chat as a phone does while the block runs.

        Args:
            most: How many may listen at once: for one more, the oldest is ended.
        """
        listener = PhoneListener()
        self._add(listener, [chat_id])
        phones = self._phones([chat_id])
        if most is not None and len(phones) > most:
            self._remove(phones[0], [chat_id])
            phones[0].end()
        try:
            yield listener
        finally:
            self._remove(listener, [chat_id])

    def pages_of(self, chat_id: ChatId) -> int:
        """How many pages show a chat now."""
        return len(self._phones([chat_id]))

    @override
    def send(self, topics: Iterable[Hashable]) -> None:
        """Wake everybody who listens to one of these topics; tell phones the fleeting events."""
        for topic in topics:
            if isinstance(topic, Fleeting):
                for phone in self._phones(
                    self._listeners if topic.chat_id is None else [topic.chat_id]
                ):
                    phone.tell(topic)
            else:
                super().send([topic])

    def close(self) -> None:
        """End every wait: the server is about to stop."""
        self.closed = True
        self.send(tuple(self._listeners))

    def _phones(self, topics: Iterable[Hashable]) -> list[PhoneListener]:
        return [
            listener
            for topic in topics
            for listener in self._listeners.get(topic, ())
            if isinstance(listener, PhoneListener)
        ]
