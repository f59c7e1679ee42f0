"""SMS as the bot sees them: whose number it is, what it may ask, and what leaves in clear."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from bot.domain.audit import Act, Actor
from bot.domain.ids import CaseId, MessageId
from bot.domain.messages import Outgoing
from bot.domain.people import Person, Role
from bot.domain.phones import Asked, Verb, parse_sms
from bot.gateway_methods import GatewayMethods
from bot.locale import translator
from bot.replies import sms
from bot.sms_news import SmsNews
from bot.store.outbox import OutboxLane
from inference.contract import EngineState, EngineStatus, Language
from inference.scripted import ScriptedAnswer, ScriptedExecutor
from tests.alarm_world import Hours
from tests.analyst_world import analyst
from tests.bot_conversation import Conversation, conversation, words
from tests.bot_world import URGENT_TEXT, clinic, reading
from tests.sms_talk import NUMBERS, begin, chat_of, failed, set_up, texts, with_sms


@pytest.fixture
async def chat(tmp_path: Path) -> AsyncIterator[Conversation]:
    async with clinic(tmp_path, in_memory=True) as ward:
        with_sms(ward)
        async with conversation(ward) as opened:
            yield opened


@pytest.fixture
async def nurse(chat: Conversation) -> Person:
    return await chat.enrol(1)


@pytest.fixture
async def supervisor(chat: Conversation) -> Person:
    return await chat.enrol(2, Role.SUPERVISOR)


@pytest.fixture
async def second(chat: Conversation) -> Person:
    return await chat.enrol(3, Role.SUPERVISOR)


def by_sms(said: list[Outgoing]) -> list[str]:
    return [message.reply.text for message in said if message.is_sms]


async def pass_by(chat: Conversation, minutes: float) -> list[Outgoing]:
    """Let time pass, with the alarm loop; what is said then."""
    hours = Hours(chat.clinic)
    caller = hours.caller()
    hours.pass_by(minutes)
    await caller.call_due()
    return await chat.delivered()


# Commands


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("1 C-0042", (Verb.TAKE, 42, None)),
        ("1 c0042", (Verb.TAKE, 42, None)),
        ("1C-0042.", (Verb.TAKE, 42, None)),
        ("1 42", (Verb.TAKE, 42, None)),
        ("1 C 42", (Verb.TAKE, 42, None)),
        ("1 C-0042 1234", (Verb.TAKE, 42, "1234")),
        ("take  C-0042", (Verb.TAKE, 42, None)),
        ("Prends C\u20130042", (Verb.TAKE, 42, None)),
        ("ASSUMIR c-42", (Verb.TAKE, 42, None)),
        ("Ɗauka C-0042", (Verb.TAKE, 42, None)),
        ("Statut", (Verb.STATUS, None, None)),
        ("ÉTAT", (Verb.STATUS, None, None)),
        ("estado!", (Verb.STATUS, None, None)),
        ("matsayi", (Verb.STATUS, None, None)),
        ("Cases", (Verb.CASES, None, None)),
        ("cas", (Verb.CASES, None, None)),
        ("CAS C-0042", (Verb.CASE, 42, None)),
        ("caso 42", (Verb.CASE, 42, None)),
        ("lamari C-0042", (Verb.CASE, 42, None)),
        ("DUTY ON", (Verb.DUTY_ON, None, None)),
        ("duty off 4321", (Verb.DUTY_OFF, None, "4321")),
        ("garde oui", (Verb.DUTY_ON, None, None)),
        ("Plantão NÃO", (Verb.DUTY_OFF, None, None)),
        ("aiki kashe", (Verb.DUTY_OFF, None, None)),
        ("stop", (Verb.STOP, None, None)),
        ("Arrêt", (Verb.STOP, None, None)),
        ("Aide ?", None),
        ("AIDE", (Verb.HELP, None, None)),
        ("taimako", (Verb.HELP, None, None)),
        *((text, None) for text in ("", " ", "1", "1 C-0042 12", "take it", "duty", "duty maybe")),
        *((text, None) for text in ("1 C-0042 1234 5678", "hello", "stop it", "/forget 1", "1 -3")),
        *((text, None) for text in ("x" * 5000, "1 C-9999999999", "\u202e1 C-0042x", "😀")),
    ],
)
def test_commands_are_understood_in_four_languages_without_case_or_accents(
    text: str, asked: tuple[Verb, int | None, str | None] | None
) -> None:
    found = parse_sms(text)
    assert (None if found is None else (found.verb, found.case_id, found.pin)) == asked


def test_help_in_each_language_names_commands_that_are_understood() -> None:
    for language in Language:
        text = sms.help_text(translator(language)).text
        listed = text.partition(":")[2].split(",")
        for command in (each.partition("(")[0].split(":")[-1].strip() for each in listed):
            last = command.removeprefix("send ").removeprefix("envoyez ")
            bare = last.removeprefix("envie ").removeprefix("aika ")
            assert isinstance(parse_sms(bare), Asked), (language, bare)


# Enrolling


async def test_a_number_is_proved_by_the_code_that_the_phone_sends_back(
    chat: Conversation, nurse: Person
) -> None:
    code = await begin(chat, nurse, NUMBERS[1])
    assert await texts(chat, NUMBERS[1], "HELP") == []  # nobody's yet: silence
    said = await texts(chat, NUMBERS[1], f" {code} ")
    assert "this number is set up" in by_sms(said)[0]
    assert "is your number now" in words(said)
    assert by_sms(await texts(chat, NUMBERS[1], "HELP"))


async def test_wrong_and_late_codes_prove_nothing(chat: Conversation, nurse: Person) -> None:
    code = await begin(chat, nurse, NUMBERS[1])
    for _ in range(5):
        assert await texts(chat, NUMBERS[1], "000000" if code != "000000" else "1") == []
    assert await texts(chat, NUMBERS[1], code) == []
    code = await begin(chat, nurse, NUMBERS[1])
    chat.clinic.clock.advance(31 * 60)
    assert await texts(chat, NUMBERS[1], code) == []


async def test_a_code_from_another_number_proves_nothing(
    chat: Conversation, nurse: Person, supervisor: Person
) -> None:
    code = await begin(chat, nurse, NUMBERS[1])
    await begin(chat, supervisor, NUMBERS[2])
    assert await texts(chat, NUMBERS[2], code) == []


async def test_a_number_that_is_somebodys_cannot_be_taken(
    chat: Conversation, nurse: Person, supervisor: Person
) -> None:
    await set_up(chat, nurse)
    assert "somebody else" in words(await chat.types(supervisor, f"/phone {NUMBERS[1]}"))
    assert by_sms(await texts(chat, NUMBERS[1], "HELP"))


async def test_nobody_gets_more_than_five_codes_a_day(chat: Conversation, nurse: Person) -> None:
    for _ in range(5):
        await begin(chat, nurse, NUMBERS[1])
    assert "too many codes" in words(await chat.types(nurse, f"/phone {NUMBERS[1]}"))
    chat.clinic.clock.advance(24 * 3600 + 1)
    await begin(chat, nurse, NUMBERS[1])


async def test_the_same_update_served_twice_sends_one_code(
    chat: Conversation, nurse: Person
) -> None:
    update = chat.message(nurse, f"/phone {NUMBERS[1]}", None, "en")
    first = await chat.serve(update, update_id=77)
    (code,) = by_sms(first)
    assert await chat.serve(update, update_id=77) == []
    assert by_sms(await texts(chat, NUMBERS[1], code.rpartition(" ")[2]))


async def test_people_shows_numbers_that_were_proved(
    chat: Conversation, nurse: Person, supervisor: Person
) -> None:
    await begin(chat, supervisor, NUMBERS[2])
    await set_up(chat, nurse)
    said = words(await chat.types(supervisor, "/people"))
    assert f"Person 1 · health worker · <code>{NUMBERS[1]}</code>" in said
    assert NUMBERS[2] not in said


async def test_revoking_a_person_ends_their_number(
    chat: Conversation, nurse: Person, supervisor: Person
) -> None:
    number = await set_up(chat, nurse)
    await chat.presses(supervisor, f"revoke!:{nurse.user_id}")
    assert await texts(chat, number, "HELP") == []
    assert await chat.clinic.store.phones.taken_back() == (chat.clinic.server.numbers[number],)


async def test_without_sms_nothing_is_offered_and_phone_says_so(tmp_path: Path) -> None:
    async with clinic(tmp_path, in_memory=True) as ward, conversation(ward) as chat:
        nurse = await chat.enrol(1)
        assert "has no SMS" in words(await chat.types(nurse, f"/phone {NUMBERS[1]}"))
        assert "/phone" not in words(await chat.types(nurse, "/help"))
        assert ward.server.sent("edgeradAddNumber") == []


async def test_against_telegrams_own_server_there_is_no_sms(
    chat: Conversation, nurse: Person
) -> None:
    chat.clinic.server.refuse("edgeradAddNumber", 404, "Not Found")
    assert "has no SMS" in words(await chat.types(nurse, f"/phone {NUMBERS[1]}"))


async def test_what_is_no_number_is_said_to_be_none(chat: Conversation, nurse: Person) -> None:
    chat.clinic.server.refuse("edgeradAddNumber", 400, "Bad Request: not a phone number")
    assert "no telephone number" in words(await chat.types(nurse, "/phone +226"))


# What a number may ask


async def test_one_takes_an_alarm_by_sms_and_all_others_see_it(
    chat: Conversation, nurse: Person, supervisor: Person, second: Person
) -> None:
    number = await set_up(chat, supervisor)
    await chat.alarm(nurse, reading(URGENT_TEXT))
    await chat.delivered()
    said = await texts(chat, number, "1 C-0001")
    assert by_sms(said) == ["EdgeRad: you have C-0001, since 08:00. Open it soon."]
    assert "Person 2 has taken your case" in words(said)
    assert "C-0001: Person 2 has it" in words(said)
    alarm = await chat.clinic.store.alarms.of_case((await case_ids(chat))[0])
    assert alarm is not None
    assert alarm.taken_by == supervisor.user_id
    other = await set_up(chat, second)
    said = await texts(chat, other, "TAKE 1")
    assert by_sms(said) == ["EdgeRad: Person 2 has C-0001, since 08:00."]


async def case_ids(chat: Conversation) -> list[CaseId]:
    rows = await chat.clinic.database.read(lambda tx: tx.all("SELECT case_id FROM cases"))
    return [CaseId(row["case_id"]) for row in rows]


async def test_a_health_worker_takes_nothing_and_that_is_noted(
    chat: Conversation, nurse: Person, supervisor: Person
) -> None:
    number = await set_up(chat, nurse)
    await chat.alarm(nurse, reading(URGENT_TEXT))
    assert "for supervisors" in by_sms(await texts(chat, number, "1 C-0001"))[0]
    assert "for supervisors" in by_sms(await texts(chat, number, "STATUS"))[0]
    newest = await chat.clinic.store.audit.newest(1)
    assert (newest[0].act, newest[0].subject) == ("refused", "SMS status")


async def test_a_pin_guards_what_changes_something_and_three_wrong_ones_lock_it(
    chat: Conversation, nurse: Person, supervisor: Person
) -> None:
    number = await set_up(chat, supervisor)
    assert "PIN: yes" in words(await chat.types(supervisor, "/phone pin 4711"))
    await chat.alarm(nurse, reading(URGENT_TEXT))
    await chat.delivered()
    assert "write your PIN" in by_sms(await texts(chat, number, "1 C-0001"))[0]
    assert "needs" not in by_sms(await texts(chat, number, "CASE C-0001"))[0]
    for _ in range(3):
        assert "PIN is wrong" in by_sms(await texts(chat, number, "1 C-0001 0000"))[0]
    assert "too many wrong PINs" in by_sms(await texts(chat, number, "1 C-0001 4711"))[0]
    chat.clinic.clock.advance(3601)
    assert "you have C-0001" in by_sms(await texts(chat, number, "1 C-0001 4711"))[0]
    stored = await chat.clinic.database.read(lambda tx: tx.all("SELECT * FROM phones"))
    assert b"4711" not in b"".join(bytes(str(dict(row)), "utf-8") for row in stored)


async def test_cases_and_status_are_counts_and_codes(
    chat: Conversation, nurse: Person, supervisor: Person
) -> None:
    number = await set_up(chat, supervisor)
    await chat.alarm(nurse, reading(URGENT_TEXT))
    await chat.delivered()
    await chat.clinic.open_case(nurse)
    assert by_sms(await texts(chat, number, "CASES")) == [
        "EdgeRad: waiting: 1. Urgent and not opened: 1. C-0001"
    ]
    assert by_sms(await texts(chat, number, "STATUS")) == [
        "EdgeRad: engine ready. Waiting: 1, being read: 0. Last hour: 1 answered, 0 failed."
    ]
    assert by_sms(await texts(chat, number, "CASE 1")) == [
        "EdgeRad: C-0001: urgent, sent 02/03 08:00, not opened"
    ]


async def test_a_health_worker_sees_their_own_cases_alone(
    chat: Conversation, nurse: Person, supervisor: Person
) -> None:
    other = await chat.enrol(4)
    number = await set_up(chat, other)
    await chat.alarm(nurse, reading(URGENT_TEXT))
    assert by_sms(await texts(chat, number, "CASE C-0001")) == [
        "EdgeRad: C-0001: nothing to be done."
    ]
    assert "not opened: 0" in by_sms(await texts(chat, number, "CASES"))[0]


async def test_duty_and_stop_are_said_by_sms_and_the_chat_hears_of_stop(
    chat: Conversation, supervisor: Person
) -> None:
    number = await set_up(chat, supervisor)
    await texts(chat, number, "DUTY ON")
    assert (await chat.clinic.store.roster.of(supervisor.user_id)).said is True
    await texts(chat, number, "DUTY OFF")
    assert (await chat.clinic.store.roster.of(supervisor.user_id)).said is False
    said = await texts(chat, number, "STOP")
    assert "no more SMS" in by_sms(said)[0]
    assert "If that was not you: /phone on" in words(said)
    assert not (await chat.clinic.store.phones.all())[supervisor.user_id].is_reached
    await chat.types(supervisor, "/phone on")
    assert (await chat.clinic.store.phones.all())[supervisor.user_id].is_reached


async def test_anything_else_gets_one_help_an_hour(chat: Conversation, nurse: Person) -> None:
    number = await set_up(chat, nurse)
    answers = [await texts(chat, number, text) for text in ("hi", "/forget 2231", "x" * 1600)]
    assert [len(each) for each in answers] == [1, 0, 0]
    chat.clinic.clock.advance(3600)
    assert by_sms(await texts(chat, number, "hi"))


async def test_unknown_numbers_stand_in_the_audit_log(chat: Conversation) -> None:
    assert await chat.serve({"edgerad_attempts": {"date": 1, "unknown_numbers": 7}}) == []
    (entry,) = await chat.clinic.store.audit.newest(1)
    assert (entry.act, entry.subject) == ("tried", "7 SMS from unknown numbers")


# What goes out


async def test_an_alarms_repeated_calls_have_lanes_and_its_first_goes_with_the_words(
    chat: Conversation, nurse: Person, supervisor: Person
) -> None:
    await set_up(chat, supervisor)
    await chat.alarm(nurse, reading(URGENT_TEXT))
    assert await lanes(chat) == {OutboxLane.WORDS}
    hours = Hours(chat.clinic)
    caller = hours.caller()
    for minutes in (30, 30, 60):  # the third call is told to the sender too, the fourth anew
        hours.pass_by(minutes)
        await caller.call_due()
        assert await lanes(chat) == {OutboxLane.CALLS, OutboxLane.SMS}


async def lanes(chat: Conversation) -> set[OutboxLane]:
    """The lanes of what waits, which is then delivered."""
    outbox, found = chat.clinic.store.outbox, set()
    while (delivery := await outbox.take([])) is not None:
        found.add(delivery.lane)
        await outbox.sent(delivery, MessageId(9000 + delivery.outbox_id))
    return found


async def test_an_alarms_second_step_goes_out_by_sms_to_those_on_duty(
    chat: Conversation, nurse: Person, supervisor: Person, second: Person
) -> None:
    await set_up(chat, supervisor)
    await set_up(chat, second)
    await chat.types(supervisor, "/duty on")
    await chat.alarm(nurse, reading(URGENT_TEXT))
    assert by_sms(await chat.delivered()) == []
    said = [message for message in await pass_by(chat, 30) if message.is_sms]
    assert by_sms(said) == [
        "EdgeRad: urgent case C-0001 not opened for 30 min. Reply 1 C-0001 to take it"
    ]
    assert said[0].chat_id == chat.clinic.server.numbers[NUMBERS[2]]
    assert len(by_sms(await pass_by(chat, 30))) == 2  # the third call is for all


async def test_an_sms_that_failed_calls_the_next_person_once(
    chat: Conversation, nurse: Person, supervisor: Person, second: Person
) -> None:
    await set_up(chat, supervisor)
    await set_up(chat, second)
    await chat.types(supervisor, "/duty on")
    await chat.alarm(nurse, reading(URGENT_TEXT))
    await chat.delivered()
    said = await pass_by(chat, 30)
    (first,) = [message for message in said if message.is_sms]
    after = await failed(chat, first, chat.id_of(said, "Reply 1"))
    assert [message.chat_id for message in after] == [chat.clinic.server.numbers[NUMBERS[3]]]
    assert await failed(chat, first, chat.id_of(said, "Reply 1")) == []
    assert await failed(chat, after[0], chat.id_of(after, "Reply 1")) == []


async def test_a_case_that_was_taken_meanwhile_calls_nobody_next(
    chat: Conversation, nurse: Person, supervisor: Person, second: Person
) -> None:
    number = await set_up(chat, supervisor)
    await set_up(chat, second)
    await chat.types(supervisor, "/duty on")
    await chat.alarm(nurse, reading(URGENT_TEXT))
    await chat.delivered()
    said = await pass_by(chat, 30)
    (first,) = [message for message in said if message.is_sms]
    message_id = chat.id_of(said, "Reply 1")
    await texts(chat, number, "1 C-0001")
    assert await failed(chat, first, message_id) == []


@pytest.mark.parametrize("language", list(Language))
async def test_every_sms_is_ascii_and_fits_one(
    chat: Conversation, nurse: Person, language: Language
) -> None:
    await chat.alarm(nurse, reading(URGENT_TEXT))
    alarm = await chat.clinic.store.alarms.of_case((await case_ids(chat))[0])
    assert alarm is not None
    t, now = translator(language), chat.clinic.clock.now()
    ward = await chat.clinic.store.ward.now()
    said = [
        *(sms.alarm(alarm, now, t, has_pin=has_pin) for has_pin in (True, False)),
        *(sms.status(ward, state, t) for state in EngineState),
        *(make(t) for make in (sms.help_text, sms.proved, sms.stopped, sms.pin_locked)),
        sms.answered(alarm.case, t),
        sms.case(alarm.case, alarm, t),
        sms.daily(123, 12, EngineState.READY, 120, t),
        sms.backup_old(12, t),
        sms.disk_full(0.5, t),
    ]
    for reply in said:
        assert reply.text.isascii(), reply.text
        assert len(reply.text) < sms.CHARS_MAX, reply.text
        assert "{" not in reply.text


# News


@dataclass
class Machine:
    """What the news are made of, and who tells them."""

    chat: Conversation
    state: EngineState = EngineState.READY
    free: int = 10**12

    def __post_init__(self) -> None:
        self.news = SmsNews(
            store=self.chat.clinic.store,
            gateway=GatewayMethods(self.chat.application.bot),
            clock=self.chat.clinic.clock,
            engine=lambda: EngineStatus(state=self.state),
            home=self.chat.clinic.home,
            free_bytes=lambda _home: self.free,
        )

    async def told(self) -> list[Outgoing]:
        """Look once; what is said then."""
        await self.news.tell()
        return await self.chat.delivered()


async def back_up(chat: Conversation) -> None:
    entry = Actor.at_the_machine().does(Act.BACKED_UP, "x")
    await chat.clinic.store.audit.add(entry)


async def test_the_daily_line_goes_once_a_day_to_who_wants_it(
    chat: Conversation, nurse: Person, supervisor: Person, second: Person
) -> None:
    await back_up(chat)
    await set_up(chat, supervisor)
    await set_up(chat, second)
    await chat.types(second, "/phone daily on")
    await chat.alarm(nurse, reading(URGENT_TEXT))
    await chat.delivered()
    chat.clinic.clock.advance(60)
    machine = Machine(chat)
    assert by_sms(await machine.told()) == [
        "EdgeRad: cases in 24 h: 1, urgent and not opened: 1. Engine ready. Disk: 1000 GB free."
    ]
    assert await machine.told() == []
    chat.clinic.clock.advance(24 * 3600)
    assert len(by_sms(await machine.told())) == 1


async def test_administrators_hear_of_what_is_wrong_once_a_day_in_the_chat_too(
    chat: Conversation, supervisor: Person
) -> None:
    admin = await chat.enrol(4, Role.ADMIN)
    await set_up(chat, admin)
    await set_up(chat, supervisor)
    machine = Machine(chat, state=EngineState.FAILED, free=10**9)
    assert by_sms(await machine.told()) == [
        "EdgeRad: the disk is nearly full: 1.0 GB free.",
        "EdgeRad: there is no backup yet.",
    ]
    await back_up(chat)
    machine.free = 10**12
    chat.clinic.clock.advance(11 * 60)
    said = await machine.told()
    assert by_sms(said) == ["EdgeRad: the engine has not worked for 11 min."]
    assert {message.chat_id for message in said} == {admin.chat_id, chat_of(chat, NUMBERS[4])}
    assert await machine.told() == []
    machine.state = EngineState.READY
    chat.clinic.clock.advance(9 * 24 * 3600)
    assert by_sms(await machine.told()) == ["EdgeRad: the last backup is 9 days old."]


async def test_a_line_that_is_not_heard_and_a_spent_budget_are_told(chat: Conversation) -> None:
    admin = await chat.enrol(4, Role.ADMIN)
    await back_up(chat)
    now = chat.clinic.clock.now().timestamp()
    line = {"name": "phone", "since": now - 9000, "heard_at": now - 1200, "fault": None}
    chat.clinic.server.sms_lines = [line | {"unreadable": 0}]
    chat.clinic.server.sms_parts = 100
    said = words(await Machine(chat).told())
    assert "the SMS phone is silent since 20" in said
    assert "the SMS of 24" in said
    said = words(await chat.types(admin, "/stats"))
    assert "SMS in 24\u00a0hours: 100 of 100, not delivered: 1" in said
    assert "SMS phone: last heard" in said


async def test_a_sender_off_the_wifi_is_told_of_the_answer_in_the_same_transaction(
    chat: Conversation, nurse: Person
) -> None:
    await set_up(chat, nurse)
    await chat.clinic.open_case(nurse)
    reader = analyst(chat.clinic, ScriptedExecutor([ScriptedAnswer(text=URGENT_TEXT)]))
    assert await reader.work_once()
    said = [message for message in await chat.delivered() if message.is_sms]
    assert by_sms(said) == ["EdgeRad: C-0001 is answered: open it in the clinic"]
    assert said[0].unless_here == nurse.chat_id
