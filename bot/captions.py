"""What a sender's caption says of the patient, in the sloppy words of a busy ward.

Knows words for age, sex and record numbers in every language of the bot. Must not guess: what can
be meant two ways ("M 3 weeks cough", "no fever for 45 days", two ages) stays unsaid, and the sender
is asked. Words are compared in lower case and without accents.
"""

import re
import unicodedata
from collections.abc import Callable, Iterator, Set
from dataclasses import dataclass, replace
from typing import TypeVar

from inference.contract import PatientContext, Sex


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
        The facts that are clear. The indication is the whole caption without what identifies the
        patient: record number, name, date of birth.
    """
    reference, rest = _cut_references(unicodedata.normalize("NFC", caption))
    indication = _tidy(_IDENTIFYING.sub(_GAP, rest))
    words = _fold(indication)
    matches = [match for shape in _AGE_SHAPES for match in shape.finditer(words)]
    patient = PatientContext(
        age_years=_only({years for years in map(_years, matches) if 0 < years <= _MAX_YEARS}),
        sex=_only({*_said_sexes(words), *_sexes_beside_ages(matches)}),
        indication=indication or None,
    )
    return CaptionFacts(patient=patient, patient_reference=reference)


def parse_told(text: str) -> PatientContext:
    """Read what a sender answers when asked for the patient's age and sex.

    Args:
        text: Anything a person may type.

    Returns:
        What a caption would tell; besides, a bare number or duration ("61", "5 months") is an age.
    """
    patient = parse_caption(text).patient
    bare = _TOLD_AGE.fullmatch(_fold(text))
    if patient.age_years is not None or bare is None:
        return patient
    years = _years(bare)
    return replace(patient, age_years=years if 0 < years <= _MAX_YEARS else None)


# What identifies the patient

_GAP = " , "
_AGE_UNIT = (
    r"\s*(?:y(?:/?o)?|yrs?|years?|ans?|anos?|mo(?:is|nths?)|m[êe]s(?:es)?|weeks?|semaines?|semanas?"
    r"|days?|jours?|dias?)(?![\w/-])"
)
_REFERENCE = re.compile(
    r"(?<![\w-])(?:"
    r"(?:r[ée]f(?:[ée]rence)?|(?:patient\s+)?id|dossier|mrn|ipp|matricule|file|record|processo|lamba)\b"
    r"\s*(?:n[°ºo]|number|num[ée]ro)?\s*[.:#=]*\s*"
    r"(?P<named>(?=[a-z/_-]*\d)\w[\w/-]*)(?![\w/-])"
    r"|(?:pt|patient)\b\s*(?:n[°ºo])?\s*[.:#]*\s*(?P<patient>0\d+|\d{4,}|[a-z]{1,4}-\d+)(?![\w/-])"
    rf")(?!{_AGE_UNIT})",
    re.IGNORECASE,
)
_IDENTIFYING = re.compile(
    r"(?<!\w)(?:(?:name|nom|pr[ée]noms?|nome|suna)\s*[:=][^,;\n]*"
    r"|(?:dob|date of birth|born(?: on)?|ddn|date de naissance|n[ée]e? le"
    r"|data de nascimento|nascid[oa] em|ranar haihuwa)"
    r"\s*[:=]?\s*\d{1,4}[./ -]\d{1,2}[./ -]\d{1,4})",
    re.IGNORECASE,
)
_REPEATED_MIN_CHARS = 4


def _cut_references(caption: str) -> tuple[str | None, str]:
    """The first record number, and the caption without any."""
    found: list[str] = []

    def cut(match: re.Match[str]) -> str:
        found.append((match["named"] or match["patient"]).rstrip("-/_"))
        return _GAP

    rest = caption
    while _REFERENCE.search(rest):
        rest = _REFERENCE.sub(cut, rest)
        for reference in {one for one in found if len(one) >= _REPEATED_MIN_CHARS}:
            rest = re.sub(rf"(?<!\w){re.escape(reference)}(?!\w)", " ", rest)
    return (found[0] if found else None), rest


def _tidy(text: str) -> str:
    spaced = " ".join(re.sub(r"\s*[\r\n]+\s*", " ; ", text).split())
    apart = re.sub(r" *(?:[,;] *)*([,;]) *(?:[,;] *)*", r"\1 ", spaced)
    return apart.replace("( ", "(").replace(" )", ")").strip(" ,;")


# Words

_FEMALE = (
    "female|woman|girl|lady|mrs|femme|fille|fillette|dame|mme|feminin"
    "|mulher|menina|senhora|feminino|mace|yarinya"
)
_MALE = (
    "male|man|boy|homme|garcon|monsieur|masculin|homem|menino|rapaz|senhor|masculino|namiji|yaro"
)
_SEXES = {
    **dict.fromkeys(("f", "she", "elle", *_FEMALE.split("|")), Sex.FEMALE),
    **dict.fromkeys(("m", "he", "il", *_MALE.split("|")), Sex.MALE),
}
_SEXED = f"(?<![a-z])(?P<who>f|m|{_FEMALE}|{_MALE})(?![a-z])"
_YOUNG = (
    "(?<![a-z])(?P<who>child|baby|infant|newborn|neonate|boy|girl"
    "|enfant|bebe|nourrisson|garcon|fille|fillette"
    "|crianca|lactente|menin[oa]|yaro|yarinya|jariri)(?![a-z])"
)
_NOT_GROWN = (
    "(?<![a-z])(?P<who>f|m|female|male|child|baby|infant|newborn|neonate|boy|girl"
    "|enfant|bebe|nourrisson|garcon|fille|fillette|patiente?|pt"
    "|crianca|lactente|menin[oa]|paciente|doente|yaro|yarinya|jariri)(?![a-z])"
)
_ANYONE = (
    f"(?<![a-z])(?P<who>f|m|{_FEMALE}|{_MALE}|child|baby|infant|enfant|bebe|nourrisson"
    "|adulte?|patiente?|pt|mother|father|mere|pere"
    "|crianca|lactente|paciente|doente|utente|jariri)(?![a-z])"
)
_SUBJECT = (
    r"\b(?P<who>he|she|il|elle|patiente?|pt|child|baby|enfant|bebe"
    rf"|{_FEMALE}|{_MALE})\s(?:is|a)\s(?:now |about |around |environ )?"
)
_YEARS = r"(?:y|yrs?|years?|ans?|anos?)\b"
_MONTHS = r"(?P<unit>mths?|months?|mois|mes(?:es)?)\b"
_SHORT = (
    r"(?P<unit>mths?|months?|mois|mes(?:es)?|wks?|weeks?|semaines?|semanas?|days?|jours?|dias?)\b"
)
_UNIT = rf"(?:{_YEARS}|{_SHORT})"
_PER_YEAR = {"m": 12.0, "w": 365.25 / 7, "s": 365.25 / 7, "d": 365.25, "j": 365.25}
_MAX_YEARS = 120

# How an age is told from any other number

_AND = "¤"  # between years and months that are one age, see _one_age
_NUMBER = (
    rf"(?<![\d%{_AND}])(?<!\d[.,])(?P<number>\d{{1,3}}(?:[.,]\d|{_AND}\d{{1,2}})?)(?![.,]?\d)\s?"
)
_WHOLE = r"(?<![\d%])(?<!\d[.,])(?P<number>\d{1,3})(?![.,]?\d)\s?"
_TENS = r"(?<![\d%])(?<!\d[.,])(?P<number>[1-9]\d)(?![.,]?\d)"
_FIRST = r"^"
_STARTS = r"(?:^|[,;:.(]\s?)"
_LED = rf"(?:{_STARTS}|\b(?:an?|is|une?)\s)"
_JOINED = r"\s?[,:(]?\s?(?:de\s)?"
_WITH = "with|who|has|having|presenting|avec|qui|ayant|presente|com|que"
_ENDS = rf"(?=\s?(?:$|[,;:.)!?](?!\d)|(?:{_WITH})\b))"
_AGED = "(?:aged?|agee|idade)"
_NO_DURATION = r"(?!\s(?:of|de|ago|history|hx|smok\w*|later|post|atras)\b)"
_NOT_AT = r"(?<!\bat )(?<!\ba )(?<!\bsince )(?<!\bfrom )(?<!\bdepuis )(?<!\bdes )(?<!\bha )"
_NO_MEASURE = (
    r"(?!\s?(?:[%°x]|mths?|months?|mois|mes(?:es)?|wks?|weeks?|semaines?|semanas?|days?|jours?|dias?"
    r"|h|hours?|heures?|horas?|min"
    r"|kg|g|mg|cm|mm|ml|l|c|d|j|w|sa|fois|times|per|par|packs?|paquets?|cig\w*|leads?|views?"
    r"|th|st|nd|rd|am|pm)\b)"
)
_AGE_SHAPES = tuple(
    re.compile(shape)
    for shape in (
        rf"{_NUMBER}yo\b(?:\s(?P<who>[fm])\b)?",  # 2 y/o boy
        rf"{_NOT_AT}\b{_AGED}\s?:?\s?(?:de\s)?{_NUMBER}{_UNIT}?{_NO_MEASURE}",  # age: 6 mois
        rf"{_LED}{_NUMBER}{_UNIT}\s?old\b{_ENDS}",  # is 45 years old
        rf"{_NUMBER}{_UNIT}\s?old\s{_ANYONE}",  # 6-month-old girl
        rf"{_ANYONE}{_JOINED}(?:is\s)?{_NUMBER}{_UNIT}\s?old\b",  # female, 6 months old
        rf"{_ANYONE}{_JOINED}{_NUMBER}{_YEARS}{_NO_DURATION}",  # M 45 ans toux
        rf"{_YOUNG}{_JOINED}{_NUMBER}{_MONTHS}{_NO_DURATION}",  # enfant 8 mois toux
        rf"{_NOT_GROWN}{_JOINED}{_NUMBER}{_SHORT}{_ENDS}",  # M 3 weeks, cough
        rf"{_SUBJECT}{_NUMBER}{_YEARS}{_NO_DURATION}",  # she is 61 years, elle a 61 ans
        rf"{_SUBJECT}{_NUMBER}{_SHORT}{_ENDS}",  # the baby is 5 months
        rf"{_SUBJECT}(?<=is ){_WHOLE}{_ENDS}",  # he is 61, on treatment
        rf"{_FIRST}{_NUMBER}{_YEARS}{_ENDS}",  # 45 ans, toux
        rf"{_STARTS}{_NUMBER}{_YEARS}\s{_ANYONE}",  # 32y F
        rf"{_FIRST}{_NUMBER}{_UNIT}\s?,\s?{_ANYONE}",  # 8 mois, enfant
        rf"{_SEXED}\s?[,:(]?\s?{_WHOLE}{_ENDS}",  # girl 14
        rf"{_SEXED}\s?{_TENS}(?=\s[a-z]){_NO_MEASURE}",  # M 45 toux
        rf"{_STARTS}{_WHOLE}(?P<who>{_FEMALE}|{_MALE})\b",  # 45 female
        rf"{_STARTS}(?P<number>[1-8]?\d|9[0-4])\s?(?P<who>f)\b",  # 45F, but not 101 F of fever
        rf"{_STARTS}(?P<number>2[5-9]|[3-9]\d)\s?(?P<who>m)\b",  # 45M, but not 6m of cough
    )
)


_TOLD_AGE = re.compile(
    r"(?:about |around |approx |environ |ca |[~≈]\s?)?(?:aged? )?"
    rf"{_NUMBER}{_UNIT}?(?:\sold)?(?:\s?,?\s?{_ANYONE})?\s?[.!?]?"
)


def _years(match: re.Match[str]) -> float:
    number, _, months = match["number"].partition(_AND)
    value = float(number.replace(",", ".")) + float(months or 0) / _MONTHS_IN_YEAR
    unit = match.groupdict().get("unit")
    return value / _PER_YEAR[unit[0]] if unit else value


# How months that belong to the years before them are told from those of a cough

_MONTHS_IN_YEAR = 12
_MONTHS_MATTER_YEARS = 2
"""Below, an age is said in months."""

_YEARS_AND_MONTHS = re.compile(
    r"(?<![\d%.,])(?P<years>\d{1,2})[\s-]?(?:yo?|yrs?|years?|ans?|anos?|a)(?![a-z])\.?"
    r"(?P<between>[\s-]?(?:,|(?P<joined>and|et|e|da|&|\+)(?![a-z]))?[\s-]?)"
    r"(?:(?P<months>\d{1,2})(?:[\s-]?(?:m|mos?|mths?|months?|mois|mes(?:es)?)(?![a-z])|/12(?![\d/]))"
    r"|(?P<half>(?<=[\s-])(?:demie?|(?:a )?half|meio)(?![a-z])))"
    rf"(?P<clear>(?=[\s-]old\b|\s{_ANYONE}|\s(?:sexe?|sexo|gender|jinsi)\b)|{_ENDS})?"
)


def _one_age(match: re.Match[str]) -> str:
    """Years and months as one number; `%` where it matters which of two ages it is."""
    years, months = int(match["years"]), 6 if match["half"] else int(match["months"])
    is_apart = "," in match["between"]
    is_one = match["joined"] or not match["between"] or match["clear"] is not None
    if months < _MONTHS_IN_YEAR and is_one and not is_apart:
        return f"{years}{_AND}{months} years"
    return match[0] if years >= _MONTHS_MATTER_YEARS else "%"


# How a sex is told from any other letter or word

_SEX_WORD = re.compile(
    r"(?<!\bby )(?<!\bby a )(?<!\bwith a )(?<!\bpar un )(?<!\bpar une )"
    rf"\b(?P<who>{_FEMALE}|{_MALE})\b"
)
_SEX_LABEL = re.compile(r"\b(?:sexe?|gender|sexo|jinsi)\s?:?\s?(?P<who>[fm])\b")
_SEX_FIRST = re.compile(rf"^(?P<who>[fm])\b{_ENDS}")


def _said_sexes(words: str) -> Iterator[Sex]:
    for shape in (_SEX_WORD, _SEX_LABEL, _SEX_FIRST):
        yield from (_SEXES[match["who"]] for match in shape.finditer(words))


def _sexes_beside_ages(matches: list[re.Match[str]]) -> Iterator[Sex]:
    said = (match.groupdict().get("who") for match in matches)
    yield from (_SEXES[who] for who in said if who in _SEXES)


_ABBREVIATIONS: tuple[tuple[re.Pattern[str], str | Callable[[re.Match[str]], str]], ...] = (
    (re.compile(r"(?<![a-z])y(?:\s?/\s?|\.)o\b\.?"), "yo"),
    (re.compile(r"\bw/|\bc/o\b"), "with "),
    (re.compile(r"\bf/u\b|\bm\.(?=\s?[a-z])"), "%"),
    (re.compile(r"\b(s?he)['’]s\b"), r"\1 is"),  # noqa: RUF001 - phones type this apostrophe
    (re.compile(r"\b(?:[cdjlmnst]|qu)['’]"), ""),  # noqa: RUF001 - phones type this apostrophe
    (re.compile(r"\bnouveau-nee?\b|\brecem[ -]nascid[oa]\b"), "newborn"),
    (re.compile(r"\bshekar[au]\s?(\d{1,3})\b"), r"\1 years"),  # Hausa puts the number last
    (re.compile(r"\bwata(?:nni)?\s?(\d{1,2})\b"), r"\1 months"),
    (re.compile(r"\b(?:sati|mako|makonni)\s?(\d{1,2})\b"), r"\1 weeks"),
    (re.compile(r"\bkwana(?:ki)?\s?(\d{1,2})\b"), r"\1 days"),
    (_YEARS_AND_MONTHS, _one_age),
    (re.compile(r"(?<=\d)a\b"), " ans"),
    (re.compile(r"(?<!\d)\d+(?:[/-]\d+)+"), "%"),
    (re.compile(r"[\s/_-]+"), " "),
)


def _fold(text: str) -> str:
    """Lower case, no accents, one space between words, `%` for what must not be taken for words."""
    decomposed = unicodedata.normalize("NFD", text.lower())
    folded = "".join(char for char in decomposed if not unicodedata.combining(char))
    for pattern, meant in _ABBREVIATIONS:
        folded = pattern.sub(meant, folded)
    return folded.strip()


_Fact = TypeVar("_Fact")


def _only(facts: Set[_Fact]) -> _Fact | None:
    return next(iter(facts)) if len(facts) == 1 else None
