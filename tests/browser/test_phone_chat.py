"""The chat: what the bot says and how it grows, buttons, replies, history, commands."""

import statistics
from pathlib import Path
from typing import Literal

import pytest
from playwright.sync_api import APIResponse, Route, expect

from inference.contract import Language
from tests.browser.gateway_process import BotByHand
from tests.browser.phone import HEIGHT_PX, Phone

MEDIUM = "The lungs are clear and the heart is of normal size. " * 5
LONG = MEDIUM * 8
HISTORY = 5000
FRAME_MS = 16
LOAD_ALL = """async (count) => {
    while (document.querySelectorAll(".entry.in").length < count) {
        log.scrollTop = log.scrollTop > 0 ? 0 : 1;
        await new Promise(requestAnimationFrame);
    }
}"""
SCROLL = """async ([frames, px, turn_after]) => {
    const taken_ms = [];
    let last = await new Promise(requestAnimationFrame);
    for (let i = 0; i < frames; i += 1) {
        log.scrollTop += Math.floor(i / turn_after) % 2 ? -px : px;
        const now = await new Promise(requestAnimationFrame);
        taken_ms.push(now - last);
        last = now;
    }
    return taken_ms;
}"""
FRAMES, STEP_PX = 100, 500
HALF = 54  # twice as many are more than the page that comes first


def test_a_text_shows_sent_and_then_delivered_once_the_bot_has_it(
    phone: Phone, bot: BotByHand
) -> None:
    phone.write("Good morning")

    expect(phone.entry("Good morning").locator(".tick.sent")).to_be_visible()
    assert bot.next_update("message")["text"] == "Good morning"
    bot.confirm()
    phone.see_delivered("Good morning")


def test_the_bots_marks_show_as_being_read_and_answered(phone: Phone, bot: BotByHand) -> None:
    phone.write("How large is it?")
    asked = bot.next_update("message")["message_id"]

    for emoji, tick in (("👀", "reading"), ("👌", "answered")):
        mark = [{"type": "emoji", "emoji": emoji}]
        bot.call("setMessageReaction", chat_id=phone.chat_id, message_id=asked, reaction=mark)
        expect(phone.entry("How large").locator(f".tick.{tick}")).to_be_visible()
    expect(phone.entry("How large").locator(".reaction")).to_have_count(0)
    expect(phone.entry("How large").locator(".meta")).to_contain_text("answered")


def test_what_came_while_the_phone_was_away_stands_under_a_mark_and_is_read_from_there(
    phone: Phone, bot: BotByHand
) -> None:
    bot.call("sendMessage", chat_id=phone.chat_id, text="Read before")
    expect(phone.entry("Read before")).to_be_visible()
    phone.see_noted()
    phone.page.goto("about:blank")
    for number in range(5):
        bot.call("sendMessage", chat_id=phone.chat_id, text=f"Unread {number}. {MEDIUM}")

    phone.page.goto(phone.base_url)

    mark = phone.entry("Unread 0").get_by_role("heading", name="New messages")
    expect(mark).to_be_in_viewport()
    expect(phone.page.get_by_role("heading", name="New messages")).to_have_count(1)
    expect(phone.page.get_by_role("button", name="To the newest message")).to_be_visible()
    phone.write("I have read it")
    expect(mark).to_have_count(0)
    assert bot.next_update("message")["text"] == "I have read it"
    phone.page.reload()
    phone.see_connected()
    expect(phone.entry("I have read it")).to_be_visible()
    phone.see_at_end()
    expect(mark).to_have_count(0)


