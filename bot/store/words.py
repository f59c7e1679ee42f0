"""The words by which cases are found: captions, references, questions and answers.

Writes the FTS5 index inside the transactions of others.
"""

from bot.domain import CaseId
from bot.store.database import Connection

MERGED_PAGES = 500
"""How much of the index a step merges: others write between two of them."""


def index_words(connection: Connection, case_id: CaseId) -> None:
    """Make a case findable by its words as they are now, inside somebody's transaction."""
    connection.execute("DELETE FROM case_words WHERE rowid = :case_id", {"case_id": case_id})
    connection.execute(_INDEX_WORDS, {"case_id": case_id})


def begin_merging(connection: Connection) -> None:
    """Begin to merge all parts of the index into one, inside somebody's transaction.

    Words of a case that was deleted stand in it, marked as deleted, until that was done.
    """
    connection.execute(_MERGE, (-MERGED_PAGES,))


def go_on_merging(connection: Connection) -> bool:
    """Merge a step further, inside somebody's transaction.

    Returns:
        Whether there may be more to do.
    """
    before = connection.total_changes
    connection.execute(_MERGE, (MERGED_PAGES,))
    return bool(connection.total_changes - before > 1)


def match_words(words: str) -> str:
    """Words of a person as an FTS5 query: each must occur, as the start of a word.

    Returns:
        A query in which nothing the person typed is an operator.
    """
    quoted = (word.replace('"', '""') for word in words.split())
    return " ".join(f'"{word}"*' for word in quoted)


_MERGE = "INSERT INTO case_words (case_words, rank) VALUES ('merge', ?)"

_INDEX_WORDS = """
INSERT INTO case_words (rowid, caption, patient_reference, answers)
SELECT c.case_id, c.caption, coalesce(c.patient_reference, ''), coalesce((
    SELECT group_concat(coalesce(r.question, '') || char(10) || coalesce(r.text, ''), char(10))
    FROM readings r WHERE r.case_id = c.case_id
), '')
FROM cases c WHERE c.case_id = :case_id
"""
