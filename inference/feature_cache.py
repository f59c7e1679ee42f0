"""What a model's eyes made of pictures, kept so that no picture is looked at twice.

Knows sealed files and their cap. Must not know torch: what is kept here is opaque. It lies beside
the executor, not in the model process, and outlives a crash, a step down a tier and a restart.
Features tell of a patient as their picture does: no file or name means anything without the key,
and whoever deletes a picture has them forgotten. None is worth an error: what cannot be read or
written is looked at again. Its methods take as long as the disk does: call them in a thread.
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
"""About four hundred pictures of MedGemma's, 1.3 MB each."""
NAME_BYTES = 16

logger = logging.getLogger(__name__)


class FeatureCache:
    """The features of the pictures used last, a file for each picture.

    Args:
        path: The folder; made with the first file.
        keyring: Seals, opens and names the files.
        max_bytes: Cap on all of them together; the longest unused go first.
    """

    def __init__(self, path: Path, keyring: Keyring, max_bytes: int = MAX_BYTES) -> None:
        self._folder = SealedFolder(path, keyring, Purpose.CACHE)
        self._naming_key = keyring.current.derive(Purpose.CACHE_NAMES)
        self._max_bytes = max_bytes
        self._turn = Lock()

    def recall(self, vision_id: str, picture: bytes) -> bytes:
        """Find a picture's features.

        Args:
            vision_id: Identity of the vision tower and projector.
            picture: The picture's file, as it is sent to the engine.

        Returns:
            The features, empty where they are not known or other eyes saw them.
        """
        name, mark = self._name(picture), _mark(vision_id)
        with self._turn, suppress(OSError, Damaged):
            kept = self._folder.read(name)
            self._note_use(name)
            if kept.startswith(mark):
                return kept[len(mark) :]
        return b""

    def keep(self, vision_id: str, picture: bytes, features: bytes) -> None:
        """Remember a picture's features, in place of what other eyes saw.

        Args:
            vision_id: Identity of the vision tower and projector.
            features: What they made of it.
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
        """Forget what any eyes saw of pictures."""
        with self._turn:
            for picture in pictures:
                self._folder.remove(self._name(picture))

    def forget_all(self) -> None:
        """Forget everything."""
        with self._turn:
            for name in list(self._folder.names()):
                self._folder.remove(name)

    def _name(self, picture: bytes) -> str:
        digest = sha256(picture).digest()
        return hmac.digest(self._naming_key, digest, "sha256")[:NAME_BYTES].hex()

    def _note_use(self, name: str) -> None:
        """Finer than the kernel's own clock of files, which may give two the same time."""
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
