"""What a model's eyes made of pictures, remembered, so that no picture is looked at twice.

Knows bytes and their cap. Must not know torch: what is kept here is opaque. It lives beside the
executor, not in the model process, and so outlives a crash and a step down a tier.
"""

from collections import OrderedDict
from hashlib import sha256

MAX_BYTES = 64 * 1024 * 1024
"""About fifty pictures of MedGemma's, 1.3 MB each."""


class SeenPictures:
    """The features of the pictures used last, by picture and by the eyes that saw it.

    Args:
        max_bytes: Cap on all features together; the longest unused go first.
    """

    def __init__(self, max_bytes: int = MAX_BYTES) -> None:
        self._max_bytes = max_bytes
        self._bytes = 0
        self._features: OrderedDict[tuple[str, bytes], bytes] = OrderedDict()

    def recall(self, eyes: str, picture: bytes) -> bytes:
        """Find a picture's features.

        Args:
            eyes: Identity of the vision tower and projector.
            picture: The picture's file, as it is sent to the engine.

        Returns:
            The features, empty where they are not known.
        """
        key = _key(eyes, picture)
        features = self._features.get(key, b"")
        if features:
            self._features.move_to_end(key)
        return features

    def keep(self, eyes: str, picture: bytes, features: bytes) -> None:
        """Remember a picture's features.

        Args:
            eyes: Identity of the vision tower and projector.
            picture: The picture's file.
            features: What they made of it; empty ones are not kept.
        """
        key = _key(eyes, picture)
        if not features or key in self._features:
            return
        self._features[key] = features
        self._bytes += len(features)
        while self._bytes > self._max_bytes:
            _, forgotten = self._features.popitem(last=False)
            self._bytes -= len(forgotten)


def _key(eyes: str, picture: bytes) -> tuple[str, bytes]:
    return eyes, sha256(picture).digest()
