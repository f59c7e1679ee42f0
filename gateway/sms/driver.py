"""What a line is: a phone or a modem that sends and receives SMS.

Knows no HTTP, no files and no SQL. `tests/contracts/test_sms_lines.py` holds each driver to it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from gateway.schemas.sms import IncomingSms


class LineError(Exception):
    """A line did not take an SMS; its words are for whoever runs the clinic's system."""


class LineDown(LineError):
    """The line cannot be used now."""


class SmsRefused(LineError):
    """The line will not send this SMS."""


class Progress(StrEnum):
    """What a line says of an SMS that it took."""

    PENDING = "pending"
    SENT = "sent"
    DELIVERED = "delivered"
    FAILED = "failed"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """How a line is.

    Args:
        fault: What is wrong with it, in words; None if nothing is.
        clock_off_s: How far its clock is ahead of this machine's; None where it tells none.
    """

    fault: str | None = None
    clock_off_s: float | None = None


class Driver(Protocol):
    """One line. Every method may raise `LineDown`."""

    @property
    def name(self) -> str:
        """What it is called in settings, stores and sentences."""
        ...

    async def condition(self) -> Condition:
        """How it is; that it answers at all is what matters most."""
        ...

    async def send(self, own_id: str, number: str, text: str, ttl_s: int) -> str:
        """Have an SMS sent.

        Args:
            own_id: Where the line can, the same again sends nothing more.
            number: E.164.
            text: What it says.
            ttl_s: After this it shall not go out any more.

        Returns:
            The line's own name of it.

        Raises:
            SmsRefused: The line will not.
        """
        ...

    async def progress(self, handle: str) -> Progress:
        """How far an SMS is that it took."""
        ...

    async def withdraw(self, handle: str) -> None:
        """Take an SMS back that was not sent, where that can be done."""
        ...

    async def received(self) -> Sequence[IncomingSms]:
        """What came, oldest first; also what was told before."""
        ...

    async def acknowledge(self, sms: IncomingSms) -> None:
        """Note that what came is stored: it need not be told again."""
        ...
