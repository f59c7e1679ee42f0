"""Everything that the gateway stores of its chats, each method as one transaction.

A message of a phone and the bot's update of it are one commit; so are a message of the bot and the
phone's event of it.
"""

import secrets
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

from gateway.errors import NotFound
from gateway.schemas import objects
from gateway.schemas.objects import JsonObject
from gateway.schemas.records import (
    BotIdentity,
    Button,
    ChatId,
    Draft,
    Message,
    MessageId,
    Person,
    StoredFile,
)
from gateway.schemas.sms import SmsRules
from gateway.store import (
    conversations,
    events,
    members,
    messages,
    people,
    rows,
    stored_files,
    unconfirmed,
    updates,
)
from gateway.store.attempts import AttemptStore
from gateway.store.board import Board
from gateway.store.commands import CommandStore
from gateway.store.events import Event
from gateway.store.forgetting import ForgettingStore
from gateway.store.groups import GroupStore
from gateway.store.joining import Joining
from gateway.store.late_buttons import LateButtons
from gateway.store.pinned import PinnedStore
from gateway.store.profile import NAME, ProfileStore
from gateway.store.ringing import RingingAlarms
from gateway.store.sessions import Session, SessionStore
from gateway.store.signals import Fleeting, PhoneSignals
from gateway.store.sms import SmsStore
from gateway.store.stored_files import StoredFiles
from gateway.store.taking_back import TakingBack
from gateway.store.transactions import DatabaseStore, reading, writing
from gateway.store.updates import UpdateStore
from gateway.store.webhooks import WebhookStore
from storage.database import Database, DatabaseFile, Row, Transaction
from storage.epoch import Epoch
from storage.keys import Keyring, Purpose
from storage.migrations import scripts_of

EVENTS_KEPT_S = 7 * 24 * 3600
EVENTS_AT_ONCE = 50
_AFTER_ALL = 1 << 62


