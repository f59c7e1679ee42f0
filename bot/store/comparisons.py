"""Comparisons: a newer film of a patient is read together with an older one.

One is a reading of its own in the queue, asked about the newer case like a question. It is deleted
with whichever of its two cases goes first.
"""

from collections.abc import Callable

from bot.domain.audit import Act, Actor
from bot.domain.cases import Case, QueuePosition
from bot.domain.comparisons import FilmPair, pair_of, view_of
from bot.domain.ids import ChatId, MessageId, ReadingId, UserId
from bot.domain.messages import Outgoing
from bot.domain.people import Person
from bot.store import audit, outbox, rows
from bot.store.cases import found
from bot.store.queue_position import place
from bot.store.topics import Topic
from inference.contract import Language
from storage.database import Database, Transaction

CANDIDATES = 5
"""Of so many older cases the newest that fits is offered."""

ReceivedComparison = Callable[[ReadingId, QueuePosition], Outgoing]
"""Words a comparison's "received" message; runs inside the transaction."""


class Comparisons:
    """Queries over comparisons."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def offered(self, case: Case, reader: Person) -> FilmPair | None:
        """The newest older film of a case's patient that this person may see, if there is one."""

        def query(tx: Transaction) -> FilmPair | None:
            if case.patient_reference is None:
                return None
            older = found(
                tx, _OLDER, reference=case.patient_reference, case_id=case.case_id, most=CANDIDATES
            )
            pairs = (pair_of(case, prior) for prior in older if reader.may_see(prior))
            return next((pair for pair in pairs if pair is not None), None)

        return await self._database.read(query)

    async def ask(
        self,
        case: Case,
        films: FilmPair,
        *,
        words: str,
        asked_by: UserId,
        chat_id: ChatId,
        message_id: MessageId,
        language: Language,
        received: ReceivedComparison,
        by: Actor,
    ) -> ReadingId | None:
        """Queue a comparison with its "received" message; None if it was asked for before.

        Args:
            words: What was asked, as the case's history shows it.
            message_id: Under which it was asked: once under each message.
        """

        def transaction(tx: Transaction) -> ReadingId | None:
            row = tx.one(
                _ASK,
                case_id=case.case_id,
                prior_id=films.with_.case_id,
                question=words,
                asked_by=asked_by,
                chat_id=chat_id,
                message_id=message_id,
                language=language,
                now=tx.now,
            )
            if row is None:
                return None
            reading_id = ReadingId(row["reading_id"])
            tx.run(
                _COMPARE,
                reading_id=reading_id,
                prior_id=films.with_.case_id,
                prior=films.prior,
                current=films.current,
            )
            outbox.insert(tx, [received(reading_id, place(tx, reading_id))])
            audit.append(tx, by.does(Act.COMPARED, f"{case.code} {films.with_.code}"))
            tx.signal(Topic.READINGS)
            return reading_id

        return await self._database.write(transaction)


def films_of(tx: Transaction, reading_id: ReadingId, case: Case) -> FilmPair | None:
    """The films of a reading that compares two, inside somebody's transaction.

    Returns:
        None for every other reading.
    """
    row = tx.one(_FILMS, reading_id=reading_id)
    if row is None:
        return None
    current = (each for each in case.pictures if each.read == row["current_picture"])
    return FilmPair(
        with_=rows.compared_with(row),
        prior=row["prior_read"],
        current_at=case.created_at,
        current=row["current_read"],
        view=next((view_of(each) for each in current), None),
    )


_FILMS = """
SELECT k.*, c.created_at AS prior_sent_at,
    coalesce(p.read_name, k.prior_picture) AS prior_read,
    coalesce(n.read_name, k.current_picture) AS current_read
FROM comparisons k JOIN cases c ON c.case_id = k.prior_case_id
LEFT JOIN pictures p ON p.name = k.prior_picture
LEFT JOIN pictures n ON n.name = k.current_picture
WHERE k.reading_id = :reading_id
"""
"""A film is compared as it was read: straight, where it was cut out of its photo."""

_OLDER = """
WHERE c.patient_reference = :reference COLLATE NOCASE AND c.case_id < :case_id
    AND c.withdrawn_at IS NULL
    AND c.case_id NOT IN (SELECT case_id FROM pending_deletions)
ORDER BY c.case_id DESC LIMIT :most + 0
"""

_ASK = """
INSERT INTO readings (case_id, question, asked_by, chat_id, message_id, language, asked_at,
    ready_at)
SELECT :case_id, :question, :asked_by, :chat_id, :message_id, :language, :now, :now
WHERE NOT EXISTS (
    SELECT 1 FROM comparisons k JOIN readings r USING (reading_id)
    WHERE r.case_id = :case_id AND k.prior_case_id = :prior_id
        AND r.status IN ('waiting', 'reading')
)
ON CONFLICT DO NOTHING RETURNING reading_id
"""
"""Not while the same comparison waits."""

_COMPARE = """
INSERT INTO comparisons (reading_id, prior_case_id, prior_picture, current_picture)
VALUES (:reading_id, :prior_id, :prior, :current)
"""
