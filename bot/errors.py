"""Everything that can go wrong in the bot; a class says what to do about it.

A class docstring's first line is its default message. Messages carry no patient data, so they may
be logged.
"""


class BotError(Exception):
    """Something went wrong in the bot."""

    def __init__(self, message: str | None = None) -> None:
        super().__init__(message or (self.__doc__ or "").partition("\n")[0])


class InviteError(BotError):
    """This invite cannot be used: ask for a new one."""


class InviteUnknown(InviteError):
    """There is no such invite."""


class InviteExpired(InviteError):
    """This invite has expired: ask for a new one."""


class InviteCancelled(InviteError):
    """This invite was cancelled: ask for a new one."""


class InviteUsed(InviteError):
    """Somebody else has used this invite: ask for a new one."""


class InviteNotNeeded(InviteError):
    """This person has all that the invite would give: pass it on to whom it is for."""


class TooManyCodes(BotError):
    """This person has had too many codes today: try again tomorrow."""


class StaleClaim(BotError):
    """The claim was lost to its lease, a cancel or a later attempt: drop the result."""


class ClockJumped(BotError):
    """The clock went on by over a month: `edgerad retention --now` deletes, if it is right."""
