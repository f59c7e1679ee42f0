"""A store of a million cases: how long its questions, its start and its backup take.

Fills a data folder with made-up cases and asks what supervisors ask. Knows the bot's tables, for
no clinic could wait for so many to be sent. Nothing in it is anybody's.
"""

import asyncio
import random
import time
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack, closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import psutil

from bot.domain.ids import CaseId, UserId
from bot.domain.pages import TOP
from bot.store import Store, open_store
from bot.store.listing import CaseFilter
from deploy.backups.backup import back_up
from deploy.bench.overhead import MB, Quantiles, enrolled, photo_of_a_phone, quantiles, trip
from deploy.phone_client import PhoneClient
from deploy.running.sandbox import sandbox_in
from machine.clock import SystemClock
from storage.keys import Keyring, Purpose
from storage.layout import Layout
from storage.opening import unlocked
from storage.sqlcipher import connect

YEARS = 5
SENDERS = 100
ASKED = 100
BATCH = 10_000
PAGE_CASES = 9
HITS = 8

FILL = """
WITH RECURSIVE n(i) AS (SELECT :first UNION ALL SELECT i + 1 FROM n WHERE i < :last)
"""
INSERTS = (
    f"""{FILL} INSERT INTO cases (case_id, sender_id, chat_id, message_id, created_at, caption,
        patient_reference, age_years, sex, indication, reviewed_by, reviewed_at, review_agrees)
    SELECT i, 1 + i % :senders, 1 + i % :senders, i, :start + i * :pace,
        (i % 90) || ' M, ' || :complaint || ', ward ' || (i % 40) || ', ref ' || (100000 + i),
        100000 + i, i % 90, 'male', :complaint,
        iif(i % 50, 1, NULL), iif(i % 50, :start + i * :pace + 3600, NULL), iif(i % 50, 1, NULL)
    FROM n""",
    f"""{FILL} INSERT INTO readings (reading_id, case_id, asked_by, chat_id, message_id, language,
        asked_at, status, ready_at, attempt, claimed_at, ended_at, text, urgency, model, tier,
        practice, duration_s, prompt_tokens, answer_tokens, truncated)
    SELECT i, i, 1 + i % :senders, 1 + i % :senders, i, 'en', :start + i * :pace, 'answered',
        :start + i * :pace, 1, :start + i * :pace, :start + i * :pace + 30 + i % 60,
        'FINDINGS: ' || :finding || ' in zone ' || (i % 6) || '. The heart is of normal size. No'
            || ' pleural effusion is seen.' || char(10) || 'IMPRESSION: ' || :finding || '.'
            || char(10) || 'URGENCY: routine' || char(10) || 'RECOMMENDATION: Clinical review.',
        iif(i % 25, iif(i % 8, 'routine', 'urgent'), 'critical'), 'medgemma-4b-it', '4-bit', 0,
        20 + i % 40, 300, 60, 0
    FROM n""",
    f"""{FILL} INSERT INTO pictures (case_id, ordinal, name, sha256, media_type,
        width_px, height_px) SELECT i, 0, printf('%032x', i), printf('%064x', i),
        'image/jpeg', 960, 1280 FROM n""",
    f"""{FILL} INSERT INTO messages (chat_id, message_id, reading_id, role)
    SELECT 1 + i % :senders, i, i, 'picture' FROM n""",
    f"""{FILL} INSERT INTO messages (chat_id, message_id, reading_id, role)
    SELECT 1 + i % :senders, -i, i, 'answer' FROM n""",
    f"""{FILL} INSERT INTO case_words (rowid, caption, patient_reference, answers)
    SELECT i, caption, patient_reference, text FROM n JOIN cases c ON c.case_id = i
        JOIN readings r ON r.reading_id = i""",
)
PEOPLE = """
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < :senders)
INSERT INTO people (user_id, chat_id, name, role, language, enrolled_at, accepted_terms_at)
SELECT i, i, 'Nurse ' || i, 'health_worker', 'en', 0, 0 FROM n
"""
COMPLAINTS = (
    "cough for three weeks",
    "fever and chest pain",
    "fall from a tree",
    "short of breath",
)
FINDINGS = ("Opacity", "Consolidation", "No focal lesion", "Rib fracture", "Pneumothorax")


@dataclass(frozen=True, slots=True, kw_only=True)
class QueryTimes:
    """A question and how long its answers took."""

    name: str
    took: Quantiles


@dataclass(frozen=True, slots=True, kw_only=True)
class Archive:
    """What a store full of cases takes.

    Args:
        cases: How many it holds.
        size_mb: The database file.
        asked: The commands' questions.
        start_s: From the bot's start to its serving.
        backup_s: A checked backup, while a phone sends.
        received: From a photo's PUT to the bot's word on the phone, during the backup.
    """

    cases: int
    size_mb: float
    asked: tuple[QueryTimes, ...]
    start_s: float
    backup_s: float
    received: Quantiles


