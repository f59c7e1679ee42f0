"""Markup becomes a text with entities, or is refused in Telegram's words."""

import pytest
from hypothesis import given

from gateway.bot_api.formatting import format_text
from gateway.errors import BadRequest
from gateway.schemas.automatic import automatic_entities
from gateway.schemas.entities import Entity, cleaned, nested, utf16_index, utf16_length
from gateway.schemas.overlaps import trimmed
from tests.markup import formatted

TYPES = ["bold", "italic", "underline", "strikethrough", "spoiler", "code", "blockquote"]


def spans(text: str, mode: str) -> tuple[str, list[tuple[str, int, int]]]:
    plain, entities = format_text(text, mode)
    return plain, [(e.type, e.offset, e.length) for e in entities]


@pytest.mark.parametrize(
    ("html", "plain", "expected"),
    [
        ("<b>a</b> <i>b</i>", "a b", [("bold", 0, 1), ("italic", 2, 1)]),
        ("𝄞<b>x</b>", "𝄞x", [("bold", 2, 1)]),
        ("<b>a<i>b</i></b>", "ab", [("bold", 0, 1), ("bold", 1, 1), ("italic", 1, 1)]),
        ("&lt;b&gt; &amp; &quot;&#65; &nbsp;", '<b> & "A &nbsp;', []),
        ("a & b", "a & b", []),
        ("  <b> a </b>  ", "a", [("bold", 0, 1)]),
        ('<span class="tg-spoiler">x</span>', "x", [("spoiler", 0, 1)]),
        ("<blockquote expandable>q</blockquote>", "q", [("expandable_blockquote", 0, 1)]),
        ("<b></b>x", "x", []),
        ("<B>x</B>", "x", [("bold", 0, 1)]),
    ],
)
def test_html_as_bots_write_it_is_understood(
    html: str, plain: str, expected: list[tuple[str, int, int]]
) -> None:
    assert spans(html, "HTML") == (plain, expected)


def test_a_link_keeps_its_address_and_a_code_block_its_language() -> None:
    _, (link,) = format_text('<a href="http://x/?a=1&amp;b=2">here</a>', "html")
    _, (code,) = format_text('<pre><code class="language-py">x = 1</code></pre>', "html")
    assert (link.type, link.url) == ("text_link", "http://x/?a=1&b=2")
    assert (code.type, code.language) == ("pre", "py")


def test_a_link_that_leads_nowhere_leaves_the_formatting_around_it_as_it_is() -> None:
    text, entities = format_text("<b><a></a>x</b>", "HTML")
    assert (text, [entity.type for entity in entities]) == ("x", ["bold"])


@pytest.mark.parametrize(
    ("html", "words"),
    [
        ("x<foo>y", 'Unsupported start tag "foo" at byte offset 1'),
        ("é</b>", "Unexpected end tag at byte offset 2"),
        ("<b>x</i>", 'Unmatched end tag at byte offset 4, expected "</b>", found "</i>"'),
        ("<b>x", 'Can\'t find end tag corresponding to start tag "b"'),
        ("<b", "Unclosed start tag at byte offset 0"),
        ("<span>x</span>", 'Tag "span" must have class "tg-spoiler" at byte offset 0'),
    ],
)
def test_wrong_html_is_refused_in_telegrams_words(html: str, words: str) -> None:
    with pytest.raises(BadRequest) as caught:
        format_text(html, "HTML")
    assert caught.value.description == f"Bad Request: can't parse entities: {words}"


@pytest.mark.parametrize(
    ("markdown", "plain", "expected"),
    [
        (
            "*a* _b_ __c__ ~d~ ||e||",
            "a b c d e",
            ["bold", "italic", "underline", "strikethrough", "spoiler"],
        ),
        ("`a\\`*b*`", "a`*b*", ["code"]),
        ("```py\nx = 1\n```", "x = 1", ["pre"]),
        ("[a\\.b](http://x/)", "a.b", ["text_link"]),
        (">one\n>two\nthree", "one\ntwo\nthree", ["blockquote"]),
        ("*a _b_*", "a b", ["bold", "bold", "italic"]),
        ("___a_ b__", "a b", ["underline", "italic"]),
        (">a\n**>b\n>c||", "a\nb\nc", ["blockquote", "expandable_blockquote"]),
        ("![👍](tg://emoji?id=5368)", "👍", ["custom_emoji"]),
        ("1\\. \\(x\\)", "1. (x)", []),
    ],
)
def test_markdown_is_understood(markdown: str, plain: str, expected: list[str]) -> None:
    text, entities = format_text(markdown, "MarkdownV2")
    assert (text, [e.type for e in entities]) == (plain, expected)


