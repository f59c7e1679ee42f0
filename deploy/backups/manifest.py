"""What an archive says of itself: its files by their hashes, sealed with the data's key.

Knows the manifest. Must not know tar, nor what the files are.
"""

import hmac
import json
from collections.abc import Mapping
from typing import Self

from pydantic import BaseModel

from storage.keys import Key, Keyring, Purpose

FORMAT = 2


class BackupManifest(BaseModel):
    """The last entry of an archive.

    Args:
        format: Of the archive: 1 had no seal.
        made_at: When, in UTC; empty in the first archives.
        files: SHA-256 by the file's name in the data folder.
        missing: What the databases named and was not there when the archive was made.
        key: The id of the key that sealed it.
        seal: HMAC-SHA256 of all the above; empty where there is none.
    """

    format: int
    made_at: str = ""
    files: dict[str, str]
    missing: list[str] = []
    key: str = ""
    seal: str = ""

    @classmethod
    def sealed(
        cls, keyring: Keyring, *, made_at: str, files: Mapping[str, str], missing: list[str]
    ) -> Self:
        """A manifest that only who has the key can write."""
        key = keyring.current
        said = cls(
            format=FORMAT, made_at=made_at, files=dict(files), missing=missing, key=key.id.hex()
        )
        return said.model_copy(update={"seal": said._seal_of(key)})

    @property
    def has_seal(self) -> bool:
        """Whether it says that it was sealed."""
        return bool(self.seal)

    def is_genuine(self, keyring: Keyring) -> bool:
        """Whether a key of the ring sealed it, as it stands."""
        return any(hmac.compare_digest(self._seal_of(key), self.seal) for key in keyring.keys)

    def _seal_of(self, key: Key) -> str:
        said = json.dumps(self.model_dump(exclude={"seal"}), sort_keys=True)
        return hmac.digest(key.derive(Purpose.BACKUPS), said.encode(), "sha256").hex()
