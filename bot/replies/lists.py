"""Lists of cases: a line for each, a button for each, and the way to the other lists.

Knows cases and their readings. Must not know SQL or Telegram.
"""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum

from bot.domain.cases import CASES_COUNTED, Case, CaseStatus
from bot.domain.messages import Button, Reply
from bot.domain.pages import CasePage, Place
from bot.domain.people import Person
from bot.locale import Translator
from bot.replies import words
from bot.replies.alarms import URGENT_VIEW
from bot.replies.buttons import MAX_CHOICES, Action, button, in_rows
from bot.replies.markup import Html, Marks, bold, italic, lines, paragraphs, plain, said, split
from bot.replies.markup import typed as shown
from bot.replies.model_words import in_brief
from bot.replies.reading import banner_of, short_disclaimer

PAGE_CASES = 8
BRIEF_CHARS = 60
"""Of what the model wrote: with the rest, a case takes three lines of a phone at most."""


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
    listed: CasePage,
    view: View,
    total: int,
    reader: Person,
    t: Translator,
    *,
    now: datetime,
    sender: Person | None = None,
) -> Reply:
    """One page of a list of cases.

    Args:
        view: Which list it is; ignored where a sender is given.
        total: How many cases the whole list has, counted up to `CASES_COUNTED`.
        reader: Whose list it is: only supervisors are offered the other lists.
        now: Of the clinic: a case of today is listed by its time alone.
        sender: Whose cases are listed, where only that person's are.

    Returns:
        One message with a button for each case, for the next page and for the other lists.
    """
    name = view_name(view, t) if sender is None else words.name(sender.name)
    heading = [name, _how_many(total, t), _which(listed, t)]
    text = _framed(" · ".join(filter(None, heading)), listed.cases, reader, now, t)
    return Reply(
        text=split(text, Html(""))[0],
        buttons=(
            *open_buttons(listed.cases, reader),
            *_turn_buttons(view, sender, listed, t),
            *(_view_buttons(t, view if sender is None else None, by_sender=sender is not None))
            * reader.role.sees_all_cases,
        ),
    )


def left_by_last_shift(
    cases: Sequence[Case], reader: Person, now: datetime, t: Translator, *, before: int = 0
) -> Reply:
    """The cases of a ward that those who sent them left to the next shift.

    Args:
        cases: All of them, newest first.
        before: Only older ones than this one; 0 for the first page.

    Returns:
        One message with a button for each case of a page, and for the other pages.
    """
    if reader.ward is None:
        return said(t.gettext("You belong to no ward. A supervisor can say to which: /ward"))
    ward = words.name(reader.ward)
    if not cases:
        return Reply(text=shown(t.gettext("The last shift of {ward} left no case.", ward=ward)))
    heading = f"{ward} · {t.ngettext('{n} case', '{n} cases', len(cases))}"
    older = [case for case in cases if not before or case.case_id < before] or cases
    page = older[:PAGE_CASES]
    turns = [
        *([button(t.gettext("◀ First page"), Action.LIST_SHIFT, 0)] if page[0] != cases[0] else []),
        *([_older_of_shift(page[-1], t)] if len(older) > len(page) else []),
    ]
    return Reply(
        text=split(_framed(heading, page, reader, now, t), Html(""))[0],
        buttons=(*open_buttons(page, reader), *in_rows(turns)),
    )


def _older_of_shift(last: Case, t: Translator) -> Button:
    return button(t.gettext("Older ▶"), Action.LIST_SHIFT, last.case_id)


def choose_sender(people: Sequence[Person], t: Translator) -> Reply:
    """Asks whose cases to list.

    Args:
        people: Those to choose from, none if nobody is called as was typed.

    Returns:
        One message with a button for each person, as far as they fit under it, and for the other
        lists.
    """
    others = _view_buttons(t, None, by_sender=True)
    if not people:
        return Reply(text=plain(t.gettext("Nobody has this name.")), buttons=others)
    rows = sender_buttons(people[:MAX_CHOICES])
    question = plain(t.gettext("Whose cases do you want to see?"))
    more = t.gettext("For others type a part of the name, such as /cases Amina")
    hint = plain(more) if len(people) > MAX_CHOICES else None
    return Reply(text=lines(question, hint), buttons=(*rows, *others))


