"""Messages out: each chat's oldest first, until the server confirmed them."""

from datetime import timedelta
from functools import partial

import pytest
from sqlcipher3 import dbapi2

from bot.domain.audit import Actor
from bot.domain.ids import ChatId, MessageId, UserId
from bot.domain.messages import About, Attachment, Button, MessageRole, Outgoing, Reply
from bot.domain.people import Role
from bot.outbox import MAX_FAILURES
from tests.bot_world import START, Clinic, outbox


def text(key: str, chat_id: int = 7, **more: object) -> Outgoing:
    return Outgoing(key=key, chat_id=ChatId(chat_id), reply=Reply(text=f"text {key}"), **more)  # type: ignore[arg-type]  # the fields of Outgoing


async def deliver_all(ward: Clinic) -> None:
    """What the delivery loop does until nothing is due."""
    box = outbox(ward)
    while (delivery := await ward.store.outbox.take([])) is not None:
        await box.deliver_one(delivery)


async def deliver_one(ward: Clinic) -> None:
    """What the delivery loop does first."""
    delivery = await ward.store.outbox.take([])
    assert delivery is not None
    await outbox(ward).deliver_one(delivery)


async def test_messages_go_out_in_order_and_once(ward: Clinic) -> None:
    await ward.store.outbox.add(text("a"), text("b"))
    await ward.store.outbox.add(text("a"))
    await deliver_all(ward)
    await deliver_all(ward)
    assert [call["text"] for call in ward.server.sent()] == ["text a", "text b"]


async def test_a_button_keeps_its_picture_and_a_server_is_told_of_it(ward: Clinic) -> None:
    pictured = Button(text="🔴 C-0038", data="case:38", picture_of=(ChatId(9), MessageId(4)))
    plain = Button(text="Older ▶", data="cases:all:8")
    reply = Reply(text="list", buttons=((pictured, plain),))
    await ward.store.outbox.add(Outgoing(key="a", chat_id=ChatId(7), reply=reply))
    await deliver_all(ward)
    (call,) = ward.server.sent()
    assert call["reply_markup"]["inline_keyboard"] == [
        [
            {
                "text": "🔴 C-0038",
                "callback_data": "case:38",
                "edgerad_picture_of": {"chat_id": 9, "message_id": 4},
            },
            {"text": "Older ▶", "callback_data": "cases:all:8"},
        ]
    ]


async def test_an_sms_has_a_key_that_is_the_same_when_it_is_sent_again(ward: Clinic) -> None:
    await ward.store.outbox.add(text("a", is_sms=True), text("b", is_sms=True))
    first = await ward.store.outbox.take([])
    assert first is not None
    await outbox(ward).deliver_one(first)
    await outbox(ward).deliver_one(first)  # as after a crash before its mark
    await deliver_all(ward)
    keys = [call["edgerad_key"] for call in ward.server.sent()]
    assert keys[0] == keys[1] != keys[2]


async def test_what_was_asked_is_marked_as_answered_by_its_answer_alone(ward: Clinic) -> None:
    case = await ward.open_case(await ward.enrol(7))

    def about(role: MessageRole) -> About:
        return About(reading_id=case.reading_id, role=role)

    notice = text("a", reply_to=MessageId(3), about=about(MessageRole.NOTICE))
    answer = text("b", reply_to=MessageId(4), about=about(MessageRole.ANSWER))
    ward.server.refuse("setMessageReaction", 400, "Bad Request: message to react not found")
    await ward.store.outbox.add(notice, answer)
    await deliver_all(ward)
    (marked,) = ward.server.sent("setMessageReaction")
    assert marked["message_id"] == 4
    assert "👌" in str(marked["reaction"])


async def test_a_message_put_off_holds_back_its_own_chat_and_no_other(ward: Clinic) -> None:
    await ward.store.outbox.add(text("a"), text("b"), text("c", chat_id=8))
    ward.server.refuse("sendMessage", 500, "Internal Server Error")
    await deliver_all(ward)
    assert [call["text"] for call in ward.server.sent()] == ["text a", "text c"]
    ward.clock.advance(1)
    await deliver_all(ward)
    assert [call["text"] for call in ward.server.sent()][2:] == ["text a", "text b"]


