"""A series of slices: one case, read within the budget, with progress while it is looked at."""

import itertools
from dataclasses import replace

import pytest
from typing_extensions import override

from bot.domain.cases import Case, StoredPicture
from bot.domain.ids import CaseId, ChatId, MessageId
from bot.domain.messages import Reply
from bot.domain.series import is_series, spread, within_budget
from bot.locale import translator
from bot.replies.words import slices
from inference.contract import EngineStatus, Language, PictureKind
from inference.scripted import ScriptedAnswer, ScriptedExecutor
from pictures import PictureNote
from tests.analyst_world import analyst, instantly
from tests.bot_conversation import conversation, words
from tests.bot_talk import Talk
from tests.bot_world import Clinic


def slice_of(number: int, total: int) -> StoredPicture:
    note = PictureNote(frame=number, frames=total)
    return StoredPicture(
        name=f"s{number}", sha256="", media_type="image/png", width_px=9, height_px=9, note=note
    )


@pytest.fixture
async def talk(ward: Clinic) -> Talk:
    started = Talk(ward)
    await started.start()
    return started


async def case_of(ward: Clinic, number: int) -> Case:
    case = await ward.store.cases.get(CaseId(number))
    assert case is not None
    return case


async def scanned(ward: Clinic, pictures: tuple[StoredPicture, ...]) -> Case:
    case = await ward.open_case(await ward.enrol(7))
    return replace(case, pictures=pictures, kind=PictureKind.CT)


SCAN = tuple(slice_of(number, 30) for number in range(1, 31))


async def test_slices_in_order_are_a_series_and_other_pictures_are_none(ward: Clinic) -> None:
    case = await scanned(ward, SCAN)
    assert is_series(case)
    assert not is_series(replace(case, pictures=SCAN[:1]))
    assert not is_series(replace(case, pictures=SCAN[::-1]))
    assert not is_series(replace(case, pictures=(SCAN[0], slice_of(2, 9))))
    assert not is_series(replace(case, pictures=(replace(SCAN[0], note=None), *SCAN[1:])))


async def test_of_more_slices_than_the_budget_evenly_spaced_ones_are_read(ward: Clinic) -> None:
    read = within_budget(await scanned(ward, SCAN), 12).pictures
    places = [int(picture.name[1:]) for picture in read]
    assert (len(places), places[0], places[-1]) == (12, 1, 30)
    assert {later - place for place, later in itertools.pairwise(places)} <= {2, 3}


@pytest.mark.parametrize(("most", "names"), [(1, ["s2"]), (2, ["s1", "s4"]), (9, None)])
def test_few_slices_have_the_first_and_the_last_among_them(
    most: int, names: list[str] | None
) -> None:
    four = SCAN[:4]
    expected = names or [picture.name for picture in four]
    assert [picture.name for picture in spread(four, most)] == expected


A_ZIP = b"PK\x03\x04 thirty slices"


async def test_a_zip_of_slices_becomes_one_case_of_as_many_as_the_engine_looks_at(
    ward: Clinic, talk: Talk
) -> None:
    amina = await ward.enrol(7)
    sent = await talk.document(amina, A_ZIP, caption="CT head, M 45, fall")
    await talk.again(sent)
    (told,) = await talk.texts()
    assert "Received: case C-0001" in told
    assert "12 of 30 slices, evenly spaced" in told
    case = await case_of(ward, 1)
    assert (len(case.pictures), case.kind) == (12, PictureKind.CT)
    assert is_series(case)
    engine = ScriptedExecutor()
    async with engine:
        await analyst(ward, engine).work_once()
    assert engine.requests[-1].pictures == tuple(f"windows {n}".encode() for n in range(1, 13))
    assert engine.requests[-1].kind is PictureKind.CT


async def test_a_scan_is_never_offered_to_be_split_and_its_card_shows_a_few_slices(
    ward: Clinic, talk: Talk
) -> None:
    amina = await ward.enrol(7)
    await talk.document(amina, A_ZIP, caption="")
    assert "split" not in str(await talk.replies())
    async with conversation(ward) as chat:
        await chat.delivered()
        said = await chat.types(amina, "/case 1")
    pictures = [each for each in said if each.picture is not None]
    assert [each.reply.text for each in pictures] == [
        f"C-0001 · picture {number} of 12" for number in (1, 5, 8, 12)
    ]
    assert "12 of 30 slices, evenly spaced" in words(said)


async def test_a_zip_that_cannot_be_read_is_no_case_and_leaves_nothing(
    ward: Clinic, talk: Talk
) -> None:
    await talk.document(await ward.enrol(7), b"PK\x03\x04 damaged")
    assert "damaged" in (await talk.texts())[0]
    assert await ward.store.cases.get(CaseId(1)) is None


class OfThreeSlices(ScriptedExecutor):
    """An engine that looks at no more than three slices."""

    @override
    def status(self) -> EngineStatus:
        return replace(super().status(), slices=3)


async def test_the_engine_gets_the_budget_and_the_sender_sees_slice_after_slice(
    ward: Clinic,
) -> None:
    case = await ward.open_case(await ward.enrol(7))
    with_files = [replace(each, name=(await ward.picture()).name) for each in SCAN[:5]]

    def store(tx: object) -> None:
        for place, each in enumerate(with_files):
            tx.run(  # type: ignore[attr-defined]
                "INSERT OR REPLACE INTO pictures (case_id, ordinal, name, sha256, media_type,"
                " width_px, height_px, note)"
                " VALUES (1, :place, :name, '', 'image/png', 9, 9, :note)",
                place=place,
                name=each.name,
                note=f'{{"frame": {place + 1}, "frames": 5}}',
            )

    await ward.database.write(store)
    delivery = await ward.store.outbox.take([])
    assert delivery is not None
    await ward.store.outbox.sent(delivery, MessageId(900))
    shown: list[str] = []

    async def show(_chat_id: ChatId, _message_id: MessageId, reply: Reply) -> None:
        shown.append(reply.text)

    engine = OfThreeSlices([ScriptedAnswer(delay_s=1)], sleep=instantly)
    async with engine:
        await analyst(ward, engine, show=show, sleep=instantly).work_once()
    asked = engine.requests[-1]
    assert (len(asked.pictures), asked.series, asked.views) == (3, True, ())
    assert any("of 3 slices looked at" in text for text in shown)
    answered = await ward.store.cases.get(case.case_id)
    assert answered is not None
    assert len(answered.pictures) == 5, "the others stay"


async def test_of_several_series_in_one_file_it_is_said_that_the_longest_is_read(
    ward: Clinic,
) -> None:
    note = PictureNote(frame=1, frames=30, stacks=3)
    case = await scanned(ward, tuple(replace(each, note=note) for each in SCAN[:12]))
    assert slices(case, translator(Language.ENGLISH)) == (
        "12 of 30 slices, evenly spaced; the longest of 3 series in the file"
    )
