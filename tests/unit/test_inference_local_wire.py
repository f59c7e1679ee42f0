"""Messages arrive as they were sent; garbage never passes for one."""

import asyncio
import io
import json
import struct
from contextlib import suppress
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inference.contract import (
    EngineInfo,
    PatientContext,
    ReadRequest,
    ScoredUrgency,
    Tier,
    Turn,
    Urgency,
)
from inference.errors import WireError
from inference.local import wire
from inference.tiers import TierChoice

TEXT = st.text(alphabet=st.characters(codec="utf-8"), max_size=60)
COUNT = st.integers(min_value=0, max_value=10**6)
AGE = st.floats(min_value=0, max_value=130)
REQUESTS = st.builds(
    ReadRequest,
    request_id=TEXT,
    pictures=st.lists(st.binary(max_size=200), max_size=4).map(tuple),
    patient=st.builds(PatientContext, age_years=st.none() | AGE, indication=st.none() | TEXT),
    question=st.none() | TEXT,
    reading=st.none() | TEXT,
    history=st.lists(st.builds(Turn, question=TEXT, answer=TEXT), max_size=3).map(tuple),
)
FEATURES = st.lists(st.binary(max_size=100), max_size=4).map(tuple)
TIERS = st.none() | st.sampled_from(Tier)
KINDS = st.sampled_from(wire.FailureKind)
SECONDS = st.floats(min_value=0, max_value=10**6)
CHOICES = st.builds(TierChoice, device=TEXT, reason=TEXT, note=TEXT)
ENGINES = st.builds(EngineInfo, model=TEXT, tier=TIERS, practice=st.booleans())
MESSAGES: st.SearchStrategy[wire.Message] = st.one_of(
    st.builds(wire.Load, home=TEXT, model=TEXT, tier=TIERS, ceiling=TIERS),
    st.builds(
        wire.Read,
        request=REQUESTS,
        max_tokens=COUNT,
        known=FEATURES,
        score_urgency=st.booleans(),
    ),
    st.builds(wire.Cancel, request_id=TEXT),
    st.builds(wire.Loading, detail=TEXT),
    st.builds(wire.Ready, engine=ENGINES, vision_id=TEXT, choice=CHOICES, load_s=SECONDS),
    st.builds(wire.Refused, kind=KINDS, tier=TIERS, detail=TEXT),
    st.builds(wire.PictureFeatures, request_id=TEXT, features=FEATURES),
    st.builds(
        wire.Scored,
        request_id=TEXT,
        score=st.builds(ScoredUrgency, urgency=st.sampled_from(Urgency), margin=SECONDS),
    ),
    st.builds(wire.Partial, request_id=TEXT, text=TEXT),
    st.builds(
        wire.Done,
        request_id=TEXT,
        text=TEXT,
        prompt_tokens=COUNT,
        answer_tokens=COUNT,
        truncated=st.booleans(),
    ),
    st.builds(wire.Failed, request_id=TEXT, kind=KINDS, detail=TEXT),
)
READ = wire.Read(request=ReadRequest(request_id="r", pictures=(b"picture",)), max_tokens=1)


def frame(header: object, blobs: bytes = b"") -> bytes:
    text = header if isinstance(header, bytes) else json.dumps(header).encode()
    return b"ERW1" + struct.pack(">I", len(text)) + text + blobs


def heard(stream: bytes) -> list[wire.Message]:
    return list(wire.messages_blocking(io.BytesIO(stream).read))


@given(st.lists(MESSAGES, max_size=4))
async def test_messages_arrive_as_they_were_sent(messages: list[wire.Message]) -> None:
    data = b"".join(wire.encode(message) for message in messages)
    assert heard(data) == messages
    stream = asyncio.StreamReader()
    stream.feed_data(data)
    stream.feed_eof()
    assert [message async for message in wire.messages(stream)] == messages


@given(st.binary(max_size=300))
def test_garbage_is_refused_or_waited_for_but_never_a_message(garbage: bytes) -> None:
    with suppress(WireError):
        assert heard(garbage) == []


@given(MESSAGES, st.data())
def test_a_frame_with_a_changed_byte_is_refused_waited_for_or_a_message_still(
    message: wire.Message, data: st.DataObject
) -> None:
    stream = bytearray(wire.encode(message))
    at = data.draw(st.integers(min_value=0, max_value=len(stream) - 1))
    stream[at] = data.draw(st.integers(min_value=0, max_value=255))
    with suppress(WireError):
        for changed in heard(bytes(stream)):
            wire.encode(changed)


@pytest.mark.parametrize(
    "stream",
    [
        b"Loading checkpoint shards: 100%",
        b"ERW1" + struct.pack(">I", wire.LIMITS.header_bytes + 1),
        frame(b"{"),
        frame(b"\xff\xff"),
        frame(b"[" * 100_000),
        frame([]),
        frame({}),
        frame({"blobs": []}),
        frame({"blobs": [], "type": "unknown"}),
        frame({"blobs": "x", "type": "cancel", "request_id": "r"}),
        frame({"blobs": [-1], "type": "cancel", "request_id": "r"}),
        frame({"blobs": [True], "type": "cancel", "request_id": "r"}, b"x"),
        frame({"blobs": [wire.LIMITS.blob_bytes + 1], "type": "cancel", "request_id": "r"}),
        frame({"blobs": [0] * (wire.LIMITS.blobs + 1), "type": "cancel", "request_id": "r"}),
        frame({"blobs": [], "type": "cancel"}),
        frame({"blobs": [], "type": "cancel", "request_id": None}),
        frame({"blobs": [], "type": "read", "request": "r", "max_tokens": 1}),
    ],
)
def test_a_broken_frame_is_refused(stream: bytes) -> None:
    with pytest.raises(WireError):
        heard(stream)


def test_a_message_too_large_for_the_wire_is_not_sent() -> None:
    request = replace(READ.request, pictures=(b"",) * (wire.LIMITS.blobs + 1))
    with pytest.raises(WireError):
        wire.encode(replace(READ, request=request))
