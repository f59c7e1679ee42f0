"""Updates in: committed before confirmed, handled in order, replayed after a crash, never lost."""

import asyncio
import errno
import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from telegram import Update
from telegram.error import NetworkError

from bot.domain.ids import ChatId
from bot.inbox import MAX_CRASHES, MAX_FAILURES, UpdateLoop
from bot.store import open_store
from bot.store.inbox import StoredUpdate
from storage.database import DiskFault
from tests import background
from tests.bot_server import fake_bot
from tests.bot_world import START, Clinic, clinic
from tests.keys import KEYRING


class Handling:
    """Keeps what was handled; fails as told."""

    def __init__(self) -> None:
        self.handled: list[int] = []
        self.apologies: list[int] = []
        self.errors: dict[int, Exception] = {}

    async def handle(self, update: Update) -> None:
        self.handled.append(update.update_id)
        if update.update_id in self.errors:
            raise self.errors[update.update_id]

    async def apologise(self, stored: StoredUpdate) -> None:
        self.apologies.append(stored.update_id)


def text_update(update_id: int, chat_id: int = 7, text: str = "hello") -> dict[str, Any]:
    return {
        "update_id": update_id,
        "message": {
            "message_id": update_id,
            "date": int(START.timestamp()),
            "chat": {"id": chat_id, "type": "private"},
            "from": {"id": chat_id, "is_bot": False, "first_name": "Amina"},
            "text": text,
        },
    }


def inbox(ward: Clinic, handling: Handling, slept: list[float] | None = None) -> UpdateLoop:
    async def sleep(seconds: float) -> None:
        if slept is not None:
            slept.append(seconds)

    return UpdateLoop(
        bot=fake_bot(ward.server),
        store=ward.store,
        clock=ward.clock,
        handle=handling.handle,
        apologise=handling.apologise,
        sleep=sleep,
    )


async def handle_all(ward: Clinic, box: UpdateLoop) -> None:
    """What the handling loop does until nothing is due."""
    while (stored := await ward.store.inbox.take([])) is not None:
        await box.process_one(stored)


async def test_an_update_is_on_the_disk_before_the_offset_confirms_it(tmp_path: Path) -> None:
    async with clinic(tmp_path) as ward:
        ward.server.updates = [text_update(41), text_update(42)]
        box = inbox(ward, Handling())
        offset = await box.poll_once(None)
        assert offset == 43
        assert "offset" not in ward.server.sent("getUpdates")[0]
        async with open_store(ward.home, KEYRING, ward.clock) as after_a_crash:
            for update_id in (41, 42):
                stored = await after_a_crash.inbox.take([])
                assert stored is not None
                assert stored.update_id == update_id
                await after_a_crash.inbox.done(stored)
        await box.poll_once(offset)
        assert ward.server.sent("getUpdates")[1]["offset"] == "43"
        assert ward.server.updates == []


async def test_only_messages_buttons_and_what_the_gateway_tells_are_asked_for(ward: Clinic) -> None:
    await inbox(ward, Handling()).poll_once(None)
    asked = ward.server.sent("getUpdates")[0]
    wanted = ["message", "callback_query", "edgerad_session", "edgerad_attempts", "edgerad_sms"]
    assert json.loads(asked["allowed_updates"]) == wanted


async def test_an_update_that_is_polled_twice_is_handled_once(ward: Clinic) -> None:
    handling = Handling()
    box = inbox(ward, handling)
    for _ in range(2):
        ward.server.updates = [text_update(41)]
        await box.poll_once(None)
    await handle_all(ward, box)
    assert handling.handled == [41]


async def test_what_a_crash_left_unhandled_is_handled_after_the_start(tmp_path: Path) -> None:
    async with clinic(tmp_path) as ward:
        ward.server.updates = [text_update(41)]
        await inbox(ward, Handling()).poll_once(None)
        taken = await ward.store.inbox.take([])
        assert taken is not None
    handling = Handling()
    async with clinic(tmp_path) as ward:
        await handle_all(ward, inbox(ward, handling))
    assert handling.handled == [41]


