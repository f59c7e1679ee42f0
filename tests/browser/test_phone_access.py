"""For everybody: no serious fault on any screen, in any colours, at any size; thumbs and keys."""

from collections.abc import Callable
from pathlib import Path
from typing import Literal

import pytest
from playwright.sync_api import Page, expect

from tests.browser.board import BOARD
from tests.browser.gateway_process import BotByHand
from tests.browser.phone import Phone, serious_faults

THUMB_PX = 44
NARROW_PX = 320
Colours = Literal["light", "dark"]


def small_targets(page: Page) -> list[str]:
    """What can be tapped on the screen and is smaller than a thumb, links inside texts aside."""
    found: list[str] = page.evaluate(
        """least => [...document.querySelectorAll("button, a, input, textarea")]
            .filter((each) => each.checkVisibility() && !each.closest(".text, .original"))
            .filter((each) => (document.querySelector("dialog:modal") ?? each).contains(each))
            .filter((each) => {
                const { width, height } = each.getBoundingClientRect();
                return Math.min(width, height) < least;
            })
            .map((each) => each.id || each.className || each.textContent)""",
        THUMB_PX,
    )
    return found


def sideways(page: Page) -> bool:
    """Whether the page is wider than the screen."""
    wider: bool = page.evaluate("document.scrollingElement.scrollWidth > innerWidth")
    return wider


def close_dialog(page: Page) -> None:
    """Leave the dialog that is open by its key."""
    page.keyboard.press("Escape")
    expect(page.locator("dialog:modal")).to_have_count(0)


def walk(phone: Phone, bot: BotByHand, film: Path, look: Callable[[str], None]) -> None:
    """Bring every screen up in turn."""
    page = phone.page
    look("welcome")
    page.get_by_role("button", name="Menu").click()
    look("menu")
    page.get_by_role("button", name="Sign out").click()
    look("question")
    close_dialog(page)
    page.get_by_role("button", name="Menu").click()
    page.get_by_role("button", name="Lock with a PIN").click()
    look("lock")
    close_dialog(page)
    page.get_by_role("button", name="Try a sample film").click()
    expect(page.locator("#sample-list button").first).to_be_visible()
    look("samples")
    close_dialog(page)
    open_sign_ins(page)
    look("sign-ins")
    close_dialog(page)
    phone.choose([film])
    expect(page.locator("#preview-stage img")).to_be_visible()
    look("preview")
    phone.preview.get_by_role("button", name="Crop picture").click()
    expect(page.locator("#crop-frame")).to_be_visible()
    look("cropper")
    close_cropper = page.get_by_role("dialog", name="Crop picture")
    close_cropper.get_by_role("button", name="Cancel").click()
    phone.send_preview("34 y, F, cough for 3 weeks")
    fill_chat(phone, bot)
    look("chat")
    page.get_by_role("navigation", name="Chats").get_by_role("button", name="Ward 7").click()
    expect(phone.entry("Round at nine")).to_be_visible()
    look("group")
    page.get_by_role("navigation", name="Chats").get_by_role("button", name="EdgeRad").click()
    phone.entry("34 y, F").locator(".tile").click()
    look("viewer")
    close_dialog(page)
    bot.call("edgeradSetBoard", board=BOARD, viewers=[phone.chat_id])
    page.goto(f"{phone.base_url}/board")
    expect(page.locator("#urgent .figure")).to_have_text("2")
    expect(page.locator("#urgent li")).to_have_text(["C-0041 critical", "C-0044", "C-0040 ?", ""])
    expect(page.locator("#unknown")).to_have_text("? unknown: 1")
    look("board")
    join(phone, look)
    assert page.request.put(f"{phone.base_url}/chat/pin", data={"pin": "4711"}).ok
    page.goto(phone.base_url)
    expect(page.get_by_label("PIN")).to_be_focused()
    look("pin")


def join(phone: Phone, look: Callable[[str], None]) -> None:
    """The page to join, for whoever is signed in and for everybody else."""
    phone.page.goto(f"{phone.base_url}/join")
    expect(phone.page.get_by_role("link", name="Open my chat")).to_be_visible()
    look("join, signed in")
    kept = phone.sign_out()
    phone.page.goto(f"{phone.base_url}/join")
    expect(phone.page.get_by_role("button", name="Join")).to_be_enabled()
    look("join")
    phone.sign_in(kept)


def open_sign_ins(page: Page) -> None:
    """The sheet of where one is signed in, filled."""
    page.get_by_role("button", name="Menu").click()
    page.get_by_role("button", name="Where I am signed in").click()
    expect(page.locator("#sign-in-list li")).to_have_count(1)


