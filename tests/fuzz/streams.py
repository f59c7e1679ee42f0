"""What processes say to each other, what an engine says, and what lies sealed on the disk."""

import asyncio
import io
import json
import struct
from contextlib import suppress

from bot.captions import parse_caption, parse_told
from bot.replies.markup import plain, split
from inference.contract import Partial, PatientContext, ReadRequest, Tier, Turn
from inference.errors import EngineError, WireError
from inference.local import wire
from inference.parsing import parse_sections
from machine import frames
from pictures import limits, messages
from pictures.errors import PictureError
from storage.errors import Damaged
from storage.keys import Purpose
from storage.sealing import MAGIC, Sealer
from tests.completions import completed
from tests.fuzz.target import Drawn, Target
from tests.keys import KEYRING

_SEALER = Sealer(KEYRING, Purpose.FILES)
_DEEP = b"[" * 3000


def _heard(pieces: list[bytes]) -> list[wire.Message] | None:
    """The messages of a stream; None if it is none."""
    left = list(pieces)

    def read(size: int) -> bytes:
        """What came in one piece, or the first part of it."""
        piece = left.pop(0) if left else b""
        if len(piece) > size:
            left.insert(0, piece[size:])
        return piece[:size]

    try:
        return list(wire.messages_blocking(read))
    except WireError:
        return None


def _wire(data: bytes) -> None:
    drawn = Drawn(data, 2)
    if drawn.number(1) % 2:  # a frame that begins well
        drawn.rest = b"ERW1" + struct.pack(">I", len(drawn.rest)) + drawn.rest
    whole = _heard([drawn.rest])
    assert _heard(drawn.pieces(0)) == whole
    for message in whole or ():
        with suppress(WireError):
            assert _heard([wire.encode(message)]) is not None


def _picture_frame(data: bytes) -> None:
    """What a picture process that a file took over might answer."""
    drawn = Drawn(data, 1)
    header, _, blob = drawn.rest.partition(b"\n")
    stream = io.BytesIO(b"ERW1" + struct.pack(">I", len(header)) + header + blob)
    try:
        answer = frames.receive_blocking(stream.read, limits.ANSWER)
    except frames.BrokenFrame:
        return
    for understand in (messages.picture, messages.photo_sizes, messages.measures):
        with suppress(PictureError):
            understand(*answer)


def _engine(data: bytes) -> None:
    try:
        completion = asyncio.run(completed(Drawn(data, 1).pieces(0)))
    except EngineError:
        return
    completion.text.encode(errors="replace")


def _caption(data: bytes) -> None:
    text = data.decode(errors="replace")
    facts = parse_caption(text)
    assert facts.patient.indication != ""
    for patient in (facts.patient, parse_told(text)):
        assert patient.age_years is None or 0 < patient.age_years <= 120


def _answer(data: bytes) -> None:
    """A model's answer, taken apart, and cut into messages."""
    text = data.decode(errors="replace")
    sections = parse_sections(text)
    for body in (sections.findings, sections.impression, sections.recommendation):
        # a section may be written in several places: what stands there is put together
        assert all(paragraph in text for paragraph in (body or "").split("\n\n"))
    for part in split(plain(text), plain("...")):
        assert len(part.encode("utf-16-le")) <= 2 * 4096


def _sealed(data: bytes) -> None:
    drawn = Drawn(data, 1)
    begin = MAGIC + KEYRING.current.id if drawn.number(0) % 2 else b""
    try:
        b"".join(_SEALER.open(io.BytesIO(begin + drawn.rest), "film"))
    except Damaged:
        return
    raise AssertionError("what nobody sealed was opened")