async def measure_archive(folder: Path, cases: int) -> Archive:
    """Fill a folder, ask it, start on it and back it up.

    Args:
        folder: With room for four times the database. One that was filled before is taken as it is.
    """
    home, key_file = folder / "data", folder / "key"
    with unlocked(home, key_file) as keyring:
        if not Layout(home).bot_database.exists():
            await fill(home, keyring, cases)
        asked = await ask(home, keyring, cases)
    size_mb = Layout(home).bot_database.stat().st_size / MB
    serving = asyncio.Event()

    def say(_name: str, line: str) -> None:
        if "Serving as bot" in line:
            serving.set()

    settings = {"EDGERAD_ENGINE": "scripted"}
    async with sandbox_in(folder, say, settings=settings) as system, AsyncExitStack() as stack:
        await serving.wait()
        start_s = time.time() - psutil.Process(system.supervisor.pids["bot"]).create_time()
        phone = await enrolled(stack, system, 0)
        began = time.monotonic()
        async with asyncio.TaskGroup() as group:
            target = folder / "backup.tar"
            backup = group.create_task(
                asyncio.to_thread(back_up, home, target, key_file, force=True)
            )
            received = await _send_while(phone, backup)
        return Archive(
            cases=cases,
            size_mb=size_mb,
            asked=tuple(asked),
            start_s=start_s,
            backup_s=time.monotonic() - began,
            received=quantiles(received),
        )


async def _send_while(phone: PhoneClient, backup: asyncio.Task[Any]) -> list[float]:
    photo = photo_of_a_phone()
    received: list[float] = []
    while not backup.done():
        received.append((await trip(phone, photo)).received_s)
    return received


async def fill(home: Path, keyring: Keyring, cases: int) -> None:
    """Put made-up cases into a data folder.

    Args:
        home: The data folder; holds no cases yet.
    """
    async with open_store(home, keyring, SystemClock()):
        pass  # makes the tables
    await asyncio.to_thread(_insert, Layout(home).bot_database, keyring, cases)


def _insert(path: Path, keyring: Keyring, cases: int) -> None:
    now = time.time()
    span_s = YEARS * 365 * 86_400.0
    common = {"senders": SENDERS, "start": now - span_s, "pace": span_s / cases}
    with closing(connect(path, keyring, Purpose.BOT_DATABASE)) as connection:
        connection.execute("PRAGMA synchronous = OFF")  # made anew if the power goes
        connection.execute(PEOPLE, common)
        for number, first in enumerate(range(1, cases + 1, BATCH)):
            values = common | {
                "first": first,
                "last": min(cases, first + BATCH - 1),
                "complaint": COMPLAINTS[number % len(COMPLAINTS)],
                "finding": FINDINGS[number % len(FINDINGS)],
            }
            connection.execute("BEGIN")
            for insert in INSERTS:
                connection.execute(insert, values)
            connection.execute("COMMIT")


async def ask(home: Path, keyring: Keyring, cases: int, times: int = ASKED) -> list[QueryTimes]:
    """Ask the store what the commands ask it, again and again.

    Args:
        home: A data folder that was filled.
        cases: How many it has.
        times: How often each question is asked.

    Returns:
        How long each took, the commands' whole work on the store counted.
    """
    dice = random.Random(0)  # noqa: S311 - which case, no secret
    async with open_store(home, keyring, SystemClock()) as store:
        return [
            QueryTimes(name=name, took=await _times(question, times))
            for name, question in _questions(store, dice, cases)
        ]


async def _times(question: Callable[[], Awaitable[object]], times: int) -> Quantiles:
    took_s: list[float] = []
    for _ in range(times):
        began = time.perf_counter()
        await question()
        took_s.append(time.perf_counter() - began)
    return quantiles(took_s)


def _listed(store: Store, since: datetime, wanted: CaseFilter) -> Callable[[], Awaitable[object]]:
    async def page() -> None:
        await store.cases.triaged(wanted, limit=PAGE_CASES, at=TOP, pressing_since=since)
        await store.cases.count(wanted)

    return page


def _found(store: Store, words: str) -> Callable[[], Awaitable[object]]:
    async def page() -> None:
        await store.cases.page(CaseFilter(words=words), limit=HITS)
        await store.cases.count(CaseFilter(words=words))

    return page


def _questions(
    store: Store, dice: random.Random, cases: int
) -> list[tuple[str, Callable[[], Awaitable[object]]]]:
    now = datetime.fromtimestamp(time.time(), UTC)
    day, week = now - timedelta(days=1), now - timedelta(days=7)

    listed, found = partial(_listed, store, week), partial(_found, store)

    async def one() -> None:
        case_id = CaseId(dice.randint(1, cases))
        await store.cases.get(case_id)
        await store.cases.follow_ups(case_id)

    async def reference() -> None:
        await found(str(100_000 + dice.randint(1, cases)))()

    async def stats() -> None:
        for since in (day, week):
            await store.summary.figures(since, now)

    return [
        ("/cases today", listed(CaseFilter(since=day))),
        ("/cases week", listed(CaseFilter(since=week))),
        ("/cases urgent", listed(CaseFilter(urgent=True))),
        ("/cases unreviewed", listed(CaseFilter(unreviewed=True))),
        ("/cases all", listed(CaseFilter())),
        ("/cases of one sender", listed(CaseFilter(sender_id=UserId(7)))),
        ("/search, a reference", reference),
        ("/search, a word in one case of five", found("pneumothorax")),
        ("/search, its beginning", found("pneu")),
        ("/search, two common words", found("cough opacity")),
        ("/case", one),
        ("/stats", stats),
        ("the board", store.ward.now),
    ]
