"""Joining: from a link or a typed code into the chat, and out again when a session ends."""

import re
from collections.abc import Callable
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Locator, Route, expect

from inference.contract import Language
from tests.browser.gateway_process import BotByHand
from tests.browser.phone import SEND, Phone

FIRST_LOAD_BYTES = 130_000
BEFORE_ANY_LOOK_MS = 10_000  # a silent stream is looked at after 15 s, and by the page after 30


def test_a_join_link_leads_into_the_chat_and_its_code_leaves_the_address_bar(
    new_phone: Callable[..., Phone], bot: BotByHand
) -> None:
    phone = new_phone()

    greeting = phone.join("K7WQ2M", "Aisha Bello", bot)

    assert greeting["text"] == "/start K7WQ2M"
    assert greeting["from"]["first_name"] == "Aisha Bello"
    assert phone.page.url == f"{phone.base_url}/"
    expect(phone.page.get_by_text("You came with an invite code")).to_be_visible()
    expect(phone.page.locator("#log")).not_to_contain_text("K7WQ2M")


def test_from_the_link_to_the_first_answer_are_five_taps(
    new_phone: Callable[..., Phone], bot: BotByHand
) -> None:
    phone = new_phone()
    taps: list[Locator] = []

    def tap(there: Locator) -> None:
        taps.append(there)
        there.click()

    phone.page.goto(f"{phone.base_url}/join#FIVETAPS")
    expect(phone.page.get_by_label("Your name")).to_be_focused()
    phone.page.keyboard.type("Aisha")
    tap(phone.page.get_by_role("button", name="Join"))
    chat_id = phone.let_in(bot)["chat"]["id"]
    accept = [[{"text": "I accept", "callback_data": "terms"}]]
    terms = bot.call(
        "sendMessage",
        chat_id=chat_id,
        text="Before your first case",
        reply_markup={"inline_keyboard": accept},
    )
    tap(phone.page.get_by_role("button", name="I accept"))
    query = bot.next_update("callback_query")
    bot.call("answerCallbackQuery", callback_query_id=query["id"])
    bot.call("editMessageReplyMarkup", chat_id=chat_id, message_id=terms["message_id"])
    tap(phone.page.locator("#welcome").get_by_role("button", name="Try a sample film"))
    tap(phone.page.locator("#sample-list button").nth(1))
    tap(phone.preview.get_by_role("button", name=SEND))
    asked = bot.next_update("message")
    bot.confirm()
    quoting = {"message_id": asked["message_id"]}
    bot.call("sendMessage", chat_id=chat_id, text="C-0001 URGENT", reply_parameters=quoting)

    expect(phone.entry("C-0001 URGENT")).to_be_in_viewport()
    assert len(taps) <= 5


def test_no_name_goes_into_an_address_while_a_slow_phone_still_loads_the_page(
    new_phone: Callable[..., Phone],
) -> None:
    phone = new_phone()
    held: list[Route] = []
    phone.page.route("**/words/*.js", lambda route: held.append(route))  # noqa: PLW0108 - Playwright marks its handlers
    with phone.page.expect_request("**/words/*.js"):
        phone.page.goto(f"{phone.base_url}/join#K7WQ2M", wait_until="commit")
    name, button = (
        phone.page.get_by_label("Your name"),
        phone.page.get_by_text("Join", exact=True),
    )
    name.fill("Aisha")
    name.press("Enter")
    expect(button).to_be_disabled()
    expect(name).to_have_value("Aisha")

    held[0].continue_()

    expect(button).to_be_enabled()
    assert phone.page.url == f"{phone.base_url}/join#K7WQ2M"


def test_the_way_out_can_be_taken_only_once_the_page_knows_it(phone: Phone) -> None:
    held: list[Route] = []
    phone.page.route("**/words/*.js", lambda route: held.append(route))  # noqa: PLW0108 - Playwright marks its handlers
    with phone.page.expect_request("**/words/*.js"):
        phone.page.goto(f"{phone.base_url}/join", wait_until="commit")
    way_out = phone.page.get_by_role("button", name="This is not my phone")
    expect(way_out).to_be_disabled()

    held[0].continue_()

    way_out.click()
    expect(phone.page.locator("#signed-in")).to_have_count(0)


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

    assert phone.let_in(bot)["text"] == "/start K7WQ2M"


