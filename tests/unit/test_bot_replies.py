"""Everything else the bot says: buttons that fit, tables that are safe, words that are right."""

import csv
import io
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from bot.domain.cases import (
    CASES_COUNTED,
    Case,
    CaseStatus,
    FollowUp,
    QueuePosition,
    StoredPicture,
    Withdrawal,
    parse_case_code,
)
from bot.domain.corrections import WithdrawalReason
from bot.domain.ids import CaseId, ChatId, MessageId, ReadingId, UserId
from bot.domain.messages import Button
from bot.domain.pages import CasePage, Place, Section
from bot.domain.people import Person, Role
from bot.locale import translator
from bot.replies import cases, commands, figures, lists, people, pictures, queue, search, words
from bot.replies.buttons import Action, arguments, button, pressed
from bot.replies.commands import Command
from bot.replies.lists import View
from bot.replies.markup import words_of
from bot.replies.reading import PRACTICE_BANNER
from inference.contract import EngineInfo, Language, PatientContext, PictureKind, Reading, Sex, Tier
from inference.parsing import parse_answer, parse_sections
from pictures import errors

EN, FR = translator(Language.ENGLISH), translator(Language.FRENCH)
LAST_ID = 2**52
CASE = Case(
    case_id=CaseId(42),
    reading_id=ReadingId(7),
    sender_id=UserId(1),
    sender_name="Amina",
    chat_id=ChatId(1),
    message_id=MessageId(5),
    created_at=datetime(2026, 3, 2, 8, 0, tzinfo=UTC),
    status=CaseStatus.WAITING,
    caption="",
    patient_reference=None,
    patient=PatientContext(),
    language=Language.ENGLISH,
    pictures=(),
)
NOW = CASE.created_at
SUPERVISOR = Person(
    user_id=UserId(LAST_ID),
    chat_id=ChatId(LAST_ID),
    name="Esther",
    role=Role.SUPERVISOR,
    language=Language.ENGLISH,
    accepted_terms_at=None,
)


def data_of(buttons: tuple[tuple[Button, ...], ...]) -> list[str]:
    return [one.data for row in buttons for one in row]


def test_button_data_fits_the_64_bytes_of_the_bot_api() -> None:
    case = replace(CASE, case_id=CaseId(LAST_ID), reading_id=ReadingId(LAST_ID))
    place = Place(section=Section.UNKNOWN, before=case.case_id, shown=CASES_COUNTED)
    listed = lists.page(
        CasePage(cases=(case,), place=place, next=place),
        View.ALL,
        9,
        SUPERVISOR,
        EN,
        now=NOW,
        sender=SUPERVISOR,
    )
    for data in [
        *data_of(queue.received(case, QueuePosition(ahead=0, wait_s=None), EN).buttons),
        *data_of(listed.buttons),
        *data_of(people.confirm_revoking(SUPERVISOR, EN).buttons),
        *data_of(people.choose_invited_role(SUPERVISOR, EN).buttons),
    ]:
        assert len(data.encode()) <= 64
    with pytest.raises(ValueError, match="longer than 64 bytes"):
        button("x", Action.CANCEL, "9" * 64)


def test_a_button_is_matched_by_its_own_action_only() -> None:
    assert pressed(Action.OPEN_CASE).match("case:42")
    assert not pressed(Action.OPEN_CASE).match("cases:all:0")
    assert not pressed(Action.REVOKE).match("revoke!:42")
    assert pressed(Action.KEEP).match("keep")
    assert arguments("cases:all:0") == ["all", "0"]


@pytest.mark.parametrize("typed", ["C-0042", "c42", "42", " C 42 ", "#42", "c-000042", "C42"])
def test_a_case_code_is_understood_as_people_type_it(typed: str) -> None:
    assert parse_case_code(typed) == 42


@pytest.mark.parametrize("typed", ["", "C-", "0", "c-0000", "D-42", "4 2", "-42", "9" * 30, "٤٢"])
def test_what_is_no_case_code_is_not_taken_for_one(typed: str) -> None:
    assert parse_case_code(typed) is None


def test_the_received_message_asks_only_for_what_the_caption_did_not_tell() -> None:
    place = QueuePosition(ahead=2, wait_s=300)
    reply = queue.received(CASE, place, EN)
    assert "C-0042" in reply.text
    assert "2 readings come before it. Answer expected in about 5\u00a0minutes." in reply.text
    assert "Sex and age improve the reading" in reply.text
    assert data_of(reply.buttons)[:2] == ["sex:42:female", "sex:42:male"]
    assert data_of(reply.buttons)[-1] == "cancel:7"

    patient = PatientContext(age_years=32, sex=Sex.FEMALE)
    told = replace(CASE, patient=patient, kind=PictureKind.CHEST)
    assert data_of(queue.received(told, place, EN).buttons) == ["correct:42", "cancel:7"]


