"""What stands in an answer, and that the model's own words are neither changed nor lost."""

import html
import re
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.cases import Case, CaseStatus, StoredPicture
from bot.domain.ids import CaseId, ChatId, MessageId, ReadingId, UserId
from bot.locale import Translator, translator
from bot.replies import reading as replies
from bot.replies.reading import PRACTICE_BANNER
from inference.contract import (
    EngineInfo,
    Language,
    PatientContext,
    PictureKind,
    Reading,
    ScoredUrgency,
    Sex,
    Tier,
    Urgency,
)
from inference.parsing import parse_answer, parse_sections
from pictures import PhotoFault, PictureNote, ViewPosition
from tests.model_answers import ANSWERS, Answer

EN, FR = translator(Language.ENGLISH), translator(Language.FRENCH)
MEDGEMMA = EngineInfo(model="medgemma-4b-it", tier=Tier.BIT4, practice=False, known_release=True)
PRACTICE = EngineInfo(model="practice", tier=Tier.CPU, practice=True)
TEXT = (
    "FINDINGS: Opacity in the right upper zone.\nIMPRESSION: Pneumonia.\n"
    "URGENCY: urgent\nRECOMMENDATION: Antibiotics, review in 48 hours."
)
CASE = Case(
    case_id=CaseId(42),
    reading_id=ReadingId(7),
    sender_id=UserId(1),
    sender_name="Amina <i>",
    chat_id=ChatId(1),
    message_id=MessageId(5),
    created_at=datetime(2026, 3, 2, 8, 0, tzinfo=UTC),
    status=CaseStatus.ANSWERED,
    caption="F 32 cough",
    patient_reference="2231",
    patient=PatientContext(age_years=32, sex=Sex.FEMALE, indication="F 32 cough"),
    language=Language.ENGLISH,
    pictures=(),
)


def made(text: str = TEXT, engine: EngineInfo = MEDGEMMA, *, truncated: bool = False) -> Reading:
    return Reading(
        text=text,
        sections=parse_sections(text),
        engine=engine,
        duration_s=38.2,
        prompt_tokens=300,
        answer_tokens=60,
        truncated=truncated,
    )


def answer(reading: Reading, t: Translator = EN, case: Case = CASE) -> str:
    """The text of an answer that fits into one message."""
    (reply,) = replies.answer(case, reading, t)
    return reply.text


def test_weights_that_nobody_knows_are_called_so_under_every_answer() -> None:
    unknown = replace(MEDGEMMA, known_release=False)
    assert "medgemma-4b-it, 4-bit, not a known release · " in answer(made(engine=unknown))
    assert "known release" not in answer(made(engine=PRACTICE))


WHOSE = "<b>C-0042 · ref. 2231 · female, 32\u00a0years</b>"


def test_an_answer_carries_all_that_its_reader_must_know() -> None:
    assert answer(made()) == (
        f"{WHOSE}\n\n"
        "<b>🟠 URGENT</b>\n\n"
        "<b>IMPRESSION</b>\nPneumonia.\n\n"
        "<b>RECOMMENDATION</b>\nAntibiotics, review in 48 hours.\n\n"
        "<blockquote expandable><b>All of it</b>\n"
        "<b>FINDINGS</b>\nOpacity in the right upper zone.\n\n"
        "medgemma-4b-it, 4-bit · 38\u00a0s\n"
        "To ask about the picture, reply to this message.</blockquote>\n\n"
        "<i>AI-generated, preliminary, unverified. Not a medical device. "
        "A clinician must verify.</i>"
    )


def test_an_answer_in_french_has_french_headings_and_the_models_own_words() -> None:
    text = answer(made(), FR)
    for part in ("🟠 URGENT", "CONSTATATIONS", "CONCLUSION", "PROPOSITION DU MODÈLE", "Pneumonia."):
        assert part in text
    assert "N’est pas un dispositif médical" in text  # noqa: RUF001 - the French apostrophe
    assert "féminin, 32\u00a0ans" in text


@pytest.mark.parametrize(
    ("word", "shown"),
    [
        ("critical", "🔴 CRITICAL"),
        ("urgent", "🟠 URGENT"),
        ("routine", "🟢 Routine"),
        ("not stated", "🟡 Urgency unknown: judge by the patient"),
    ],
)
def test_the_urgency_is_a_sign_and_a_word(word: str, shown: str) -> None:
    text = f"FINDINGS: clear.\nURGENCY: {word}"
    assert answer(made(text)).startswith(f"{WHOSE}\n\n<b>{shown}</b>")


