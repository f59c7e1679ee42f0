"""A night shift: a critical film at two in the morning, and at first nobody answers.

The bot's own parts, all of them but the model and the server; time is the test's, so the night
takes a second.
"""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from bot.domain.people import Person, Role
from inference.scripted import ScriptedAnswer, ScriptedExecutor
from tests.alarm_world import Hours, clinic_in_lagos
from tests.analyst_world import analyst
from tests.bot_talk import Talk
from tests.bot_world import Clinic, clinic
from tests.sms_talk import with_sms

CRITICAL = (
    "FINDINGS: Large left pneumothorax with mediastinal shift.\n"
    "IMPRESSION: Tension pneumothorax.\nURGENCY: critical\nRECOMMENDATION: Decompress now."
)


@dataclass
class Night:
    """A clinic at night: people with phones, the time, and the bot's loops turned by hand."""

    ward: Clinic
    talk: Talk
    hours: Hours
    nurse: Person
    mensah: Person
    bello: Person
    esther: Person
    edited: dict[int, str] = field(default_factory=dict)

    async def told(self) -> dict[str, str]:
        """Deliver what is due; the new messages by who got them. Edits are kept in `edited`."""
        people = (self.nurse, self.mensah, self.bello, self.esther)
        names = {int(person.chat_id): person.name for person in people}
        said: dict[str, str] = {}
        self.edited = {}
        for reply in await self.talk.replies():
            chat, text = int(reply["chat_id"]), reply.get("text", reply.get("caption", ""))
            if reply["method"] == "editMessageText":
                self.edited[chat] = text
            elif reply["method"].startswith("send") and chat in names:  # an SMS is for a number
                said[names[chat]] = f"{said.get(names[chat], '')}\n{text}".strip()
        return said

    async def minutes_pass(self, minutes: float) -> dict[str, str]:
        """Let time pass, with the alarm loop as after a restart; what is said then."""
        self.hours.pass_by(minutes)
        caller = self.hours.caller()
        await caller.begin()
        await caller.call_due()
        return await self.told()

    async def presses(self, person: Person, data: str) -> dict[str, str]:
        """Somebody presses a button; what is said then."""
        await self.talk.press(person, data, 900)
        return await self.told()

    async def types(self, person: Person, text: str, reply_to: int | None = None) -> dict[str, str]:
        """Somebody types; what is said then."""
        await self.talk.text(person, text, reply_to=reply_to)
        return await self.told()

    async def message_id(self, person: Person, said: str) -> int:
        """The newest message to somebody that says something."""
        query = """
            SELECT message_id FROM outbox WHERE chat_id = :chat AND text LIKE '%' || :said || '%'
            ORDER BY outbox_id DESC LIMIT 1
        """
        row = await self.ward.database.read(
            lambda tx: tx.one(query, chat=person.chat_id, said=said)
        )
        assert row is not None
        return int(row["message_id"])


@asynccontextmanager
async def night(home: Path, *, sms: bool = False) -> AsyncIterator[Night]:
    """Monday 2 March 2026, 02:00 in Lagos has just become Tuesday's: 01:00 UTC.

    Args:
        sms: Whether the clinic has SMS.
    """
    with clinic_in_lagos():
        async with clinic(home) as ward:
            if sms:
                with_sms(ward)
            talk = Talk(ward)
            await talk.start()
            shift = Night(
                ward,
                talk,
                Hours(ward),
                nurse=await ward.enrol(1, name="Amina"),
                mensah=await ward.enrol(2, Role.SUPERVISOR, name="Dr Mensah"),
                bello=await ward.enrol(3, Role.SUPERVISOR, name="Dr Bello"),
                esther=await ward.enrol(4, Role.ADMIN, name="Esther"),
            )
            await shift.types(shift.mensah, "/duty Mon-Sun 19:00-07:00")
            await shift.types(shift.bello, "/duty Mon-Fri 07:00-15:00")
            shift.hours.pass_by(17 * 60)
            yield shift


