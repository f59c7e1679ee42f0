"""How much an unconfirmed person may send: somebody whom the bot has not let in yet.

Knows numbers. Whoever holds a good code is let in within a moment, so it is little: others on the
network must not be able to fill the clinic's disk.
"""

from gateway.errors import Forbidden
from gateway.phone.uploads import Upload
from gateway.schemas.limits import ALBUM_MAX
from gateway.schemas.records import Person
from gateway.store.store import ChatStore

FILES_MAX = ALBUM_MAX
"""Of one person."""

BYTES_MAX = 200_000_000
"""Of all unconfirmed people together."""


async def check_quota(person: Person, upload: Upload, store: ChatStore) -> None:
    """Refuse files of an unconfirmed person beyond the quota.

    Raises:
        Forbidden: If it would be too much, with what was sent before.
    """
    if not upload.files:
        return
    files, size_bytes = await store.files.of_unconfirmed(person)
    sent_bytes = sum(file.size or 0 for file in upload.files)
    if files + len(upload.files) > FILES_MAX or size_bytes + sent_bytes > BYTES_MAX:
        raise Forbidden("You have not been let in yet: send pictures once you have.")
