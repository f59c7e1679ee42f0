"""How much somebody may send whom the bot has not let in yet.

Knows numbers. Whoever holds a good code is let in within a moment, so it is little: a guest on the
network must not fill the clinic's disk.
"""

from gateway.errors import Forbidden
from gateway.phone.uploads import Upload
from gateway.schemas.limits import ALBUM_MAX
from gateway.schemas.records import Person
from gateway.store.store import ChatStore

FILES_MAX = ALBUM_MAX
"""Of one newcomer."""

BYTES_MAX = 200_000_000
"""Of all newcomers together."""


async def check_quota(person: Person, upload: Upload, store: ChatStore) -> None:
    """Refuse files beyond a newcomer's quota.

    Args:
        person: Not let in yet.
        store: Knows what they sent before.

    Raises:
        Forbidden: If it would be too much.
    """
    if not upload.files:
        return
    files, size_bytes = await store.files.of_newcomers(person)
    sent_bytes = sum(file.size or 0 for file in upload.files)
    if files + len(upload.files) > FILES_MAX or size_bytes + sent_bytes > BYTES_MAX:
        raise Forbidden("You have not been let in yet: send pictures once you have.")