async def test_the_pause_that_the_server_asks_for_is_kept(ward: Clinic) -> None:
    await ward.store.outbox.add(text("a"))
    ward.server.refuse("sendMessage", 429, "Too Many Requests", retry_after=30)
    await deliver_all(ward)
    ward.clock.advance(29)
    await deliver_all(ward)
    assert len(ward.server.sent()) == 1
    ward.clock.advance(1)
    await deliver_all(ward)
    assert len(ward.server.sent()) == 2


async def test_a_reply_to_a_message_that_is_gone_is_sent_without_it(ward: Clinic) -> None:
    await ward.store.outbox.add(text("a", reply_to=MessageId(3)))
    ward.server.refuse("sendMessage", 400, "Bad Request: message to be replied not found")
    await deliver_all(ward)
    first, second = ward.server.sent()
    assert first["reply_parameters"]["message_id"] == 3
    assert "reply_parameters" not in second


@pytest.mark.parametrize(
    ("code", "description"),
    [(403, "Forbidden: bot was blocked by the user"), (400, "Bad Request: chat not found")],
)
async def test_what_the_server_will_never_take_is_given_up_and_the_rest_goes_on(
    ward: Clinic, code: int, description: str
) -> None:
    await ward.store.outbox.add(text("a"), text("b"))
    ward.server.refuse("sendMessage", code, description)
    await deliver_all(ward)
    assert [call["text"] for call in ward.server.sent()] == ["text a", "text b"]
    assert await ward.store.outbox.next_at([]) is None


async def test_a_text_that_replies_to_any_part_of_an_answer_finds_its_case(ward: Clinic) -> None:
    case = await ward.open_case(await ward.enrol(7))
    about = About(reading_id=case.reading_id, role=MessageRole.ANSWER)
    await ward.store.outbox.add(text("1", about=about), text("2", about=about))
    await deliver_all(ward)
    for sent in (1001, 1002, 1003):
        found = await ward.store.cases.of_message(ChatId(7), MessageId(sent))
        assert found is not None
        assert found.case_id == case.case_id
    assert await ward.store.cases.of_message(ChatId(8), MessageId(1002)) is None


async def test_an_edit_finds_the_received_message_it_closes(ward: Clinic) -> None:
    case = await ward.open_case(await ward.enrol(7))
    about = About(reading_id=case.reading_id, role=MessageRole.RECEIVED)
    edit = text("closing", about=about, edits_received=True)
    await ward.store.outbox.add(edit)
    await deliver_all(ward)
    (edited,) = ward.server.sent("editMessageText")
    assert (edited["message_id"], edited["text"]) == (1001, "text closing")


async def closed(ward: Clinic) -> None:
    """A case with its answer, for which "received" gives way, on their way to the chat."""
    case = await ward.open_case(await ward.enrol(7))
    role = partial(About, reading_id=case.reading_id)
    answer = text("answer", about=role(role=MessageRole.ANSWER))
    about = role(role=MessageRole.RECEIVED)
    closing = text("closing", about=about, edits_received=True, gives_way_to="answer")
    await ward.store.outbox.add(answer, closing)


async def test_the_received_message_gives_way_to_the_answer_once_that_is_there(
    ward: Clinic,
) -> None:
    await closed(ward)
    await deliver_all(ward)
    methods = [call.method for call in ward.server.calls if call.method != "setMessageReaction"]
    assert methods == ["sendMessage", "sendMessage", "deleteMessage"]
    assert ward.server.sent("deleteMessage")[0]["message_id"] == 1001
    assert await ward.store.cases.of_message(ChatId(7), MessageId(1001)) is None
    assert await ward.store.cases.of_message(ChatId(7), MessageId(1002)) is not None
    assert await ward.store.outbox.next_at([]) is None


async def test_what_was_removed_before_a_crash_counts_as_removed(ward: Clinic) -> None:
    await closed(ward)
    ward.server.refuse("deleteMessage", 400, "Bad Request: message to delete not found")
    await deliver_all(ward)
    assert ward.server.sent("editMessageText") == []
    assert await ward.store.cases.of_message(ChatId(7), MessageId(1001)) is None


async def test_what_a_server_does_not_remove_any_more_gets_words_in_place(ward: Clinic) -> None:
    """Telegram lets bots remove nothing that is older than 48 hours."""
    await closed(ward)
    ward.server.refuse("deleteMessage", 400, "Bad Request: message can't be deleted for everyone")
    await deliver_all(ward)
    (edited,) = ward.server.sent("editMessageText")
    assert (edited["message_id"], edited["text"]) == (1001, "text closing")


