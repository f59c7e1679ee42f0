"""The messages of an alarm: one in each chat, changed in place or followed by a louder one.

Runs inside the transactions of `bot.store.alarms`. Must not know when an alarm is called.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace

from bot.domain.alarms import Alarm
from bot.domain.audit import Actor
from bot.domain.ids import CaseId, ChatId, MessageId, ReadingId
from bot.domain.messages import About, MessageRole, Outgoing, Reply
from bot.domain.people import Person
from bot.store import outbox, rows
from storage.database import Row, Transaction

Words = Callable[[Alarm, Person], Reply]
"""What an alarm's messages say to one of their readers; runs inside the transaction."""


def reword(tx: Transaction, alarm: Alarm, by: Actor, words: Words) -> None:
    """Edit every message of an alarm, also those that are on their way."""
    edits = [
        _edit(row, f"{by.occasion}:alarm:{row['chat_id']}", words(alarm, rows.person(row)))
        for row in _told(tx, alarm.case.case_id)
    ]
    outbox.insert(tx, edits)


def tell_in_place(tx: Transaction, case_id: CaseId, message: Outgoing) -> None:
    """Say more of an alarm that rings: in the newest message of its chat, where there is one."""
    told = _told(tx, case_id, message.chat_id)
    if told:
        newest = told[-1]
        message = replace(message, edits=_message_id(newest), edits_key=newest["key"])
    outbox.insert(tx, [message])


def tell_louder(tx: Transaction, case_id: CaseId, message: Outgoing) -> None:
    """Call by a new message, which chats announce; those before it in its chat give way."""
    if tx.one("SELECT 1 FROM outbox WHERE key = :key", key=message.key) is not None:
        return  # it was told before, by an earlier attempt
    earlier = [
        replace(
            _edit(row, f"{message.key}:over", message.reply),
            gives_way_to=message.key,
            calls_again=message.calls_again,
        )
        for row in _told(tx, case_id, message.chat_id)
    ]
    outbox.insert(tx, [message, *earlier])


def _edit(row: Row, key: str, reply: Reply) -> Outgoing:
    return Outgoing(
        key=f"{key}:{row['key'] or row['message_id']}",
        chat_id=ChatId(row["chat_id"]),
        reply=reply,
        about=About(reading_id=ReadingId(row["reading_id"]), role=MessageRole.ALARM),
        edits=_message_id(row),
        edits_key=row["key"],
    )


def _message_id(row: Row) -> MessageId | None:
    return None if row["message_id"] is None else MessageId(row["message_id"])


def _told(tx: Transaction, case_id: CaseId, chat_id: ChatId | None = None) -> Sequence[Row]:
    """Its messages, oldest first: those that were delivered, then those on their way."""
    found = tx.all(_MESSAGES, case_id=case_id)
    return [row for row in found if chat_id in {None, row["chat_id"]}]


_MESSAGES = """
WITH said AS (
    SELECT m.chat_id, m.message_id, NULL AS key, m.reading_id, 0 AS outbox_id
    FROM readings r JOIN messages m ON m.reading_id = r.reading_id AND m.role = 'alarm'
    WHERE r.case_id = :case_id
    UNION ALL
    SELECT o.chat_id, NULL, o.key, o.reading_id, o.outbox_id
    FROM readings r JOIN outbox o INDEXED BY outbox_alarms ON o.reading_id = r.reading_id
    WHERE r.case_id = :case_id AND o.role = 'alarm' AND o.status = 'waiting'
        AND o.edits IS NULL AND o.edits_key IS NULL
)
SELECT said.chat_id, said.message_id, said.key, said.reading_id, p.user_id, p.name, p.role,
    p.language, p.ward, p.accepted_terms_at, p.revoked_at
FROM said JOIN people p ON p.chat_id = said.chat_id WHERE p.revoked_at IS NULL
ORDER BY said.outbox_id, said.message_id
"""
