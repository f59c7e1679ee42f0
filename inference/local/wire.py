"""The messages between the executor and the model process, over two pipes.

A message is a frame of `machine.frames`: pictures and their features are its blobs. Must not know
processes or torch. What does not parse is a `WireError`, after which the stream cannot be trusted.
"""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Annotated, Any, Literal

from pydantic import Field, TypeAdapter, ValidationError

from inference.contract import EngineInfo, Looked, Partial, PeakMemory, ReadRequest, Scored, Tier
from inference.errors import WireError
from inference.tiers import TierChoice
from machine import frames
from machine.frames import BrokenFrame, FrameLimits, Header, ReadSome, StreamEnded

LIMITS = FrameLimits(
    header_bytes=4 * 1024 * 1024,
    blobs=256,  # a series of 85 slices, and what is known of each
    blob_bytes=64 * 1024 * 1024,
    blobs_bytes=256 * 1024 * 1024,
)


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
        max_tokens: Longest answer, its thoughts left out.
        known: Each picture's cached features, empty where there are none.
        score_urgency: Whether to score the urgency before the text.
        thought_tokens: Longest thought before the answer, by a model that thinks.
    """

    request: ReadRequest
    max_tokens: int
    known: tuple[bytes, ...] = ()
    score_urgency: bool = False
    thought_tokens: int = 0
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
        vision_id: Of the vision encoder whose features `PictureFeatures` holds.
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
    event: Looked | Scored | Partial
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
    with _broken_frames_refused():
        return frames.pack(header, blobs, LIMITS)


async def messages(stream: asyncio.StreamReader) -> AsyncIterator[Message]:
    """Receive messages until the other side closes the stream.

    Raises:
        WireError: It sent something that is not a message.
    """
    with suppress(StreamEnded), _broken_frames_refused():
        while True:
            yield _message(*await frames.receive(stream, LIMITS))


def messages_blocking(read: ReadSome) -> Iterator[Message]:
    """The same, in a thread that may wait."""
    with suppress(StreamEnded), _broken_frames_refused():
        while True:
            yield _message(*frames.receive_blocking(read, LIMITS))


@contextmanager
def _broken_frames_refused() -> Iterator[None]:
    try:
        yield
    except StreamEnded:
        raise
    except BrokenFrame as error:
        raise WireError from error


def _message(header: Header, blobs: list[bytes]) -> Message:
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