def test_the_mark_stands_at_the_first_unread_message_however_many_pages_ago(
    phone: Phone, bot: BotByHand
) -> None:
    for number in range(150):
        bot.call("sendMessage", chat_id=phone.chat_id, text=f"Read {number}")
    expect(phone.entry("Read 149")).to_be_visible()
    phone.see_noted()
    phone.page.goto("about:blank")
    for number in range(250):  # the gateway gives 100 at once
        bot.call("sendMessage", chat_id=phone.chat_id, text=f"Unread {number} of them")

    phone.page.goto(phone.base_url)

    mark = phone.entry("Unread 0 of them").get_by_role("heading", name="New messages")
    expect(mark).to_be_in_viewport()
    expect(phone.page.get_by_role("heading", name="New messages")).to_have_count(1)
    phone.see_drawn()
    top = "mark => mark.getBoundingClientRect().top - log.getBoundingClientRect().top"
    assert abs(mark.evaluate(top)) < 40
    phone.page.locator("#log").evaluate("log => { log.scrollTop = 0 }")
    oldest = phone.page.get_by_text("Read 0", exact=True)
    expect(oldest).to_have_count(1)  # still earlier ones move no mark
    expect(mark).to_have_count(1)


def test_a_reader_who_goes_down_meanwhile_is_not_taken_up_to_the_mark(
    phone: Phone, bot: BotByHand
) -> None:
    phone.page.goto("about:blank")
    for number in range(150):
        bot.call("sendMessage", chat_id=phone.chat_id, text=f"Unread {number} of them")
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    phone.page.route("**/chat/messages?*before=*", hold)

    phone.page.goto(phone.base_url)

    expect(phone.entry("Unread 50 of").get_by_role("heading", name="New messages")).to_be_visible()
    while not held:
        phone.page.wait_for_timeout(20)
    phone.page.get_by_role("button", name="To the newest message").click()
    phone.see_at_end()
    assert len(held) == 1
    held[0].continue_()
    expect(phone.entry("Unread 0 of").get_by_role("heading", name="New messages")).to_have_count(1)
    phone.see_at_end()


def test_an_answer_to_what_was_just_asked_is_not_marked_as_news(
    phone: Phone, bot: BotByHand
) -> None:
    phone.write("/case 41")
    bot.next_update("message")

    for part in ("First", "Second"):
        bot.call("sendMessage", chat_id=phone.chat_id, text=f"{part} part. {LONG}")
        expect(phone.entry(f"{part} part")).to_be_visible()

    expect(phone.page.get_by_role("heading", name="New messages")).to_have_count(0)
    expect(phone.page.get_by_role("button", name="1 new message")).to_be_visible()


def test_an_answer_grows_in_its_place_and_the_reader_stays_at_its_end(
    phone: Phone, bot: BotByHand
) -> None:
    for _ in range(4):
        bot.call("sendMessage", chat_id=phone.chat_id, text=MEDIUM)
    sent = bot.call("sendMessage", chat_id=phone.chat_id, text="Reading")
    bubble = phone.entry("Reading")
    bubble.evaluate("entry => { entry.marked = true }")

    for grown in ("Reading. Right", "Reading. Right lower", "Reading. Right lower zone"):
        bot.call(
            "editMessageText",
            chat_id=phone.chat_id,
            message_id=sent["message_id"],
            text=f"<b>{grown}</b>",
            parse_mode="HTML",
        )
        expect(bubble.locator("b")).to_have_text(grown)
        phone.see_at_end()

    assert bubble.evaluate("entry => entry.marked")


def test_who_reads_further_up_stays_there_and_is_told_of_new_messages(
    phone: Phone, bot: BotByHand
) -> None:
    for _ in range(6):
        bot.call("sendMessage", chat_id=phone.chat_id, text=MEDIUM)
    expect(phone.entry("The lungs")).to_have_count(6)
    phone.see_at_end()
    phone.page.locator("#log").evaluate("log => { log.scrollTop = 200 }")

    bot.call("sendMessage", chat_id=phone.chat_id, text="The second film is read.")

    pill = phone.page.get_by_role("button", name="1 new message")
    expect(pill).to_be_visible()
    assert phone.page.locator("#log").evaluate("log => log.scrollTop") == 200
    pill.click()
    phone.see_at_end()
    expect(pill).to_be_hidden()


