"""Groups of people, and who is in them; that is for the bot to decide."""

import secrets
from collections.abc import Callable, Sequence

from gateway.schemas import objects
from gateway.schemas.records import BotIdentity, ChatId, Draft, Person, Standing, UserId
from gateway.store import conversations, events, members, messages, people, standing
from gateway.store.signals import Fleeting
from gateway.store.transactions import DatabaseStore, reading, writing
from storage.database import Database, Transaction

_IDS = range(10**9, 10**12)


class GroupStore(DatabaseStore):
    """Who is in which group; the phones of whoever comes and goes hear of it.

    Args:
        bot: Is told of whoever comes and goes.
    """

    def __init__(self, database: Database, bot: Callable[[], BotIdentity]) -> None:
        super().__init__(database)
        self._bot = bot

    @writing
    def create(self, tx: Transaction, title: str, newcomers: Sequence[Person] = ()) -> Person:
        """Make a group of people, and say so in it."""
        group = Person(
            user_id=UserId(-_IDS.start - secrets.randbelow(len(_IDS))), name=title, is_member=True
        )
        people.add(tx, group)
        people.set_member(tx, group, is_member=True)
        standing.bot_came(tx, self._bot(), group)
        if newcomers:
            self._add(tx, group, newcomers)
        return group

    @reading
    def members(self, tx: Transaction, group: Person) -> list[Person]:
        """Who is in a group, in the order they came."""
        return members.of_group(tx, group.chat_id)

    @reading
    def of(self, tx: Transaction, person: Person, chat_id: ChatId) -> Person | None:
        """The group of this id, if a person is in it."""
        return people.find(tx, chat_id) if members.is_in(tx, chat_id, person) else None

    @reading
    def of_person(self, tx: Transaction, person: Person) -> list[tuple[Person, int]]:
        """The groups that a person is in, each with the id of its newest message."""
        return members.groups_of(tx, person)

    @writing
    def add(self, tx: Transaction, group: Person, newcomer: Person) -> None:
        """Put a person into a group, and say so in it.

        Raises:
            BadRequest: They are in it already.
        """
        self._add(tx, group, [newcomer])

    @reading
    def standing(self, tx: Transaction, group: Person, person: Person) -> Standing:
        """How a person stands in a group."""
        return standing.of(tx, group, person)

    @writing
    def ban(self, tx: Transaction, group: Person, person: Person) -> None:
        """Let a person be in a group no longer; whoever was in it hears so in it."""
        before = standing.of(tx, group, person)
        self._remove(tx, group, person)
        members.ban(tx, group, person)
        standing.changed(tx, self._bot(), group, person, before)

    @writing
    def unban(self, tx: Transaction, group: Person, person: Person, *, only_banned: bool) -> None:
        """Let a person come into a group again, when the bot puts them there.

        Args:
            only_banned: False to take out of it, too, whoever is in it, as Telegram does.
        """
        before = standing.of(tx, group, person)
        members.unban(tx, group, person)
        if not only_banned:
            self._remove(tx, group, person)
        standing.changed(tx, self._bot(), group, person, before)

    @writing
    def leave(self, tx: Transaction, group: Person) -> None:
        """Take the bot out of a group, and say so in it; the people stay."""
        bot = objects.bot_user(self._bot())
        people.set_member(tx, group, is_member=False)
        told = Draft(service={"left_chat_member": bot})
        said = messages.insert(tx, group, told, from_bot=True)
        events.add_message(tx, "message", group.chat_id, said.message_id)
        standing.bot_left(tx, self._bot(), group)

    def _add(self, tx: Transaction, group: Person, newcomers: Sequence[Person]) -> None:
        before = [(person, standing.of(tx, group, person)) for person in newcomers]
        members.join(tx, group, newcomers)
        users = [objects.person_user(person) for person in newcomers]
        told = Draft(service={"new_chat_members": users})
        conversations.receive(tx, self._bot(), group, told, author=newcomers[0])
        for person, stood in before:
            standing.changed(tx, self._bot(), group, person, stood)
        _look_again(tx, newcomers)

    def _remove(self, tx: Transaction, group: Person, person: Person) -> None:
        if not members.leave(tx, group, person):
            return
        told = Draft(service={"left_chat_member": objects.person_user(person)})
        conversations.receive(tx, self._bot(), group, told, author=person)
        _look_again(tx, [person])


def _look_again(tx: Transaction, people: Sequence[Person]) -> None:
    """Phones that listen look which groups they are in; others do when they come back."""
    tx.signal(*(Fleeting(chat_id=person.chat_id, kind="chats") for person in people))