def _messages() -> list[bytes]:
    request = ReadRequest(
        request_id="r",
        pictures=(b"picture",),
        patient=PatientContext(age_years=3.5, indication="cough"),
        history=(Turn(question="And the heart?", answer="Not enlarged."),),
    )
    said: list[wire.Message] = [
        wire.Load(home="/home", model="m", tier=Tier.BIT16, ceiling=None),
        wire.Read(request=request, max_tokens=9, known=(b"features",), score_urgency=True),
        wire.Cancel(request_id="r"),
        wire.Loading(detail="Loading"),
        wire.PictureFeatures(request_id="r", features=(b"features",)),
        wire.Interim(request_id="r", event=Partial(text="FINDINGS: none")),
        wire.Failed(request_id="r", kind=wire.FailureKind.MODEL, detail="no"),
    ]
    framed = [b"\x05\0" + wire.encode(message) for message in said]
    bare = [b"\xff\1" + wire.encode(message)[8:] for message in said]
    return [*framed, *bare, b"\x20\0" + b"".join(map(wire.encode, said))]


def _chunks() -> list[bytes]:
    chunk = {"model": "m", "choices": [{"delta": {"content": "FIND"}, "finish_reason": None}]}
    end = {"choices": [{"delta": {}, "finish_reason": "stop"}], "usage": {"prompt_tokens": 3}}
    lines = [json.dumps(chunk), json.dumps(end), "[DONE]"]
    return [b"\x0b" + b"".join(b"data: " + line.encode() + b"\r\n\r\n" for line in lines)]


_PICTURE = {"media_type": "image/png", "width_px": 1, "height_px": 1, "sha256": "ab", "note": None}
_NOTE = {"frame": 1, "frames": 2, "window_estimated": True, "view": "PA"}

TARGETS = (
    Target(
        name="wire",
        what="frames between the executor and the model process",
        feed=_wire,
        seeds=_messages,
        tokens=(b"ERW1", b'"blobs":[', b'"type":"', b'"known":', b'"features"', _DEEP, b"1e999"),
        max_bytes=8192,
    ),
    Target(
        name="picture-frame",
        what="answers of a picture process that was taken over",
        feed=_picture_frame,
        seeds=lambda: [
            b"\0" + json.dumps({**_PICTURE, "blobs": [3]}).encode() + b"\nabc",
            b"\0" + json.dumps({**_PICTURE, "note": _NOTE, "blobs": [0]}).encode() + b"\n",
            b'\0{"sides_px":[[1,2],[3,4]],"blobs":[1,2]}\nabc',
            b'\0{"error":"DamagedPicture","message":"m","seems":"GIF","blobs":[]}\n',
        ],
        tokens=(b'"error"', b'"seems"', b"null", b"1e999", b"NaN", b"[]", b"{}", _DEEP),
        max_bytes=8192,
    ),
    Target(
        name="engine",
        what="streamed answers of engines elsewhere",
        feed=_engine,
        seeds=_chunks,
        tokens=(b"data: ", b"\n\n", b'"delta"', b'"content":', b'"error":', _DEEP, b"\\ud800"),
        max_bytes=8192,
    ),
    Target(
        name="caption",
        what="captions, and answers to questions about the patient",
        feed=_caption,
        seeds=lambda: [
            "F 45 ans toux, réf. 12/345, née le 3/4/1979".encode(),
            b"3 y/o boy with fever for 5 days, id: K-221, name: A. Bello",
            b"homem de 61 anos, tosse; processo n. 77",
        ],
        tokens=("n°".encode(), b"ref ", b"ans", b"months", b"y/o", b"1.5", b"(", b" is a ", b"old"),
        max_bytes=1024,
    ),
    Target(
        name="answer",
        what="answers of a model, through to messages",
        feed=_answer,
        seeds=lambda: [
            b"FINDINGS: Clear lungs.\n**IMPRESSION:** Normal.\nURGENCY: routine\nRECOMMENDATION: -",
            b"## Findings\n- a\n- b\n\nImpression\n1. c",
        ],
        tokens=(b"FINDINGS:", b"IMPRESSION", b"URGENCY:", b"**", b"##", b"\n", "𝄞".encode()),
        max_bytes=16_384,
    ),
    Target(
        name="sealed",
        what="sealed files that nobody sealed",
        feed=_sealed,
        seeds=lambda: [b"\1" + bytes(64), b"\0" + MAGIC + bytes(64)],
        tokens=(MAGIC, KEYRING.current.id),
        max_bytes=1024,
    ),
)
