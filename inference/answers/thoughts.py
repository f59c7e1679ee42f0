"""The thoughts that a model writes before its answer, and how they are told from it.

Knows the marks of MedGemma 1.5 and of others, and thoughts that lost them. Must not know sections'
meaning. What is thought is never shown and never filed.
"""

import re

THOUGHT, ANSWER = "<unused94>", "<unused95>"
"""MedGemma 1.5's marks: a thought begins, and the answer begins."""

_WHOLE = re.compile(r"<unused94>.*?<unused95>|<think>.*?</think>", re.DOTALL)
_ENDED = re.compile(r"^.*(?:<unused95>|</think>)", re.DOTALL)
_UNENDED = re.compile(r"(?:<unused94>|<think>).*", re.DOTALL)
_BARE = re.compile(r"\s*(?:thought|thinking|thoughts)\b[ \t]*:?[ \t]*(?:\n|\Z)", re.IGNORECASE)
_FIRST_HEADING = re.compile(
    r"^[^\w\n]*(?:\d+[.)][^\w\n]*)?(?:FINDINGS|Findings|RÉSULTATS|Résultats|CONSTATATIONS"
    r"|ACHADOS|Achados|HALLAZGOS|Hallazgos)[*_ \t\u00a0]*(?::|$)",
    re.MULTILINE,
)
_ECHOED = re.compile(r"[*_ \t]*:?[*_\s]*(?:what the picture shows|\[|\.\.\.|<)", re.IGNORECASE)
_PARAGRAPH = re.compile(r"\n[ \t]*\n")


def strip_thoughts(text: str, *, growing: bool = False) -> str:
    """Take the thoughts out of an answer.

    Args:
        growing: Whether more of it is to come: then no last paragraph is taken for the answer.

    Returns:
        The answer alone; empty if there is none, or none yet.
    """
    left = _ENDED.sub("", _WHOLE.sub("", text))
    left = _UNENDED.sub("", left)  # cut off within the thought: nothing of it is an answer
    if bare := _BARE.match(left):
        return _after_bare_thought(left[bare.end() :], growing=growing)
    return left.strip()


def _after_bare_thought(thought: str, *, growing: bool) -> str:
    """What follows a thought without marks: the last first heading, else the last paragraph.

    A thought may draft the answer, so the last one counts; it may also repeat the question.
    """
    headings = list(_FIRST_HEADING.finditer(thought))
    if headings and not _ECHOED.match(thought[headings[-1].end() :]):
        return thought[headings[-1].start() :].strip()
    paragraphs = _PARAGRAPH.split(thought.strip())
    untold = growing or headings or len(paragraphs) == 1
    return "" if untold else paragraphs[-1].strip()
