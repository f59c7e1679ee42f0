"""A newer film beside an older one: offered, confirmed by a person, read, said with both dates."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.audit import Act
from bot.domain.cases import Case, StoredPicture
from bot.domain.comparisons import pair_of
from bot.domain.corrections import WithdrawalReason
from bot.domain.messages import Outgoing
from bot.domain.people import Person, Role
from bot.domain.retention import Retention
from inference.contract import (
    Comparison,
    EngineInfo,
    EngineState,
    EngineStatus,
    PictureKind,
    Sex,
    Tier,
)
from inference.scripted import ScriptedAnswer, ScriptedExecutor
from pictures import PictureNote, ViewPosition
from pictures.picture import PhotoFault
from tests.analyst_world import analyst
from tests.bot_conversation import OTHER, SUPERVISOR, WORKER, Conversation, buttons, words
from tests.bot_world import ENGINE
from tests.unit.test_bot_deletion import Chats, deleter

NEWER_ENGINE = EngineInfo(model="medgemma-1.5-4b-it", tier=Tier.BIT16, practice=False)
CHANGES = "Consolidation: improved\nPleural effusion: worsened\nPneumothorax: unchanged"
WEEK_S = 7 * 24 * 3600


class Ward:
    """A chat over a clinic whose engine is scripted."""

    def __init__(self, chat: Conversation, engine: EngineInfo = NEWER_ENGINE) -> None:
        self.chat = chat
        self.engine = ScriptedExecutor(engine=engine)
        status = EngineStatus(state=EngineState.READY, engine=engine)
        chat.clinic.services = replace(chat.clinic.services, engine=lambda: status)
        chat.application.bot_data["services"] = chat.clinic.services

    async def film(
        self, sender: Person, caption: str = "F 54 ref 4471", **told: object
    ) -> list[Outgoing]:
        """Somebody's film is sent and read; what is said of it."""
        self.chat.clinic.film = f"film {told}{caption}{self.chat.clinic.next_message_id}".encode()
        await self.chat.clinic.open_case(sender, caption=caption)
        await self.chat.delivered()
        return await self.read()

    async def read(self, text: str | None = None) -> list[Outgoing]:
        """The next reading is made."""
        if text is not None:
            self.engine._answers.append(ScriptedAnswer(text=text))
        async with self.engine:
            assert await analyst(self.chat.clinic, self.engine).work_once()
        return await self.chat.delivered()

    async def case(self, number: int) -> Case:
        case = await self.chat.clinic.store.cases.get(number)  # type: ignore[arg-type]
        assert case is not None
        return case


async def two_films(chat: Conversation, sender: Person) -> tuple[Ward, list[Outgoing]]:
    """Two films under one reference, a week apart; what was said with the second's answer."""
    ward = Ward(chat)
    await ward.film(sender)
    chat.clinic.clock.advance(WEEK_S)
    return ward, await ward.film(sender)


async def test_an_older_film_of_the_reference_is_offered_with_its_day(chat: Conversation) -> None:
    worker = await chat.enrol(WORKER)
    _, said = await two_films(chat, worker)
    assert "An earlier film has the same reference: C-0001 of 2 Mar 2026." in words(said)
    assert buttons(said)[-2:] == ["compare:2:1", "case:1"]


async def test_nothing_is_compared_before_a_person_confirms_it(chat: Conversation) -> None:
    worker = await chat.enrol(WORKER)
    ward, _ = await two_films(chat, worker)
    async with ward.engine:
        assert not await analyst(chat.clinic, ward.engine).work_once()


async def test_both_films_are_read_together_the_older_first_with_their_days(
    chat: Conversation,
) -> None:
    worker = await chat.enrol(WORKER)
    ward, _ = await two_films(chat, worker)
    queued = await chat.presses(worker, "compare:2:1")
    assert "C-0002 will be compared with C-0001 of 2 Mar 2026" in words(queued)
    await ward.read(CHANGES)
    older, newer = await ward.case(1), await ward.case(2)
    files = chat.clinic.store.pictures
    asked = ward.engine.requests[-1]
    assert asked.pictures == tuple(
        [await files.get(case.pictures[0].name) for case in (older, newer)]
    )
    assert asked.comparison == Comparison(prior="2026-03-02", current="2026-03-09")
    assert (asked.question, asked.kind, asked.views) == (None, PictureKind.CHEST, ())


async def test_the_answer_says_both_days_the_changes_and_the_models_own_words(
    chat: Conversation,
) -> None:
    worker = await chat.enrol(WORKER)
    ward, _ = await two_films(chat, worker)
    await chat.presses(worker, "compare:2:1")
    said = words(await ward.read(CHANGES))
    assert "C-0002 of 9 Mar 2026, compared with C-0001 of 2 Mar 2026" in said
    for line in ("Consolidation: improved", "Pleural effusion: worsened"):
        assert said.count(line) == 2, "once as understood, once as the model wrote it"
    assert "A clinician must verify" in said