def test_an_answer_longer_than_the_page_is_read_from_its_first_line(
    phone: Phone, bot: BotByHand
) -> None:
    bot.call("sendMessage", chat_id=phone.chat_id, text=f"URGENT. {LONG}")

    expect(phone.entry("URGENT")).to_be_visible()
    phone.see_drawn()
    top = "entry => entry.getBoundingClientRect().top - log.getBoundingClientRect().top"
    assert abs(phone.entry("URGENT").evaluate(top)) < 40
    expect(phone.page.locator("#day-pill")).to_be_hidden()  # nobody has scrolled
    phone.page.reload()
    phone.see_connected()
    expect(phone.page.get_by_role("heading", name="New messages")).to_have_count(0)


def test_terms_that_are_there_before_the_chat_is_opened_are_read_from_their_first_line(
    phone: Phone, bot: BotByHand
) -> None:
    phone.page.evaluate("localStorage.removeItem('edgerad.read')")
    phone.page.goto("about:blank")
    bot.call("sendMessage", chat_id=phone.chat_id, text="Welcome, Aisha.")
    bot.call("sendMessage", chat_id=phone.chat_id, text=f"Before your first case. {LONG}")

    phone.page.goto(phone.base_url)

    phone.see_connected()
    top = "entry => entry.getBoundingClientRect().top - log.getBoundingClientRect().top"
    assert abs(phone.entry("first case").evaluate(top)) < 40
    expect(phone.page.get_by_role("heading", name="New messages")).to_have_count(0)


@pytest.mark.parametrize("more", ["", LONG])
def test_an_answer_that_takes_the_place_of_received_is_read_from_its_first_line(
    phone: Phone, bot: BotByHand, film: Path, more: str
) -> None:
    """Whose it is and how urgent stands there: neither the answer nor its film push it away."""
    phone.choose([film])
    phone.send_preview("F 45")
    asked = bot.next_update("message")
    bot.confirm()
    quoting = {"reply_parameters": {"message_id": asked["message_id"]}}
    received = bot.call("sendMessage", chat_id=phone.chat_id, text="Received", **quoting)
    expect(phone.entry("Received")).to_be_visible()
    phone.see_at_end()

    bot.call(
        "editMessageText",
        chat_id=phone.chat_id,
        message_id=received["message_id"],
        text=f"C-0001 URGENT {more}",
    )
    answer = phone.entry("C-0001 URGENT")
    expect(answer.locator(".quote-button")).to_be_in_viewport(ratio=1)
    photo = asked["photo"][-1]["file_id"]
    bot.call("sendPhoto", photo=photo, caption="Marked", chat_id=phone.chat_id, **quoting)

    expect(phone.page.locator("#log .entry.in .tile")).to_have_count(1)
    phone.see_drawn()
    expect(answer.locator(".quote-button")).to_be_in_viewport(ratio=1)


def test_who_presses_further_up_is_taken_to_what_comes_of_it_at_its_first_line(
    phone: Phone, bot: BotByHand
) -> None:
    keyboard = {"inline_keyboard": [[{"text": "C-0042", "callback_data": "case:42"}]]}
    bot.call("sendMessage", chat_id=phone.chat_id, text="Cases", reply_markup=keyboard)
    bot.call("sendMessage", chat_id=phone.chat_id, text=LONG)
    expect(phone.entry("The lungs")).to_be_visible()
    phone.page.locator("#log").evaluate("log => { log.scrollTop = 0 }")
    phone.page.get_by_role("button", name="C-0042").click()
    query = bot.next_update("callback_query")
    bot.confirm()

    bot.call("answerCallbackQuery", callback_query_id=query["id"])
    bot.call("sendMessage", chat_id=phone.chat_id, text="C-0042, its film")
    bot.call("sendMessage", chat_id=phone.chat_id, text=f"C-0042, its words. {LONG}")

    expect(phone.entry("its words")).to_be_visible()
    phone.see_drawn()
    expect(phone.entry("its film")).to_be_in_viewport(ratio=1)
    bot.call("sendMessage", chat_id=phone.chat_id, text="Something else")  # what nobody asked for
    expect(phone.page.locator("#to-end")).to_be_visible()
    expect(phone.entry("its film")).to_be_in_viewport(ratio=1)


