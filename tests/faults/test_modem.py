"""A modem is pulled out while it sends: Gammu's own daemon, and a modem on a pseudo-terminal.

The daemon needs the better part of a minute to see that the device is gone and is back.
"""

import asyncio
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.settings import BotSettings
from deploy.doctor.checks import Level
from deploy.doctor.liveness import check_sms
from gateway.settings import GatewaySettings
from tests.at_modem import AtModem
from tests.faults.conftest import Note
from tests.faults.rig import Rig, rigged
from tests.sms_modem import IS_THERE, WHY_NOT, usb_modem

ROOM = "A modem is pulled out"
NUMBER = "+22670123456"
WITHIN_S = 120
LOOK_S = 0.5


async def until(look: Callable[[], bool]) -> None:
    async with asyncio.timeout(WITHIN_S):
        while not look():
            await asyncio.sleep(LOOK_S)


def doctor(rig: Rig) -> tuple[Level, str]:
    """What the doctor says of the line."""
    asked = {"bot_token": rig.plan.bot_token, "sms_country": "BF"}
    gateway = GatewaySettings.model_validate(asked)
    bot = BotSettings.model_validate({"bot_api_url": rig.plan.api_url})
    line = check_sms(bot, gateway, None)[0]
    return line.level, line.words


@pytest.mark.skipif(not IS_THERE, reason=WHY_NOT)
async def test_a_modem_pulled_out_in_mid_send_is_said_and_loses_nothing(
    tmp_path: Path, note: Note
) -> None:
    modem = AtModem(tmp_path / "ttyUSB0", is_loose=True)
    modem.plug_in()
    with usb_modem(tmp_path / "modem", modem.device) as line:
        settings = {"EDGERAD_SMS_COUNTRY": "BF", "EDGERAD_SMS_GAMMU_CONFIG": str(line.config)}
        async with rigged(tmp_path / "rig", **settings) as rig:
            # Given a line that is well
            await rig.start()
            phone = await rig.phone()
            await until(lambda: doctor(rig)[0] is Level.OK)
            # When the modem comes out of its socket as it is to send
            await phone.send(text=f"/phone {NUMBER}")
            await until(lambda: not modem.device.is_symlink())
            # Then doctor says so
            await until(lambda: "the modem is not plugged in" in doctor(rig)[1])
            assert doctor(rig)[0] is Level.FAULT
            assert modem.sent == []
            # And when it is back, the SMS goes out once, and what the network reports is kept
            modem.is_loose = False
            modem.plug_in()
            await until(lambda: len(modem.sent) == 1)
            assert "2276103254F6" in modem.sent[0]
            modem.report(NUMBER)
            await until(lambda: modem.reports == [])
            await until(lambda: doctor(rig)[0] is Level.OK)
            assert len(modem.sent) == 1
            assert list((line.folder / "failed").iterdir()) == []
    note(
        fault="the modem, as it is to send an SMS",
        how="its device vanishes, under Gammu's own daemon",
        result="doctor: FAULT, the modem is not plugged in; sent once when it is back",
    )
