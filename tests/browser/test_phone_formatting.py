"""Formatted texts: what becomes an element on the page, and what stays plain text."""

import random
from typing import Any

from playwright.sync_api import expect

from tests.browser.gateway_process import BotByHand
from tests.browser.phone import Phone

DRAW = """async (cases) => {
    const { formatted } = await import("/static/entities.js");
    return cases.map(([text, entities]) => {
        const place = document.createElement("div");
        place.append(formatted(text, entities, null));
        return { html: place.innerHTML, text: place.textContent };
    });
}"""
WEB_LINK = 'target="_blank" rel="noopener noreferrer"'
INLINE = ["bold", "italic", "underline", "strikethrough", "code", "url", "mention", "unheard_of"]

Spans = list[dict[str, Any]]


def span(kind: str, offset: int, length: int, **more: str) -> dict[str, Any]:
    """An entity as the gateway gives it."""
    return {"type": kind, "offset": offset, "length": length, **more}


FORMATTED: list[tuple[str, Spans, str]] = [
    ("🫁 ab cd ef", [span("bold", 3, 7), span("italic", 6, 4)], "🫁 <b>ab <i>cd e</i></b>f"),
    (
        "𝄞🫁",
        [span("underline", 0, 2), span("strikethrough", 2, 2)],
        "<u>𝄞</u><s>🫁</s>",
    ),
    (
        "all",
        [span("bold", 0, 3), span("italic", 0, 3), span("underline", 0, 2)],
        "<b><i><u>al</u>l</i></b>",
    ),
    (
        "x = 1\ny",
        [span("pre", 0, 5, language="py"), span("code", 6, 1)],
        "<pre>x = 1</pre><code>y</code>",
    ),
    (
        "quoted 🫁\n\nafter",
        [span("blockquote", 0, 9), span("bold", 7, 2)],
        "<blockquote>quoted <b>🫁</b></blockquote>\nafter",
    ),
    (
        "see here, https://b.org/ü",
        [
            span("text_link", 4, 4, url='https://a.example/?q="x'),
            span("bold", 4, 4),
            span("url", 10, 15),
        ],
        (
            f'see <a href="https://a.example/?q=&quot;x" {WEB_LINK}><b>here</b></a>, '
            f'<a href="https://b.org/ü" {WEB_LINK}>https://b.org/ü</a>'
        ),
    ),
    (
        "/case @ama #tag",
        [span("bot_command", 0, 5), span("mention", 6, 4), span("hashtag", 11, 4)],
        "/case @ama #tag",  # nobody can tap a command that they sent
    ),
]

HOSTILE_TEXT = '<img src=x onerror="alert(1)"><script>alert(1)</script>&lt;b&gt;'
HOSTILE: list[tuple[str, Spans]] = [
    (HOSTILE_TEXT, []),
    *(
        (HOSTILE_TEXT, [span(kind, 0, 20)])
        for kind in (
            "script",
            "img",
            "iframe",
            "<b>",
            "__proto__",
            "constructor",
            "custom_emoji",
            "",
        )
    ),
    *(
        (HOSTILE_TEXT, [span("text_link", 0, 20, url=url)])
        for url in (
            "javascript:alert(1)",
            " JavaScript:alert(1)",
            "java\nscript:alert(1)",
            "data:text/html,<script>alert(1)</script>",
            "vbscript:x",
            "file:///etc/passwd",
            "tg://user?id=5",
            "//example.org",
            "/chat/files/1",
            "http://[bad",
            "",
        )
    ),
    ("javascript:alert(1)", [span("url", 0, 19)]),
    (HOSTILE_TEXT, [span("bold", 500, 9), span("bold", -9, 5), span("bold", 3, 0)]),
    (HOSTILE_TEXT, [{"type": "bold"}, {"type": "bold", "offset": "x", "length": None}, {}]),
]


def test_entities_become_elements_inside_one_another(phone: Phone) -> None:
    drawn = phone.page.evaluate(DRAW, [[text, spans] for text, spans, _ in FORMATTED])

    assert [each["html"] for each in drawn] == [html for *_, html in FORMATTED]


