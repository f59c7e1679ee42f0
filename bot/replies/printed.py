"""A case on paper: what stands in a report beside what `/case` says, and around it.

Knows cases. Must not know how a page is laid out, nor how pictures are made.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.domain.cases import Case
from bot.domain.messages import Reply
from bot.domain.people import Person
from bot.locale import Translator
from bot.replies import cases, corrections, tuberculosis, words
from bot.replies.markup import Html, bold, italic, paragraphs, plain, words_of
from bot.replies.paper import Sheet, Shown
from bot.replies.reading import disclaimer, short_disclaimer


@dataclass(frozen=True, slots=True, kw_only=True)
class Pictures:
    """What could be made of a case's pictures.

    Args:
        shown: The pictures themselves.
        film: The marked film.
        names_place: Whether there should be a marked film.
    """

    shown: Sequence[Shown]
    film: Sequence[Shown] = ()
    names_place: bool = False


def sheet(
    case: Case,
    known: cases.Known,
    pictures: Pictures,
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
        pictures=[*pictures.shown, *pictures.film],
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


def _text(case: Case, known: cases.Known, pictures: Pictures, t: Translator) -> Html:
    advice = None
    if case.reading is not None:
        said = (case.patient.indication, case.reading.text)
        advice = tuberculosis.advice(case.patient, t, *said)
    return paragraphs(
        cases.whole(case, known, t),
        advice,
        _missing(len(case.pictures), pictures, t),
        cases.technical(case, t),
    )


def _missing(count: int, pictures: Pictures, t: Translator) -> Html | None:
    """What of a case is not to be seen on the page; None where all is."""
    n, said = len(pictures.shown), []
    if count and not n:
        return plain(t.gettext("No picture could be put in here."))
    if n < count:
        said.append(t.gettext("{n} of {count} pictures are shown here.", n=n, count=count))
    if pictures.names_place and not pictures.film:
        said.append(t.gettext("The marked film could not be made."))
    return plain(" ".join(said)) if said else None