def test_how_to_begin_goes_once_anything_was_said_and_hides_no_answer(
    phone: Phone, bot: BotByHand
) -> None:
    expect(phone.page.locator("#welcome")).to_be_visible()
    phone.write("/search")
    bot.next_update("message")
    bot.confirm()
    bot.call("sendMessage", chat_id=phone.chat_id, text="Search for what?")
    expect(phone.entry("Search for what?")).to_be_in_viewport()
    expect(phone.page.locator("#welcome")).to_be_hidden()


def test_a_button_is_busy_until_the_bot_answers(phone: Phone, bot: BotByHand) -> None:
    keyboard = {"inline_keyboard": [[{"text": "Take back", "callback_data": "cancel:42"}]]}
    bot.call("sendMessage", chat_id=phone.chat_id, text="Received.", reply_markup=keyboard)
    button = phone.page.get_by_role("button", name="Take back")

    button.click()
    expect(button).to_have_attribute("aria-busy", "true")
    query = bot.next_update("callback_query")
    assert query["data"] == "cancel:42"
    bot.call("answerCallbackQuery", callback_query_id=query["id"], text="✋ Taken back.")

    expect(phone.page.locator("#toast")).to_have_text("✋ Taken back.")
    expect(phone.page.locator("#toast .sign-drawing")).to_be_visible()  # no phone needs emoji
    expect(button).not_to_have_attribute("aria-busy", "true")


def test_an_alert_waits_for_its_ok(phone: Phone, bot: BotByHand) -> None:
    keyboard = {"inline_keyboard": [[{"text": "Sign off", "callback_data": "review:42"}]]}
    bot.call("sendMessage", chat_id=phone.chat_id, text="Case C-0042", reply_markup=keyboard)
    phone.page.get_by_role("button", name="Sign off").click()
    query = bot.next_update("callback_query")

    bot.call(
        "answerCallbackQuery", callback_query_id=query["id"], text="Not yours.", show_alert=True
    )

    alert = phone.page.get_by_role("dialog").filter(has_text="Not yours.")
    expect(alert).to_be_visible()
    alert.get_by_role("button", name="OK").click()
    expect(alert).to_be_hidden()


def test_a_reply_carries_its_quote_both_ways(phone: Phone, bot: BotByHand) -> None:
    answer = bot.call("sendMessage", chat_id=phone.chat_id, text="Opacity on the right.")
    phone.entry("Opacity").get_by_role("button", name="Reply").focus()
    phone.page.keyboard.press("Enter")
    expect(phone.page.locator("#reply-bar")).to_contain_text("Opacity on the right.")

    phone.write("How large is it?")

    question = bot.next_update("message")
    assert question["reply_to_message"]["message_id"] == answer["message_id"]
    expect(phone.entry("How large").locator(".quote")).to_have_text("Opacity on the right.")
    expect(phone.page.locator("#reply-bar")).to_be_hidden()


def test_a_swipe_replies(phone: Phone, bot: BotByHand) -> None:
    bot.call("sendMessage", chat_id=phone.chat_id, text="Opacity on the right.")
    swipe = """line => [["touchstart", 100], ["touchmove", 200], ["touchend", 200]].forEach(
        ([kind, x]) => {
            const touch = new Touch({ identifier: 1, target: line, clientX: x, clientY: 10 });
            const touches = kind === "touchend" ? [] : [touch];
            line.dispatchEvent(new TouchEvent(kind, { touches, changedTouches: [touch] }));
        })"""
    phone.entry("Opacity").locator(".line").evaluate(swipe)

    expect(phone.page.locator("#reply-bar")).to_contain_text("Opacity on the right.")


def test_commands_are_offered_in_the_menu_and_inside_texts(phone: Phone, bot: BotByHand) -> None:
    commands = [{"command": "cases", "description": "Cases of the week"}]
    bot.call("setMyCommands", commands=commands)
    phone.page.get_by_role("button", name="Menu").click()

    phone.page.get_by_role("button", name="Cases of the week").click()
    assert bot.next_update("message")["text"] == "/cases"

    bot.call("sendMessage", chat_id=phone.chat_id, text="Nothing new. See /cases or and/or.")
    phone.entry("Nothing new").get_by_role("button", name="/cases").click()
    assert bot.next_update("message")["text"] == "/cases"


