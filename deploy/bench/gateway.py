"""`edgerad bench gateway`: the Bot API server alone, with a bot and phones that cost nothing.

Starts the real gateway in a folder of its own, on loopback. Knows it from outside, but for the
people who have joined, who are put in before: it lets one address join only so often.
"""

import asyncio
import os
import signal
import tempfile
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psutil

from deploy.bench.history import History, measure_history
from deploy.bench.overhead import MB, Quantiles, heavy_photo, photo_of_a_phone, quantiles
from deploy.bench.wire import Wire, wired
from deploy.running.sandbox import environment_of, free_port
from gateway.phone.sessions import COOKIE, hash_of, new_token
from gateway.schemas.records import BotIdentity, UserId
from gateway.settings import GatewaySettings
from gateway.store.signals import PhoneSignals
from gateway.store.store import open_chat_store
from machine.project import python_module
from storage.bot_token import resolve_token
from storage.layout import Layout
from storage.opening import unlocked

CROWDS = (1, 50, 300)
SENT_AT_ONCE_MAX = 8
PACE_S = 0.05
PHOTO_PACE_S = 0.5
HEAVY_AT_ONCE = 4
BOUNDARY = "bench"
_START_S = 20.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Trips:
    """How long it took from a phone's PUT to the bot's `getUpdates` answer.

    Args:
        phones: How many were connected, each with its stream of events.
        what: `text`, `photo`, or `photo beside heavy ones`.
        sent: How many messages were sent by phones in turn, one every 50 ms, a photo every 500.
        times: Of their ways.
    """

    phones: int
    what: str
    sent: int
    times: Quantiles


@dataclass(frozen=True, slots=True, kw_only=True)
class GatewayReport:
    """All that one run of the bench found.

    Args:
        date: Of the run.
        cpu_count: Cores that gateway and bench shared.
        send_message_per_s: By one connection, each waiting for its answer.
        send_message_together_per_s: By eight connections.
        get_updates_per_s: By one connection, nothing waiting.
        trips: From phone to bot.
        idle_mb: Resident memory of the gateway with as many idle phones as `idle_phones`.
        idle_phones: How many.
        pictures_mb: Of its picture process.
        history: With many stored messages.
    """

    date: str
    cpu_count: int
    send_message_per_s: float
    send_message_together_per_s: float
    get_updates_per_s: float
    trips: tuple[Trips, ...]
    idle_mb: float
    idle_phones: int
    pictures_mb: float
    history: History

    def as_json(self) -> dict[str, object]:
        """The report as JSON values."""
        return asdict(self)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Joined:
    chat_id: int
    cookie: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _Serving:
    port: int
    bots_port: int
    bot: str
    process: psutil.Process
    people: Sequence[_Joined]


async def measure_gateway(
    *, seconds: float, messages: int, crowds: Sequence[int] = CROWDS
) -> GatewayReport:
    """Run all measurements.

    Args:
        seconds: How long each of them may take.
        messages: How many the store holds for the last one.
        crowds: How many phones are connected, one number after the other; three at least, and
            the last is the greatest.
    """
    with tempfile.TemporaryDirectory(prefix="edgerad-bench-") as folder:
        history = await measure_history(Path(folder) / "history", messages)
        async with _serving(Path(folder) / "gateway", max(crowds)) as gateway:
            idle_mb, pictures_mb = await _idle_memory(gateway)
            rates = await _round_trips(gateway, seconds)
            trips = [await _trips(gateway, count, seconds) for count in crowds]
            trips.append(await _trips(gateway, crowds[1], seconds, photo_of_a_phone()))
            trips.append(await _beside_heavy(gateway, crowds[1], seconds))
    return GatewayReport(
        date=datetime.fromtimestamp(time.time(), UTC).date().isoformat(),
        cpu_count=os.cpu_count() or 1,
        send_message_per_s=rates[0],
        send_message_together_per_s=rates[1],
        get_updates_per_s=rates[2],
        trips=tuple(trips),
        idle_mb=idle_mb,
        idle_phones=max(crowds),
        pictures_mb=pictures_mb,
        history=history,
    )


@asynccontextmanager
async def _serving(home: Path, phones: int) -> AsyncIterator[_Serving]:
    key_file, port, bots_port = home.with_name("key"), free_port(), free_port()
    settings = GatewaySettings(_env_file=None, home=home, key_file=key_file)
    with unlocked(home, key_file) as keyring:
        token = resolve_token(settings, keyring)
    people = await _joined(settings, phones)
    told = {
        "EDGERAD_HOME": str(home),
        "EDGERAD_BOT_API_PORT": str(bots_port),
        "EDGERAD_LOG_LEVEL": "WARNING",
    }
    process = await asyncio.create_subprocess_exec(
        *python_module("gateway"), env=environment_of(port, key_file, told)
    )
    try:
        await _until_open(port)
        yield _Serving(
            port=port,
            bots_port=bots_port,
            bot=f"/bot{token}",
            process=psutil.Process(process.pid),
            people=people,
        )
    finally:
        process.send_signal(signal.SIGTERM)
        await process.wait()


async def _joined(settings: GatewaySettings, count: int) -> list[_Joined]:
    """People who have joined, as the store keeps them."""
    people = []
    bot = BotIdentity(user_id=UserId(1), name="bench", username="bench_bot")
    with unlocked(settings.home, settings.key_file) as keyring:
        path = Layout(settings.home).gateway_database
        async with open_chat_store(
            path, keyring, bot, PhoneSignals(), time.time, is_open=True
        ) as store:
            for number in range(count):
                token = new_token()
                person = await store.joining.ask(f"Phone {number}", "en", hash_of(token), "code")
                people.append(_Joined(chat_id=person.chat_id, cookie=token))
            await store.updates.drop()
    return people


