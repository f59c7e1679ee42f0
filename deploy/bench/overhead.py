"""`edgerad bench overhead`: everything but the model, measured on the real parts.

Starts the gateway and the bot with a scripted engine in a folder of its own, on loopback, and has
phones send pictures to it. Knows the parts only from outside.
"""

import asyncio
import io
import os
import random
import time
from collections.abc import Sequence
from contextlib import AsyncExitStack
from dataclasses import asdict, dataclass
from datetime import UTC, datetime

import psutil
from PIL import Image

from bot.domain.people import Role
from deploy.phone_client import PhoneClient, PhoneEvent, PhoneUpload
from deploy.running.sandbox import Sandbox, sandbox
from deploy.running.supervisor import Supervisor

PHOTO_PX = (960, 1280)
HEAVY_PX = (8_000, 8_000)
ANSWER_LIMIT_S = 60.0
PHONES_OF_AN_ADDRESS = 50
"""Fewer than the gateway lets join from one."""
CAPTION = "45 M cough for three weeks"
SETTINGS = {"EDGERAD_ENGINE": "scripted", "EDGERAD_LOG_LEVEL": "WARNING"}
MB = 10**6


@dataclass(frozen=True, slots=True, kw_only=True)
class Trip:
    """One photo's way, in seconds from the start of the phone's PUT."""

    stored_s: float
    received_s: float
    answered_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Quantiles:
    """How long a step took, in milliseconds."""

    p50_ms: float
    p99_ms: float
    max_ms: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """What was measured with a number of phones.

    Args:
        name: What the phones did.
        phones: How many there were.
        photos: How many photos they sent, all answered.
        stored: PUT to the gateway's answer to it.
        received: PUT to the bot's first message.
        answered: PUT to the final answer on the phone.
    """

    name: str
    phones: int
    photos: int
    stored: Quantiles
    received: Quantiles
    answered: Quantiles


@dataclass(frozen=True, slots=True, kw_only=True)
class ProcessMemory:
    """Resident memory of a part after the run, its picture processes apart, in MB."""

    part: str
    own_mb: float
    pictures_mb: float


@dataclass(frozen=True, slots=True, kw_only=True)
class OverheadReport:
    """All that one run of the bench found."""

    date: str
    cpu_count: int
    photo_bytes: int
    scenarios: tuple[Scenario, ...]
    memory: tuple[ProcessMemory, ...]

    def as_json(self) -> dict[str, object]:
        """The report as JSON values."""
        return asdict(self)


async def measure(*, seconds: float, phones: int, pace_s: float) -> OverheadReport:
    """Run all scenarios.

    Args:
        seconds: How long the paced scenarios may take together, starts not counted.
        phones: How many phones the crowd has.
        pace_s: How often each phone of the crowd sends a photo.
    """
    photo = photo_of_a_phone()
    async with sandbox(_silent, settings=SETTINGS) as system, AsyncExitStack() as stack:
        crowd = [await enrolled(stack, system, number) for number in range(phones)]
        scenarios = await _scenarios(crowd, photo, seconds=seconds, pace_s=pace_s)
        memory = _memory(system.supervisor)
    return OverheadReport(
        date=datetime.fromtimestamp(time.time(), UTC).date().isoformat(),
        cpu_count=os.cpu_count() or 1,
        photo_bytes=len(photo),
        scenarios=tuple(scenarios),
        memory=memory,
    )


def _silent(name: str, line: str) -> None:
    """The parts' words are not for a bench's reader."""


async def _scenarios(
    crowd: Sequence[PhoneClient], photo: bytes, *, seconds: float, pace_s: float
) -> list[Scenario]:
    await trip(crowd[0], photo)  # what is loaded on first use is no part of the way
    alone = [await trip(crowd[0], photo) for _ in range(max(1, round(seconds / 6)))]
    paced = await _paced(crowd, photo, seconds=seconds * 5 / 6, pace_s=pace_s)
    burst = await _together(crowd, photo)
    return [
        _scenario("one phone, one photo after the other", 1, alone),
        _scenario(f"a photo each about every {pace_s:g} s", len(crowd), paced),
        _scenario("all at the same moment", len(crowd), burst),
    ]


async def _paced(
    crowd: Sequence[PhoneClient], photo: bytes, *, seconds: float, pace_s: float
) -> list[Trip]:
    dice = random.Random(0)  # noqa: S311 - moments, not secrets
    end = time.monotonic() + seconds
    trips: list[Trip] = []

    async def send_at_pace(phone: PhoneClient, due: float) -> None:
        while due < end:
            await asyncio.sleep(max(0.0, due - time.monotonic()))
            trips.append(await trip(phone, photo))
            due += pace_s * dice.uniform(0.5, 1.5)

    async with asyncio.TaskGroup() as group:
        for phone in crowd:
            group.create_task(send_at_pace(phone, time.monotonic() + dice.uniform(0, pace_s)))
    return trips


