"""SIGKILL of gateway and bot at each step of an SMS, out and in: nothing is lost.

The phone gets an id with each SMS and sends none twice. The modem's daemon takes no id: there an
SMS goes out twice after a crash between handing it over and noting that, and then alone. The
gateway gets a key with each SMS of the bot, and stores none twice.
"""

import asyncio
import re
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import httpx
import pytest

from deploy.phone_client import PhoneClient
from tests.faults.conftest import Note
from tests.faults.points import OF_SMS, OF_THE_BOTS_SMS
from tests.faults.rig import LOOK_S, rigged
from tests.sms_modem import IS_THERE, WHY_NOT, Modem, usb_modem
from tests.sms_phone import PASSWORD, Phone, old_phone

ROOM = "A process is killed"
NUMBER = "+22670123456"
WITHIN_S = 60
BEFORE_THE_NOTE = next(iter(OF_SMS))
PART = dict.fromkeys(OF_SMS, "gateway") | dict.fromkeys(OF_THE_BOTS_SMS, "bot")


async def until(look: Callable[[], bool]) -> None:
    async with asyncio.timeout(WITHIN_S):
        while not look():
            await asyncio.sleep(LOOK_S)


async def said(phone: PhoneClient, text: str) -> None:
    """Send a text as a page does: again until the gateway is there."""
    async with asyncio.timeout(WITHIN_S):
        while True:
            with suppress(httpx.TransportError):
                await phone.send(text=text)
                return
            await asyncio.sleep(LOOK_S)


async def enrols(folder: Path, line: Phone | Modem, point: str, **settings: str) -> list[str]:
    """Have a number proved while a part is killed at a point; what went out."""
    async with rigged(folder, EDGERAD_SMS_COUNTRY="BF", **settings) as rig:
        await rig.start()
        phone = await rig.phone()
        await asyncio.sleep(1)
        rig.once(PART[point], crash=point)
        await rig.kill(PART[point])
        killed = rig.pid(PART[point])
        await said(phone, f"/phone {NUMBER}")
        await until(lambda: any("code" in text for _, text in line.sent))
        code = next(found for _, text in line.sent if (found := re.search(r"\d{6}", text)))
        line.receives(NUMBER, code[0])
        await until(lambda: any("set up. HELP" in text for _, text in line.sent))
        await asyncio.sleep(8)  # long enough for what is sent twice
        assert rig.pid(PART[point]) != killed
        return [text for _, text in line.sent]


@pytest.mark.parametrize("point", PART)
async def test_an_sms_by_the_phone_survives_a_crash_and_goes_out_once(
    tmp_path: Path, note: Note, point: str
) -> None:
    async with old_phone() as line:
        sent = await enrols(
            tmp_path,
            line,
            point,
            EDGERAD_SMS_PHONE_URL=line.url,
            EDGERAD_SMS_PHONE_PASSWORD=PASSWORD,
        )
    assert len(sent) == 2
    note(fault=f"the {PART[point]}, {point} (phone)", how="SIGKILL", result="none lost, none twice")


@pytest.mark.skipif(not IS_THERE, reason=WHY_NOT)
@pytest.mark.parametrize("point", PART)
async def test_an_sms_by_the_modem_survives_a_crash_and_goes_out_twice_at_one_point_alone(
    tmp_path: Path, note: Note, point: str
) -> None:
    with usb_modem(tmp_path / "modem") as line:
        config = str(line.config)
        sent = await enrols(tmp_path / "rig", line, point, EDGERAD_SMS_GAMMU_CONFIG=config)
    assert len(sent) == (3 if point == BEFORE_THE_NOTE else 2)
    note(
        fault=f"the {PART[point]}, {point} (modem)",
        how="SIGKILL",
        result="none lost, one twice" if len(sent) == 3 else "none lost, none twice",
    )
