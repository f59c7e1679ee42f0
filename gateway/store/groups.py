"""Groups of people, and who is in them; that is for the bot to decide."""

import secrets
from collections.abc import Callable, Sequence

from gateway.schemas import objects
from gateway.schemas.records import BotIdentity, ChatId, Draft, Person, UserId
from gateway.store import conversations, events, members, messages, people, updates
from gateway.store.bells import Bells, Fleeting
from gateway.store.database import Database, Transaction

_IDS = range(10**9, 10**12)


class GroupStore:
    """Who is in which group.

    Args:
        database: Open.
        bells: Of whoever comes and goes.
        bot: Who hears of whoever comes and goes.
    """

    def __init__(self, database: Database, bells: Bells, bot: Callable[[], BotIdentity]) -> None:
        self._database = database
        self._bells = bells
        self._bot = bot

    async def create(self, title: str) -> Person:
        """Make a group that nobody is in."""
        group = Person(
            user_id=UserId(-_IDS.start - secrets.randbelow(len(_IDS))), name=title, is_member=True
        )

        def work(tx: Transaction) -> Person:
            people.add(tx, group)
            people.set_member(tx, group, is_member=True)
            return group

        return await self._database.write(work)

    async def members(self, group: Person) -> list[Person]:
        """Who is in a group, in the order they came."""
        return await self._database.read(lambda tx: members.of_group(tx, group.chat_id))

    async def of(self, person: Person, chat_id: ChatId) -> Person | None:
        """The group of this id, if a person is in it."""

        def work(tx: Transaction) -> Person | None:
            return people.find(tx, chat_id) if members.is_in(tx, chat_id, person) else None

        return await self._database.read(work)

    async def of_person(self, person: Person) -> list[tuple[Person, int]]:
        """The groups that a person is in, each with the id of its newest message."""
        return await self._database.read(lambda tx: members.groups_of(tx, person))

    async def add(self, group: Person, newcomers: Sequence[Person]) -> None:
        """Put people into a group, and say so in it."""

        def work(tx: Transaction) -> None:
            members.join(tx, group, newcomers)
            users = [objects.person_user(person) for person in newcomers]
            told = Draft(service={"new_chat_members": users})
            conversations.receive(tx, self._bot(), group, told, author=newcomers[0])

        await self._database.write(work)
        self._tell(newcomers)

    async def remove(self, group: Person, person: Person) -> bool:
        """Take a person out of a group, and say so in it; False if they were not in it."""

        def work(tx: Transaction) -> bool:
            was_in = members.leave(tx, group, person)
            if was_in:
                told = Draft(service={"left_chat_member": objects.person_user(person)})
                conversations.receive(tx, self._bot(), group, told, author=person)
            return was_in

        was_in = await self._database.write(work)
        self._tell([person])
        return was_in

    async def leave(self, group: Person) -> None:
        """Take the bot out of a group, and say so in it; the people stay."""
        bot = objects.bot_user(self._bot())

        def work(tx: Transaction) -> None:
            people.set_member(tx, group, is_member=False)
            told = Draft(service={"left_chat_member": bot})
            said = messages.insert(tx, group, told, from_bot=True)
            events.add_message(tx, "message", group.chat_id, said.message_id)
            change: objects.JsonObject = {
                "chat": objects.chat(group),
                "from": bot,
                "date": tx.now,
                "old_chat_member": objects.administrator(bot),
                "new_chat_member": {"status": "left", "user": bot},
            }
            updates.enqueue(tx, "my_chat_member", change, group.chat_id)

        await self._database.write(work)

    def _tell(self, people: Sequence[Person]) -> None:
        """Their phones look again which groups they are in; others do when they come back."""
        for person in people:
            self._bells.tell(person.chat_id, Fleeting(kind="chats", body={}))
