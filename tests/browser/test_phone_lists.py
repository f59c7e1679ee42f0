"""A list of cases: rows with pictures on the page, a line and a button anywhere else."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import FilePayload, Locator, expect

from tests.browser.conftest import joined
from tests.browser.gateway_process import BotByHand
from tests.browser.phone import Phone
from tests.integration.test_pictures_series import ct

HEAD = "<b>Today · 2 cases</b>\n\n"
LINE = "🔴 <b>C-00{n}</b> 22:00 · “Pneumothorax left” · F 45 · João"


@pytest.fixture
def nurse(new_phone: Callable[..., Phone], bot: BotByHand) -> Phone:
    """Somebody else, who sends films."""
    return joined(new_phone(), bot, "João")


def sent_film(nurse: Phone, bot: BotByHand, film: Path) -> dict[str, Any]:
    """A film on its way to the bot; gives the bot's message of it."""
    nurse.choose([film])
    nurse.send_preview("F 45")
    message = bot.next_update("message")
    bot.confirm()
    return message


def beside(message: dict[str, Any]) -> dict[str, Any]:
    """What a button says of the picture beside it."""
    place = {"chat_id": message["chat"]["id"], "message_id": message["message_id"]}
    return {"edgerad_picture_of": place}


def keyboard(pictured: dict[str, Any]) -> dict[str, Any]:
    """Two cases, the first with a picture, and the way to older ones."""
    first = {"text": "🔴 C-0038", "callback_data": "case:38"} | beside(pictured)
    second = {"text": "🔴 C-0037", "callback_data": "case:37"}
    older = {"text": "Older ▶", "callback_data": "older"}
    return {"inline_keyboard": [[first, second], [older]]}


def told(phone: Phone, bot: BotByHand, pictured: dict[str, Any]) -> Locator:
    """A list in a chat; gives its entry."""
    text = HEAD + LINE.format(n=38) + "\n" + LINE.format(n=37)
    bot.call(
        "sendMessage",
        chat_id=phone.chat_id,
        text=text,
        parse_mode="HTML",
        reply_markup=keyboard(pictured),
    )
    return phone.page.locator("#log .entry", has_text="Today · 2 cases")


def see_loaded(image: Locator) -> None:
    """Wait until a picture is there."""
    expect(image).not_to_have_js_property("naturalWidth", 0)


def test_a_row_of_a_list_shows_the_film_and_a_tap_on_it_opens_the_case(
    phone: Phone, nurse: Phone, bot: BotByHand, film: Path
) -> None:
    entry = told(phone, bot, sent_film(nurse, bot, film))

    row = entry.locator(".listed")
    expect(row).to_have_text("🔴 C-0038🔴 C-0038 22:00 · “Pneumothorax left” · F 45 · João")
    see_loaded(row.locator("img"))
    expect(row.locator("b")).to_have_text("C-0038")
    expect(entry.locator(".inline-button")).to_have_text(["🔴 C-0037", "Older ▶"])
    row.get_by_role("button", name="🔴 C-0038").click(position={"x": 200, "y": 20})
    assert bot.next_update("callback_query")["data"] == "case:38"


def test_a_list_is_laid_out_before_its_pictures_have_come(
    phone: Phone, nurse: Phone, bot: BotByHand, film: Path
) -> None:
    held = []
    phone.page.route("**/picture?*", lambda route: held.append(route))  # noqa: PLW0108 - Playwright marks its handlers
    entry = told(phone, bot, sent_film(nurse, bot, film))
    while not held:
        phone.page.wait_for_timeout(20)
    size = "entry => `${entry.offsetWidth} ${entry.offsetHeight}`"
    before = entry.evaluate(size)

    held[0].continue_()

    see_loaded(entry.locator(".listed img"))
    assert entry.evaluate(size) == before


def test_a_picture_that_is_gone_leaves_its_place_and_the_row_opens_all_the_same(
    phone: Phone, nurse: Phone, bot: BotByHand, film: Path
) -> None:
    sent = sent_film(nurse, bot, film)
    bot.call("edgeradForget", messages=[[sent["chat"]["id"], sent["message_id"]]])
    phone.expect_fault("404")

    entry = told(phone, bot, sent)

    expect(entry.locator(".listed img")).to_have_count(0)
    expect(entry.locator(".listed-thumb")).to_be_visible()
    entry.get_by_role("button", name="🔴 C-0038").click()
    assert bot.next_update("callback_query")["data"] == "case:38"


def test_the_quotation_over_an_answer_shows_the_film_it_is_about(
    phone: Phone, bot: BotByHand, film: Path
) -> None:
    sent = sent_film(phone, bot, film)

    bot.call(
        "sendMessage",
        chat_id=phone.chat_id,
        text="Routine",
        reply_parameters={"message_id": sent["message_id"]},
    )

    see_loaded(phone.entry("Routine").locator(".quote-button img"))


def opened(phone: Phone, bot: BotByHand, film: Path) -> Locator:
    """On a wide screen, a case opened from a list whose film is one's own; gives what is beside."""
    phone.page.set_viewport_size({"width": 1280, "height": 800})
    entry = told(phone, bot, sent_film(phone, bot, film))
    entry.get_by_role("button", name="🔴 C-0038").click()
    assert bot.next_update("callback_query")["data"] == "case:38"
    return phone.page.get_by_role("complementary", name="List")


