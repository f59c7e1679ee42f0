"""The commands that the bot offers, by scope and language."""

from gateway.schemas.records import ChatId, Command, Person
from gateway.store import rows
from gateway.store.signals import Fleeting
from gateway.store.transactions import DatabaseStore, reading, writing
from storage.database import Transaction


class CommandStore(DatabaseStore):
    """The commands; phones that listen hear when they change, the others look when they return."""

    @reading
    def get(self, tx: Transaction, scope: str, language_code: str) -> tuple[Command, ...]:
        """The commands put in exactly this scope and language."""
        return _find(tx, scope, language_code) or ()

    @writing
    def put(
        self, tx: Transaction, scope: str, language_code: str, offered: tuple[Command, ...]
    ) -> None:
        """Offer these commands, and no others, in a scope and a language."""
        tx.run(
            "INSERT OR REPLACE INTO commands VALUES (:scope, :language_code, :commands)",
            scope=scope,
            language_code=language_code,
            commands=rows.dump_commands(offered),
        )
        tx.signal(_changed(scope))

    @writing
    def delete(self, tx: Transaction, scope: str, language_code: str) -> None:
        """Remove the commands of a scope and a language: wider ones take their place."""
        tx.run(
            "DELETE FROM commands WHERE scope = :scope AND language_code = :language_code",
            scope=scope,
            language_code=language_code,
        )
        tx.signal(_changed(scope))

    @reading
    def offered_to(self, tx: Transaction, person: Person) -> tuple[Command, ...]:
        """The commands a person sees: the narrowest scope that has any, own language first.

        Source: Bot API, section "Determining list of commands".

        Args:
            person: In their private chat.
        """
        language_code = (person.language_code or "")[:2]
        for scope in (f"chat:{person.chat_id}", "all_private_chats", "default"):
            for language in dict.fromkeys((language_code, "")):
                found = _find(tx, scope, language)
                if found is not None:
                    return found
        return ()


def _changed(scope: str) -> Fleeting:
    _, *chat = scope.split(":")
    return Fleeting(chat_id=ChatId(int(chat[0])) if chat else None, kind="commands")


def _find(tx: Transaction, scope: str, language_code: str) -> tuple[Command, ...] | None:
    row = tx.one(
        "SELECT commands FROM commands WHERE scope = :scope AND language_code = :language_code",
        scope=scope,
        language_code=language_code,
    )
    return None if row is None else rows.load_commands(row["commands"])
