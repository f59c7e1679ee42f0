"""The alarms that ring on phones, as the bot told them last.

Knows no more of one than that it is JSON for a chat. In memory alone: the bot tells it again.
"""

from collections.abc import Mapping, Sequence

from gateway.schemas.objects import JsonObject
from gateway.schemas.records import ChatId, Person
from gateway.store.signals import Fleeting
from storage.signals import Signals

Banners = Mapping[ChatId, Sequence[JsonObject]]


class RingingAlarms:
    """What each private chat's pages show over every screen.

    Args:
        signals: Tell the pages of each chat for which it changes.
    """

    def __init__(self, signals: Signals) -> None:
        self._signals = signals
        self._banners: Banners = {}

    def put(self, banners: Banners) -> None:
        """Show these from now on, and no others."""
        before, self._banners = self._banners, banners
        chats = before.keys() | banners.keys()
        changed = [chat for chat in chats if before.get(chat) != banners.get(chat)]
        self._signals.send(
            Fleeting(chat_id=chat, kind="alarms", body={"alarms": list(banners.get(chat, ()))})
            for chat in changed
        )

    def seen_by(self, person: Person) -> list[JsonObject]:
        """What a person's page shows, gravest first."""
        return list(self._banners.get(person.chat_id, ()))