async def test_updates_of_one_chat_are_handled_in_order_others_beside_them(ward: Clinic) -> None:
    ward.server.updates = [text_update(1, 7), text_update(2, 7), text_update(3, 8)]
    await inbox(ward, Handling()).poll_once(None)
    take = ward.store.inbox.take
    first = await take([])
    beside = await take([7])
    nothing = await take([7, 8])
    assert first is not None
    assert beside is not None
    assert (first.update_id, beside.update_id, nothing) == (1, 3, None)


async def test_an_update_that_always_fails_is_given_up_with_an_apology_and_blocks_nobody(
    ward: Clinic,
) -> None:
    handling = Handling()
    handling.errors = {1: ValueError("poison")}
    box = inbox(ward, handling)
    ward.server.updates = [text_update(1), text_update(2)]
    await box.poll_once(None)
    for _ in range(MAX_FAILURES):
        await handle_all(ward, box)
        ward.clock.advance(60)
    assert handling.handled == [1] * MAX_FAILURES + [2]
    assert handling.apologies == [1]


async def crash_while_handling(ward: Clinic, times: int) -> None:
    """Begin to handle an update, and never come back."""
    for _ in range(times):
        assert await ward.store.inbox.take([]) is not None


async def test_an_update_survives_crashes_and_failures_that_are_not_its_own(ward: Clinic) -> None:
    ward.server.updates = [text_update(1)]
    handling = Handling()
    handling.errors = {1: ValueError("once")}
    box = inbox(ward, handling)
    await box.poll_once(None)
    await crash_while_handling(ward, MAX_CRASHES - 1)
    await handle_all(ward, box)
    handling.errors.clear()
    ward.clock.advance(1)
    await handle_all(ward, box)
    assert handling.handled == [1, 1]
    assert handling.apologies == []


async def test_an_update_that_takes_the_process_down_is_given_up_too(ward: Clinic) -> None:
    ward.server.updates = [text_update(1)]
    handling = Handling()
    box = inbox(ward, handling)
    await box.poll_once(None)
    await crash_while_handling(ward, MAX_CRASHES)
    await handle_all(ward, box)
    assert handling.handled == []
    assert handling.apologies == [1]


async def test_an_update_nobody_can_parse_is_given_up_and_the_next_one_served(
    ward: Clinic,
) -> None:
    broken = {"update_id": 1, "message": {"chat": {"id": 7}, "photo": "?"}}
    handling = Handling()
    box = inbox(ward, handling)
    ward.server.updates = [broken, text_update(2, 8)]
    await box.poll_once(None)
    for _ in range(MAX_FAILURES):
        await handle_all(ward, box)
        ward.clock.advance(60)
    assert handling.handled == [2]
    assert handling.apologies == [1]


async def test_half_a_character_in_an_update_holds_up_no_poll(ward: Clinic) -> None:
    handling = Handling()
    box = inbox(ward, handling)
    ward.server.updates = [text_update(1, text="\ud83d"), text_update(2, 8)]
    assert await box.poll_once(None) == 3
    await handle_all(ward, box)
    assert handling.handled == [1, 2]


@pytest.mark.parametrize(
    "fault",
    [NetworkError("down"), OSError(errno.ENOSPC, "full"), DiskFault("disk I/O error")],
    ids=["network", "disk full", "disk"],
)
async def test_a_fault_of_network_or_disk_costs_an_update_no_attempt(
    ward: Clinic, fault: Exception
) -> None:
    handling = Handling()
    handling.errors = {1: fault}
    box = inbox(ward, handling)
    ward.server.updates = [text_update(1)]
    await box.poll_once(None)
    for _ in range(MAX_FAILURES + 2):
        await handle_all(ward, box)
        ward.clock.advance(60)
    handling.errors.clear()
    await handle_all(ward, box)
    assert handling.apologies == []
    assert await ward.store.inbox.next_at([]) is None


