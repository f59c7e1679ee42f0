"""Bytes sealed with AES-256-GCM, piece by piece, so that a large file needs little memory.

Knows the sealed form and nothing of folders. A sealed file is:

    8 bytes   "EdgeRad1"
    8 bytes   the id of the key on the ring
    16 bytes  the file's own salt: its key is derived from the ring's key with it
    then      pieces of 256 KiB, each with its 16-byte tag; the last one may be shorter

A piece's nonce is its number and whether it is the last, so none can be left out, moved or added.
The file's name is authenticated with every piece, so no file passes for another.
"""

import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from storage.errors import Damaged
from storage.keys import ID_BYTES, Keyring, Purpose

MAGIC = b"EdgeRad1"
SALT_BYTES = 16
HEAD_BYTES = len(MAGIC) + ID_BYTES + SALT_BYTES
PIECE_BYTES = 256 * 1024
TAG_BYTES = 16


class Source(Protocol):
    """Something to read from."""

    def read(self, size: int, /) -> bytes:
        """The next bytes: fewer than `size` only at the end."""
        ...


def key_id_of(head: bytes) -> bytes | None:
    """Say which key sealed a file.

    Args:
        head: The file's first `HEAD_BYTES` bytes.

    Returns:
        The key's id; None if the file is not sealed.
    """
    if len(head) < HEAD_BYTES or not head.startswith(MAGIC):
        return None
    return head[len(MAGIC) : len(MAGIC) + ID_BYTES]


@dataclass(frozen=True, slots=True)
class Sealer:
    """Seals and opens for one purpose.

    Args:
        keyring: The key in use seals; each key opens what it sealed.
        purpose: What is sealed.
    """

    keyring: Keyring
    purpose: Purpose

    def seal(self, source: Source, name: str) -> Iterator[bytes]:
        """Seal what a source holds.

        Args:
            source: Read to its end.
            name: What it must be opened as.

        Yields:
            The sealed form, piece by piece.
        """
        salt = secrets.token_bytes(SALT_BYTES)
        cipher = AESGCM(self.keyring.current.derive(self.purpose, salt))
        yield MAGIC + self.keyring.current.id + salt
        for nonce, piece in _numbered(source, PIECE_BYTES):
            yield cipher.encrypt(nonce, piece, name.encode())

    def open(self, source: Source, name: str) -> Iterator[bytes]:
        """Open what was sealed; each piece that comes out is authentic.

        Args:
            name: What it was sealed as.

        Yields:
            The bytes, piece by piece.

        Raises:
            Damaged: If it is not what was sealed under this name with a key of the ring.
        """
        head = source.read(HEAD_BYTES)
        key = self.keyring.by_id(key_id_of(head) or b"")
        if key is None:
            raise Damaged
        cipher = AESGCM(key.derive(self.purpose, head[-SALT_BYTES:]))
        try:
            for nonce, piece in _numbered(source, PIECE_BYTES + TAG_BYTES):
                yield cipher.decrypt(nonce, piece, name.encode())
        except InvalidTag as error:
            raise Damaged from error


def _numbered(source: Source, size_bytes: int) -> Iterator[tuple[bytes, bytes]]:
    """Pieces with their nonces; an empty source is one empty piece."""
    number, piece = 0, source.read(size_bytes)
    while following := source.read(size_bytes):
        yield _nonce(number, last=False), piece
        number, piece = number + 1, following
    yield _nonce(number, last=True), piece


def _nonce(number: int, *, last: bool) -> bytes:
    return number.to_bytes(11) + bytes([last])
