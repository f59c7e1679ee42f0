"""SQL of who is in which group.

A group is stored beside the people, under a negative id, as the Bot API has it: its messages are
those of a chat.
"""

from collections.abc import Sequence

from gateway.errors import BadRequest
from gateway.schemas.records import ChatId, Person
from gateway.store import rows
from storage.database import Transaction

# A person's own chat, and the groups that they are in.
SEEN = "(SELECT :chat_id AS id UNION ALL SELECT group_id FROM members WHERE user_id = :chat_id)"


def join(tx: Transaction, group: Person, newcomers: Sequence[Person]) -> None:
    """Put people into a group.

    Raises:
        BadRequest: One of them is in it already.
    """
    for person in newcomers:
        if is_in(tx, group.chat_id, person):
            raise BadRequest("USER_ALREADY_PARTICIPANT")
        tx.run(
            "INSERT INTO members VALUES (:group_id, :user_id, :now)",
            group_id=group.user_id,
            user_id=person.user_id,
            now=tx.now,
        )
        tx.run("UPDATE people SET stays = 1 WHERE user_id = :user_id", user_id=person.user_id)
        unban(tx, group, person)


def leave(tx: Transaction, group: Person, person: Person) -> bool:
    """Take a person out of a group; False if they were not in it."""
    cursor = tx.run(
        "DELETE FROM members WHERE group_id = :group_id AND user_id = :user_id",
        group_id=group.user_id,
        user_id=person.user_id,
    )
    return cursor.rowcount > 0


def ban(tx: Transaction, group: Person, person: Person) -> None:
    """Note that a person may not be in a group."""
    tx.run(
        "INSERT OR IGNORE INTO bans VALUES (:group_id, :user_id)",
        group_id=group.user_id,
        user_id=person.user_id,
    )


def unban(tx: Transaction, group: Person, person: Person) -> None:
    """Note that a person may be in a group again."""
    tx.run(
        "DELETE FROM bans WHERE group_id = :group_id AND user_id = :user_id",
        group_id=group.user_id,
        user_id=person.user_id,
    )


def is_banned(tx: Transaction, group: Person, person: Person) -> bool:
    """Whether a person may not be in a group."""
    row = tx.one(
        "SELECT 1 FROM bans WHERE group_id = :group_id AND user_id = :user_id",
        group_id=group.user_id,
        user_id=person.user_id,
    )
    return row is not None


def leave_all(tx: Transaction, person: Person) -> None:
    """Take a person out of every group, with no message about it."""
    tx.run("DELETE FROM members WHERE user_id = :user_id", user_id=person.user_id)


def of_group(tx: Transaction, chat_id: ChatId) -> list[Person]:
    """Who is in a group, in the order they came; nobody is in a private chat."""
    found = tx.all(
        "SELECT people.* FROM members JOIN people USING (user_id) WHERE group_id = :chat_id"
        " ORDER BY members.joined_at, members.rowid",
        chat_id=chat_id,
    )
    return [rows.person(row) for row in found]


def groups_of(tx: Transaction, person: Person) -> list[tuple[Person, int]]:
    """A person's groups in the order they came to them, each with the id of its newest message."""
    found = tx.all(
        "SELECT people.*,"
        " (SELECT COALESCE(MAX(message_id), 0) FROM messages WHERE chat_id = group_id) AS newest_id"
        " FROM members JOIN people ON people.user_id = members.group_id"
        " WHERE members.user_id = :user_id ORDER BY members.joined_at, members.rowid",
        user_id=person.user_id,
    )
    return [(rows.person(row), row["newest_id"]) for row in found]


def seen_by(tx: Transaction, chat_id: ChatId) -> list[ChatId]:
    """The chats whose events a private chat's person sees: that one, and their groups."""
    groups = tx.all("SELECT group_id FROM members WHERE user_id = :chat_id", chat_id=chat_id)
    return [chat_id, *(ChatId(row["group_id"]) for row in groups)]


def listeners(tx: Transaction, chat_id: ChatId) -> list[ChatId]:
    """The private chats of those who see what happens in a chat."""
    if chat_id > 0:
        return [chat_id]
    return [person.chat_id for person in of_group(tx, chat_id)]


def is_in(tx: Transaction, chat_id: ChatId, person: Person) -> bool:
    """Whether a person is in the group of this chat."""
    row = tx.one(
        "SELECT 1 FROM members WHERE group_id = :group_id AND user_id = :user_id",
        group_id=chat_id,
        user_id=person.user_id,
    )
    return row is not None
