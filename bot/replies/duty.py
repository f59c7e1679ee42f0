"""What is said of duty and wards: who is on duty, whose shifts are when, who belongs where.

Knows people and their duty. Must not know cases, SQL or Telegram.
"""

from collections.abc import Sequence
from itertools import groupby

from bot.domain.duty import SAID_LASTS, Duty, Shift, hours
from bot.domain.messages import Button, Reply
from bot.domain.people import Person
from bot.locale import Translator
from bot.replies import words
from bot.replies.buttons import Action, button
from bot.replies.markup import Html, bold, lines, paragraphs, plain, said, split, typed

ON, OFF = "on", "off"


def duty(
    mine: Duty, reader: Person, on_duty: Sequence[Person], t: Translator, *, is_on: bool
) -> Reply:
    """Says whether somebody is on duty, and how to say otherwise.

    Args:
        mine: What is known of the reader's duty.
        on_duty: Who is on duty; told to supervisors alone.
    """
    shifts = "; ".join(_shift(shift, t) for shift in mine.plan)
    text = paragraphs(
        bold(t.gettext("You are on duty.") if is_on else t.gettext("You are off duty.")),
        plain(t.gettext("Your shifts: {shifts}", shifts=shifts)) if shifts else None,
        _who(on_duty, t) if reader.role.sees_all_cases else None,
        plain(t.gettext("To give your weekly shifts, type them: /duty Mon-Fri 07:00-15:00")),
    )
    return Reply(text=text, buttons=(_buttons(t),))


def said_so(t: Translator, *, on: bool) -> Reply:
    """Confirms what somebody says of their own duty."""
    lasts = words.wait(SAID_LASTS.total_seconds(), t)
    text = lines(
        bold(t.gettext("You are on duty.") if on else t.gettext("You are off duty.")),
        plain(
            t.gettext("This holds until you say otherwise, but no longer than {time}.", time=lasts)
        ),
    )
    return Reply(text=text, buttons=(_buttons(t),))


def planned(plan: Sequence[Shift], t: Translator) -> Reply:
    """Confirms somebody's weekly shifts."""
    if not plan:
        return said(t.gettext("You have no weekly shifts any more."))
    return Reply(
        text=lines(
            bold(t.gettext("Your weekly shifts")), *(plain(_shift(shift, t)) for shift in plan)
        )
    )


def no_plan(t: Translator) -> Reply:
    """Answers what cannot be read as shifts."""
    return said(
        t.gettext(
            "I do not understand these shifts. Type days and times: /duty Mon-Fri 07:00-15:00, "
            "Sat 19:00-07:00. To have none: /duty none"
        )
    )


def left_to_you(count: int, t: Translator) -> Reply:
    """Tells somebody who comes on duty of what the last shift left."""
    return said(
        t.ngettext(
            "The last shift of your ward left {n} case: /shift",
            "The last shift of your ward left {n} cases: /shift",
            count,
        )
    )


def say_you_are_on(t: Translator) -> Reply:
    """Answers whoever is off duty and asks for the cases of their ward."""
    text = plain(t.gettext("Cases of your ward are open to you while you are on duty."))
    return Reply(text=text, buttons=(_buttons(t)[:1],))


def wards(everyone: Sequence[Person], t: Translator) -> list[Reply]:
    """Who belongs to which ward, and how to change it."""
    members = sorted(
        (each for each in everyone if each.ward is not None),
        key=lambda each: ((each.ward or "").casefold(), each.name),
    )
    grouped = groupby(members, key=lambda each: (each.ward or "").casefold())
    groups = [list(group) for _, group in grouped]
    text = paragraphs(
        *(_ward(group) for group in groups),
        plain(t.gettext("Nobody belongs to a ward.")) if not groups else None,
        plain(
            t.gettext(
                "On duty, members of a ward may open each other's cases of the last day. "
                "To say who belongs to it: /ward Amina = Maternity. To take out: /ward Amina ="
            )
        ),
    )
    return [Reply(text=piece) for piece in split(text, Html("…"))]


def ward_set(person: Person, ward: str | None, t: Translator) -> Reply:
    """Confirms to which ward somebody belongs."""
    name = words.name(person.name)
    if ward is None:
        return Reply(text=typed(t.gettext("{name} belongs to no ward any more.", name=name)))
    ward = words.name(ward)
    return Reply(text=typed(t.gettext("{name} belongs to: {ward}", name=name, ward=ward)))


def whom(found: int, t: Translator) -> Reply:
    """Answers a name that nobody has, or several people."""
    if found:
        return said(t.gettext("Several people have this name. Type more of it."))
    return said(t.gettext("Nobody has this name."))


def _who(on_duty: Sequence[Person], t: Translator) -> Html:
    if not on_duty:
        return plain(t.gettext("Nobody is on duty: an alarm is told to everybody at once."))
    names = ", ".join(words.name(person.name) for person in on_duty)
    return typed(t.gettext("On duty now: {names}", names=names))


def _ward(members: Sequence[Person]) -> Html:
    names = (typed(f"• {words.name(person.name)}") for person in members)
    return lines(bold(words.name(members[0].ward or "")), *names)


def _shift(shift: Shift, t: Translator) -> str:
    first, last = t.weekday(shift.days[0]), t.weekday(shift.days[-1])
    if len(shift.days) == 7:
        return t.gettext("every day {hours}", hours=hours(shift))
    days = first if len(shift.days) == 1 else f"{first} - {last}"
    return f"{days} {hours(shift)}"


def _buttons(t: Translator) -> tuple[Button, Button]:
    return (
        button(t.gettext("I am on duty"), Action.DUTY, ON),
        button(t.gettext("I am off duty"), Action.DUTY, OFF),
    )