class ChatStore(DatabaseStore):
    """The chats, and a store for each thing around them.

    Args:
        database: With a clock of whole seconds, as its tables and the Bot API's dates have them.
        signals: The database's.
        bot: The one bot.
        clock: Unix seconds.
        is_open: True to let everybody in who asks.
        sms: The clinic's rules; None where it has no SMS.
    """

    def __init__(
        self,
        database: Database,
        signals: PhoneSignals,
        bot: BotIdentity,
        clock: Callable[[], float],
        *,
        is_open: bool = False,
        sms: SmsRules | None = None,
    ) -> None:
        super().__init__(database)
        self.signals = signals
        self.bot = bot
        self.board = Board(signals, clock, lambda: self.sms.conditions)
        self.ringing = RingingAlarms(signals)
        self.sessions = SessionStore(database)
        self.attempts = AttemptStore(database, clock, "wrong_tokens")
        unknown = AttemptStore(database, clock, "unknown_numbers")
        self.sms = SmsStore(database, signals, lambda: self.bot, unknown, sms)
        self.joining = Joining(database, lambda: self.bot, is_open=is_open)
        self.webhook = WebhookStore(database)
        self.profile = ProfileStore(database)
        self.updates = UpdateStore(database)
        self.taking_back = TakingBack(database, self.updates)
        self.commands = CommandStore(database)
        self.files = StoredFiles(database)
        self.groups = GroupStore(database, lambda: self.bot)
        self.pinned = PinnedStore(database, lambda: self.bot)
        self.forgetting = ForgettingStore(database)
        self.epoch = Epoch(database)
        self._late_buttons = LateButtons()
        self._first_name = bot.name

    def rename_bot(self, name: str) -> None:
        """Call the bot something else from now on; an empty name is its first one."""
        self.bot = replace(self.bot, name=name or self._first_name)

    @reading
    def person(self, tx: Transaction, chat_id: ChatId) -> Person | None:
        """The person of a private chat, or a group."""
        return people.find(tx, chat_id)

    # What phones send

    @reading
    def sent_before(self, tx: Transaction, person: Person, client_id: str) -> list[Message]:
        """What a phone already sent under an id of its own."""
        return messages.of_client(tx, person.chat_id, client_id)

    @writing
    def receive(
        self,
        tx: Transaction,
        session: Session,
        client_id: str,
        drafts: Sequence[Draft],
        files: Sequence[StoredFile] = (),
        *,
        group: Person | None = None,
        full_in_s: int = 0,
    ) -> tuple[list[Message], bool]:
        """Store a message from a phone together with the bot's update of it.

        Args:
            session: The phone's, as it was when it began to send.
            client_id: The phone's own id for it; the same again stores nothing.
            drafts: One, or the parts of an album.
            files: What the drafts hold.
            group: Where it was sent, if not to the bot alone.
            full_in_s: When the phone may store as much again as if it had stored nothing.

        Returns:
            The messages, and whether they are new.

        Raises:
            Unauthorized: The session has ended meanwhile.
            NotFound: The message that is replied to is gone, or the person is no longer there.
        """
        seen = _still_in(tx, session, group)
        person = rows.person(seen)
        chat, author = (person, None) if group is None else (group, person)
        if before := messages.of_client(tx, chat.chat_id, client_id):
            return before, False
        people.count_stored(tx, session.token_sha256, seen["full_at"], full_in_s)
        stored_files.add(tx, files)
        received = [
            conversations.receive(
                tx, self.bot, chat, draft, client=(client_id, part), author=author
            )
            for part, draft in enumerate(drafts)
        ]
        return received, True

    @writing
    def press(
        self,
        tx: Transaction,
        session: Session,
        message_id: MessageId,
        data: str,
        group: Person | None = None,
    ) -> None:
        """Press a button of one of the bot's messages.

        Args:
            session: The phone's, as it was when it began to ask.
            group: Where the message is, if not in the person's own chat.

        Raises:
            Unauthorized: The session has ended meanwhile.
            NotFound: There is no such button, nor was there one a moment ago.
        """
        _still_in(tx, session, group)
        person = session.person
        chat = group or person
        pressed = messages.find(tx, chat.chat_id, message_id)
        late = self._late_buttons.has(chat.chat_id, message_id, data, tx.now)
        if chat.bot_left or pressed is None or (_button(pressed, data) is None and not late):
            raise NotFound("This button is no longer there.")
        query_id = str(secrets.randbits(62))
        updates.add_query(tx, query_id, person.chat_id)
        query = objects.callback_query(query_id, person, pressed, data, self.bot)
        updates.enqueue(tx, "callback_query", query, chat.chat_id, message_id)

    # What phones see

    @reading
    def picture_beside(
        self, tx: Transaction, chat: Person, message_id: MessageId, data: str
    ) -> StoredFile | None:
        """The small picture beside a button; None where there is none, or none any more.

        Whoever sees the button sees the picture, wherever it was sent: the bot put it there.

        Args:
            chat: Where the button is.
            data: What the button sends.
        """
        shown = messages.find(tx, chat.chat_id, message_id)
        button = shown and _button(shown, data)
        pictured = button and button.picture_of and messages.find(tx, *button.picture_of)
        thumbnail = pictured and pictured.thumbnail
        return stored_files.with_id(tx, thumbnail.file_id) if thumbnail else None

    @reading
    def newest_messages(
        self, tx: Transaction, person: Person, limit: int, before: int | None = None
    ) -> list[messages.Found]:
        """The newest messages of a chat, or the newest before one, oldest first."""
        end = _AFTER_ALL if before is None else before
        return messages.before(tx, person.chat_id, end, limit)

    @reading
    def messages_after(
        self, tx: Transaction, person: Person, after: int, limit: int
    ) -> list[messages.Found]:
        """The messages of a chat after one, oldest first."""
        return messages.after(tx, person.chat_id, after, limit)

    @reading
    def keyboard_in(self, tx: Transaction, chat: Person, viewer: Person) -> Message | None:
        """The message that said what stands in the place of the keyboard of a person's phone."""
        return messages.keyboard(tx, chat.chat_id, viewer)

    @reading
    def newest_event_id(self, tx: Transaction, person: Person) -> int:
        """Where a phone starts that has seen everything."""
        return events.newest_id(tx, person.chat_id)

    async def events_after(
        self, session: Session, event_id: int
    ) -> tuple[Session | None, list[Event]]:
        """What happened in the chats of a phone's person since.

        Returns:
            The session as it is now, None once it has ended; and the events, oldest first, a full
            page if there may be more, none for a session that is locked.
        """
        chat_id = session.person.chat_id
        now, found = await self.sessions.find_with(
            session.token_sha256, lambda tx: events.after(tx, chat_id, event_id, EVENTS_AT_ONCE)
        )
        return now, found or []

    async def tell(self, chat: Person, kind: str, body: JsonObject) -> None:
        """Send a fleeting event to the phones that show a chat."""
        self.signals.send(await self._fleeting(chat, kind, body))

    @reading
    def _fleeting(
        self, tx: Transaction, chat: Person, kind: str, body: JsonObject
    ) -> list[Fleeting]:
        return events.fleeting(tx, chat, kind, body)

    # What the bot does

    @reading
    def message(self, tx: Transaction, chat_id: ChatId, message_id: MessageId) -> Message | None:
        """A chat's message."""
        return messages.find(tx, chat_id, message_id)

    @writing
    def send(
        self,
        tx: Transaction,
        person: Person,
        drafts: Sequence[Draft],
        files: Sequence[StoredFile] = (),
    ) -> list[Message]:
        """Store messages of the bot, and show them on the phone.

        Args:
            drafts: One, or the parts of an album.
            files: New files that the drafts hold.
        """
        stored_files.add(tx, files)
        sent = [messages.insert(tx, person, draft, from_bot=True) for draft in drafts]
        for message in sent:
            events.add_message(tx, "message", person.chat_id, message.message_id)
        return sent

    @writing
    def change(
        self,
        tx: Transaction,
        chat_id: ChatId,
        message_id: MessageId,
        edit: Callable[[Message | None], Draft],
        files: Sequence[StoredFile] = (),
    ) -> Message:
        """Edit a message.

        Args:
            edit: Makes the new message of the one that is there; what it raises stops the edit.
            files: New files that it holds from now on.
        """
        before = messages.find(tx, chat_id, message_id)
        draft = edit(before)
        if before is not None:
            self._late_buttons.note(before, tx.now)
        stored_files.add(tx, files)
        events.add_message(tx, "edited", chat_id, message_id)
        return messages.edit(tx, message_id, draft)

    @writing
    def react(
        self, tx: Transaction, chat_id: ChatId, message_id: MessageId, emoji: str | None
    ) -> bool:
        """Put the bot's reaction on a message, or remove it; False if there is no message."""
        if messages.find(tx, chat_id, message_id) is None:
            return False
        messages.react(tx, message_id, emoji)
        events.add_message(tx, "edited", chat_id, message_id)
        return True

    @writing
    def delete(self, tx: Transaction, chat_id: ChatId, message_ids: Sequence[MessageId]) -> int:
        """Delete messages from a chat; answers how many there were."""
        gone = [each for each in message_ids if messages.delete(tx, chat_id, each)]
        if gone:
            events.add(tx, "deleted", chat_id, {"message_ids": gone})
        return len(gone)

    async def forget_old(self) -> list[StoredFile]:
        """Forget old events, expired sessions, and people who were never let in.

        Those are forgotten in parts, between which others write.

        Returns:
            The files that nobody has any more, to be discarded.
        """
        await self._forget_expired()
        await self.sms.forget_old()
        gone: list[StoredFile] = []
        forgotten = unconfirmed.AT_ONCE
        while forgotten == unconfirmed.AT_ONCE:
            forgotten, files = await self.database.write(unconfirmed.forget)
            gone += files
        return gone

    @writing
    def _forget_expired(self, tx: Transaction) -> None:
        events.forget(tx, tx.now - EVENTS_KEPT_S)
        people.forget_expired(tx)


