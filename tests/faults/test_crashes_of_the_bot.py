"""SIGKILL of the bot at named points: no case is lost, none is answered twice in the case file."""

from pathlib import Path

import pytest

from tests.faults.conftest import Note
from tests.faults.films import film
from tests.faults.points import OF_THE_BOT
from tests.faults.rig import rigged

ROOM = "The bot is killed at a named point"


@pytest.mark.parametrize("point", OF_THE_BOT)
async def test_a_crash_at_a_named_point_loses_nothing(
    tmp_path: Path, note: Note, point: str
) -> None:
    async with rigged(tmp_path) as rig:
        # Given an enrolled person, and a bot that will die at the point
        await rig.start()
        phone = await rig.phone()
        rig.once("bot", crash=point)
        await rig.kill("bot")
        dying_pid = rig.pid("bot")
        # When three films are sent
        for number in range(3):
            await rig.ledger.send(phone, film(number))
        await rig.restarted("bot", dying_pid)
        # Then each has one case with one answer, delivered
        balance = await rig.ledger.balance()
        note(
            fault=point,
            how=f"SIGKILL {'after' if OF_THE_BOT[point].after else 'before'}"
            f" `{OF_THE_BOT[point].target.partition(':')[2]}`",
            result=balance.in_words(),
        )


@pytest.mark.parametrize("point", ["with the picture stored, before its case", "at claim"])
async def test_a_case_over_which_the_bot_died_three_times_is_answered_all_the_same(
    tmp_path: Path, note: Note, point: str
) -> None:
    async with rigged(tmp_path) as rig:
        await rig.start()
        phone = await rig.phone()
        rig.always("bot", crash=point)
        await rig.kill("bot")
        dying_pid = rig.pid("bot")
        await rig.ledger.send(phone, film())
        for _ in range(3):
            await rig.restarted("bot", dying_pid)
            dying_pid = rig.pid("bot")
        rig.never("bot", "crash")
        balance = await rig.ledger.balance()
        note(
            fault=f"{point}, three times or more",
            how="SIGKILL at each start, over the same case",
            result=balance.in_words(),
        )


async def test_a_crash_after_the_server_was_told_and_before_anything_was_handled_loses_nothing(
    tmp_path: Path, note: Note
) -> None:
    async with rigged(tmp_path) as rig:
        await rig.start()
        phone = await rig.phone()
        rig.once("bot", crash_once_confirmed=None)
        await rig.kill("bot")
        dying_pid = rig.pid("bot")
        await rig.ledger.send(phone, film())
        await rig.restarted("bot", dying_pid)
        balance = await rig.ledger.balance()
        note(
            fault="after confirm",
            how="Nothing is handled; SIGKILL once the gateway holds no pending update",
            result=balance.in_words(),
        )
