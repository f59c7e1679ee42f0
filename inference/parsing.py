"""The one parser: an engine's text cut into the sections of a reading.

Knows the section names of `inference.prompts`. Never repairs or invents: what does not parse stays
in the text, and an urgency that is not one clear word is `NOT_STATED`.
"""

import re

from inference.contract import Sections, Urgency

_NAMES = {
    "FINDINGS": "findings",
    "FINDING": "findings",
    "RÉSULTATS": "findings",
    "CONSTATATIONS": "findings",
    "IMPRESSION": "impression",
    "CONCLUSION": "impression",
    "URGENCY": "urgency",
    "URGENCE": "urgency",
    "RECOMMENDATION": "recommendation",
    "RECOMMENDATIONS": "recommendation",
    "RECOMMANDATION": "recommendation",
    "RECOMMANDATIONS": "recommendation",
    "ACHADOS": "findings",
    "IMPRESSÃO": "impression",
    "CONCLUSÃO": "impression",
    "URGÊNCIA": "urgency",
    "RECOMENDAÇÃO": "recommendation",
    "RECOMENDAÇÕES": "recommendation",
}
_GAP = r"\t \u00a0\u202f"  # French sets a space before a colon that does not break
_HEADING = re.compile(
    rf"^[{_GAP}]*(?:\d+[.)][{_GAP}]*)?[#*_{_GAP}-]*("
    + "|".join(sorted(_NAMES, key=len, reverse=True))
    + rf")[*_{_GAP}]*[:：][*_{_GAP}]*",  # noqa: RUF001 - the full-width colon is meant
    re.IGNORECASE | re.MULTILINE,
)
_THOUGHT = re.compile(r"<unused94>.*?(?:<unused95>|\Z)", re.DOTALL)
_WORD = re.compile(r"[^\W_]+")
_URGENCY_WORDS = {
    "critical": Urgency.CRITICAL,
    "critique": Urgency.CRITICAL,
    "urgent": Urgency.URGENT,
    "urgente": Urgency.URGENT,
    "routine": Urgency.ROUTINE,
    "crítico": Urgency.CRITICAL,
    "crítica": Urgency.CRITICAL,
    "rotina": Urgency.ROUTINE,
}


def strip_thoughts(text: str) -> str:
    """Drop the thought spans that MedGemma 1.5 may emit (`<unused94>…<unused95>`)."""
    return _THOUGHT.sub("", text).strip()


def parse_sections(text: str) -> Sections:
    """Cut an answer into its sections.

    Args:
        text: A whole answer, or one that is still growing.

    Returns:
        The sections found. A section that stands twice with different text is ambiguous and
        therefore the first one is kept for text and the urgency is `NOT_STATED`.
    """
    found: dict[str, list[str]] = {}
    headings = list(_HEADING.finditer(text))
    ends = [*(heading.start() for heading in headings), len(text)][1:]
    for heading, end in zip(headings, ends, strict=True):
        body = text[heading.end() : end].strip().strip("*_").strip()
        found.setdefault(_NAMES[heading.group(1).upper()], []).append(body)
    return Sections(
        findings=_first(found, "findings"),
        impression=_first(found, "impression"),
        urgency=_urgency(found.get("urgency", [])),
        recommendation=_first(found, "recommendation"),
    )


def _first(found: dict[str, list[str]], name: str) -> str | None:
    return next((body for body in found.get(name, []) if body), None)


def _urgency(bodies: list[str]) -> Urgency:
    """One clear word, or not stated: "not urgent" and an echo of all three choices are neither."""
    stated = {_stated(body.partition("\n")[0].lower()) for body in bodies}
    return stated.pop() if len(stated) == 1 else Urgency.NOT_STATED


def _stated(line: str) -> Urgency:
    """The word that stands alone, or an alarming one that leads a line which names no other.

    A model adds reasons ("Critical (tension)"). An alarm too many costs a look, one too few a
    life: so reasons after "routine" make it not stated, and after the others they do not.

    Returns:
        The urgency, or that none is stated.
    """
    words = _WORD.findall(line)
    leading = _URGENCY_WORDS.get(words[0] if words else "", Urgency.NOT_STATED)
    named = {_URGENCY_WORDS[word] for word in words if word in _URGENCY_WORDS}
    alone = len(words) == 1
    alarming = leading in {Urgency.CRITICAL, Urgency.URGENT} and named == {leading}
    return leading if alone or alarming else Urgency.NOT_STATED
