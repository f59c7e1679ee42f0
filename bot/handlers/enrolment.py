"""Joining: an invite code makes a person, accepting the terms opens the door for pictures.

Both may be done again and change nothing.
"""

from typing import Any

from telegram import Update
from telegram.error import TelegramError
from telegram.ext import BaseHandler, CommandHandler

from bot.domain.audit import Act
from bot.domain.messages import Reply
from bot.domain.people import Person
from bot.errors import InviteError
from bot.handlers import menu
from bot.handlers.guard import Press, on_button
from bot.handlers.visit import Visit
from bot.locale import translator
from bot.replies import people
from bot.replies.buttons import Action
from bot.replies.commands import Command
from bot.replies.markup import words_of
from inference.contract import Language

NAME_MAX_CHARS = 64


def handlers() -> list[BaseHandler[Any, Visit, None]]:
    """What takes `/start`, also from strangers, and the button under the terms."""
    return [CommandHandler(Command.START, start), on_button(Action.ACCEPT_TERMS, accept_terms)]


async def start(update: Update, visit: Visit) -> None:
    """Enrol somebody who brings a code; greet whoever is enrolled."""
    if visit.args:
        await _redeem(visit.args[0], update, visit)
    elif visit.person is None or visit.person.revoked_at is not None:
        await visit.say(people.ask_for_invite(translator(_language(update, visit))))
    else:
        await _greet(visit.person, visit)


async def accept_terms(press: Press, visit: Visit) -> str | None:
    """Note that a person accepted the terms, and say what can be done now."""
    person = await visit.desk.store.people.accept_terms(
        visit.sender.user_id, visit.desk.clock.now()
    )
    if person is None:
        return people.stale_button(translator(visit.language))
    await visit.audit(Act.ACCEPTED)
    t = translator(person.language)
    if press.message_id is not None:
        await visit.say(people.terms(t, accepted=True), edits=press.message_id)
    await visit.say(people.terms_accepted(t))
    return None


async def _redeem(code: str, update: Update, visit: Visit) -> None:
    language = _language(update, visit)
    user = update.effective_user
    try:
        person = await visit.desk.store.people.redeem_invite(
            code,
            user_id=visit.user,
            chat_id=visit.chat,
            name=("" if user is None else user.full_name)[:NAME_MAX_CHARS] or "?",
            language=language,
            now=visit.desk.clock.now(),
        )
    except InviteError as error:
        problem = people.invite_problem(error, translator(language))
        if not await _tell_page(problem, visit):
            await visit.say(problem)
    else:
        await visit.audit(Act.JOINED, person.role)
        await _greet(person, visit)


async def _tell_page(problem: Reply, visit: Visit) -> bool:
    """Say on the page where somebody joins why they cannot; False where there is no such page."""
    asked = {"chat_id": visit.chat, "text": words_of(problem.text)}
    try:
        return bool(await visit.bot.do_api_request("edgeradRefuseJoin", api_kwargs=asked))
    except TelegramError:
        return False


async def _greet(person: Person, visit: Visit) -> None:
    t = translator(person.language)
    await visit.say(people.welcome(person, t))
    if person.accepted_terms_at is None:
        await visit.say(people.terms(t))
    await menu.show_commands(visit, person)


def _language(update: Update, visit: Visit) -> Language:
    """The person's own, the phone's for a stranger where it is one of ours, else the clinic's."""
    if visit.person is not None:
        return visit.person.language
    user = update.effective_user
    code = (user.language_code if user is not None else None) or ""
    spoken = code.partition("-")[0].lower()
    return Language(spoken) if spoken in set(Language) else visit.language
