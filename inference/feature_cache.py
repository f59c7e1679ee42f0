"""Caches the image features of pictures, so that no picture is encoded twice.

Knows sealed files and their cap. Must not know torch: features are opaque bytes here. The cache
belongs to the executor, not to the model process: it outlives a crash, a step down a tier and a
restart. Features reveal a patient as much as the picture does: files and their names mean nothing
without the key, and deleting a picture deletes its features. No fault of the disk is an error: the
picture is encoded again. The methods block on the disk: call them in a thread.
"""

import hmac
import logging
import os
import time
from collections.abc import Iterable
from contextlib import suppress
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from threading import Lock

from storage.errors import Damaged
from storage.keys import Keyring, Purpose
from storage.sealed_folder import SealedFolder

MAX_BYTES = 512 * 1024 * 1024
"""About four hundred pictures at MedGemma's 1.3 MB each."""
NAME_BYTES = 16

logger = logging.getLogger(__name__)


class FeatureCache:
    """The features of the most recently used pictures, one file for each picture.

    Args:
        path: The folder, created with the first file.
        keyring: Seals, opens and names the files.
        max_bytes: Cap on all files together; the least recently used go first.
    """

    def __init__(self, path: Path, keyring: Keyring, max_bytes: int = MAX_BYTES) -> None:
        self._folder = SealedFolder(path, keyring, Purpose.CACHE)
        self._naming_key = keyring.current.derive(Purpose.CACHE_NAMES)
        self._max_bytes = max_bytes
        self._turn = Lock()

    def recall(self, vision_id: str, picture: bytes) -> bytes:
        """Find a picture's features.

        Args:
            vision_id: Of the vision encoder.
            picture: The picture's file, as it is sent to the engine.

        Returns:
            The features, empty if there are none or another vision encoder made them.
        """
        name, mark = self._name(picture), _mark(vision_id)
        with self._turn, suppress(OSError, Damaged):
            kept = self._folder.read(name)
            self._note_use(name)
            if kept.startswith(mark):
                return kept[len(mark) :]
        return b""

    def keep(self, vision_id: str, picture: bytes, features: bytes) -> None:
        """Keep a picture's features, in place of those that another vision encoder made.

        Args:
            vision_id: Of the vision encoder.
            picture: The picture's file, as it is sent to the engine.
        """
        name = self._name(picture)
        try:
            with self._turn:
                self._folder.remove(name)
                self._folder.add(name, BytesIO(_mark(vision_id) + features))
                self._note_use(name)
                self._make_room()
        except OSError as error:
            logger.warning("a picture's features were not kept: %s", type(error).__name__)

    def forget(self, pictures: Iterable[bytes]) -> None:
        """Delete the features of pictures."""
        with self._turn:
            for picture in pictures:
                self._folder.remove(self._name(picture))

    def forget_all(self) -> None:
        """Delete all features."""
        with self._turn:
            for name in list(self._folder.names()):
                self._folder.remove(name)

    def _name(self, picture: bytes) -> str:
        digest = sha256(picture).digest()
        return hmac.digest(self._naming_key, digest, "sha256")[:NAME_BYTES].hex()

    def _note_use(self, name: str) -> None:
        """Set the time of last use, by a finer clock than the kernel's for files."""
        now_ns = time.time_ns()
        os.utime(self._folder.path / name, ns=(now_ns, now_ns))

    def _make_room(self) -> None:
        files = [(path.stat(), path.name) for path in self._folder.path.iterdir()]
        excess_bytes = sum(stat.st_size for stat, _ in files) - self._max_bytes
        for stat, name in sorted(files, key=lambda file: file[0].st_mtime_ns):
            if excess_bytes <= 0:
                return
            self._folder.remove(name)
            excess_bytes -= stat.st_size


def _mark(vision_id: str) -> bytes:
    return sha256(vision_id.encode()).digest()
