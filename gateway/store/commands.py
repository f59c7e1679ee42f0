"""The commands that the bot offers, by scope and language."""

from gateway.schemas.records import ChatId, Command, Person
from gateway.store import rows
from gateway.store.bells import Bells, Fleeting
from gateway.store.database import Database, Transaction


class CommandStore:
    """What is offered, and to whom.

    Args:
        database: Open.
        bells: Of the phones that shall look again.
    """

    def __init__(self, database: Database, bells: Bells) -> None:
        self._database = database
        self._bells = bells

    async def get(self, scope: str, language_code: str) -> tuple[Command, ...]:
        """The commands put in exactly this scope and language."""
        return await self._database.read(lambda tx: _get(tx, scope, language_code)) or ()

    async def put(self, scope: str, language_code: str, offered: tuple[Command, ...]) -> None:
        """Offer these commands, and no others, in a scope and a language."""
        await self._database.write(lambda tx: _put(tx, scope, language_code, offered))
        self._tell(scope)

    async def delete(self, scope: str, language_code: str) -> None:
        """Offer nothing of its own in a scope and a language."""
        await self._database.write(lambda tx: _delete(tx, scope, language_code))
        self._tell(scope)

    async def offered_to(self, person: Person) -> tuple[Command, ...]:
        """The commands a person sees: the narrowest scope that has any, own language first.

        Args:
            person: In their private chat.

        Returns:
            The commands, none if the bot offers none.

        Source: Bot API, section "Determining list of commands".
        """
        return await self._database.read(lambda tx: _offered_to(tx, person))

    def _tell(self, scope: str) -> None:
        """Phones that listen look again; the others do when they come back."""
        changed = Fleeting(kind="commands", body={})
        _, *chat = scope.split(":")
        if chat:
            self._bells.tell(ChatId(int(chat[0])), changed)
        else:
            self._bells.tell_all(changed)


def _get(tx: Transaction, scope: str, language_code: str) -> tuple[Command, ...] | None:
    row = tx.one(
        "SELECT commands FROM commands WHERE scope = :scope AND language_code = :language_code",
        scope=scope,
        language_code=language_code,
    )
    return None if row is None else rows.load_commands(row["commands"])


def _put(tx: Transaction, scope: str, language_code: str, offered: tuple[Command, ...]) -> None:
    tx.run(
        "INSERT OR REPLACE INTO commands VALUES (:scope, :language_code, :commands)",
        scope=scope,
        language_code=language_code,
        commands=rows.dump_commands(offered),
    )


def _delete(tx: Transaction, scope: str, language_code: str) -> None:
    tx.run(
        "DELETE FROM commands WHERE scope = :scope AND language_code = :language_code",
        scope=scope,
        language_code=language_code,
    )


def _offered_to(tx: Transaction, person: Person) -> tuple[Command, ...]:
    language_code = (person.language_code or "")[:2]
    for scope in (f"chat:{person.chat_id}", "all_private_chats", "default"):
        for language in dict.fromkeys((language_code, "")):
            found = _get(tx, scope, language)
            if found is not None:
                return found
    return ()