def test_a_code_that_does_not_work_is_said_on_the_join_page_and_another_may_be_typed(
    new_phone: Callable[..., Phone], bot: BotByHand
) -> None:
    phone = new_phone()
    phone.expect_fault("403")
    phone.page.goto(f"{phone.base_url}/join#USEDUP")
    phone.page.get_by_label("Your name").fill("Aisha")
    phone.page.get_by_role("button", name="Join").click()
    expect(phone.page.get_by_role("button", name="Checking the code…")).to_be_disabled()

    chat_id = bot.next_update("message")["chat"]["id"]
    assert bot.call("edgeradRefuseJoin", chat_id=chat_id, text="This invite was used already.")

    expect(phone.page.get_by_role("alert")).to_have_text("This invite was used already.")
    expect(phone.page.get_by_label("Invite code")).to_be_focused()
    phone.page.get_by_label("Invite code").fill("GOOD")
    phone.page.get_by_role("button", name="Join").click()
    assert phone.let_in(bot)["text"] == "/start GOOD"


def test_a_revoked_phone_is_told_at_once(phone: Phone, bot: BotByHand) -> None:
    phone.expect_fault("401")
    asked: list[str] = []
    phone.page.on("request", lambda request: asked.append(urlsplit(request.url).path))

    bot.call("edgeradSetAccess", chat_id=phone.chat_id, is_member=False)

    expect(phone.page.get_by_text("You are signed out.")).to_be_visible(timeout=BEFORE_ANY_LOOK_MS)
    assert asked[0] == "/chat/messages", "it waited for its stream to come back"


def test_a_language_chosen_on_the_page_or_by_the_bot_is_spoken_by_both(
    phone: Phone, bot: BotByHand
) -> None:
    bot.call("getUpdates", timeout=0, allowed_updates=["message", "edgerad_session"])
    phone.page.get_by_role("button", name="Menu").click()
    phone.page.get_by_role("button", name="Français").click()

    expect(phone.page.locator("#connection")).to_have_text("Connecté")
    told = bot.next_update("edgerad_session")
    assert (told["event"], told["from"]["language_code"]) == ("language_chosen", "fr")
    bot.call("getUpdates", timeout=0, allowed_updates=[])
    bot.call("edgeradSetLanguage", chat_id=phone.chat_id, language_code="pt")
    expect(phone.page.locator("#connection")).to_have_text("Ligado")


def test_a_session_that_ended_leads_back_to_the_join_page_in_words(phone: Phone) -> None:
    phone.expect_fault("401")
    phone.context.clear_cookies()

    phone.write("Is anybody there?")

    expect(phone.page.get_by_text("You are signed out.")).to_be_visible()
    expect(phone.page.get_by_label("Invite code")).to_be_visible()


@pytest.mark.parametrize("way", ["Sign out", "This is not my phone"])
def test_leaving_asks_first_ends_the_session_and_deletes_what_was_not_sent(
    phone: Phone, bot: BotByHand, way: str
) -> None:
    phone.expect_fault("503")
    phone.page.route("**/chat/messages/*", lambda route: route.fulfill(status=503))
    phone.write("Not for the next one")
    expect(phone.entry("Not for the next one").locator(".tick.failed")).to_be_visible()

    phone.page.get_by_role("button", name="Menu").click()
    phone.page.get_by_role("button", name=way).click()
    question = phone.page.get_by_role("dialog").filter(has_text="Unsent messages are deleted")
    question.get_by_role("button", name=way).click()

    expect(phone.page.get_by_label("Your name")).to_be_visible()
    phone.page.goto(phone.base_url)
    expect(phone.page.get_by_label("Your name")).to_be_visible()
    phone.page.unroute("**/chat/messages/*")
    phone.join("NEXTONE", "Binta", bot)
    expect(phone.page.locator("#log")).not_to_contain_text("Not for the next one")


def test_where_one_is_signed_in_is_shown_and_ended_on_the_page(phone: Phone) -> None:
    """Two pages where one is open: somebody else has the session."""
    other = phone.context.new_page()
    other.goto(phone.base_url)
    expect(other.locator("#connection")).to_have_text("Connected")
    phone.page.get_by_role("button", name="Menu").click()
    phone.page.get_by_role("button", name="Where I am signed in").click()
    sheet = phone.page.get_by_role("dialog", name="Where I am signed in")
    expect(sheet).to_contain_text("Pages that show your chat now: 2.")
    expect(sheet.get_by_role("listitem")).to_have_count(1)
    expect(sheet.get_by_role("listitem")).to_contain_text("This phone")

    sheet.get_by_role("button", name="Sign out").click()
    question = phone.page.get_by_role("dialog").filter(has_text="Unsent messages are deleted")
    question.get_by_role("button", name="Sign out").click()

    expect(phone.page.get_by_label("Your name")).to_be_visible()
    expect(other.get_by_label("Your name")).to_be_visible()