def test_an_open_menu_shows_new_commands_as_the_bot_offers_them(
    phone: Phone, bot: BotByHand
) -> None:
    phone.page.get_by_role("button", name="Menu").click()
    expect(phone.page.locator("#menu")).to_be_visible()
    own = {"type": "chat", "chat_id": phone.chat_id}

    for description in ("Cases of the ward", "Cases of everybody"):
        commands = [{"command": "cases", "description": description}]
        bot.call("setMyCommands", commands=commands, scope=own)
        expect(phone.page.get_by_role("button", name=description)).to_be_visible()
    bot.call("deleteMyCommands", scope=own)
    expect(phone.page.get_by_role("button", name="Cases of everybody")).to_have_count(0)


def test_a_deleted_message_goes_and_typing_shows(phone: Phone, bot: BotByHand) -> None:
    sent = bot.call("sendMessage", chat_id=phone.chat_id, text="Wrong chat")
    expect(phone.entry("Wrong chat")).to_be_visible()
    bot.call("deleteMessage", chat_id=phone.chat_id, message_id=sent["message_id"])
    expect(phone.entry("Wrong chat")).to_have_count(0)

    bot.call("sendChatAction", chat_id=phone.chat_id, action="typing")
    expect(phone.page.locator("#typing")).to_be_visible()
    bot.call("sendMessage", chat_id=phone.chat_id, text="Here it is")
    expect(phone.page.locator("#typing")).to_be_hidden()


def test_a_message_that_goes_further_up_moves_nothing_that_is_read(
    phone: Phone, bot: BotByHand
) -> None:
    """ "Received" goes once its answer is there, and whoever reads that stays in their line."""
    received = bot.call("sendMessage", chat_id=phone.chat_id, text=f"Received {MEDIUM}")
    bot.call("sendMessage", chat_id=phone.chat_id, text=f"C-0001 {LONG}")
    bot.call("sendMessage", chat_id=phone.chat_id, text=LONG)
    expect(phone.entry("The lungs")).to_have_count(3)
    phone.entry("C-0001").evaluate("entry => entry.scrollIntoView({ block: 'start' })")
    phone.see_drawn()
    top = "entry => Math.round(entry.getBoundingClientRect().top)"
    before = phone.entry("C-0001").evaluate(top)

    bot.call("deleteMessage", chat_id=phone.chat_id, message_id=received["message_id"])

    expect(phone.entry("Received")).to_have_count(0)
    phone.see_drawn()
    assert abs(phone.entry("C-0001").evaluate(top) - before) < 2


def test_a_message_deleted_while_the_page_fetches_it_does_not_come_back(
    phone: Phone, bot: BotByHand
) -> None:
    sent = bot.call("sendMessage", chat_id=phone.chat_id, text="Wrong chat")
    expect(phone.entry("Wrong chat")).to_be_visible()
    held: list[tuple[Route, APIResponse]] = []
    phone.page.route(
        "**/chat/messages?*", lambda route: held.append((route, route.fetch())), times=1
    )
    phone.page.evaluate("void dispatchEvent(new Event('online'))")  # fetches the newest page
    while not held:
        phone.page.wait_for_timeout(20)
    bot.call("deleteMessage", chat_id=phone.chat_id, message_id=sent["message_id"])
    expect(phone.entry("Wrong chat")).to_have_count(0)

    (route, response), *_ = held
    with phone.page.expect_response("**/chat/messages?*") as fetched:
        route.fulfill(response=response)
    assert "Wrong chat" in fetched.value.text()

    phone.see_drawn()
    expect(phone.entry("Wrong chat")).to_have_count(0)