@pytest.mark.parametrize(
    ("code", "description", "word"),
    [
        (401, "Unauthorized", "EDGERAD_BOT_API_URL"),
        (404, "Not Found", "EDGERAD_BOT_API_URL"),
        (409, "Conflict: terminated by other getUpdates request", "another program"),
        (500, "Internal Server Error", "Trying on"),
    ],
)
async def test_no_answer_of_the_server_ends_the_polling(
    ward: Clinic, caplog: pytest.LogCaptureFixture, code: int, description: str, word: str
) -> None:
    slept: list[float] = []
    arrived = asyncio.Event()
    for _ in range(3):
        ward.server.refuse("getUpdates", code, description)
    ward.server.updates = [text_update(5)]
    box = inbox(ward, Handling(), slept)
    polling = asyncio.get_running_loop().create_task(box.poll())
    ward.server.before["getUpdates"] = lambda: (
        arrived.set() if len(ward.server.sent("getUpdates")) > 4 else None
    )
    await asyncio.wait_for(arrived.wait(), 5)
    polling.cancel()
    with pytest.raises(asyncio.CancelledError):
        await polling
    assert await ward.store.inbox.take([]) is not None
    assert slept == [1, 2, 4]
    assert word in caplog.text


@pytest.mark.parametrize("url", ["", "https://thief.example/secret"])
async def test_a_webhook_that_somebody_set_is_taken_away_and_said_to_have_been_there(
    ward: Clinic, caplog: pytest.LogCaptureFixture, url: str
) -> None:
    ward.server.refuse("getUpdates", 409, "Conflict: terminated by setWebhook request")
    ward.server.webhook = url
    ward.server.updates = [text_update(5)]
    arrived = asyncio.Event()
    ward.server.before["getUpdates"] = lambda: (
        arrived.set() if len(ward.server.sent("getUpdates")) > 2 else None
    )
    async with background.running(inbox(ward, Handling(), []).poll()):
        await asyncio.wait_for(arrived.wait(), 5)
    assert len(ward.server.sent("deleteWebhook")) == bool(url)
    assert ("A webhook at thief.example took what phones sent" in caplog.text) is bool(url)
    assert "secret" not in caplog.text.replace("secrets/bot_token", "")


async def test_no_text_of_a_patient_stands_in_the_log_of_a_failure(
    ward: Clinic, caplog: pytest.LogCaptureFixture
) -> None:
    handling = Handling()
    handling.errors = {1: ValueError("Mrs Adaeze Okafor")}
    box = inbox(ward, handling)
    ward.server.updates = [text_update(1, text="Mrs Adaeze Okafor, 41")]
    await box.poll_once(None)
    for _ in range(MAX_FAILURES):
        await handle_all(ward, box)
        ward.clock.advance(60)
    assert "ValueError" in caplog.text
    assert "Okafor" not in caplog.text


async def test_handled_updates_are_forgotten_after_a_while_but_never_the_newest(
    ward: Clinic,
) -> None:
    handling = Handling()
    box = inbox(ward, handling)
    for _ in range(2):
        ward.server.updates = [text_update(1), text_update(2)]
        await box.poll_once(None)
        await handle_all(ward, box)
        ward.clock.advance(3600)
        await ward.store.inbox.prune(timedelta(minutes=30))
    assert handling.handled == [1, 2, 1]


async def test_the_caption_of_an_album_is_found_on_whichever_part_carries_it(
    ward: Clinic,
) -> None:
    parts = [text_update(number) for number in (1, 2, 3)]
    for part in parts:
        part["message"]["media_group_id"] = "g"
    parts[1]["message"]["caption"] = "M 60 fever"
    ward.server.updates = parts
    await inbox(ward, Handling()).poll_once(None)
    caption = ward.store.inbox.album_caption
    assert await caption(ChatId(7), "g") == "M 60 fever"
    assert await caption(ChatId(8), "g") is None
    assert await caption(ChatId(7), "other") is None
