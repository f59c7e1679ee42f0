"""The ward's board on a wall: everything in sight, alarms in large figures and heard."""

import json
import re
import time
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from inference.contract import Language
from tests.browser.board import BOARD
from tests.browser.gateway_process import BotByHand
from tests.browser.phone import Phone

SCREENS = [(1024, 600), (1280, 720), (1366, 768), (1920, 1080)]
COUNTS = [0, 1, 13, 60]
FAULTS = """() => {
    const found = [];
    const at = (each) => each.id || each.className || each.textContent;
    for (const each of document.querySelectorAll(".board *")) {
        if (!each.checkVisibility() || each.closest("svg")) continue;
        const box = each.getBoundingClientRect();
        const around = (each.closest(".board-tile") ?? document.documentElement);
        const edge = around.getBoundingClientRect();
        if (box.right > edge.right + 1 || box.bottom > Math.min(edge.bottom, innerHeight) + 1)
            found.push(`${at(each)} lies outside`);
        if (each.scrollWidth > each.clientWidth + 1 && getComputedStyle(each).display !== "inline")
            found.push(`${at(each)} is cut off`);
    }
    const tiles = [...document.querySelectorAll(".board-tile > *")]
        .filter((each) => each.checkVisibility());
    for (const one of tiles) for (const two of tiles) {
        if (one === two || one.parentElement !== two.parentElement) continue;
        const [a, b] = [one.getBoundingClientRect(), two.getBoundingClientRect()];
        const across = Math.min(a.right, b.right) - Math.max(a.left, b.left);
        const down = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
        if (across > 1 && down > 1) found.push(`${at(one)} lies over ${at(two)}`);
    }
    const { scrollHeight, scrollWidth } = document.documentElement;
    if (scrollHeight > innerHeight || scrollWidth > innerWidth) found.push("it has to be scrolled");
    return found;
}"""


def ward(urgent: int, **more: Any) -> dict[str, Any]:
    """A ward with so many urgent cases, each third one critical, and one of unknown urgency."""
    cases = [
        {"code": f"C-{1040 + number}", "urgency": "urgent" if number % 3 else "critical"}
        for number in range(urgent)
    ]
    cases.sort(key=lambda case: case["urgency"])
    told = {"urgent": urgent, "urgent_cases": cases, "unknown": 0, "ringing": min(urgent, 9)}
    return BOARD | told | {"waiting": 14, "answered": 1120, "failed": 12} | more


def hang(phone: Phone, bot: BotByHand, board: dict[str, Any]) -> Page:
    """Show it on the wall."""
    bot.call("edgeradSetBoard", board=board, viewers=[phone.chat_id])
    phone.page.goto(f"{phone.base_url}/board")
    return phone.page


@pytest.mark.parametrize("language", Language)
def test_everything_is_in_sight_on_any_wall_with_any_number_of_urgent_cases(
    phone: Phone, bot: BotByHand, language: str
) -> None:
    phone.page.evaluate("code => localStorage.setItem('edgerad.language', code)", language)
    page = hang(phone, bot, ward(0))
    found: list[str] = []
    for count in COUNTS:
        since = time.time() - 30 if count == 1 else time.time() - 83 * 60
        board = ward(count, ringing_since=since if count else None)
        bot.call("edgeradSetBoard", board=board, viewers=[phone.chat_id])
        expect(page.locator("#urgent .figure")).to_have_text(str(count))
        for width, height in SCREENS:
            page.set_viewport_size({"width": width, "height": height})
            phone.see_drawn()
            faults: list[str] = page.evaluate(FAULTS)
            found += [f"{count} at {width} x {height}: {fault}" for fault in faults]
    assert found == [], "\n".join(found)


def test_the_cases_that_do_not_fit_are_counted(phone: Phone, bot: BotByHand) -> None:
    page = hang(phone, bot, ward(60))
    page.set_viewport_size({"width": 1024, "height": 600})
    more = page.locator("#urgent li").last
    expect(more).to_contain_text("more")
    phone.see_drawn()
    listed = page.locator("#urgent li").count() - 1
    assert 8 <= listed < 60
    expect(more).to_have_text(f"+{60 - listed} more")
    expect(page.locator("#urgent li").first).to_have_text("C-1040 critical")


def test_how_long_nobody_has_had_the_oldest_alarm_stands_in_large_figures(
    phone: Phone, bot: BotByHand
) -> None:
    page = hang(phone, bot, ward(3, ringing=2, ringing_since=time.time() - 12 * 60))
    page.set_viewport_size({"width": 1280, "height": 720})
    waited = page.locator(".ringing-wait")
    expect(waited).to_have_text("12\u00a0min")
    expect(page.locator("#ringing .note")).to_have_text("Alarms that nobody has: 2")
    assert waited.evaluate("each => parseFloat(getComputedStyle(each).fontSize)") > 90
    hang(phone, bot, ward(3, ringing=0, ringing_since=None))
    expect(page.locator("#urgent .figure")).to_have_text("3")
    expect(waited).to_be_hidden()


COUNT_CHIMES = """
    const start = OscillatorNode.prototype.start;
    OscillatorNode.prototype.start = function (at) {
        window.chimes += 1;
        return start.call(this, at);
    };
    window.chimes = 0;
"""


def test_the_board_chimes_once_it_was_touched_until_somebody_takes_the_alarm(
    phone: Phone, bot: BotByHand
) -> None:
    page = hang(phone, bot, ward(1, ringing_since=time.time()))
    page.evaluate(COUNT_CHIMES)
    sound = page.locator("#alarm-sound")
    expect(sound).to_have_text("Tap here once, so that alarms are heard")
    sound.click()
    expect(sound).to_have_text("Alarms are heard")
    phone.see("window.chimes >= 8")  # heard twice
    sound.click()
    expect(sound).to_have_text("Alarms are silent on this phone")
    sound.click()
    bot.call("edgeradSetBoard", board=ward(1, ringing=0), viewers=[phone.chat_id])
    expect(page.locator("#ringing")).to_be_hidden()
    heard = page.evaluate("window.chimes")
    phone.see_drawn()
    assert page.evaluate("window.chimes") == heard


def test_the_board_says_when_what_sends_sms_was_last_heard(phone: Phone, bot: BotByHand) -> None:
    lines = [
        {"name": "phone", "heard_at": 1_790_000_000, "fault": None},
        {"name": "modem", "heard_at": None, "fault": "the modem is not plugged in"},
    ]
    board = ward(0) | {"told_at": 1_790_000_060, "now": 1_790_000_060, "sms": lines}
    told = f"event: board\ndata: {json.dumps(board)}\n\n"
    served = {"status": 200, "content_type": "text/event-stream", "body": told}
    phone.page.route("**/board/events", lambda route: route.fulfill(**served))
    page = hang(phone, bot, board)
    expect(page.locator("#engine")).to_have_text(
        re.compile(r"· SMS phone: heard \d\d:\d\d · ! SMS modem: heard -$")
    )
