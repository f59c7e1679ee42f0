"""Files that came in to be seen before they are sent: held a while, so that they come in once.

Knows bytes and times. What it holds is in memory or unreadable on the disk (`storage.spool`), has
no row, and goes out to nobody: it can only be sent, by the session that it came from.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Collection, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass

from starlette.datastructures import UploadFile

from gateway.errors import Gone
from gateway.store.media import MadeSize
from gateway.store.sessions import Session

HELD_S = 600.0
"""How long a file is held that is not sent: somebody writes a caption, or is called away."""

FILES_MAX = 10
"""Of one session: as many as one message has."""

ALL_FILES_MAX = 40
"""Of all sessions; each may have `forms.MEMORY_BYTES` in memory."""

ALL_MESSAGES_MAX = 4
"""Of all sessions: as many bytes as that many of the largest messages."""

_LOOK_EVERY_S = 60.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """A file that is not sent yet.

    Args:
        upload: Whoever has it closes it.
        small: Its small picture; None if none could be made.
        since_s: When it came in.
    """

    upload: UploadFile
    small: MadeSize | None
    since_s: float


class HeldFiles:
    """The files that phones have shown and not sent.

    What is too much for one session, or for all of them, lets go of what was held longest: whose
    file that was sends it as a whole.

    Args:
        clock: Seconds.
        max_upload_bytes: Of one message, and so of what one session has here.
    """

    def __init__(self, clock: Callable[[], float], max_upload_bytes: int) -> None:
        self._clock = clock
        self._max_bytes = max_upload_bytes
        self._held: dict[tuple[bytes, str], Held] = {}

    async def put(
        self, session: Session, name: str, upload: UploadFile, small: MadeSize | None
    ) -> None:
        """Hold a file, in place of what its session called the same."""
        key = (session.token_sha256, name)
        gone = [self._held.pop(key)] if key in self._held else []
        self._held[key] = Held(upload=upload, small=small, since_s=self._clock())
        gone += self._let_go(key[0], FILES_MAX, self._max_bytes)
        gone += self._let_go(None, ALL_FILES_MAX, ALL_MESSAGES_MAX * self._max_bytes)
        await _close(gone)

    @asynccontextmanager
    async def taken(
        self, session: Session, names: Collection[str]
    ) -> AsyncIterator[Mapping[str, Held]]:
        """Take files out to send them; they are closed when the block ends, whatever came of it.

        Raises:
            Gone: One of them is no longer held; then none is taken.
        """
        keys = {name: (session.token_sha256, name) for name in names}
        if not self._held.keys() >= set(keys.values()):
            raise Gone
        found = {name: self._held.pop(key) for name, key in keys.items()}
        try:
            yield found
        finally:
            await _close(found.values())

    async def drop(self, session: Session, name: str | None = None) -> None:
        """Let go of one of a session's files, or of all of them."""
        token = session.token_sha256
        keys = [key for key in self._held if key[0] == token and name in {None, key[1]}]
        await _close([self._held.pop(key) for key in keys])

    async def drop_old(self) -> None:
        """Let go of what was held long enough."""
        until_s = self._clock() - HELD_S
        keys = [key for key, each in self._held.items() if each.since_s <= until_s]
        await _close([self._held.pop(key) for key in keys])

    async def keep_short(self) -> None:
        """Let go of what is old, again and again; of all that is held once this is cancelled."""
        try:
            while True:
                await asyncio.sleep(_LOOK_EVERY_S)
                await self.drop_old()
        finally:
            await _close([self._held.pop(key) for key in list(self._held)])

    def _let_go(self, token: bytes | None, most_files: int, most_bytes: int) -> list[Held]:
        """Take out what is too much, of one session or of all, the oldest first."""
        keys = [key for key in self._held if token in {None, key[0]}]
        held_bytes = sum(size_bytes(self._held[key]) for key in keys)
        gone = []
        while len(keys) > most_files or held_bytes > most_bytes:
            oldest = self._held.pop(keys.pop(0))
            held_bytes -= size_bytes(oldest)
            gone.append(oldest)
        return gone


def size_bytes(held: Held) -> int:
    """How long a file is."""
    return held.upload.size or 0


async def _close(files: Collection[Held]) -> None:
    for each in files:
        await each.upload.close()