async def test_a_critical_film_at_night_is_called_until_somebody_takes_it(tmp_path: Path) -> None:
    # Given a nurse at night, one supervisor on duty, another asleep, and an administrator
    async with night(tmp_path) as shift:
        nurse, mensah, bello, esther = shift.nurse, shift.mensah, shift.bello, shift.esther
        assert f"{shift.ward.clock.now().astimezone():%a %H:%M}" == "Tue 02:00"

        # When a film comes that is read as critical
        await shift.talk.photo(nurse, caption="M 34, fell from a roof, ref 2231")
        assert "Received: case C-0001" in (await shift.told())["Amina"]
        reader = analyst(shift.ward, ScriptedExecutor([ScriptedAnswer(text=CRITICAL)]))
        assert await reader.work_once()

        # Then the one on duty hears of it at once, and nobody is woken
        said = await shift.told()
        assert set(said) == {"Amina", "Dr Mensah"}
        assert "🔴 CRITICAL" in said["Dr Mensah"]
        assert "Tension pneumothorax." in said["Amina"]

        # When nobody answers, then all are called at 02:10
        assert await shift.minutes_pass(9) == {}
        said = await shift.minutes_pass(1)
        assert set(said) == {"Dr Mensah", "Dr Bello", "Esther"}
        assert all("🔔 Call 2" in text and "🔴 CRITICAL" in text for text in said.values())

        # And at 02:20 louder: the administrator shall find somebody, the nurse shall go and call
        assert await shift.minutes_pass(9) == {}
        said = await shift.minutes_pass(1)
        assert set(said) == {"Amina", "Dr Mensah", "Dr Bello", "Esther"}
        assert "🔔🔔 Call 3" in said["Dr Bello"]
        assert "find somebody for it now" in said["Esther"]
        assert "nobody has opened this" in said["Amina"]
        assert "Go and call a clinician now" in said["Amina"]

        # When one of them takes it, then everybody sees who, and the nurse hears it
        await shift.minutes_pass(2)
        said = await shift.presses(bello, "take:1")
        assert said == {"Amina": "✋ C-0001: Dr Bello has taken your case."}
        assert set(shift.edited) == {mensah.chat_id, bello.chat_id, esther.chat_id}
        assert "C-0001: Dr Bello has it, since 3 Mar 2026, 02:22" in shift.edited[mensah.chat_id]
        assert "you have it" in shift.edited[bello.chat_id]
        assert await shift.presses(mensah, "take:1") == {}
        assert "Dr Bello has it" in shift.ward.server.sent("answerCallbackQuery")[-1]["text"]

        # When the nurse sets the age right, then whoever has the case hears it
        await shift.presses(nurse, "fix:1:age")
        said = await shift.types(nurse, "43 years")
        assert "C-0001 is corrected" in said["Amina"]
        assert "was corrected by Amina" in said["Dr Bello"]
        assert set(said) == {"Amina", "Dr Bello"}
        assert await shift.minutes_pass(60) == {}

        # When the taker opens it, signs it off and says what to do, then the nurse hears all three
        said = await shift.presses(bello, "case:1")
        assert "M 34, fell from a roof" in said["Dr Bello"]
        assert "age: 34\u00a0years → 43\u00a0years" in said["Dr Bello"]
        said = await shift.presses(bello, "agree:1")
        assert "Dr Bello agrees with the reading" in said["Amina"]
        confirmation = await shift.message_id(bello, "signed off")
        said = await shift.types(bello, "Needle left, then refer.", reply_to=confirmation)
        assert "What to do:" in said["Amina"]
        assert "Needle left, then refer." in said["Amina"]

        # And once the nurse has said what became of the patient, the night is quiet
        await shift.presses(nurse, "outcome:1:referred")
        assert "place is kept" in (await shift.types(nurse, "Regional Hospital"))["Amina"]
        assert await shift.minutes_pass(24 * 60) == {}

        # Then it all stands in the figures, and in the audit log in its order
        await check_figures(shift)
        await check_audit(shift)


async def check_figures(shift: Night) -> None:
    said = (await shift.types(shift.esther, "/stats"))["Esther"]
    for part in (
        "Signed off: 1 of 1 (100%)",
        "🔴 CRITICAL: 1 of 1 looked at, half in about 22\u00a0minutes, ",
        "🔴 CRITICAL, scripted: 1 of 1",
        "Outcomes: Referred 1",
    ):
        assert part in said, part
    (drawn,) = shift.ward.server.sent("sendPhoto")[-1:]
    assert "Supervisors, last 30" in drawn["caption"]
    await shift.types(shift.esther, "/export all")
    assert shift.ward.server.sent("sendDocument")


async def check_audit(shift: Night) -> None:
    said = (await shift.types(shift.esther, "/audit"))["Esther"]
    lines = [line for line in reversed(said.splitlines()) if "C-0001" in line]
    done = [re.sub(r"^\S+ (\S+) ", r"\1 ", line) for line in lines]
    assert done == [
        "02:00 Amina: sent C-0001",
        "02:00 EdgeRad: alarm: C-0001 critical",
        "02:10 EdgeRad: alarm called again: C-0001 2",
        "02:20 EdgeRad: alarm called again: C-0001 3",
        "02:22 Dr Bello: took the alarm of C-0001",
        "02:22 Amina: corrected C-0001 age",
        "03:22 Dr Bello: viewed C-0001",
        "03:22 Dr Bello: reviewed C-0001",
        "03:22 Dr Bello: changed C-0001",
        "03:22 Amina: said the outcome of C-0001 referred",
        "03:22 Amina: changed C-0001",
    ]
    assert (await shift.ward.store.audit.verify()).fault is None
