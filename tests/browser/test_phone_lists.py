"""A list of cases: rows with pictures on the page, a line and a button anywhere else."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.conftest import joined
from tests.browser.gateway_process import BotByHand
from tests.browser.phone import Phone

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
    return phone.entry("Today · 2 cases")


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
