"""A mistake can be undone: corrected as a version, read again, withdrawn, split; all of it kept."""

import csv
import io
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.captions.statements import is_correction, says_mistake
from bot.domain.alarms import AlarmState
from bot.domain.audit import Act
from bot.domain.cases import Case, CaseStatus
from bot.domain.corrections import Field, Side
from bot.domain.ids import CaseId, MessageId
from bot.domain.messages import MessageRole, Outgoing
from bot.domain.people import Person, Role
from bot.handlers.corrections import AWAITED_FOR
from bot.store.claims import Claim
from inference.contract import Reading, Sex, Urgency
from storage.database import Transaction
from tests.bot_conversation import (
    ADMIN,
    OTHER,
    STALE,
    SUPERVISOR,
    WORKER,
    Conversation,
    buttons,
    words,
)
from tests.bot_world import reading

LEASE = timedelta(minutes=1)
ROUTINE_TEXT = (
    "FINDINGS: Clear lungs.\nIMPRESSION: Normal.\nURGENCY: routine\nRECOMMENDATION: None."
)
ROUTINE = reading(ROUTINE_TEXT)


async def of(chat: Conversation, number: int = 1) -> Case:
    """A case as it is now."""
    case = await chat.clinic.store.cases.get(CaseId(number))
    assert case is not None
    return case


async def versions(
    chat: Conversation, number: int = 1
) -> list[tuple[Field, str | None, str | None]]:
    made = await chat.clinic.store.corrections.of_case(CaseId(number))
    return [(each.field, each.old, each.new) for each in made]


async def told(chat: Conversation, worker: Person, caption: str) -> Case:
    """An answered case whose caption was understood, with its answer in the chat."""
    film = await chat.clinic.open_case(worker, caption=caption)
    await read(chat, ROUTINE)
    return await of(chat, film.case_id)


async def read(chat: Conversation, made: Reading) -> list[Outgoing]:
    """Have the next reading made, and its messages delivered."""
    await chat.delivered()
    claim = await claimed(chat)
    from bot.answers import answers  # noqa: PLC0415 - the words of the real answer

    await chat.clinic.store.claims.complete(claim, made, answers(claim, made))
    return await chat.delivered()


async def claimed(chat: Conversation) -> Claim:
    chat.clinic.clock.advance(5)
    claim = await chat.clinic.store.claims.take(LEASE)
    assert claim is not None
    return claim


async def test_correct_stands_under_what_was_received_under_the_answer_and_on_the_card(
    chat: Conversation,
) -> None:
    worker = await chat.enrol(WORKER)
    await chat.clinic.open_case(worker)
    answer = await read(chat, ROUTINE)
    assert "correct:1" in buttons(answer)
    assert "correct:1" in buttons(await chat.types(worker, "/case 1"))


async def test_the_menu_offers_all_that_can_be_wrong(chat: Conversation) -> None:
    worker = await chat.enrol(WORKER)
    await chat.case(worker)
    said = await chat.presses(worker, "correct:1")
    assert buttons(said) == [
        "fix:1:reference",
        "fix:1:age",
        "fix:1:sex",
        "fix:1:side",
        "fix:1:patient",
        "withdraw:1:picture",
        "fix:1:kind",
        "withdraw:1",
    ]