def test_a_link_opened_on_a_phone_in_use_says_whose_it_is_and_lets_the_next_one_in(
    phone: Phone,
) -> None:
    phone.page.goto(f"{phone.base_url}/join#NEXTONE")
    notice = phone.page.locator("#signed-in")
    expect(notice).to_contain_text("This phone is signed in as Aisha.")
    expect(notice.get_by_role("link", name="Open my chat")).to_be_visible()
    expect(phone.page.get_by_role("button", name="Join")).to_be_hidden()

    notice.get_by_role("button", name="This is not my phone").click()

    expect(notice).to_have_count(0)
    expect(phone.page.get_by_label("Your name")).to_be_focused()
    phone.page.goto(phone.base_url)
    expect(phone.page.get_by_label("Invite code")).to_be_visible()


def test_a_french_phone_is_spoken_to_in_french_until_another_language_is_chosen(
    new_phone: Callable[..., Phone], bot: BotByHand
) -> None:
    phone = new_phone(locale="fr-FR")
    phone.page.goto(f"{phone.base_url}/join")
    expect(phone.page.get_by_label("Votre nom")).to_be_visible()
    hint = "import('/static/strings.js').then(({ t }) => t('originalHint'))"
    assert "détail\u00a0: pour" in phone.page.evaluate(hint)  # no line begins with the colon

    phone.page.get_by_role("button", name="Hausa").click()

    expect(phone.page.get_by_label("Sunanka")).to_be_visible()
    phone.page.reload()
    phone.page.get_by_label("Lambar gayyata").fill("HAUSA")
    phone.page.get_by_label("Sunanka").fill("Binta")
    phone.page.get_by_role("button", name="Shiga").click()
    greeting = bot.next_update("message")
    assert greeting["from"]["language_code"] == "ha"
    bot.call("edgeradSetAccess", chat_id=greeting["chat"]["id"], is_member=True)
    expect(phone.page.locator("#connection")).to_have_text("An haɗa")


def test_the_pages_allow_only_their_own_scripts(phone: Phone) -> None:
    answer = phone.page.goto(phone.base_url)
    assert answer is not None
    policy = answer.headers["content-security-policy"]

    assert "script-src 'self'" in policy
    assert "unsafe" not in policy


def test_the_first_load_is_small_enough_for_a_slow_link(
    new_phone: Callable[..., Phone], bot: BotByHand
) -> None:
    phone = new_phone()
    loaded: dict[str, int] = {}
    network = phone.page.context.new_cdp_session(phone.page)
    network.send("Network.enable")
    network.send("Network.clearBrowserCache")
    network.on(
        "Network.loadingFinished",
        lambda done: loaded.update({done["requestId"]: done["encodedDataLength"]}),
    )

    phone.open_joined("FIRSTLOAD", "Aisha", bot)

    assert len(loaded) > 20
    assert sum(loaded.values()) < FIRST_LOAD_BYTES


def test_every_language_says_everything_with_the_same_values_in_it(phone: Phone) -> None:
    words = phone.page.evaluate(
        """async () => {
            const { LANGUAGES } = await import("/static/strings.js");
            const load = (code) => import(`/static/words/${code}.js`).then((one) => one.words);
            return Promise.all(Object.keys(LANGUAGES).map(load));
        }"""
    )

    assert len(words) == len(Language)  # the page speaks what the bot speaks
    for each in words:
        assert [*map(values_of, each.items())] == [*map(values_of, words[0].items())]
        assert all(each.values())


def values_of(said: tuple[str, str]) -> tuple[str, set[str]]:
    """The key of a text and the values that it holds."""
    key, text = said
    return key, set(re.findall(r"\{(\w+)\}", text))


def test_days_are_named_in_hausa_where_the_phone_itself_cannot(
    new_phone: Callable[..., Phone],
) -> None:
    phone = new_phone(locale="ha-NG")
    phone.page.goto(f"{phone.base_url}/join")

    expect(phone.page.get_by_label("Sunanka")).to_be_visible()
    named = phone.page.evaluate(
        """async () => {
            const { dayOf } = await import("/static/strings.js");
            return dayOf(Date.UTC(2026, 2, 2, 12) / 1000);
        }"""
    )
    assert named == "Litinin, 2 Maris"