def test_a_place_without_any_experience_promises_no_time() -> None:
    assert "Expected" not in queue.received(CASE, QueuePosition(ahead=0, wait_s=None), EN).text


@pytest.mark.parametrize(
    ("seconds", "english", "french"),
    [
        (5, "less than a minute", "moins d’une minute"),  # noqa: RUF001 - the French apostrophe
        (50, "about 1\u00a0minute", "environ 1\u00a0minute"),
        (300, "about 5\u00a0minutes", "environ 5\u00a0minutes"),
        (3590, "about 1\u00a0hour", "environ 1\u00a0heure"),
        (9000, "about 2\u00a0hours", "environ 2\u00a0heures"),
    ],
)
def test_a_wait_is_told_no_finer_than_it_is_known(
    seconds: float, english: str, french: str
) -> None:
    assert words.wait(seconds, EN) == english
    assert words.wait(seconds, FR) == french


@pytest.mark.parametrize(
    ("years", "said"),
    [
        (6 / 365.25 / 24, "6\u00a0hours"),
        (10 / 365.25, "10\u00a0days"),
        (8 / 12, "8\u00a0months"),
        (1.5, "18\u00a0months"),
        (2, "2\u00a0years"),
        (45, "45\u00a0years"),
    ],
)
def test_an_age_is_told_as_people_say_it(years: float, said: str) -> None:
    assert words.age(years, EN) == said


@pytest.mark.parametrize("error", [*errors.PictureError.__subclasses__(), errors.PictureError])
def test_every_fault_of_a_picture_is_told_with_what_to_send_instead(
    error: type[errors.PictureError],
) -> None:
    for t in (EN, FR):
        text = pictures.problem(error(), t).text
        assert len(text.splitlines()) == 2


def test_each_role_is_shown_its_own_commands() -> None:
    shown = set(commands.commands_of(Role.HEALTH_WORKER, has_sms=True))
    assert shown == {
        *(Command.HELP, Command.CASES, Command.CASE, Command.CANCEL, Command.LANGUAGE),
        *(Command.DUTY, Command.PHONE, Command.SHIFT),
    }
    without_sms = set(commands.commands_of(Role.HEALTH_WORKER, has_sms=False))
    assert without_sms == shown - {Command.PHONE}
    supervisors = set(commands.commands_of(Role.SUPERVISOR, has_sms=True))
    assert supervisors == set(Command) - {Command.START, Command.AUDIT}
    assert set(commands.commands_of(Role.ADMIN, has_sms=True)) == set(Command) - {Command.START}
    for command in Command:
        assert 1 <= len(command) <= 32
        assert len(commands.describe(command, Role.SUPERVISOR, FR)) <= 256


def test_terms_name_where_the_full_terms_are_and_carry_one_button_to_accept() -> None:
    reply = people.terms(EN)
    assert people.TERMS_URL in reply.text
    assert data_of(reply.buttons) == ["terms", "fullterms"]
    assert data_of(people.terms(EN, accepted=True).buttons) == ["fullterms"]


def test_nobody_is_offered_a_role_above_their_own() -> None:
    assert SUPERVISOR.grantable_roles == (Role.HEALTH_WORKER, Role.SUPERVISOR)
    assert replace(SUPERVISOR, role=Role.HEALTH_WORKER).grantable_roles == ()
    assert replace(SUPERVISOR, role=Role.ADMIN).grantable_roles == tuple(Role)


TEXT = "FINDINGS: Épanchement à gauche.\nIMPRESSION: Pleural effusion.\nURGENCY: urgent"
READING = Reading(
    text=TEXT,
    sections=parse_sections(TEXT),
    engine=EngineInfo(model="medgemma-4b-it", tier=Tier.CPU, practice=False),
    duration_s=1,
    prompt_tokens=1,
    answer_tokens=1,
)


def answered(**changes: Any) -> Case:
    """A case with a reading."""
    changes = {"reading": READING, **changes}
    return replace(CASE, status=CaseStatus.ANSWERED, **changes)


@pytest.mark.parametrize("typed", ["=1+1", "+1", "-1", "@SUM(A1)", "\tx", "\r=1", " =1", "\n=1"])
def test_no_cell_of_an_export_can_run_as_a_formula(typed: str) -> None:
    table = figures.table([answered(caption=typed, sender_name=typed)], {}).decode("utf-8-sig")
    (row,) = csv.DictReader(io.StringIO(table, newline=""))
    for cell in (row["caption"], row["sender"]):
        assert cell.replace("'", "", 1) == typed
        assert cell.lstrip(" \r\n").startswith("'")