async def test_the_received_message_stays_where_the_answer_was_refused(ward: Clinic) -> None:
    await closed(ward)
    await deliver_one(ward)
    ward.server.refuse("sendMessage", 400, "Bad Request: message is too long")
    await deliver_all(ward)
    assert ward.server.sent("deleteMessage") == []
    assert len(ward.server.sent("editMessageText")) == 1


async def test_a_server_that_is_away_is_asked_again_to_remove(ward: Clinic) -> None:
    await closed(ward)
    ward.server.refuse("deleteMessage", 500, "Internal Server Error")
    await deliver_all(ward)
    ward.clock.advance(60)
    await deliver_all(ward)
    assert len(ward.server.sent("deleteMessage")) == 2
    assert len(ward.server.sent()) == 2, "the answer went out once"


async def test_an_edit_that_changes_nothing_counts_as_delivered(ward: Clinic) -> None:
    await ward.store.outbox.add(text("a", edits=MessageId(5)), text("b"))
    ward.server.refuse("editMessageText", 400, "Bad Request: message is not modified: same")
    await deliver_all(ward)
    assert [call["text"] for call in ward.server.sent()] == ["text b"]


async def test_a_stored_picture_goes_out_as_a_photo_with_its_words(ward: Clinic) -> None:
    picture = await ward.picture()
    await ward.store.outbox.add(text("a", picture=picture.name))
    await deliver_all(ward)
    (photo,) = ward.server.sent("sendPhoto")
    assert photo["caption"] == "text a"


async def test_a_file_goes_out_under_its_name_and_is_not_kept(ward: Clinic) -> None:
    attachment = Attachment(file_name="cases.csv", data=b"code\n")
    await ward.store.outbox.add(text("a", attachment=attachment))
    await deliver_all(ward)
    assert len(ward.server.sent("sendDocument")) == 1


async def test_buttons_travel_with_a_message(ward: Clinic) -> None:
    buttons = ((Button(text="Cancel", data="cancel:1"),),)
    message = Outgoing(key="a", chat_id=ChatId(7), reply=Reply(text="x", buttons=buttons))
    await ward.store.outbox.add(message)
    await deliver_all(ward)
    (sent,) = ward.server.sent()
    assert sent["reply_markup"] == {
        "inline_keyboard": [[{"text": "Cancel", "callback_data": "cancel:1"}]]
    }


async def test_progress_that_cannot_be_shown_is_no_fault(ward: Clinic) -> None:
    box = outbox(ward)
    ward.server.refuse("editMessageText", 500, "Internal Server Error")
    await box.show(ChatId(7), MessageId(5), Reply(text="growing"))
    await box.show(ChatId(7), MessageId(5), Reply(text="growing more"))
    assert len(ward.server.sent("editMessageText")) == 2


async def test_the_next_due_time_is_that_of_a_chats_first_message_not_of_those_behind_it(
    ward: Clinic,
) -> None:
    await ward.store.outbox.add(text("a"), text("b"))
    ward.server.refuse("sendMessage", 429, "Too Many Requests", retry_after=30)
    await deliver_all(ward)
    assert await ward.store.outbox.next_at([]) == START + timedelta(seconds=30)
    assert await ward.store.outbox.next_at([7]) is None


async def test_a_message_that_fails_for_no_reason_of_the_servers_holds_up_no_other_chat(
    ward: Clinic,
) -> None:
    await ward.store.outbox.add(text("a"), text("b", chat_id=8))
    ward.server.not_an_api("sendMessage")
    await deliver_all(ward)
    assert [call["text"] for call in ward.server.sent()] == ["text a", "text b"]
    ward.clock.advance(1)
    await deliver_all(ward)
    assert [call["text"] for call in ward.server.sent()] == ["text a", "text b", "text a"]


async def test_a_message_that_never_stops_failing_oddly_is_given_up(ward: Clinic) -> None:
    await ward.store.outbox.add(text("a"))
    for _ in range(MAX_FAILURES):
        ward.server.not_an_api("sendMessage")
        await deliver_all(ward)
        ward.clock.advance(60)
    assert len(ward.server.sent()) == MAX_FAILURES
    assert await ward.store.outbox.next_at([]) is None


async def test_a_server_that_was_long_away_costs_a_message_no_patience(ward: Clinic) -> None:
    await ward.store.outbox.add(text("a"))
    for _ in range(MAX_FAILURES):
        ward.server.refuse("sendMessage", 500, "Internal Server Error")
        await deliver_all(ward)
        ward.clock.advance(60)
    ward.server.not_an_api("sendMessage")
    await deliver_all(ward)
    assert await ward.store.outbox.next_at([]) is not None


