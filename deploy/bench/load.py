"""`edgerad bench load`: a hundred phones send at once, and every case is accounted for.

The real gateway and bot with a scripted engine, in a folder of their own. Knows the parts only from
outside: what phones were told is held against the case file at the end.
"""

import asyncio
import re
import time
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from functools import partial
from itertools import pairwise

import psutil

from bot.domain.cases import CaseStatus
from bot.store import open_store
from bot.store.listing import CaseFilter
from deploy.bench.overhead import MB, SETTINGS, Quantiles, enrolled, is_answer, quantiles
from deploy.phone_client import PhoneClient, PhoneEvent, PhoneUpload
from deploy.running.sandbox import Sandbox, sandbox
from machine.clock import SystemClock
from storage.opening import unlocked

ENGINE_S = 0.05
SETTLE_S = 900.0
LOOK_S = 1.0
_PLACE = re.compile(r"C-(\d+).*?(?:is next|([\d,]+) readings? comes? before it)", re.DOTALL)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """A photo that the gateway acknowledged; times are on the monotonic clock."""

    message_id: int
    sent_s: float
    stored_s: float


@dataclass(slots=True)
class MemoryGrowth:
    """Resident bytes of each part over time."""

    samples: dict[str, list[int]] = field(default_factory=dict)

    def growth_mb(self) -> dict[str, float]:
        """By how much each part's second half of the run is above its first, at the most."""
        halves = {
            part: (seen[: len(seen) // 2], seen[len(seen) // 2 :])
            for part, seen in self.samples.items()
            if len(seen) > 1
        }
        return {part: (max(late) - max(early)) / MB for part, (early, late) in halves.items()}


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadReport:
    """What a burst came to.

    Args:
        phones: How many sent.
        cases: Photos acknowledged.
        answered: Cases answered in the case file, and delivered.
        in_order: Whether each phone's answers came in the order of its photos.
        places_right: Whether each place told in the queue fits those before it.
        took_s: From the first photo to the last answer.
        stored: From a photo's PUT to the gateway's acknowledgement.
        received: From the acknowledgement to the bot's "received" on the phone.
        memory_growth_mb: By part, the peak of the second half over that of the first.
    """

    phones: int
    cases: int
    answered: int
    in_order: bool
    places_right: bool
    took_s: float
    stored: Quantiles
    received: Quantiles
    memory_growth_mb: dict[str, float]


@asynccontextmanager
async def nobody(_system: Sandbox) -> AsyncIterator[None]:
    """Nobody but the senders is there."""
    yield


async def burst(
    *,
    phones: int,
    cases: int,
    photo: bytes,
    settings: Mapping[str, str] | None = None,
    beside: Callable[[Sandbox], AbstractAsyncContextManager[None]] = nobody,
) -> LoadReport:
    """Have phones send as fast as they are served.

    Args:
        cases: How many photos they send together.
        settings: What else differs from the defaults, as `EDGERAD_...` variables.
        beside: Who else is there meanwhile.

    Returns:
        What it came to.
    """
    told = SETTINGS | {"EDGERAD_SCRIPTED_S": str(ENGINE_S)} | dict(settings or {})
    async with (
        sandbox(_silent, settings=told) as system,
        beside(system),
        AsyncExitStack() as stack,
    ):
        crowd = [await enrolled(stack, system, number) for number in range(phones)]
        known = [len(phone.events) for phone in crowd]
        memory = MemoryGrowth()
        began = time.monotonic()
        async with asyncio.TaskGroup() as group:
            watching = group.create_task(_watch(system, memory))
            sending = [
                group.create_task(_send_all(phone, photo, cases // phones)) for phone in crowd
            ]
            sent = [await each for each in sending]
            await _until_answered(crowd, sent)
            watching.cancel()
        took_s = time.monotonic() - began
        return LoadReport(
            phones=phones,
            cases=sum(map(len, sent)),
            answered=await _answered(system),
            in_order=all(map(_is_in_order, crowd, sent)),
            places_right=_are_right(
                [e for p, n in zip(crowd, known, strict=True) for e in p.events[n:]]
            ),
            took_s=took_s,
            stored=quantiles([one.stored_s - one.sent_s for each in sent for one in each]),
            received=quantiles(
                [
                    t
                    for phone, each in zip(crowd, sent, strict=True)
                    for t in _received_s(phone, each)
                ]
            ),
            memory_growth_mb=memory.growth_mb(),
        )


def _silent(name: str, line: str) -> None:
    """The parts' words are not for a bench's reader."""


async def _send_all(phone: PhoneClient, photo: bytes, times: int) -> list[Sent]:
    sent: list[Sent] = []
    for _ in range(times):
        began = time.monotonic()
        message = await phone.send(PhoneUpload(name="film.jpg", data=photo), text="45 M, cough")
        sent.append(Sent(message_id=message["message_id"], sent_s=began, stored_s=time.monotonic()))
    return sent


async def _watch(system: Sandbox, memory: MemoryGrowth) -> None:
    while True:
        for part, pid in system.supervisor.pids.items():
            rss = psutil.Process(pid).memory_info().rss
            memory.samples.setdefault(part, []).append(rss)
        await asyncio.sleep(LOOK_S)


async def _until_answered(crowd: Sequence[PhoneClient], sent: Sequence[Sequence[Sent]]) -> None:
    for phone, each in zip(crowd, sent, strict=True):
        for one in each:
            answers = partial(is_answer, photo_message_id=one.message_id)
            await phone.wait_for(answers, limit_s=SETTLE_S)


async def _answered(system: Sandbox) -> int:
    """How many cases of the case file are answered; -1 if one is there that is not."""
    home, key_file = system.settings.home, system.settings.key_file
    with unlocked(home, key_file) as keyring:
        async with open_store(home, keyring, SystemClock()) as store:
            cases = await store.cases.page(CaseFilter(), limit=1_000_000)
    open_cases = [case for case in cases if case.status is not CaseStatus.ANSWERED]
    return -1 if open_cases else len(cases)


def _is_in_order(phone: PhoneClient, sent: Sequence[Sent]) -> bool:
    wanted = [one.message_id for one in sent]
    answered = [
        number
        for event in phone.events
        if event.is_from_bot
        and (number := (event.data.get("reply_to") or {}).get("message_id")) in wanted
        and is_answer(event, number)
    ]
    return answered == wanted


def _received_s(phone: PhoneClient, sent: Sequence[Sent]) -> list[float]:
    """From each acknowledgement to the first reply; 0 where that was faster."""
    first: dict[int, float] = {}
    for event in phone.events:
        if event.is_from_bot and (replied := event.data.get("reply_to")):
            first.setdefault(replied["message_id"], event.at_s)
    return [max(0.0, first[one.message_id] - one.stored_s) for one in sent]


def _are_right(events: Sequence[PhoneEvent]) -> bool:
    """Whether the places told fit together: from case to case no fewer readings have ended."""
    ended: dict[int, int] = {}
    for event in events:
        found = _PLACE.search(event.data.get("text", "")) if event.is_from_bot else None
        if found is not None:
            number, ahead = int(found[1]), int((found[2] or "0").replace(",", ""))
            ended[number] = number - 1 - ahead
    counts = [ended[number] for number in sorted(ended)]
    return bool(counts) and counts[0] >= 0 and all(a <= b for a, b in pairwise(counts))
