"""What a person can do and in which language: help, the command menu, `/language`."""

from bot.domain.people import Role
from bot.replies.commands import Command
from inference.contract import Language
from tests.bot_conversation import STALE, SUPERVISOR, WORKER, Conversation, buttons, words


async def test_a_chosen_language_changes_the_words_and_the_command_menu(
    chat: Conversation,
) -> None:
    worker = await chat.enrol(WORKER)
    assert buttons(await chat.types(worker, "/language")) == [
        f"language:{each}" for each in Language
    ]
    said = await chat.presses(worker, "language:fr", message_id=903)
    assert said[0].edits == 903
    assert "en français" in words(said)
    assert "/cases - liste de vos cas" in words(await chat.types(worker, "/help"))
    menu = chat.clinic.server.sent("setMyCommands")[-1]
    assert "liste de vos cas" in str(menu["commands"])
    assert str(WORKER) in str(menu["scope"])


async def test_a_language_that_does_not_exist_is_answered_in_words(chat: Conversation) -> None:
    worker = await chat.enrol(WORKER)
    assert await chat.presses(worker, "language:xx") == []
    assert chat.button_answers() == [STALE]


async def test_a_command_menu_that_fails_does_not_keep_anybody_out(chat: Conversation) -> None:
    worker = await chat.enrol(WORKER)
    chat.clinic.server.refuse("setMyCommands", 400, "Bad Request: no")
    assert "Welcome" in words(await chat.types(worker, "/start"))


async def test_help_shows_a_role_its_own_commands_and_no_others(chat: Conversation) -> None:
    worker_help = words(await chat.types(await chat.enrol(WORKER), "/help"))
    supervisor = await chat.enrol(SUPERVISOR, Role.SUPERVISOR)
    supervisor_help = words(await chat.types(supervisor, "/help"))
    for command in Command:
        if command not in {Command.START, Command.PHONE}:  # a clinic without SMS
            shown = f"\n/{command} " in supervisor_help
            assert shown == (command.least_role is not Role.ADMIN)
            shown = f"\n/{command} " in worker_help
            assert shown == (command.least_role is Role.HEALTH_WORKER)


async def test_everything_is_said_in_french_to_those_who_chose_it(chat: Conversation) -> None:
    supervisor = await chat.enrol(SUPERVISOR, Role.SUPERVISOR)
    await chat.case(supervisor)
    await chat.presses(supervisor, f"language:{Language.FRENCH}")
    said = ""
    for text in ("/help", "/cases", "/case 1", "/search x", "/stats", "/invite", "/people"):
        said += words(await chat.types(supervisor, text))
    for english in (" the ", " and ", "Case ", "Reviewed", "Picture", "found", "enrolled"):
        assert english not in said
