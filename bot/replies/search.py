"""What a search found: a line for each case, and under it the words that were found.

Knows cases and their readings. Must not know SQL or Telegram.
"""

import re
import unicodedata
from collections.abc import Sequence
from datetime import datetime

from bot.domain.cases import CASES_COUNTED, Case
from bot.domain.messages import Asks, Question, Reply
from bot.domain.people import Person
from bot.locale import Translator
from bot.replies import lists
from bot.replies.markup import (
    Html,
    Marks,
    bold,
    italic,
    lines,
    paragraphs,
    plain,
    quoted,
    split,
)
from bot.replies.reading import banner_of, short_disclaimer
from inference.answers.thoughts import strip_thoughts

SNIPPET_CHARS = 120
SHORTEST_START = 3
"""Shorter words are found whole only, as by the index that the store keeps."""


def found(
    cases: Sequence[Case],
    sought: str,
    total: int,
    reader: Person,
    t: Translator,
    *,
    now: datetime,
    senders: Sequence[Person] = (),
) -> Reply:
    """What a search found.

    Args:
        sought: What was searched for.
        total: How many hits there are, counted up to `CASES_COUNTED`.
        now: Of the clinic.
        senders: People who are called what was sought.

    Returns:
        One message with a button for each case and for each of these people.
    """
    marks = _marks(sought)
    hits = (
        lines(lists.line(case, reader, now, t, marks), quoted(_snippet(case, sought), marks))
        for case in cases
    )
    hidden = total - len(cases)
    more = (
        t.gettext("Many older cases are not shown: add a word.")
        if total >= CASES_COUNTED
        else t.ngettext(
            "{n} older case is not shown: add a word.",
            "{n} older cases are not shown: add a word.",
            hidden,
        )
    )
    text = paragraphs(
        banner_of((case.reading for case in cases), t),
        bold(_how_many_found(total, t)),
        *hits,
        plain(more) if hidden else None,
        italic(short_disclaimer(t)) if cases else None,
        plain(t.gettext("Cases of people with that name:")) if senders else None,
    )
    return Reply(
        text=split(text, Html(""))[0],
        buttons=(*lists.open_buttons(cases, reader), *lists.sender_buttons(senders)),
    )


def search_for_what(t: Translator) -> Reply:
    """Answers `/search` without words."""
    question = t.gettext("Search for what? Type words of a caption or an answer, or a reference.")
    example = t.gettext("effusion left")
    return Reply(text=plain(question), asks=Asks(question=Question.SEARCH, example=example))


def _how_many_found(total: int, t: Translator) -> str:
    if total >= CASES_COUNTED:
        return t.gettext("{n} cases or more found", n=t.number(total))
    return t.ngettext("{n} case found", "{n} cases found", total)


def _marks(sought: str) -> Marks:
    """Tells the words that were found from the others."""
    patterns = [_pattern(word) for word in _fold(sought).split()]
    return lambda run: any(pattern.search(_fold(run)) for pattern in patterns)


def _pattern(word: str) -> re.Pattern[str]:
    whole = r"\b" if len(word) < SHORTEST_START else ""
    return re.compile(rf"\b{re.escape(word)}{whole}")


def _snippet(case: Case, sought: str) -> str:
    """The words around the first hit: reference, caption and answer, told apart by a dot."""
    reference, caption = case.patient_reference, case.caption
    parts = (
        None if reference and caption and reference in caption else reference,
        caption,
        None if case.reading is None else strip_thoughts(case.reading.text),
    )
    text = " · ".join(part for part in parts if part)
    flat = " ".join(text.split())
    folded = _fold(flat)
    hits = (_pattern(word).search(folded) for word in _fold(sought).split())
    start = max(min((hit.start() for hit in hits if hit), default=0) - SNIPPET_CHARS // 3, 0)
    end = start + SNIPPET_CHARS
    return f"{'…' if start else ''}{flat[start:end].strip()}{'…' if end < len(flat) else ''}"


def _fold(text: str) -> str:
    """Lower case without accents, one character for each, so that places stay the same."""
    return "".join(unicodedata.normalize("NFD", char)[0].lower()[:1] or " " for char in text)