def line(
    case: Case, reader: Person, now: datetime, t: Translator, marks: Marks | None = None
) -> Html:
    """A case at a glance: `🔴 C-0038 22:00 · Pneumothorax left · F 45 · ref. 2231 · João`.

    Args:
        marks: Which of its words are marked.
    """
    reference = case.patient_reference
    facts = [
        t.hour(case.created_at, now),
        _gist(case, t),
        words.patient_in_brief(case.patient, t),
        t.gettext("ref. {reference}", reference=reference) if reference else "",
        "" if reader.user_id == case.sender_id else words.name(case.sender_name),
        _verdict(case),
    ]
    told = shown(" · ".join(filter(None, facts)), marks)
    return Html(f"{words.case_sign(case)} {bold(case.code)} {told}")


def open_buttons(cases: Sequence[Case], reader: Person) -> tuple[tuple[Button, ...], ...]:
    """A button for each case, with its sign; its picture too, where the reader may always see it.

    The next shift may see a case for a day only, and a list stays in the chat for longer.
    """
    return in_rows([_open_button(case, pictured=reader.may_see(case)) for case in cases])


def _open_button(case: Case, *, pictured: bool) -> Button:
    said = f"{words.case_sign(case)} {case.code}"
    place = (case.chat_id, case.message_id) if pictured else None
    return button(said, Action.OPEN_CASE, case.case_id, picture_of=place)


def sender_buttons(people: Sequence[Person]) -> tuple[tuple[Button, ...], ...]:
    """A button for the cases of each of these people."""
    return tuple(
        (button(words.name(person.name), Action.LIST_SENDER, person.user_id, 0),)
        for person in people
    )


def _framed(
    heading: str, cases: Sequence[Case], reader: Person, now: datetime, t: Translator
) -> Html:
    """Lines of cases between what must stand above and under a model's words."""
    return paragraphs(
        banner_of((case.reading for case in cases), t),
        bold(heading),
        lines(*(line(case, reader, now, t) for case in cases)),
        italic(short_disclaimer(t)) if any(case.reading for case in cases) else None,
    )


def _how_many(total: int, t: Translator) -> str:
    if total >= CASES_COUNTED:
        return t.gettext("{n} cases or more", n=t.number(total))
    return t.ngettext("{n} case", "{n} cases", total)


def _which(listed: CasePage, t: Translator) -> str:
    """Which of the list's cases a page shows; empty where it shows them all."""
    if listed.place.before is None and listed.next is None:
        return ""
    first, last = listed.place.shown + 1, listed.place.shown + len(listed.cases)
    return f"{t.number(first)}–{t.number(last)}"  # noqa: RUF001 - a range


def _gist(case: Case, t: Translator) -> str:
    """What a case shows, in the model's words; or where it stands, as long as there are none."""
    if case.withdrawal is not None:
        return t.gettext("withdrawn")
    if case.status is not CaseStatus.ANSWERED or case.reading is None:
        return words.status(case.status, t)
    return in_brief(words.gist(case.reading), BRIEF_CHARS) or words.status(case.status, t)


def _verdict(case: Case) -> str:
    """Whether whoever signed a case off agrees with its reading, as a sign."""
    if case.reviewed_at is None:
        return ""
    return "☒" if case.review_agrees is False else "☑"


def _turn_buttons(
    view: View, sender: Person | None, listed: CasePage, t: Translator
) -> tuple[tuple[Button, ...], ...]:
    action = Action.LIST_CASES if sender is None else Action.LIST_SENDER
    which = view if sender is None else sender.user_id
    row: list[Button] = []
    if listed.place.before is not None:
        row.append(button(t.gettext("◀ First page"), action, which, 0))
    if listed.next is not None:
        row.append(button(t.gettext("Older ▶"), action, which, *_arguments(listed.next)))
    return (tuple(row),) if row else ()


def _arguments(place: Place) -> tuple[int, int, int]:
    return (place.before or 0, place.section, place.shown)


def _view_buttons(
    t: Translator, chosen: View | None, *, by_sender: bool
) -> tuple[tuple[Button, ...], ...]:
    """The lists there are; the chosen one is marked."""
    views = [
        button(_marked(view_name(view, t), view is chosen), Action.LIST_CASES, view, 0)
        for view in View
    ]
    senders = button(_marked(t.gettext("By sender"), by_sender), Action.CHOOSE_SENDER)
    return (tuple(views[:3]), (*views[3:], senders))


def _marked(name: str, is_chosen: bool) -> str:
    return f"• {name} •" if is_chosen else name
