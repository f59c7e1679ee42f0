"""Updates that come twice or out of order, two bots, and results that come too late."""

import asyncio
import subprocess
from pathlib import Path

from machine.faults import EXIT_STATUS
from tests.faults.conftest import Note
from tests.faults.films import film
from tests.faults.rig import rigged

ROOM = "Messages and claims go astray"


async def test_updates_that_come_again_and_out_of_order_make_no_second_case(
    tmp_path: Path, note: Note
) -> None:
    async with rigged(tmp_path) as rig:
        rig.always("bot", scramble=None)
        await rig.start()
        phones = [await rig.phone() for _ in range(2)]
        for number in range(4):
            for phone in phones:
                await rig.ledger.send(phone, film(number))
        await rig.ledger.balance()
        await rig.kill("gateway")
        await rig.ledger.send(phones[0], film())
        balance = await rig.ledger.balance()
        note(
            fault="updates duplicated, out of order and replayed",
            how="each answer to `getUpdates` holds all ever sent, backwards, then forwards",
            result=balance.in_words(),
        )


async def test_a_second_bot_says_so_and_stops(tmp_path: Path, note: Note) -> None:
    async with rigged(tmp_path) as rig:
        await rig.start()
        phone = await rig.phone()
        part = rig.part("bot")
        second = await asyncio.create_subprocess_exec(
            *part.command, env=dict(part.environment), stderr=subprocess.PIPE
        )
        _, words = await asyncio.wait_for(second.communicate(), 90)
        assert second.returncode == EXIT_STATUS
        assert b"Another bot runs on this data folder" in words
        await rig.ledger.send(phone, film())
        balance = await rig.ledger.balance()
        note(
            fault="a second bot started by mistake",
            how="the bot's own command, on the same data folder",
            result=f"it says so in a sentence and ends; {balance.in_words()}",
        )


async def test_a_result_that_comes_after_its_claim_ran_out_is_fenced_off(
    tmp_path: Path, note: Note
) -> None:
    async with rigged(tmp_path) as rig:
        rig.always("bot", stopped_heart=0.5, engine=[{"delay_s": 2}, {}])
        await rig.start()
        phone = await rig.phone()
        await rig.ledger.send(phone, film())
        await rig.says("dropped: it was taken back or claimed again")
        balance = await rig.ledger.balance()
        assert balance.duplicates == 0
        note(
            fault="a result that comes after its lease ran out",
            how="no heartbeat, a lease of 0.5 s, a reading of 2 s",
            result=f"the late result is dropped; {balance.in_words()}",
        )
