"""What is said of an alarm after its first call: nobody came, somebody took it, it is over.

Knows alarms and people. Must not know SQL or Telegram, nor when an alarm is called.
"""

import textwrap
from datetime import datetime

from bot.domain.alarms import SENDER_IS_TOLD_AT, Alarm, AlarmState
from bot.domain.messages import Button, Reply
from bot.domain.people import Person, Role
from bot.locale import Translator
from bot.replies import words
from bot.replies.buttons import Action, button
from bot.replies.markup import Html, bold, lines, paragraphs, plain, typed
from bot.replies.reading import (
    PRACTICE_MODEL,
    alarm_buttons,
    banner,
    give_back_button,
    open_case_button,
    whose,
)

BELL = "🔔"
MOST_BELLS = 5
URGENT_VIEW = "urgent"
"""What the list of urgent cases is called in buttons."""

SHOWN_CHARS = 140
"""Of what the model wrote, in a banner that is read at a glance."""


def alarm_line(alarm: Alarm, t: Translator) -> Html | None:
    """HTML that says who has an alarm, or that nobody has; None once it is quiet."""
    if alarm.state is AlarmState.QUIET:
        return None
    if alarm.state is AlarmState.TAKEN:
        return bold(has_it(alarm, t))
    return bold(f"{BELL} {t.gettext('Nobody has taken this case yet.')}")


def take_buttons(alarm: Alarm, reader: Person, t: Translator) -> tuple[tuple[Button, ...], ...]:
    """What a supervisor can do with an alarm, under its case: take it, or give it back."""
    if alarm.state is AlarmState.RINGING:
        return (alarm_buttons(alarm.case, t)[0][:1],)
    is_theirs = alarm.state is AlarmState.TAKEN and alarm.taken_by == reader.user_id
    return ((give_back_button(alarm.case, t),),) if is_theirs else ()


def called_again(alarm: Alarm, reader: Person, now: datetime, t: Translator) -> Reply:
    """Calls an alarm out that nobody has taken, louder each time.

    Args:
        alarm: As it was before this call.
        reader: A supervisor; an administrator is asked to find somebody from the third call on.
        now: When it is called.
    """
    number = alarm.calls + 1
    find = number >= SENDER_IS_TOLD_AT and reader.role is Role.ADMIN
    text = paragraphs(
        bold(f"{BELL * min(number - 1, MOST_BELLS)} {t.gettext('Call {n}', n=number)}"),
        lines(
            bold(words.urgency(alarm.urgency, t)),
            plain(
                t.gettext(
                    "Nobody has taken this case for {wait}.",
                    wait=words.wait((now - alarm.raised_at).total_seconds(), t),
                )
            ),
        ),
        whose(alarm.case, t),
        bold(t.gettext("You are an administrator: find somebody for it now.")) if find else None,
    )
    return Reply(text=text, buttons=alarm_buttons(alarm.case, t))


def nobody_came(alarm: Alarm, t: Translator) -> Reply:
    """Tells the sender that the chat has reached nobody."""
    case = alarm.case
    nobody = (
        t.gettext("{case}: nobody has opened this.", case=case.code)
        if case.seen_at is None
        else t.gettext("{case}: nobody has taken this.", case=case.code)
    )
    text = paragraphs(
        lines(bold(f"{BELL} {nobody}"), bold(words.urgency(alarm.urgency, t))),
        plain(t.gettext("Go and call a clinician now. Do not wait for an answer in this chat.")),
    )
    return Reply(text=text)


def taken(alarm: Alarm, reader: Person, t: Translator) -> Reply:
    """New words for a message of an alarm that somebody has taken."""
    case = alarm.case
    if alarm.taken_by == reader.user_id:
        text = lines(
            bold(you_have_it(alarm, t)),
            plain(words.urgency(alarm.urgency, t)),
            plain(t.gettext("See the patient's case, then sign it off.")),
        )
        return Reply(text=text, buttons=alarm_buttons(case, t, has_it=True))
    text = lines(bold(has_it(alarm, t)), plain(words.urgency(alarm.urgency, t)))
    return Reply(text=text, buttons=((open_case_button(case, t),),))


