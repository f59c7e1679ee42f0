"""A command typed without its words asks for them, takes the answer, and harms nothing if left."""

import pytest

from bot.domain.ids import ChatId, MessageId
from bot.domain.messages import Asks, Outgoing, Question, Reply
from bot.domain.people import Role
from bot.locale import translator
from bot.replies import cases, forgetting, search
from inference.contract import Language
from tests.bot_conversation import SUPERVISOR, WORKER, Conversation, buttons, words
from tests.bot_world import Clinic, outbox


async def asked(chat: Conversation, who: int, command: str) -> MessageId:
    """The id of the question that a command without words leads to."""
    (said,) = await chat.types(who, command)
    assert said.reply.asks is not None
    return await chat.last_message_id()


async def test_the_reply_to_which_case_opens_it(chat: Conversation) -> None:
    case = await chat.case(await chat.enrol(WORKER))
    question = await asked(chat, WORKER, "/case")
    assert case.code in words(await chat.types(WORKER, "1", reply_to=question))


async def test_the_reply_to_search_for_what_is_searched_for(chat: Conversation) -> None:
    await chat.enrol(SUPERVISOR, Role.SUPERVISOR)
    case = await chat.case(await chat.enrol(WORKER))
    question = await asked(chat, SUPERVISOR, "/search")
    said = await chat.types(SUPERVISOR, "pneumo", reply_to=question)
    assert buttons(said) == [f"case:{case.case_id}"]


async def test_the_reply_to_delete_whose_cases_is_asked_about_again(chat: Conversation) -> None:
    await chat.enrol(SUPERVISOR, Role.SUPERVISOR)
    await chat.case(await chat.enrol(WORKER), caption="cough, ref 2231")
    question = await asked(chat, SUPERVISOR, "/forget")
    said = await chat.types(SUPERVISOR, "2231", reply_to=question)
    assert "1 case has this reference." in words(said)
    assert buttons(said)[0].startswith("forget!:")


@pytest.mark.parametrize(
    ("command", "answer", "expected"),
    [
        ("/case", "the tall man", "A number looks like this: C-0042"),
        ("/search", "?!", "Type words of a caption"),
        ("/forget", "nobody", "then send its code: /forget C-0012"),
    ],
)
async def test_a_wrong_answer_says_what_is_expected_and_may_be_given_anew(
    chat: Conversation, command: str, answer: str, expected: str
) -> None:
    await chat.enrol(SUPERVISOR, Role.SUPERVISOR)
    case = await chat.case(await chat.enrol(WORKER), caption="cough, ref 2231")
    question = await asked(chat, SUPERVISOR, command)
    assert expected in words(await chat.types(SUPERVISOR, answer, reply_to=question))
    again = await chat.last_message_id()
    right = {"/case": "1", "/search": "cough", "/forget": "2231"}[command]
    said = await chat.types(SUPERVISOR, right, reply_to=again)
    assert any(str(case.case_id) in data for data in buttons(said))


@pytest.mark.parametrize("command", ["/case", "/search", "/forget"])
async def test_a_question_that_is_left_alone_takes_nothing_else(
    chat: Conversation, command: str
) -> None:
    """Age and sex of a case that waits, typed after it, are that case's still."""
    await chat.enrol(SUPERVISOR, Role.SUPERVISOR)
    me = await chat.clinic.enrol(SUPERVISOR, Role.SUPERVISOR)
    case = await chat.clinic.open_case(me, caption="cough")
    await chat.delivered()
    await asked(chat, SUPERVISOR, command)
    assert "0 cases" not in words(await chat.types(SUPERVISOR, "/cases"))
    await chat.types(SUPERVISOR, "F 45")
    told = await chat.clinic.store.cases.get(case.case_id)
    assert told is not None
    assert told.patient.age_years == 45


async def test_a_command_typed_in_reply_to_a_question_is_that_command(chat: Conversation) -> None:
    await chat.enrol(SUPERVISOR, Role.SUPERVISOR)
    question = await asked(chat, SUPERVISOR, "/search")
    assert "Today" in words(await chat.types(SUPERVISOR, "/cases", reply_to=question))


async def test_an_answer_needs_the_role_that_its_command_needs(chat: Conversation) -> None:
    await chat.enrol(WORKER)
    question = Asks(question=Question.SEARCH, example="x")
    message = Outgoing(key="q", chat_id=ChatId(WORKER), reply=Reply(text="?", asks=question))
    await chat.clinic.store.outbox.add(message)
    await chat.delivered()
    said = await chat.types(WORKER, "cough", reply_to=await chat.last_message_id())
    assert "for supervisors" in words(said)


async def test_a_reply_to_somebody_elses_question_answers_nothing(chat: Conversation) -> None:
    await chat.enrol(SUPERVISOR, Role.SUPERVISOR)
    await chat.case(await chat.enrol(WORKER))
    question = await asked(chat, SUPERVISOR, "/case")
    assert "C-0001" not in words(await chat.types(WORKER, "1", reply_to=question))


async def test_a_question_begins_its_reply_in_the_chat_with_an_example(ward: Clinic) -> None:
    reply = cases.which_case(translator(Language.ENGLISH))
    await ward.store.outbox.add(Outgoing(key="q", chat_id=ChatId(7), reply=reply))
    delivery = await ward.store.outbox.take([])
    assert delivery is not None
    await outbox(ward).deliver_one(delivery)
    (sent,) = ward.server.sent()
    assert sent["reply_markup"]["force_reply"] is True
    assert sent["reply_markup"]["input_field_placeholder"] == "C-0042"


@pytest.mark.parametrize("language", Language)
def test_an_example_fits_where_it_is_shown(language: Language) -> None:
    t = translator(language)
    for reply in (cases.which_case(t), search.search_for_what(t), forgetting.whom(t)):
        assert reply.asks is not None
        assert 0 < len(reply.asks.example) <= 64
