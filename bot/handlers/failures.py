"""When a handler raises: the inbox learns of it, and at last the sender gets an apology."""

from telegram import Update
from telegram.ext import ApplicationHandlerStop

from bot.domain.ids import UserId
from bot.domain.messages import Outgoing
from bot.handlers.visit import BotApplication, Desk, Visit
from bot.locale import translator
from bot.replies import queue
from bot.store.inbox import StoredUpdate


class Dispatcher:
    """Serves one update with PTB's application, and raises what its handlers raised.

    PTB itself keeps errors from whoever asks for an update to be processed.
    """

    def __init__(self, application: BotApplication) -> None:
        self._application = application
        self._errors: dict[int, Exception] = {}
        application.add_error_handler(self._remember)

    async def handle(self, update: Update) -> None:
        """Serve an update.

        Raises:
            Exception: What a handler raised; no further handler saw the update.
        """
        await self._application.process_update(update)
        error = self._errors.pop(update.update_id, None)
        if error is not None:
            raise error

    async def _remember(self, update: object, visit: Visit) -> None:
        if isinstance(update, Update) and isinstance(visit.error, Exception):
            self._errors[update.update_id] = visit.error
        raise ApplicationHandlerStop


async def apologise(stored: StoredUpdate, desk: Desk) -> None:
    """Tell the sender that their message could not be handled; strangers are told nothing."""
    person = await desk.store.people.find(UserId(stored.chat_id))
    if person is None or not person.may_ask:
        return
    message = Outgoing(
        key=f"update:{stored.update_id}:failed",
        chat_id=stored.chat_id,
        reply=queue.went_wrong(translator(person.language)),
    )
    await desk.store.outbox.add(message, now=desk.clock.now())