@pytest.mark.parametrize(
    ("markdown", "words"),
    [
        ("a.b", "Character '.' is reserved and must be escaped with the preceding '\\'"),
        ("é*b", "Can't find end of Bold entity at byte offset 2"),
        ("`b", "Can't find end of Code entity at byte offset 0"),
        ("[a](b", "Can't find end of a URL at byte offset 4"),
        (">*b\nc", "Can't find end of Bold entity at byte offset 1"),
        ("a>b", "Character '>' is reserved and must be escaped with the preceding '\\'"),
        ("___a___", "Can't find end of Italic entity at byte offset 6"),
    ],
)
def test_wrong_markdown_is_refused_in_telegrams_words(markdown: str, words: str) -> None:
    with pytest.raises(BadRequest) as caught:
        format_text(markdown, "MarkdownV2")
    assert caught.value.description == f"Bad Request: can't parse entities: {words}"


@pytest.mark.parametrize(
    ("markdown", "plain", "expected"),
    [
        ("*a* _b_ `c` [d](http://x/)", "a b c d", ["bold", "italic", "code", "text_link"]),
        ("a\\_b *c_d*", "a_b c_d", ["bold"]),
        ("```py\nx = 1```", "x = 1", ["pre"]),
        ("1. (x) - y!", "1. (x) - y!", []),
    ],
)
def test_older_markdown_is_understood(markdown: str, plain: str, expected: list[str]) -> None:
    text, entities = format_text(markdown, "markdown")
    assert (text, [e.type for e in entities]) == (plain, expected)


def test_wrong_older_markdown_is_refused_in_telegrams_words() -> None:
    with pytest.raises(BadRequest) as caught:
        format_text("é _b", "Markdown")
    assert caught.value.description == (
        "Bad Request: can't parse entities: Can't find end of the entity starting at byte offset 3"
    )


def test_an_unknown_parse_mode_and_an_entity_past_the_end_are_refused() -> None:
    with pytest.raises(BadRequest, match="unsupported parse_mode"):
        format_text("x", "Troff")
    with pytest.raises(BadRequest, match="UTF-16 offset 1 ends after"):
        format_text("ab", "", [{"type": "bold", "offset": 1, "length": 5}])


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("/start abc", [("bot_command", 0, 6)]),
        ("see /case@edgerad_bot now", [("bot_command", 4, 17)]),
        ("a/b and/or /x/ </y>", []),
        ("@ward_7 @abc @gif a@b", [("mention", 0, 7), ("mention", 13, 4)]),
        ("#chest #12 ##x #a#", [("hashtag", 0, 6), ("hashtag", 12, 2)]),
        ("$USD $usd", [("cashtag", 0, 4)]),
        ("ama@clinic.org, mailto:b@c.net", [("email", 0, 14), ("email", 23, 7)]),
        ("call +233 24 555 0123.", [("phone_number", 5, 16)]),
        ("see example.com/a(b)c), not 1.2.3 or a.notatld", [("url", 4, 17)]),
        ("http://edgerad.local:8081/join tg://resolve?domain=x", [("url", 0, 30), ("url", 31, 21)]),
        ("ftp://u:p@host.org/x? http://x.y", [("url", 0, 20)]),
        ("𝄞 http://10.0.0.5:8081/join#x.", [("url", 3, 27)]),
        ("both /help https://x.io/y", [("bot_command", 5, 5), ("url", 11, 14)]),
    ],
)
def test_commands_and_links_are_found_by_themselves(
    text: str, expected: list[tuple[str, int, int]]
) -> None:
    assert [(e.type, e.offset, e.length) for e in automatic_entities(text)] == expected


def test_white_space_at_the_ends_goes_and_entities_move_along() -> None:
    text, (bold,) = trimmed("  ab ", [Entity(type="bold", offset=2, length=3)])
    assert (text, bold.offset, bold.length) == ("ab", 0, 2)


def test_text_from_outside_loses_what_cannot_be_stored() -> None:
    assert cleaned("a\r\nb\x00\u202ec\ud800") == "a\nb c\ufffd"


@given(formatted(TYPES))
def test_nesting_keeps_what_each_place_looks_like(case: tuple[str, tuple[Entity, ...]]) -> None:
    text, entities = case

    def looks(spans: tuple[Entity, ...]) -> list[set[str]]:
        places = range(utf16_length(text))
        return [{e.type for e in spans if e.offset <= at < e.end} for at in places]

    assert looks(nested(entities)) == looks(entities)


def test_text_with_entities_is_cleaned_and_they_move_along() -> None:
    text, (bold,) = format_text("a\r\nb c", "", [{"type": "bold", "offset": 3, "length": 1}])
    assert (text, bold.offset, bold.length) == ("a\nb c", 2, 1)


def test_a_style_is_cut_where_an_address_stands() -> None:
    _, entities = format_text("<b>see http://a.com now</b>", "HTML")
    assert [(e.type, e.offset, e.length) for e in entities] == [
        ("bold", 0, 4),
        ("url", 4, 12),
        ("bold", 4, 12),
        ("bold", 17, 3),
    ]


def test_a_utf16_offset_inside_a_pair_means_the_pairs_character() -> None:
    assert [utf16_index("a𝄞b", offset) for offset in range(5)] == [0, 1, 1, 2, 3]
