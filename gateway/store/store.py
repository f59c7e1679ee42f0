"""Everything the gateway's rooms may ask of what is stored, each as one transaction.

A message of a phone and the bot's update of it are one commit; so are a message of the bot and the
phone's event of it.
"""

import contextlib
import secrets
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import replace
from pathlib import Path

from gateway.errors import NotFound
from gateway.schemas import objects
from gateway.schemas.automatic import automatic_entities
from gateway.schemas.records import (
    BotIdentity,
    ChatId,
    Draft,
    Message,
    MessageId,
    Person,
    StoredFile,
    UserId,
)
from gateway.store import (
    conversations,
    events,
    members,
    messages,
    people,
    stored_files,
    unconfirmed,
    updates,
)
from gateway.store.bells import Bells, Fleeting
from gateway.store.board import Board
from gateway.store.commands import CommandStore
from gateway.store.database import Clock, Database, Transaction
from gateway.store.events import Event
from gateway.store.forgetting import ForgettingStore
from gateway.store.groups import GroupStore
from gateway.store.pending_joins import PendingJoins
from gateway.store.pinned import PinnedStore
from gateway.store.profile import NAME, ProfileStore
from gateway.store.sessions import SessionStore
from gateway.store.stored_files import StoredFiles
from gateway.store.updates import UpdateStore
from gateway.store.webhooks import WebhookStore
from storage.keys import Keyring

EVENTS_KEPT_S = 7 * 24 * 3600
_USER_IDS = range(10**9, 10**12)
_EVENTS_AT_ONCE = 200


