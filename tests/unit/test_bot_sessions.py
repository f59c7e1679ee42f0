"""What a phone's session tells the bot beside messages: its language, and its PIN."""

from typing import Any

from bot.domain.audit import Act
from bot.domain.ids import ChatId
from bot.domain.people import Role
from bot.inbox import _new
from inference.contract import Language
from tests.bot_conversation import Conversation, words


def told(user_id: int, event: str, language_code: str = "en") -> dict[str, Any]:
    user = {"id": user_id, "is_bot": False, "first_name": "Amina", "language_code": language_code}
    return {"edgerad_session": {"from": user, "date": 1, "event": event}}


async def test_what_happens_to_a_pin_stands_in_the_audit_log(chat: Conversation) -> None:
    nurse = await chat.clinic.enrol(7, Role.HEALTH_WORKER)
    for event in ("pin_set", "pin_wrong", "session_ended", "pin_removed", "something_new"):
        assert await chat.serve(told(nurse.user_id, event)) == []

    entries = await chat.clinic.store.audit.newest(4)
    assert [(entry.name, entry.act, entry.subject) for entry in entries] == [
        (nurse.name, Act.PIN, subject) for subject in ("removed", "session ended", "wrong", "set")
    ]


async def test_a_language_chosen_on_the_page_is_the_bots_from_then_on(chat: Conversation) -> None:
    nurse = await chat.clinic.enrol(7, Role.HEALTH_WORKER)

    assert await chat.serve(told(nurse.user_id, "language_chosen", "fr")) == []

    person = await chat.clinic.store.people.find(nurse.user_id)
    assert person is not None
    assert person.language is Language.FRENCH
    assert "Envoyez" in words(await chat.types(nurse, "/help"))
    assert len(chat.clinic.server.sent("setMyCommands")) == 1
    await chat.serve(told(nurse.user_id, "language_chosen", "tlh"))
    person = await chat.clinic.store.people.find(nurse.user_id)
    assert person is not None
    assert person.language is Language.FRENCH


async def test_a_language_chosen_in_the_chat_is_told_to_the_page(chat: Conversation) -> None:
    nurse = await chat.clinic.enrol(7, Role.HEALTH_WORKER)

    await chat.presses(nurse, "language:pt")

    (asked,) = chat.clinic.server.sent("edgeradSetLanguage")
    assert asked == {"chat_id": nurse.chat_id, "language_code": "pt"}


async def test_a_strangers_session_is_passed_over(chat: Conversation) -> None:
    assert await chat.serve(told(99, "pin_set")) == []
    assert await chat.clinic.store.audit.newest(10) == ()


def test_an_update_of_a_session_waits_in_its_persons_line() -> None:
    assert _new({"update_id": 1, **told(7, "pin_set")}).chat_id == ChatId(7)