@pytest.mark.parametrize(
    ("pressed", "typed", "field", "new"),
    [
        ("fix:1:reference", "4471", Field.REFERENCE, "4471"),
        ("fix:1:reference", "ref. no. AB-12", Field.REFERENCE, "AB-12"),
        ("fix:1:age", "36 ans", Field.AGE, "36.0"),
        ("fix:1:age", "36", Field.AGE, "36.0"),
        ("set:1:sex:female", None, Field.SEX, "female"),
        ("set:1:side:left", None, Field.SIDE, "left"),
        ("set:1:kind:skin", None, Field.KIND, "skin"),
    ],
)
async def test_a_correction_is_a_version_with_who_when_and_from_what_to_what(
    chat: Conversation, pressed: str, typed: str | None, field: Field, new: str
) -> None:
    worker = await chat.enrol(WORKER)
    await chat.case(worker)
    await chat.presses(worker, "set:1:sex:male")
    await chat.presses(worker, "set:1:side:right")
    chat.clinic.clock.advance(60)
    await chat.presses(worker, pressed)
    if typed is not None:
        await chat.types(worker, typed)
    last = (await chat.clinic.store.corrections.of_case(CaseId(1)))[-1]
    assert (last.field, last.new, last.name) == (field, new, "Person 1")
    assert last.at == chat.clinic.clock.now()
    card = words(await chat.types(worker, "/case 1"))
    assert "Corrections" in card


async def test_what_was_said_before_stands_in_the_card_beside_what_is_said_now(
    chat: Conversation,
) -> None:
    worker = await chat.enrol(WORKER)
    await chat.case(worker)
    await chat.presses(worker, "age:1:45")
    await chat.presses(worker, "fix:1:age")
    said = words(await chat.types(worker, "36 years"))
    assert "age: 45\u00a0years → 36\u00a0years" in said
    assert "The reading was made without it." in said
    card = words(await chat.types(worker, "/case 1"))
    assert "Person 1: age: 45\u00a0years → 36\u00a0years" in card
    assert "⚠️ This reading was made before a correction." in card


async def test_the_audit_log_says_who_corrected_which_field_and_nothing_of_the_patient(
    chat: Conversation,
) -> None:
    worker = await chat.enrol(WORKER)
    await chat.case(worker)
    await chat.presses(worker, "set:1:sex:male")
    await chat.presses(worker, "set:1:sex:female")
    entries = [e for e in await chat.clinic.store.audit.newest(5) if e.act is Act.CORRECTED]
    assert [entry.subject for entry in entries] == ["C-0001 sex"]


async def test_before_the_reading_began_a_correction_reaches_the_model(chat: Conversation) -> None:
    worker = await chat.enrol(WORKER)
    await chat.clinic.open_case(worker, caption="knee pain")
    await chat.delivered()
    said = await chat.presses(worker, "set:1:side:left")
    assert "The reading will use it." in words(said)
    case = (await claimed(chat)).case
    assert case.side is Side.LEFT
    assert case.told.indication == "knee pain; the picture shows the patient's left side"
    assert not case.outdated


async def test_wrong_patient_replaces_all_that_was_said_of_the_other(chat: Conversation) -> None:
    worker = await chat.enrol(WORKER)
    await chat.case(worker, caption="M 45, cough, ref 2231")
    await chat.presses(worker, "age:1:45")
    await chat.presses(worker, "fix:1:patient")
    await chat.types(worker, "F 36 years, fever, ref 4471")
    case = await of(chat)
    assert case.patient_reference == "4471"
    assert (case.patient.age_years, case.patient.sex) == (36, Sex.FEMALE)
    assert case.patient.indication == "F 36 years, fever"
    assert case.caption == "F 36 years, fever, ref 4471"
    assert (Field.REFERENCE, "2231", "4471") in await versions(chat)
    assert (Field.CAPTION, "M 45, cough, ref 2231", case.caption) in await versions(chat)
    found = await chat.types(await chat.enrol(SUPERVISOR, Role.SUPERVISOR), "/search fever")
    assert "C-0001" in words(found)


async def test_a_case_that_was_another_patients_forgets_that_patient_with_them(
    chat: Conversation,
) -> None:
    worker, boss = await chat.enrol(WORKER), await chat.enrol(SUPERVISOR, Role.SUPERVISOR)
    await chat.case(worker, caption="M 45, quillaja, ref 2231")
    await chat.case(worker, caption="M 45, quillaja, ref 2231")
    await chat.presses(worker, "fix:1:patient")
    await chat.types(worker, "F 36 years, fever, ref 4471")
    await chat.types(boss, "/forget 2231")
    await chat.presses(boss, "forget!:2:1")
    assert all(old is None for _, old, _ in await versions(chat))
    assert (await of(chat)).patient_reference == "4471"


