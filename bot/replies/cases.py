"""A case as people look it up: all of it, in a card.

Knows cases and their readings. Must not know SQL or Telegram.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.domain.alarms import Alarm
from bot.domain.cases import Case, ComparedWith, FollowUp
from bot.domain.corrections import Correction, EarlierReading
from bot.domain.messages import Asks, Button, Question, Reply
from bot.domain.people import Person
from bot.domain.series import is_series
from bot.locale import Translator
from bot.replies import corrections, words
from bot.replies.alarms import alarm_line, take_buttons
from bot.replies.comparison import compare_button, compared
from bot.replies.markup import (
    Html,
    bold,
    italic,
    lines,
    paragraphs,
    plain,
    quoted,
    said,
    split,
    typed,
)
from bot.replies.outcome import outcome_buttons, outcome_line
from bot.replies.reading import (
    banner_of,
    body,
    disclaimer,
    of_kind,
    report_button,
    tiny,
    truncated,
    urgency,
)
from bot.replies.review import review_buttons, review_line

_NUMBER = Asks(question=Question.CASE, example="C-0042")


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What is known of a case beside itself.

    Args:
        follow_ups: Its later questions, oldest first.
        reviewer: Who signed it off.
        alarm: Its alarm, None where none was raised.
        made: What was corrected, oldest first.
        earlier: The readings that were made before that, oldest first.
    """

    follow_ups: Sequence[FollowUp] = ()
    reviewer: Person | None = None
    alarm: Alarm | None = None
    made: Sequence[Correction] = ()
    earlier: Sequence[EarlierReading] = ()


def card(
    case: Case, known: Known, reader: Person, t: Translator, *, prior: ComparedWith | None = None
) -> list[Reply]:
    """All of a case: how urgent it is first, what only a technician reads last.

    Args:
        reader: Who looks: supervisors get the buttons to take its alarm and to sign it off.
        prior: An older case whose film this one's may be compared with, where there is one.

    Returns:
        The messages, in order; the last carries the buttons.
    """
    practice = practice_banner(case, known, t)
    text = paragraphs(
        practice,
        whole(case, known, t),
        None if case.reading is None else italic(disclaimer(t)),
        technical(case, t),
    )
    pieces = split(text, lines(practice, plain(t.gettext("{case}, continued", case=case.code))))
    buttons = (*_comparing(case, prior, t), *_buttons(case, known.alarm, reader, t))
    last = len(pieces) - 1
    return [
        Reply(text=piece, buttons=buttons if number == last else ())
        for number, piece in enumerate(pieces)
    ]


def whole(case: Case, known: Known, t: Translator) -> Html:
    """All that a reader of a case is told; what must stand above and under it is not in it."""
    return paragraphs(
        None if case.withdrawal is None else corrections.withdrawal_line(case.withdrawal, t),
        _urgency(case, t),
        *_about(case, known.made, t),
        *_read(case, known.follow_ups, t),
        None if known.alarm is None else alarm_line(known.alarm, t),
        review_line(case, known.reviewer, t),
        outcome_line(case, t),
        *(corrections.earlier(each, t) for each in known.earlier),
    )


def practice_banner(case: Case, known: Known, t: Translator) -> Html | None:
    """What must stand above a case of whose readings even one is the practice model's."""
    asked = (follow_up.reading for follow_up in known.follow_ups)
    return banner_of((case.reading, *asked, *(each.reading for each in known.earlier)), t)


def _about(case: Case, made: Sequence[Correction], t: Translator) -> tuple[Html | None, ...]:
    """Whose case it is, and what was set right in it."""
    return (
        _head(case, t),
        _patient(case, t),
        corrections.history(made, t),
        _pictures(case, t),
        corrections.outdated_line(case, t),
    )


def _urgency(case: Case, t: Translator) -> Html | None:
    return None if case.reading is None else lines(urgency(case.reading, t), tiny(case, t))


def _read(case: Case, follow_ups: Sequence[FollowUp], t: Translator) -> tuple[Html | None, ...]:
    """What was read, and asked of it."""
    reading = case.reading
    turns = (_turn(case, follow_up, t) for follow_up in follow_ups)
    if reading is None:
        return tuple(turns)
    return (
        body(reading, t),
        truncated(reading, t),
        of_kind(case, t),
        *turns,
    )


