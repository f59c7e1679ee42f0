"""Text from outside can never become markup, and a long text is split without losing any of it."""

import html
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.replies.markup import (
    MAX_UNITS,
    MOST_LINES,
    Html,
    bold,
    italic,
    lines,
    paragraphs,
    plain,
    screen_lines,
    split,
)

_TAG = re.compile(r"</?(b|i|code)>")


def shown(text: str) -> str:
    """What a reader sees of HTML."""
    return html.unescape(_TAG.sub("", text))


def balanced(text: str) -> bool:
    """Whether every tag is closed, in order."""
    open_tags: list[str] = []
    for match in _TAG.finditer(text):
        if not match.group().startswith("</"):
            open_tags.append(match[1])
        elif not open_tags or open_tags.pop() != match[1]:
            return False
    return not open_tags


def without_space(text: str) -> str:
    return "".join(text.split())


_PARTS = st.lists(
    st.tuples(
        st.sampled_from([plain, bold, italic]),
        st.one_of(
            st.text(max_size=60),
            st.text(alphabet="a<>&é😀 \n", min_size=500, max_size=3000),
            st.just("x" * 9000),
        ),
    ),
    max_size=6,
)


@settings(max_examples=60, deadline=None)
@given(_PARTS)
def test_a_split_text_loses_nothing_and_every_message_is_valid_on_its_own(
    parts: list[tuple[object, str]],
) -> None:
    text = paragraphs(*(make(words) for make, words in parts))  # type: ignore[operator] # one of ours
    pieces = split(text, Html(""))
    assert "".join(map(without_space, map(shown, pieces))) == without_space(shown(text))
    for piece in pieces:
        assert balanced(piece)
        assert len(piece.encode("utf-16-le")) // 2 <= MAX_UNITS
        assert not re.search(r"&(?!(?:amp|lt|gt);)", piece)


@pytest.mark.parametrize(
    "text", ["word " * 2000, "line\n" * 300, "a longer line of a report, of some words\n\n" * 90]
)
def test_no_message_is_longer_than_two_screens_of_a_phone(text: str) -> None:
    pieces = split(plain(text), plain("C-0042, continued"))
    assert len(pieces) > 1
    for piece in pieces:
        assert screen_lines(piece) <= MOST_LINES


def test_a_line_that_is_too_long_for_the_screen_takes_several() -> None:
    assert screen_lines("x" * 40) == 1
    assert screen_lines("x" * 41 + "\n\n<b>y</b>") == 4


@given(st.text())
def test_plain_text_is_shown_as_it_is_and_holds_no_markup(text: str) -> None:
    made = plain(text)
    assert "<" not in made
    assert ">" not in made
    kept = re.sub(r"[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]", " ", text)
    assert html.unescape(made) == kept


def test_an_entity_typed_by_a_person_is_shown_and_not_decoded() -> None:
    assert plain("&lt;b&gt; & <b>") == "&amp;lt;b&amp;gt; &amp; &lt;b&gt;"


def test_every_message_after_the_first_begins_with_the_continuation() -> None:
    pieces = split(bold("word " * 2000), plain("again"))
    assert len(pieces) > 2
    assert not pieces[0].startswith("again")
    assert all(piece.startswith("again\n<b>") for piece in pieces[1:])


def test_a_short_text_is_one_message() -> None:
    assert split(lines(bold("a"), None, plain("b")), plain("again")) == ["<b>a</b>\nb"]
