"""Whose turn it is with what takes long: a phone's requests one by one, and one of all at a time.

So whoever asks for much, again and again, waits for themselves, and the others for one of theirs.
Work of several at once, in threads, would also keep the event loop from running between them.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from weakref import WeakValueDictionary

from gateway.store.sessions import Session


class Turns:
    """Turns in the order in which phones asked."""

    def __init__(self) -> None:
        self._of_all = asyncio.Lock()
        self._of_phones: WeakValueDictionary[bytes, asyncio.Lock] = WeakValueDictionary()

    @asynccontextmanager
    async def of(self, session: Session) -> AsyncIterator[None]:
        """Have a phone's turn while the block runs."""
        own = self._of_phones.setdefault(session.token_sha256, asyncio.Lock())
        async with own, self._of_all:
            yield
