"""The night shift where the Wi-Fi ends: the supervisors are at home, and have GSM.

The bot's own words, the gateway's own store and courier, and a real driver: an old phone, which is
a stand-in, or a modem behind Gammu's own daemon. What the bot sends to a number goes to the
gateway's store, and what the store has for the bot comes back as its update.
"""

import asyncio
import logging
import re
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from bot.domain.people import Person
from bot.gateway_methods import GatewayMethods
from bot.sms_news import SmsNews
from gateway.schemas.records import ChatId, Draft
from gateway.schemas.sms import SmsRules
from gateway.sms.android import AndroidPhone
from gateway.sms.courier import Courier
from gateway.sms.driver import Driver
from gateway.sms.gammu import GammuModem
from gateway.store.store import ChatStore
from inference.contract import EngineState, EngineStatus
from inference.scripted import ScriptedAnswer, ScriptedExecutor
from storage.database import Transaction
from tests.acceptance.test_night_shift import CRITICAL, Night, night
from tests.analyst_world import analyst
from tests.gateway_store import Time, chats_in_memory
from tests.sms_modem import IS_THERE, WHY_NOT, Modem, usb_modem
from tests.sms_phone import PASSWORD, USER, Phone, old_phone
from tests.sms_world import courier_of

LINES = ("phone", pytest.param("modem", marks=pytest.mark.skipif(not IS_THERE, reason=WHY_NOT)))
MENSAH, BELLO, AMINA = "+22670000002", "+22670000003", "+22670000001"
PLANTED = (
    *("Zaventem", "Quillon", "hemopzyq", "QX88231", "QX99417", "Vexqual", "Dromble", "Snarvik"),
    *("Brakkenzo", "Wrumpled", "Ostrakon", "Plonkville"),
)
PLANTED_ANSWER = (
    "FINDINGS: Large left pneumothorax, Vexqual.\nIMPRESSION: Dromble.\nURGENCY: critical\n"
    "RECOMMENDATION: Snarvik."
)
WITHIN_S = 120
AS_DELIVERED = SmsRules(country="BF", parts_a_day=100, parts_a_number=30)


@dataclass
class Shift:
    """A night with SMS, and what goes through the air."""

    night: Night
    gateway: ChatStore
    courier: Courier
    line: Phone | Modem
    seen: int = 0
    heard: int = 0
    handed: int = 0

    async def carried(self) -> dict[str, str]:
        """Carry what the bot said to numbers; the SMS that reached each, in order."""
        calls = self.night.ward.server.sent()[self.handed :]
        self.handed += len(calls)
        wanted = [asked for asked in calls if asked.get("edgerad_sms")]
        for asked in wanted:
            chat = await self.gateway.person(ChatId(int(asked["chat_id"])))
            assert chat is not None
            await self.gateway.sms.send(
                chat,
                Draft(text=asked["text"]),
                key=asked["edgerad_key"],
                is_alarm=bool(asked.get("edgerad_alarm")),
            )
        async with asyncio.timeout(WITHIN_S):
            while len(self.line.sent) < self.seen + len(wanted):
                await self.courier.carry()
                await asyncio.sleep(0.05)
        new = self.line.sent[self.seen :]
        self.seen += len(new)
        return dict(new)

    async def sms(self, number: str, text: str) -> dict[str, str]:
        """Somebody sends an SMS; the SMS that go out then."""
        self.heard += 1
        self.line.receives(number, text, at=f"20260303T01{self.heard:02d}00Z")
        async with asyncio.timeout(WITHIN_S):
            while not (pending := await self.gateway.updates.pending(1)):
                await self.courier.carry()
                await asyncio.sleep(0.05)
        update = pending[0]
        number_of_it = update["update_id"]
        assert isinstance(number_of_it, int)
        await self.gateway.updates.confirm(number_of_it + 1)
        await self.night.talk.update(message=update["message"])
        await self.night.told()
        return await self.carried()

    async def sets_up(self, person: Person, number: str) -> None:
        """Somebody has their number proved."""
        chat, _ = await self.gateway.sms.add_number(number)
        self.night.ward.server.numbers[number] = chat.chat_id
        await self.night.types(person, f"/phone {number}")
        sent = await self.carried()
        code = re.search(r"\d{6}", sent[number])
        assert code is not None
        assert "this number is set up" in (await self.sms(number, code[0]))[number]


@asynccontextmanager
async def line_of(kind: str, folder: Path) -> AsyncIterator[tuple[Driver, Phone | Modem]]:
    """A driver, and what is behind it."""
    if kind == "modem":
        with usb_modem(folder / "modem") as modem:
            yield GammuModem(modem.config), modem
        return
    async with old_phone() as phone:
        driver = AndroidPhone(phone.url, USER, PASSWORD, time.time)
        yield driver, phone
        await driver.close()


@pytest.fixture(params=LINES)
async def shift(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Shift]:
    clock = Time()
    async with (
        night(tmp_path / "data", sms=True) as made,
        chats_in_memory(clock, AS_DELIVERED) as gateway,
        line_of(request.param, tmp_path) as (driver, line),
    ):
        courier = courier_of(gateway, clock, driver)
        await courier.carry()
        yield Shift(made, gateway, courier, line)