class Store:
    """The gateway's memory.

    Args:
        database: Open.
        bells: Rung after each commit.
        bot: The one bot.
        board: What hangs on the ward's wall.
    """

    def __init__(self, database: Database, bells: Bells, bot: BotIdentity, board: Board) -> None:
        self._database = database
        self.bells = bells
        self.bot = bot
        self.board = board
        self.sessions = SessionStore(database, bells)
        self.doors = PendingJoins()
        self.webhook = WebhookStore(database)
        self.profile = ProfileStore(database)
        self.updates = UpdateStore(database)
        self.commands = CommandStore(database, bells)
        self.files = StoredFiles(database)
        self.groups = GroupStore(database, bells, lambda: self.bot)
        self.pinned = PinnedStore(database, lambda: self.bot)
        self.forgetting = ForgettingStore(database)
        self._first_name = bot.name

    def rename_bot(self, name: str) -> None:
        """Call the bot something else from now on; an empty name is its first one."""
        self.bot = replace(self.bot, name=name or self._first_name)

    # People and their phones

    async def join(
        self,
        name: str,
        language_code: str | None,
        token_sha256: bytes,
        code: str,
        *,
        awaits_verdict: bool = False,
    ) -> Person:
        """Take a new person in, with their phone, and say `/start <code>` to the bot for them.

        An id is drawn at random, so that a gateway that lost its database never hands one person's
        id, which the bot knows, to another.

        Args:
            name: What they call themselves.
            language_code: The language of their phone.
            token_sha256: Hash of the phone's session token.
            code: The invite's code, which is the bot's to judge.
            awaits_verdict: Whether `doors.verdict` is asked for at once.
        """
        user_id = UserId(_USER_IDS.start + secrets.randbelow(len(_USER_IDS)))
        person = Person(user_id=user_id, name=name, language_code=language_code)
        text = f"/start {code}".strip()
        draft = Draft(text=text, entities=automatic_entities(text))
        if awaits_verdict:
            self.doors.expect(person.chat_id)

        def work(tx: Transaction) -> Person:
            people.add(tx, person)
            people.add_session(tx, token_sha256, person)
            conversations.receive(tx, self.bot, person, draft)
            return person

        return await self._database.write(work)

    async def let_in(self, person: Person) -> None:
        """Note that the bot has let a person in."""
        await self._database.write(lambda tx: people.set_member(tx, person, is_member=True))
        self.doors.let_in(person.chat_id)

    async def shut_out(self, person: Person) -> list[StoredFile]:
        """End a person's sessions, and take their chat out of reach.

        Args:
            person: Who may no longer use the bot.

        Returns:
            The files that nobody has any more, to be discarded.
        """

        def work(tx: Transaction) -> list[StoredFile]:
            people.set_member(tx, person, is_member=False)
            people.end_sessions(tx, person)
            members.leave_all(tx, person)
            return messages.delete_chat(tx, person.chat_id)

        gone = await self._database.write(work)
        self.bells.end(person.chat_id)
        return gone

    async def person(self, chat_id: ChatId) -> Person | None:
        """The person of a private chat."""
        return await self._database.read(lambda tx: people.find(tx, chat_id))

    # What phones send

    async def sent_before(self, person: Person, client_id: str) -> list[Message]:
        """What a phone already sent under an id of its own."""
        return await self._database.read(
            lambda tx: messages.of_client(tx, person.chat_id, client_id)
        )

    async def receive(
        self,
        person: Person,
        client_id: str,
        drafts: Sequence[Draft],
        files: Sequence[StoredFile] = (),
        group: Person | None = None,
    ) -> tuple[list[Message], bool]:
        """Keep a message from a phone together with the bot's update of it.

        Args:
            client_id: The phone's own id for it; the same again stores nothing.
            drafts: One, or the parts of an album.
            files: What the drafts hold.
            group: Where it was sent, if not to the bot alone.

        Returns:
            The messages, and whether they are new.

        Raises:
            NotFound: If the message that is replied to is gone.
        """
        chat, author = (person, None) if group is None else (group, person)

        def work(tx: Transaction) -> tuple[list[Message], bool]:
            before = messages.of_client(tx, chat.chat_id, client_id)
            if before:
                return before, False
            stored_files.add(tx, files)
            for part, draft in enumerate(drafts):
                conversations.receive(
                    tx, self.bot, chat, draft, client=(client_id, part), author=author
                )
            return messages.of_client(tx, chat.chat_id, client_id), True

        return await self._database.write(work)

    async def press(
        self, person: Person, message_id: MessageId, data: str, group: Person | None = None
    ) -> None:
        """Press a button of one of the bot's messages.

        Args:
            message_id: The message it is under.
            group: Where the message is, if not in the person's own chat.

        Raises:
            NotFound: If there is no such button any more.
        """

        def work(tx: Transaction) -> None:
            chat = person if group is None else group
            pressed = messages.find(tx, chat.chat_id, message_id)
            if chat.bot_left or pressed is None or not _has_button(pressed, data):
                raise NotFound("This button is no longer there.")
            query_id = str(secrets.randbits(62))
            updates.add_query(tx, query_id, person.chat_id)
            query = objects.callback_query(query_id, person, pressed, data, self.bot)
            updates.enqueue(tx, "callback_query", query, chat.chat_id, message_id)

        await self._database.write(work)

    async def tell(self, chat: Person, event: Fleeting) -> None:
        """Give a fleeting event to whoever listens to a chat now."""
        if chat.is_group:
            body = {**event.body, "chat_id": chat.chat_id}
            event = Fleeting(kind=f"group_{event.kind}", body=body)
        for chat_id in await self._database.read(lambda tx: members.listeners(tx, chat.chat_id)):
            self.bells.tell(chat_id, event)

    # What phones see

    async def newest_messages(
        self, person: Person, limit: int, before: int | None = None
    ) -> list[Message]:
        """The newest messages of a chat, or the newest before one, oldest first."""
        end = before if before is not None else 1 << 62
        return await self._database.read(lambda tx: messages.before(tx, person.chat_id, end, limit))

    async def messages_after(self, person: Person, after: int, limit: int) -> list[Message]:
        """The messages of a chat after one, oldest first."""
        return await self._database.read(
            lambda tx: messages.after(tx, person.chat_id, after, limit)
        )

    async def keyboard_for(self, person: Person) -> Message | None:
        """The message that said what stands in the place of a phone's keyboard."""
        return await self._database.read(lambda tx: messages.keyboard(tx, person.chat_id))

    async def newest_event_id(self, person: Person) -> int:
        """Where a phone starts that has seen everything."""
        return await self._database.read(lambda tx: events.newest_id(tx, person.chat_id))

    async def events_after(self, person: Person, event_id: int) -> list[Event]:
        """What happened in a chat since, oldest first; a full page if there may be more."""
        return await self._database.read(
            lambda tx: events.after(tx, person.chat_id, event_id, _EVENTS_AT_ONCE)
        )

    # What the bot does

    async def message(self, chat_id: ChatId, message_id: MessageId) -> Message | None:
        """A chat's message."""
        return await self._database.read(lambda tx: messages.find(tx, chat_id, message_id))

    async def send(
        self, person: Person, drafts: Sequence[Draft], files: Sequence[StoredFile] = ()
    ) -> list[Message]:
        """Keep messages of the bot and show them on the phone.

        Args:
            drafts: One, or the parts of an album.
            files: New files that the drafts hold.
        """

        def work(tx: Transaction) -> list[Message]:
            stored_files.add(tx, files)
            return [self._send(tx, person, draft) for draft in drafts]

        return await self._database.write(work)

    async def change(
        self,
        chat_id: ChatId,
        message_id: MessageId,
        edit: Callable[[Message | None], Draft],
        files: Sequence[StoredFile] = (),
    ) -> Message:
        """Edit a message.

        Args:
            edit: Given the message as it is, makes it as it shall be; what it raises stops the
                edit.
            files: New files that it holds from now on.

        Returns:
            The message as it is now.
        """

        def work(tx: Transaction) -> Message:
            draft = edit(messages.find(tx, chat_id, message_id))
            stored_files.add(tx, files)
            events.add_message(tx, "edited", chat_id, message_id)
            return messages.edit(tx, message_id, draft)

        return await self._database.write(work)

    async def react(self, chat_id: ChatId, message_id: MessageId, emoji: str | None) -> bool:
        """Put the bot's reaction on a message, or take it away; False if there is no message."""

        def work(tx: Transaction) -> bool:
            if messages.find(tx, chat_id, message_id) is None:
                return False
            messages.react(tx, message_id, emoji)
            events.add_message(tx, "edited", chat_id, message_id)
            return True

        return await self._database.write(work)

    async def delete(self, chat_id: ChatId, message_ids: Sequence[MessageId]) -> int:
        """Remove messages from a chat; answers how many there were."""

        def work(tx: Transaction) -> int:
            gone = [each for each in message_ids if messages.delete(tx, chat_id, each)]
            if gone:
                events.add(tx, "deleted", chat_id, {"message_ids": gone})
            return len(gone)

        return await self._database.write(work)

    async def forget_old(self) -> list[StoredFile]:
        """Forget events that no phone will resume from, expired sessions, and strangers.

        Returns:
            The files that nobody has any more, to be discarded.
        """

        def work(tx: Transaction) -> None:
            events.forget(tx, tx.now - EVENTS_KEPT_S)
            people.forget_expired(tx)

        await self._database.write(work)
        gone: list[StoredFile] = []
        forgotten = unconfirmed.AT_ONCE
        while forgotten == unconfirmed.AT_ONCE:
            forgotten, files = await self._database.write(unconfirmed.forget)
            gone += files
        return gone

    @staticmethod
    def _send(tx: Transaction, person: Person, draft: Draft) -> Message:
        stored = messages.insert(tx, person, draft, from_bot=True)
        events.add_message(tx, "message", person.chat_id, stored.message_id)
        return stored


@contextlib.asynccontextmanager
async def open_store(
    path: Path, keyring: Keyring, bot: BotIdentity, bells: Bells, clock: Clock
) -> AsyncIterator[Store]:
    """Open the store, at the newest schema.

    Args:
        path: The database file; made if there is none.
        keyring: The keys to it.
        bells: Rung after each commit.
    """
    async with Database(path, keyring, bells, clock) as database:
        store = Store(database, bells, bot, Board(bells, clock))
        store.rename_bot(await store.profile.get(NAME) or "")
        yield store


def _has_button(pressed: Message, data: str) -> bool:
    rows = pressed.buttons or ()
    return pressed.from_bot and any(button.data == data for row in rows for button in row)
