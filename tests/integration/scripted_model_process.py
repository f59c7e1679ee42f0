"""Stands in for `python -m inference.runtime`: speaks the wire, and misbehaves as its lives say.

Usage: scripted_model_process.py STARTS_FILE LIFE...
Each start appends a line to STARTS_FILE and lives the next LIFE (the last one for ever): a start
and the outcomes of its reads, with commas between, such as `ready,answer,crash`. `ready:2` has room
for two reads at once; a read that is `hold` is kept till an `all` answers it too.
"""

import functools
import os
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from inference.contract import EngineInfo, PeakMemory, ScoredUrgency, Tier, Urgency
from inference.footprint import Dtype
from inference.local.wire import (
    Cancel,
    Done,
    Failed,
    FailureKind,
    Load,
    Loading,
    Message,
    Partial,
    PictureFeatures,
    Read,
    Ready,
    Refused,
    Scored,
    encode,
    messages_blocking,
)
from inference.tiers import TierChoice

MEMORY = PeakMemory(ram_bytes=2_500_000_000, vram_bytes=None)
held: list[Done] = []
TEXT = "FINDINGS: None.\nIMPRESSION: Normal chest.\nURGENCY: routine\nRECOMMENDATION: None."


def say(*messages: Message) -> None:
    for message in messages:
        os.write(1, encode(message))


def start(how: str, load: Load) -> None:
    tier = load.ceiling or load.tier or Tier.BIT16
    say(Loading(detail="Reading the scripted weights."))
    match how.split(":"):
        case ["llama"] if load.llama:
            os._exit(3)  # as a build for another processor does
        case ["ready" | "llama", *slots]:
            choice = TierChoice(
                tier=tier,
                device="cpu",
                dtype=Dtype.FLOAT32,
                reason="As scripted.",
                slots=int(slots[0]) if slots else 1,
            )
            engine = EngineInfo(model="scripted", tier=tier, practice=True)
            say(
                Ready(
                    engine=engine,
                    vision_id="scripted",
                    choice=choice,
                    load_s=0.0,
                    memory=MEMORY,
                )
            )
        case ["refuse", kind]:
            say(Refused(kind=FailureKind(kind), tier=tier, detail=f"Scripted refusal at {tier}."))
        case ["garbage"]:
            os.write(1, b"Loading checkpoint shards: 100%")
        case ["silent"]:
            pass
        case _:
            os._exit(3)


def look(read: Read) -> None:
    """Say what a picture's features and urgency are."""
    pictures, about = read.request.pictures, read.request.request_id
    known = (*read.known, *[b""] * (len(pictures) - len(read.known)))
    features = tuple(k or b"seen " + p for k, p in zip(known, pictures, strict=True))
    say(PictureFeatures(request_id=about, features=features))
    if read.score_urgency:
        score = ScoredUrgency(urgency=Urgency.URGENT, margin=0.5)
        say(Scored(request_id=about, score=score))


def answer(how: str, read: Read, messages: Iterator[Message]) -> None:
    request_id = read.request.request_id
    done = Done(
        request_id=request_id,
        text=TEXT,
        prompt_tokens=7,
        answer_tokens=9,
        truncated=False,
        memory=MEMORY,
    )
    match how:
        case "answer":
            say(Partial(request_id="another", text="stale"))
            look(read)
            say(Partial(request_id=request_id, text=TEXT[:15]), done)
        case "hold" | "all":
            held.append(done)
            say(*(held if how == "all" else [Partial(request_id=request_id, text="FIND")]))
        case "empty" | "recall" | "limit":
            known = b", ".join(read.known).decode() or "Nothing is known."
            texts = {"empty": " ", "recall": known, "limit": str(read.max_tokens)}
            say(replace(done, text=texts[how]))
        case "slow":
            say(Partial(request_id=request_id, text="FIND"))
            assert next(messages) == Cancel(request_id=request_id)
            say(Failed(request_id=request_id, kind=FailureKind.CANCELLED, detail="Cancelled."))
        case "hang":
            say(Partial(request_id=request_id, text="FIND"))
            time.sleep(3600)
        case "crash":
            os._exit(3)
        case "see:crash":
            say(PictureFeatures(request_id=request_id, features=(b"seen picture",)))
            os._exit(3)
        case kind:
            say(Failed(request_id=request_id, kind=FailureKind(kind), detail="As scripted."))


def main() -> None:
    starts, *lives = sys.argv[1:]
    with Path(starts).open("a+") as file:
        file.write(f"{os.getpid()}\n")
        file.seek(0)
        born = len(file.readlines())
    how, *reads = lives[min(born, len(lives)) - 1].split(",")
    messages = messages_blocking(functools.partial(os.read, 0))
    load = next(messages)
    assert isinstance(load, Load)
    start(how, load)
    for message in messages:
        if isinstance(message, Read):
            answer(reads.pop(0) if reads else "answer", message, messages)


if __name__ == "__main__":
    main()
