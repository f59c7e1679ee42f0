"""The net under a model's text: critical findings that it names, sentence by sentence.

Knows when a name counts: not where its sentence denies it. It only ever raises: a text that names
none may be urgent all the same, by the limits that docs/clinical.md names.
"""

import re
from collections.abc import Iterator

from inference.answers.critical_calls import CALLS
from inference.answers.critical_names import BODY, PNEUMOTHORAX, CriticalFinding
from inference.answers.critical_tubes import TUBES
from inference.answers.folding import Sentence, composed, folded, sentences, unmarked
from inference.answers.negation import ASKED, CONDITION, HISTORY, Standing, standing
from inference.contract import NamedFinding, Urgency

_FINDINGS = (*BODY, *TUBES, *CALLS)
_AROUND = " \n-\u2022\u00b7"
_HISTORY = re.compile(HISTORY)
_SHOWN = re.compile(
    r"\b(?:seen|visible?s?|visiv\w*|present|now|see|vue?s?|vist[oa]s?|immediat\w*)\b"
)
_OF_DEGREE = re.compile("sauf|salvo|selon|depending on")
_ITEM = re.compile(r"\s*(?:[-*\u2022\u00b7]|\d+[.)])\s")
_SHIFTED = re.compile(
    r"\b(?:heart|mediastin\w*|trache\w*|traque\w*)\b[^.;]{0,40}\b(?:shift|deviat|displac|push|refoul|devi|desv)"
    r"|\b(?:shift|deviat|displac|push|refoul|deviation|desvi)\w*[^.;]{0,40}\b(?:heart|mediastin|trache|traque)"
)
_FLUID_OR_AIR = re.compile(
    rf"\b(?:{PNEUMOTHORAX}|effusions?|fluid|epanchement|derrame|hydrothorax)\b"
)
_YES = re.compile(r"\W*(?:yes|oui|sim|s\u00ed|si|eh|i|na'am)\b[\s.,!:-]*", re.IGNORECASE)


def named_finding(text: str) -> NamedFinding | None:
    """The gravest critical finding that a text names without denying it.

    Args:
        text: A whole answer.

    Returns:
        The first of the gravest, with its sentence; None if none is named.
    """
    found = list(_findings(composed(text)))
    return min(found, key=lambda each: tuple(Urgency).index(each.urgency), default=None)


def agreed_finding(question: str, answer: str) -> NamedFinding | None:
    """A critical finding that a question names, where the answer begins with "yes"."""
    if _YES.match(answer) is None:
        return None
    return named_finding(question.replace("?", "."))


def _findings(text: str) -> Iterator[NamedFinding]:
    for sentence, plain in _labelled(text):
        urgencies = [urgency for finding in _FINDINGS for urgency in _urgencies(plain, finding)]
        if urgencies:
            gravest = min(urgencies, key=tuple(Urgency).index)
            yield NamedFinding(urgency=gravest, sentence=sentence.text.strip(" \n*_#>-"))


def _labelled(text: str) -> Iterator[tuple[Sentence, str]]:
    """Sentences, and each folded behind its label: `No evidence of:` above a list, `Pleura:`."""
    label = ""
    for sentence in sentences(text):
        plain = unmarked(folded(sentence.text))
        if plain.rstrip().endswith(":") or _HISTORY.fullmatch(plain.strip()):
            label = f"{plain.strip().removesuffix(':')}: "
            continue
        yield sentence, _unasked(f"{label}{plain.strip(_AROUND)}")
        label = label if _ITEM.match(sentence.text) else ""


def _unasked(plain: str) -> str:
    """Without the history's label where what follows is plainly no history: it shows, or calls."""
    label = ASKED.match(plain)
    calls = any(call.named.search(plain) for call in CALLS)
    return plain[label.end() :] if label and (calls or _SHOWN.search(plain)) else plain


def _urgencies(plain: str, finding: CriticalFinding) -> Iterator[Urgency]:
    if finding.beside is not None and not finding.beside.search(plain):
        return
    for match in finding.named.finditer(plain):
        if finding.conditional and _is_conditional(plain):
            continue
        said = standing(plain, match.start(), match.end())
        if said is Standing.AFFIRMED:
            yield Urgency.CRITICAL if _is_shifting(plain, match) else finding.urgency
        elif said is Standing.DOUBTED:
            yield Urgency.URGENT


def _is_conditional(plain: str) -> bool:
    """Whether a condition stands beside a call; one of degree takes none back."""
    return any(not _OF_DEGREE.match(condition[0]) for condition in CONDITION.finditer(plain))


def _is_shifting(plain: str, match: re.Match[str]) -> bool:
    """Whether air or fluid pushes the mediastinum, which is critical however much it is."""
    if not _FLUID_OR_AIR.search(match[0]):
        return False
    return any(
        standing(plain, shift.start(), shift.end()) is Standing.AFFIRMED
        for shift in _SHIFTED.finditer(plain)
    )
