"""Whose weights these are, by their numbers: the practice model's, or a known release's.

Knows `known.json` beside it. Must not believe a name, a folder or a manifest that came along.
The practice model is known by its matrices, one of which is enough: they keep their numbers when
somebody renames them, cuts the file in two or saves it in another precision.

After training, `python -m inference.practice.folder` notes the practice model's matrices anew.
"""

import functools
import hashlib
import json
import math
import struct
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from pydantic import BaseModel

from inference.models.weights import Tensor, tensors_of

KNOWN_FILE = Path(__file__).with_name("known.json")
FEWEST_NUMBERS = 4096
"""Of a matrix that is telling; the smallest tensors of a model may be all zeros or ones."""

_BYTES = {"BF16": 2, "F16": 2, "F32": 4}


class KnownWeights(BaseModel, frozen=True):
    """The content of `known.json`.

    Args:
        practice: SHA-256 of the practice model's matrices in bfloat16, by their count of numbers.
        releases: SHA-256 of the weights' files, by the release's name. None of Google's could be
            had from a source that can be checked, so there are none yet.
    """

    practice: dict[int, frozenset[str]]
    releases: dict[str, frozenset[str]]


@functools.cache
def known_weights() -> KnownWeights:
    """What is known."""
    return KnownWeights.model_validate_json(KNOWN_FILE.read_bytes())


def is_practice(weights: Iterable[Path]) -> bool:
    """Whether there is a matrix of the practice model among these weights.

    Only tensors of as many numbers are read: a few megabytes of whatever model.

    Args:
        weights: Safetensors files.

    Raises:
        ModelError: One is no such file, or not all of one.
    """
    known = known_weights().practice
    return any(
        _digest(path, tensor) in known[math.prod(tensor.shape)]
        for path in weights
        for tensor in tensors_of(path)
        if math.prod(tensor.shape) in known and _is_telling(tensor)
    )


def release_of(digests: Iterable[str]) -> str | None:
    """Which known release these weights are, if they are one.

    Args:
        digests: SHA-256 of each of their files.
    """
    found = frozenset(digests)
    releases = known_weights().releases.items()
    return next((name for name, files in releases if files and files == found), None)


def matrices_of(weights: Iterable[Path]) -> Mapping[int, frozenset[str]]:
    """What `known.json` notes of a model: its telling matrices' digests by how many numbers."""
    found: dict[int, set[str]] = {}
    for path, tensor in _telling(weights):
        found.setdefault(math.prod(tensor.shape), set()).add(_digest(path, tensor))
    return {count: frozenset(digests - {""}) for count, digests in sorted(found.items())}


def _telling(weights: Iterable[Path]) -> Iterator[tuple[Path, Tensor]]:
    for path in weights:
        yield from ((path, tensor) for tensor in tensors_of(path) if _is_telling(tensor))


def _is_telling(tensor: Tensor) -> bool:
    numbers = math.prod(tensor.shape)
    whole = tensor.end - tensor.begin == numbers * _BYTES.get(tensor.dtype, 0)
    return whole and len(tensor.shape) > 1 and numbers >= FEWEST_NUMBERS


def _digest(path: Path, tensor: Tensor) -> str:
    """SHA-256 of a tensor's numbers in bfloat16; empty if they are all alike."""
    with path.open("rb") as file:
        file.seek(tensor.begin)
        numbers = _in_bfloat16(file.read(tensor.end - tensor.begin), tensor.dtype)
    alike = numbers == numbers[:2] * (len(numbers) // 2)
    return "" if alike else hashlib.sha256(numbers).hexdigest()


def _in_bfloat16(numbers: bytes, dtype: str) -> bytes:
    if dtype == "BF16":
        return numbers
    if dtype == "F16":
        count = len(numbers) // 2
        numbers = struct.pack(f"<{count}f", *struct.unpack(f"<{count}e", numbers))
    upper = bytearray(len(numbers) // 2)
    upper[0::2], upper[1::2] = numbers[2::4], numbers[3::4]
    return bytes(upper)


def note_practice(folder: Path) -> None:
    """Add the practice model's matrices to `known.json`: copies of an earlier one stay known."""
    known = json.loads(KNOWN_FILE.read_bytes())
    matrices = matrices_of(sorted(folder.glob("*.safetensors")))
    for count, digests in matrices.items():
        earlier = known["practice"].get(str(count), [])
        known["practice"][str(count)] = sorted(digests.union(earlier))
    KNOWN_FILE.write_text(json.dumps(known, indent=1) + "\n", encoding="ascii")