async def _together(crowd: Sequence[PhoneClient], photo: bytes) -> list[Trip]:
    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(trip(phone, photo)) for phone in crowd]
    return [task.result() for task in tasks]


async def trip(phone: PhoneClient, photo: bytes) -> Trip:
    """Send one photo and wait for its answer.

    Returns:
        How long each step of its way took.
    """
    known = len(phone.events)
    start = time.monotonic()
    sent = await phone.send(PhoneUpload(name="film.jpg", data=photo), text=CAPTION)
    stored = time.monotonic()
    received = await phone.wait_for(
        lambda event: event.is_from_bot, since=known, limit_s=ANSWER_LIMIT_S
    )
    answered = await phone.wait_for(
        lambda event: is_answer(event, sent["message_id"]), since=known, limit_s=ANSWER_LIMIT_S
    )
    return Trip(
        stored_s=stored - start,
        received_s=received.at_s - start,
        answered_s=answered.at_s - start,
    )


def is_answer(event: PhoneEvent, photo_message_id: int) -> bool:
    """Whether this event brings the final answer to a photo.

    Args:
        event: What the phone was told.

    Returns:
        True for the message that replies to the photo and carries the disclaimer.
    """
    reply_to = event.data.get("reply_to") or {}
    return (
        event.is_from_bot
        and reply_to.get("message_id") == photo_message_id
        and "Not a medical device" in event.data["text"]
    )


async def enrolled(stack: AsyncExitStack, system: Sandbox, number: int) -> PhoneClient:
    """Make a phone whose owner has joined and accepted the terms.

    Args:
        stack: Hangs up at its end.
        number: Part of the owner's name.
    """
    address = f"127.0.0.{2 + number // PHONES_OF_AN_ADDRESS}"
    phone = await stack.enter_async_context(PhoneClient(system.base_url, address))
    await phone.join(await system.invite(Role.HEALTH_WORKER), f"Phone {number}")
    await stack.enter_async_context(phone.listening())
    await phone.accept_terms()
    return phone


def photo_of_a_phone() -> bytes:
    """Draw a photo of the size that a phone sends: smooth shades with a camera's noise."""
    shades = Image.radial_gradient("L").resize(PHOTO_PX)
    noise = Image.effect_noise(PHOTO_PX, 24)
    encoded = io.BytesIO()
    Image.blend(shades, noise, 0.3).convert("RGB").save(encoded, "JPEG", quality=85)
    return encoded.getvalue()


def heavy_photo() -> bytes:
    """Draw a photo of as many pixels as are taken, which unpacks slowly.

    Returns:
        A PNG file of little more than a megabyte.
    """
    encoded = io.BytesIO()
    shades = Image.radial_gradient("L").resize(HEAVY_PX)
    Image.merge("RGB", [shades] * 3).save(encoded, "PNG", compress_level=1)
    return encoded.getvalue()


def _scenario(name: str, phones: int, trips: Sequence[Trip]) -> Scenario:
    return Scenario(
        name=name,
        phones=phones,
        photos=len(trips),
        stored=quantiles([trip.stored_s for trip in trips]),
        received=quantiles([trip.received_s for trip in trips]),
        answered=quantiles([trip.answered_s for trip in trips]),
    )


def quantiles(durations_s: Sequence[float]) -> Quantiles:
    """Summarise durations by nearest rank: p99 of few values is their greatest.

    Args:
        durations_s: At least one duration, in seconds.

    Returns:
        Median, 99th percentile and maximum.
    """
    ordered = sorted(durations_s)

    def rank(percent: int) -> float:
        return ordered[max(0, -(-len(ordered) * percent // 100) - 1)] * 1000

    return Quantiles(p50_ms=rank(50), p99_ms=rank(99), max_ms=ordered[-1] * 1000)


def _memory(supervisor: Supervisor) -> tuple[ProcessMemory, ...]:
    return tuple(
        ProcessMemory(
            part=name,
            own_mb=_rss_mb([psutil.Process(pid)]),
            pictures_mb=_rss_mb(psutil.Process(pid).children(recursive=True)),
        )
        for name, pid in supervisor.pids.items()
    )


def _rss_mb(processes: Sequence[psutil.Process]) -> float:
    return sum(process.memory_info().rss for process in processes) / MB
