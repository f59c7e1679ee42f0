"""Cases as people look them up: a card, a line of a list, a hit of a search.

Knows cases and their readings. Must not know SQL or Telegram.
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from enum import StrEnum

from bot.domain.alarms import Alarm
from bot.domain.cases import CASES_COUNTED, Case, ComparedWith, FollowUp
from bot.domain.corrections import Correction, EarlierReading
from bot.domain.ids import CaseId
from bot.domain.messages import Button, Reply
from bot.domain.people import Person
from bot.domain.series import is_series
from bot.locale import Translator
from bot.replies import corrections, words
from bot.replies.alarms import URGENT_VIEW, alarm_line, take_buttons
from bot.replies.buttons import MAX_CHOICES, Action, button
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
    banner,
    body,
    disclaimer,
    of_kind,
    short_disclaimer,
    tiny,
    truncated,
    urgency,
)
from bot.replies.review import review_buttons, review_line
from inference.answers.thoughts import strip_thoughts
from inference.contract import Reading

PAGE_CASES = 8
SNIPPET_CHARS = 120


class View(StrEnum):
    """Which cases a list shows."""

    TODAY = "today"
    WEEK = "week"
    URGENT = URGENT_VIEW
    UNREVIEWED = "unreviewed"
    ALL = "all"


def view_name(view: View, t: Translator) -> str:
    """What a list is called, in a word or two."""
    return {
        View.TODAY: t.gettext("Today"),
        View.WEEK: t.gettext("Last 7\u00a0days"),
        View.URGENT: t.gettext("Urgent"),
        View.UNREVIEWED: t.gettext("Not reviewed"),
        View.ALL: t.gettext("All"),
    }[view]


def page(
    cases: Sequence[Case],
    view: View,
    total: int,
    reader: Person,
    t: Translator,
    *,
    sender: Person | None = None,
    older_than: CaseId | None = None,
    first: bool = True,
) -> Reply:
    """One page of a list of cases.

    Args:
        cases: The page, newest first but for what may not be overlooked.
        view: Which list it is; ignored where a sender is given.
        total: How many cases the whole list has, counted up to `CASES_COUNTED`.
        reader: Whose list it is: only supervisors are offered the other lists.
        sender: Whose cases are listed, where only that person's are.
        older_than: Where the next page begins; None on the last one.
        first: Whether this page begins with the newest.

    Returns:
        One message with a button for each case, for the next page and for the other lists.
    """
    name = view_name(view, t) if sender is None else words.name(sender.name)
    text = paragraphs(
        bold(f"{name} · {_how_many(total, t)}"),
        lines(*(_line(case, reader, t) for case in cases)),
    )
    return Reply(
        text=split(text, Html(""))[0],
        buttons=(
            *_open_buttons(cases),
            *_turn_buttons(view, sender, t, older_than=older_than, first=first),
            *(_view_buttons(t) if reader.role.sees_all_cases else ()),
        ),
    )


def left_by_last_shift(cases: Sequence[Case], reader: Person, t: Translator) -> Reply:
    """The cases of a ward that those who sent them left to the next shift.

    Returns:
        One message with a button for each case.
    """
    if reader.ward is None:
        return said(t.gettext("You belong to no ward. A supervisor can say to which: /ward"))
    ward = words.name(reader.ward)
    if not cases:
        return Reply(text=typed(t.gettext("The last shift of {ward} left no case.", ward=ward)))
    text = lines(
        bold(f"{ward} · {t.ngettext('{n} case', '{n} cases', len(cases))}"),
        *(_line(case, reader, t) for case in cases),
    )
    return Reply(text=split(text, Html(""))[0], buttons=_open_buttons(cases))


def choose_sender(people: Sequence[Person], t: Translator) -> Reply:
    """Asks whose cases to list.

    Args:
        people: Those to choose from, none if nobody is called as was typed.

    Returns:
        One message with a button for each person, as far as they fit under it, and for the other
        lists.
    """
    if not people:
        return Reply(text=plain(t.gettext("Nobody has this name.")), buttons=_view_buttons(t))
    rows = _sender_buttons(people[:MAX_CHOICES])
    question = plain(t.gettext("Whose cases do you want to see?"))
    more = t.gettext("For others type a part of the name, such as /cases Amina")
    hint = plain(more) if len(people) > MAX_CHOICES else None
    return Reply(text=lines(question, hint), buttons=(*rows, *_view_buttons(t)))


def card(
    case: Case,
    follow_ups: Sequence[FollowUp],
    reviewer: Person | None,
    reader: Person,
    t: Translator,
    *,
    alarm: Alarm | None = None,
    made: Sequence[Correction] = (),
    earlier: Sequence[EarlierReading] = (),
    prior: ComparedWith | None = None,
) -> list[Reply]:
    """All of a case.

    Args:
        follow_ups: Its later questions, oldest first.
        reviewer: Who signed it off.
        reader: Who looks: supervisors get the buttons to take its alarm and to sign it off.
        alarm: Its alarm, None where none was raised.
        made: What was corrected, oldest first.
        earlier: The readings that were made before that, oldest first.
        prior: An older case whose film this one's may be compared with, where there is one.

    Returns:
        The messages, in order; the last carries the buttons.
    """
    read = (
        case.reading,
        *(follow_up.reading for follow_up in follow_ups),
        *(each.reading for each in earlier),
    )
    practice = _banner_of(read, t)
    text = paragraphs(
        practice,
        *_about(case, made, t),
        *_read(case, follow_ups, t),
        None if alarm is None else alarm_line(alarm, t),
        review_line(case, reviewer, t),
        outcome_line(case, t),
        *(corrections.earlier(each, t) for each in earlier),
        None if case.reading is None else italic(disclaimer(t)),
    )
    pieces = split(text, lines(practice, plain(t.gettext("{case}, continued", case=case.code))))
    buttons = (*_comparing(case, prior, t), *_buttons(case, alarm, reader, t))
    last = len(pieces) - 1
    return [
        Reply(text=piece, buttons=buttons if number == last else ())
        for number, piece in enumerate(pieces)
    ]


def _about(case: Case, made: Sequence[Correction], t: Translator) -> tuple[Html | None, ...]:
    """Whose case it is, and what was set right in it."""
    return (
        _head(case, t),
        None if case.withdrawal is None else corrections.withdrawal_line(case.withdrawal, t),
        _patient(case, t),
        corrections.history(made, t),
        _pictures(case, t),
        corrections.outdated_line(case, t),
    )


def _read(case: Case, follow_ups: Sequence[FollowUp], t: Translator) -> tuple[Html | None, ...]:
    """What was read, and asked of it."""
    reading = case.reading
    turns = (_turn(case, follow_up, t) for follow_up in follow_ups)
    if reading is None:
        return tuple(turns)
    return (
        urgency(reading, t),
        tiny(case, t),
        body(reading, t),
        truncated(reading, t),
        of_kind(case, t),
        *turns,
        None if case.answered_at is None else plain(_answered(case, t)),
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
    count = len(case.pictures)
    which = t.gettext("picture {n} of {count}", n=number + 1, count=count)
    return said(f"{case.code} · {which}" if count > 1 else case.code)


def no_such_case(t: Translator) -> Reply:
    """Answers for a case that does not exist, and in the same words for somebody else's."""
    return said(t.gettext("There is no such case."))


