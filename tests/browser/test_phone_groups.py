"""Groups on the page, and what a bot may put into a chat: keyboards, hidden and protected words."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.conftest import joined
from tests.browser.gateway_process import BotByHand
from tests.browser.phone import Phone

LONG = "\n".join(f"Line {number} of the protocol" for number in range(6))


@pytest.fixture
def colleague(new_phone: Callable[..., Phone], bot: BotByHand, phone: Phone) -> Phone:
    """Somebody else's phone; `phone` has joined before."""
    return joined(new_phone(), bot, "Kofi")


def chat_button(phone: Phone, title: str) -> Locator:
    return phone.page.get_by_role("navigation", name="Chats").get_by_role("button", name=title)


def make_group(bot: BotByHand, *phones: Phone) -> int:
    ids = [phone.chat_id for phone in phones]
    made: int = bot.call("edgeradCreateGroup", title="Ward 7", user_ids=ids)["id"]
    bot.next_update("message")
    return made


def test_a_group_appears_beside_ones_own_chat_and_each_shows_what_was_said_in_it_and_by_whom(
    phone: Phone, colleague: Phone, bot: BotByHand
) -> None:
    bot.call("sendMessage", chat_id=phone.chat_id, text="For Aisha alone")
    group = make_group(bot, phone, colleague)
    bot.call("sendMessage", chat_id=group, text="Round at nine")
    expect(chat_button(phone, "Ward 7, New messages")).to_be_visible()

    chat_button(phone, "Ward 7").click()
    chat_button(colleague, "Ward 7").click()
    expect(phone.entry("New in the group: Aisha, Kofi")).to_be_visible()
    expect(phone.entry("For Aisha alone")).to_have_count(0)
    expect(phone.entry("Round at nine").locator(".author")).to_have_text("EdgeRad: ")
    colleague.write("I am on call")
    said = bot.next_update("message")

    assert (said["chat"]["id"], said["from"]["first_name"]) == (group, "Kofi")
    expect(phone.entry("I am on call").locator(".author")).to_have_text("Kofi: ")
    expect(colleague.entry("I am on call").locator(".author")).to_have_count(0)
    expect(phone.page.get_by_role("heading", level=1)).to_have_text("Ward 7")
    phone.page.reload()
    expect(phone.entry("I am on call")).to_be_visible()
    phone.entry("I am on call").get_by_role("button", name="Reply").focus()
    phone.page.keyboard.press("Enter")
    phone.write("Good")
    expect(colleague.entry("Good").locator(".quote")).to_have_text("KofiI am on call")


def test_what_comes_in_another_chat_is_told_in_passing_and_marked(
    phone: Phone, colleague: Phone, bot: BotByHand
) -> None:
    group = make_group(bot, phone, colleague)
    chat_button(phone, "Ward 7").click()
    expect(phone.entry("New in the group")).to_be_visible()

    expect(phone.page.get_by_placeholder("Message to Ward 7")).to_be_visible()
    phone.page.get_by_label("Message", exact=True).fill("Half a sent")
    bot.call("sendMessage", chat_id=phone.chat_id, text="URGENT: C-0041")

    expect(phone.page.locator("#toast")).to_have_text("EdgeRad: URGENT: C-0041")
    expect(phone.entry("URGENT")).to_have_count(0)
    chat_button(phone, "EdgeRad, New messages").click()
    expect(phone.entry("URGENT")).to_be_visible()
    expect(phone.page.get_by_label("Message", exact=True)).to_have_value("")
    sent = bot.call("sendMessage", chat_id=group, text="Round at nine")
    chat_button(phone, "Ward 7, New messages").click()
    expect(phone.page.get_by_label("Message", exact=True)).to_have_value("Half a sent")
    bot.call("editMessageText", chat_id=group, message_id=sent["message_id"], text="At ten")
    expect(phone.entry("At ten")).to_be_visible()
    bot.call("deleteMessage", chat_id=group, message_id=sent["message_id"])
    expect(phone.entry("At ten")).to_have_count(0)


def test_a_pinned_message_stands_above_its_chat_and_a_tap_leads_to_it(
    phone: Phone, bot: BotByHand
) -> None:
    above = phone.page.locator("#pinned")
    sent = bot.call("sendMessage", chat_id=phone.chat_id, text="Round at nine")
    for number in range(120):  # more than a page
        bot.call("sendMessage", chat_id=phone.chat_id, text=f"Note {number}.")
    expect(phone.entry("Note 119.")).to_be_visible()
    expect(above).to_be_hidden()
    here = {"chat_id": phone.chat_id, "message_id": sent["message_id"]}

    bot.call("pinChatMessage", **here)

    expect(above).to_have_text("Pinned messageRound at nine")
    expect(phone.entry("A message was pinned")).to_be_visible()
    phone.page.reload()
    above.click()
    expect(phone.entry("Round at nine")).to_be_in_viewport()
    bot.call("editMessageText", **here, text="Round at ten")
    expect(above).to_have_text("Pinned messageRound at ten")
    bot.call("edgeradCreateGroup", title="Ward 7", user_ids=[phone.chat_id])
    chat_button(phone, "Ward 7").click()
    expect(above).to_be_hidden()
    chat_button(phone, "EdgeRad").click()
    expect(above).to_be_visible()
    bot.call("unpinChatMessage", chat_id=phone.chat_id)
    expect(above).to_be_hidden()
    bot.call("pinChatMessage", **here)
    expect(above).to_be_visible()
    bot.call("deleteMessage", **here)
    expect(above).to_be_hidden()


