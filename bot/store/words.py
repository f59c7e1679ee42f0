"""The words by which cases are found: captions, references, questions and answers.

Writes the FTS5 index inside the transactions of others. FTS5 answers `"cough"*` by merging all that
it holds of every word with that start, whatever is wanted of it. So the words with that start are
looked up first, and asked for by name: FTS5 then walks from the newest case and stops when told.
"""

import re
import unicodedata
from collections.abc import Iterator
from itertools import islice

from bot.domain.ids import CaseId
from storage.database import Transaction

SHORTEST_START = 3
"""Shorter words are looked for whole: an age, a sex, "TB"."""
MOST_WORDS = 500
"""With more words of one start than these, few cases have each: FTS5 merges them well."""
MERGED_PAGES = 500
"""How much of the index a step merges: others write between two of them."""


def index_words(tx: Transaction, case_id: CaseId) -> None:
    """Make a case findable by its words as they are now, inside somebody's transaction."""
    tx.run("DELETE FROM case_words WHERE rowid = :case_id", case_id=case_id)
    tx.run(_INDEX_WORDS, case_id=case_id)


def begin_merging(tx: Transaction) -> None:
    """Begin to merge all parts of the index into one, inside somebody's transaction.

    Words of a case that was deleted stand in it, marked as deleted, until that was done.
    """
    tx.run(_MERGE, pages=-MERGED_PAGES)


def go_on_merging(tx: Transaction) -> bool:
    """Merge a step further, inside somebody's transaction.

    Returns:
        Whether there may be more to do.
    """
    before = _total_changes(tx)
    tx.run(_MERGE, pages=MERGED_PAGES)
    return _total_changes(tx) - before > 1


def _total_changes(tx: Transaction) -> int:
    changes: int = tx.run("SELECT total_changes()").fetchone()[0]
    return changes


def match_words(tx: Transaction, typed: str) -> str:
    """Words of a person as an FTS5 query: each must occur, as the start of a word.

    Args:
        typed: What the person typed; "X-ray" counts as two words that stand together.

    Returns:
        A query in which nothing the person typed is an operator.
    """
    terms = (_TERM.findall(_folded(word)) for word in typed.split())
    return " AND ".join(_match(tx, *each) for each in terms if each) or '""'


def _match(tx: Transaction, *terms: str) -> str:
    *head, start = terms
    if len(start) < SHORTEST_START:
        return _phrase(*head, start)
    found = list(islice(_beginning(tx, start), MOST_WORDS))
    if not found or len(found) == MOST_WORDS:
        return f"{_phrase(*head, start)}*"
    return f"({' OR '.join(_phrase(*head, word) for word in found)})"


def _beginning(tx: Transaction, start: str) -> Iterator[str]:
    """All words that begin like this, each found by its place in the index."""
    at_least = start
    while (row := tx.one(_NEXT_WORD, at_least=at_least)) is not None:
        word: str = row["term"]
        if not word.startswith(start):
            return
        yield word
        at_least = f"{word}\0"


def _phrase(*terms: str) -> str:
    return f'"{" ".join(terms)}"'


def _folded(word: str) -> str:
    """As the tokenizer `unicode61 remove_diacritics 2` keeps words."""
    decomposed = unicodedata.normalize("NFD", word.lower())
    return "".join(char for char in decomposed if not unicodedata.combining(char))


_TERM = re.compile(r"[^\W_]+")

_NEXT_WORD = "SELECT term FROM case_vocabulary WHERE term >= :at_least LIMIT 1"

_MERGE = "INSERT INTO case_words (case_words, rank) VALUES ('merge', :pages)"

_INDEX_WORDS = """
INSERT INTO case_words (rowid, caption, patient_reference, answers)
SELECT c.case_id, c.caption, coalesce(c.patient_reference, ''), coalesce((
    SELECT group_concat(coalesce(r.question, '') || char(10) || coalesce(r.text, ''), char(10))
    FROM readings r WHERE r.case_id = c.case_id
), '')
FROM cases c WHERE c.case_id = :case_id
"""
