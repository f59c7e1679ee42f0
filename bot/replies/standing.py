"""What became of an answer, in lines that stand on the answer itself.

Knows cases. Must not know SQL or Telegram, nor how an answer is laid out.
"""

from textwrap import shorten

from bot.domain.cases import Case
from bot.locale import Translator
from bot.replies import words
from bot.replies.corrections import outdated_line, withdrawal_line
from bot.replies.markup import Html, bold, lines, typed

NOTE_CHARS = 200
"""So much of a note stands on the answer; its sender has been told all of it."""


def standing(case: Case, reviewer: str | None, t: Translator) -> Html | None:
    """Whether it was withdrawn, agreed with, disputed, or made before a correction; None for none.

    Args:
        reviewer: What whoever signed the case off calls themselves.
    """
    return (
        lines(
            None if case.withdrawal is None else withdrawal_line(case.withdrawal, t),
            _verdict(case, words.name(reviewer or ""), t),
            outdated_line(case, t),
        )
        or None
    )


def _verdict(case: Case, name: str, t: Translator) -> Html | None:
    if case.reviewed_at is None:
        return None
    verdict = bold(
        t.gettext("✓ {name} agrees with this reading.", name=name)
        if case.review_agrees
        else t.gettext("✗ {name} DISPUTES this reading. Ask before you act on it.", name=name)
    )
    note = shorten(case.review_note or "", NOTE_CHARS, placeholder=" …")
    return Html(f"{verdict} {typed(f'“{note}”')}") if note else verdict
