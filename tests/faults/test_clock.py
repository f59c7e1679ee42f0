"""The clock jumps: a machine without a battery starts in 1970, a wrong year is put right."""

import time
from pathlib import Path

import pytest

from deploy.phone_client import PhoneRefused
from tests.faults.conftest import Note
from tests.faults.films import film
from tests.faults.rig import rigged

ROOM = "The clock jumps"

DAY_S = 24 * 3600.0
YEAR_S = 365 * DAY_S
JUMPS = {
    "back to 1970": lambda: -time.time(),
    "back by a year": lambda: -YEAR_S,
    "forward by 20 days": lambda: 20 * DAY_S,
}


def tell(clock: Path, ahead_s: float) -> None:
    """Set the parts' clock, which they look at all the time: never is the file half written."""
    told = clock.with_name("told")
    told.write_text(str(ahead_s))
    told.replace(clock)


@pytest.mark.parametrize("jump", JUMPS)
async def test_a_clock_that_jumps_while_cases_wait_and_over_a_restart_loses_nothing(
    tmp_path: Path, note: Note, jump: str
) -> None:
    async with rigged(tmp_path) as rig:
        # Given cases that wait and one that is being read
        clock, held = tmp_path / "clock", tmp_path / "held"
        tell(clock, 0)
        held.touch()
        rig.always("gateway", clock=str(clock))
        rig.always("bot", clock=str(clock), held=str(held))
        await rig.start()
        phone = await rig.phone()
        for number in range(3):
            await rig.ledger.send(phone, film(number))
        await rig.reading_begun()
        # When the clock jumps, and later once more back, over a restart of both parts
        tell(clock, JUMPS[jump]())
        held.unlink()
        await rig.ledger.send(phone, film(3))
        await rig.ledger.balance()
        await rig.kill("gateway")
        await rig.kill("bot")
        await rig.ledger.send(phone, film(4))
        await rig.ledger.balance()
        tell(clock, 0)
        await rig.ledger.send(phone, film(5))
        # Then all are answered
        balance = await rig.ledger.balance()
        note(
            fault=f"the clock goes {jump}, and back",
            how="both parts are told another time, while they run and over a restart",
            result=balance.in_words(),
        )


async def test_a_clock_a_year_ahead_ends_sessions_until_it_is_put_right_and_loses_nothing(
    tmp_path: Path, note: Note
) -> None:
    async with rigged(tmp_path) as rig:
        # Given cases that wait and one that is being read
        clock, held = tmp_path / "clock", tmp_path / "held"
        tell(clock, 0)
        held.touch()
        rig.always("gateway", clock=str(clock))
        rig.always("bot", clock=str(clock), held=str(held))
        await rig.start()
        phone = await rig.phone()
        for number in range(3):
            await rig.ledger.send(phone, film(number))
        await rig.reading_begun()
        # When the clock jumps, over a restart of the bot
        tell(clock, YEAR_S)
        with pytest.raises(PhoneRefused, match="open the join link again"):
            await phone.send(film(3))
        await rig.kill("bot")
        # Then the cases are read, and answered on the phone once the clock is right
        held.unlink()
        await rig.ledger.until_still()
        tell(clock, 0)
        await rig.ledger.send(phone, film(4))
        balance = await rig.ledger.balance()
        note(
            fault="the clock goes forward by a year, and back",
            how="both parts are told another time, while they run and over a restart of the bot",
            result="sessions count as expired meanwhile, which is said in words;"
            f" {balance.in_words()}",
        )