async def _until_open(port: int) -> None:
    async with asyncio.timeout(_START_S):
        while True:
            try:
                async with wired(port) as wire:
                    await wire.ask("GET", "/health", b"", "")
            except OSError:
                await asyncio.sleep(0.1)
            else:
                return


@asynccontextmanager
async def _listening(gateway: _Serving, count: int) -> AsyncIterator[None]:
    """Phones that listen to their streams of events while the block runs."""
    async with AsyncExitStack() as stack, asyncio.TaskGroup() as group:
        tasks = []
        for person in gateway.people[:count]:
            wire = await stack.enter_async_context(wired(gateway.port))
            headers = f"Cookie: {COOKIE}={person.cookie}\r\n"
            tasks.append(group.create_task(wire.listen("/chat/events", headers)))
        await asyncio.sleep(1)  # until each has its stream
        yield
        for task in tasks:
            task.cancel()


async def _idle_memory(gateway: _Serving) -> tuple[float, float]:
    """Resident memory with all phones connected, in MB: the gateway's, its picture process'."""
    async with _listening(gateway, len(gateway.people)):
        own = gateway.process.memory_info().rss
        children = gateway.process.children(recursive=True)
        return own / MB, sum(child.memory_info().rss for child in children) / MB


async def _round_trips(gateway: _Serving, seconds: float) -> tuple[float, float, float]:
    body = {"chat_id": gateway.people[0].chat_id, "text": "Findings: none"}
    send = f"{gateway.bot}/sendMessage"
    alone = await _asked_again(gateway, 1, send, body, seconds)
    together = await _asked_again(gateway, SENT_AT_ONCE_MAX, send, body, seconds)
    polled = await _asked_again(gateway, 1, f"{gateway.bot}/getUpdates", {"timeout": 0}, seconds)
    return alone, together, polled


async def _asked_again(
    gateway: _Serving, connections: int, path: str, body: object, seconds: float
) -> float:
    """How many requests a second are answered, each connection waiting for its answers."""
    end = time.monotonic() + seconds

    async def ask() -> int:
        count = 0
        async with wired(gateway.bots_port) as wire:
            while time.monotonic() < end:
                await wire.post(path, body)
                count += 1
        return count

    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(ask()) for _ in range(connections)]
    return sum(task.result() for task in tasks) / seconds


async def _trips(
    gateway: _Serving, phones: int, seconds: float, photo: bytes | None = None
) -> Trips:
    """Have phones send in turn while a bot polls."""
    sent_at: dict[str, float] = {}
    took: list[float] = []
    pace_s = PACE_S if photo is None else PHOTO_PACE_S
    count = max(1, round(seconds / pace_s))
    async with _listening(gateway, phones), asyncio.TaskGroup() as group:
        polling = group.create_task(_poll(gateway, count, sent_at, took))
        for number in range(count):
            person = gateway.people[number % phones]
            words = f"message {number}"
            group.create_task(_put(gateway, person, words, photo, sent_at))
            await asyncio.sleep(pace_s)
        await polling
    what = "text" if photo is None else "photo"
    return Trips(phones=phones, what=what, sent=count, times=quantiles(took))


async def _beside_heavy(gateway: _Serving, phones: int, seconds: float) -> Trips:
    """Have phones send photos in turn while one more sends heavy ones, several at once."""
    heavy, sender = heavy_photo(), gateway.people[phones]
    over = asyncio.Event()

    async def send_on() -> None:
        while not over.is_set():
            await _put(gateway, sender, "heavy", heavy, {})

    async with asyncio.TaskGroup() as group:
        for _ in range(HEAVY_AT_ONCE):
            group.create_task(send_on())
        found = await _trips(gateway, phones, seconds, photo_of_a_phone())
        over.set()
    return replace(found, what="photo beside heavy ones")


async def _put(
    gateway: _Serving, person: _Joined, words: str, photo: bytes | None, sent_at: dict[str, float]
) -> None:
    parts = [_part('name="text"', words.encode())]
    if photo is not None:
        parts.append(_part('name="file"; filename="film.jpg"', photo))
    body = b"".join(parts) + f"--{BOUNDARY}--\r\n".encode()
    headers = (
        f"Cookie: {COOKIE}={person.cookie}\r\n"
        f"Content-Type: multipart/form-data; boundary={BOUNDARY}\r\n"
    )
    async with wired(gateway.port) as wire:
        sent_at[words] = time.monotonic()
        await wire.ask("PUT", f"/chat/messages/{new_token()}", body, headers)


def _part(disposition: str, data: bytes) -> bytes:
    head = f"--{BOUNDARY}\r\nContent-Disposition: form-data; {disposition}\r\n\r\n"
    return head.encode() + data + b"\r\n"


async def _poll(
    gateway: _Serving, count: int, sent_at: dict[str, float], took: list[float]
) -> None:
    """Poll as a bot does until it has everything."""
    offset = 0
    async with wired(gateway.bots_port) as wire:
        while len(took) < count:
            found = await _updates(wire, gateway.bot, offset)
            now = time.monotonic()
            for update in found:
                message = update["message"]
                sent_s = sent_at.get(message.get("text") or message["caption"])
                if sent_s is not None:
                    took.append(now - sent_s)
                offset = update["update_id"] + 1
        await wire.post(f"{gateway.bot}/getUpdates", {"offset": offset, "timeout": 0})


async def _updates(wire: Wire, bot: str, offset: int) -> list[dict[str, Any]]:
    answer = await wire.post(f"{bot}/getUpdates", {"offset": offset, "timeout": 20})
    found: list[dict[str, Any]] = answer["result"]
    return found