def test_on_a_wide_screen_the_list_stays_beside_the_case_that_is_opened_from_it(
    phone: Phone, bot: BotByHand, film: Path
) -> None:
    beside = opened(phone, bot, film)

    expect(beside).to_be_visible()
    row = beside.get_by_role("button", name="🔴 C-0038")
    expect(row).to_have_attribute("aria-current", "true")
    for number in range(9):
        bot.call("sendMessage", chat_id=phone.chat_id, text=f"C-0038, part {number}\n\n\n\n\n.")
    expect(phone.entry("C-0038, part 8")).to_be_visible()
    expect(phone.entry("C-0038, part 0")).to_be_in_viewport()
    expect(row).to_be_in_viewport()
    assert Axe().run(phone.page).response["violations"] == []
    boxes = [beside.bounding_box(), phone.page.locator("#log").bounding_box()]
    assert None not in boxes
    left, right = [each for each in boxes if each is not None]
    assert left["x"] + left["width"] <= right["x"]
    phone.page.set_viewport_size({"width": 1099, "height": 800})
    expect(beside).to_be_hidden()
    phone.page.set_viewport_size({"width": 1280, "height": 800})
    phone.page.locator("#log").evaluate("log => { log.scrollTop = 0 }")
    for _ in range(2):  # and again as soon as it is answered
        expect(row).not_to_have_attribute("aria-busy", "true")
        row.click()
        pressed = bot.next_update("callback_query")
        assert pressed["data"] == "case:38"
        bot.call("answerCallbackQuery", callback_query_id=pressed["id"])
    bot.call("sendMessage", chat_id=phone.chat_id, text="Opened again")
    expect(phone.entry("Opened again")).to_be_in_viewport()
    beside.get_by_role("button", name="Close").click()
    expect(beside).to_be_hidden()


def test_the_list_beside_a_case_is_walked_by_keys_and_turns_its_pages(
    phone: Phone, bot: BotByHand, film: Path
) -> None:
    beside = opened(phone, bot, film)
    film_id = int(phone.page.locator("#entries .out[data-id]").last.get_attribute("data-id") or 0)
    place = {"chat_id": phone.chat_id, "message_id": film_id}
    older = [
        {"text": f"🔴 C-00{n}", "callback_data": f"case:{n}", "edgerad_picture_of": place}
        for n in (21, 20)
    ]
    list_id = int(beside.locator(".entry").get_attribute("data-id") or 0)
    bot.call(
        "editMessageText",
        chat_id=phone.chat_id,
        message_id=list_id,
        text=f"{HEAD}{LINE.format(n=21)}\n{LINE.format(n=20)}",
        parse_mode="HTML",
        reply_markup={"inline_keyboard": [older]},
    )
    expect(beside.get_by_role("button", name="🔴 C-0021")).to_be_visible()

    phone.page.locator("#log").focus()
    phone.page.keyboard.press("l")
    expect(beside.get_by_role("button", name="🔴 C-0021")).to_be_focused()
    phone.page.keyboard.press("ArrowDown")
    phone.page.keyboard.press("Enter")
    assert bot.next_update("callback_query")["data"] == "case:20"
    expect(beside.get_by_role("button", name="🔴 C-0020")).to_have_attribute("aria-current", "true")
    phone.page.keyboard.press("Escape")
    expect(beside).to_be_hidden()
    expect(phone.page.locator("#log")).to_be_focused()


def test_on_a_phone_a_case_opens_in_the_chat_alone(
    phone: Phone, bot: BotByHand, film: Path
) -> None:
    entry = told(phone, bot, sent_film(phone, bot, film))
    entry.get_by_role("button", name="🔴 C-0038").click()
    assert bot.next_update("callback_query")["data"] == "case:38"
    expect(phone.page.locator("#beside")).to_be_hidden()


def test_the_list_beside_a_case_goes_when_its_message_goes(
    phone: Phone, bot: BotByHand, film: Path
) -> None:
    beside = opened(phone, bot, film)
    expect(beside).to_be_visible()
    list_id = int(beside.locator(".entry").get_attribute("data-id") or 0)
    bot.call("deleteMessage", chat_id=phone.chat_id, message_id=list_id)
    expect(beside).to_be_hidden()


def test_a_film_sent_as_a_file_is_shown_in_the_chat_in_the_list_and_in_the_quotation(
    phone: Phone, bot: BotByHand
) -> None:
    """DICOM is what no phone can draw: what stands there was made by the gateway."""
    slice_file = FilePayload(
        name="slice.dcm", mimeType="application/dicom", buffer=ct(40, side_px=128)
    )
    phone.choose([slice_file])
    phone.send_preview("M 60")
    sent = bot.next_update("message")
    bot.confirm()

    see_loaded(phone.entry("slice.dcm").locator(".file img"))
    entry = told(phone, bot, sent)
    see_loaded(entry.locator(".listed img"))
    bot.call(
        "sendMessage",
        chat_id=phone.chat_id,
        text="Routine",
        reply_parameters={"message_id": sent["message_id"]},
    )
    see_loaded(phone.entry("Routine").locator(".quote-button img"))


def test_a_file_whose_small_picture_is_gone_shows_its_sign(phone: Phone, bot: BotByHand) -> None:
    phone.page.route("**/chat/files/*", lambda route: route.abort())
    phone.expect_fault("ERR_FAILED")
    slice_file = FilePayload(
        name="slice.dcm", mimeType="application/dicom", buffer=ct(40, side_px=128)
    )
    phone.choose([slice_file])
    phone.send_preview("M 60")
    bot.next_update("message")
    bot.confirm()

    phone.see_delivered("slice.dcm")
    expect(phone.entry("slice.dcm").locator(".file .icon")).to_be_visible()
    expect(phone.entry("slice.dcm").locator(".file img")).to_have_count(0)