@pytest.mark.parametrize(
    "typed", ["thanks", "what?", "the patient is well and walks about in the ward", "0", "300"]
)
async def test_what_cannot_be_an_age_changes_nothing_and_is_said_so(
    chat: Conversation, typed: str
) -> None:
    worker = await chat.enrol(WORKER)
    await chat.case(worker)
    await chat.presses(worker, "fix:1:age")
    said = words(await chat.types(worker, typed))
    assert "I do not understand this. Nothing was changed." in said
    assert await versions(chat) == []
    assert "Send a photo" in words(await chat.types(worker, "36"))


async def test_what_is_typed_long_after_or_in_reply_to_another_case_is_no_correction(
    chat: Conversation,
) -> None:
    worker = await chat.enrol(WORKER)
    await chat.case(worker)
    await chat.case(worker)
    await chat.types(worker, "/case 2")
    card = await chat.last_message_id()
    await chat.presses(worker, "fix:1:age")
    await chat.types(worker, "Which side?", reply_to=card)
    assert await versions(chat) == []
    chat.clinic.clock.advance(AWAITED_FOR.total_seconds() + 1)
    await chat.types(worker, "36")
    assert await versions(chat) == []


@pytest.mark.parametrize(
    "data",
    [
        "correct:1",
        "fix:1:age",
        "set:1:sex:female",
        "reread:1",
        "withdraw:1",
        "withdraw:1:picture:yes",
        "split:1:2",
        "sex:1:female",
        "age:1:30",
    ],
)
async def test_another_health_workers_case_is_not_theirs_to_correct(
    chat: Conversation, data: str
) -> None:
    await chat.case(await chat.enrol(WORKER))
    before = await of(chat)
    other = await chat.enrol(OTHER)
    await chat.presses(other, data)
    assert chat.button_answers() == [STALE]
    assert await of(chat) == before


@pytest.mark.parametrize(
    "data",
    [
        "set:1:sex:other",
        "set:1:age:45",
        "fix:1:caption",
        "fix:1:",
        "withdraw:1:because",
        "reread:9",
    ],
)
async def test_a_forged_button_changes_nothing(chat: Conversation, data: str) -> None:
    worker = await chat.enrol(WORKER)
    await chat.case(worker)
    before = await of(chat)
    await chat.presses(worker, data)
    assert chat.button_answers() == [STALE]
    assert await of(chat) == before


async def test_a_case_is_read_again_only_when_asked_and_the_old_reading_stays_marked(
    chat: Conversation,
) -> None:
    worker = await chat.enrol(WORKER)
    await told(chat, worker, "M 45 cough")
    said = await chat.presses(worker, "set:1:sex:female")
    assert (await of(chat)).status is CaseStatus.ANSWERED
    assert "reread:1" in buttons(said)
    again = await chat.presses(worker, "reread:1")
    marked, received = again
    assert marked.edits is not None
    assert "⚠️ REPLACED: this reading was made before a correction." in marked.reply.text
    assert "Clear lungs." in marked.reply.text
    assert received.about is not None
    assert received.about.role is MessageRole.RECEIVED
    assert "female" in received.reply.text
    await read(chat, replace(ROUTINE, text=ROUTINE_TEXT.replace("Clear", "Quiet")))
    case = await of(chat)
    assert not case.outdated
    card = words(await chat.types(worker, "/case 1"))
    assert "Quiet lungs." in card
    assert "⚠️ REPLACED: reading of" in card
    assert "Clear lungs." in card


