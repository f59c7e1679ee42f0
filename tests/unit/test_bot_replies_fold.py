"""What is read at once: sixty words, one screen, and whatever somebody must beware of."""

import html
import re
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.locale import translator
from bot.replies import reading as replies
from bot.replies.markup import screen_lines
from bot.replies.model_words import model_words
from bot.replies.reading import WORDS_AT_ONCE
from bot.replies.report import Fold, Part, count_words, fold
from inference.contract import EngineInfo, Language
from tests.model_answers import ANSWERS
from tests.unit.test_bot_replies_reading import CASE, MEDGEMMA, PRACTICE, fold_of, made, plain_text

EN = translator(Language.ENGLISH)
SCREEN_LINES = 28
"""Of a phone 360 px wide, as `bot.replies.markup` counts them."""

LONG = {
    Language.ENGLISH: (
        "**Findings:**\n* The cardiomediastinal silhouette is within normal limits for size.\n"
        "* There is a patchy air-space opacity in the right lower zone with an air bronchogram, "
        "and blunting of the right costophrenic angle in keeping with a small effusion.\n"
        "* No pneumothorax is seen. The visualised bones are unremarkable.\n\n"
        "**Impression:**\nRight lower lobe consolidation with a small parapneumonic effusion, most "
        "likely bacterial pneumonia. Aspiration is a differential in the right clinical setting. "
        "An underlying mass cannot be excluded on this single view.\n\n**Urgency:** urgent\n\n"
        "**Recommendation:**\nCorrelate with the clinical examination and oxygen saturation. "
        "Repeat the film in six weeks to document resolution. Consider ultrasound of the effusion."
    ),
    Language.FRENCH: (
        "CONSTATATIONS : Opacité alvéolaire systématisée du lobe inférieur droit avec "
        "bronchogramme aérien. Comblement du cul-de-sac costo-diaphragmatique droit. Silhouette "
        "cardiaque de taille normale. Pas de pneumothorax.\nCONCLUSION : Pneumopathie franche "
        "lobaire aiguë du lobe inférieur droit avec un petit épanchement pleural réactionnel. Une "
        "inhalation est un diagnostic différentiel possible selon le contexte clinique.\n"
        "URGENCE : urgent\nRECOMMANDATION : Mesurer la saturation et examiner le patient "
        "ce jour. Refaire un cliché dans six semaines pour vérifier la guérison."
    ),
    Language.PORTUGUESE: (
        "ACHADOS: Opacidade alveolar no lobo inferior direito com broncograma aéreo. Apagamento "
        "do seio costofrénico direito. Silhueta cardíaca de dimensões normais. Sem pneumotórax.\n"
        "CONCLUSÃO: Consolidação do lobo inferior direito com pequeno derrame pleural, mais "
        "provavelmente uma pneumonia bacteriana. A aspiração é um diagnóstico diferencial no "
        "contexto clínico adequado.\nURGÊNCIA: urgente\nCONDUTA: Correlacionar com o exame "
        "clínico e a saturação. Repetir a radiografia dentro de seis semanas."
    ),
    Language.HAUSA: (
        "ABIN DA AKA GANI: Akwai farin wuri a ƙasan huhun dama da iska a cikin bututun numfashi. "
        "Akwai ɗan ruwa a gefen huhun dama. Zuciya ba ta yi girma ba.\nKAMMALAWA: Ana zaton ciwon "
        "huhu na ƙwayoyin cuta a ƙasan huhun dama tare da ɗan ruwa. Shaƙar abinci ma tana "
        "yiwuwa.\nGAGGAWA: na gaggawa\nSHAWARA: A auna iskar jini yanzu, a duba mara lafiya yau. "
        "A sake ɗaukar hoto bayan mako shida."
    ),
}
SHAPES = [(each.form, each.text) for each in ANSWERS] + [(f"long, {k}", v) for k, v in LONG.items()]


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("engine", [MEDGEMMA, PRACTICE], ids=["medgemma", "practice"])
def test_an_answer_has_at_most_sixty_words_and_one_screen_before_the_fold(
    language: Language, engine: EngineInfo
) -> None:
    """But for warnings: they never give way."""
    over = []
    for form, text in SHAPES:
        reply, *_ = replies.answer(CASE, made(text, engine), translator(language))
        before, _ = fold_of(reply.text)
        warned = "⚠️" in before
        assert screen_lines(reply.text) <= SCREEN_LINES or warned, form
        if count_words(plain_text(before)) > WORDS_AT_ONCE and not warned:
            over.append(form)
    assert over == []


@pytest.mark.parametrize("language", Language)
def test_of_a_long_answer_the_impression_is_read_first_and_something_to_do(
    language: Language,
) -> None:
    t = translator(language)
    reply, *_ = replies.answer(CASE, made(LONG[language]), t)
    before, inside = fold_of(reply.text)
    impression, to_do = (f"<b>{t.gettext(each)}</b>" for each in ("IMPRESSION", "RECOMMENDATION"))
    assert before.index(impression) < before.index(to_do)
    assert f"<b>{t.gettext('FINDINGS')}</b>" in inside
    assert f"<b>{t.gettext('All of it')}</b>" in inside


@pytest.mark.parametrize(
    ("findings", "warned"),
    [
        ("Clear lungs. Amoxicillin 500 mg three times daily would do.", "a dose."),
        ("Clear lungs. There is no tuberculosis.", "cannot exclude TB"),
        ("The nasogastric tube is well placed.", "check the tube yourself"),
        ("Clear lungs. He can be sent home.", "look at the patient"),
    ],
)
def test_what_nobody_may_follow_without_looking_is_never_only_in_the_fold(
    findings: str, warned: str
) -> None:
    text = f"FINDINGS: {findings}\nIMPRESSION: Normal.\nURGENCY: routine"
    (reply,) = replies.answer(CASE, made(text), EN)
    before, inside = fold_of(reply.text)
    sentence = findings.rsplit(". ", 1)[-1]
    assert warned in before
    assert f"“{sentence}”" in html.unescape(before)
    assert warned in inside, "above the sentence in its place too"


@pytest.mark.parametrize(
    "impression",
    [
        "Normal chest. However, there is a nodule at the left apex.",
        "Pas de foyer. Toutefois, un nodule de l'apex gauche.",
        "Sem foco. No entanto, um nódulo no ápice esquerdo.",
        "Pneumothorax? None is seen.",
        "Two things: 1. A nodule. 2. An effusion",
        "Nodule at the left apex; not there before.",
    ],
)
def test_no_sentence_is_parted_from_one_that_takes_it_back(impression: str) -> None:
    folded = cut(impression, words=1)
    if "However" in impression or not impression.startswith("Two"):
        assert folded.below == ""
    assert "1. …" not in folded.above


def cut(impression: str, words: int) -> Fold:
    return fold([Part(heading="IMPRESSION", text=impression)], words, EN)


@settings(deadline=None)
@given(
    st.text(alphabet="ab1. ?;:\n-*é", max_size=200).filter(str.strip),
    st.integers(min_value=-5, max_value=40),
)
def test_a_fold_holds_every_word_once_and_in_order(text: str, words: int) -> None:
    folded = cut(text, words)
    shown = plain_text(f"{folded.above}\n{folded.below}").replace("…", "")
    known = plain_text(model_words(text, EN))
    assert Counter(re.findall(r"\w+", shown)) - Counter({"IMPRESSION": 2}) == Counter(
        re.findall(r"\w+", known)
    )
