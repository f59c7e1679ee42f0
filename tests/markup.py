"""Entities written as markup by other means than the parsers under test, and texts to try."""

from collections.abc import Callable, Sequence
from html import escape

from hypothesis import strategies as st

from gateway.schemas.entities import Entity, nested, utf16_index, utf16_length

STYLES = ["bold", "italic", "underline", "strikethrough", "spoiler"]
LINK = "http://10.0.0.5/a?b=1"

_LETTERS = st.sampled_from("ab é𝄞漢_*[]()~`>#+-=|{}.!<&\"'\\\n")
_HTML = {
    "bold": ("<b>", "</b>"),
    "italic": ("<em>", "</em>"),
    "underline": ("<ins>", "</ins>"),
    "strikethrough": ("<s>", "</s>"),
    "spoiler": ('<span class="tg-spoiler">', "</span>"),
    "code": ("<code>", "</code>"),
    "blockquote": ("<blockquote>", "</blockquote>"),
    "expandable_blockquote": ("<blockquote expandable>", "</blockquote>"),
    "text_link": (f'<a href="{LINK}">', "</a>"),
    "pre": ('<pre><code class="language-py">', "</code></pre>"),
}
_MARKDOWN_V2 = {
    # an empty bold on both sides keeps `_` and `__` apart from their neighbours
    "bold": ("*", "*"),
    "italic": ("_**", "_**"),
    "underline": ("__**", "__**"),
    "strikethrough": ("~", "~"),
    "spoiler": ("||", "||"),
    "code": ("`", "`"),
    "pre": ("```py\n", "```"),
    "text_link": ("[", f"]({LINK})"),
}
_MARKDOWN = {
    "bold": ("*", "*"),
    "italic": ("_", "_"),
    "code": ("`", "`"),
    "pre": ("```py\n", "```"),
    "text_link": ("[", f"]({LINK})"),
}


@st.composite
def formatted(draw: st.DrawFn, types: Sequence[str]) -> tuple[str, tuple[Entity, ...]]:
    """A text, and entities anywhere in it, on whole characters."""
    text = draw(st.text(_LETTERS, min_size=1, max_size=20))
    places = [utf16_length(text[:at]) for at in range(len(text) + 1)]
    pairs = st.tuples(st.sampled_from(places), st.sampled_from(places), st.sampled_from(types))
    entities = [
        Entity(
            type=kind,
            offset=min(a, b),
            length=abs(a - b),
            url=LINK if kind == "text_link" else None,
            language="py" if kind == "pre" else None,
        )
        for a, b, kind in draw(st.lists(pairs, max_size=5))
    ]
    return text, tuple(entities)


def as_html(text: str, entities: Sequence[Entity]) -> str:
    """HTML as a careful bot would write it."""
    return _written(text, entities, _HTML, lambda piece, _: escape(piece).replace("&#x27;", "'"))


def as_markdown_v2(text: str, entities: Sequence[Entity]) -> str:
    """MarkdownV2 as a careful bot would write it."""

    def escaped(piece: str, around: set[str]) -> str:
        special = "`\\" if around & {"code", "pre"} else "_*[]()~`>#+-=|{}.!\\"
        return "".join("\\" * (char in special) + char for char in piece)

    return _written(text, entities, _MARKDOWN_V2, escaped)


def as_markdown(text: str, entities: Sequence[Entity]) -> str:
    """Markdown of the older kind; within its entities nothing can be escaped."""

    def escaped(piece: str, around: set[str]) -> str:
        return piece if around else "".join("\\" * (char in "_*`[") + char for char in piece)

    return _written(text, entities, _MARKDOWN, escaped)


def _written(
    text: str,
    entities: Sequence[Entity],
    marks: dict[str, tuple[str, str]],
    escaped: Callable[[str, set[str]], str],
) -> str:
    spans = nested(entities)
    cuts = sorted({0, utf16_length(text), *(e.offset for e in spans), *(e.end for e in spans)})
    made = ""
    open_spans: list[Entity] = []
    for cut, until in zip(cuts, [*cuts[1:], cuts[-1]], strict=True):
        while open_spans and open_spans[-1].end <= cut:
            made += marks[open_spans.pop().type][1]
        for span in spans:
            if span.offset == cut and span.length:
                made += marks[span.type][0]
                open_spans.append(span)
        piece = text[utf16_index(text, cut) : utf16_index(text, until)]
        made += escaped(piece, {span.type for span in open_spans})
    return made