def test_older_messages_come_as_one_scrolls_up_without_a_jump(phone: Phone, bot: BotByHand) -> None:
    lines = [
        bot.call("sendMessage", chat_id=phone.chat_id, text=f"Line {number}")["message_id"]
        for number in range(HALF)
    ]
    bot.call("copyMessages", chat_id=phone.chat_id, from_chat_id=phone.chat_id, message_ids=lines)
    expect(phone.page.locator(".entry.in")).to_have_count(2 * HALF)
    phone.see_at_end()
    phone.see_noted()  # a page that begins anew begins at its end
    phone.page.reload()
    phone.see_connected()
    phone.see_at_end()
    oldest = phone.page.locator(".entry").first.get_attribute("data-id")
    read = phone.page.locator(f".entry[data-id='{oldest}'] article")

    place = read.evaluate(
        "article => { log.scrollTop = 300; return article.getBoundingClientRect().top }"
    )

    expect(phone.page.locator(".entry.in")).to_have_count(2 * HALF)
    phone.see_drawn()
    assert abs(read.evaluate("article => article.getBoundingClientRect().top") - place) < 2


def frame_ms(phone: Phone, step_px: int, turn_after: int = FRAMES) -> float:
    """How long a frame of scrolling takes, a median."""
    taken_ms: list[float] = phone.page.evaluate(SCROLL, [FRAMES, step_px, turn_after])
    return statistics.median(taken_ms)


