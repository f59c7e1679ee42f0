"""The PIN on the page: set, asked for, changed, guessed at; nothing shows without it."""

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.gateway_process import BotByHand
from tests.browser.phone import Phone

PIN = "4711"


@pytest.fixture
def locked(phone: Phone, bot: BotByHand) -> Phone:
    """A phone whose chat has something in it and is locked.

    What a page still asks while it leaves for the PIN is refused with 423, and the browser says so.
    """
    phone.expect_fault("423")
    bot.call("sendMessage", chat_id=phone.chat_id, text="FINDINGS")
    expect(phone.entry("FINDINGS")).to_be_visible()
    sheet = open_sheet(phone, "Lock with a PIN")
    choose(sheet, PIN)
    expect(phone.page.locator("#toast")).to_contain_text("locked by your PIN")
    open_anew(phone)
    expect(phone.page.get_by_label("PIN")).to_be_focused()
    return phone


def open_anew(phone: Phone) -> None:
    """What a new tab does: it holds nothing of the one before."""
    phone.page.evaluate("sessionStorage.clear()")
    phone.page.goto("about:blank")  # the page before would hear of the lock and load anew as well
    phone.page.goto(phone.base_url)


def open_sheet(phone: Phone, name: str) -> Locator:
    phone.page.get_by_role("button", name="Menu").click()
    phone.page.get_by_role("button", name=name).click()
    sheet = phone.page.get_by_role("dialog", name=name)
    expect(sheet).to_be_visible()
    return sheet


def choose(sheet: Locator, pin: str, again: str | None = None) -> None:
    sheet.get_by_label("New PIN (4 to 12 digits)").fill(pin)
    sheet.get_by_label("New PIN again").fill(pin if again is None else again)
    sheet.get_by_role("button", name="Lock with this PIN").click()


def unlock(phone: Phone, pin: str) -> None:
    phone.page.get_by_label("PIN").fill(pin)
    phone.page.get_by_role("button", name="Open").click()


def test_a_locked_chat_asks_for_its_pin_and_shows_nothing_before(locked: Phone) -> None:
    locked.expect_fault("403")
    expect(locked.page.get_by_text("FINDINGS")).to_have_count(0)

    unlock(locked, "0000")
    expect(locked.page.get_by_role("alert")).to_have_text("This is not the PIN. Tries left: 6.")
    unlock(locked, PIN)

    expect(locked.entry("FINDINGS")).to_be_visible()
    locked.see_connected()


def test_a_reload_asks_for_no_pin_and_a_page_that_is_opened_anew_does(locked: Phone) -> None:
    """Whoever pulls the page down, or comes back from the camera, has just given it."""
    unlock(locked, PIN)
    locked.see_connected()
    for _ in range(2):
        locked.page.reload()
        locked.see_connected()
    expect(locked.entry("FINDINGS")).to_be_visible()

    open_anew(locked)
    expect(locked.page.get_by_label("PIN")).to_be_focused()


def test_whoever_sets_a_pin_is_not_told_that_the_connection_is_lost(phone: Phone) -> None:
    """The gateway ends the stream as it locks the session; this page has the new PIN's pass."""
    phone.page.evaluate("""() => {
        const banner = document.getElementById("offline");
        new MutationObserver(() => { window.told ||= !banner.hidden; }).observe(
            banner, { attributes: true });
    }""")
    sheet = open_sheet(phone, "Lock with a PIN")
    with phone.page.expect_request("**/chat/events"):
        choose(sheet, PIN)
    phone.see_connected()
    assert not phone.page.evaluate("window.told")


def test_three_wrong_tries_have_to_wait(locked: Phone) -> None:
    locked.expect_fault("403")
    for _ in range(3):
        unlock(locked, "0000")
        expect(locked.page.get_by_label("PIN")).to_have_value("")
        expect(locked.page.get_by_role("alert")).to_contain_text("Tries left")

    expect(locked.page.get_by_role("alert")).to_contain_text("Wait 1 min before the next try.")
    expect(locked.page.get_by_role("button", name="Open")).to_be_disabled()


def test_a_page_that_was_long_out_of_sight_asks_again_and_keeps_what_was_not_sent(
    locked: Phone,
) -> None:
    locked.expect_fault("503")
    unlock(locked, PIN)
    locked.see_connected()
    locked.page.route("**/chat/messages/*", lambda route: route.fulfill(status=503))
    locked.write("Not sent yet")
    expect(locked.entry("Not sent yet").locator(".tick.failed")).to_be_visible()
    locked.page.unroute("**/chat/messages/*")

    locked.page.clock.install()
    show = """hidden => {
        Object.defineProperty(document, "hidden", { value: hidden, configurable: true });
        document.dispatchEvent(new Event("visibilitychange"));
    }"""
    locked.page.evaluate(show, True)
    locked.page.clock.fast_forward("06:00")
    locked.page.evaluate(show, False)

    expect(locked.page.get_by_role("button", name="Open")).to_be_visible()
    unlock(locked, PIN)
    expect(locked.entry("Not sent yet").locator(".tick.sent")).to_be_visible()


def test_a_pin_is_checked_before_it_is_taken_and_removed_by_whoever_knows_it(
    locked: Phone,
) -> None:
    locked.expect_fault("403")
    unlock(locked, PIN)
    locked.see_connected()
    sheet = open_sheet(locked, "Change or remove the PIN")
    fault = sheet.get_by_role("alert")
    for pin, again, words in (
        ("12", None, "A PIN has 4 to 12 digits."),
        ("4321", None, "This PIN is too easy to guess. Choose another."),
        ("2580", "2581", "The two new PINs are not the same."),
        ("2580", None, "This is not the PIN. Tries left: 6."),
    ):
        choose(sheet, pin, again)
        expect(fault).to_have_text(words)

    sheet.get_by_label("Current PIN").fill(PIN)
    sheet.get_by_role("button", name="Remove the PIN").click()

    expect(locked.page.locator("#toast")).to_have_text("This chat no longer has a PIN.")
    locked.page.reload()
    locked.see_connected()
