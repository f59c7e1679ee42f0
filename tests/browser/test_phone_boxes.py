"""Every screen at every width in every language: nothing is cut off or lies over another.

In each language axe looks at each screen at one width, in light or dark: at all widths in all
languages together, for its look takes long.
"""

import itertools
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PIL import ImageFilter
from playwright.sync_api import expect

from inference.contract import Language
from tests.browser.board import BOARD
from tests.browser.gateway_process import BotByHand
from tests.browser.phone import HEIGHT_PX, WIDTH_PX, Phone, serious_faults
from tests.film_photos import on_light_box

WIDTHS_PX = (320, 360, 768, 1280)
FAULTS = """() => {
    const found = new Set();
    const at = (each) => `<${each.localName} ${each.id || each.className}> ${each.textContent}`
        .replace(/\\s+/g, " ").slice(0, 90);
    const top = [...document.querySelectorAll("dialog:modal")].at(-1) ?? document.body;
    const scrolls = ":is(.about-scroll, .preview-strip, .chats, pre, .crop-stage, .film-box)";
    const free = ":is(svg, .sr-only, .corner, option, .preview-stage, .viewer-stage)";
    const style = (each) => getComputedStyle(each);
    const isShown = (each) => each.checkVisibility({ visibilityProperty: true })
        && each.getBoundingClientRect().width > 0;
    const all = [...top.querySelectorAll("*")].filter((each) =>
        isShown(each) && !each.closest(free) && !each.closest("dialog:not(:modal)"));
    for (const each of all) {
        const { left, right } = each.getBoundingClientRect();
        if ((left < -1 || right > innerWidth + 1) && !each.closest(scrolls))
            found.add(`outside: ${at(each)}`);
        const { textOverflow, display, webkitLineClamp } = style(each);
        const isMeant = textOverflow === "ellipsis" || webkitLineClamp !== "none";
        const hasWords = [...each.childNodes].some(({ data }) => data?.trim());
        if (hasWords && display !== "inline" && !isMeant && !each.closest(scrolls)
            && each.scrollWidth > each.clientWidth + 1 && each.clientWidth > 0)
            found.add(`cut off: ${at(each)}`);
    }
    const parts = all.filter((each) =>
        each.matches("button, a, input, textarea, label, h1, h2, p, span, img"));
    const rows = Map.groupBy(parts, (each) => each.parentElement);
    for (const row of rows.values()) for (const one of row) for (const two of row) {
        if (one === two || ["absolute", "sticky", "fixed"].includes(style(one).position)) continue;
        if (["absolute", "sticky", "fixed"].includes(style(two).position)) continue;
        if ([one, two].some((each) => style(each).display === "inline")) continue;
        const [a, b] = [one.getBoundingClientRect(), two.getBoundingClientRect()];
        const across = Math.min(a.right, b.right) - Math.max(a.left, b.left);
        const down = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
        if (across > 1 && down > 1) found.add(`${at(one)} lies over ${at(two)}`);
    }
    return [...found];
}"""
Look = Callable[[str], None]


def before_sending(phone: Phone, look: Look, poor: Path) -> None:
    """The sheets of the menu, and those between choosing a picture and sending it."""
    page = phone.page
    look("welcome")
    for opener, sheet in (
        ("#menu [data-action=samples]", "#samples"),
        ("#open-lock", "#lock"),
        ("#menu [data-action=signIns]", "#sign-ins"),
    ):
        page.locator("#open-menu").click()
        expect(page.locator("#menu")).to_be_visible()
        look("menu")
        page.locator(opener).click()
        expect(page.locator(sheet)).to_be_visible()
        look(sheet)
        page.keyboard.press("Escape")
        expect(page.locator("dialog:modal")).to_have_count(0)
    phone.choose([poor])
    expect(page.locator("#coach")).to_be_visible()
    page.locator("#caption").fill("F, 34 y, Amina Bello, cough")
    expect(page.locator("#name-warning")).to_be_visible()
    look("preview")
    page.locator("#preview-crop").click()
    expect(page.locator("#crop-frame")).to_be_visible()
    look("cropper")
    page.keyboard.press("Escape")
    page.locator("#preview-send").click()
    expect(phone.preview).to_be_hidden()


