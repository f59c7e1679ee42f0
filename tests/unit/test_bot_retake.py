"""A poor photo: asked about once, read all the same, told in the case and in the answer."""

from dataclasses import replace

import pytest

from bot.domain.cases import CaseStatus
from bot.domain.ids import CaseId
from bot.locale import translator
from bot.replies import retake, words
from bot.replies.buttons import Action
from inference.contract import Language
from pictures import PhotoFault, PictureNote
from tests.bot_talk import Talk
from tests.bot_world import Clinic, FakePictures

BLURRED = PictureNote(faults=(PhotoFault.BLUR, PhotoFault.TILTED))
GOOD = PictureNote(faults=())
CORNERS = [[0.1, 0.1], [0.9, 0.15], [0.85, 0.8], [0.1, 0.75]]
EN = translator(Language.ENGLISH)


async def talk_of(ward: Clinic, note: PictureNote | None) -> Talk:
    pictures = FakePictures()
    pictures.note = note
    talk = Talk(replace(ward, services=replace(ward.services, pictures=pictures)))
    await talk.start()
    return talk


async def test_a_poor_photo_is_received_and_asked_about_and_waits_for_nobody(ward: Clinic) -> None:
    talk = await talk_of(ward, BLURRED)
    sent = await talk.photo(await ward.enrol(7))
    received, question = await talk.replies()
    assert "Received: case C-0001" in received["text"]
    assert "Blurred: take it again?" in question["text"]
    assert question["reply_parameters"]["message_id"] == sent["message"]["message_id"]
    buttons = [b["text"] for row in question["reply_markup"]["inline_keyboard"] for b in row]
    assert buttons == ["Take again", "Send anyway"]
    case = await ward.store.cases.get(CaseId(1))
    assert case is not None
    assert case.status is CaseStatus.WAITING


@pytest.mark.parametrize("note", [None, GOOD])
async def test_a_good_photo_is_not_asked_about(ward: Clinic, note: PictureNote | None) -> None:
    talk = await talk_of(ward, note)
    await talk.photo(await ward.enrol(7))
    assert len(await talk.texts()) == 1


async def test_whoever_set_the_corners_was_asked_by_the_page_already(ward: Clinic) -> None:
    talk = await talk_of(ward, BLURRED)
    await talk.photo(await ward.enrol(7), edgerad_film_corners=CORNERS)
    assert len(await talk.texts()) == 1


async def test_a_photo_that_comes_twice_is_asked_about_once(ward: Clinic) -> None:
    talk = await talk_of(ward, BLURRED)
    await talk.again(await talk.photo(await ward.enrol(7)))
    assert len(await talk.texts()) == 2


async def test_take_again_says_how_and_leaves_the_case_to_be_read(ward: Clinic) -> None:
    talk, amina = await talk_of(ward, BLURRED), await ward.enrol(7)
    await talk.photo(amina)
    await talk.replies()
    await talk.press(amina, f"{Action.RETAKE}:1:yes:blur", 500)
    (told,) = await talk.replies()
    assert "Hold the phone still" in told["text"]
    assert "withdraw C-0001" in told["text"]
    case = await ward.store.cases.get(CaseId(1))
    assert case is not None
    assert case.status is CaseStatus.WAITING


async def test_send_anyway_ends_the_question(ward: Clinic) -> None:
    talk, amina = await talk_of(ward, BLURRED), await ward.enrol(7)
    await talk.photo(amina)
    await talk.replies()
    await talk.press(amina, f"{Action.RETAKE}:1:no", 500)
    (told,) = await talk.replies()
    assert "read as it is" in told["text"]


@pytest.mark.parametrize("data", ["9:yes:blur", "1:yes:nonsense", "1:yes", "x", ""])
async def test_a_button_that_fits_nothing_does_nothing(ward: Clinic, data: str) -> None:
    talk, amina = await talk_of(ward, BLURRED), await ward.enrol(7)
    await talk.photo(amina)
    await talk.replies()
    await talk.press(amina, f"{Action.RETAKE}:{data}", 500)
    assert "how" not in " ".join(await talk.texts())


async def test_nobody_answers_for_somebody_elses_photo(ward: Clinic) -> None:
    talk, other = await talk_of(ward, BLURRED), await ward.enrol(8)
    await talk.photo(await ward.enrol(7))
    await talk.replies()
    await talk.press(other, f"{Action.RETAKE}:1:yes:blur", 500)
    assert not [text for text in await talk.texts() if "Hold the phone" in text]


async def test_every_fault_has_a_question_and_an_advice(ward: Clinic) -> None:
    case = await ward.open_case(await ward.enrol(7))
    for fault in PhotoFault:
        assert "take it again?" in retake.asked(case, fault, EN).text
        assert len(retake.how(case, fault, EN).text) > 40


def test_the_quality_is_said_in_words() -> None:
    assert words.photo_quality(PictureNote(), EN) == ""
    assert words.photo_quality(GOOD, EN) == "photo quality: good"
    assert words.photo_quality(BLURRED, EN) == "photo quality: poor (blurred, tilted)"
