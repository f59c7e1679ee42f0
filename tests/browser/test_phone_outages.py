"""When the gateway is away: nothing is lost, nothing comes twice, and the phone says so."""

from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.gateway_process import BotByHand, GatewayProcess
from tests.browser.phone import Phone


@pytest.fixture
def away(phone: Phone, gateway: GatewayProcess) -> Phone:
    """A phone whose gateway has just gone."""
    for words in ("ERR_CONNECTION_REFUSED", "ERR_INCOMPLETE_CHUNKED", "ERR_CONNECTION_RESET"):
        phone.expect_fault(words)
    gateway.stop()
    expect(phone.page.locator("#connection")).to_have_text("No connection")
    return phone


def test_what_could_not_be_sent_is_said_and_goes_out_in_order_once_when_it_can(
    away: Phone, gateway: GatewayProcess, bot: BotByHand, film: Path
) -> None:
    away.choose([film])
    away.send_preview("Taken while away")
    away.write("And a word about it")
    retry = away.entry("Taken while away").get_by_role("button", name="Not sent. Tap to try again.")
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
