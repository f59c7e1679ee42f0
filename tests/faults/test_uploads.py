"""What phones send is damaged, cut off, endless or too much; and there are no descriptors left."""

import asyncio
import time
from contextlib import AsyncExitStack
from pathlib import Path

from deploy.phone_client import PhoneClient
from tests.bad_files import BAD_FILES
from tests.faults.conftest import Note
from tests.faults.films import film
from tests.faults.ledger import replies, whole_chat
from tests.faults.rig import rigged
from tests.faults.wire import END, Connection, part

ROOM = "What is sent is damaged or too much"

SLOW_PHONES = 10  # each with five uploads under way, which it may have
CONNECTIONS = 100
DRIP_S = 0.3
CUTS = 10
PARTS = 1_001
ANSWER_S = 10.0


async def test_truncated_mislabelled_and_bomb_pictures_are_answered_in_words(
    tmp_path: Path, note: Note
) -> None:
    async with rigged(tmp_path) as rig:
        await rig.start()
        phone = await rig.phone()
        sent = [await phone.send(upload) for upload in BAD_FILES.values()]
        await rig.ledger.send(phone, film())
        balance = await rig.ledger.balance()
        chat = await whole_chat(phone)
        assert all(len(replies(chat, each["message_id"])) == 1 for each in sent)
        note(
            fault=", ".join(BAD_FILES),
            how="sent as films",
            result=f"words for each, no case; then {balance.in_words()}",
        )


async def test_slow_phones_hold_up_nobody_else(tmp_path: Path, note: Note) -> None:
    async with rigged(tmp_path) as rig, AsyncExitStack() as stack:
        await rig.start()
        phone = await rig.phone()
        # Given connections that send a byte now and then, of a head and of a body
        slow = [await rig.phone() for _ in range(SLOW_PHONES)]
        connections = [
            await stack.enter_async_context(Connection.to(slow[number // 2 % SLOW_PHONES]))
            for number in range(CONNECTIONS)
        ]
        for connection in connections[::2]:
            await connection.begin_upload(film(), announced_bytes=1_000_000)
        async with asyncio.TaskGroup() as group:
            dripping = [group.create_task(_drip(connection)) for connection in connections]
            # When others send films
            started = time.monotonic()
            for number in range(5):
                await rig.ledger.send(phone, film(number))
            balance = await rig.ledger.balance(limit_s=5 * ANSWER_S)
            took_s = time.monotonic() - started
            for each in dripping:
                each.cancel()
        note(
            fault=f"{CONNECTIONS} connections that send a byte now and then",
            how=f"of {SLOW_PHONES} phones; half in a request's head, half in a picture's body",
            result=f"{balance.in_words()}, all in {took_s:.1f} s",
        )


async def _drip(connection: Connection) -> None:
    for byte in b"GET /chat/messages HTTP/1.1\r\nX-Slow: " + b"y" * 10_000:
        await connection.send(bytes([byte]))
        await asyncio.sleep(DRIP_S)


async def test_uploads_that_are_cut_off_leave_nothing_and_may_be_sent_again(
    tmp_path: Path, note: Note
) -> None:
    async with rigged(tmp_path) as rig:
        await rig.start()
        phone = await rig.phone()
        for _ in range(CUTS):
            async with Connection.to(phone) as connection:
                await connection.begin_upload(film(), announced_bytes=1_000_000)
                connection.hang_up()
        await rig.ledger.send(phone, film())
        balance = await rig.ledger.balance()
        note(
            fault=f"{CUTS} uploads cut off in the middle",
            how="the connection is reset",
            result=f"no case of them; then {balance.in_words()}",
        )


async def test_a_form_of_a_thousand_parts_is_refused_in_words(tmp_path: Path, note: Note) -> None:
    async with rigged(tmp_path) as rig:
        await rig.start()
        phone = await rig.phone()
        statuses = {await _form_of(phone, name) for name in (None, "film.jpg")}
        assert statuses == {400}
        await rig.ledger.send(phone, film())
        balance = await rig.ledger.balance()
        note(
            fault=f"a form of {PARTS:,} parts",
            how="once of fields, once of files",
            result=f"refused with status 400; then {balance.in_words()}",
        )


async def _form_of(phone: PhoneClient, file_name: str | None) -> int:
    body = part("file", b"x", file_name) * PARTS + END
    async with Connection.to(phone) as connection:
        await connection.head("PUT", "/chat/messages/a-thousand-parts", len(body))
        await connection.send(body)
        return await connection.status()


async def test_parts_without_a_free_file_descriptor_go_on_once_there_is_one(
    tmp_path: Path, note: Note
) -> None:
    async with rigged(tmp_path) as rig:
        flag = tmp_path / "no-descriptors"
        for name in ("gateway", "bot"):
            rig.always(name, no_descriptors=str(flag))
        await rig.start()
        phone = await rig.phone()
        flag.touch()
        async with asyncio.TaskGroup() as group:
            group.create_task(rig.ledger.send(phone, film()))
            await asyncio.sleep(5)
            flag.unlink()
        balance = await rig.ledger.balance()
        note(
            fault="no file descriptor left for 5 s",
            how="gateway and bot open files until they may open no more",
            result=f"{balance.in_words()}; sent again by the phone: {balance.resends}",
        )