def _buttons(
    case: Case, alarm: Alarm | None, reader: Person, t: Translator
) -> tuple[tuple[Button, ...], ...]:
    """What a reader can do with a case."""
    taking = (
        () if alarm is None or not reader.role.sees_all_cases else take_buttons(alarm, reader, t)
    )
    return (
        *taking,
        *review_buttons(case, reader, t),
        *outcome_buttons(case, t),
        *(corrections.buttons_of_card(case, t) if reader.may_correct(case) else ()),
        *(() if case.reading is None else ((report_button(case, t),),)),
    )


def _comparing(
    case: Case, prior: ComparedWith | None, t: Translator
) -> tuple[tuple[Button, ...], ...]:
    return () if prior is None else ((compare_button(case, prior, t),),)


def picture_caption(case: Case, number: int, t: Translator) -> Reply:
    """What stands under a case's picture.

    Args:
        number: Which of its pictures, from 0.
    """
    return said(picture_name(case, number, t))


def picture_name(case: Case, number: int, t: Translator) -> str:
    """Which of a case's pictures one is, counted from 0: `C-0042 · picture 1 of 2`."""
    count = len(case.pictures)
    which = t.gettext("picture {n} of {count}", n=number + 1, count=count)
    return f"{case.code} · {which}" if count > 1 else case.code


def no_such_case(t: Translator) -> Reply:
    """Answers for a case that does not exist, and in the same words for somebody else's."""
    text = t.gettext("There is no such case. A number looks like this: C-0042. /cases lists them.")
    return Reply(text=plain(text), asks=_NUMBER)


def which_case(t: Translator) -> Reply:
    """Answers `/case` without a number."""
    question = t.gettext("Which case? Type its number, such as C-0042")
    return Reply(text=plain(question), asks=_NUMBER)


def _head(case: Case, t: Translator) -> Html:
    name = words.name(case.sender_name)
    return lines(
        bold(f"{t.gettext('Case {case}', case=case.code)} · {words.status(case.status, t)}"),
        typed(t.gettext("From: {name}, {when}", name=name, when=t.moment(case.created_at))),
    )


def _patient(case: Case, t: Translator) -> Html:
    about = words.patient(case.patient, t)
    reference = case.patient_reference
    return lines(
        plain(t.gettext("Patient: {patient}", patient=about)) if about else None,
        None
        if case.side is None
        else plain(t.gettext("Side: {side}", side=words.side(case.side, t))),
        None
        if case.kind is None
        else plain(t.gettext("Picture: {kind}", kind=words.kind(case.kind, t))),
        typed(t.gettext("Reference: {reference}", reference=reference)) if reference else None,
        plain(t.gettext("Caption:")) if case.caption.strip() else None,
        quoted(case.caption),
    )


def _pictures(case: Case, t: Translator) -> Html | None:
    """What a reader must know of the pictures."""
    if is_series(case):
        return plain(words.slices(case, t))
    if not case.pictures:
        return plain(t.gettext("The pictures are no longer kept."))
    told = []
    for number, picture in enumerate(case.pictures, start=1):
        note = picture.note
        facts = () if note is None else (words.photo_quality(note, t), words.picture_note(note, t))
        if any(facts):
            told.append(" · ".join(filter(None, (_picture_name(number, t), *facts))))
    return lines(*map(plain, told))


def technical(case: Case, t: Translator) -> Html:
    """What only a technician reads: how large the pictures are, their sums, what answered."""
    sizes = (
        f"{_picture_name(number, t)} · {picture.width_px} × {picture.height_px}"  # noqa: RUF001
        f" · SHA-256 {picture.sha256[:12]}…"
        for number, picture in enumerate(case.pictures, start=1)
    )
    return lines(
        *(() if is_series(case) else map(plain, sizes)),
        None if case.answered_at is None else plain(_answered(case, t)),
    )


def _picture_name(number: int, t: Translator) -> str:
    return t.gettext("Picture {n}", n=number)


def _turn(case: Case, follow_up: FollowUp, t: Translator) -> Html:
    reading = follow_up.reading
    prior = follow_up.compared_with
    if prior is not None and reading is not None:
        return compared(case, prior, reading, t)
    if reading is None:
        answer = plain(f"({words.status(follow_up.status, t)})")
    else:
        answer = body(reading, t)
    return lines(
        bold(t.gettext("Question:")),
        quoted(follow_up.question),
        answer,
        None if reading is None else truncated(reading, t),
    )


def _answered(case: Case, t: Translator) -> str:
    if case.reading is None or case.answered_at is None:
        return ""
    when, took = t.moment(case.answered_at), words.took(case.reading.duration_s, t)
    tokens = t.ngettext("{n}\u00a0token", "{n}\u00a0tokens", case.reading.answer_tokens)
    return f"{when} · {words.engine(case.reading.engine, t)} · {took} · {tokens}"
