"""How somebody joins: a code, the terms, and nothing before."""

from bot.domain.ids import UserId
from bot.domain.people import Role
from tests.bot_conversation import OTHER, STRANGER, SUPERVISOR, WORKER, Conversation, buttons, words


async def test_a_code_enrols_welcomes_and_shows_the_terms_before_anything_else(
    chat: Conversation,
) -> None:
    code = await chat.invite(await chat.enrol(SUPERVISOR, Role.SUPERVISOR))
    said = await chat.types(STRANGER, f"/start {code}")
    assert "Welcome, Person 99." in words(said)
    assert "health worker" in words(said)
    assert buttons(said) == ["terms", "fullterms"]

    assert "Before your first case" in words(await chat.types(STRANGER, "/cases"))
    accepted = await chat.presses(STRANGER, "terms", message_id=901)
    assert [message.edits for message in accepted] == [901, None]
    assert buttons(accepted[:1]) == ["fullterms"]
    assert "0 cases" in words(await chat.types(STRANGER, "/cases"))


async def test_the_terms_are_accepted_once_and_the_first_time_stays(chat: Conversation) -> None:
    worker = await chat.enrol(WORKER)
    chat.clinic.clock.advance(3600)
    await chat.presses(worker, "terms")
    found = await chat.clinic.store.people.find(worker.user_id)
    assert found is not None
    assert found.accepted_terms_at == worker.accepted_terms_at


async def test_starting_again_is_harmless(chat: Conversation) -> None:
    code = await chat.invite(await chat.enrol(SUPERVISOR, Role.SUPERVISOR))
    await chat.types(STRANGER, f"/start {code}")
    await chat.presses(STRANGER, "terms")
    for text in ("/start", f"/start {code}"):
        said = await chat.types(STRANGER, text)
        assert "Welcome" in words(said)
        assert buttons(said) == []


async def test_a_used_an_expired_and_an_unknown_code_are_told_apart(chat: Conversation) -> None:
    supervisor = await chat.enrol(SUPERVISOR, Role.SUPERVISOR)
    used, expired = await chat.invite(supervisor), await chat.invite(supervisor)
    await chat.types(OTHER, f"/start {used}")
    assert "used already" in words(await chat.types(STRANGER, f"/start {used}"))
    chat.clinic.clock.advance(25 * 3600)
    assert "has expired" in words(await chat.types(STRANGER, f"/start {expired}"))
    assert "not known" in words(await chat.types(STRANGER, "/start WRONG"))
    assert await chat.clinic.store.people.find(UserId(STRANGER)) is None


async def test_a_stranger_is_told_how_to_join_and_nothing_more(chat: Conversation) -> None:
    said = words(await chat.types(STRANGER, "/start", language_code="en"))
    assert said.startswith("To join you need an invite.")
    for text in ("hello", "/cases", "/help", "/case 1", "/nonsense"):
        assert words(await chat.types(STRANGER, text)) == (
            "This assistant is for enrolled staff only. Ask your supervisor for an invite."
        )
    assert await chat.presses(STRANGER, "case:1") == []


async def test_a_newcomer_is_spoken_to_in_the_language_of_the_phone(chat: Conversation) -> None:
    code = await chat.invite(await chat.enrol(SUPERVISOR, Role.SUPERVISOR))
    asked = words(await chat.types(STRANGER, "/start", language_code="fr-CD"))
    assert asked.startswith("Pour vous inscrire")
    said = words(await chat.types(STRANGER, f"/start {code}", language_code="fr"))
    assert "agent de santé" in said
    assert "Avant votre premier cas" in said
