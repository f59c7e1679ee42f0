"""An alarm that nobody has taken: seen over every screen, heard until somebody takes it."""

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.gateway_process import BotByHand
from tests.browser.phone import Phone

SEEN_MS = 2_000
TAKE, OPEN = "take:14", "case:14"
ON_TOP = """button => {
    const { x, y, width, height } = button.getBoundingClientRect();
    return button.contains(document.elementFromPoint(x + width / 2, y + height / 2));
}"""


@pytest.fixture
def ring(phone: Phone, bot: BotByHand) -> Callable[..., None]:
    """Has alarms ring on the phone as the bot does: beside the message that called it out."""
    buttons = [{"text": "I'm taking it", "callback_data": TAKE}]
    buttons.append({"text": "Open C-0014", "callback_data": OPEN})
    sent = bot.call(
        "sendMessage",
        chat_id=phone.chat_id,
        text="CRITICAL C-0014",
        reply_markup={"inline_keyboard": [buttons]},
    )

    def tell(count: int = 1, **traits: Any) -> None:
        alarm = {
            "chat_id": phone.chat_id,
            "message_id": sent["message_id"],
            "code": "C-0014",
            "title": "C-0014 · CRITICAL",
            "text": "“Tension pneumothorax on the left.”",
            "since": time.time() - 12 * 60,
            "sound": True,
            "buttons": [{"text": b["text"], "data": b["callback_data"]} for b in buttons],
        }
        bot.call("edgeradSetAlarms", alarms=[alarm | traits] * count)

    return tell


def scrolled_up(phone: Phone, bot: BotByHand) -> None:
    for number in range(40):
        bot.call("sendMessage", chat_id=phone.chat_id, text=f"Older {number}\n\n\n")
    expect(phone.entry("Older 39")).to_be_visible()
    phone.page.locator("#log").evaluate("log => log.scrollTop = 0")


def bring_up(screen: str, phone: Phone, bot: BotByHand, film: Path) -> None:
    page = phone.page
    match screen:
        case "chat":
            scrolled_up(phone, bot)
        case "menu":
            page.get_by_role("button", name="Menu").click()
        case "preview":
            phone.choose([film])
        case "cropper":
            phone.choose([film])
            phone.preview.get_by_role("button", name="Crop picture").click()
        case _:
            phone.choose([film])
            phone.send_preview("34 y, F")
            bot.next_update("message")
            phone.entry("34 y, F").locator(".tile").click()


def overlapped(page: Page) -> list[str]:
    """The controls of the screen on top that the banner covers."""
    found: list[str] = page.evaluate(
        """() => {
            const banner = document.querySelector("#alarm");
            const place = banner.parentElement, edge = banner.getBoundingClientRect().bottom;
            const bars = ":is(.full-bar, .sheet-bar, .viewer-bar, .bar)";
            return [...place.querySelectorAll(`${bars} button`)]
                .filter((each) => each.checkVisibility() && !each.closest("dialog:not([open])"))
                .filter((each) => each.getBoundingClientRect().top < edge - 1)
                .map((each) => each.ariaLabel);
        }"""
    )
    return found


@pytest.mark.parametrize("screen", ["chat", "preview", "cropper", "menu", "viewer"])
def test_an_alarm_is_seen_within_two_seconds_and_taken_over_every_screen(
    screen: str, phone: Phone, bot: BotByHand, film: Path, ring: Callable[..., None]
) -> None:
    bring_up(screen, phone, bot, film)
    bot.forget_waiting()

    ring()

    banner = phone.page.locator("#alarm")
    expect(banner).to_be_visible(timeout=SEEN_MS)
    expect(banner).to_contain_text("C-0014 · CRITICAL")
    expect(banner).to_contain_text("“Tension pneumothorax on the left.”")
    expect(banner).to_contain_text("not taken for 12\u00a0min")
    assert overlapped(phone.page) == []
    banner.get_by_role("button", name="I'm taking it").click()
    assert bot.next_update("callback_query")["data"] == TAKE
    ring(count=0)
    expect(banner).to_be_hidden()


def test_a_preview_that_was_begun_is_kept_while_an_alarm_is_taken(
    phone: Phone, bot: BotByHand, film: Path, ring: Callable[..., None]
) -> None:
    phone.choose([film])
    ring()
    phone.page.locator("#alarm").get_by_role("button", name="Open C-0014").click()
    assert bot.next_update("callback_query")["data"] == OPEN
    ring(count=0)
    phone.send_preview("34 y, F")
    assert bot.next_update("message")["caption"] == "34 y, F"


@pytest.mark.parametrize(("width", "height"), [(320, 640), (360, 740), (360, 420)])
def test_under_an_alarm_a_name_is_asked_about_and_the_picture_can_be_thrown_away(
    phone: Phone, ring: Callable[..., None], film: Path, width: int, height: int
) -> None:
    """With a keyboard open, 420 px are left of a phone: what matters is not out of sight."""
    phone.page.set_viewport_size({"width": width, "height": height})
    phone.choose([film])
    ring()
    expect(phone.preview.locator("#alarm")).to_be_visible()
    phone.page.locator("#caption").press_sequentially("F 58, Mary Okafor, cough")
    for name in ("Remove", "Send", "Discard", "I'm taking it"):
        button = phone.preview.get_by_role("button", name=name, exact=True)
        expect(button).to_be_visible()
        assert button.evaluate(ON_TOP), name


def test_an_alarm_shows_in_the_tab_and_goes_from_it(
    phone: Phone, ring: Callable[..., None]
) -> None:
    icon = phone.page.locator("link[rel=icon]")
    ring(count=3)
    expect(phone.page).to_have_title("(3) C-0014 ! EdgeRad")
    expect(icon).to_have_attribute("href", "/static/alarm.svg")
    expect(phone.page.locator("#alarm-more")).to_have_text("· 2 more")
    phone.page.reload()
    expect(phone.page.locator("#alarm")).to_be_visible()
    ring(count=0)
    expect(phone.page).to_have_title("EdgeRad")
    expect(icon).to_have_attribute("href", "/static/logo.svg")


COUNT_SOUNDS = """
    window.chimes = 0;
    window.shakes = 0;
    const start = OscillatorNode.prototype.start;
    OscillatorNode.prototype.start = function (at) {
        window.chimes += 1;
        return start.call(this, at);
    };
    navigator.vibrate = (pattern) => { if (pattern) window.shakes += 1; return true; };
"""


def test_an_alarm_is_heard_again_and_again_once_the_page_was_touched_unless_silenced(
    phone: Phone, ring: Callable[..., None]
) -> None:
    page = phone.page
    page.evaluate(COUNT_SOUNDS)
    page.locator("#text").click()
    ring()
    phone.see("window.chimes >= 8 && window.shakes >= 2")  # rung twice
    ring(sound=False)
    page.get_by_role("button", name="Menu").click()
    page.get_by_role("button", name="Alarms are heard").click()
    expect(page.get_by_role("button", name="Alarms are silent on this phone")).to_be_visible()


def test_an_alarm_of_somebody_who_is_not_on_duty_is_shown_and_not_heard(
    phone: Phone, ring: Callable[..., None]
) -> None:
    page = phone.page
    page.evaluate(COUNT_SOUNDS)
    page.locator("#text").click()
    ring(sound=False)
    expect(page.locator("#alarm")).to_be_visible()
    expect(page.locator("#alarm-age")).to_be_visible()
    assert page.evaluate("window.chimes") == 0