async def test_progress_is_shown_in_the_newest_received_message(chat: Conversation) -> None:
    worker = await chat.enrol(WORKER)
    await told(chat, worker, "M 45 cough")
    await chat.presses(worker, "set:1:sex:female")
    await chat.presses(worker, "reread:1")
    newest = await chat.last_message_id()
    waiting = await chat.clinic.store.queue_positions.next_waiting()
    assert waiting is not None
    assert waiting.received_id == newest
    assert await chat.clinic.store.claims.received_message(await claimed(chat)) == newest


async def test_an_alarm_outlives_a_reading_that_is_made_again(chat: Conversation) -> None:
    worker = await chat.enrol(WORKER)
    await chat.case(worker)
    await chat.presses(worker, "set:1:sex:female")
    await chat.presses(worker, "reread:1")
    assert (await claimed(chat)).known is Urgency.URGENT
    await chat.clinic.store.claims.expire_leases()
    await chat.clinic.store.claims.sweep()
    await read(chat, ROUTINE)
    case = await of(chat)
    assert case.reading is not None
    assert case.reading.sections.urgency is Urgency.ROUTINE
    assert case.reading.urgency is Urgency.URGENT
    boss = await chat.enrol(SUPERVISOR, Role.SUPERVISOR)
    assert "C-0001" in words(await chat.types(boss, "/cases urgent"))


async def test_a_sign_off_belongs_to_the_reading_that_was_signed(chat: Conversation) -> None:
    worker, boss = await chat.enrol(WORKER), await chat.enrol(SUPERVISOR, Role.SUPERVISOR)
    await told(chat, worker, "M 45 cough")
    await chat.presses(boss, "disagree:1")
    await chat.types(boss, "the left side")
    await chat.presses(worker, "set:1:sex:female")
    await chat.presses(worker, "reread:1")
    await read(chat, ROUTINE)
    assert (await of(chat)).reviewed_at is None
    card = words(await chat.types(boss, "/case 1"))
    assert "Not reviewed yet." in card
    assert f"Person {SUPERVISOR} DISAGREED with it." in card


async def test_questions_on_a_replaced_reading_are_not_told_to_the_model_again(
    chat: Conversation,
) -> None:
    worker = await chat.enrol(WORKER)
    await told(chat, worker, "M 45 cough")
    await chat.types(worker, "/case 1")
    await chat.types(worker, "Which side?", reply_to=await chat.last_message_id())
    await read(chat, reading("Left.", follow_up=True))
    await chat.presses(worker, "set:1:sex:female")
    chat.clinic.clock.advance(5)
    await chat.presses(worker, "reread:1")
    await read(chat, ROUTINE)
    await chat.types(worker, "/case 1")
    await chat.types(worker, "Is it TB?", reply_to=await chat.last_message_id())
    claim = await claimed(chat)
    assert (claim.question, claim.history) == ("Is it TB?", ())


@pytest.mark.parametrize(
    "text",
    [
        "wrong patient, she is 36",
        "Wrong patient",
        "she is 36",
        "sorry wrong side",
        "36 years",
        "pas le bon patient, F 36 ans",
        "erreur, c'est une femme",
        "doente errado",
        "kuskure",
        "Mistake. M 20",
    ],
)
async def test_a_reply_that_sets_something_right_is_no_question_to_the_model(
    chat: Conversation, text: str
) -> None:
    worker = await chat.enrol(WORKER)
    await chat.case(worker)
    await chat.types(worker, "/case 1")
    said = await chat.types(worker, text, reply_to=await chat.last_message_id())
    assert "This sounds like a correction, so the model was not asked." in words(said)
    assert "correct:1" in buttons(said)
    assert await chat.clinic.store.claims.take(LEASE) is None


async def test_what_such_a_reply_tells_is_one_press_away(chat: Conversation) -> None:
    worker = await chat.enrol(WORKER)
    await chat.case(worker)
    await chat.types(worker, "/case 1")
    text = "wrong patient, she is 36"
    said = await chat.types(worker, text, reply_to=await chat.last_message_id())
    await chat.presses(worker, buttons(said)[0])
    patient = (await of(chat)).patient
    assert (patient.age_years, patient.sex) == (36, Sex.FEMALE)


