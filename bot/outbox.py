"""Messages out: each chat's oldest first, tried until the server confirmed it.

Knows the Bot API's sending methods and what their errors mean. Must not know what messages say.
A send whose answer was lost (`TimedOut`) is sent again: the server may have had it, and then the
reader gets it twice. Medical answers are better twice than never. An SMS has a name, by which
EdgeRad's gateway knows it again.

Words that people wait for, files, alarms' repeated calls and SMS have a lane each: however many of
one kind wait, and however long one takes, the others go on.
"""

import io
import logging
from collections import Counter
from collections.abc import Awaitable, Callable, Collection, Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import datetime

from telegram import (
    Bot,
    ForceReply,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InputFile,
    InputMediaPhoto,
    Message,
    ReplyParameters,
)
from telegram.constants import ParseMode
from telegram.error import BadRequest, ChatMigrated, Forbidden, TelegramError

from bot.api_errors import pause_after
from bot.chat_workers import ChatWorkers
from bot.domain.ids import ChatId, MessageId
from bot.domain.messages import Button, Mark, MessageRole, Outgoing, Reply
from bot.replies.markup import Html, unmarked
from bot.store import Store
from bot.store.outbox import Delivery, OutboxLane
from bot.store.topics import Topic
from bot.texting import alarm_key
from machine.clock import Clock
from machine.tracebacks import traceback_without_messages

Lost = Callable[[Outgoing], Awaitable[None]]
"""Told of a message about a reading that the server will never take."""

AT_ONCE: Mapping[OutboxLane, int] = {
    OutboxLane.WORDS: 4,
    OutboxLane.FILES: 4,
    OutboxLane.CALLS: 2,
    OutboxLane.SMS: 1,
}
"""How many messages of a lane are sent at once, each to another chat."""

MAX_FAILURES = 10
"""How often a message is tried that fails for no reason of the server's, some six minutes."""

log = logging.getLogger(__name__)


