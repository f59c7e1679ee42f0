"""A phone's stream of server-sent events.

Knows the stream's form. It resumes after any event that is still kept; fleeting ones have no id and
are never repeated.
"""

import asyncio
import json
from collections.abc import AsyncIterator, Sequence

from gateway.phone import view
from gateway.phone.turns import Turns
from gateway.schemas.objects import JsonObject
from gateway.schemas.records import Person
from gateway.store.events import Event
from gateway.store.sessions import Session
from gateway.store.signals import BOARD, PhoneListener
from gateway.store.store import EVENTS_AT_ONCE, ChatStore

KEEP_ALIVE_S = 15.0
RETRY_MS = 2_000
STREAMS_MAX = 8
"""Open to one person; one more ends the oldest, so that nobody's phone uses all connections up."""
_MADE_AT_ONCE = 4
"""More are made in a thread: a phone that comes back may have missed hundreds."""
_KEEP_ALIVE = ": still here\n\n"


async def stream(
    store: ChatStore,
    session: Session,
    last_event_id: int | None,
    turns: Turns,
    keep_alive_s: float = KEEP_ALIVE_S,
) -> AsyncIterator[str]:
    """Tell what happens in a person's chats until the server stops, the phone goes or is locked.

    The session is looked up before each event, however it may have ended meanwhile.

    Args:
        last_event_id: The last event the phone has; None for from now on.
        turns: Whose turn it is to be told much at once.
        keep_alive_s: How long the stream may be silent.

    Yields:
        The stream, piece by piece.
    """
    person = session.person
    with store.signals.listen_to_chat(person.chat_id, STREAMS_MAX) as listener:
        newest = await store.newest_event_id(person)
        # an id from the future is one of a database that was lost
        known = newest if last_event_id is None else min(last_event_id, newest)
        yield f"retry: {RETRY_MS}\nid: {known}\n\n"
        while not (store.signals.closed or listener.ended):
            now, happened = await store.events_after(session, known)
            if now is None:
                return
            if not now.is_open:
                yield _event("locked", {})
                return
            if len(happened) > _MADE_AT_ONCE:
                async with turns.of(session):
                    pieces = await asyncio.to_thread(_pieces, happened, person)
            else:
                pieces = _pieces(happened, person)
            for event, piece in zip(happened, pieces, strict=True):
                known = event.event_id
                yield piece
            if not happened and listener.fleeting:
                yield _fleeting(listener)
            elif (
                len(happened) < EVENTS_AT_ONCE
                and not listener.fleeting
                and not await listener.wait(keep_alive_s)
            ):
                yield _KEEP_ALIVE


async def board_stream(
    store: ChatStore, session: Session, keep_alive_s: float = KEEP_ALIVE_S
) -> AsyncIterator[str]:
    """Tell the ward's state until the server stops, or the phone's person may no longer look.

    Args:
        keep_alive_s: How long the stream may be silent.

    Yields:
        The stream, piece by piece.
    """
    with store.signals.listen(BOARD) as listener:
        yield f"retry: {RETRY_MS}\n\n"
        while not store.signals.closed:
            seen = store.board.seen_by(session.person)
            if seen is None or await store.sessions.find(session.token_sha256) is None:
                yield _event("denied", {})
                return
            yield _event("board", seen)
            while not await listener.wait(keep_alive_s):
                yield _KEEP_ALIVE


def _pieces(events: Sequence[Event], person: Person) -> list[str]:
    return [_stored(event, person) for event in events]


def _stored(event: Event, person: Person) -> str:
    message = event.message
    data = event.body if message is None else view.message(message, person)
    kind = event.kind if event.chat_id == person.chat_id else f"group_{event.kind}"
    return f"id: {event.event_id}\n" + _event(kind, data or {})


def _fleeting(listener: PhoneListener) -> str:
    event = listener.fleeting.popleft()
    return _event(event.kind, event.body)


def _event(kind: str, data: JsonObject) -> str:
    return f"event: {kind}\ndata: {json.dumps(data, ensure_ascii=False)}\n\n"