def test_whoever_is_taken_out_of_a_group_is_back_in_their_own_chat(
    phone: Phone, colleague: Phone, bot: BotByHand
) -> None:
    phone.expect_fault("404")
    group = make_group(bot, phone, colleague)
    chat_button(phone, "Ward 7").click()
    chat_button(colleague, "Ward 7").click()
    expect(phone.entry("New in the group")).to_be_visible()

    bot.call("banChatMember", chat_id=group, user_id=phone.chat_id)

    expect(colleague.entry("No longer in the group: Aisha")).to_be_visible()
    expect(phone.page.get_by_role("heading", level=1)).to_have_text("EdgeRad")
    expect(phone.page.get_by_role("navigation", name="Chats")).to_be_hidden()
    phone.write("Still here")
    bot.next_update("message")
    assert bot.next_update("message")["chat"]["id"] == phone.chat_id


def test_answers_to_choose_from_stand_under_the_line_until_the_bot_takes_them_away(
    phone: Phone, bot: BotByHand
) -> None:
    offered = {
        "keyboard": [["Chest", "Hand"], ["Knee"]],
        "one_time_keyboard": True,
        "input_field_placeholder": "Which part?",
    }
    bot.call("sendMessage", chat_id=phone.chat_id, text="Which part?", reply_markup=offered)
    choices = phone.page.get_by_role("group", name="Answers to choose from")
    expect(phone.page.get_by_placeholder("Which part?")).to_be_visible()

    choices.get_by_role("button", name="Hand").click()

    assert bot.next_update("message")["text"] == "Hand"
    expect(choices).to_be_hidden()
    expect(phone.page.get_by_placeholder("Message", exact=True)).to_be_visible()
    fold = phone.page.get_by_role("button", name="Answers to choose from")
    fold.click()
    expect(choices.get_by_role("button")).to_have_text(["Chest", "Hand", "Knee"])
    phone.page.reload()
    expect(fold).to_be_visible()
    expect(choices).to_be_hidden()
    gone = {"remove_keyboard": True}
    bot.call("sendMessage", chat_id=phone.chat_id, text="Thank you", reply_markup=gone)
    expect(fold).to_be_hidden()


def test_a_chat_opens_at_its_newest_message_above_the_answers_to_choose_from(
    phone: Phone, bot: BotByHand
) -> None:
    for number in range(30):
        bot.call("sendMessage", chat_id=phone.chat_id, text=f"Note {number}")
    offered = {"keyboard": [["Chest"], ["Hand"], ["Knee"]]}
    bot.call("sendMessage", chat_id=phone.chat_id, text="Which part?", reply_markup=offered)
    phone.page.goto(f"{phone.base_url}/join")  # no chat that goes on noting what is read
    phone.page.evaluate("localStorage.clear()")  # as on a phone that opens it for the first time
    phone.page.goto(phone.base_url)
    expect(phone.page.get_by_role("button", name="Knee")).to_be_visible()
    phone.see_at_end()


def test_a_question_that_wants_a_reply_begins_it(phone: Phone, bot: BotByHand) -> None:
    asked = {"force_reply": True, "input_field_placeholder": "Age in years"}
    question = bot.call("sendMessage", chat_id=phone.chat_id, text="How old?", reply_markup=asked)
    expect(phone.page.locator("#reply-bar")).to_contain_text("How old?")
    expect(phone.page.get_by_placeholder("Age in years")).to_be_focused()

    phone.write("42")

    answer = bot.next_update("message")
    assert answer["reply_to_message"]["message_id"] == question["message_id"]
    phone.page.reload()
    phone.see_connected()
    expect(phone.page.locator("#reply-bar")).to_be_hidden()


def test_hidden_words_and_long_quotations_open_on_a_tap(phone: Phone, bot: BotByHand) -> None:
    text = f"<tg-spoiler>normal</tg-spoiler><blockquote expandable>{LONG}</blockquote>"
    bot.call("sendMessage", chat_id=phone.chat_id, text=text, parse_mode="HTML")
    hidden = phone.page.get_by_role("button", name="Hidden words. Tap to show them.")

    hidden.focus()
    phone.page.keyboard.press("Enter")

    expect(hidden).to_have_count(0)
    quotation = phone.page.locator("blockquote")
    folded = quotation.evaluate("quotation => quotation.offsetHeight")
    quotation.get_by_role("button", name="Show all").click()
    expect(quotation.get_by_role("button")).to_have_attribute("aria-expanded", "true")
    assert quotation.evaluate("quotation => quotation.offsetHeight") > folded


def test_what_is_protected_can_be_neither_copied_nor_saved(phone: Phone, bot: BotByHand) -> None:
    bot.call("sendMessage", chat_id=phone.chat_id, text="Keep this here", protect_content=True)
    bot.call("sendMessage", chat_id=phone.chat_id, text="Take this along")
    offers_menu = """entry => entry.querySelector(".text").dispatchEvent(
        new MouseEvent("contextmenu", { bubbles: true, cancelable: true }))"""

    kept, free = phone.entry("Keep this here"), phone.entry("Take this along")
    assert not kept.evaluate(offers_menu)
    assert free.evaluate(offers_menu)
    selected = "entry => { getSelection().selectAllChildren(entry); return String(getSelection()) }"
    assert "Keep" not in kept.evaluate(selected)
    assert "Take" in free.evaluate(selected)
