"""Errors of handlers: the inbox tries again, and after the last attempt the sender is told."""

from telegram import Update
from telegram.ext import ApplicationHandlerStop

from bot.domain.ids import UserId
from bot.domain.messages import Outgoing
from bot.handlers.context import BotApplication, Context, Services
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

    async def _remember(self, update: object, context: Context) -> None:
        if isinstance(update, Update) and isinstance(context.error, Exception):
            self._errors[update.update_id] = context.error
        raise ApplicationHandlerStop


async def apologise(stored: StoredUpdate, services: Services) -> None:
    """Tell an enrolled sender that their message could not be handled."""
    person = await services.store.people.find(UserId(stored.chat_id))
    if person is None or not person.may_ask:
        return
    message = Outgoing(
        key=f"update:{stored.update_id}:failed",
        chat_id=stored.chat_id,
        reply=queue.went_wrong(translator(person.language)),
    )
    await services.store.outbox.add(message)
