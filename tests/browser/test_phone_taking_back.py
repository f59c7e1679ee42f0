"""What nobody has read yet can be deleted for everyone, or written anew; the rest says why not."""

from pathlib import Path

import pytest
from playwright.sync_api import expect

from inference.contract import Language
from tests.browser.gateway_process import BotByHand
from tests.browser.phone import Phone

NARROW_PX = 320


def open_bar(phone: Phone, words: str) -> None:
    phone.page.locator(".entry.out").filter(has_text=words).locator(".reply-button").click()
    expect(phone.page.locator("#reply-bar")).to_be_visible()


def press(phone: Phone, name: str) -> None:
    phone.page.locator("#reply-bar").get_by_role("button", name=name, exact=True).click()


def see_sent(phone: Phone, words: str) -> None:
    expect(phone.entry(words).locator(".tick.sent")).to_be_visible()


def test_a_message_that_waits_for_the_bot_is_deleted_for_everyone(
    phone: Phone, bot: BotByHand
) -> None:
    phone.write("To the wrong patient")
    see_sent(phone, "To the wrong patient")
    open_bar(phone, "To the wrong patient")
    press(phone, "Delete")
    question = phone.page.get_by_role("dialog").filter(has_text="Delete this for everyone?")
    question.get_by_role("button", name="Keep").click()
    expect(phone.entry("To the wrong patient")).to_be_visible()

    open_bar(phone, "To the wrong patient")
    press(phone, "Delete")
    question.get_by_role("button", name="Delete").click()
    expect(phone.entry("To the wrong patient")).to_have_count(0)
    phone.write("To the right one")
    assert bot.next_update("message")["text"] == "To the right one"


def test_a_text_that_waits_for_the_bot_is_written_anew(phone: Phone, bot: BotByHand) -> None:
    phone.write("F 45, caugh")
    see_sent(phone, "F 45, caugh")
    open_bar(phone, "F 45, caugh")
    press(phone, "Edit")
    field = phone.page.get_by_label("Message", exact=True)
    expect(field).to_have_value("F 45, caugh")
    expect(phone.entry("F 45, caugh")).to_have_count(0)
    field.fill("F 45, cough")
    phone.page.get_by_role("button", name="Send", exact=True).click()
    assert bot.next_update("message")["text"] == "F 45, cough"


def test_a_picture_that_waits_for_the_bot_comes_back_into_its_preview(
    phone: Phone, bot: BotByHand, film: Path
) -> None:
    phone.choose([film])
    phone.send_preview("F 45, ref 11")
    see_sent(phone, "F 45, ref 11")
    open_bar(phone, "F 45, ref 11")
    press(phone, "Edit")
    caption = phone.preview.get_by_label("Caption")
    expect(caption).to_have_value("F 45, ref 11")
    expect(phone.preview.locator("#preview-stage img")).to_be_visible()
    phone.send_preview("F 45, ref 12")
    sent = bot.next_update("message")
    assert sent["caption"] == "F 45, ref 12"
    assert sent["photo"]


def test_what_was_read_stays_and_the_way_to_take_it_back_is_shown(
    phone: Phone, bot: BotByHand, film: Path
) -> None:
    phone.choose([film])
    phone.send_preview("F 45, cough")
    sent = bot.next_update("message")
    bot.confirm()
    phone.see_delivered("F 45, cough")
    answered = {"message_id": sent["message_id"]}
    bot.call("sendMessage", chat_id=phone.chat_id, text="C-0001", reply_parameters=answered)
    expect(phone.entry("C-0001")).to_be_visible()
    open_bar(phone, "F 45, cough")
    expect(phone.page.locator("#reply-edit")).to_be_hidden()
    press(phone, "Delete")
    told = phone.page.get_by_role("dialog").filter(has_text="EdgeRad has read this already")
    expect(told).to_contain_text("Withdraw the case")
    told.get_by_role("button", name="Show the answer").click()
    expect(told).to_be_hidden()
    expect(phone.page.locator(".entry.out").filter(has_text="F 45, cough")).to_be_visible()


def test_what_the_bot_reads_just_then_stays(phone: Phone, bot: BotByHand) -> None:
    phone.expect_fault("409 (Conflict)")
    phone.write("Read in between")
    see_sent(phone, "Read in between")
    open_bar(phone, "Read in between")
    press(phone, "Delete")
    question = phone.page.get_by_role("dialog").filter(has_text="Delete this for everyone?")
    expect(question).to_be_visible()
    assert bot.next_update("message")["text"] == "Read in between"  # handed out, not confirmed
    question.get_by_role("button", name="Delete").click()
    told = phone.page.get_by_role("dialog").filter(has_text="EdgeRad has read this already")
    told.get_by_role("button", name="OK").click()
    expect(phone.entry("Read in between")).to_be_visible()


@pytest.mark.parametrize("language", Language)
def test_the_bar_of_ones_own_message_fits_the_narrowest_phone(
    phone: Phone, bot: BotByHand, language: str
) -> None:
    page = phone.page
    phone.write("A message that is longer than the bar is wide, by far")
    see_sent(phone, "by far")
    page.set_viewport_size({"width": NARROW_PX, "height": 568})
    page.evaluate("code => localStorage.setItem('edgerad.language', code)", language)
    page.reload()
    entry = phone.entry("by far")
    expect(entry.locator(".tick.sent")).to_be_visible()
    entry.locator(".reply-button").click()
    for each in ("copy", "edit", "delete", "cancel"):
        box = page.locator(f"#reply-{each}").bounding_box()
        assert box is not None, each
        assert box["width"] >= 44
        assert box["x"] + box["width"] <= NARROW_PX
    quote = page.locator("#reply-text").bounding_box()
    assert quote is not None
    assert quote["width"] > 60
    page.locator("#reply-delete").click()
    question = page.locator("#question")
    expect(question).to_be_visible()
    box = question.bounding_box()
    assert box is not None
    assert box["x"] + box["width"] <= NARROW_PX
