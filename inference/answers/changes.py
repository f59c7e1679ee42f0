"""What an answer says has changed between an older film and a newer one.

Knows the findings that are compared and the words for a change. Never guesses: a line that names no
change, several, or one that it denies says nothing.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from inference.answers.folding import composed, folded


class ComparedFinding(StrEnum):
    """What MedGemma 1.5 was trained to compare (MS-CXR-T's five findings)."""

    CONSOLIDATION = "consolidation"
    OEDEMA = "oedema"
    EFFUSION = "pleural effusion"
    PNEUMONIA = "pneumonia"
    PNEUMOTHORAX = "pneumothorax"


class Change(StrEnum):
    """How a finding is in the newer film, against the older."""

    IMPROVED = "improved"
    UNCHANGED = "unchanged"
    WORSENED = "worsened"


@dataclass(frozen=True, slots=True, kw_only=True)
class FindingChange:
    """That a finding has changed, or has not."""

    finding: ComparedFinding
    change: Change


_NAMES = {
    ComparedFinding.CONSOLIDATION: r"consolidations?|condensations?|consolidacao",
    ComparedFinding.OEDEMA: r"(?:pulmonary )?(?:oe|o|e)dem[ae](?: pulmona\w+)?",
    ComparedFinding.EFFUSION: r"(?:pleural )?effusions?|(?:epanchement|derrame)(?: pleural)?",
    ComparedFinding.PNEUMONIA: r"pneumonias?|pneumonies?",
    ComparedFinding.PNEUMOTHORAX: r"pneumothorax|pneumotorax",
}
_WORDS = {
    Change.UNCHANGED: r"unchanged|no (?:\w+ )?change|stable|inchangee?s?|inalterad[oa]s?",
    Change.IMPROVED: r"improv(?:ed|ing|ement)|better|amelioree?s?|melhor(?:ou|ad[oa])",
    Change.WORSENED: r"worse(?:ned|ning)?|aggravee?s?|pior(?:ou|ad[oa])",
}
_ANY = "|".join(_NAMES.values())
_LINE = re.compile(rf"(?:(?!\.(?:\s|$)|, *(?:and |et |e )?(?:{_ANY})\b)[^\n;|])+")
_HEADING = r"(?:(?:comparison|comparaison|comparacao)\b)?[\W\d_]*(?:(?:and|et|e) )?"
_LABEL = "|".join(_WORDS.values())
_SET = rf"\W*?[:=\u2013\u2014-]\W*| (?:(?:is|are|has|have|remains?) )?(?=(?:{_LABEL})\W*$)"
_NAMED = {
    finding: re.compile(rf"{_HEADING}(?:{name})(?:{_SET})(?P<said>.+)")
    for finding, name in _NAMES.items()
}
_SAID = {change: re.compile(rf"\b(?:{words})\b") for change, words in _WORDS.items()}
_DENIED = re.compile(
    r"\b(?:not|no|nor|neither|without|cannot|unclear|if|or|pas|ni|sans|non|ou|nao|sem|nem)\b|n't\b"
)


def changes_in(text: str) -> tuple[FindingChange, ...]:
    """The changes that an answer states, in the order of the findings.

    Args:
        text: A whole answer without its thoughts.

    Returns:
        One for each finding at most; none for one of which two lines say different things.
    """
    said: dict[ComparedFinding, set[Change]] = {}
    for _, finding, change in _stated(text):
        said.setdefault(finding, set()).add(change)
    return tuple(
        FindingChange(finding=finding, change=next(iter(said[finding])))
        for finding in ComparedFinding
        if len(said.get(finding, ())) == 1
    )


def without_unchanged(text: str) -> str:
    """An answer without the lines by which a finding is unchanged: none of these says it is there.

    Args:
        text: A whole answer without its thoughts.
    """
    text = composed(text)
    for line, _, change in reversed(list(_stated(text))):
        if change is Change.UNCHANGED:
            text = text[: line.start()] + text[line.end() :]
    return text


def _stated(text: str) -> Iterator[tuple[re.Match[str], ComparedFinding, Change]]:
    for line in _LINE.finditer(folded(composed(text))):
        for finding, pattern in _NAMED.items():
            named = pattern.match(line[0])
            change = None if named is None else _change(named["said"])
            if change is not None:
                yield line, finding, change


def _change(said: str) -> Change | None:
    """The one change that a line states."""
    found = [change for change, pattern in _SAID.items() if pattern.search(said)]
    if len(found) != 1:
        return None
    denied = _DENIED.search(_SAID[found[0]].sub("", said))
    return None if denied else found[0]
