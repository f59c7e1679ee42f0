"""The marked film: it goes out with the answer that names a place, and with no other."""

from dataclasses import replace

import pytest

from bot.domain.cases import Case
from bot.domain.corrections import Side as ToldSide
from bot.domain.messages import MessageRole, Outgoing
from bot.locale import translator
from bot.replies import marked_film
from inference.contract import Language, PictureKind
from inference.scripted import ScriptedAnswer, ScriptedExecutor
from pictures import PictureNote, ViewPosition
from tests.analyst_world import analyst
from tests.bot_conversation import conversation, words
from tests.bot_world import Clinic, damage, reading

RIGHT_UPPER = (
    "FINDINGS: Consolidation in the right upper zone.\nIMPRESSION: Pneumonia.\nURGENCY: urgent"
)
CLEAR = "FINDINGS: The lungs are clear.\nIMPRESSION: Normal.\nURGENCY: routine"
TWO_SIDES = "FINDINGS: Right upper lobe pneumonia.\nIMPRESSION: Left pleural effusion."


async def answered(ward: Clinic, text: str, case: Case | None = None) -> list[Outgoing]:
    """What waits for the sender of a case that was read so, in order, without "received"."""
    if case is None:
        case = await ward.open_case(await ward.enrol(7))
    async with ScriptedExecutor([ScriptedAnswer(text=text)]) as executor:
        await analyst(ward, executor).work_once()
    found = []
    while (delivery := await ward.store.outbox.take([])) is not None:
        if delivery.chat_id == case.chat_id:
            found.append(delivery.message)
        await ward.store.outbox.undeliverable(delivery, "Taken")
    return found[1:]


async def test_the_film_follows_the_answer_that_names_a_place(ward: Clinic) -> None:
    answer, film, closing = await answered(ward, RIGHT_UPPER)
    assert "Consolidation in the right upper zone." in answer.reply.text
    assert film.attachment is not None
    assert film.attachment.is_picture
    assert film.attachment.data == (b"Where the text says: right side, upper zone on a film")
    assert film.reply_to == answer.reply_to
    assert closing.edits_received


async def test_the_film_that_was_cut_out_of_a_photo_is_marked_not_the_photo(ward: Clinic) -> None:
    case = await ward.open_case(await ward.enrol(7))
    straight = await ward.store.pictures.add(b"the film alone")
    await ward.database.write(lambda tx: tx.run("UPDATE pictures SET read_name = :n", n=straight))
    _, film, _ = await answered(ward, RIGHT_UPPER, case)
    assert film.attachment is not None
    assert film.attachment.data.endswith(b" on the film alone")


async def test_a_reply_to_the_film_finds_the_case(ward: Clinic) -> None:
    _, film, _ = await answered(ward, RIGHT_UPPER)
    assert film.about is not None
    assert film.about.role is MessageRole.NOTICE


@pytest.mark.parametrize("text", [CLEAR, TWO_SIDES, "I cannot say."])
async def test_an_answer_that_names_no_one_place_has_no_film(ward: Clinic, text: str) -> None:
    assert [m for m in await answered(ward, text) if m.attachment] == []


async def test_an_answer_goes_out_without_the_film_that_cannot_be_made(ward: Clinic) -> None:
    ward.film = b"unmarkable"
    answer, closing = await answered(ward, RIGHT_UPPER)
    assert "Consolidation" in answer.reply.text
    assert closing.edits_received


async def test_the_answer_to_a_question_has_no_film(ward: Clinic) -> None:
    case = await ward.open_case(await ward.enrol(7))
    await answered(ward, CLEAR, case)
    await ward.ask(case)
    assert [m for m in await answered(ward, RIGHT_UPPER, case) if m.attachment] == []


async def test_none_is_marked_where_nobody_can_tell_which_side_is_which(ward: Clinic) -> None:
    case = await ward.open_case(await ward.enrol(7))
    made = reading(RIGHT_UPPER)
    assert marked_film.place_of(case, made) is not None
    (picture,) = case.pictures
    lateral = replace(picture, note=PictureNote(view=ViewPosition.LATERAL))
    assert marked_film.place_of(replace(case, pictures=(picture, picture)), made) is None
    assert marked_film.place_of(replace(case, pictures=(lateral,)), made) is None
    assert marked_film.place_of(replace(case, side=ToldSide.LEFT), made) is None
    assert marked_film.place_of(replace(case, kind=PictureKind.CHEST), made) is not None
    assert marked_film.place_of(replace(case, kind=PictureKind.CT), made) is None