async def test_no_change_is_claimed_that_the_text_does_not_plainly_state(
    chat: Conversation,
) -> None:
    worker = await chat.enrol(WORKER)
    ward, _ = await two_films(chat, worker)
    await chat.presses(worker, "compare:2:1")
    said = words(await ward.read("The effusion may have improved or not."))
    assert "No change is plainly stated. Read the model's words." in said
    assert "Pleural effusion: " not in said


async def test_the_case_shows_its_comparison_and_the_log_who_asked_for_it(
    chat: Conversation,
) -> None:
    worker = await chat.enrol(WORKER)
    ward, _ = await two_films(chat, worker)
    await chat.presses(worker, "compare:2:1")
    await ward.read(CHANGES)
    card = words(await chat.types(worker, "/case 2"))
    assert "C-0002 of 9 Mar 2026, compared with C-0001 of 2 Mar 2026" in card
    assert "Pleural effusion: worsened" in card
    entries = await chat.clinic.store.audit.newest(20)
    compared = [entry for entry in entries if entry.act is Act.COMPARED]
    assert [(entry.name, entry.subject) for entry in compared] == [("Person 1", "C-0002 C-0001")]


async def test_the_button_stands_on_the_card_too_where_a_reference_was_told_later(
    chat: Conversation,
) -> None:
    worker, ward = await chat.enrol(WORKER), Ward(chat)
    await ward.film(worker)
    said = await ward.film(worker, "F 54")
    assert "compare:2:1" not in buttons(said)
    await chat.presses(worker, "fix:2:reference")
    await chat.types(worker, "4471")
    assert "compare:2:1" in buttons(await chat.types(worker, "/case 2"))


async def test_a_press_served_twice_or_again_compares_once(chat: Conversation) -> None:
    worker = await chat.enrol(WORKER)
    ward, _ = await two_films(chat, worker)
    press = chat.press(worker, "compare:2:1", 77)
    await chat.serve(press, 4000)
    await chat.serve(press, 4000)
    await chat.presses(worker, "compare:2:1", 78)
    await ward.read(CHANGES)
    async with ward.engine:
        assert not await analyst(chat.clinic, ward.engine).work_once()


async def test_medgemma_1_0_is_offered_no_comparison(chat: Conversation) -> None:
    worker, ward = await chat.enrol(WORKER), Ward(chat, ENGINE)
    await ward.film(worker)
    said = await ward.film(worker)
    assert "compare:2:1" not in buttons(said)
    assert "compare:2:1" not in buttons(await chat.types(worker, "/case 2"))
    assert await chat.presses(worker, "compare:2:1") == []
    assert chat.button_answers()[-1] == "The model that runs now cannot compare films."


async def test_what_another_model_answers_meanwhile_is_no_comparison(chat: Conversation) -> None:
    worker = await chat.enrol(WORKER)
    await two_films(chat, worker)
    await chat.presses(worker, "compare:2:1")
    said = words(await Ward(chat, ENGINE).read(CHANGES))
    assert "C-0002 could not be compared with C-0001" in said
    assert "worsened" not in said


async def test_a_film_of_somebody_elses_is_not_offered_nor_told_of(chat: Conversation) -> None:
    worker, other = await chat.enrol(WORKER), await chat.enrol(OTHER)
    ward = Ward(chat)
    await ward.film(other)
    assert "C-0001" not in words(await ward.film(worker))
    assert await chat.presses(worker, "compare:2:1") == []
    supervisor = await chat.enrol(SUPERVISOR, Role.SUPERVISOR)
    assert "compare:2:1" in buttons(await chat.types(supervisor, "/case 2"))


async def test_a_later_question_is_told_nothing_of_a_comparison(chat: Conversation) -> None:
    """The older film is not before the model then."""
    worker = await chat.enrol(WORKER)
    ward, _ = await two_films(chat, worker)
    await chat.presses(worker, "compare:2:1")
    await ward.read(CHANGES)
    await chat.clinic.ask(await ward.case(2))
    await ward.read()
    assert ward.engine.requests[-1].history == ()


async def test_a_comparison_that_names_something_critical_raises_the_case(
    chat: Conversation,
) -> None:
    worker = await chat.enrol(WORKER)
    ward = Ward(chat)
    for _ in range(2):
        ward.engine._answers.append(ScriptedAnswer(text="FINDINGS: Clear.\nURGENCY: routine"))
        await ward.film(worker)
    await chat.presses(worker, "compare:2:1")
    await ward.read("Pneumothorax: worsened")
    reading = (await ward.case(2)).reading
    assert reading is not None
    assert reading.urgency.alarming