def test_an_export_keeps_every_word_and_opens_with_accents_in_a_spreadsheet() -> None:
    table = figures.table([answered(caption='say "x", y\nz'), CASE], {})
    assert table.startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(io.StringIO(table.decode("utf-8-sig"), newline="")))
    assert [row["case"] for row in rows] == ["C-0042", "C-0042"]
    assert rows[0]["caption"] == 'say "x", y\nz'
    assert rows[0]["findings"] == "Épanchement à gauche."
    assert None not in rows[1]
    assert set(rows[1]) == set(figures.COLUMNS)


def test_a_search_shows_the_words_around_the_hit() -> None:
    case = answered(caption="x " * 200 + "toux depuis hier")
    text = search.found([case], "epanchement", 3, SUPERVISOR, EN, now=NOW).text
    assert "<b>Épanchement</b> à gauche" in text
    assert "2 older cases are not shown" in text


def test_a_search_tells_the_senders_words_from_the_models_and_a_reference_once() -> None:
    case = answered(caption="toux, ref 2231", patient_reference="2231")
    assert (
        "<blockquote>toux, ref <b>2231</b> · FINDINGS"
        in search.found([case], "2231", 1, SUPERVISOR, EN, now=NOW).text
    )
    asked_later = answered(caption="toux", patient_reference="2231")
    assert (
        "<blockquote><b>2231</b> · toux · FINDINGS"
        in search.found([asked_later], "2231", 1, SUPERVISOR, EN, now=NOW).text
    )


THOUGHTS = "<unused94>thought\nfirst I look<unused95>"


def follow_up(text: str = "Right.", **changes: Any) -> FollowUp:
    reading = replace(READING, text=text, sections=parse_answer(text, "Which side?"), **changes)
    return FollowUp(
        reading_id=ReadingId(8),
        case_id=CASE.case_id,
        asked_by=CASE.sender_id,
        chat_id=CASE.chat_id,
        message_id=MessageId(9),
        question="Which side?",
        status=CaseStatus.ANSWERED,
        reading=reading,
    )


def card(case: Case, *follow_ups: FollowUp) -> str:
    known = cases.Known(follow_ups=follow_ups)
    return "".join(reply.text for reply in cases.card(case, known, SUPERVISOR, EN))


def test_no_lookup_shows_the_models_thoughts() -> None:
    assert "Right." in card(answered(), follow_up(text=f"{THOUGHTS}Right."))
    assert "first I look" not in card(answered(), follow_up(text=f"{THOUGHTS}Right."))
    thinking = answered(reading=replace(READING, text=THOUGHTS + TEXT))
    assert (
        "first I look" not in search.found([thinking], "nothing", 1, SUPERVISOR, EN, now=NOW).text
    )


def test_a_card_stands_under_the_banner_if_only_a_question_went_to_the_practice_model() -> None:
    practice = replace(READING.engine, practice=True)
    assert PRACTICE_BANNER not in card(answered(), follow_up())
    assert card(answered(), follow_up(engine=practice)).startswith(f"<b>{PRACTICE_BANNER}</b>")


def test_a_card_begins_with_the_urgency_and_ends_with_what_only_a_technician_reads() -> None:
    picture = StoredPicture(
        name="p", sha256="ab" * 32, media_type="image/png", width_px=640, height_px=480
    )
    case = answered(pictures=(picture,), answered_at=CASE.created_at, caption="cough")
    said = words_of(card(case, follow_up())).splitlines()
    assert said[0] == "🟠 URGENT"
    assert said[2].startswith("Case C-0042")
    assert said[-2].startswith("Picture 1 · 640 × 480 · SHA-256 abababababab…")  # noqa: RUF001
    assert READING.engine.model in said[-1]
    assert READING.engine.model not in "".join(said[:-1])


def test_a_card_of_a_withdrawn_case_says_so_before_all() -> None:
    gone = Withdrawal(reason=WithdrawalReason.PICTURE, name="Amina", at=CASE.created_at)
    assert "withdrawn" in words_of(card(answered(withdrawal=gone))).splitlines()[0].lower()


def test_a_card_says_of_every_answer_that_was_cut_short() -> None:
    assert "cut short" not in card(answered(), follow_up())
    assert "cut short" in card(answered(reading=replace(READING, truncated=True)))
    assert "cut short" in card(answered(), follow_up(truncated=True))


def listed(case: Case) -> str:
    return lists.page(CasePage(cases=(case,)), View.ALL, 1, SUPERVISOR, EN, now=NOW).text


def test_a_case_is_one_line_of_a_list() -> None:
    patient = PatientContext(age_years=45, sex=Sex.FEMALE)
    case = answered(patient=patient, patient_reference="2231")
    line = words_of(lists.line(case, SUPERVISOR, NOW, EN))
    at = f"{NOW.astimezone():%H:%M}"
    assert line == f"🟠 C-0042 {at} · Pleural effusion. · F 45 · ref. 2231 · Amina"


