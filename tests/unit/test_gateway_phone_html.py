"""The phone shows a message's formatting and nothing else of it."""

from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st
from typing_extensions import override

from gateway.phone.html import render as to_html
from gateway.schemas.entities import Entity

TYPES = ["bold", "italic", "underline", "strikethrough", "code", "pre", "blockquote", "spoiler"]
ENTITIES = st.builds(
    Entity, type=st.sampled_from(TYPES), offset=st.integers(0, 20), length=st.integers(0, 20)
)


class Balanced(HTMLParser):
    """Reads HTML back; fails where an element closes out of order."""

    def __init__(self) -> None:
        super().__init__()
        self.text = ""
        self.open: list[str] = []

    @override
    def handle_data(self, data: str) -> None:
        self.text += data

    @override
    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.open.append(tag)

    @override
    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


@given(
    st.text(st.characters(exclude_categories=["Cs"]), max_size=20), st.lists(ENTITIES, max_size=6)
)
def test_html_is_balanced_and_holds_the_text_unchanged(text: str, entities: list[Entity]) -> None:
    reader = Balanced()
    reader.feed(to_html(text.replace("\r", ""), tuple(entities)))
    reader.close()
    assert reader.open == []
    if not any(e.offset < 40 and _splits_a_pair(text, e) for e in entities):
        assert reader.text.replace("\x00", "�") == text.replace("\r", "").replace("\x00", "�")


def test_nested_formatting_counts_in_utf16_units() -> None:
    entities = (
        Entity(type="bold", offset=3, length=7),
        Entity(type="italic", offset=6, length=4),
    )
    assert to_html("🫁 ab cd ef", entities) == "🫁 <b>ab <i>cd e</i></b>f"


def test_what_looks_like_html_stays_text() -> None:
    assert to_html("<script>1 & 2", ()) == "&lt;script&gt;1 &amp; 2"


def test_an_address_stays_inside_its_attribute() -> None:
    link = Entity(type="text_link", offset=0, length=2, url='https://a.example/?q="><b>')
    assert to_html("go", (link,)).startswith('<a href="https://a.example/?q=&quot;&gt;&lt;b&gt;" ')


@pytest.mark.parametrize("url", ["javascript:alert(1)", "data:text/html,x", "http://[bad"])
def test_only_addresses_that_lead_out_plainly_become_links(url: str) -> None:
    assert to_html("go", (Entity(type="text_link", offset=0, length=2, url=url),)) == "go"


def _splits_a_pair(text: str, entity: Entity) -> bool:
    units = text.replace("\r", "").encode("utf-16-le")
    return any(
        len(units) > 2 * at >= 2 and 0xDC <= units[2 * at + 1] <= 0xDF
        for at in (entity.offset, entity.end)
    )
