"""The key, the keys that are derived from it, and the keys that were in use before it.

Knows HKDF. Must not know where keys are kept or what they seal.
"""

import secrets
from dataclasses import dataclass, field
from enum import StrEnum

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from storage.errors import NotAKey

KEY_BYTES = 32
ID_BYTES = 8


class Purpose(StrEnum):
    """What a derived key is for; a key of one purpose opens nothing of another."""

    BOT_DATABASE = "bot database"
    GATEWAY_DATABASE = "gateway database"
    FILES = "files"
    SECRETS = "secrets"
    EPOCH = "epoch"
    CACHE = "cache"
    CACHE_NAMES = "cache names"
    CERTIFICATES = "certificates"
    BACKUPS = "backups"
    KEY_ID = "key id"


@dataclass(frozen=True, slots=True)
class Key:
    """256 random bits from which every other key follows."""

    secret: bytes = field(repr=False)

    @classmethod
    def new(cls) -> "Key":
        """Draw a key."""
        return cls(secrets.token_bytes(KEY_BYTES))

    @property
    def id(self) -> bytes:
        """Tells keys apart, and says nothing about them."""
        return self.derive(Purpose.KEY_ID, length_bytes=ID_BYTES)

    def derive(self, purpose: Purpose, salt: bytes = b"", length_bytes: int = KEY_BYTES) -> bytes:
        """Derive a key (HKDF-SHA256, RFC 5869).

        Args:
            purpose: What it is for.
            salt: Makes it one file's own.
            length_bytes: How long it is.
        """
        info = f"edgerad 1 {purpose}".encode()
        return HKDF(hashes.SHA256(), length_bytes, salt or None, info).derive(self.secret)


@dataclass(frozen=True, slots=True)
class Keyring:
    """The key in use, then those before it, which open what they sealed and old backups."""

    keys: tuple[Key, ...]

    @property
    def current(self) -> Key:
        """The key that seals."""
        return self.keys[0]

    def by_id(self, key_id: bytes) -> Key | None:
        """The key of this id, None if it is not on the ring."""
        return next((key for key in self.keys if key.id == key_id), None)

    def with_new_key(self) -> "Keyring":
        """The ring with a fresh key in use."""
        return Keyring((Key.new(), *self.keys))

    def as_text(self) -> str:
        """The ring as a key file holds it: a key a line, in hexadecimal, the one in use first."""
        return "".join(f"{key.secret.hex()}\n" for key in self.keys)

    @classmethod
    def of_text(cls, text: str) -> "Keyring":
        """Read a key file.

        Raises:
            NotAKey: If a line is no key, or there is none.
        """
        try:
            keys = [bytes.fromhex(line) for line in text.split()]
        except ValueError as error:
            raise NotAKey from error
        if not keys or any(len(key) != KEY_BYTES for key in keys):
            raise NotAKey
        return cls(tuple(map(Key, keys)))
