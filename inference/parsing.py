"""The one parser: an engine's text cut into the sections of a reading.

Knows how an answer is filed. Never repairs or invents: every word of the answer stands in one of
the parts, and an urgency that is not clear is `NOT_STATED`.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

from inference.answers.changes import without_unchanged
from inference.answers.critical_findings import agreed_finding, named_finding
from inference.answers.disclaimers import without_disclaimers
from inference.answers.flattening import flattened
from inference.answers.folding import composed, folded
from inference.answers.headings import Section, headings
from inference.answers.stated_urgency import not_medical, read_urgency, urgency_in_prose
from inference.answers.thoughts import strip_thoughts
from inference.contract import ReadRequest, Sections, Urgency

_MARKS_ALONE = re.compile(r"[\s*_#>|-]*")
_ONE_WORD = re.compile(r"[\W_]*[^\W_]+[\W_]*")
_NONE = re.compile(r"[\W_]*(?:not stated|not applicable|unknown|n/a)[\W_]*", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Block:
    section: Section
    text: str


def parse_answer_to(request: ReadRequest, text: str) -> Sections:
    """File the answer to a request: a first reading, a comparison, or a follow-up question."""
    if request.comparison is not None:
        return parse_comparison(text)
    return parse_answer(text, request.question)


def parse_comparison(text: str) -> Sections:
    """File what was said of an older and a newer film.

    Args:
        text: A whole answer; thoughts are left out.

    Returns:
        The sections of the newer film, the changes in `rest`. That a finding is unchanged does not
        name it.
    """
    named = named_finding(without_unchanged(strip_thoughts(text)))
    return replace(parse_sections(text), named=named)


def parse_answer(text: str, question: str | None) -> Sections:
    """File an answer.

    Args:
        text: A whole answer; thoughts are left out.
        question: The follow-up question that it answers, None for a first reading.

    Returns:
        The sections; of a follow-up answer all is `rest`, and no urgency is looked for but that
        of the findings it names.
    """
    if question is None:
        return parse_sections(text)
    answer = strip_thoughts(text)
    named = named_finding(answer) or agreed_finding(question, answer)
    return Sections(rest=answer or None, named=named)


def parse_sections(text: str) -> Sections:
    """File an answer under its sections.

    Args:
        text: A whole answer, or one that is still growing; thoughts are left out.

    Returns:
        The sections found. What stands under no heading, or under none that a reading has, is
        `rest`; what the model says of itself is `disclaimer`.
    """
    blocks = _blocks(flattened(composed(strip_thoughts(text))))
    parts: dict[Section, str] = {}
    disclaimers = []
    for section in Section:
        whole = _joined(block.text for block in blocks if block.section is section)
        parts[section], disclaimer = without_disclaimers(whole)
        disclaimers.append(disclaimer)
    stated = parts[Section.URGENCY]
    urgency = _urgency(stated, strip_thoughts(text))
    return Sections(
        findings=parts[Section.FINDINGS] or None,
        impression=parts[Section.IMPRESSION] or None,
        urgency=urgency,
        urgency_text=None if _says_no_more(stated, urgency) else stated or None,
        recommendation=parts[Section.RECOMMENDATION] or None,
        rest=parts[Section.OTHER] or None,
        disclaimer=_joined([*disclaimers, parts[Section.DISCLAIMER]]) or None,
        named=named_finding("\n".join(parts.values())),
    )


def _blocks(text: str) -> list[_Block]:
    found = headings(text, folded(text))
    preamble = text[: found[0].start if found else len(text)]
    blocks = [_Block(section=Section.OTHER, text=_body(preamble))]
    ends = [*(heading.start for heading in found), len(text)][1:]
    for heading, end in zip(found, ends, strict=True):
        blocks.append(_Block(section=heading.section, text=_body(text[heading.text_start : end])))
    return blocks


def _body(text: str) -> str:
    """A section's text without the marks that only set it off."""
    body = text.strip()
    for mark in ("**", "__"):
        if body.count(mark) % 2:
            body = body.removesuffix(mark).strip() if body.endswith(mark) else body
            body = body.removeprefix(mark).strip() if body.startswith(mark) else body
    return "" if _MARKS_ALONE.fullmatch(body) else body


def _joined(texts: Iterable[str]) -> str:
    """Texts one under the other; the same text twice is one."""
    return "\n\n".join(dict.fromkeys(text for text in texts if text))


def _says_no_more(stated: str, urgency: Urgency) -> bool:
    """Whether the sign for an urgency says all that is written of it."""
    known = urgency is not Urgency.NOT_STATED
    return _NONE.fullmatch(stated) is not None or (
        known and _ONE_WORD.fullmatch(stated) is not None
    )


def _urgency(stated: str, text: str) -> Urgency:
    urgency = read_urgency(stated) if stated else urgency_in_prose(text)
    if urgency is Urgency.NOT_STATED and not_medical(text):
        return Urgency.NOT_MEDICAL
    return urgency