def fill_chat(phone: Phone, bot: BotByHand) -> None:
    """A chat with everything that a chat can have."""
    asked = bot.next_update("message")
    bot.confirm()
    keyboard = {"inline_keyboard": [[{"text": "Open C-0041", "callback_data": "open:41"}]]}
    case = bot.call(
        "sendMessage",
        chat_id=phone.chat_id,
        text="<b>Case C-0041</b>\n<blockquote>PRACTICE</blockquote>\n<code>/case 41</code> /help"
        f"<tg-spoiler>hidden</tg-spoiler><blockquote expandable>{'Long. ' * 40}</blockquote>",
        parse_mode="HTML",
        reply_parameters={"message_id": asked["message_id"]},
        reply_markup=keyboard,
    )
    expect(phone.entry("Case C-0041")).to_be_visible()
    bot.call("pinChatMessage", chat_id=phone.chat_id, message_id=case["message_id"])
    expect(phone.page.locator("#pinned")).to_be_visible()
    group = bot.call("edgeradCreateGroup", title="Ward 7", user_ids=[phone.chat_id])["id"]
    bot.call("sendMessage", chat_id=group, text="Round at nine", protect_content=True)
    choices = {"keyboard": [["Chest", "Hand"], ["Neither of them"]]}
    bot.call("sendMessage", chat_id=phone.chat_id, text="Which part?", reply_markup=choices)
    expect(phone.page.locator("#keyboard")).to_be_visible()


@pytest.mark.parametrize("colours", ["light", "dark"])
def test_no_screen_has_a_serious_fault_or_a_target_smaller_than_a_thumb(
    phone: Phone, bot: BotByHand, film: Path, colours: Colours
) -> None:
    phone.page.emulate_media(color_scheme=colours)
    faults: list[str] = []

    def look(screen: str) -> None:
        faults.extend(serious_faults(phone.page, screen))
        faults.extend(f"{screen}: small {each}" for each in small_targets(phone.page))

    walk(phone, bot, film, look)
    assert faults == []


@pytest.mark.parametrize("large", [False, True], ids=["narrow", "narrow and large text"])
def test_every_screen_fits_the_narrowest_phone(
    phone: Phone, bot: BotByHand, film: Path, large: bool
) -> None:
    phone.page.set_viewport_size({"width": NARROW_PX, "height": 568})
    wide: list[str] = []

    def look(screen: str) -> None:
        if large:
            phone.page.evaluate("document.documentElement.style.fontSize = '200%'")
        if sideways(phone.page):
            wide.append(screen)

    walk(phone, bot, film, look)
    assert wide == []


def test_the_log_is_told_to_screen_readers_and_focus_comes_back_from_dialogs(
    phone: Phone, bot: BotByHand
) -> None:
    log = phone.page.get_by_role("log")
    expect(log).to_have_attribute("aria-live", "polite")
    menu = phone.page.get_by_role("button", name="Menu")

    menu.focus()
    phone.page.keyboard.press("Enter")
    close_dialog(phone.page)
    expect(menu).to_be_focused()
    phone.page.get_by_label("Message", exact=True).fill("By keys alone")
    send = phone.page.get_by_role("button", name="Send", exact=True)
    send.focus()
    phone.page.keyboard.press("Enter")
    expect(phone.entry("By keys alone")).to_be_visible()
    expect(phone.page.get_by_label("Message", exact=True)).to_be_focused()
    assert bot.next_update("message")["text"] == "By keys alone"


def test_what_a_question_asks_for_is_shown_whole_on_the_narrowest_phone(
    phone: Phone, bot: BotByHand
) -> None:
    phone.page.set_viewport_size({"width": NARROW_PX, "height": 568})
    words = "Age of the patient in years or months"
    offered = {"keyboard": [["Not known"]], "input_field_placeholder": words}
    bot.call("sendMessage", chat_id=phone.chat_id, text="How old?", reply_markup=offered)

    field = phone.page.get_by_placeholder(words)
    expect(field).to_be_visible()
    height = "each => each.offsetHeight"
    cut = "each => each.scrollWidth > each.clientWidth || each.scrollHeight > each.clientHeight"
    asked_px = field.evaluate(height)
    assert not field.evaluate(cut)
    field.fill(words)
    assert field.evaluate(height) == asked_px  # as much as the same words take when they are typed
    assert not field.evaluate(cut)
    field.fill("")
    assert field.evaluate(height) == asked_px


def test_a_long_name_of_a_group_is_left_to_the_title_where_the_line_is_too_short(
    phone: Phone, bot: BotByHand
) -> None:
    title = "Service de radiologie pédiatrique"
    bot.call("edgeradCreateGroup", title=title, user_ids=[phone.chat_id])
    phone.page.get_by_role("navigation", name="Chats").get_by_role("button", name=title).click()
    expect(phone.page.get_by_placeholder(f"Message to {title}")).to_be_visible()

    phone.page.set_viewport_size({"width": NARROW_PX, "height": 568})

    expect(phone.page.get_by_placeholder("Message", exact=True)).to_be_visible()