async def test_nothing_is_sent_where_it_could_not_be_marked_as_sent(ward: Clinic) -> None:
    await ward.store.outbox.add(text("a"))
    full = "CREATE TRIGGER full BEFORE UPDATE ON outbox BEGIN SELECT RAISE(ABORT, 'full'); END"
    await ward.database.write(lambda tx: tx.run(full))
    with pytest.raises(dbapi2.IntegrityError):
        await deliver_all(ward)
    assert ward.server.sent() == []


async def test_nothing_of_a_patient_reaches_somebody_whose_access_was_taken_away(
    ward: Clinic,
) -> None:
    case = await ward.open_case(await ward.enrol(7))
    about = About(reading_id=case.reading_id, role=MessageRole.ANSWER)
    await deliver_all(ward)
    await ward.store.outbox.add(text("answer", about=about), text("refusal"))
    await ward.store.people.revoke(UserId(7), by=Actor.at_the_machine())
    await deliver_all(ward)
    assert [call["text"] for call in ward.server.sent()] == ["received", "text refusal"]


async def test_what_waits_is_done_soon_after_a_start_in_the_past(ward: Clinic) -> None:
    ward.clock.advance(400 * 86_400)
    await ward.store.outbox.add(text("a"))
    ward.clock.advance(-400 * 86_400)
    await ward.store.due.bring_forward(START + timedelta(minutes=1))
    ward.clock.advance(60)
    await deliver_all(ward)
    assert [call["text"] for call in ward.server.sent()] == ["text a"]


async def test_markup_that_the_server_refuses_goes_out_as_bare_words(ward: Clinic) -> None:
    marked = Reply(text="<b>FINDINGS</b>\na &lt; b")
    await ward.store.outbox.add(Outgoing(key="a", chat_id=ChatId(7), reply=marked))
    ward.server.refuse("sendMessage", 400, "Bad Request: can't parse entities: odd tag")
    await deliver_all(ward)
    assert [call["text"] for call in ward.server.sent()][1:] == ["FINDINGS\na &lt; b"]


async def test_an_answer_that_can_never_be_delivered_is_told_to_every_supervisor(
    ward: Clinic,
) -> None:
    amina, esther = await ward.enrol(7), await ward.enrol(8, Role.SUPERVISOR)
    case = await ward.open_case(amina)
    await deliver_all(ward)
    about = About(reading_id=case.reading_id, role=MessageRole.ANSWER)
    await ward.store.outbox.add(text("a", about=about))
    ward.server.refuse("sendMessage", 403, "Forbidden: bot was blocked by the user")
    await deliver_all(ward)
    last = ward.server.sent()[-1]
    assert int(last["chat_id"]) == esther.chat_id
    assert "could not be delivered" in last["text"]
    assert case.code in last["text"]


async def test_an_alarms_sms_is_marked_so_that_it_may_use_all_of_the_budget(ward: Clinic) -> None:
    call = text("alarm:1:1:2:sms:7", chat_id=8, is_sms=True)
    await ward.store.outbox.add(call, text("b", is_sms=True), text("alarm:1:1:2:7"))
    await deliver_all(ward)
    marks = [(sent["text"][5:], sent.get("edgerad_alarm")) for sent in ward.server.sent()]
    assert sorted(marks) == [("alarm:1:1:2:7", None), ("alarm:1:1:2:sms:7", True), ("b", None)]


async def test_an_edit_with_a_picture_puts_it_in_the_place_of_the_one_that_was_sent(
    ward: Clinic,
) -> None:
    film = Attachment(file_name="C-0001.jpg", data=b"\xff\xd8 marked")
    gone = Attachment(file_name="C-0001.jpg", data=b"\xff\xd8 withdrawn")
    reply = Reply(text="<b>film</b>")
    await ward.store.outbox.add(
        Outgoing(key="a:film", chat_id=ChatId(7), reply=reply, attachment=film),
        Outgoing(key="b:film", chat_id=ChatId(7), reply=reply, attachment=gone, edits_key="a:film"),
    )
    await deliver_all(ward)
    (edited,) = ward.server.sent("editMessageMedia")
    assert len(ward.server.sent("sendPhoto")) == 1
    assert edited["media"]["type"] == "photo"
    assert edited["media"]["caption"] == "<b>film</b>"
