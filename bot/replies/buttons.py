"""What a button does when it is pressed: the data that comes back, made and matched in one place.

Knows actions and their arguments. Must not know what a button says or what the action does.
"""

import re
from collections.abc import Sequence
from enum import StrEnum

from bot.domain.ids import ChatId, MessageId
from bot.domain.messages import Button
from bot.domain.people import Role

MAX_DATA_BYTES = 64
MAX_CHOICES = 90
"""How many buttons of a choice stand under one message: servers refuse more than a hundred."""


class Action(StrEnum):
    """What a press asks for, with its arguments."""

    CANCEL = "cancel"  # reading_id
    SEX = "sex"  # case_id, Sex
    AGE = "age"  # case_id, years (0: none told), Sex
    KIND = "kind"  # case_id, PictureKind
    TRY_AGAIN = "again"  # case_id
    CORRECT = "correct"  # case_id
    CORRECT_FIELD = "fix"  # case_id, Awaited or Field
    CORRECT_TO = "set"  # case_id, Field, Sex or Side or PictureKind
    ASK = "ask"  # case_id
    ABOUT = "about"  # case_id, message_id of the question, "yes" or "no"
    COMPARE = "compare"  # case_id, case_id of the older film
    READ_AGAIN = "reread"  # case_id
    WITHDRAW = "withdraw"  # case_id, WithdrawalReason, "yes"
    BRING_BACK = "unwithdraw"  # case_id
    RETAKE = "retake"  # case_id, "yes" or "no", PhotoFault
    SPLIT = "split"  # case_id, the first picture of the other patient
    ACCEPT_TERMS = "terms"
    FULL_TERMS = "fullterms"
    LANGUAGE = "language"  # Language
    OPEN_CASE = "case"  # case_id
    REPORT = "report"  # case_id
    LIST_CASES = "cases"  # View, case_id that the page starts below (0: the newest)
    LIST_SENDER = "sender"  # user_id, case_id that the page starts below (0: the newest)
    CHOOSE_SENDER = "senders"
    LIST_SHIFT = "shift"  # case_id that the page starts below (0: the newest)
    DUTY = "duty"  # on or off
    TAKE = "take"  # case_id
    GIVE_BACK = "giveback"  # case_id
    AGREE = "agree"  # case_id
    DISAGREE = "disagree"  # case_id
    OUTCOME = "outcome"  # case_id, Outcome (none: asks for it)
    EXPORT = "export"  # Period
    INVITE = "invite"  # Role
    CANCEL_INVITE = "uninvite"  # invite_id
    REVOKE = "revoke"  # user_id
    REVOKE_SURELY = "revoke!"  # user_id
    KEEP = "keep"
    FORGET_SURELY = "forget!"  # newest case_id, how many

    @property
    def least_role(self) -> Role:
        """The lowest role that may press it."""
        return Role.SUPERVISOR if self in _FOR_SUPERVISORS else Role.HEALTH_WORKER


_FOR_SUPERVISORS = {
    Action.LIST_SENDER,
    Action.CHOOSE_SENDER,
    Action.TAKE,
    Action.GIVE_BACK,
    Action.AGREE,
    Action.DISAGREE,
    Action.EXPORT,
    Action.INVITE,
    Action.CANCEL_INVITE,
    Action.REVOKE,
    Action.REVOKE_SURELY,
    Action.KEEP,
    Action.FORGET_SURELY,
}


def button(
    text: str,
    action: Action,
    *arguments: object,
    picture_of: tuple[ChatId, MessageId] | None = None,
) -> Button:
    """Make a button.

    Args:
        text: What stands on it.
        picture_of: The message whose picture stands beside it.

    Raises:
        ValueError: Its data would not fit.
    """
    data = ":".join([action, *map(str, arguments)])
    if len(data.encode()) > MAX_DATA_BYTES:
        raise ValueError(f"the data of a {action} button is longer than {MAX_DATA_BYTES} bytes")
    return Button(text=text, data=data, picture_of=picture_of)


def in_rows(buttons: Sequence[Button], each: int = 3) -> tuple[tuple[Button, ...], ...]:
    """Buttons in rows that a phone can show.

    Args:
        each: How many a row has at most.
    """
    return tuple(tuple(buttons[at : at + each]) for at in range(0, len(buttons), each))


def pressed(action: Action) -> re.Pattern[str]:
    """A pattern for the data of an action's buttons, and nothing else."""
    return re.compile(rf"{re.escape(action)}(?::.*)?\Z")


def arguments(data: str) -> list[str]:
    """What a pressed button was made with.

    Returns:
        The arguments as text: they come from outside, and are checked by whoever uses them.
    """
    return data.split(":")[1:]