def whole_seconds(clock: Callable[[], float]) -> Callable[[], int]:
    """The clock of a chat store's database."""
    return lambda: int(clock())


def database_file(path: Path, keyring: Keyring) -> DatabaseFile:
    """The gateway's database at a path."""
    return DatabaseFile(
        path=path,
        keyring=keyring,
        purpose=Purpose.GATEWAY_DATABASE,
        migrations=scripts_of("gateway.store"),
    )


@asynccontextmanager
async def open_chat_store(
    path: Path,
    keyring: Keyring,
    bot: BotIdentity,
    signals: PhoneSignals,
    clock: Callable[[], float],
    *,
    is_open: bool = False,
    sms: SmsRules | None = None,
) -> AsyncIterator[ChatStore]:
    """Open the store, at the newest schema.

    Args:
        path: The database file; made if there is none.
        keyring: The keys to it.
        is_open: True to let everybody in who asks.
        sms: The clinic's rules; None where it has no SMS.

    Raises:
        NewerDatabase: A newer release wrote the file.
    """
    file = database_file(path, keyring)
    async with Database(file, signals, whole_seconds(clock)) as database:
        store = ChatStore(database, signals, bot, clock, is_open=is_open, sms=sms)
        await store.updates.begin()
        store.rename_bot(await store.profile.get(NAME) or "")
        yield store


def _still_in(tx: Transaction, session: Session, group: Person | None) -> Row:
    """The session; what a phone began to send before its person was shut out is refused."""
    row = people.require_session(tx, session.token_sha256)
    if group is not None and not members.is_in(tx, group.chat_id, session.person):
        raise NotFound("You are not in this group.")
    return row


def _button(shown: Message, data: str) -> Button | None:
    """The button of the bot's message that has this data."""
    every = (button for row in shown.buttons or () for button in row)
    return next((each for each in every if each.data == data), None) if shown.from_bot else None