def which_case(t: Translator) -> Reply:
    """Answers `/case` without a number."""
    return said(t.gettext("Which case? Send its number too: /case C-0042"))


def found(
    cases: Sequence[Case],
    sought: str,
    total: int,
    reader: Person,
    t: Translator,
    *,
    senders: Sequence[Person] = (),
) -> Reply:
    """What a search found.

    Args:
        sought: What was searched for.
        total: How many hits there are, counted up to `CASES_COUNTED`.
        senders: People who are called what was sought.

    Returns:
        One message with a button for each case and for each of these people.
    """
    hits = (lines(_line(case, reader, t), quoted(_snippet(case, sought))) for case in cases)
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
        _banner_of((case.reading for case in cases), t),
        bold(_how_many_found(total, t)),
        *hits,
        plain(more) if hidden else None,
        italic(short_disclaimer(t)) if cases else None,
        plain(t.gettext("Cases of people with that name:")) if senders else None,
    )
    return Reply(
        text=split(text, Html(""))[0], buttons=(*_open_buttons(cases), *_sender_buttons(senders))
    )


def _how_many(total: int, t: Translator) -> str:
    if total >= CASES_COUNTED:
        return t.gettext("{n} cases or more", n=t.number(total))
    return t.ngettext("{n} case", "{n} cases", total)


