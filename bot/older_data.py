"""What the bot does where an older copy of a database was put back, and so that it is noticed.

Knows the sealed record of the newest data. Nobody is let in by an older copy: whoever's access was
taken away meanwhile loses it again, and the gateway is told anew. Supervisors are told, too.
"""

import asyncio
from collections.abc import Iterable
from functools import partial

from bot.domain.audit import Act, Actor, NewAuditEntry
from bot.domain.ids import UserId
from bot.domain.messages import Outgoing
from bot.locale import translator
from bot.replies import older_data as replies
from bot.store import Store
from bot.store.topics import Topic
from storage.epoch import PERIOD_S, EpochKeeper, EpochRecord, Finding


class OlderData:
    """Looks at the start, then keeps the record as new as the data.

    Args:
        keeper: The bot's database's.
    """

    def __init__(self, *, store: Store, record: EpochRecord, keeper: EpochKeeper) -> None:
        self._store = store
        self._record = record
        self._keeper = keeper

    async def look(self) -> None:
        """See whether the data are older than they were, and undo what that would allow."""
        await self._keeper.try_step()
        found = await asyncio.to_thread(self._record.findings)
        if found:  # of an earlier start too, which may have been cut off here
            await revoke_again(self._store, await asyncio.to_thread(self._record.revoked))
        await self._store.people.tell_again()
        for finding in found:
            await self._store.audit.add(_noted(finding))
            await self._tell(finding)

    async def keep(self) -> None:
        """Keep the record, for ever: at once where somebody's access changed."""
        with self._store.signals.listen(Topic.ACCESS) as access:
            while True:
                await self.step()
                await access.wait(PERIOD_S)

    async def step(self) -> None:
        """Let no copy from before now pass for the newest data."""
        people = await self._store.people.everyone()
        revoked = [person.user_id for person in people if person.revoked_at is not None]
        await self._keeper.try_step(partial(self._record.put_revoked, revoked))

    async def _tell(self, finding: Finding) -> None:
        notices = [
            Outgoing(
                key=f"{_key(finding)}:{person.user_id}",
                chat_id=person.chat_id,
                reply=replies.put_back(translator(person.language)),
            )
            for person in await self._store.people.supervisors()
        ]
        await self._store.outbox.add(*notices)


async def revoke_again(store: Store, user_ids: Iterable[int]) -> int:
    """Take away again the access of people who had lost it, and have it by an older copy.

    Returns:
        How many have lost it now.
    """
    again = frozenset(user_ids)
    regained = [
        person
        for person in await store.people.everyone()
        if person.revoked_at is None and person.user_id in again
    ]
    for person in regained:
        await store.people.revoke(UserId(person.user_id), by=Actor.at_the_machine())
    return len(regained)


def _noted(finding: Finding) -> NewAuditEntry:
    return NewAuditEntry(
        act=Act.ROLLED_BACK, subject=finding.database, user_id=None, key=_key(finding)
    )


def _key(finding: Finding) -> str:
    return f"older:{finding.database}:{finding.at}"
