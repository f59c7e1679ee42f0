"""What the executor and the model process say to each other over two pipes.

A message is a frame of `machine.frames`: pictures and their features are its blobs. Must not know
processes or torch. Whatever does not parse is a `WireError`: the stream is of no more use.
"""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Annotated, Any, Literal

from pydantic import Field, TypeAdapter, ValidationError

from inference.contract import EngineInfo, PeakMemory, ReadRequest, ScoredUrgency, Tier
from inference.errors import WireError
from inference.tiers import TierChoice
from machine import frames
from machine.frames import BrokenFrame, FrameLimits, Header, ReadSome, StreamEnded

LIMITS = FrameLimits(
    header_bytes=4 * 1024 * 1024,
    blobs=64,
    blob_bytes=64 * 1024 * 1024,
    blobs_bytes=256 * 1024 * 1024,
)


class FailureKind(StrEnum):
    """Why a load or a reading did not come about, as the executor must tell them apart."""

    OUT_OF_MEMORY = "out_of_memory"
    UNUSABLE = "unusable"
    NO_TIER_FITS = "no_tier_fits"
    MODEL = "model"
    REQUEST = "request"
    CANCELLED = "cancelled"
    ERROR = "error"


@dataclass(frozen=True, slots=True, kw_only=True)
class Load:
    """To the model process, first: which model to load and how, and whether llama.cpp may help."""

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
        known: Each picture's features as an earlier `PictureFeatures` gave them; may be empty.
        score_urgency: Whether to say `Scored`.
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
    """From the model process: how far the load is, as a sentence for people."""

    detail: str
    type: Literal["loading"] = "loading"


@dataclass(frozen=True, slots=True, kw_only=True)
class Ready:
    """From the model process: loaded and proven by the canary.

    Args:
        engine: What answers.
        eyes: What made `PictureFeatures`.
        choice: How the weights are held.
        load_s: What it took.
        memory: Likewise.
    """

    engine: EngineInfo
    vision_id: str
    choice: TierChoice
    load_s: float
    memory: PeakMemory
    type: Literal["ready"] = "ready"


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """From the model process, last: it could not load; `tier` is the one that was tried."""

    kind: FailureKind
    tier: Tier | None
    detail: str
    type: Literal["refused"] = "refused"


@dataclass(frozen=True, slots=True, kw_only=True)
class PictureFeatures:
    """From the model process, before anything of a reading: the features of all its pictures."""

    request_id: str
    features: tuple[bytes, ...]
    type: Literal["seen"] = "seen"


@dataclass(frozen=True, slots=True, kw_only=True)
class Scored:
    """From the model process, before a first reading's text: how urgent it looks."""

    request_id: str
    score: ScoredUrgency
    type: Literal["scored"] = "scored"


@dataclass(frozen=True, slots=True, kw_only=True)
class Partial:
    """From the model process: the whole answer so far."""

    request_id: str
    text: str
    type: Literal["partial"] = "partial"


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
    """From the model process: no answer, and why."""

    request_id: str
    kind: FailureKind
    detail: str
    type: Literal["failed"] = "failed"


Said = PictureFeatures | Scored | Partial | Done | Failed
"""What the model process says about one reading; the last two end it."""

Message = Load | Read | Cancel | Loading | Ready | Refused | Said
_MESSAGE: TypeAdapter[Message] = TypeAdapter(Annotated[Message, Field(discriminator="type")])


def encode(message: Message) -> bytes:
    """Write a message as one frame.

    Args:
        message: Any message; characters that UTF-8 cannot carry become question marks.

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
    """Everything that the other side says until it closes the stream.

    Raises:
        WireError: What it says is no message.
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
    if header.get("type") == "seen":
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
