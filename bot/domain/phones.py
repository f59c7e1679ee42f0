"""Somebody's telephone number, and what they may ask for from it by SMS.

Knows the words of commands in the bot's languages, without case or accents. A number can be forged:
it may take a case, and reads and signs nothing.
"""

import hashlib
import re
import unicodedata
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.domain.cases import parse_case_code
from bot.domain.ids import CaseId, ChatId, UserId
from bot.domain.people import Role

PLAIN_LETTERS = str.maketrans(
    "ɗƙɓƴƊƘƁƳ\u2019\u2018\u201c\u201d\u00ab\u00bb\u2013\u2014", 'dkbyDKBY\'\'""""--'
)
"""Hausa's hooked letters and typographic signs, as every phone can write them."""

PIN = re.compile(r"[0-9]{4,8}", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class Phone:
    """A person's number.

    Args:
        chat_id: The number's own chat.
        number: In E.164.
        proven_at: When the phone sent the code back; None while it has not.
        is_stopped: Whether its owner wants no SMS.
        wants_daily: Whether its owner wants the daily line.
        has_pin: Whether commands that change something need a PIN.
    """

    user_id: UserId
    chat_id: ChatId
    number: str
    proven_at: datetime | None
    is_stopped: bool = False
    wants_daily: bool = False
    has_pin: bool = False

    @property
    def is_reached(self) -> bool:
        """Whether SMS go there."""
        return self.proven_at is not None and not self.is_stopped


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """What sends the clinic's SMS: a phone or a modem.

    Args:
        heard_at: When it last answered; None if not since the gateway started.
        since: When that was.
        fault: What is wrong with it, in English.
    """

    name: str
    heard_at: datetime | None
    since: datetime
    fault: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SmsFigures:
    """How SMS went in the last 24 hours.

    Args:
        parts: How many went out.
        parts_a_day: The clinic's budget.
        failed: How many nobody got.
    """

    lines: tuple[Line, ...]
    parts: int
    parts_a_day: int
    failed: int


class Verb(StrEnum):
    """What may be asked for by SMS, in the order of docs/security.md."""

    TAKE = "take"
    STATUS = "status"
    CASES = "cases"
    CASE = "case"
    DUTY_ON = "duty on"
    DUTY_OFF = "duty off"
    STOP = "stop"
    HELP = "help"

    @property
    def least_role(self) -> Role:
        """The lowest role that may ask for it."""
        return Role.SUPERVISOR if self in {Verb.TAKE, Verb.STATUS} else Role.HEALTH_WORKER

    @property
    def needs_pin(self) -> bool:
        """Whether it needs the PIN of whoever has one."""
        return self in {Verb.TAKE, Verb.DUTY_ON, Verb.DUTY_OFF}


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What an SMS asks for.

    Args:
        case_id: The case that is meant; None for a verb without one.
        pin: The digits at its end, if any.
    """

    verb: Verb
    case_id: CaseId | None = None
    pin: str | None = None


def parse_sms(text: str) -> Asked | None:
    """What an SMS asks for; None for what is no command."""
    words = _folded(text).split()
    if not words:
        return None
    first, rest = words[0], words[1:]
    glued = _GLUED.fullmatch(first)
    if glued is not None:
        first, rest = "1", [glued[1], *rest]
    if first in _DUTY:
        return _duty(rest)
    if first in _TAKE:
        return _about_case(Verb.TAKE, rest)
    if first in _CASE and rest:
        return _about_case(Verb.CASE, rest)
    verb = next((verb for verb, known in _ALONE.items() if first in known), None)
    return None if verb is None or rest else Asked(verb=verb)


def pin_digest(pin: str, salt: bytes) -> bytes:
    """What is kept of a PIN."""
    return hashlib.pbkdf2_hmac("sha256", pin.encode(), salt, 100_000)


def _duty(rest: list[str]) -> Asked | None:
    if not rest:
        return None
    verb = Verb.DUTY_ON if rest[0] in _ON else Verb.DUTY_OFF if rest[0] in _OFF else None
    pin = _pin(rest[1:])
    return None if verb is None or pin is None else Asked(verb=verb, pin=pin or None)


def _about_case(verb: Verb, rest: list[str]) -> Asked | None:
    """A command about a case: its code in one word or two, then maybe a PIN."""
    for end in (2, 1):
        code, pin = " ".join(rest[:end]), _pin(rest[end:])
        is_split = end == 1 or (len(rest) > 1 and rest[0] in {"c", "c-"})
        case_id = parse_case_code(code) if is_split and len(rest) >= end else None
        if case_id is not None and pin is not None:
            return Asked(verb=verb, case_id=case_id, pin=pin or None)
    return None


def _pin(rest: list[str]) -> str | None:
    """The PIN in what is left: empty for none, None for what is none."""
    if not rest:
        return ""
    return rest[0] if len(rest) == 1 and PIN.fullmatch(rest[0]) else None


def _folded(text: str) -> str:
    """Small letters without accents; signs at the ends of words count for nothing."""
    flat = unicodedata.normalize("NFKD", text.casefold()).translate(PLAIN_LETTERS)
    bare = "".join(char for char in flat if not unicodedata.combining(char))
    return " ".join(word.strip(".,;:!\"'") for word in bare.split())


_GLUED = re.compile(r"1(c-?\d{1,9})", re.ASCII)
_TAKE = frozenset(
    (
        "1",
        "take",
        "prends",
        "prendre",
        "pris",
        "tomar",
        "pegar",
        "assumir",
        "fico",
        "dauka",
        "karba",
    )
)
_CASE = frozenset(("case", "cas", "caso", "lamari"))
_DUTY = frozenset(("duty", "garde", "service", "plantao", "servico", "turno", "aiki"))
_ON = frozenset(("on", "oui", "yes", "sim", "debut", "inicio", "eh", "kunna"))
_OFF = frozenset(("off", "non", "no", "nao", "fin", "fim", "a'a", "kashe"))
_ALONE = {
    Verb.STATUS: frozenset(("status", "statut", "etat", "estado", "situacao", "matsayi", "yanayi")),
    Verb.CASES: frozenset(("cases", "cas", "casos", "lamura")),
    Verb.STOP: frozenset(("stop", "arret", "arreter", "parar", "pare", "tsaya", "daina")),
    Verb.HELP: frozenset(("help", "aide", "ajuda", "taimako", "?")),
}