@pytest.mark.parametrize(
    "text",
    [
        "Which side?",
        "Is it the wrong side?",
        "what does it mean for a man of 45",
        "Explain the finding",
        "is she pregnant",
        "C'est une pneumonie ?",
        "quel côté",
        "And the left lung, is there fluid in a patient of 36 years with fever",
        "",
        "...",
    ],
)
def test_a_question_is_a_question(text: str) -> None:
    assert not is_correction(text)
    assert not says_mistake(text)


async def test_whoever_sees_to_an_alarm_hears_of_a_correction(chat: Conversation) -> None:
    boss, worker = await chat.enrol(SUPERVISOR, Role.SUPERVISOR), await chat.enrol(WORKER)
    await chat.alarm(worker)
    await chat.delivered()
    await chat.presses(worker, "set:1:sex:male")
    said = await chat.presses(worker, "set:1:sex:female")
    (notice,) = [each for each in said if each.chat_id == boss.chat_id]
    assert "✏️ C-0001 was corrected by Person 1" in notice.reply.text
    assert "sex: male → female" in notice.reply.text


async def test_a_sender_hears_of_a_supervisors_correction(chat: Conversation) -> None:
    worker, boss = await chat.enrol(WORKER), await chat.enrol(SUPERVISOR, Role.SUPERVISOR)
    await chat.case(worker)
    await chat.presses(boss, "set:1:sex:male")
    said = await chat.presses(boss, "set:1:sex:female")
    assert [each.chat_id for each in said] == [boss.chat_id, worker.chat_id]


async def test_withdrawing_asks_first_and_leaves_the_patients_other_cases_alone(
    chat: Conversation,
) -> None:
    worker = await chat.enrol(WORKER)
    await chat.case(worker, caption="ref 2231")
    await chat.case(worker, caption="ref 2231")
    asked = await chat.presses(worker, "withdraw:1")
    assert buttons(asked) == [
        f"withdraw:1:{reason}:yes" for reason in ("picture", "patient", "twice", "other")
    ]
    assert (await of(chat)).withdrawal is None
    said = await chat.presses(worker, "withdraw:1:twice:yes")
    assert "C-0001 is withdrawn: sent twice." in words(said)
    assert (await of(chat, 2)).withdrawal is None
    card = words(await chat.types(worker, "/case 1"))
    assert "✖️ WITHDRAWN by Person 1," in card
    assert "sent twice" in card
    assert "withdrawn" in words(await chat.types(worker, "/cases"))


async def test_a_wrong_picture_is_withdrawn_and_the_right_one_asked_for(chat: Conversation) -> None:
    worker = await chat.enrol(WORKER)
    await chat.case(worker)
    asked = await chat.presses(worker, "withdraw:1:picture")
    assert buttons(asked) == ["withdraw:1:picture:yes"]
    said = await chat.presses(worker, "withdraw:1:picture:yes")
    assert "Send the right picture." in words(said)


async def test_a_withdrawn_case_is_not_read_calls_nobody_and_waits_for_no_sign_off(
    chat: Conversation,
) -> None:
    boss, worker = await chat.enrol(SUPERVISOR, Role.SUPERVISOR), await chat.enrol(WORKER)
    await chat.alarm(worker)
    await chat.delivered()
    said = await chat.presses(worker, "withdraw:1:patient:yes")
    assert "was withdrawn by Person 1: wrong patient." in words(said)
    alarm = await chat.clinic.store.alarms.of_case(CaseId(1))
    assert alarm is not None
    assert alarm.state == "quiet"
    assert "C-0001" not in words(await chat.types(boss, "/cases unreviewed"))
    assert (await chat.clinic.store.ward.now()).urgent == 0
    await chat.types(boss, "/case 1")
    asked = await chat.types(boss, "Which side?", reply_to=await chat.last_message_id())
    assert "nothing is read from it any more" in words(asked)
    assert await chat.clinic.store.claims.take(LEASE) is None