async def test_a_critical_film_at_night_is_taken_by_sms(shift: Shift) -> None:
    # Given two supervisors at home and a nurse, whose numbers were proved
    night = shift.night
    await shift.sets_up(night.mensah, MENSAH)
    await shift.sets_up(night.bello, BELLO)
    await shift.sets_up(night.nurse, AMINA)

    # When a film comes that is read as critical, and the nurse has left the Wi-Fi
    await night.talk.photo(night.nurse, caption="Ouedraogo, M 34, fell from a roof, ref 2231")
    await night.told()
    reader = analyst(night.ward, ScriptedExecutor([ScriptedAnswer(text=CRITICAL)]))
    assert await reader.work_once()
    assert "🔴 CRITICAL" in (await night.told())["Dr Mensah"]

    # Then she hears by SMS that there is an answer, and nobody else is sent one yet
    assert await shift.carried() == {AMINA: "EdgeRad: C-0001 is answered: open it in the clinic"}

    # When nobody takes it for ten minutes, then the one on duty gets an SMS, and no one else
    await night.minutes_pass(10)
    assert await shift.carried() == {
        MENSAH: "EdgeRad: critical case C-0001 not opened for 10 min. Reply 1 C-0001 to take it"
    }

    # When that is not answered either, then both do
    await night.minutes_pass(10)
    assert set(await shift.carried()) == {MENSAH, BELLO}

    # When Dr Bello asks and takes it by SMS, then the chat of everybody says so
    said = await shift.sms(BELLO, "Case C-0001")
    assert said == {BELLO: "EdgeRad: C-0001: critical, sent 03/03 02:00, not opened"}
    said = await shift.sms(BELLO, "1 c-0001")
    assert said == {BELLO: "EdgeRad: you have C-0001, since 02:20. Open it soon."}
    assert "Dr Bello has it" in night.edited[night.mensah.chat_id]

    # And Dr Mensah is told by SMS who was first, and the night is quiet
    said = await shift.sms(MENSAH, "TAKE C-0001")
    assert said == {MENSAH: "EdgeRad: Dr Bello has C-0001, since 02:20."}
    await night.minutes_pass(60)
    assert await shift.carried() == {}


async def test_nothing_of_a_patient_leaves_by_sms_whoever_wrote_it(
    shift: Shift, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    night = shift.night
    nurse, mensah, bello = night.nurse, night.mensah, night.bello
    for person, number in ((mensah, MENSAH), (bello, BELLO), (nurse, AMINA)):
        await shift.sets_up(person, number)
    await night.types(mensah, "/phone daily on")

    # Given a case with planted words in its caption, its corrections and its answer
    await night.talk.photo(nurse, caption="Name: Zaventem Quillon, M 61, hemopzyq, ref QX88231")
    await night.told()
    await night.presses(nurse, "fix:1:reference")
    await night.types(nurse, "QX99417")
    await night.presses(nurse, "fix:1:age")
    await night.types(nurse, "97 years")
    await night.presses(nurse, "set:1:sex:female")
    answers = [ScriptedAnswer(text=PLANTED_ANSWER), ScriptedAnswer(text=PLANTED_ANSWER)]
    reader = analyst(night.ward, ScriptedExecutor(answers))
    assert await reader.work_once()
    await night.told()
    await shift.carried()

    # And in a question and its answer, a note, a disagreement, an outcome
    answer = await night.message_id(nurse, "Vexqual")
    await night.types(nurse, "Is it Brakkenzo?", reply_to=answer)
    assert await reader.work_once()
    await night.told()
    await night.presses(mensah, "case:1")
    await night.minutes_pass(10)
    await shift.carried()
    for text in ("CASE C-0001", "CASES", "STATUS", "1 C-0001", "HELP", "DUTY OFF", "QX88231"):
        await shift.sms(BELLO, text)
    await night.presses(bello, "disagree:1")
    noted = await night.message_id(bello, "signed off")
    await night.types(bello, "Wrumpled: send to Ostrakon", reply_to=noted)
    await night.presses(nurse, "outcome:1:referred")
    await night.types(nurse, "Plonkville")
    await shift.sms(BELLO, "CASE C-0001")
    await shift.sms(AMINA, "CASE C-0001")
    night.hours.pass_by(8 * 60)
    await daily_line(night)
    await night.told()
    assert MENSAH in await shift.carried()

    # Then every word is in the case, and none in an SMS, at a line or in a log
    dump = await everything_stored(night)
    assert [word for word in PLANTED if word.lower() not in dump.lower()] == []
    texts = "\n".join(text for _, text in shift.line.sent)
    assert len(shift.line.sent) >= 15
    assert not re.search(r"\b(61|97|M|F|male|female|years?)\b", texts)
    for word in PLANTED:
        for told in (texts, of_the_line(shift.line), caplog.text):
            assert word.lower() not in told.lower(), word
            assert word.encode("utf-16-be").hex().upper() not in told


async def daily_line(night: Night) -> None:
    """Tell the news of the machine, as the bot does in the morning."""
    bot = night.talk.bot
    async with bot:
        await SmsNews(
            store=night.ward.store,
            gateway=GatewayMethods(bot),
            clock=night.ward.clock,
            engine=lambda: EngineStatus(state=EngineState.READY),
            home=night.ward.home,
        ).tell()


async def everything_stored(night: Night) -> str:
    """All that the bot's database holds, as text."""

    def dump(tx: Transaction) -> str:
        tables = tx.all("SELECT name FROM sqlite_schema WHERE type = 'table'")
        rows = [tx.all(f"SELECT * FROM {table['name']}") for table in tables]  # noqa: S608 - ours
        return str([[tuple(row) for row in each] for each in rows])

    return await night.ward.database.read(dump)


def of_the_line(line: Phone | Modem) -> str:
    """All that a line was given, as it came: requests, or the daemon's files with its log."""
    if isinstance(line, Phone):
        return f"{line.asked} {line.messages}"
    files = [path for path in line.folder.rglob("*") if path.is_file()]
    return " ".join(f"{path} {path.read_text(errors='replace')}" for path in files)
