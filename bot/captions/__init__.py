"""What a sender's caption says of the patient, in the sloppy words of a busy ward.

Tokens with roles: a caption becomes a line of tokens (`tokens`); what identifies somebody is taken
first (`private`), then numbers that are no age (`codes`), then the age (`ages`), and the sex from
what is left (`sexes`). A token has one role at most, so nothing is understood twice. The words of
all languages stand in `words`. What can be meant two ways stays unsaid, and the sender is asked.
"""

import re
from dataclasses import dataclass

from bot.captions.ages import find_age
from bot.captions.codes import find_codes
from bot.captions.private import find_private
from bot.captions.sexes import find_sex
from bot.captions.tokens import Line, Role
from bot.captions.typed import age_typed
from bot.captions.words import listed
from inference.contract import PatientContext

LONGEST_ANSWER_CHARS = 300
"""Whoever writes more answers no question about age and sex."""
_GAP = " , "
_LEFT_OVER = listed(
    "a an un une is of de d du the sex sexe sexo jinsi age idade old et and e da mai dan yar ce ne"
    " - / : . ' ( ) ♀ ♂"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class CaptionFacts:
    """What a caption says: the patient's context for the prompt, the reference for people only."""

    patient: PatientContext
    patient_reference: str | None


def parse_caption(caption: str) -> CaptionFacts:
    """Read a caption.

    Args:
        caption: Anything a person may type, also nothing.

    Returns:
        The facts that are clear. The indication is the whole caption without what identifies
        somebody: record and phone numbers, names, dates of birth.
    """
    line = Line(caption)
    reference = find_private(line)
    find_codes(line)
    age = find_age(line)
    patient = PatientContext(
        age_years=age,
        sex=find_sex(line),
        indication=_tidy(line.without(Role.REFERENCE, Role.PRIVATE, gap=_GAP)) or None,
    )
    return CaptionFacts(patient=patient, patient_reference=reference)


def anonymous(text: str) -> str:
    """A text without what identifies somebody, as it may stand in a prompt."""
    line = Line(text)
    find_private(line)
    return _tidy(line.without(Role.REFERENCE, Role.PRIVATE, gap=_GAP))


def complaint(indication: str) -> str:
    """What an indication says beside age and sex."""
    line = Line(indication)
    find_codes(line)
    find_age(line)
    find_sex(line)
    rest = _tidy(line.without(Role.AGE, Role.SEX, gap=_GAP))
    parts = re.split(r"([,;])\s*", rest)
    said = [part for part in parts[::2] if set(Line(part).typed) - _LEFT_OVER]
    return ", ".join(part.strip() for part in said)


def parse_told(text: str) -> PatientContext:
    """Read what a sender answers when asked for the patient's age and sex.

    Args:
        text: Anything a person may type.

    Returns:
        What a caption would tell; besides, a bare number or duration ("61", "5 months") is an age.
    """
    if len(text) > LONGEST_ANSWER_CHARS:
        return PatientContext()
    patient = parse_caption(text).patient
    if patient.age_years is not None:
        return patient
    return PatientContext(age_years=age_typed(text), sex=patient.sex, indication=patient.indication)


def _tidy(text: str) -> str:
    spaced = " ".join(re.sub(r"\s*[\r\n]+\s*", " ; ", text).split())
    apart = re.sub(r" *(?:[,;] *)*([,;]) *(?:[,;] *)*", r"\1 ", spaced)
    return (
        apart.replace("( ", "(")
        .replace(" )", ")")
        .replace(",)", ")")
        .replace("()", "")
        .strip(" ,;")
    )