async def test_a_case_that_waits_is_taken_out_of_the_queue_when_it_is_withdrawn(
    chat: Conversation,
) -> None:
    worker = await chat.enrol(WORKER)
    await chat.clinic.open_case(worker)
    await chat.delivered()
    await chat.presses(worker, "withdraw:1:other:yes")
    assert (await of(chat)).status is CaseStatus.CANCELLED
    await chat.presses(worker, "set:1:sex:female")
    assert chat.button_answers()[-1] == STALE


async def test_the_same_picture_again_is_said_to_be_so_with_the_earlier_case(
    chat: Conversation,
) -> None:
    worker, other = await chat.enrol(WORKER), await chat.enrol(OTHER)
    await send(chat, worker, b"film 1")
    await chat.delivered()
    said = await send(chat, worker, b"film 1")
    assert "The same picture was sent before: case C-0001." in words(said)
    assert "case:1" in buttons(said)
    assert "withdraw:2:twice:yes" in buttons(said)
    assert "sent before" not in words(await send(chat, worker, b"film 2"))
    assert "sent before" not in words(await send(chat, other, b"film 1"))


async def test_a_picture_of_an_album_that_was_sent_before_is_said_to_be_so(
    chat: Conversation,
) -> None:
    worker = await chat.enrol(WORKER)
    await send(chat, worker, b"film 1")
    assert "sent before" not in words(await send(chat, worker, b"film 2", media_group_id="g"))
    said = words(await send(chat, worker, b"film 1", media_group_id="g"))
    assert "The same picture was sent before: case C-0001." in said
    again = words(await send(chat, worker, b"film 2", media_group_id="g"))
    assert "sent before" not in again


async def test_how_long_people_waited_is_until_the_first_answer(chat: Conversation) -> None:
    worker = await chat.enrol(WORKER)
    start = chat.clinic.clock.now()
    await told(chat, worker, "M 45 cough")
    await chat.presses(worker, "set:1:sex:female")
    chat.clinic.clock.advance(7200)
    await chat.presses(worker, "reread:1")
    await read(chat, ROUTINE)
    until = chat.clinic.clock.now() + timedelta(seconds=1)
    assert (await chat.clinic.store.summary.figures(start, until)).wait_p50_s == 5
    assert (await chat.clinic.store.ward.now()).wait_p50_s is None


async def test_an_export_says_what_was_withdrawn_and_what_is_outdated(chat: Conversation) -> None:
    worker, boss = await chat.enrol(WORKER), await chat.enrol(SUPERVISOR, Role.SUPERVISOR)
    await chat.case(worker)
    await chat.case(worker)
    await chat.presses(worker, "set:1:side:left")
    await chat.presses(worker, "withdraw:2:twice:yes")
    chat.clinic.clock.advance(1)
    (table,) = await chat.types(boss, "/export all")
    assert table.attachment is not None
    rows = csv.DictReader(io.StringIO(table.attachment.data.decode("utf-8-sig")))
    told = {row["case"]: (row["side"], row["outdated"], row["withdrawn_because"]) for row in rows}
    assert told == {"C-0001": ("left", "True", ""), "C-0002": ("", "False", "twice")}


async def test_nothing_of_a_correction_outlives_its_case(chat: Conversation) -> None:
    worker, boss = await chat.enrol(WORKER), await chat.enrol(SUPERVISOR, Role.SUPERVISOR)
    await told(chat, worker, "M 45, quillaja, ref 2231")
    await chat.presses(worker, "fix:1:patient")
    await chat.types(worker, "F 36 years, fever, ref 4471")
    await chat.presses(worker, "reread:1")
    await chat.presses(worker, "fix:1:age")
    await chat.types(boss, "/forget 4471")
    await chat.presses(boss, "forget!:1:1")
    store = chat.clinic.store.deletion
    await store.erase(await store.pending_deletions(10))

    def left_over(tx: Transaction) -> list[str]:
        tables = ("corrections", "earlier_readings", "awaited_corrections")
        return [table for table in tables if tx.all(f"SELECT * FROM {table}")]  # noqa: S608

    assert await chat.clinic.database.read(left_over) == []