@pytest.mark.parametrize("t", [EN, FR])
def test_every_message_of_the_practice_model_has_the_banner_at_its_top(t: Translator) -> None:
    long = made(TEXT + "\n" + "word " * 3000, PRACTICE)
    texts = [reply.text for reply in replies.answer(CASE, long, t)]
    assert len(texts) > 2
    texts += [reply.text for reply in replies.follow_up_answer(CASE, "side?", long, t)]
    texts += [replies.growing(CASE, "FINDINGS: Opa", None, PRACTICE, t).text]
    texts += [replies.urgent_notice(CASE, made(engine=PRACTICE), t).text]
    for text in texts:
        at_top = [line for line in text.splitlines()[:2] if line.startswith("<b>PRACTICE MODEL")]
        assert len(at_top) == text.count("PRACTICE MODEL") == 1
        assert (at_top == [f"<b>{PRACTICE_BANNER}</b>"]) == (t is EN)
        assert ("MODÈLE D" in text) == (t is FR)
    assert ("il répond en anglais" in "".join(texts)) == (t is FR)


def test_the_models_text_is_never_taken_for_markup() -> None:
    text = answer(made("FINDINGS: <b>bold</b> & <script>\nIMPRESSION: a < b"))
    assert "&lt;b&gt;bold&lt;/b&gt; &amp; &lt;script&gt;" in text
    assert "a &lt; b" in text


def test_what_does_not_parse_is_shown_as_it_is() -> None:
    text = answer(made("I see a clear chest.\nNo fracture."))
    unknown = "<b>🟡 Urgency unknown: judge by the patient</b>"
    assert text.startswith(f"{WHOSE}\n\n{unknown}\n\nI see a clear chest.\nNo fracture.\n\n")


def test_what_stands_outside_the_sections_is_shown_under_a_heading_of_its_own() -> None:
    text = answer(made("As an expert I say:\n## FINDINGS: clear.\n**IMPRESSION:** normal."))
    assert "<b>OTHER TEXT FROM THE MODEL</b>\nAs an expert I say:" in text


def test_a_reason_after_the_urgency_is_shown_too() -> None:
    text = answer(made("FINDINGS: air.\nURGENCY: Critical (tension)\nIMPRESSION: pneumothorax."))
    assert "CRITICAL" in text.splitlines()[2]
    assert "<b>URGENCY, IN THE MODEL'S WORDS</b>\nCritical (tension)" in text


_LINES = st.lists(
    st.sampled_from(
        [
            *(
                "FINDINGS: clear lungs",
                "IMPRESSION: normal",
                "URGENCY: routine",
                "URGENCY: maybe",
                "URGENCY: urgent",
            ),
            *("FINDINGS:", "**Impression:** clear", "RECOMMENDATION: none", "preamble", "normal"),
            *("clear", "", "- item <1>", "2. FINDINGS: right"),
        ]
    ),
    max_size=8,
)


@settings(deadline=None)
@given(_LINES)
def test_no_word_of_the_model_is_lost(lines: list[str]) -> None:
    text = "\n".join(lines)
    shown = html.unescape(
        re.sub(r"</?(?:[bi]|blockquote)(?: expandable)?>", "", answer(made(text)))
    )
    headings = {"FINDINGS", "IMPRESSION", "URGENCY", "RECOMMENDATION", "2"}
    for word in re.findall(r"\w+", text):
        assert word.lower() in shown.lower() or word.upper() in headings


def test_of_the_skin_routine_or_benign_never_stands_alone() -> None:
    said = made("FINDINGS: Brown papule.\nIMPRESSION: Benign naevus.\nURGENCY: routine")
    skin = replace(CASE, kind=PictureKind.SKIN)
    (reply,) = replies.answer(skin, said, EN)
    assert "A photo cannot show that something on the skin is harmless." in reply.text
    (reply,) = replies.answer(CASE, said, EN)
    assert "harmless" not in reply.text


def test_an_answer_cut_short_says_so() -> None:
    assert "cut short" in answer(made(truncated=True))
    assert "cut short" not in answer(made())


@pytest.mark.parametrize(
    ("indication", "text"),
    [
        ("TB suspect, cough", TEXT),
        ("toux, tuberculose ?", TEXT),
        (None, "FINDINGS: cavity.\nIMPRESSION: Tuberculosis likely."),
    ],
)
def test_where_tb_is_mentioned_a_sputum_test_is_advised(indication: str | None, text: str) -> None:
    case = replace(CASE, patient=PatientContext(indication=indication))
    assert "Xpert MTB/RIF" in answer(made(text), case=case)
    assert "crachats" in answer(made(text), FR, case)


def test_where_tb_is_not_mentioned_it_is_not_spoken_of() -> None:
    case = replace(CASE, patient=PatientContext(indication="toxic, tbd, lightbulb"))
    assert "Xpert" not in answer(made(), case=case)