@pytest.mark.parametrize("language", Language)
async def test_the_caption_says_what_the_mark_is_and_nothing_of_the_finding(
    ward: Clinic, language: Language
) -> None:
    case = await ward.open_case(await ward.enrol(7))
    said = marked_film.caption(case, reading(RIGHT_UPPER), translator(language)).text
    assert "Consolidation" not in said
    assert case.code in said
    assert len(said) < 1024
    if language is Language.ENGLISH:
        assert "Drawn from the answer's words, not found in the picture." in said


async def test_the_film_of_a_withdrawn_case_says_so_across_it_until_it_is_back(
    ward: Clinic,
) -> None:
    worker = await ward.enrol(7)
    case = await ward.open_case(worker)
    async with ScriptedExecutor([ScriptedAnswer(text=RIGHT_UPPER)]) as executor:
        await analyst(ward, executor).work_once()
    async with conversation(ward) as chat:
        await chat.delivered()
        said = await chat.presses(worker, f"withdraw:{case.case_id}:patient:yes")
        (film,) = [message for message in said if message.attachment]
        assert film.attachment is not None
        assert film.is_edit
        assert film.attachment.data.startswith(b"WITHDRAWN Where the text says")
        assert "WITHDRAWN by" in film.reply.text
        said = await chat.presses(worker, f"unwithdraw:{case.case_id}")
        (film,) = [message for message in said if message.attachment]
        assert film.attachment is not None
        assert film.attachment.data.startswith(b"Where the text says")
        assert "WITHDRAWN" not in film.reply.text


async def test_a_case_that_went_out_without_a_film_gets_none_by_its_withdrawal(
    ward: Clinic,
) -> None:
    async with conversation(ward) as chat:
        worker = await chat.enrol(7)
        await chat.case(worker, reading(RIGHT_UPPER))
        said = await chat.presses(worker, "withdraw:1:patient:yes")
        assert [message for message in said if message.attachment] == []


async def test_a_case_is_withdrawn_whose_picture_is_damaged(ward: Clinic) -> None:
    worker = await ward.enrol(7)
    case = await ward.open_case(worker)
    async with ScriptedExecutor([ScriptedAnswer(text=RIGHT_UPPER)]) as executor:
        await analyst(ward, executor).work_once()
    damage(ward)
    async with conversation(ward) as chat:
        await chat.delivered()
        said = await chat.presses(worker, f"withdraw:{case.case_id}:patient:yes")
        assert "WITHDRAWN by" in words(said)
        assert [message for message in said if message.attachment] == []


async def read_next(ward: Clinic, text: str) -> None:
    """Have what waits be read so, a minute later."""
    ward.clock.advance(60)
    async with ScriptedExecutor([ScriptedAnswer(text=text)]) as executor:
        await analyst(ward, executor).work_once()


def films(said: list[Outgoing]) -> list[bytes]:
    """The films that are put in the place of others."""
    return [m.attachment.data for m in said if m.attachment is not None and m.is_edit]


async def test_the_films_of_every_reading_of_a_withdrawn_case_say_so(ward: Clinic) -> None:
    worker = await ward.enrol(7)
    await ward.open_case(worker)
    await read_next(ward, RIGHT_UPPER)
    async with conversation(ward) as chat:
        await chat.delivered()
        await chat.presses(worker, "set:1:sex:female")
        await chat.presses(worker, "reread:1")
        await read_next(ward, RIGHT_UPPER.replace("right upper", "left lower"))
        await chat.delivered()
        await chat.presses(worker, "set:1:side:left")  # what is said later moves no mark
        right = b"Where the text says: right side, upper zone on a film"
        left = b"Where the text says: left side, lower zone on a film"
        said = await chat.presses(worker, "withdraw:1:patient:yes")
        assert films(said) == [b"WITHDRAWN " + right, b"WITHDRAWN " + left]
        first, second = (message.edits for message in said if message.attachment is not None)
        assert None not in {first, second}
        assert first != second
        assert films(await chat.presses(worker, "unwithdraw:1")) == [right, left]


async def test_the_film_of_a_case_says_so_that_is_withdrawn_while_it_is_read_again(
    ward: Clinic,
) -> None:
    worker = await ward.enrol(7)
    await ward.open_case(worker)
    await read_next(ward, RIGHT_UPPER)
    async with conversation(ward) as chat:
        await chat.delivered()
        await chat.presses(worker, "set:1:sex:female")
        await chat.presses(worker, "reread:1")
        (film,) = films(await chat.presses(worker, "withdraw:1:patient:yes"))
        assert film.startswith(b"WITHDRAWN Where the text says: right side")