def test_hostile_texts_and_entities_reach_the_page_as_plain_words(phone: Phone) -> None:
    drawn = phone.page.evaluate(DRAW, HOSTILE)

    assert [each["text"] for each in drawn] == [text for text, _ in HOSTILE]
    assert all(each["html"].count("<") == 0 for each in drawn)


def test_no_text_is_lost_or_said_twice_however_entities_lie(phone: Phone) -> None:
    dice = random.Random(0)  # noqa: S311 - draws cases to try, no secret
    cases = [
        (
            "".join(dice.choices("ab 🫁𝄞\né<&", k=12)),
            [
                span(dice.choice(INLINE), dice.randint(-2, 16), dice.randint(-2, 16))
                for _ in range(dice.randint(0, 6))
            ],
        )
        for _ in range(1000)
    ]

    drawn = phone.page.evaluate(DRAW, cases)

    assert [each["text"] for each in drawn] == [text for text, _ in cases]


def test_an_entity_that_ends_inside_a_pair_or_beyond_the_text_is_cut_there(phone: Phone) -> None:
    cases = [
        ("a🫁b", [span("bold", 0, 2), span("italic", 2, 2)]),
        ("ab", [span("bold", 1, 99)]),
        ("abcd", [span("bold", 0, 2), span("italic", 1, 2)]),
    ]

    drawn = phone.page.evaluate(DRAW, cases)

    assert [each["html"] for each in drawn] == [
        "<b>a</b><i>🫁b</i>",
        "a<b>b</b>",
        "<b>a<i>b</i></b>cd",
    ]


def test_what_a_bot_formats_is_shown_so_and_hidden_parts_open_with_a_tap(
    phone: Phone, bot: BotByHand
) -> None:
    rows = "\n".join(f"Row {number}" for number in range(9))
    sent = bot.call(
        "sendMessage",
        chat_id=phone.chat_id,
        text=f"<b>Findings</b> 🫁 <i>none</i> <tg-spoiler>No <b>urgency</b></tg-spoiler>\n"
        f"<blockquote expandable>{rows}</blockquote>\nSee <u>/case</u>.",
        parse_mode="HTML",
    )
    entry = phone.entry("Findings")
    expect(entry.locator("i")).to_have_text("none")

    hidden = entry.get_by_role("button", name="Hidden words. Tap to show them.")
    for _ in range(2):  # one where it is bold, one where it is not
        hidden.first.click()
    expect(hidden).to_have_count(0)
    entry.get_by_role("button", name="Show all").click()
    expect(entry.get_by_role("button", name="Show less")).to_have_attribute("aria-expanded", "true")
    entry.get_by_role("button", name="/case").click()
    assert bot.next_update("message")["text"] == "/case"

    bot.call(
        "editMessageText",
        chat_id=phone.chat_id,
        message_id=sent["message_id"],
        text="<s>Findings</s> 🫁 none",  # the same words in part, marked otherwise
        parse_mode="HTML",
    )
    expect(entry.locator("s")).to_have_text("Findings")
    expect(entry.locator("b, i, blockquote")).to_have_count(0)


def test_a_button_of_another_kind_is_shown_and_cannot_be_pressed(
    phone: Phone, bot: BotByHand
) -> None:
    rows = [
        [
            {"text": "Open the app", "web_app": {"url": "https://a.b"}},
            {"text": "Delete", "callback_data": "d", "style": "danger"},
        ]
    ]
    markup = {"inline_keyboard": rows}
    bot.call("sendMessage", chat_id=phone.chat_id, text="Which?", reply_markup=markup)
    entry = phone.page.locator(".entry", has_text="Which?")
    expect(entry.get_by_role("button", name="Open the app")).to_be_disabled()
    danger = entry.get_by_role("button", name="Delete")
    expect(danger).to_have_css("color", "rgb(163, 34, 15)")
    danger.click()
    assert bot.next_update("callback_query")["data"] == "d"
