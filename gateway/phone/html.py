"""A text with its formatting as HTML that is safe to show.

Knows entities and HTML. Everything of the text is escaped; the only tags are those written here.
"""

from html import escape
from itertools import pairwise
from urllib.parse import urlsplit

from gateway.schemas.entities import Entity, nested, utf16_index

_TAGS = {
    "bold": ("<b>", "</b>"),
    "italic": ("<i>", "</i>"),
    "underline": ("<u>", "</u>"),
    "strikethrough": ("<s>", "</s>"),
    "code": ("<code>", "</code>"),
    "pre": ("<pre>", "</pre>"),
    "blockquote": ("<blockquote>", "</blockquote>"),
    "expandable_blockquote": ('<blockquote class="expandable">', "</blockquote>"),
    "spoiler": ('<span class="spoiler">', "</span>"),
}


def render(text: str, entities: tuple[Entity, ...]) -> str:
    """Write a text as HTML.

    Returns:
        HTML; line ends stay line ends.
    """
    spans = nested(entities)
    cuts = sorted({0, *(e.offset for e in spans), *(e.end for e in spans)})
    places = [utf16_index(text, cut) for cut in cuts]
    pieces = [text[start:end] for start, end in pairwise([*places, len(text)])]
    made: list[str] = []
    open_spans: list[tuple[Entity, str]] = []
    waiting = list(spans)
    for cut, piece in zip(cuts, pieces, strict=True):
        while open_spans and open_spans[-1][0].end <= cut:
            made.append(open_spans.pop()[1])
        while waiting and waiting[0].offset == cut:
            span = waiting.pop(0)
            start_tag, end_tag = _tags(span, text)
            made.append(start_tag)
            open_spans.append((span, end_tag))
        made.append(escape(piece))
    made.extend(end_tag for _, end_tag in reversed(open_spans))
    return "".join(made)


def _tags(span: Entity, text: str) -> tuple[str, str]:
    if span.type in {"text_link", "url"}:
        url = span.url or text[utf16_index(text, span.offset) : utf16_index(text, span.end)]
        return _link(url)
    return _TAGS.get(span.type, ("", ""))


def _link(url: str) -> tuple[str, str]:
    try:
        scheme = urlsplit(url).scheme
    except ValueError:
        return "", ""
    if scheme not in {"http", "https"}:
        return "", ""
    return f'<a href="{escape(url)}" rel="noopener noreferrer" target="_blank">', "</a>"
