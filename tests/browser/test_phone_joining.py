"""Joining: from a link or a typed code into the chat, and out again when a session ends."""

from collections.abc import Callable

from playwright.sync_api import Response, expect

from tests.browser.gateway_process import BotByHand
from tests.browser.phone import Phone

FIRST_LOAD_BYTES = 120_000


def test_a_join_link_leads_into_the_chat_and_its_code_leaves_the_address_bar(
    new_phone: Callable[..., Phone], bot: BotByHand
) -> None:
    phone = new_phone()

    phone.join("K7WQ2M", "Aisha Bello")

    greeting = bot.next_update("message")
    assert greeting["text"] == "/start K7WQ2M"
    assert greeting["from"]["first_name"] == "Aisha Bello"
    assert phone.page.url == f"{phone.base_url}/"
    expect(phone.page.get_by_text("You joined")).to_be_visible()
    expect(phone.page.locator("#log")).not_to_contain_text("K7WQ2M")


def test_without_a_link_the_code_is_typed_and_what_is_missing_is_said(
    new_phone: Callable[..., Phone], bot: BotByHand
) -> None:
    phone = new_phone()
    phone.page.goto(phone.base_url)

    phone.page.get_by_role("button", name="Join").click()
    expect(phone.page.get_by_role("alert")).to_have_text("Type the invite code.")
    phone.page.get_by_label("Invite code").fill("K7WQ2M")
    phone.page.get_by_role("button", name="Join").click()
    expect(phone.page.get_by_role("alert")).to_have_text("Type your name.")
    phone.page.get_by_label("Your name").fill("Aisha")
    phone.page.get_by_role("button", name="Join").click()

    phone.see_connected()
    assert bot.next_update("message")["text"] == "/start K7WQ2M"


def test_a_session_that_ended_leads_back_to_the_join_page_in_words(phone: Phone) -> None:
    phone.expect_fault("401")
    phone.context.clear_cookies()

    phone.write("Is anybody there?")

    expect(phone.page.get_by_text("You are signed out.")).to_be_visible()
    expect(phone.page.get_by_label("Invite code")).to_be_visible()


def test_signing_out_asks_first_and_ends_the_session(phone: Phone) -> None:
    phone.page.get_by_role("button", name="Menu").click()
    phone.page.get_by_role("button", name="Sign out").click()
    question = phone.page.get_by_role("dialog").filter(has_text="Sign out on this phone?")
    question.get_by_role("button", name="Sign out").click()

    expect(phone.page.get_by_label("Your name")).to_be_visible()
    phone.page.goto(phone.base_url)
    expect(phone.page.get_by_label("Your name")).to_be_visible()


def test_a_french_phone_is_spoken_to_in_french_until_another_language_is_chosen(
    new_phone: Callable[..., Phone],
) -> None:
    phone = new_phone(locale="fr-FR")
    phone.page.goto(f"{phone.base_url}/join")
    expect(phone.page.get_by_label("Votre nom")).to_be_visible()

    phone.page.get_by_role("button", name="English").click()

    expect(phone.page.get_by_label("Your name")).to_be_visible()
    phone.page.reload()
    expect(phone.page.get_by_label("Your name")).to_be_visible()


def test_the_pages_allow_only_their_own_scripts(phone: Phone) -> None:
    answer = phone.page.goto(phone.base_url)
    assert answer is not None
    policy = answer.headers["content-security-policy"]

    assert "script-src 'self'" in policy
    assert "unsafe" not in policy


def test_the_first_load_is_small_enough_for_a_slow_link(new_phone: Callable[..., Phone]) -> None:
    phone = new_phone()
    loaded: list[Response] = []
    phone.page.context.new_cdp_session(phone.page).send("Network.clearBrowserCache")
    phone.page.on("response", lambda answer: loaded.extend([answer]))

    phone.open_joined("FIRSTLOAD", "Aisha")

    own = [each for each in loaded if "/chat/" not in each.url]
    assert own
    assert sum(len(each.body()) for each in own) < FIRST_LOAD_BYTES


def test_every_language_says_everything(phone: Phone) -> None:
    keys = phone.page.evaluate(
        """async () => {
            const { DICTIONARIES } = await import("/static/strings.js");
            return Object.values(DICTIONARIES).map((words) => Object.keys(words).sort());
        }"""
    )

    assert len(keys) == 2
    assert keys[0] == keys[1]