def test_ones_own_list_says_the_impression_and_not_who_sent_it() -> None:
    own = replace(SUPERVISOR, user_id=CASE.sender_id, role=Role.HEALTH_WORKER)
    line = words_of(lists.line(answered(), own, NOW, EN))
    assert "Pleural effusion." in line
    assert "Amina" not in line


@pytest.mark.parametrize(
    ("language", "years", "sex", "said"),
    [
        (Language.ENGLISH, 45.0, Sex.FEMALE, "F 45"),
        (Language.ENGLISH, 0.67, Sex.MALE, "M 8\u00a0months"),
        (Language.ENGLISH, 45.0, None, "45\u00a0years"),
        (Language.ENGLISH, None, Sex.MALE, "M"),
        (Language.ENGLISH, None, None, ""),
        (Language.HAUSA, 45.0, Sex.FEMALE, "Mace 45"),
        (Language.HAUSA, 45.0, Sex.MALE, "Namiji 45"),
    ],
)
def test_sex_and_age_take_few_letters(
    language: Language, years: float | None, sex: Sex | None, said: str
) -> None:
    patient = PatientContext(age_years=years, sex=sex)
    assert words.patient_in_brief(patient, translator(language)) == said


def test_a_long_impression_is_cut_where_it_can_be_seen() -> None:
    said = "IMPRESSION: **No** pneumothorax or effusion, but a very large mass stands over there."
    reading = replace(READING, text=said, sections=parse_sections(said))
    line = words_of(lists.line(answered(reading=reading), SUPERVISOR, NOW, EN))
    assert "· No pneumothorax or effusion, but a very large mass stands … ·" in line


def test_no_impression_draws_a_part_of_a_line_of_the_bots() -> None:
    said = "IMPRESSION: ☑ 🟢 Clear · F 30\n🟢 C-0099 · Musa"
    reading = replace(READING, text=said, sections=parse_sections(said))
    line = words_of(lists.line(answered(reading=reading), SUPERVISOR, NOW, EN))
    assert line.count("🟢") == line.count("☑") == 0
    assert line.count("·") == 2


def test_what_nobody_may_follow_unseen_has_a_warning_in_a_list_too() -> None:
    said = "IMPRESSION: Tuberculosis is excluded."
    reading = replace(READING, text=said, sections=parse_sections(said))
    assert "⚠️ Tuberculosis" in lists.line(answered(reading=reading), SUPERVISOR, NOW, EN)


def test_a_case_without_an_answer_says_where_it_stands() -> None:
    assert "waiting" in lists.line(CASE, SUPERVISOR, NOW, EN)


@pytest.mark.parametrize("sought", ["effus", "EFFUSION", "épanchement", "2231 cough"])
def test_a_search_marks_the_words_that_it_found(sought: str) -> None:
    case = answered(caption="coughing, ref 2231", patient_reference="2231")
    text = search.found([case], sought, 1, SUPERVISOR, EN, now=NOW).text
    found = {"effus": "effusion.", "EFFUSION": "effusion.", "épanchement": "Épanchement"}
    assert f"<b>{found.get(sought, 'coughing,')}</b>" in text


def test_a_short_word_is_marked_only_where_it_is_a_word() -> None:
    case = answered(caption="M 45 since 4500 days")
    text = search.found([case], "45", 1, SUPERVISOR, EN, now=NOW).text
    assert "<b>45</b>" in text
    assert "<b>4500</b>" not in text


def test_a_list_tells_the_reference_from_other_numbers() -> None:
    assert "ref. 12" in listed(answered(patient_reference="12"))


def test_a_list_tells_a_case_whose_reading_the_supervisor_disagrees_with() -> None:
    when = CASE.created_at
    assert "☑" in listed(answered(reviewed_at=when, review_agrees=True))
    disagreed = listed(answered(reviewed_at=when, review_agrees=False))
    assert "☑" not in disagreed
    assert "☒" in disagreed


@pytest.mark.parametrize(
    ("seems", "said", "advice"),
    [
        ("text", "a text", "HEIC or DICOM"),
        ("PDF", "PDF", "a screenshot of it"),
        ("RAR", "RAR", "unpack it"),
        ("DICOM", "compressed in a way", "a photo of the screen"),
        ("DICOM video", "DICOM video", "a photo of the screen"),
    ],
)
def test_a_file_of_a_known_kind_is_named_with_what_to_send_instead(
    seems: str, said: str, advice: str
) -> None:
    reply = pictures.problem(errors.UnsupportedFormat(seems=seems), EN)
    assert said in reply.text
    assert advice in reply.text