async def test_a_comparison_goes_with_the_older_film_where_its_patient_is_forgotten(
    chat: Conversation,
) -> None:
    """The newer case was this patient's by mistake, and its reference was set right since."""
    worker = await chat.enrol(WORKER)
    supervisor = await chat.enrol(SUPERVISOR, Role.SUPERVISOR)
    ward, _ = await two_films(chat, worker)
    await chat.presses(worker, "compare:2:1")
    said = await ward.read("Zanzibarite: worsened")
    answer_id = chat.id_of(said, "Zanzibarite")
    await chat.presses(worker, "fix:2:reference")
    await chat.types(worker, "9999")
    await chat.types(supervisor, "/forget 4471")
    await chat.presses(supervisor, "forget!:1:1")
    told = Chats()
    await deleter(chat.clinic, told).finish()
    (deleted,) = told.told
    assert (worker.chat_id, answer_id) in deleted.messages
    card = words(await chat.types(worker, "/case 2"))
    assert "C-0002" in card
    assert "Zanzibarite" not in card
    assert "C-0001" not in card
    assert "C-0002" not in words(await chat.types(worker, "/search zanzibarite"))


async def test_an_older_film_stays_while_it_is_waited_for(chat: Conversation) -> None:
    worker = await chat.enrol(WORKER)
    ward, _ = await two_films(chat, worker)
    await chat.presses(worker, "compare:2:1")
    await chat.clinic.sign_off((await ward.case(1)).case_id)
    five_days = Retention(cases=timedelta(days=5), pictures=timedelta(days=5))
    assert await deleter(chat.clinic, Chats()).sweep(five_days) == ()
    await ward.read(CHANGES)
    (gone,) = await deleter(chat.clinic, Chats()).sweep(five_days)
    assert gone.case_id == 1


def film(note: PictureNote | None = None) -> StoredPicture:
    return StoredPicture(
        name=f"{note}", sha256="", media_type="image/png", width_px=9, height_px=9, note=note
    )


PA, AP, SIDEWAYS = (
    film(PictureNote(view=view))
    for view in (ViewPosition.PA, ViewPosition.AP, ViewPosition.LATERAL)
)
PHOTO = film()


@pytest.mark.parametrize(
    ("older", "newer", "view"),
    [
        ((PHOTO,), (PHOTO,), None),
        ((PA,), (PA,), ViewPosition.PA),
        ((PHOTO,), (PA,), ViewPosition.PA),
        ((SIDEWAYS, PA), (PA, SIDEWAYS), ViewPosition.PA),
    ],
)
async def test_films_of_one_frontal_view_may_be_compared(
    chat: Conversation,
    older: tuple[StoredPicture, ...],
    newer: tuple[StoredPicture, ...],
    view: ViewPosition | None,
) -> None:
    prior, case = await two_cases(chat)
    pair = pair_of(replace(case, pictures=newer), replace(prior, pictures=older))
    assert pair is not None
    assert pair.view == view


@pytest.mark.parametrize(
    ("older", "newer"),
    [
        ((PA,), (AP,)),
        ((SIDEWAYS,), (SIDEWAYS,)),
        ((PHOTO,), (SIDEWAYS,)),
        ((PHOTO, PHOTO), (PHOTO,)),
        ((), (PHOTO,)),
    ],
)
async def test_films_of_different_or_unknown_views_may_not(
    chat: Conversation, older: tuple[StoredPicture, ...], newer: tuple[StoredPicture, ...]
) -> None:
    prior, case = await two_cases(chat)
    assert pair_of(replace(case, pictures=newer), replace(prior, pictures=older)) is None


async def test_what_tells_two_patients_or_two_kinds_apart_is_not_compared(
    chat: Conversation,
) -> None:
    prior, case = await two_cases(chat)
    assert pair_of(case, prior) is not None
    man = replace(case.patient, sex=Sex.MALE)
    woman = replace(case.patient, sex=Sex.FEMALE)
    assert pair_of(replace(case, patient=man), replace(prior, patient=woman)) is None
    assert pair_of(replace(case, kind=PictureKind.BONE), prior) is None
    assert pair_of(case, replace(prior, kind=PictureKind.CT)) is None
    assert pair_of(replace(case, patient_reference="4472"), prior) is None
    assert pair_of(replace(case, patient_reference=None), prior) is None
    assert pair_of(prior, case) is None, "the older comes first"


async def test_a_poor_photo_is_compared_with_nothing(chat: Conversation) -> None:
    prior, case = await two_cases(chat)
    blurred = (film(PictureNote(faults=(PhotoFault.BLUR,))),)
    good = (film(PictureNote(faults=())),)
    assert pair_of(replace(case, pictures=good), replace(prior, pictures=good)) is not None
    assert pair_of(replace(case, pictures=blurred), replace(prior, pictures=good)) is None
    assert pair_of(replace(case, pictures=good), replace(prior, pictures=blurred)) is None


async def test_what_was_withdrawn_is_not_compared(chat: Conversation) -> None:
    worker, ward = await chat.enrol(WORKER), Ward(chat)
    await ward.film(worker)
    await chat.presses(worker, f"withdraw:1:{WithdrawalReason.PICTURE}:yes")
    assert "compare:2:1" not in buttons(await ward.film(worker))


async def two_cases(chat: Conversation) -> tuple[Case, Case]:
    worker = await chat.enrol(WORKER)
    prior = await chat.clinic.open_case(worker, caption="ref 4471")
    return prior, await chat.clinic.open_case(worker, caption="ref 4471")
