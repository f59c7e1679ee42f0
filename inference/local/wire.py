"""The messages between the executor and the model process, over two pipes.

Knows frames and messages. Must not know processes, pipes or torch. A frame is a magic word, the
length of a JSON header, the header, then the bytes of pictures and of their features, whose
lengths the header names.
What does not parse is a `WireError`, after which the stream cannot be trusted.
"""

import json
import struct
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Annotated, Any, Literal

from pydantic import Field, TypeAdapter, ValidationError

from inference.contract import EngineInfo, Partial, PeakMemory, ReadRequest, Scored, Tier
from inference.errors import WireError
from inference.tiers import TierChoice

MAX_HEADER_BYTES = 4 * 1024 * 1024
MAX_BLOBS = 64
MAX_BLOB_BYTES = 64 * 1024 * 1024
MAX_BLOBS_BYTES = 256 * 1024 * 1024

_PREFIX = struct.Struct(">4sI")
_MAGIC = b"ERW1"


class FailureKind(StrEnum):
    """Why a load or a reading failed."""

    OUT_OF_MEMORY = "out_of_memory"
    UNUSABLE = "unusable"
    NO_TIER_FITS = "no_tier_fits"
    MODEL = "model"
    REQUEST = "request"
    CANCELLED = "cancelled"
    ERROR = "error"


@dataclass(frozen=True, slots=True, kw_only=True)
class Load:
    """To the model process, first: load a model; `llama` allows llama.cpp."""

    home: str
    model: str
    tier: Tier | None
    ceiling: Tier | None
    llama: bool = True
    type: Literal["load"] = "load"


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """To the model process: make this reading.

    Args:
        request: What to read.
        max_tokens: Longest answer.
        known: Each picture's cached features, empty where there are none.
        score_urgency: Whether to score the urgency before the text.
    """

    request: ReadRequest
    max_tokens: int
    known: tuple[bytes, ...] = ()
    score_urgency: bool = False
    type: Literal["read"] = "read"


@dataclass(frozen=True, slots=True, kw_only=True)
class Cancel:
    """To the model process: stop this reading; answered by `Failed` unless it was done already."""

    request_id: str
    type: Literal["cancel"] = "cancel"


@dataclass(frozen=True, slots=True, kw_only=True)
class Loading:
    """From the model process: progress of the load, as a sentence for people."""

    detail: str
    type: Literal["loading"] = "loading"


@dataclass(frozen=True, slots=True, kw_only=True)
class Ready:
    """From the model process: the model is loaded and has passed the canary.

    Args:
        vision_id: Identity of the vision tower and projector that make `PictureFeatures`.
        choice: The tier and device that were chosen.
        load_s: Duration of the load.
        memory: Peak of the load.
    """

    engine: EngineInfo
    vision_id: str
    choice: TierChoice
    load_s: float
    memory: PeakMemory
    type: Literal["ready"] = "ready"


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """From the model process, last: it could not load at `tier`."""

    kind: FailureKind
    tier: Tier | None
    detail: str
    type: Literal["refused"] = "refused"


@dataclass(frozen=True, slots=True, kw_only=True)
class PictureFeatures:
    """From the model process, first of a reading: the features of all its pictures."""

    request_id: str
    features: tuple[bytes, ...]
    type: Literal["features"] = "features"


@dataclass(frozen=True, slots=True, kw_only=True)
class Interim:
    """From the model process: an event of a reading before its end."""

    request_id: str
    event: Scored | Partial
    type: Literal["interim"] = "interim"


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """From the model process: the answer."""

    request_id: str
    text: str
    prompt_tokens: int
    answer_tokens: int
    truncated: bool
    memory: PeakMemory
    type: Literal["done"] = "done"


@dataclass(frozen=True, slots=True, kw_only=True)
class Failed:
    """From the model process: the reading failed."""

    request_id: str
    kind: FailureKind
    detail: str
    type: Literal["failed"] = "failed"


Said = PictureFeatures | Interim | Done | Failed
"""From the model process about one reading; the last two end it."""

Message = Load | Read | Cancel | Loading | Ready | Refused | Said
_MESSAGE: TypeAdapter[Message] = TypeAdapter(Annotated[Message, Field(discriminator="type")])


def encode(message: Message) -> bytes:
    """Encode a message as one frame; characters that UTF-8 lacks become question marks.

    Raises:
        WireError: The message is larger than a frame may be.
    """
    header: dict[str, Any] = asdict(message)
    blobs: tuple[bytes, ...] = ()
    if isinstance(message, Read):
        blobs = (*header["request"].pop("pictures"), *message.known)
        header["known"] = len(message.known)
    elif isinstance(message, PictureFeatures):
        blobs = header.pop("features")
    header["blobs"] = [len(blob) for blob in blobs]
    text = json.dumps(header, ensure_ascii=False).encode(errors="replace")
    _check_caps(len(text), header["blobs"])
    return b"".join((_PREFIX.pack(_MAGIC, len(text)), text, *blobs))


class Decoder:
    """Decodes messages from a stream of bytes that arrives in any pieces."""

    def __init__(self) -> None:
        self._buffer = bytearray()

    def feed(self, data: bytes) -> Iterator[Message]:
        """Add the stream's next bytes, and yield each message that is now complete.

        Raises:
            WireError: The stream does not consist of frames.
        """
        self._buffer += data
        while (message := self._next()) is not None:
            yield message

    def _next(self) -> Message | None:
        if len(self._buffer) < _PREFIX.size:
            return None
        magic, header_bytes = _PREFIX.unpack_from(self._buffer)
        if magic != _MAGIC:
            raise WireError
        _check_caps(header_bytes, [])
        blobs_at = _PREFIX.size + header_bytes
        if len(self._buffer) < blobs_at:
            return None
        header = _header(bytes(self._buffer[_PREFIX.size : blobs_at]))
        sizes = header.pop("blobs", None)
        if not _are_sizes(sizes):
            raise WireError
        _check_caps(header_bytes, sizes)
        end = blobs_at + sum(sizes)
        if len(self._buffer) < end:
            return None
        blobs = _cut(self._buffer[blobs_at:end], sizes)
        del self._buffer[:end]
        return _message(header, blobs)


def _check_caps(header_bytes: int, blob_sizes: list[int]) -> None:
    if (
        header_bytes > MAX_HEADER_BYTES
        or len(blob_sizes) > MAX_BLOBS
        or max(blob_sizes, default=0) > MAX_BLOB_BYTES
        or sum(blob_sizes) > MAX_BLOBS_BYTES
    ):
        raise WireError("A message is larger than the wire carries.")


def _header(text: bytes) -> dict[str, Any]:
    try:
        header = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise WireError from error
    if not isinstance(header, dict):
        raise WireError
    return header


def _are_sizes(sizes: object) -> bool:
    return isinstance(sizes, list) and all(type(size) is int and size >= 0 for size in sizes)


def _cut(data: bytearray, sizes: list[int]) -> tuple[bytes, ...]:
    blobs = []
    start = 0
    for size in sizes:
        blobs.append(bytes(data[start : start + size]))
        start += size
    return tuple(blobs)


def _message(header: dict[str, Any], blobs: tuple[bytes, ...]) -> Message:
    if header.get("type") == "features":
        header["features"] = blobs
    elif isinstance(header.get("request"), dict):
        known = header.get("known")
        if type(known) is not int or not 0 <= known <= len(blobs):
            raise WireError
        pictures = len(blobs) - known
        header["request"]["pictures"], header["known"] = blobs[:pictures], blobs[pictures:]
    try:
        return _MESSAGE.validate_python(header)
    except ValidationError as error:
        raise WireError from error
