"""A case on paper: what stands in a report beside what `/case` says, and around it.

Knows cases. Must not know how a page is laid out, nor how pictures are made.
"""

from collections.abc import Sequence
from datetime import datetime

from bot.domain.cases import Case
from bot.domain.messages import Reply
from bot.domain.people import Person
from bot.locale import Translator
from bot.replies import cases, corrections, tuberculosis, words
from bot.replies.markup import Html, bold, italic, paragraphs, plain, words_of
from bot.replies.paper import Sheet, Shown
from bot.replies.reading import disclaimer, short_disclaimer


def sheet(
    case: Case,
    known: cases.Known,
    pictures: Sequence[Shown],
    t: Translator,
    *,
    clinic: str,
    reader: Person,
    now: datetime,
) -> Sheet:
    """All of a case for a page: the card's words, with the pictures above.

    Args:
        clinic: Its name, empty if it has none.
        reader: For whom it is made.
    """
    gone = case.withdrawal
    banners = (
        cases.practice_banner(case, known, t),
        None if gone is None else corrections.withdrawal_line(gone, t),
    )
    made = t.gettext("Made for {name}, {when}", name=words.name(reader.name), when=t.moment(now))
    return Sheet(
        title=t.gettext("Case {case}", case=case.code),
        above=" · ".join(filter(None, (clinic, "EdgeRad"))),
        banners=[words_of(each) for each in banners if each],
        pictures=pictures,
        across="" if gone is None else t.gettext("WITHDRAWN"),
        text=_text(case, known, pictures, t),
        foot=[disclaimer(t), made],
        page=t.gettext("Page {n} of {count}", n="{n}", count="{count}"),
        language=t.language,
    )


def sent(case: Case, known: cases.Known, t: Translator) -> Reply:
    """What stands under the file in a chat."""
    text = paragraphs(
        cases.practice_banner(case, known, t),
        bold(t.gettext("Report on case {case}, to print or to send on", case=case.code)),
        italic(short_disclaimer(t)),
    )
    return Reply(text=text)


def _text(case: Case, known: cases.Known, pictures: Sequence[Shown], t: Translator) -> Html:
    advice = None
    if case.reading is not None:
        said = (case.patient.indication, case.reading.text)
        advice = tuberculosis.advice(case.patient, t, *said)
    missing = bool(case.pictures) and not pictures
    return paragraphs(
        cases.whole(case, known, t),
        advice,
        plain(t.gettext("No picture could be put in here.")) if missing else None,
        cases.technical(case, t),
    )