async def test_a_long_caption_that_is_corrected_fits_into_a_message(chat: Conversation) -> None:
    worker = await chat.enrol(WORKER)
    await chat.case(worker, caption="cough and fever " * 60)
    await chat.presses(worker, "fix:1:patient")
    said = await chat.types(worker, "F 36 years, " + "weight loss " * 330)
    assert all(len(message.reply.text) < 4000 for message in said)
    assert len((await of(chat)).caption) == 1024


async def test_two_patients_in_one_album_become_two_cases_at_a_button(chat: Conversation) -> None:
    worker = await chat.enrol(WORKER)
    await send(chat, worker, b"film 1", media_group_id="g", caption="M 45 cough")
    said = await send(chat, worker, b"film 2", media_group_id="g")
    assert "split:1" in buttons(said)
    said = await chat.presses(worker, "split:1")
    assert "C-0001 is split: the other patient is C-0002" in words(said)
    one, two = await of(chat, 1), await of(chat, 2)
    assert (len(one.pictures), len(two.pictures)) == (1, 1)
    assert (one.caption, two.caption) == ("M 45 cough", "")
    assert two.patient.age_years is None
    assert two.message_id > one.message_id
    assert await versions(chat) == [(Field.PICTURES, "2", "1 (C-0002)")]
    replied = await chat.types(worker, "36 years", reply_to=two.message_id)
    assert "36\u00a0years" in words(replied)
    assert (await of(chat, 2)).patient.age_years == 36
    await chat.presses(worker, "split:1")
    assert chat.button_answers()[-1] == STALE


async def test_of_several_pictures_it_is_asked_which_are_the_other_patients(
    chat: Conversation,
) -> None:
    worker = await chat.enrol(WORKER)
    for number in range(4):
        await send(chat, worker, b"film %d" % number, media_group_id="g")
    asked = await chat.presses(worker, "split:1")
    assert buttons(asked) == ["split:1:2", "split:1:3", "split:1:4"]
    await chat.presses(worker, "split:1:3")
    assert [len((await of(chat, number)).pictures) for number in (1, 2)] == [2, 2]
    shas = [picture.sha256 for n in (1, 2) for picture in (await of(chat, n)).pictures]
    assert len(set(shas)) == 4


async def test_a_reading_of_two_patients_pictures_is_outdated_by_the_split(
    chat: Conversation,
) -> None:
    worker = await chat.enrol(WORKER)
    for number in range(2):
        await send(chat, worker, b"film %d" % number, media_group_id="g")
    await read(chat, ROUTINE)
    said = await chat.presses(worker, "split:1")
    assert "reread:1" in buttons(said)
    assert (await of(chat, 1)).outdated
    assert (await of(chat, 2)).status is CaseStatus.WAITING


async def test_the_received_message_says_back_what_was_understood(chat: Conversation) -> None:
    worker = await chat.enrol(WORKER)
    said = await send(chat, worker, b"film", caption="M 45 years, cough, ref 2231")
    assert "male, 45\u00a0years, ref. 2231, chest X-ray, cough" in words(said)
    assert "correct:1" in buttons(said)


async def send(chat: Conversation, who: Person, film: bytes, **more: str) -> list[Outgoing]:
    """Somebody sends a photo."""
    update = chat.message(who, "", None, "en")
    file_id = f"file{len(chat.clinic.server.files)}"
    chat.clinic.server.files[file_id] = film
    size = {"file_id": file_id, "file_unique_id": "f", "width": 640, "height": 480}
    del update["message"]["text"]
    update["message"] |= {"photo": [size]} | more
    return await chat.serve(update)