def lists(phone: Phone, bot: BotByHand, film: dict[str, Any], look: Look) -> None:
    """A list of cases with their film, and the case opened from it beside it."""
    place = {"chat_id": phone.chat_id, "message_id": film["message_id"]}
    codes = [f"🔴 C-{number:04}" for number in range(41, 36, -1)]
    found = " 22:00 · “Pneumothorax on the left, with a shift of the mediastinum” · F 45 · João"
    bot.call(
        "sendMessage",
        chat_id=phone.chat_id,
        text="\n".join(["Today · 5 cases", *(f"{code}{found}" for code in codes)]),
        reply_markup={
            "inline_keyboard": [
                [{"text": code, "callback_data": code, "edgerad_picture_of": place}]
                for code in codes
            ]
        },
    )
    rows = phone.page.locator("#log .listed-open")
    expect(rows).to_have_count(len(codes))
    look("list")
    phone.page.set_viewport_size({"width": max(WIDTHS_PX), "height": HEIGHT_PX})
    rows.first.click()
    assert bot.next_update("callback_query")["data"] == codes[0]
    expect(phone.page.locator("#beside")).to_be_visible()
    look("list beside")


def in_the_chat(phone: Phone, bot: BotByHand, look: Look) -> None:
    """An answer, what is offered under it, an alarm over it, and the picture alone."""
    page = phone.page
    asked = bot.next_update("message")
    bot.confirm()
    lists(phone, bot, asked, look)
    rows = [
        [
            {"text": "⚠️ Correct", "callback_data": "a"},
            {"text": "Report (PDF)", "callback_data": "b"},
        ],
        [{"text": "Ask the model a question about this case", "callback_data": "c"}],
    ]
    answer = bot.call(
        "sendMessage",
        chat_id=phone.chat_id,
        text="<b>🔴 CRITICAL C-0041</b>\n"
        f"<blockquote expandable>{'Long. ' * 40}</blockquote> {'x' * 70}",
        parse_mode="HTML",
        reply_parameters={"message_id": asked["message_id"]},
        reply_markup={"inline_keyboard": rows},
    )
    expect(phone.entry("CRITICAL C-0041")).to_be_visible()
    phone.entry("CRITICAL C-0041").locator(".reply-button").click()
    expect(page.locator("#reply-bar")).to_be_visible()
    look("chat")
    buttons = [{"text": "I'm taking it", "data": "t"}, {"text": "Open C-0041", "data": "o"}]
    alarm = {"chat_id": phone.chat_id, "message_id": answer["message_id"], "code": "C-0041"}
    words = {"title": "C-0041 · CRITICAL", "text": "“Tension pneumothorax on the left.” " * 3}
    more = {"since": time.time() - 720, "sound": False, "buttons": buttons}
    bot.call("edgeradSetAlarms", alarms=[alarm | words | more])
    expect(page.locator("#alarm")).to_be_visible()
    look("alarm")
    bot.call("edgeradSetAlarms", alarms=[])
    expect(page.locator("#alarm")).to_be_hidden()
    page.locator("#entries .tile").first.click()
    expect(page.locator("#viewer-image")).to_be_visible()
    look("viewer")
    page.keyboard.press("Escape")


@pytest.mark.timeout(600)  # axe looks at each screen
@pytest.mark.parametrize("language", Language)
def test_nothing_is_cut_off_or_lies_over_another_or_shuts_anybody_out(
    phone: Phone, bot: BotByHand, tmp_path: Path, language: Language
) -> None:
    blurred = on_light_box()[0].resize((1200, 1600)).filter(ImageFilter.GaussianBlur(9))
    blurred.save(tmp_path / "blurred.jpg")
    page = phone.page
    found: list[str] = []
    turn = [*Language].index(language)
    widths = itertools.cycle([*WIDTHS_PX[turn:], *WIDTHS_PX[:turn]])
    page.emulate_media(color_scheme="dark" if turn % 2 else "light")

    def look(screen: str) -> None:
        looked_at = next(widths)
        for width in WIDTHS_PX:
            page.set_viewport_size({"width": width, "height": HEIGHT_PX})
            phone.see_drawn()
            faults: list[str] = page.evaluate(FAULTS)
            if width == looked_at:
                faults += serious_faults(phone.page, screen)
            found.extend(f"{screen} at {width}: {fault}" for fault in faults)
        page.set_viewport_size({"width": WIDTH_PX, "height": HEIGHT_PX})

    page.evaluate("code => localStorage.setItem('edgerad.language', code)", language)
    page.reload()
    phone.see("document.querySelector('#about-signs .chip') !== null")
    before_sending(phone, look, tmp_path / "blurred.jpg")
    in_the_chat(phone, bot, look)
    bot.call("edgeradSetBoard", board=BOARD, viewers=[phone.chat_id])
    page.goto(f"{phone.base_url}/board")
    expect(page.locator("#urgent .figure")).to_have_text("2")
    look("board")
    page.goto(f"{phone.base_url}/join")
    expect(page.locator("#not-mine")).to_be_visible()
    look("join, signed in")
    phone.sign_out()
    page.goto(f"{phone.base_url}/join")
    expect(page.locator("#go")).to_be_enabled()
    look("join")
    assert found == [], "\n".join(found)
