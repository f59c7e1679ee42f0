"""Whatever a bot formats arrives as it meant it: written as markup and read, it is the same."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from telegram import Chat, Message, MessageEntity

from gateway.bot_api.formatting import format_text
from gateway.errors import BadRequest
from gateway.schemas.entities import Entity, utf16_length
from gateway.schemas.overlaps import settled
from tests.markup import LINK, STYLES, as_html, as_markdown, as_markdown_v2, formatted

QUOTES = ["blockquote", "expandable_blockquote"]
VERBATIM = ["code", "pre"]


def meant(text: str, entities: tuple[Entity, ...]) -> tuple[str, tuple[Entity, ...]]:
    """What a bot gets that gives its entities as JSON; none where nothing is left to send."""
    given = [
        {key: getattr(e, key) for key in ("type", "offset", "length", "url", "language")}
        for e in entities
    ]
    return format_text(text, "", given)


@given(formatted([*STYLES, *QUOTES, *VERBATIM, "text_link"]))
def test_html_says_what_its_entities_say(case: tuple[str, tuple[Entity, ...]]) -> None:
    text, entities = case[0], settled(case[1])
    assert format_text(as_html(text, entities), "HTML") == meant(text, entities)


@given(formatted([*STYLES, *VERBATIM, "text_link"]))
def test_markdown_v2_says_what_its_entities_say(case: tuple[str, tuple[Entity, ...]]) -> None:
    text, entities = case[0], settled(case[1])
    verbatim = [e for e in entities if e.type == "pre"]
    assume(not any(_within(text, e).startswith("\n") for e in verbatim))  # it is not part of one
    assert format_text(as_markdown_v2(text, entities), "MarkdownV2") == meant(text, entities)


@given(formatted(["bold", "italic", "code", "text_link"]))
def test_older_markdown_says_what_its_entities_say(case: tuple[str, tuple[Entity, ...]]) -> None:
    text = case[0].replace("\\", "/")  # it has no way to write a backslash before a mark
    entities: list[Entity] = []
    for entity in settled(case[1]):
        apart = not entities or entity.offset >= entities[-1].end
        if apart and not set(_within(text, entity)) & set("_*`]"):
            entities.append(entity)
    assert format_text(as_markdown(text, entities), "Markdown") == meant(text, tuple(entities))


@given(formatted([*STYLES, "code", "text_link", *QUOTES]))
def test_html_that_python_telegram_bot_writes_is_read_as_it_was_meant(
    case: tuple[str, tuple[Entity, ...]],
) -> None:
    text, entities = meant(case[0], case[1])
    assume(text)
    message = Message(
        1,
        None,  # type: ignore[arg-type]  # no date is needed to write HTML
        Chat(1, "private"),
        text=text,
        entities=[MessageEntity(e.type, e.offset, e.length, url=e.url) for e in entities],
    )
    assert format_text(message.text_html, "HTML") == (text, entities)


@given(st.text(max_size=60), st.sampled_from(["HTML", "MarkdownV2", "Markdown", ""]))
def test_any_text_is_either_understood_or_refused(text: str, mode: str) -> None:
    try:
        plain, entities = format_text(text, mode)
    except BadRequest:
        return
    assert all(e.length > 0 and e.end <= utf16_length(plain) for e in entities)


@given(formatted([*STYLES, *QUOTES, *VERBATIM, "text_link"]))
def test_what_was_settled_stays_as_it_is(case: tuple[str, tuple[Entity, ...]]) -> None:
    entities = settled(case[1])
    assert settled(entities) == entities


@pytest.mark.parametrize("mode", ["HTML", "MarkdownV2", "Markdown"])
def test_a_link_is_kept_as_telegram_keeps_it(mode: str) -> None:
    written = {"HTML": '<a href="HTTP://Ex.org">x</a>'}.get(mode, "[x](HTTP://Ex.org)")
    _, (link,) = format_text(written, mode)
    assert (link.type, link.url) == ("text_link", "http://ex.org/")
    assert LINK.startswith("http")


def _within(text: str, entity: Entity) -> str:
    units = text.encode("utf-16-le")
    return units[2 * entity.offset : 2 * entity.end].decode("utf-16-le")
