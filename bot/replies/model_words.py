"""A model's words as a chat shows them: Markdown as bold and lists, risky sentences marked.

Knows Markdown as models write it. Must not know readings. Marks go, words stay.
"""

import re
import textwrap
import unicodedata
from collections.abc import Iterator

from bot.locale import Translator
from bot.replies.markup import Html, bold, italic, typed, unsigned
from inference.answers.cautions import Caution, cautions
from inference.answers.folding import sentences

_HEADING = re.compile(r"[ \t]{0,3}#{1,6}[ \t]+(.*?)[ \t#]*")
_BULLET = re.compile(r"([ \t]*)(?:[-*+\u2022\u00b7]|\u2013)[ \t]+(.*)")
_RULE = re.compile(r"[\s|:*_=-]*")
_SPAN = re.compile(
    r"\*\*(?P<bold>[^*\n]+?)\*\*|__(?P<strong>[^_\n]+?)__|(?<![\w*])\*(?P<italic>[^*\s][^*\n]*?)\*(?![\w*])"
)
_MARKS = re.compile(r"[*_`|#]+|^[ \t]*[-+\u2022\u2013][ \t]+", re.MULTILINE)
_LEFT_OVER = re.compile(r"\*\*|__|`+")


def model_words(text: str, t: Translator) -> Html:
    """Show what a model wrote.

    Args:
        text: As the model wrote it.

    Returns:
        HTML with every word of it, in order; above a sentence that nobody may follow without
        looking stands a line that says so.
    """
    shown = [line for each in text.strip().splitlines() for line in _lines(each, t)]
    return Html(re.sub(r"\n{3,}", "\n\n", "\n".join(shown)))


def in_brief(text: str, most_chars: int) -> str:
    """A model's words on one line of plain text, without marks and signs.

    Returns:
        At most so many characters, with an ellipsis where the model said more; a sign in front
        where a sentence in them needs a caution.
    """
    bare = "".join(" " if _is_sign(char) else char for char in _MARKS.sub(" ", text))
    shown = textwrap.shorten(bare, most_chars, placeholder=" …").strip()
    return f"⚠️ {shown}" if cautions(text) else shown


def _is_sign(char: str) -> bool:
    kind = unicodedata.category(char)
    return char == "\u00b7" or kind == "So" or kind[0] == "C"


def _lines(line: str, t: Translator) -> Iterator[str]:
    if line.strip() and _RULE.fullmatch(line):
        return
    if heading := _HEADING.fullmatch(line):
        yield bold(_unsigned(_LEFT_OVER.sub("", heading[1])))
        return
    before, words = "", _unsigned(line.strip())
    if bullet := _BULLET.fullmatch(line):
        before, words = f"{bullet[1][:8]}• ", bullet[2].strip()
    elif words.startswith("|"):
        words = " \u00b7 ".join(cell.strip() for cell in words.strip("|").split("|"))
    yield from _marked(before, words, t)


def _unsigned(words: str) -> str:
    """A sign behind marks is one too: they go."""
    bare = words.lstrip("*_#`")
    return words if unsigned(bare) == bare else f"> {words}"


def _marked(before: str, words: str, t: Translator) -> Iterator[str]:
    """A line, cut where a sentence in it needs a caution above."""
    run = ""
    for sentence in sentences(words):
        found = cautions(sentence.text)
        if found and run.strip():
            yield f"{before}{_spans(run.strip())}"
            before, run = "", ""
        yield from (bold(caution_words(each, t)) for each in found)
        run += sentence.text
        if found:
            yield f"{before}{_spans(run.strip())}"
            before, run = "", ""
    if run.strip() or not words:
        yield f"{before}{_spans(run.strip())}"


def _spans(text: str) -> str:
    shown, start = "", 0
    for span in _SPAN.finditer(text):
        shown += _without_marks(text[start : span.start()])
        words = span["bold"] or span["strong"]
        shown += bold(words) if words else italic(span["italic"])
        start = span.end()
    return shown + _without_marks(text[start:])


def _without_marks(text: str) -> str:
    return typed(_LEFT_OVER.sub("", text))


def caution_words(caution: Caution, t: Translator) -> str:
    """Why nobody may follow a sentence without looking, in plain text."""
    return {
        Caution.DOSE: t.gettext("⚠️ The model's unverified words: a dose. Use your own guideline."),
        Caution.TB_EXCLUDED: t.gettext(
            "⚠️ The model's unverified words: a picture cannot exclude TB."
        ),
        Caution.SENT_HOME: t.gettext(
            "⚠️ The model's unverified words: look at the patient before you do less."
        ),
        Caution.TUBE_SAFE: t.gettext(
            "⚠️ The model's unverified words: check the tube yourself before you use it."
        ),
    }[caution]