async def test_an_administrator_may_correct_too(chat: Conversation) -> None:
    await chat.case(await chat.enrol(WORKER))
    await chat.presses(await chat.enrol(ADMIN, Role.ADMIN), "set:1:side:right")
    assert (await of(chat)).side is Side.RIGHT


async def test_a_message_of_a_deleted_case_is_no_correction(chat: Conversation) -> None:
    worker = await chat.enrol(WORKER)
    said = await chat.types(worker, "wrong patient", reply_to=MessageId(4))
    assert "Send a photo" in words(said)


async def test_whoever_may_withdraw_a_case_can_bring_it_back(chat: Conversation) -> None:
    worker = await chat.enrol(WORKER)
    await chat.case(worker)
    said = await chat.presses(worker, "withdraw:1:other:yes")
    assert "unwithdraw:1" in buttons(said)
    assert "unwithdraw:1" in buttons(await chat.types(worker, "/case 1"))
    said = await chat.presses(worker, "unwithdraw:1")
    assert "C-0001 is back" in words(said)
    case = await of(chat)
    assert (case.withdrawal, case.status) == (None, CaseStatus.ANSWERED)
    assert await versions(chat) == [
        (Field.WITHDRAWN, None, "other"),
        (Field.WITHDRAWN, "other", None),
    ]
    acts = [(e.act, e.subject) for e in await chat.clinic.store.audit.newest(2)]
    assert (Act.BROUGHT_BACK, "C-0001") in acts
    await chat.presses(worker, "unwithdraw:1")
    assert chat.button_answers()[-1] == STALE


async def test_nobody_else_brings_a_case_back(chat: Conversation) -> None:
    worker = await chat.enrol(WORKER)
    await chat.case(worker)
    await chat.presses(worker, "withdraw:1:other:yes")
    await chat.presses(await chat.enrol(OTHER), "unwithdraw:1")
    assert (await of(chat)).withdrawal is not None


async def test_a_case_that_was_withdrawn_before_its_reading_is_read_once_it_is_back(
    chat: Conversation,
) -> None:
    worker = await chat.enrol(WORKER)
    await chat.clinic.open_case(worker)
    await chat.delivered()
    await chat.presses(worker, "withdraw:1:other:yes")
    assert await chat.clinic.store.claims.take(LEASE) is None
    said = await chat.presses(worker, "unwithdraw:1")
    assert "It waits to be read." in words(said)
    assert (await claimed(chat)).case.case_id == 1


async def test_what_its_sender_had_cancelled_stays_cancelled_when_it_is_back(
    chat: Conversation,
) -> None:
    worker = await chat.enrol(WORKER)
    case = await chat.clinic.open_case(worker)
    await chat.delivered()
    await chat.presses(worker, f"cancel:{case.reading_id}")
    chat.clinic.clock.advance(5)
    await chat.presses(worker, "withdraw:1:other:yes")
    await chat.presses(worker, "unwithdraw:1")
    assert (await of(chat)).status is CaseStatus.CANCELLED


async def test_the_alarm_of_a_case_that_is_back_rings_again_at_once(chat: Conversation) -> None:
    worker, boss = await chat.enrol(WORKER), await chat.enrol(SUPERVISOR, Role.SUPERVISOR)
    await chat.alarm(worker)
    await chat.delivered()
    await chat.presses(worker, "withdraw:1:other:yes")
    alarm = await chat.clinic.store.alarms.of_case(CaseId(1))
    assert alarm is not None
    assert alarm.state is AlarmState.QUIET
    said = await chat.presses(worker, "unwithdraw:1")
    assert any(each.chat_id == boss.chat_id and "take:1" in buttons([each]) for each in said)
    (due,) = await chat.clinic.store.alarms.due(chat.clinic.clock.now())
    assert (due.state, due.case.case_id) == (AlarmState.RINGING, 1)