def you_have_it(alarm: Alarm, t: Translator) -> str:
    """Says to whoever has an alarm that they have, in plain text."""
    code = alarm.case.code
    return t.gettext("✋ {case}: you have it, since {when}.", case=code, when=_at(alarm, t))


def given_back(alarm: Alarm, giver: str, t: Translator) -> Reply:
    """New words for a message of an alarm whose taker cannot see to it."""
    code, name = alarm.case.code, words.name(giver)
    text = lines(
        bold(t.gettext("{case}: {name} gave it back. Nobody has it.", case=code, name=name)),
        plain(words.urgency(alarm.urgency, t)),
    )
    return Reply(text=text, buttons=alarm_buttons(alarm.case, t))


def signed_off(alarm: Alarm, reviewer: str, t: Translator) -> Reply:
    """New words for a message of an alarm whose case was signed off."""
    case, name = alarm.case, words.name(reviewer)
    text = lines(
        bold(t.gettext("☑ {case}: {name} has signed it off.", case=case.code, name=name)),
        plain(words.urgency(alarm.urgency, t)),
    )
    return Reply(text=text, buttons=((open_case_button(case, t),),))


def brought_back(alarm: Alarm, name: str, t: Translator) -> Reply:
    """New words for a message of an alarm whose case was withdrawn, and is not any more."""
    code = alarm.case.code
    back = t.gettext("{case}: {name} undid the withdrawal.", case=code, name=words.name(name))
    text = lines(
        bold(f"{back} {t.gettext('Nobody has taken this case yet.')}"),
        plain(words.urgency(alarm.urgency, t)),
    )
    return Reply(text=text, buttons=alarm_buttons(alarm.case, t))


def unheard(count: int, t: Translator) -> Reply:
    """Tells a supervisor of urgent cases of before that nobody was called to."""
    text = lines(
        bold(
            t.ngettext(
                "{n} urgent case from before the update was signed off by nobody.",
                "{n} urgent cases from before the update were signed off by nobody.",
                count,
            )
        ),
        plain(t.gettext("Open the list, look at each, and sign it off.")),
    )
    shown = button(t.gettext("Urgent"), Action.LIST_CASES, URGENT_VIEW, 0)
    return Reply(text=text, buttons=((shown,),))


def somebody_comes(code: str, taker: str, t: Translator) -> Reply:
    """Tells the sender who has taken the case."""
    name = words.name(taker)
    return Reply(
        text=typed(t.gettext("✋ {case}: {name} has taken your case.", case=code, name=name))
    )


def somebody_cannot(code: str, giver: str, t: Translator) -> Reply:
    """Tells the sender that whoever had taken the case cannot see to it."""
    name = words.name(giver)
    text = t.gettext(
        "{case}: {name} cannot see to it. Others are called again now.", case=code, name=name
    )
    return Reply(text=typed(text))


def banner_title(alarm: Alarm, t: Translator) -> str:
    """What stands first in the banner of an alarm that rings, in plain text."""
    return f"{alarm.case.code} · {words.urgency(alarm.urgency, t)}"


def banner_text(alarm: Alarm, t: Translator) -> str:
    """What the model saw, in plain text; the practice model's words say whose they are."""
    reading = alarm.case.reading
    if reading is None:
        return t.gettext("The model has seen the picture and is still writing what it shows.")
    shown = textwrap.shorten(words.gist(reading), SHOWN_CHARS, placeholder=" …")
    practice = banner(reading.engine, t)
    return f"“{shown}”" if practice is None else f"{PRACTICE_MODEL}: “{shown}”"


def has_it(alarm: Alarm, t: Translator) -> str:
    """Says who has an alarm, in plain text."""
    code = alarm.case.code
    if alarm.taker_name is None:
        return t.gettext("{case} needs nobody any more.", case=code)
    return t.gettext(
        "✋ {case}: {name} has it, since {when}.",
        case=code,
        name=words.name(alarm.taker_name),
        when=_at(alarm, t),
    )


def _at(alarm: Alarm, t: Translator) -> str:
    return "" if alarm.taken_at is None else t.moment(alarm.taken_at)
