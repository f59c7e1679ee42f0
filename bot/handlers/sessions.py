"""What a phone's session tells beside messages: the language chosen on its page, and its PIN.

EdgeRad's own gateway tells it by updates that Telegram has not; nobody answers them.
"""

from typing import Any

from telegram import Update
from telegram.ext import ApplicationHandlerStop, BaseHandler, TypeHandler

from bot.domain.audit import Act
from bot.domain.ids import UserId
from bot.handlers import gate, menu
from bot.handlers.visit import Visit
from inference.contract import Language

GROUP = gate.GROUP - 1
"""PTB's handler group of these: before the gate, which lets through what has a chat."""

UPDATE = "edgerad_session"
_PIN_EVENTS = {
    "pin_set": "set",
    "pin_removed": "removed",
    "pin_wrong": "wrong",
    "session_ended": "session ended",
}
"""What the audit log says of each."""


def handlers() -> list[BaseHandler[Any, Visit, None]]:
    """What takes the gateway's own updates."""
    return [TypeHandler(Update, take)]


async def take(update: Update, visit: Visit) -> None:
    """Serve an update of a session, and pass any other by.

    Raises:
        ApplicationHandlerStop: It was one, so it goes no further.
    """
    told = update.api_kwargs.get(UPDATE)
    if told is None:
        return
    person = await visit.desk.store.people.find(UserId(told["from"]["id"]))
    if person is not None:
        visit.begin(update, person)
        await _serve(told, visit)
    raise ApplicationHandlerStop


async def _serve(told: dict[str, Any], visit: Visit) -> None:
    event, language = told.get("event"), told["from"].get("language_code")
    if event in _PIN_EVENTS:
        await visit.audit(Act.PIN, _PIN_EVENTS[event])
    elif event == "language_chosen" and language in set(Language):
        await menu.speak(Language(language), visit)
