"""How somebody comes in: the bot hears their code, and its yes begins their phone's session.

Until then only the code and the name are kept of them, and only few may wait at once. A no forgets
them whole.
"""

import asyncio
import secrets
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import replace

from gateway.errors import Forbidden, TooManyRequests
from gateway.schemas.automatic import automatic_entities
from gateway.schemas.records import (
    BotIdentity,
    ChatId,
    Draft,
    Person,
    Standing,
    StoredFile,
    UserId,
)
from gateway.store import conversations, members, messages, people, sms, standing, unconfirmed
from gateway.store.signals import SHUT_OUT
from gateway.store.transactions import DatabaseStore, reading, writing
from storage.database import Database, Transaction

VERDICT_S = 15.0
WAITING_MAX = 50
"""How many people may wait for the bot's word at once."""

_WAIT_S = 60
_USER_IDS = range(10**9, 10**12)
_REFUSED = "You were not let in: ask for a new code."


class Joining(DatabaseStore):
    """Who asks to come in, who is let in, and who is shut out.

    Args:
        bot: Hears the code.
        is_open: True to let everybody in who asks.
    """

    def __init__(
        self, database: Database, bot: Callable[[], BotIdentity], *, is_open: bool = False
    ) -> None:
        super().__init__(database)
        self._bot = bot
        self._is_open = is_open
        self._refusals: OrderedDict[ChatId, str] = OrderedDict()

    async def ask(
        self, name: str, language_code: str | None, token_sha256: bytes, code: str
    ) -> Person:
        """Say `/start <code>` to the bot for a new person; once, if the same token asks again.

        An id is drawn at random, so that a gateway that lost its database never gives one person's
        id, which the bot knows, to another.

        Args:
            name: What they call themselves.
            language_code: The language of their phone.
            token_sha256: Hash of what will be the token of their phone's session.
            code: The invite's code, which is the bot's to judge.

        Raises:
            TooManyRequests: Too many wait already.
        """
        user_id = UserId(_USER_IDS.start + secrets.randbelow(len(_USER_IDS)))
        person = Person(user_id=user_id, name=name, language_code=language_code)
        return await self._ask(person, token_sha256, f"/start {code}".strip())

    @writing
    def _ask(self, tx: Transaction, person: Person, token_sha256: bytes, text: str) -> Person:
        before = people.who_asked(tx, token_sha256)
        if before is not None:
            return before
        if unconfirmed.count(tx) >= WAITING_MAX:
            raise TooManyRequests(_WAIT_S, "Too many people are joining: try again in a minute.")
        people.add(tx, person)
        people.add_session(tx, token_sha256, person)
        if self._is_open:
            people.set_member(tx, person, is_member=True)
        draft = Draft(text=text, entities=automatic_entities(text))
        conversations.receive(tx, self._bot(), person, draft)
        return replace(person, is_member=self._is_open)

    async def verdict(self, person: Person, timeout_s: float) -> Person:
        """Wait for the bot's word on somebody who asked.

        Returns:
            The person; not a member yet if the bot said nothing in time.

        Raises:
            Forbidden: The bot refuses them, in its words.
        """
        with self.database.signals.listen(person.chat_id) as listener:
            try:
                async with asyncio.timeout(timeout_s):
                    while not (person := await self._known(person)).is_member:
                        await listener.wait(timeout_s)
            except TimeoutError:
                return person
        return person

    async def _known(self, person: Person) -> Person:
        found = await self._find(person)
        if found is None:
            raise Forbidden(self._refusals.get(person.chat_id, _REFUSED))
        return found

    @reading
    def _find(self, tx: Transaction, person: Person) -> Person | None:
        return people.find(tx, person.user_id)

    @writing
    def let_in(self, tx: Transaction, person: Person) -> None:
        """Begin the session of somebody who asked, or note that the bot lets them in again."""
        people.set_member(tx, person, is_member=True)
        tx.signal(person.chat_id)

    async def refuse(self, person: Person, words: str) -> list[StoredFile] | None:
        """Forget somebody who asked, and tell their phone why.

        Returns:
            The files that nobody has any more, to be discarded; None if they do not wait.
        """
        self._refusals[person.chat_id] = words
        if len(self._refusals) > WAITING_MAX:
            self._refusals.popitem(last=False)
        return await self._refuse(person)

    @writing
    def _refuse(self, tx: Transaction, person: Person) -> list[StoredFile] | None:
        return unconfirmed.refuse(tx, person)

    @writing
    def shut_out(self, tx: Transaction, person: Person) -> list[StoredFile]:
        """End the sessions of a person who may no longer use the bot, and delete their chat.

        Returns:
            The files that nobody has any more, to be discarded.
        """
        refused = unconfirmed.refuse(tx, person)
        if refused is not None:
            return refused
        people.set_member(tx, person, is_member=False)
        if person.is_number:
            sms.forget_number(tx, person)
        people.end_sessions(tx, person.chat_id)
        groups = [group for group, _ in members.groups_of(tx, person)]
        members.leave_all(tx, person)
        for group in groups:
            standing.changed(tx, self._bot(), group, person, Standing.MEMBER)
        tx.signal(person.chat_id, SHUT_OUT)
        return messages.delete_chat(tx, person.chat_id)