@pytest.mark.timeout(600)  # on a machine that does other things too
def test_a_history_of_thousands_scrolls_smoothly(hurried_phone: Phone, bot: BotByHand) -> None:
    """Whole frames, painting included: the browser begins each as soon as the last is done.

    A machine that cannot draw even the newest page that fast is measured by how it draws that.
    """
    phone = hurried_phone
    phone.page.goto("about:blank")
    lines = [
        bot.call("sendMessage", chat_id=phone.chat_id, text=f"Line {number}. {MEDIUM[:60]}")
        for number in range(100)
    ]
    copied = {"from_chat_id": phone.chat_id, "message_ids": [one["message_id"] for one in lines]}
    for _ in range(HISTORY // 100 - 1):
        bot.call("copyMessages", chat_id=phone.chat_id, **copied)
    phone.page.goto(phone.base_url)
    phone.see_connected()
    newest_page_ms = frame_ms(phone, -STEP_PX, turn_after=4)
    phone.page.evaluate(LOAD_ALL, HISTORY)
    expect(phone.page.locator(".entry.in")).to_have_count(HISTORY)

    limit_ms = max(FRAME_MS, 3 * newest_page_ms)
    for way_px in (STEP_PX, -STEP_PX):
        assert min(frame_ms(phone, way_px) for _ in range(3)) < limit_ms
    assert phone.page.evaluate("find('Line 37.')"), "far away is not out of the search"
    bot.call("sendMessage", chat_id=phone.chat_id, text="One more")
    expect(phone.entry("One more")).to_have_count(1)


def test_a_message_is_copied_and_printed_alone(phone: Phone, bot: BotByHand) -> None:
    for text in ("Case C-0041: 🔴 CRITICAL", "Something else"):
        bot.call("sendMessage", chat_id=phone.chat_id, text=text)
    entry = phone.entry("Case C-0041")
    entry.locator(".reply-button").click()
    phone.page.evaluate(
        """() => {
            window.copied = [];
            addEventListener("copy", ({ clipboardData }) =>
                window.copied.push(clipboardData.getData("text/plain")));
        }"""
    )
    phone.page.get_by_role("button", name="Copy").click()
    expect(phone.page.locator("#toast")).to_have_text("Copied")
    expect(phone.page.locator("#reply-bar")).to_be_hidden()
    assert phone.page.evaluate("window.copied") == ["Case C-0041: 🔴 CRITICAL"]

    entry.locator(".reply-button").click()
    phone.page.evaluate(
        """() => {
            window.print = () => { window.onPaper = [...document.querySelectorAll(".entry")]
                .filter((each) => getComputedStyle(each).display !== "none")
                .map((each) => each.querySelector(".text").textContent); };
        }"""
    )
    phone.page.emulate_media(media="print")
    phone.page.evaluate("document.querySelector('#reply-print').click()")
    phone.page.emulate_media(media="screen")
    assert phone.page.evaluate("window.onPaper") == ["Case C-0041: 🔴 CRITICAL"]
    expect(phone.entry("Something else")).to_be_visible()


def test_a_message_is_given_to_another_app_where_the_browser_can(
    phone: Phone, bot: BotByHand
) -> None:
    bot.call("sendMessage", chat_id=phone.chat_id, text="Case C-0041: referred")
    page, entry = phone.page, phone.entry("Case C-0041")
    page.evaluate("() => { delete Navigator.prototype.share; }")
    entry.locator(".reply-button").click()
    expect(page.locator("#reply-copy")).to_be_visible()
    expect(page.locator("#reply-share")).to_be_hidden()

    page.evaluate(
        """() => {
            window.shared = [];
            navigator.share = async (given) => { window.shared.push(given); };
        }"""
    )
    page.set_viewport_size({"width": 320, "height": HEIGHT_PX})
    entry.locator(".reply-button").click()
    expect(page.locator("#reply-share")).to_be_in_viewport(ratio=1)
    expect(page.locator("#reply-cancel")).to_be_in_viewport(ratio=1)
    page.locator("#reply-share").click()
    phone.see("window.shared.length === 1")
    assert page.evaluate("window.shared") == [{"text": "Case C-0041: referred"}]
    expect(page.locator("#reply-bar")).to_be_hidden()

    page.evaluate("() => { navigator.share = async () => { throw new TypeError(); }; }")
    entry.locator(".reply-button").click()
    page.locator("#reply-share").click()
    expect(page.locator("#toast")).to_have_text("Not shared. Save or copy it instead.")


def test_a_picture_is_shared_as_the_file_that_the_chat_has(phone: Phone, film: Path) -> None:
    page = phone.page
    phone.choose([film])
    phone.send_preview()
    page.evaluate(
        """() => {
            window.shared = [];
            navigator.canShare = ({ files }) => files.length === 1;
            navigator.share = async ({ files }) => {
                window.shared.push(...files.map(({ name, type }) => [type, name.slice(-4)]));
            };
        }"""
    )
    page.locator("#entries .entry:has(.tile) .reply-button").click()
    page.locator("#reply-share").click()
    phone.see("window.shared.length === 1")
    assert page.evaluate("window.shared") == [["image/jpeg", ".jpg"]]


def test_the_day_is_shown_while_the_chat_is_scrolled(phone: Phone, bot: BotByHand) -> None:
    for number in range(30):
        bot.call("sendMessage", chat_id=phone.chat_id, text=f"Older {number}\n\n\n")
    expect(phone.entry("Older 29")).to_be_visible()
    pill = phone.page.locator("#day-pill")
    phone.see_at_end()
    expect(pill).to_be_hidden()
    phone.page.locator("#log").evaluate("log => log.scrollTop -= 600")
    expect(pill).to_have_text("Today")
    expect(pill).to_be_hidden()


ANIMATED = """() => document.getAnimations()
    .filter((each) => each.effect.getComputedTiming().endTime > 20).length"""


@pytest.mark.parametrize("wanted", ["no-preference", "reduce"])
def test_whoever_wants_less_motion_has_none(
    phone: Phone, bot: BotByHand, wanted: Literal["no-preference", "reduce"]
) -> None:
    phone.page.emulate_media(reduced_motion=wanted)
    bot.call("sendChatAction", chat_id=phone.chat_id, action="typing")
    expect(phone.page.locator("#typing")).to_be_visible()
    assert (phone.page.evaluate(ANIMATED) > 0) is (wanted == "no-preference")


@pytest.mark.parametrize("width_px", [320, 360, 768, 1280])
def test_a_film_fills_its_bubble_however_long_its_words_are(
    phone: Phone, bot: BotByHand, film: Path, width_px: int
) -> None:
    phone.choose([film])
    phone.send_preview()
    photo = bot.next_update("message")["photo"][-1]["file_id"]
    bot.call("sendPhoto", photo=photo, caption=f"Marked. {MEDIUM}", chat_id=phone.chat_id)
    bubble = phone.entry("Marked.").locator(".bubble")
    expect(bubble.locator(".tile img")).to_be_visible()
    phone.page.set_viewport_size({"width": width_px, "height": HEIGHT_PX})
    phone.see_drawn()
    whole, tile = bubble.bounding_box(), bubble.locator(".tile").bounding_box()
    assert whole is not None
    assert tile is not None
    assert tile["x"] - whole["x"] <= 6
    assert whole["width"] - tile["width"] <= 12
    assert whole["x"] + whole["width"] <= width_px


OVERLAPS = """(ids) => {
    const boxes = (each) => {
        const range = document.createRange();
        range.selectNodeContents(each);
        return [...range.getClientRects()];
    };
    const { top: above, bottom: below } = log.getBoundingClientRect();
    const words = [...document.querySelectorAll(".entry.in :is(.text, .quote)")].flatMap(boxes)
        .filter(({ top, bottom }) => bottom > above && top < below)
        .map(({ left, right, top, bottom }) =>
            ({ left, right, top: Math.max(top, above), bottom: Math.min(bottom, below) }));
    return ids.filter((id) => {
        const at = document.getElementById(id).getBoundingClientRect();
        if (at.width === 0) throw new Error(`${id} is not shown`);
        return words.some(({ left, right, top, bottom }) =>
            left < at.right && right > at.left && top < at.bottom && bottom > at.top);
    });
}"""


@pytest.mark.parametrize("language", Language)
def test_neither_the_day_nor_the_way_to_the_end_lies_over_what_the_bot_says(
    phone: Phone, bot: BotByHand, language: Language
) -> None:
    page = phone.page
    page.set_viewport_size({"width": 320, "height": 568})
    page.evaluate("code => localStorage.setItem('edgerad.language', code)", language)
    page.reload()
    for number in range(12):
        bot.call("sendMessage", chat_id=phone.chat_id, text=f"Older {number}. {MEDIUM}")
    expect(phone.entry("Older 11")).to_be_attached()
    page.locator("#log").evaluate("log => log.scrollTop = log.scrollHeight")
    phone.see_at_end()
    page.locator("#log").evaluate("log => log.scrollTop -= 900")
    bot.call("sendMessage", chat_id=phone.chat_id, text="The newest")
    expect(page.locator("#to-end-count")).to_have_text("1")
    page.locator("#log").evaluate("log => log.scrollTop -= 5")
    expect(page.locator("#day-pill")).to_be_visible()
    assert page.evaluate(OVERLAPS, ["day-pill", "to-end", "to-end-count"]) == []
    day, menu = page.locator("#day-pill").bounding_box(), page.locator("#open-menu").bounding_box()
    assert day is not None
    assert menu is not None
    assert day["x"] + day["width"] <= menu["x"]


def test_keys_of_a_desktop_act_while_nothing_is_typed(phone: Phone, bot: BotByHand) -> None:
    bot.call("sendMessage", chat_id=phone.chat_id, text="The newest")
    expect(phone.entry("The newest")).to_be_visible()
    page, field = phone.page, phone.page.get_by_label("Message", exact=True)
    page.get_by_role("log").focus()
    page.keyboard.press("/")
    expect(field).to_be_focused()
    page.keyboard.type("m/r?")
    expect(field).to_have_value("m/r?")
    page.get_by_role("log").focus()
    page.keyboard.press("r")
    expect(page.locator("#reply-text")).to_have_text("The newest")
    page.get_by_role("log").focus()
    page.keyboard.press("m")
    expect(page.locator("#menu")).to_be_visible()
    page.keyboard.press("?")
    expect(page.locator("#question")).to_be_hidden()
    page.keyboard.press("Escape")
    page.get_by_role("log").focus()
    page.keyboard.press("?")
    expect(page.locator("#question")).to_contain_text("Keys: / write")
