"""What EdgeRad's gateway tells beside messages: of a phone's language and PIN, of wrong tokens.

EdgeRad's own gateway tells it by updates that Telegram has not; nobody answers them.
"""

from typing import Any

from telegram import Update
from telegram.ext import ApplicationHandlerStop, BaseHandler, TypeHandler

from bot.domain.audit import Act, Actor
from bot.domain.ids import UserId
from bot.handlers import gate, menu
from bot.handlers.context import Context
from inference.contract import Language

GROUP = gate.GROUP - 1
"""PTB's handler group of these: before the gate, which lets through what has a chat."""

UPDATE = "edgerad_session"
ATTEMPTS = "edgerad_attempts"
_PIN_EVENTS = {
    "pin_set": "set",
    "pin_removed": "removed",
    "pin_wrong": "wrong",
    "session_ended": "session ended",
}
"""What the audit log says of each."""
_TRIED = {"wrong_tokens": "wrong tokens", "unknown_numbers": "SMS from unknown numbers"}


def handlers() -> list[BaseHandler[Any, Context, None]]:
    """What takes the gateway's own updates."""
    return [TypeHandler(Update, take)]


async def take(update: Update, context: Context) -> None:
    """Serve an update of the gateway's own, and pass any other by.

    Raises:
        ApplicationHandlerStop: It was one, so it goes no further.
    """
    tried = update.api_kwargs.get(ATTEMPTS)
    if tried is not None:
        await _note(tried, update.update_id, context)
        raise ApplicationHandlerStop
    told = update.api_kwargs.get(UPDATE)
    if told is None:
        return
    person = await context.services.store.people.find(UserId(told["from"]["id"]))
    if person is not None:
        context.begin(update, person)
        await _serve(told, context)
    raise ApplicationHandlerStop


async def _note(tried: dict[str, Any], update_id: int, context: Context) -> None:
    nobody = Actor(user_id=None, occasion=f"update:{update_id}")
    for kind, words in _TRIED.items():
        if kind in tried:
            entry = nobody.does(Act.TRIED, f"{int(tried[kind])} {words}")
            await context.services.store.audit.add(entry)


async def _serve(told: dict[str, Any], context: Context) -> None:
    event, language = told.get("event"), told["from"].get("language_code")
    if event in _PIN_EVENTS:
        await context.services.store.audit.add(context.actor.does(Act.PIN, _PIN_EVENTS[event]))
    elif event == "language_chosen" and language in set(Language):
        await menu.speak(Language(language), context)
