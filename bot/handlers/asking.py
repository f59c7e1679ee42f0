"""What a command asks for: a reply to its question is served as if it stood behind the command."""

from telegram import Message

from bot.domain.ids import MessageId
from bot.domain.messages import Question
from bot.handlers import forgetting, history, lists
from bot.handlers.context import Context
from bot.handlers.permissions import OnCommand, serve_allowed
from bot.replies.commands import Command

_SERVED: dict[Question, tuple[Command, OnCommand]] = {
    Question.CASE: (Command.CASE, history.show_case),
    Question.SEARCH: (Command.SEARCH, lists.search),
    Question.FORGET: (Command.FORGET, forgetting.ask),
}
"""A question about a picture is none of a command's: `bot.handlers.questions` takes it."""


async def take_answer(message: Message, context: Context) -> bool:
    """Serve a text that replies to a question of the bot's.

    Returns:
        False if it replies to anything else.
    """
    replied = message.reply_to_message
    if replied is None or message.text is None:
        return False
    outbox = context.services.store.outbox
    question = await outbox.question_of(context.chat, MessageId(replied.message_id))
    if question is None or question not in _SERVED:
        return False
    context.args = message.text.split()
    await serve_allowed(*_SERVED[question], context)
    return True