def test_notes_of_the_pictures_are_told_in_the_readers_language() -> None:
    note = PictureNote(frame=15, frames=30, view=ViewPosition.AP)
    picture = StoredPicture(
        name="p", sha256="0" * 64, media_type="image/png", width_px=1, height_px=1, note=note
    )
    case = replace(CASE, pictures=(picture, replace(picture, note=None)))
    assert "Frame 15 of 30, view AP" in answer(made(), case=case)
    assert "Image 15 sur 30, incidence AP" in answer(made(), FR, case)


def test_a_poor_photo_is_told_in_the_answer_and_a_good_one_is_not() -> None:
    poor = PictureNote(faults=(PhotoFault.GLARE,))
    picture = StoredPicture(
        name="p", sha256="0" * 64, media_type="image/jpeg", width_px=900, height_px=900, note=poor
    )
    assert "photo quality: poor (glare)" in answer(made(), case=replace(CASE, pictures=(picture,)))
    good = replace(picture, note=PictureNote(faults=()))
    assert "photo quality" not in answer(made(), case=replace(CASE, pictures=(good,)))


def test_a_reading_of_a_tiny_picture_warns_of_it_before_the_findings() -> None:
    film = StoredPicture(
        name="p", sha256="0" * 64, media_type="image/png", width_px=1200, height_px=200
    )
    thumbnail = replace(film, width_px=160)
    assert "Very small" not in answer(made(), case=replace(CASE, pictures=(film,)))
    warned = answer(made(), case=replace(CASE, pictures=(film, thumbnail)))
    warning = "⚠️ Very small picture (160 × 200)"  # noqa: RUF001 - the sign is meant
    assert warned.index("URGENT") < warned.index(warning) < warned.index("FINDINGS")


def test_an_urgency_that_the_model_would_not_state_is_said_once() -> None:
    text = answer(made("FINDINGS: Not a chest film.\nURGENCY: not stated\nRECOMMENDATION: Again."))
    assert "🟡 Urgency unknown" in text
    assert "OTHER TEXT" not in text
    assert "IN THE MODEL'S WORDS" not in text


def test_an_answer_says_how_many_pictures_it_was_read_from() -> None:
    picture = StoredPicture(
        name="p", sha256="0" * 64, media_type="image/png", width_px=1, height_px=1
    )
    album = replace(CASE, pictures=(picture,) * 3)
    assert "Read from 3 pictures together" in answer(made(), case=album)
    assert "Read from" not in answer(made(), case=replace(CASE, pictures=(picture,)))


def test_a_growing_answer_shows_its_sections_so_far_and_that_it_is_unfinished() -> None:
    text = replies.growing(CASE, "FINDINGS: Opacity.\nIMPRESS", None, MEDGEMMA, EN).text
    assert "not finished" in text
    assert "<b>FINDINGS</b>\nOpacity." in text
    assert "🟠" not in text
    assert "🟠 URGENT" in replies.growing(CASE, TEXT, None, MEDGEMMA, EN).text
    assert "AI-generated, unverified" in text


def test_a_growing_answer_without_sections_is_shown_as_it_is_and_fits_one_message() -> None:
    text = replies.growing(CASE, "word " * 3000, None, None, EN).text
    assert "word word" in text
    assert len(text) <= 4096


def test_thoughts_of_the_model_are_not_shown() -> None:
    assert "secret" not in replies.growing(CASE, "<unused94>secret", None, MEDGEMMA, EN).text
    assert "secret" not in answer(made("<unused94>secret<unused95>" + TEXT))


def test_a_follow_up_answer_says_its_case_and_that_it_is_unverified() -> None:
    (reply,) = replies.follow_up_answer(CASE, "TB?", made("The <left> side."), EN)
    assert reply.text.startswith(f"{WHOSE}\n\nThe &lt;left&gt; side.")
    assert "A clinician must verify." in reply.text
    assert "Xpert" in reply.text


def test_a_notice_to_a_supervisor_has_the_impression_and_opens_the_case() -> None:
    reply = replies.urgent_notice(CASE, made(), EN)
    assert "🟠 URGENT" in reply.text
    assert "Pneumonia." in reply.text
    assert "From: Amina &lt;i&gt;" in reply.text
    assert reply.buttons[0][1].data == "case:42"


def scored_at(urgency: Urgency) -> ScoredUrgency:
    return ScoredUrgency(urgency=urgency, margin=1.5)


def test_a_text_milder_than_the_first_look_lowers_no_alarm_and_says_so() -> None:
    text = answer(replace(made(), scored=scored_at(Urgency.CRITICAL)))
    assert text.startswith(f"{WHOSE}\n\n<b>🔴 CRITICAL</b>\n⚠️ Two urgency results differ.")
    assert "First look: 🔴 CRITICAL. In its text: 🟠 URGENT." in text


