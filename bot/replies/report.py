"""A model's report, section by section: what is read at once, and what is folded away.

Knows sections and sentences. Must not know cases. Every word of the model stands in one of the two,
once; no sentence is cut, and none is parted from one that may take back what it says.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from bot.locale import Translator
from bot.replies.markup import Html, bold, lines, paragraphs, typed, words_of
from bot.replies.model_words import caution_words, model_words
from inference.answers.cautions import cautions
from inference.answers.folding import composed, folded, sentences
from inference.contract import Sections

REASON_CHARS = 200
"""So much of a sentence is quoted in a warning; it stands whole in its place."""

_WORD = re.compile(r"\w+(?:['\u2019.,/-]\w+)*")
_GOES_ON = re.compile(r"(?:[?;:][*_ ]*|(?:^|\s)[(*_]*\d{1,2}[.)][*_]*)\Z")
"""What ends so is understood only with what follows: a question, a heading, a list's number."""

_TAKES_BACK = re.compile(
    r"\W*(?:however|but|although|though|yet|except|unless|nevertheless|cependant|toutefois|mais"
    r"|neanmoins|sauf|pourtant|mas|porem|contudo|entretanto|no entanto|todavia|salvo|exceto"
    r"|amma|sai dai|pero|sin embargo|aunque)\b"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A section: its heading, empty where the text has none, and what the model wrote in it."""

    heading: str
    text: str

    def shown(self, t: Translator) -> Html:
        """As a chat shows it."""
        return lines(bold(self.heading) if self.heading else None, model_words(self.text, t))


@dataclass(frozen=True, slots=True, kw_only=True)
class Fold:
    """A report in two: what is read at once, and the rest.

    Args:
        warnings: What nobody may follow without looking, of the sentences in the rest.
    """

    above: Html
    warnings: Html
    below: Html


def report(sections: Sections, whole: str, t: Translator) -> list[Part]:
    """All that a model wrote, in the order of a report.

    Args:
        whole: The text, for one that has no sections at all.
    """
    filed = [
        Part(heading=t.gettext("FINDINGS"), text=sections.findings or ""),
        Part(heading=t.gettext("IMPRESSION"), text=sections.impression or ""),
        Part(heading=t.gettext("URGENCY, IN THE MODEL'S WORDS"), text=sections.urgency_text or ""),
        Part(heading=t.gettext("RECOMMENDATION"), text=sections.recommendation or ""),
    ]
    other = t.gettext("OTHER TEXT FROM THE MODEL") if any(each.text for each in filed) else ""
    outside = [
        Part(heading=other, text=sections.rest or ""),
        Part(heading=t.gettext("THE MODEL ABOUT ITSELF"), text=sections.disclaimer or ""),
    ]
    found = [each for each in (*filed, *outside) if each.text.strip()]
    return found or [Part(heading="", text=whole)]


def fold(parts: Sequence[Part], words: int, t: Translator) -> Fold:
    """Fold a report.

    Args:
        parts: As `report` gives them.
        words: How many words may stand above the fold. At least a sentence of the impression does,
            and one of the recommendation.
    """
    above, below = list[Part](), {each.heading: each for each in parts}
    first = _lead(parts, t)
    advice = [each for each in parts if each.heading == t.gettext("RECOMMENDATION")]
    kept = sum(count_words(f"{each.heading} {next(_whole_thoughts(each.text))}") for each in advice)
    for each in dict.fromkeys((first, *advice)):
        left = words - count_words(each.heading) - (kept if each not in advice else 0)
        head, tail = _cut(each.text, left)
        words -= count_words(each.heading) + count_words(head)
        above.append(replace(each, text=f"{head} \u2026" if tail else head))
        below[each.heading] = replace(each, text=tail)
    rest = [each for each in below.values() if each.text]
    return Fold(
        above=paragraphs(*(each.shown(t) for each in above)),
        warnings=lines(*(line for each in rest for line in _warnings(each.text, t))),
        below=paragraphs(*(each.shown(t) for each in rest)),
    )


def count_words(text: str) -> int:
    """How many words a reader counts in a text; `3,5` and `l'image` are one each."""
    return len(_WORD.findall(text))


def count_words_of(text: Html) -> int:
    """How many words a reader counts in a message, its markup left out."""
    return count_words(words_of(text))


def _lead(parts: Sequence[Part], t: Translator) -> Part:
    """What is read first: the impression, else the findings, else what there is."""
    named = {each.heading: each for each in parts}
    return named.get(t.gettext("IMPRESSION")) or named.get(t.gettext("FINDINGS")) or parts[0]


def _cut(text: str, words: int) -> tuple[str, str]:
    """Cut behind the last thought that fits, and behind the first in any case."""
    head = ""
    for thought in _whole_thoughts(text):
        if head.strip() and count_words(head + thought) > words:
            break
        head += thought
    return head.strip(), text[len(head) :].strip()


def _whole_thoughts(text: str) -> Iterator[str]:
    """Sentences, each with what it is understood with; together they are the text."""
    thought = ""
    for sentence in sentences(text):
        plain_text = folded(composed(sentence.text))
        goes_on = not count_words(thought) or _GOES_ON.search(thought.rstrip())
        if thought and not goes_on and count_words(plain_text) and not _takes_back(plain_text):
            yield thought
            thought = ""
        thought += sentence.text
    yield thought


def _takes_back(plain_text: str) -> bool:
    return _TAKES_BACK.match(plain_text) is not None


def _warnings(text: str, t: Translator) -> Iterator[Html]:
    for sentence in sentences(text):
        for caution in cautions(sentence.text):
            quoted = typed(f"\u201c{' '.join(sentence.text.split())[:REASON_CHARS]}\u201d")
            yield Html(f"{bold(caution_words(caution, t))} {quoted}")