class MessageSender:
    """The delivery loop."""

    def __init__(self, *, bot: Bot, store: Store, clock: Clock, lost: Lost) -> None:
        self._bot = bot
        self._store = store
        self._clock = clock
        self._lost = lost
        self._in_lane: Counter[OutboxLane] = Counter()

    async def deliver(self) -> None:
        """Deliver what is stored, for ever."""
        with self._store.signals.listen(Topic.OUTBOX) as listener:
            workers = ChatWorkers(sum(AT_ONCE.values()), self._clock, listener)
            await workers.run(self._take, self._deliver_in_lane, self._next_at)

    async def _take(self, busy: Collection[int]) -> Delivery | None:
        delivery = await self._store.outbox.take(busy, self._full())
        if delivery is not None:
            self._in_lane[delivery.lane] += 1
        return delivery

    async def _deliver_in_lane(self, delivery: Delivery) -> None:
        try:
            await self.deliver_one(delivery)
        finally:
            self._in_lane[delivery.lane] -= 1

    async def _next_at(self, busy: Collection[int]) -> datetime | None:
        return await self._store.outbox.next_at(busy, self._full())

    def _full(self) -> list[OutboxLane]:
        return [lane for lane, width in AT_ONCE.items() if self._in_lane[lane] >= width]

    async def deliver_one(self, delivery: Delivery) -> None:
        """Deliver one message; it is sent, put off or given up."""
        if delivery.withheld:
            await self._store.outbox.undeliverable(delivery, "Revoked")
            return
        try:
            if delivery.removes and await self._remove(delivery.message):
                await self._store.outbox.removed(delivery)
                return
            message_id = await self._send_stored(delivery)
        except (BadRequest, Forbidden, ChatMigrated, FileNotFoundError) as error:
            await self._give_up(delivery, error)
        except TelegramError as error:
            await self._put_off(delivery, error)
        except Exception as error:  # noqa: BLE001 - whatever one message does, the next one goes out
            await self._at_a_loss(delivery, error)
        else:
            await self._store.outbox.sent(delivery, message_id)
            await self._mark_answered(delivery.message)

    async def mark(self, chat_id: ChatId, message_id: MessageId, mark: Mark | None) -> None:
        """Put a mark on somebody's message or take it off, best effort: words say the same."""
        with suppress(TelegramError):
            await self._bot.set_message_reaction(chat_id, message_id, mark)

    async def _mark_answered(self, answer: Outgoing) -> None:
        if answer.about is None or answer.about.role is not MessageRole.ANSWER:
            return
        if answer.reply_to is not None:
            await self.mark(answer.chat_id, answer.reply_to, Mark.ANSWERED)

    async def show(self, chat_id: ChatId, message_id: MessageId, reply: Reply) -> None:
        """Edit a message now, best effort: for progress, of which the next step comes anyway."""
        edit = Outgoing(key="", chat_id=chat_id, reply=reply, edits=message_id)
        with suppress(TelegramError):
            await self._edit(edit)

    async def _at_a_loss(self, delivery: Delivery, error: Exception) -> None:
        """Serve an error that is none of the Bot API's: a portal's answer, a fault of ours."""
        log.error("Message %d failed: %s", delivery.outbox_id, traceback_without_messages(error))
        if delivery.failures + 1 >= MAX_FAILURES:
            await self._give_up(delivery, error)
        else:
            await self._put_off(delivery, error, failed=True)

    async def _put_off(self, delivery: Delivery, error: Exception, *, failed: bool = False) -> None:
        log.warning("Message %d put off: %s", delivery.outbox_id, type(error).__name__)
        until = self._clock.now() + pause_after(error, delivery.attempts)
        await self._store.outbox.postpone(delivery, until, failed=failed)

    async def _give_up(self, delivery: Delivery, error: Exception) -> None:
        log.error("Message %d cannot be delivered: %s", delivery.outbox_id, type(error).__name__)
        await self._lost(delivery.message)
        await self._store.outbox.undeliverable(delivery, type(error).__name__)

    async def _send_stored(self, delivery: Delivery) -> MessageId:
        if delivery.message.is_sms:
            return await self._send_sms(delivery)
        return await self._send_or_unmarked(delivery.message)

    async def _send_or_unmarked(self, message: Outgoing) -> MessageId:
        """Send it; its bare words where the server cannot read its markup."""
        try:
            return await self._send(message)
        except BadRequest as error:
            if not _is_markup_refused(error):
                raise
            log.warning("A server refused markup: %s", traceback_without_messages(error))
        bare = replace(message.reply, text=unmarked(Html(message.reply.text)))
        return await self._send(replace(message, reply=bare))

    async def _send(self, message: Outgoing) -> MessageId:
        if message.is_edit:
            return await self._edit(message)
        try:
            sent = await self._send_new(message, _reply_parameters(message))
        except BadRequest as error:
            if message.reply_to is None or not _reply_is_gone(error):
                raise
            sent = await self._send_new(message, None)
        return MessageId(sent.message_id)

    async def _send_new(self, message: Outgoing, reply: ReplyParameters | None) -> Message:
        text, markup = message.reply.text, _markup(message.reply)
        if message.picture is not None:
            return await self._bot.send_photo(
                message.chat_id,
                await self._store.pictures.get(message.picture),
                caption=text,
                parse_mode=ParseMode.HTML,
                reply_markup=markup,
                reply_parameters=reply,
            )
        if message.attachment is not None:
            file = io.BytesIO(message.attachment.data)
            if message.attachment.is_picture:
                return await self._bot.send_photo(
                    message.chat_id,
                    InputFile(file, filename=message.attachment.file_name),
                    caption=text,
                    parse_mode=ParseMode.HTML,
                    reply_markup=markup,
                    reply_parameters=reply,
                )
            return await self._bot.send_document(
                message.chat_id,
                InputFile(file, filename=message.attachment.file_name),
                caption=text,
                parse_mode=ParseMode.HTML,
                reply_markup=markup,
                reply_parameters=reply,
            )
        return await self._bot.send_message(
            message.chat_id,
            text,
            parse_mode=ParseMode.HTML,
            reply_markup=markup,
            reply_parameters=reply,
        )

    async def _remove(self, message: Outgoing) -> bool:
        """Remove what gives way; False if the server keeps it, as Telegram does after 48 hours."""
        if message.edits is None:
            return True  # it was never delivered
        try:
            await self._bot.delete_message(message.chat_id, message.edits)
        except BadRequest as error:
            return "to delete not found" in error.message.lower()
        return True

    async def _send_sms(self, delivery: Delivery) -> MessageId:
        """Send a text that EdgeRad's own gateway passes on to a telephone number, once."""
        message = delivery.message
        marks: dict[str, object] = {"edgerad_sms": True, "edgerad_key": delivery.name}
        if message.unless_here is not None:
            marks["edgerad_unless_here"] = message.unless_here
        if alarm_key(message.key) is not None:
            marks["edgerad_alarm"] = True
        sent = await self._bot.send_message(message.chat_id, message.reply.text, api_kwargs=marks)
        return MessageId(sent.message_id)

    async def _edit(self, message: Outgoing) -> MessageId:
        if message.edits is None:
            raise BadRequest("The message to edit was never delivered")
        try:
            await self._edit_words(message, message.edits)
        except BadRequest as error:
            if not _is_unchanged(error):
                raise
        return message.edits

    async def _edit_words(self, message: Outgoing, message_id: MessageId) -> None:
        """Edit the words of a message; of one with a picture, that too."""
        place, buttons = (message.chat_id, message_id), keyboard(message.reply.buttons)
        if message.attachment is not None:
            media = InputMediaPhoto(
                message.attachment.data,
                caption=message.reply.text,
                parse_mode=ParseMode.HTML,
                filename=message.attachment.file_name,
            )
            await self._bot.edit_message_media(media, *place, reply_markup=buttons)
            return
        await self._bot.edit_message_text(
            message.reply.text, *place, parse_mode=ParseMode.HTML, reply_markup=buttons
        )


def keyboard(rows: tuple[tuple[Button, ...], ...]) -> InlineKeyboardMarkup | None:
    """Buttons as the Bot API wants them, None for no buttons."""
    if not rows:
        return None
    return InlineKeyboardMarkup([[_button(each) for each in row] for row in rows])


def _button(button: Button) -> InlineKeyboardButton:
    """A button; what Telegram's own server does not know of it, it passes over."""
    if button.picture_of is None:
        return InlineKeyboardButton(button.text, callback_data=button.data)
    chat_id, message_id = button.picture_of
    beside = {"edgerad_picture_of": {"chat_id": chat_id, "message_id": message_id}}
    return InlineKeyboardButton(button.text, callback_data=button.data, api_kwargs=beside)


def _markup(reply: Reply) -> InlineKeyboardMarkup | ForceReply | None:
    """What a new message has under it; one that asks begins the reply in its chat."""
    if reply.asks is None:
        return keyboard(reply.buttons)
    return ForceReply(input_field_placeholder=reply.asks.example)


def _is_markup_refused(error: BadRequest) -> bool:
    return "can't parse entities" in error.message.lower()


def _is_unchanged(error: BadRequest) -> bool:
    """Whether an edit was refused because the message reads like that already."""
    return "message is not modified" in error.message.lower()


def _reply_parameters(message: Outgoing) -> ReplyParameters | None:
    return None if message.reply_to is None else ReplyParameters(message.reply_to)


def _reply_is_gone(error: BadRequest) -> bool:
    text = error.message.lower()
    return "not found" in text and ("repl" in text)
