"""Pictures in: who may send, what becomes a case, what is said of the rest; each step twice."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.answers import answers, apologies
from bot.domain.audit import Actor
from bot.domain.cases import Case, CaseStatus
from bot.domain.ids import CaseId
from bot.domain.messages import About, MessageRole, Outgoing, Reply
from bot.domain.people import Person, Role
from bot.store.claims import Claim
from inference.contract import EngineState, EngineStatus, PictureKind, Sex
from pictures.picture import PictureNote, Subject
from tests.bot_talk import Talk
from tests.bot_world import Clinic, reading

LEASE = timedelta(seconds=60)


@pytest.fixture
async def talk(ward: Clinic) -> Talk:
    started = Talk(ward)
    await started.start()
    return started


async def case_of(ward: Clinic, number: int) -> Case:
    case = await ward.store.cases.get(CaseId(number))
    assert case is not None
    return case


async def test_a_photo_becomes_a_case_and_its_sender_is_told_the_code(
    ward: Clinic, talk: Talk
) -> None:
    amina = await ward.enrol(7)
    sent = await talk.photo(amina, caption="F 41, cough for 3 weeks, ID 4711")
    (received,) = await talk.replies()
    assert "C-0001" in received["text"]
    assert received["reply_parameters"]["message_id"] == sent["message"]["message_id"]
    case = await case_of(ward, 1)
    assert (case.patient.age_years, case.patient.sex) == (41, Sex.FEMALE)
    assert case.patient_reference == "4711"
    assert await ward.store.pictures.get(case.pictures[0].name) == b"upright a film"


async def test_a_photo_without_a_caption_is_a_case_too(ward: Clinic, talk: Talk) -> None:
    await talk.photo(await ward.enrol(7))
    assert (await case_of(ward, 1)).status is CaseStatus.WAITING


async def test_a_case_that_comes_while_the_engine_is_down_is_kept_and_its_sender_told(
    ward: Clinic,
) -> None:
    down = replace(ward.services, engine=lambda: EngineStatus(state=EngineState.FAILED))
    started = Talk(replace(ward, services=down))
    await started.start()
    await started.photo(await ward.enrol(7))
    assert "engine is not running" in (await started.texts())[-1]
    assert (await case_of(ward, 1)).status is CaseStatus.WAITING


async def test_any_file_is_left_to_the_picture_process_to_judge(ward: Clinic, talk: Talk) -> None:
    amina = await ward.enrol(7)
    await talk.document(amina, b"DICM", caption="")
    assert len((await case_of(ward, 1)).pictures) == 1


async def test_an_update_handled_twice_is_one_case_and_one_message(
    ward: Clinic, talk: Talk
) -> None:
    amina = await ward.enrol(7)
    sent = await talk.photo(amina)
    await talk.again(sent)
    assert len(await talk.replies()) == 1
    assert await ward.store.cases.get(CaseId(2)) is None


async def test_a_damaged_picture_is_answered_in_words_and_is_no_case(
    ward: Clinic, talk: Talk
) -> None:
    sent = await talk.photo(await ward.enrol(7), b"damaged")
    await talk.again(sent)
    (reply,) = await talk.replies()
    assert "damaged" in reply["text"]
    assert await ward.store.cases.get(CaseId(1)) is None


async def test_a_file_over_the_limit_is_refused_without_fetching_it(
    ward: Clinic, talk: Talk
) -> None:
    await talk.document(await ward.enrol(7), b"x", size_bytes=60_000_000)
    assert "too large" in (await talk.texts())[0]
    assert ward.server.sent("getFile") == []


async def test_a_file_that_the_server_finds_too_big_is_answered_in_words(
    ward: Clinic, talk: Talk
) -> None:
    ward.server.refuse("getFile", 400, "Bad Request: file is too big")
    await talk.document(await ward.enrol(7), b"x")
    assert "too large" in (await talk.texts())[0]


async def test_a_file_that_the_server_has_lost_is_asked_for_again(ward: Clinic, talk: Talk) -> None:
    amina = await ward.enrol(7)
    await talk.message(
        amina.chat_id, document={"file_id": "gone", "file_unique_id": "g", "file_size": 5}
    )
    assert "send it again" in (await talk.texts())[0]


async def test_an_official_servers_local_file_is_read_from_the_disk(
    ward: Clinic, talk: Talk, tmp_path: Path
) -> None:
    local = tmp_path / "file_0.jpg"
    local.write_bytes(b"local film")
    ward.server.local_path = str(local)
    await talk.photo(await ward.enrol(7))
    case = await case_of(ward, 1)
    assert await ward.store.pictures.get(case.pictures[0].name) == b"upright local film"


async def test_an_album_is_one_case_that_waits_until_no_part_has_come_for_a_while(
    ward: Clinic, talk: Talk
) -> None:
    amina = await ward.enrol(7)
    await talk.photo(amina, media_group_id="g", caption="M 60 fever")
    ward.clock.advance(1)
    await talk.photo(amina, media_group_id="g")
    assert await ward.store.claims.next_at() is not None
    ward.clock.advance(1)
    assert await ward.store.claims.take(LEASE) is None
    case = await case_of(ward, 1)
    assert len(case.pictures) == 2
    assert case.caption == "M 60 fever"
    texts = await talk.texts()
    assert "2 pictures" in texts[-1]


async def test_a_part_that_comes_after_the_reading_began_is_a_case_of_its_own_and_says_so(
    ward: Clinic, talk: Talk
) -> None:
    amina = await ward.enrol(7)
    await talk.photo(amina, media_group_id="g", caption="M 60 fever")
    await talk.texts()
    await begin_reading(ward)
    await talk.photo(amina, media_group_id="g")
    (text,) = await talk.texts()
    assert "case of its own" in text
    assert len((await case_of(ward, 1)).pictures) == 1
    assert (await case_of(ward, 2)).caption == ""


async def test_an_album_with_one_bad_part_goes_on_with_the_others_and_says_which(
    ward: Clinic, talk: Talk
) -> None:
    amina = await ward.enrol(7)
    bad = await talk.photo(amina, b"damaged", media_group_id="g")
    await talk.photo(amina, media_group_id="g")
    problem, received = await talk.replies()
    assert problem["reply_parameters"]["message_id"] == bad["message"]["message_id"]
    assert "C-0001" in received["text"]
    assert len((await case_of(ward, 1)).pictures) == 1


async def test_a_stranger_gets_one_polite_refusal_and_nothing_is_fetched_or_kept(
    ward: Clinic, talk: Talk
) -> None:
    sent = await talk.message(
        99, photo=[{"file_id": "f", "file_unique_id": "f", "width": 1, "height": 1}]
    )
    await talk.again(sent)
    (text,) = await talk.texts()
    assert "enrolled staff only" in text
    assert ward.server.sent("getFile") == []


async def test_whoever_has_not_accepted_the_terms_is_shown_them_instead(
    ward: Clinic, talk: Talk
) -> None:
    newcomer = await ward.enrol(7, accepts=False)
    await talk.photo(newcomer)
    assert await ward.store.cases.get(CaseId(1)) is None
    (reply,) = await talk.replies()
    assert reply["reply_markup"]["inline_keyboard"]


async def test_a_revoked_person_is_a_stranger(ward: Clinic, talk: Talk) -> None:
    amina = await ward.enrol(7)
    await ward.store.people.revoke(amina.user_id, by=Actor.at_the_machine())
    await talk.photo(amina)
    assert "enrolled staff only" in (await talk.texts())[0]


async def test_a_strangers_button_that_is_too_old_to_answer_is_no_fault(
    ward: Clinic, talk: Talk
) -> None:
    sender = await ward.enrol(7)
    await ward.store.people.revoke(sender.user_id, by=Actor.at_the_machine())
    ward.server.refuse("answerCallbackQuery", 400, "Bad Request: query is too old")
    await talk.press(sender, "cases:all:0", 5)
    assert len(ward.server.sent("answerCallbackQuery")) == 1
    assert await talk.texts() == []


async def test_a_group_chat_gets_no_answer_at_all(ward: Clinic, talk: Talk) -> None:
    await ward.enrol(7)
    await talk.message(7, chat_type="group", text="hello")
    assert await talk.texts() == []


@pytest.mark.parametrize(
    "content",
    [
        {"voice": {"file_id": "v", "file_unique_id": "v", "duration": 3}},
        {"location": {"latitude": 0.0, "longitude": 0.0}},
        {"text": "good morning"},
        {
            "text": "good morning",
            "reply_to_message": {"message_id": 5, "date": 0, "chat": {"id": 7, "type": "private"}},
        },
    ],
)
async def test_anything_else_is_answered_with_what_to_send(
    ward: Clinic, talk: Talk, content: dict[str, Any]
) -> None:
    amina = await ward.enrol(7)
    await talk.message(amina.chat_id, **content)
    assert "Send a photo" in (await talk.texts())[0]


async def test_an_unknown_command_is_answered_in_words(ward: Clinic, talk: Talk) -> None:
    await talk.text(await ward.enrol(7), "/diagnose")
    assert "do not know this command" in (await talk.texts())[0]


async def test_a_reply_to_an_answer_is_a_question_on_its_case(ward: Clinic, talk: Talk) -> None:
    amina = await ward.enrol(7)
    photo = await talk.photo(amina)
    await answer_first(ward)
    asked = await talk.text(amina, "Which side?", reply_to=photo["message"]["message_id"])
    await talk.again(asked)
    claim = await ward.store.claims.take(LEASE)
    assert claim is not None
    assert (claim.question, claim.case.case_id) == ("Which side?", 1)
    assert claim.message_id == asked["message"]["message_id"]
    assert await ward.store.claims.take(LEASE) is None


async def test_a_question_on_somebody_elses_case_is_for_supervisors_only(
    ward: Clinic, talk: Talk
) -> None:
    amina, other = await ward.enrol(7), await ward.enrol(8)
    boss = await ward.enrol(1, Role.SUPERVISOR)
    case = await ward.open_case(amina)
    await answer_first(ward)
    for person in (other, boss):
        await ward.store.outbox.add(notice(case, person))
    await talk.texts()
    for person, notice_id in ((other, 1002), (boss, 1003)):
        await talk.text(person, "Which side?", reply_to=notice_id)
    claim = await ward.store.claims.take(LEASE)
    assert claim is not None
    assert claim.asked_by == boss.user_id
    assert await ward.store.claims.take(LEASE) is None


async def test_a_question_before_the_answer_is_told_to_wait(ward: Clinic, talk: Talk) -> None:
    amina = await ward.enrol(7)
    photo = await talk.photo(amina)
    await talk.texts()
    await talk.text(amina, "Which side?", reply_to=photo["message"]["message_id"])
    assert "no answer to ask about" in (await talk.texts())[0]


async def test_age_and_sex_told_by_buttons_reach_the_reading(ward: Clinic, talk: Talk) -> None:
    amina = await ward.enrol(7)
    await talk.photo(amina, caption="chest x-ray")
    (received,) = await talk.replies()
    sexes, ages, *_ = received["reply_markup"]["inline_keyboard"]
    await talk.press(amina, sexes[0]["callback_data"], 1001)
    await talk.press(amina, ages[1]["callback_data"], 1001)
    case = await case_of(ward, 1)
    assert case.patient.sex is Sex.FEMALE
    assert case.patient.age_years is not None
    last = (await talk.replies())[-1]
    assert len(last["reply_markup"]["inline_keyboard"]) == 1
    assert len(ward.server.sent("answerCallbackQuery")) == 2


async def test_age_and_sex_typed_in_reply_reach_the_reading(ward: Clinic, talk: Talk) -> None:
    amina = await ward.enrol(7)
    photo = await talk.photo(amina)
    await talk.text(amina, "male, 35 years", reply_to=photo["message"]["message_id"])
    patient = (await case_of(ward, 1)).patient
    assert (patient.age_years, patient.sex) == (35, Sex.MALE)


@pytest.mark.parametrize(("button", "age_years", "sex"), [(0, 1.5, None), (1, 18, Sex.MALE)])
async def test_whether_18_m_is_months_or_a_man_is_asked(
    ward: Clinic, talk: Talk, button: int, age_years: float, sex: Sex | None
) -> None:
    amina = await ward.enrol(7)
    photo = await talk.photo(amina)
    await talk.text(amina, "18 M", reply_to=photo["message"]["message_id"])
    assert (await case_of(ward, 1)).patient.age_years is None
    asked = (await talk.replies())[-1]
    assert "months, or a male patient?" in asked["text"]
    (row,) = asked["reply_markup"]["inline_keyboard"]
    assert [each["text"] for each in row] == ["18\u00a0months", "male, 18\u00a0years"]
    await talk.press(amina, row[button]["callback_data"], 1002)
    patient = (await case_of(ward, 1)).patient
    assert (patient.age_years, patient.sex) == (age_years, sex)


@pytest.mark.parametrize("told", ["61", "he is 61 years", "il a 61 ans"])
async def test_an_age_typed_without_a_reply_goes_to_the_only_case_that_waits(
    ward: Clinic, talk: Talk, told: str
) -> None:
    amina = await ward.enrol(7)
    await talk.photo(amina)
    await talk.text(amina, told)
    assert (await case_of(ward, 1)).patient.age_years == 61


async def test_an_age_typed_without_a_reply_is_not_guessed_to_be_of_one_of_two_cases(
    ward: Clinic, talk: Talk
) -> None:
    amina = await ward.enrol(7)
    await talk.photo(amina)
    await talk.photo(amina)
    await talk.text(amina, "61")
    assert [(await case_of(ward, number)).patient.age_years for number in (1, 2)] == [None, None]
    assert "which patient you mean" in (await talk.replies())[-1]["text"]


async def test_a_bare_number_is_no_second_age(ward: Clinic, talk: Talk) -> None:
    amina = await ward.enrol(7)
    photo = await talk.photo(amina, caption="M 35")
    await talk.text(amina, "94", reply_to=photo["message"]["message_id"])
    assert (await case_of(ward, 1)).patient.age_years == 35


async def test_what_is_told_after_the_reading_began_is_kept_and_said_to_be_late(
    ward: Clinic, talk: Talk
) -> None:
    amina = await ward.enrol(7)
    await talk.photo(amina)
    await begin_reading(ward)
    await talk.press(amina, "sex:1:male", 1001)
    assert (await case_of(ward, 1)).patient.sex is Sex.MALE
    assert "begun without it" in ward.server.sent("answerCallbackQuery")[0]["text"]


@pytest.mark.parametrize(
    "data",
    [
        "sex:1:other",
        "age:1:x",
        "age:1:-4",
        "age:1:nan",
        "sex:99:male",
        "sex",
        "again:1",
        "cancel:99",
        "?",
    ],
)
async def test_an_old_or_forged_button_is_answered_and_changes_nothing(
    ward: Clinic, talk: Talk, data: str
) -> None:
    amina, other = await ward.enrol(7), await ward.enrol(8)
    await talk.photo(amina)
    before = await case_of(ward, 1)
    await talk.press(amina, data, 1001)
    await talk.press(other, "sex:1:male", 1001)
    await talk.press(other, f"cancel:{before.reading_id}", 1001)
    assert await case_of(ward, 1) == before
    assert all(q["text"] for q in ward.server.sent("answerCallbackQuery"))


async def test_cancel_takes_the_newest_waiting_case_back_and_only_that(
    ward: Clinic, talk: Talk
) -> None:
    amina = await ward.enrol(7)
    await talk.photo(amina)
    await talk.photo(amina)
    cancelled = await talk.text(amina, "/cancel")
    await talk.again(cancelled)
    statuses = [(await case_of(ward, number)).status for number in (1, 2)]
    assert statuses == [CaseStatus.WAITING, CaseStatus.CANCELLED]
    replies = await talk.replies()
    assert [r["method"] for r in replies][-2:] == ["editMessageText", "sendMessage"]


async def test_cancel_with_nothing_waiting_says_so(ward: Clinic, talk: Talk) -> None:
    await talk.text(await ward.enrol(7), "/cancel")
    assert "no case waiting" in (await talk.texts())[0]


async def test_the_button_takes_a_case_back_even_while_it_is_read(ward: Clinic, talk: Talk) -> None:
    amina = await ward.enrol(7)
    await talk.photo(amina)
    await begin_reading(ward)
    reading_id = (await case_of(ward, 1)).reading_id
    await talk.press(amina, f"cancel:{reading_id}", 1001)
    assert (await case_of(ward, 1)).status is CaseStatus.CANCELLED


async def test_a_failed_case_is_tried_again_at_a_button(ward: Clinic, talk: Talk) -> None:
    amina = await ward.enrol(7)
    await talk.photo(amina)
    claim = await begin_reading(ward)
    await ward.store.claims.fail(claim, "EngineStopped", [])
    await talk.press(amina, "again:1", 1001)
    assert (await case_of(ward, 1)).status is CaseStatus.WAITING


async def test_of_a_case_that_failed_and_was_tried_again_its_answer_alone_stays(
    ward: Clinic, talk: Talk
) -> None:
    amina = await ward.enrol(7)
    await talk.photo(amina)
    claim = await begin_reading(ward)
    await ward.store.claims.fail(claim, "EngineStopped", apologies(claim, []))
    failed = await talk.replies()
    assert [r["method"] for r in failed] == ["sendMessage", "sendMessage", "deleteMessage"]
    await talk.press(amina, "again:1", 1002)
    assert "waits to be read again" in (await talk.texts())[0]
    claim = await begin_reading(ward)
    await ward.store.claims.complete(claim, reading(), answers(claim, reading()))
    answered = [r for r in await talk.replies() if r["method"] != "setMessageReaction"]
    assert [r["method"] for r in answered] == ["sendMessage", "deleteMessage"]
    assert answered[-1]["message_id"] == 1003, "the word that it waits"


async def begin_reading(ward: Clinic) -> Claim:
    ward.clock.advance(5)
    claim = await ward.store.claims.take(LEASE)
    assert claim is not None
    return claim


async def answer_first(ward: Clinic) -> None:
    claim = await begin_reading(ward)
    await ward.store.claims.complete(claim, reading(), [])


def notice(case: Case, person: Person) -> Outgoing:
    return Outgoing(
        key=f"notice{person.user_id}",
        chat_id=person.chat_id,
        reply=Reply(text="notice"),
        about=About(reading_id=case.reading_id, role=MessageRole.NOTICE),
    )


async def test_a_caption_says_what_kind_of_picture_it_is(ward: Clinic, talk: Talk) -> None:
    await talk.photo(await ward.enrol(7), caption="F 6, itchy rash")
    (received,) = await talk.replies()
    assert "female, 6\N{NO-BREAK SPACE}years, skin, itchy rash" in received["text"]
    assert (await case_of(ward, 1)).kind is PictureKind.SKIN
    assert "kind:" not in str(received["reply_markup"])


async def test_what_a_file_says_of_its_kind_counts_more_than_the_caption(
    ward: Clinic, talk: Talk
) -> None:
    ward.pictures.note = PictureNote(subject=Subject.CT)
    await talk.document(await ward.enrol(7), b"DICM", caption="chest, cough")
    assert (await case_of(ward, 1)).kind is PictureKind.CT


async def test_where_nothing_says_the_kind_one_tap_does_and_nothing_waits_for_it(
    ward: Clinic, talk: Talk
) -> None:
    amina = await ward.enrol(7)
    await talk.photo(amina, caption="F 41")
    (received,) = await talk.replies()
    assert "It is read as a chest X-ray." in received["text"]
    assert "kind:1:skin" in str(received["reply_markup"])
    assert (await case_of(ward, 1)).kind is None
    await talk.press(amina, "kind:1:skin", 1)
    (edited,) = [each for each in await talk.replies() if each["method"] == "editMessageText"]
    assert "skin" in edited["text"]
    assert "kind:" not in str(edited["reply_markup"])
    assert (await case_of(ward, 1)).kind is PictureKind.SKIN
    claim = await ward.store.claims.take(LEASE)
    assert claim is not None


async def test_a_kind_that_there_is_not_changes_nothing(ward: Clinic, talk: Talk) -> None:
    amina = await ward.enrol(7)
    await talk.photo(amina, caption="F 41")
    await talk.press(amina, "kind:1:nonsense", 1)
    assert (await case_of(ward, 1)).kind is None