def test_a_first_look_milder_than_the_text_is_said_under_the_texts_urgency() -> None:
    text = answer(replace(made(), scored=scored_at(Urgency.NOT_MEDICAL)))
    assert text.startswith(f"{WHOSE}\n\n<b>🟠 URGENT</b>\n⚠️ Two urgency results differ.")
    assert "First look: ⚪ Not a medical picture." in text


def test_a_finding_that_raises_the_urgency_is_told_in_one_sentence() -> None:
    text = answer(made("FINDINGS: Free air under the diaphragm. Clear lungs.\nURGENCY: routine"))
    assert text.startswith(
        f"{WHOSE}\n\n<b>🔴 CRITICAL</b>\n"
        "⚠️ Raised because the text says: “Free air under the diaphragm.”"
    )
    assert "Raised" not in answer(made("FINDINGS: Free air.\nURGENCY: critical"))


def test_an_answer_to_a_question_says_when_it_alarms_beyond_its_case() -> None:
    named = replace(made("Yes: free air."), sections=parse_answer("Yes: free air.", "Air?"))
    calm = replace(CASE, reading=made("FINDINGS: Clear.\nURGENCY: routine"))
    (reply,) = replies.follow_up_answer(calm, "Air?", named, EN)
    raised = "<b>🔴 CRITICAL</b>\n⚠️ Raised because the text says: “Yes: free"
    assert reply.text.startswith(f"{WHOSE}\n\n{raised}")
    (reply,) = replies.follow_up_answer(
        replace(CASE, reading=made("URGENCY: critical")), "Air?", named, EN
    )
    assert reply.text.startswith(f"{WHOSE}\n\nYes: free air.")


def test_where_first_look_and_text_agree_nothing_is_said_of_it() -> None:
    assert answer(replace(made(), scored=scored_at(Urgency.URGENT))) == answer(made())


def test_a_growing_answer_shows_an_alarm_of_the_first_look_and_nothing_milder() -> None:
    alarm, calm = scored_at(Urgency.CRITICAL), scored_at(Urgency.ROUTINE)
    assert "🔴 CRITICAL, first look" in replies.growing(CASE, "", alarm, MEDGEMMA, EN).text
    assert "first look" not in replies.growing(CASE, "", calm, MEDGEMMA, EN).text


def test_an_early_notice_says_whose_case_looks_urgent_and_that_it_is_being_read() -> None:
    notice = replies.early_notice(CASE, scored_at(Urgency.CRITICAL), PRACTICE, EN)
    assert notice.text.startswith(f"<b>{PRACTICE_BANNER}</b>")
    assert "🔴 CRITICAL, first look" in notice.text
    assert "From: Amina &lt;i&gt;" in notice.text
    assert "still writing" in notice.text
    assert notice.buttons[0][1].text == "Open C-0042"


@pytest.mark.parametrize("written", ANSWERS, ids=lambda each: each.form)
def test_every_word_of_the_table_of_answers_is_shown_once(written: Answer) -> None:
    """The bot's own headings and warnings aside."""
    before = fold_of(answer(made(written.text)))
    said = plain_text("\n".join(before)).splitlines()
    shown = "\n".join(line for line in said if not line.startswith("⚠️"))
    reason = parse_sections(written.text).urgency_text
    parts = (written.f, written.i, reason, written.r, written.rest, written.about)
    for word in set(re.findall(r"\w+", " ".join(filter(None, parts)))):
        expected = sum(len(re.findall(rf"\b{word}\b", part or "")) for part in parts)
        headings = len(re.findall(rf"\b{word}\b", " ".join(HEADINGS), re.IGNORECASE))
        assert expected <= len(re.findall(rf"\b{word}\b", shown)) <= expected + headings


def plain_text(text: str) -> str:
    return html.unescape(re.sub(r"<[^>]+>", "", text))


def fold_of(text: str) -> tuple[str, str]:
    """What an answer says before its fold, its last line too, and within it."""
    before, inside, after = re.split(r"<blockquote expandable>|</blockquote>", text)
    return before + after, inside


HEADINGS = (
    *("FINDINGS", "IMPRESSION", "URGENCY, IN THE MODEL'S WORDS", "RECOMMENDATION"),
    *("OTHER TEXT FROM THE MODEL", "THE MODEL ABOUT ITSELF"),
    *("C-0042 ref. 2231 female, 32 years", "All of it", "medgemma-4b-it, 4-bit 38 s"),
    "To ask about the picture, reply to this message.",
    *("CRITICAL URGENT Urgency unknown: judge by the patient Routine Not a medical picture",),
    *("AI-generated, preliminary, unverified. Not a medical device. A clinician must verify.",),
)
"""The words that are not the model's."""
