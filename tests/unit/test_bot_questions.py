"""A question without a reply is about the answer before it; one for a drug reaches no model."""

import json
from datetime import timedelta

import pytest

from bot.answers import answers
from bot.domain.ids import MessageId
from bot.domain.messages import MessageRole, Outgoing
from bot.domain.people import Person, Role
from bot.store.inbox import NewUpdate
from inference.contract import Language
from tests.bot_conversation import OTHER, STALE, WORKER, Conversation, buttons, words
from tests.bot_world import reading

LEASE = timedelta(minutes=1)


async def answered(chat: Conversation, worker: Person) -> None:
    """A case whose answer was delivered just now."""
    await chat.clinic.open_case(worker)
    await chat.delivered()
    await answer_next(chat)
    await chat.delivered()


async def answer_next(chat: Conversation) -> None:
    store = chat.clinic.store
    claim = await store.claims.take(LEASE)
    assert claim is not None
    await store.claims.complete(claim, reading(), answers(claim, reading()))


async def types(chat: Conversation, worker: Person, text: str) -> list[Outgoing]:
    """Somebody types a text, which is kept as an update is before it is served."""
    body = chat.message(worker, text, None, "en")
    update_id = int(body["message"]["message_id"])
    kept = NewUpdate(update_id=update_id, chat_id=worker.chat_id, body=json.dumps(body))
    await chat.clinic.store.inbox.store([kept])
    return await chat.serve(body, update_id=update_id)


async def asked_next(chat: Conversation) -> str | None:
    """The question that the model is asked next, None if nothing waits for it."""
    claim = await chat.clinic.store.claims.take(LEASE)
    return None if claim is None else claim.question


async def test_a_question_right_after_an_answer_is_put_about_its_case_once_that_is_said(
    chat: Conversation,
) -> None:
    worker = await chat.enrol(WORKER)
    await answered(chat, worker)
    said = await types(chat, worker, "Which side?")
    assert "About C-0001?" in words(said)
    assert "<blockquote>Which side?</blockquote>" in words(said)
    assert await asked_next(chat) is None
    yes, no = buttons(said)
    assert (yes[-4:], no[-3:]) == (":yes", ":no")
    about = await chat.last_message_id()
    received, closing = await chat.presses(worker, yes, about)
    assert "Question on case C-0001 received" in received.reply.text
    assert (closing.edits, closing.gives_way_to) == (about, received.key), "one bubble stays"
    assert await asked_next(chat) == "Which side?"


async def test_a_question_about_another_case_is_not_put(chat: Conversation) -> None:
    worker = await chat.enrol(WORKER)
    await answered(chat, worker)
    _, no = buttons(await types(chat, worker, "is it broken"))
    said = await chat.presses(worker, no, await chat.last_message_id())
    assert "reply to its answer" in words(said)
    assert [m.edits is not None for m in said] == [True]
    assert await asked_next(chat) is None


async def test_a_press_that_is_served_twice_asks_once(chat: Conversation) -> None:
    worker = await chat.enrol(WORKER)
    await answered(chat, worker)
    yes, _ = buttons(await types(chat, worker, "Which side?"))
    press = chat.press(worker, yes, await chat.last_message_id())
    assert len(await chat.serve(press, update_id=99)) == 2
    assert await chat.serve(press, update_id=99) == []
    assert await asked_next(chat) == "Which side?"
    assert await asked_next(chat) is None


async def test_an_answer_to_a_question_may_be_asked_about_too(chat: Conversation) -> None:
    worker = await chat.enrol(WORKER)
    await answered(chat, worker)
    yes, _ = buttons(await types(chat, worker, "Which side?"))
    await chat.presses(worker, yes, await chat.last_message_id())
    await answer_next(chat)
    await chat.delivered()
    assert "About C-0001?" in words(await types(chat, worker, "and how large?"))


@pytest.mark.parametrize("text", ["thank you", "ok", "merci docteur"])
async def test_what_is_no_question_gets_the_short_help_as_ever(
    chat: Conversation, text: str
) -> None:
    worker = await chat.enrol(WORKER)
    await answered(chat, worker)
    assert "Send a photo" in words(await types(chat, worker, text))


async def test_a_question_long_after_an_answer_gets_the_short_help(chat: Conversation) -> None:
    worker = await chat.enrol(WORKER)
    await answered(chat, worker)
    chat.clinic.clock.advance(31 * 60)
    assert "Send a photo" in words(await types(chat, worker, "Which side?"))


async def test_nobody_asks_about_somebody_elses_case_by_a_forged_button(
    chat: Conversation,
) -> None:
    worker, other = await chat.enrol(WORKER), await chat.enrol(OTHER)
    await answered(chat, worker)
    yes, _ = buttons(await types(chat, worker, "Which side?"))
    assert await chat.presses(other, yes, 900) == []
    assert chat.button_answers()[-1] == STALE
    forged = yes.replace(":yes", "0:yes")
    assert await chat.presses(worker, forged, 900) == []
    assert chat.button_answers()[-1] == STALE
    assert await asked_next(chat) is None


async def test_ask_under_an_answer_takes_the_question_from_the_reply(chat: Conversation) -> None:
    worker = await chat.enrol(WORKER)
    await chat.clinic.open_case(worker)
    await chat.delivered()
    await answer_next(chat)
    said = await chat.delivered()
    assert "ask:1" in buttons(said)
    (prompt,) = await chat.presses(worker, "ask:1")
    assert prompt.reply.asks is not None
    assert prompt.about is not None
    assert prompt.about.role is MessageRole.NOTICE
    await chat.types(worker, "Which side?", reply_to=await chat.last_message_id())
    assert await asked_next(chat) == "Which side?"


@pytest.mark.parametrize("language", Language)
async def test_a_question_for_a_dose_gets_a_fixed_sentence_and_not_the_model(
    chat: Conversation, language: Language
) -> None:
    worker = await chat.enrol(WORKER, Role.HEALTH_WORKER, language)
    await answered(chat, worker)
    answer = await newest_answer(chat, worker)
    for reply_to in (None, answer):
        said = await chat.types(worker, "What dose of amoxicillin?", reply_to=reply_to)
        assert words(said).startswith("<b>⚠️ ")
        assert len(said) == 1
    assert await asked_next(chat) is None


async def newest_answer(chat: Conversation, worker: Person) -> MessageId:
    query = "SELECT max(message_id) AS id FROM messages WHERE chat_id = :chat AND role = 'answer'"
    row = await chat.clinic.database.read(lambda tx: tx.one(query, chat=worker.chat_id))
    assert row is not None
    return MessageId(row["id"])
