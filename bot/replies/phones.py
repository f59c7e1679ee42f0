"""What is said in the chat of somebody's telephone number.

Knows numbers. Must not know SQL or Telegram.
"""

from bot.domain.messages import Reply
from bot.domain.phones import Line, Phone, SmsFigures
from bot.locale import Translator
from bot.replies.markup import Html, lines, paragraphs, plain, said, typed


def phone(mine: Phone | None, t: Translator) -> Reply:
    """Says which number somebody has, and what can be changed."""
    if mine is None:
        return said(t.gettext("You have no number yet. Type it: /phone +226 70 12 34 56"))
    text = paragraphs(
        typed(t.gettext("Your number: {number}", number=mine.number)),
        lines(*(plain(line) for line in _state(mine, t))),
        plain(
            t.gettext(
                "/phone off, /phone on: no SMS, or SMS again. /phone daily on: one SMS a day. "
                "/phone pin 1234: commands by SMS need this PIN. /phone remove: no number any more."
            )
        ),
    )
    return Reply(text=text)


def code_sent(number: str, t: Translator) -> Reply:
    """Says what to do with the code that is on its way."""
    return Reply(
        text=typed(
            t.gettext(
                "An SMS with a code goes to {number}. Answer it with the code, within "
                "30\u00a0minutes.",
                number=number,
            )
        )
    )


def proved(mine: Phone, t: Translator) -> Reply:
    """Says that a number is somebody's now."""
    return Reply(text=typed(t.gettext("{number} is your number now.", number=mine.number)))


def no_sms(t: Translator) -> Reply:
    """Answers where the clinic has no SMS."""
    return said(t.gettext("This clinic has no SMS."))


def no_number(t: Translator) -> Reply:
    """Answers what is no number."""
    return said(t.gettext("This is no telephone number. Type one such as +226 70 12 34 56"))


def number_taken(t: Translator) -> Reply:
    """Answers a number that is somebody else's."""
    return said(t.gettext("This number is somebody else's."))


def too_many(t: Translator) -> Reply:
    """Answers somebody who asked for too many codes."""
    return said(t.gettext("You asked for too many codes today. Try again tomorrow."))


def no_pin(t: Translator) -> Reply:
    """Answers what is no PIN."""
    return said(t.gettext("A PIN has 4 to 8 digits: /phone pin 1234"))


def removed(t: Translator) -> Reply:
    """Says that somebody has no number any more."""
    return said(t.gettext("You have no number any more."))


def stopped_by_sms(t: Translator) -> Reply:
    """Tells the chat that an SMS ended all SMS: it may have been forged."""
    return said(
        t.gettext("An SMS from your number asked for no more SMS. If that was not you: /phone on")
    )


def figures(told: SmsFigures, t: Translator) -> Html:
    """How SMS went, for `/stats`."""
    return lines(
        plain(
            t.gettext(
                "SMS in 24\u00a0hours: {parts} of {most}, not delivered: {failed}",
                parts=told.parts,
                most=told.parts_a_day,
                failed=told.failed,
            )
        ),
        *(plain(_line(line, t)) for line in told.lines),
    )


def _line(line: Line, t: Translator) -> str:
    if line.heard_at is None:
        since = t.moment(line.since)
        return t.gettext("SMS {line}: not heard since {when}", line=line.name, when=since)
    return t.gettext("SMS {line}: last heard {when}", line=line.name, when=t.moment(line.heard_at))


def _state(mine: Phone, t: Translator) -> list[str]:
    if mine.proven_at is None:
        return [t.gettext("Not proved yet: answer the SMS with its code.")]
    return [
        t.gettext("SMS are off.") if mine.is_stopped else t.gettext("SMS are on."),
        t.gettext("One SMS a day: yes") if mine.wants_daily else t.gettext("One SMS a day: no"),
        t.gettext("PIN: yes") if mine.has_pin else t.gettext("PIN: no"),
    ]