def _how_many_found(total: int, t: Translator) -> str:
    if total >= CASES_COUNTED:
        return t.gettext("{n} cases or more found", n=t.number(total))
    return t.ngettext("{n} case found", "{n} cases found", total)


def search_for_what(t: Translator) -> Reply:
    """Answers `/search` without words."""
    return said(t.gettext("Search for what? Add the words: /search effusion left"))


def _line(case: Case, reader: Person, t: Translator) -> Html:
    facts = [t.moment(case.created_at)]
    if reader.role.sees_all_cases or reader.user_id != case.sender_id:
        facts.append(words.name(case.sender_name))
    if about := words.patient(case.patient, t):
        facts.append(about)
    if case.patient_reference:
        facts.append(t.gettext("ref. {reference}", reference=case.patient_reference))
    facts.append(_standing(case, t))
    return Html(f"{words.case_sign(case)} {bold(case.code)} {typed(' · '.join(facts))}")


def _standing(case: Case, t: Translator) -> str:
    if case.withdrawal is not None:
        return t.gettext("withdrawn")
    return words.status(case.status, t) if case.reviewed_at is None else _verdict(case)


def _verdict(case: Case) -> str:
    """Whether whoever signed a case off agrees with its reading, as a sign."""
    return "☒" if case.review_agrees is False else "☑"


def _sender_buttons(people: Sequence[Person]) -> tuple[tuple[Button, ...], ...]:
    return tuple(
        (button(words.name(person.name), Action.LIST_SENDER, person.user_id, 0),)
        for person in people
    )


def _open_buttons(cases: Sequence[Case]) -> tuple[tuple[Button, ...], ...]:
    buttons = [button(case.code, Action.OPEN_CASE, case.case_id) for case in cases]
    return tuple(tuple(buttons[start : start + 4]) for start in range(0, len(buttons), 4))


def _turn_buttons(
    view: View, sender: Person | None, t: Translator, *, older_than: CaseId | None, first: bool
) -> tuple[tuple[Button, ...], ...]:
    action = Action.LIST_CASES if sender is None else Action.LIST_SENDER
    which = view if sender is None else sender.user_id
    row: list[Button] = []
    if not first:
        row.append(button(t.gettext("◀ Newest"), action, which, 0))
    if older_than is not None:
        row.append(button(t.gettext("Older ▶"), action, which, older_than))
    return (tuple(row),) if row else ()


def _view_buttons(t: Translator) -> tuple[tuple[Button, ...], ...]:
    views = [button(view_name(view, t), Action.LIST_CASES, view, 0) for view in View]
    by_sender = button(t.gettext("By sender"), Action.CHOOSE_SENDER)
    return (tuple(views[:3]), (*views[3:], by_sender))


def _banner_of(readings: Iterable[Reading | None], t: Translator) -> Html | None:
    """What must stand above readings of which even one is the practice model's."""
    banners = (banner(reading.engine, t) for reading in readings if reading is not None)
    return next(filter(None, banners), None)


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


def _pictures(case: Case, t: Translator) -> Html:
    if is_series(case):
        return plain(words.slices(case, t))
    rows = []
    for number, picture in enumerate(case.pictures, start=1):
        facts = [
            t.gettext("Picture {n}", n=number),
            f"{picture.width_px} × {picture.height_px}",  # noqa: RUF001 - the sign is meant
            f"SHA-256 {picture.sha256[:12]}…",
        ]
        if picture.note is not None:
            facts += [words.photo_quality(picture.note, t), words.picture_note(picture.note, t)]
        rows.append(plain(" · ".join(filter(None, facts))))
    return lines(*rows) if rows else plain(t.gettext("The pictures are no longer kept."))


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
    hits = (re.search(rf"\b{re.escape(word)}", folded) for word in _fold(sought).split())
    start = max(min((hit.start() for hit in hits if hit), default=0) - SNIPPET_CHARS // 3, 0)
    end = start + SNIPPET_CHARS
    return f"{'…' if start else ''}{flat[start:end].strip()}{'…' if end < len(flat) else ''}"


def _fold(text: str) -> str:
    """Lower case without accents, one character for each, so that places stay the same."""
    return "".join(unicodedata.normalize("NFD", char)[0].lower()[:1] or " " for char in text)
