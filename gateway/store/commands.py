"""SQL of the commands that the bot offers, by scope and language."""

from gateway.schemas.records import Command, Person
from gateway.store import rows
from gateway.store.database import Transaction


def put(tx: Transaction, scope: str, language_code: str, commands: tuple[Command, ...]) -> None:
    """Offer these commands, and no others, in a scope and a language."""
    tx.run(
        "INSERT OR REPLACE INTO commands VALUES (:scope, :language_code, :commands)",
        scope=scope,
        language_code=language_code,
        commands=rows.dump_commands(commands),
    )


def delete(tx: Transaction, scope: str, language_code: str) -> None:
    """Offer nothing of its own in a scope and a language."""
    tx.run(
        "DELETE FROM commands WHERE scope = :scope AND language_code = :language_code",
        scope=scope,
        language_code=language_code,
    )


def get(tx: Transaction, scope: str, language_code: str) -> tuple[Command, ...] | None:
    """What was put in exactly this scope and language."""
    row = tx.one(
        "SELECT commands FROM commands WHERE scope = :scope AND language_code = :language_code",
        scope=scope,
        language_code=language_code,
    )
    return None if row is None else rows.load_commands(row["commands"])


def offered_to(tx: Transaction, person: Person) -> tuple[Command, ...]:
    """The commands a person sees: the narrowest scope that has any, own language first.

    Args:
        tx: A transaction.
        person: In their private chat.

    Returns:
        The commands, none if the bot offers none.

    Source: Bot API, section "Determining list of commands".
    """
    language_code = (person.language_code or "")[:2]
    for scope in (f"chat:{person.chat_id}", "all_private_chats", "default"):
        for language in dict.fromkeys((language_code, "")):
            found = get(tx, scope, language)
            if found is not None:
                return found
    return ()
