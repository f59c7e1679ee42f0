"""SMS as the gateway keeps them: how far one is, how long it is, and whose number it goes to.

Knows how networks count (3GPP TS 23.038 and 23.040) and how numbers are written (E.164). Must not
know how an SMS is sent.
"""

from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256
from math import ceil

import phonenumbers

from gateway.schemas.records import ChatId, MessageId

_GSM_7 = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_GSM_7_TWICE = frozenset("\f^{}\\[~]|€")
"""Characters of the extension table, which take two places."""

TEXT_IN_MAX_CHARS = 1_600
"""Of one SMS that came, which is ten parts; what is longer is cut off: no command is."""


class SmsState(StrEnum):
    """How far an SMS is; the names are the store's words too."""

    WAITING = "waiting"
    HANDED = "handed"
    SENT = "sent"
    DELIVERED = "delivered"
    FAILED = "failed"
    NEEDLESS = "needless"


@dataclass(frozen=True, slots=True, kw_only=True)
class SmsRules:
    """What the clinic's settings say of SMS.

    Args:
        country: Two letters; a number without its country's code is one of this country.
        parts_a_day: How many parts may go out in 24 hours.
        parts_a_number: How many of these to one number.
    """

    country: str
    parts_a_day: int
    parts_a_number: int

    def e164(self, written: str) -> str | None:
        """A number as networks have it, such as `+22670123456`; None for what is none."""
        try:
            parsed = phonenumbers.parse(written, self.country)
        except phonenumbers.NumberParseException:
            return None
        if not phonenumbers.is_valid_number(parsed):
            return None
        return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredSms:
    """An SMS that is on its way.

    Args:
        token: Drawn by chance; its ids at a line begin with it.
        line: Which line has it, or shall have it next; None for the first.
        handle: The line's own name of it.
        sends: How often a line said that it failed, after which it needs another id.
        failures: How often it failed at this line, for whatever reason.
        was_refused: Whether a line itself said once that it failed.
        created_at: Unix seconds, as the other times.
        handed_at: When a line took it.
    """

    message_id: MessageId
    chat_id: ChatId
    number: str
    text: str
    token: str
    state: SmsState
    line: str | None
    handle: str | None
    sends: int
    failures: int
    was_refused: bool
    created_at: int
    handed_at: int | None

    @property
    def own_id(self) -> str:
        """The id under which a line takes it once, however often it is given it."""
        return f"{self.token}-{self.sends}"


@dataclass(frozen=True, slots=True, kw_only=True)
class IncomingSms:
    """An SMS that a line has received.

    Args:
        sender: The number, or name, that the network shows for it.
        text: None if it has none to read: a binary one, or a later part of a long one.
        at: When it came, as the line says it; not believed, it tells equal texts apart.
        handle: The line's own name of it.
        report: How far the last SMS to that number is, where the network reports that; None for
            what somebody wrote.
    """

    sender: str
    text: str | None
    at: str
    handle: str
    report: SmsState | None = None

    @property
    def digest(self) -> bytes:
        """Tells it from every other, also where a line that was reset serves it again."""
        return sha256("\0".join((self.sender, self.at, self.text or self.handle)).encode()).digest()


def is_gsm_7(text: str) -> bool:
    """Whether an SMS of 160 characters can hold a text; else it is one of 70."""
    return set(text) <= _GSM_7 | _GSM_7_TWICE


def parts_of(text: str) -> int:
    """How many SMS the network makes of a text, and charges for."""
    if is_gsm_7(text):
        length = len(text) + sum(char in _GSM_7_TWICE for char in text)
        return 1 if length <= 160 else ceil(length / 153)
    units = len(text.encode("utf-16-le")) // 2
    return 1 if units <= 70 else ceil(units / 67)
