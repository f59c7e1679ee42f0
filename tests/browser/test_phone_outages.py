"""When the gateway is away: nothing is lost, nothing comes twice, and the phone says so."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.gateway_process import BotByHand, GatewayProcess
from tests.browser.phone import Phone

SERIES = os.urandom(16_000_000)


@pytest.fixture
def away(phone: Phone, gateway: GatewayProcess) -> Phone:
    """A phone whose gateway has just gone."""
    phone.expect_fault("net::ERR_")  # which one depends on what was under way
    gateway.stop()
    expect(phone.page.locator("#connection")).to_have_text("No connection")
    return phone


def test_what_could_not_be_sent_is_said_and_goes_out_in_order_once_when_it_can(
    away: Phone, gateway: GatewayProcess, bot: BotByHand, film: Path
) -> None:
    away.choose([film])
    away.send_preview("Taken while away")
    away.write("And a word about it")
    words = "Not sent yet. It will be sent by itself as soon as possible. Tap to try now."
    retry = away.entry("Taken while away").get_by_role("button", name=words)
    expect(retry).to_be_visible()
    expect(away.page.locator("#offline")).to_be_visible()
    retry.click()  # too early: it stays, and nothing is lost
    expect(retry).to_be_visible()

    gateway.start()

    assert bot.next_update("message")["caption"] == "Taken while away"
    assert bot.next_update("message")["text"] == "And a word about it"
    bot.confirm()
    away.see_delivered("Taken while away")
    away.see_connected()
    expect(away.page.locator("#offline")).to_be_hidden()


def test_a_message_that_is_not_sent_yet_can_be_edited_and_goes_out_once(
    away: Phone, gateway: GatewayProcess, bot: BotByHand, film: Path
) -> None:
    """Its picture, too: it opens where it was written."""
    away.choose([film])
    away.send_preview("M 45, cuogh")
    away.entry("M 45, cuogh").get_by_role("button", name="Edit").click()
    expect(away.preview.locator("#caption")).to_have_value("M 45, cuogh")
    away.preview.locator("#caption").fill("M 45, cough")
    away.send_preview()
    away.write("He is my brohter")
    away.write("Behind it")
    expect(away.entry("M 45, cough").locator(".tick.failed")).to_be_visible()
    away.entry("M 45, cough").get_by_role("button", name="Delete").click()
    away.page.get_by_role("button", name="Discard").click()
    expect(away.entry("He is my brohter").locator(".tick.failed")).to_be_visible()

    away.page.locator("#text").fill("begun meanwhile")
    away.entry("He is my brohter").get_by_role("button", name="Edit").click()
    expect(away.page.locator("#text")).to_have_value("He is my brohter\nbegun meanwhile")
    away.page.locator("#text").fill("He is my brother")
    away.page.locator("#send").click()
    gateway.start()

    assert bot.next_update("message")["text"] == "Behind it"
    assert bot.next_update("message")["text"] == "He is my brother"
    bot.confirm()
    away.see_delivered("He is my brother")
    away.see_connected()


def test_what_waits_shows_its_sign_although_nothing_can_be_fetched(
    away: Phone, gateway: GatewayProcess
) -> None:
    away.write("First of all")
    away.write("Behind it")

    signs = [
        away.entry("First of all").locator(".tick.failed .icon"),
        away.entry("Behind it").locator(".tick.waiting .icon"),
    ]
    for sign in signs:
        expect(sign).to_be_visible()
    drawn = [sign.evaluate("icon => icon.getBBox().width") for sign in signs]

    gateway.start()
    away.see_connected()
    assert min(drawn) > 0


def test_an_unsent_picture_outlives_a_reload(
    away: Phone, gateway: GatewayProcess, bot: BotByHand, film: Path
) -> None:
    away.choose([film])
    away.send_preview("Kept on the phone")
    expect(away.entry("Kept on the phone").locator(".tick.failed")).to_be_visible()
    away.page.goto("about:blank")
    gateway.start()

    away.page.goto(away.base_url)

    assert bot.next_update("message")["caption"] == "Kept on the phone"
    bot.confirm()
    away.see_delivered("Kept on the phone")
    expect(away.entry("Kept on the phone")).to_have_count(1)


def test_what_was_said_while_the_phone_was_away_is_there_when_it_comes_back(
    away: Phone, gateway: GatewayProcess, bot: BotByHand
) -> None:
    gateway.start()
    bot.call("sendMessage", chat_id=away.chat_id, text="Said meanwhile")

    expect(away.entry("Said meanwhile")).to_be_visible()
    away.see_connected()


def test_a_gateway_that_stumbles_is_tried_again_without_a_tap(phone: Phone, bot: BotByHand) -> None:
    phone.expect_fault("503")
    busy = {"status": 503, "json": {"error": "Busy."}}
    phone.page.route("**/chat/messages/*", lambda route: route.fulfill(**busy))
    phone.write("Tried until it went")
    expect(phone.entry("Tried until it went").locator(".tick.failed")).to_be_visible()
    phone.page.unroute("**/chat/messages/*")
    expect(phone.entry("Tried until it went").locator(".tick.sent")).to_be_visible()

    assert bot.next_update("message")["text"] == "Tried until it went"
    bot.confirm()
    phone.see_delivered("Tried until it went")


@pytest.fixture
def uploading(phone: Phone, gateway: GatewayProcess, tmp_path: Path) -> Iterator[Phone]:
    """A phone in the middle of an upload that is larger than what sockets hold by themselves."""
    for words in ("ERR_", "Failed to load resource"):
        phone.expect_fault(words)
    series = tmp_path / "series.dcm"
    series.write_bytes(SERIES)
    phone.page.route("**/chat/held/*", lambda route: route.abort())  # it goes as a whole
    phone.choose([series])
    gateway.hold()
    phone.send_preview("Cut in the middle")
    phone.see("Number(document.querySelector('.ring')?.getAttribute('aria-valuenow')) > 0")
    yield phone
    gateway.let_go()


def see_series_once(phone: Phone, bot: BotByHand) -> None:
    """The whole file came, once, without a tap."""
    document = bot.next_update("message")["document"]
    assert bot.download(document["file_id"]) == SERIES
    bot.confirm()
    phone.see_delivered("Cut in the middle")
    expect(phone.entry("Cut in the middle")).to_have_count(1)


def test_an_upload_that_the_wifi_cuts_in_the_middle_arrives_whole_and_once(
    uploading: Phone, gateway: GatewayProcess, bot: BotByHand
) -> None:
    uploading.context.set_offline(True)
    expect(uploading.entry("Cut in the middle").locator(".tick.failed")).to_be_visible()

    gateway.let_go()
    uploading.context.set_offline(False)

    see_series_once(uploading, bot)


def test_an_upload_that_a_power_cut_ends_arrives_whole_and_once(
    uploading: Phone, gateway: GatewayProcess, bot: BotByHand
) -> None:
    gateway.kill()
    expect(uploading.entry("Cut in the middle").locator(".tick.failed")).to_be_visible()

    gateway.start()

    see_series_once(uploading, bot)


def test_two_phones_of_one_ward_see_their_own_chats_alone(
    phone: Phone, new_phone: Callable[..., Phone], bot: BotByHand
) -> None:
    other = new_phone()
    other.open_joined("OTHERPHONE", "Binta", bot)

    phone.write("From Aisha")
    other.write("From Binta")

    senders = {bot.next_update("message")["from"]["first_name"] for _ in range(2)}
    assert senders == {"Aisha", "Binta"}
    bot.call("sendMessage", chat_id=other.chat_id, text="For Binta")
    expect(other.entry("For Binta")).to_be_visible()
    bot.call("sendMessage", chat_id=phone.chat_id, text="For Aisha")
    expect(phone.entry("For Aisha")).to_be_visible()
    expect(phone.page.locator("#log")).not_to_contain_text("Binta")
    expect(other.page.locator("#log")).not_to_contain_text("Aisha")
