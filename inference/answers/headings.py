"""Where the sections of an answer begin: section names in five languages, in every form.

Knows the names, and how models set a heading off. Must not know what to do with a section.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import Enum


class Section(Enum):
    """What a piece of an answer is about."""

    FINDINGS = "findings"
    IMPRESSION = "impression"
    URGENCY = "urgency"
    RECOMMENDATION = "recommendation"
    DISCLAIMER = "disclaimer"
    OTHER = "other"


@dataclass(frozen=True, slots=True, kw_only=True)
class Heading:
    """A heading.

    Args:
        start: Where it begins, its marks included.
        text_start: Where its section's text begins; at the heading itself if that says more than
            the section's name, and so is kept.
        numbered: Whether it has a number, and a name that is not a section's alone.
    """

    section: Section
    start: int
    text_start: int
    numbered: bool = False


# Without accents, in lower case. Core names are known in mid-line too, the others at its start.
_CORE = {
    Section.FINDINGS: "findings|finding|resultats|constatations|constats|achados|hallazgos"
    "|abin da aka gani|abubuwan da aka gani",
    Section.IMPRESSION: "impressions?|conclusions?|impressao|conclusao|impresion|kammalawa|ra'ayi",
    Section.URGENCY: "urgency levels?|level of urgency|degree of urgency|urgency|niveau d'urgence"
    "|degre d'urgence|urgence|grau de urgencia|nivel de urgencia|grado de urgencia|urgencia"
    "|matakin gaggawa|gaggawa",
    Section.RECOMMENDATION: "recommendations?|recommandations?|conduite a tenir|recomendac(?:ao"
    "|oes)"
    "|conduta|recomendacion(?:es)?|conducta|shawarwari|shawara",
}
_MORE = {
    Section.FINDINGS: "observations|results?|description|observacoes|observaciones|resultados"
    "|descricao|descripcion|sakamako",
    Section.IMPRESSION: "interpretation|assessment|diagnos(?:is|es)|summary|opinion|synthese"
    "|diagnostic|interpretacao|diagnostico|resumo|interpretacion|resumen|diagnostico|fassara"
    "|ma'ana|takaitawa",
    Section.URGENCY: "triage(?: (?:level|category))?|priority(?: level)?|acuity|severity|priorite"
    "|gravite|triagem|prioridade|gravidade|triaje|prioridad|gravedad|muhimmanci",
    Section.RECOMMENDATION: "recommended (?:actions?|management|next steps?|follow-?up)|management"
    "|plan|next steps?|advice|suggested (?:actions?|management)|what to do(?: next)?"
    "|prise en charge|a faire|propositions?|plano|orientac(?:ao|oes)|proximos passos|manejo"
    "|proximos pasos|abin da za a yi",
    Section.DISCLAIMER: "(?:important )?disclaimer|avertissement|avis de non-responsabilite"
    "|isencao de responsabilidade|aviso legal|descargo de responsabilidad",
    Section.OTHER: "techniques?|comparison|indication|clinical (?:history|information|details)"
    "|history|exam(?:ination)?|study|patient|view|image quality|comparaison"
    "|renseignements cliniques"
    "|examen|tecnica|comparacao|indicacao|historia clinica|indicacion|exame",
}
_EMPTY = (  # words that a heading may have and that say nothing
    "the|key|main|overall|final|clinical|radiolog(?:ical|ic|y)|radiographic|imaging|image|picture"
    "|general|preliminary|chest|x-?ray|cxr|report|of|summary|principales?|principaux|principais"
    "|radiologiques?|radiologic[oa]s?|cliniques?|clinic[oa]s?|globale?|generale?|geral|general"
)
_NAMES = {
    **{name: section for section, name in _MORE.items()},
    **{name: section for section, name in _CORE.items()},
}
_WORD = r"[^\W\d_][\w'/-]*"
_AROUND = r"(?:[^\w\n]|_)*+"
_NUMBER = r"(?:\(?(?:\d{1,2}|[ivx]{1,4}|[a-h])[.)])?"
_COLON = r"[*_ ]*+(?::|=|->|\u2192|\u2013|\u2014|-(?= ))[*_ ]*+"
_CLOSE = r"[*_ ]*+(?:\([^()\n]{1,60}\))?[*_ ]*+"


def _alternation(names: dict[Section, str]) -> str:
    return "|".join(f"(?P<{section.name.lower()}>(?:{name}))" for section, name in names.items())


def _at_line_start(names: dict[Section, str], before: str) -> re.Pattern[str]:
    return re.compile(
        rf"^(?P<marks>{before}{_NUMBER}{_AROUND})(?P<empty>(?:(?:{_EMPTY}) ){{0,4}}+)"
        rf"(?:{_alternation(names)})(?P<tail>{_CLOSE})(?:(?P<colon>{_COLON})|(?=\n|$))",
        re.MULTILINE,
    )


_BULLET = r"(?: *[-\u2022\u00b7] +| *\* +)"
_LINE_CORE = _at_line_start(_CORE, _AROUND)
_LINE_MORE = _at_line_start(_MORE, rf"(?!{_BULLET}){_AROUND}")
_LABELLED = re.compile(
    rf"^(?P<marks>{_AROUND}{_NUMBER}{_AROUND})(?:{_WORD} ){{0,4}}?(?:{_alternation(_CORE)})"
    rf"(?:,? {_WORD}){{0,5}}{_CLOSE}(?P<colon>[*_ ]*+:)",
    re.MULTILINE,
)
_MID_LINE = re.compile(
    rf"(?<![\w'\"*_#-])(?P<marks>[*_#]*+)(?P<empty>(?:(?:{_EMPTY}) ){{0,4}}+)"
    rf"(?:{_alternation(_CORE)})(?P<tail>{_CLOSE})(?P<colon>{_COLON})"
)
_SET_OFF = re.compile(  # by marks alone: `… clear. **IMPRESSION** Normal.`
    rf"(?<![\w'\"*#-])(?P<marks>#+ ?|\*\*|__)(?P<empty>(?:(?:{_EMPTY}) ){{0,4}}+)"
    rf"(?:{_alternation(_CORE)})(?P<tail> *(?:\*\*|__|(?=\n|$))) *(?P<colon>)"
)
_BARE_CAPITALS = re.compile(rf"(?<![\w'\"-])(?P<marks>)(?:{_alternation(_CORE)})(?P<tail> +)(?=\w)")
_ENDS = frozenset(".!?;)]*_|>")
_NEAR_CHARS = 8


def headings(text: str, plain: str) -> list[Heading]:
    """Find the headings of a text.

    Args:
        text: As `composed` makes it.
        plain: The same, folded.

    Returns:
        In order; none overlaps another.
    """
    found: list[Heading] = []
    free_from = 0
    for heading, end in sorted(_candidates(text, plain), key=lambda each: each[0].start):
        if heading.start >= free_from and not (found and _is_advice(heading, found[-1])):
            found.append(heading)
            free_from = max(end, heading.start + 1)
    return found


def _is_advice(heading: Heading, last: Heading) -> bool:
    """Whether it names a point of a numbered advice, as in `1. Assessment: look at the drain`."""
    of_picture = heading.section in {Section.FINDINGS, Section.IMPRESSION}
    return last.section is Section.RECOMMENDATION and of_picture and heading.numbered


def _candidates(text: str, plain: str) -> Iterator[tuple[Heading, int]]:
    for match in _LINE_CORE.finditer(plain):
        yield _heading(match), match.end()
    for match in _LINE_MORE.finditer(plain):
        numbered = re.search(r"\w", match["marks"]) is not None
        yield replace(_heading(match), numbered=numbered), match.end()
    for match in _LABELLED.finditer(plain):
        yield _labelled(match), match.end()
    yield from _within_lines(text, plain)


def _within_lines(text: str, plain: str) -> Iterator[tuple[Heading, int]]:
    for match in _MID_LINE.finditer(plain):
        name = text[match.end("marks") : match.start("tail")]
        after_sentence = _after_sentence(plain, match.start()) or match["marks"]
        sure = ":" in match["colon"] or _section(match) is Section.URGENCY
        if name.isupper() or (after_sentence and name[:1].isupper() and sure):
            yield _heading(match), match.end()
    for match in _SET_OFF.finditer(plain):
        after_sentence = _after_sentence(plain, match.start())
        if after_sentence and text[match.end("marks")].isupper():
            yield _heading(match), match.end()
    for match in _BARE_CAPITALS.finditer(plain):
        if _is_bare_heading(text, plain, match):
            yield _heading(match), match.end()


def _after_sentence(plain: str, place: int) -> bool:
    """Whether a sentence or a line ends before a place, or the text begins there."""
    near = plain[max(0, place - _NEAR_CHARS) : place]
    said = near.rstrip()
    return not said or said[-1] in _ENDS or "\n" in near[len(said) :]


def _is_bare_heading(text: str, plain: str, match: re.Match[str]) -> bool:
    """A name in capitals after a sentence, without a colon: `… clear. URGENCY critical`."""
    name = text[match.end("marks") : match.start("tail")]
    following = text[match.end() :].split(maxsplit=1)[0]
    shouted = following.isupper() and len(following) > 1 and _section(match) is not Section.URGENCY
    return name.isupper() and not shouted and _after_sentence(plain, match.start())


def _heading(match: re.Match[str]) -> Heading:
    section = _section(match)
    kept = section is Section.OTHER or "(" in match["tail"]
    start, end = match.start(), match.end()
    return Heading(section=section, start=start, text_start=match.end("marks") if kept else end)


def _labelled(match: re.Match[str]) -> Heading:
    return Heading(section=_section(match), start=match.start(), text_start=match.end("marks"))


def _section(match: re.Match[str]) -> Section:
    groups = match.groupdict()
    return next(section for section in Section if groups.get(section.name.lower()))
