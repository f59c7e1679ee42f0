"""A model's Markdown becomes the chat's own, and what nobody may follow blindly is marked."""

import html
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.locale import translator
from bot.replies.model_words import model_words
from inference.contract import Language

EN = translator(Language.ENGLISH)


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("**Lungs:** clear.", "<b>Lungs:</b> clear."),
        ("* **Heart:** normal\n* Bones", "• <b>Heart:</b> normal\n• Bones"),
        ("- one\n  - two", "• one\n  • two"),
        ("### Lungs\nClear.", "<b>Lungs</b>\nClear."),
        ("a *small* shadow", "a <i>small</i> shadow"),
        ("2 * 3 * 4", "2 * 3 * 4"),
        ("left**over", "leftover"),
        ("`box`", "box"),
        ("a\n\n\n\nb", "a\n\nb"),
        ("one\n---\ntwo", "one\ntwo"),
        ("| Lung | Finding |\n|---|---|\n| right | clear |", "Lung · Finding\nright · clear"),
        ("1. **First**", "1. <b>First</b>"),
        ("**<b>&**", "<b>&lt;b&gt;&amp;</b>"),
        ("🟢 Routine", "&gt; 🟢 Routine"),
        ("**🟢 Routine**", "&gt; <b>🟢 Routine</b>"),
        ("# 🟢 Routine", "<b>&gt; 🟢 Routine</b>"),
        ("* ☑ signed", "• ☑ signed"),
    ],
)
def test_markdown_is_shown_as_the_chats_own(written: str, shown: str) -> None:
    assert model_words(written, EN) == shown


MARKS = ["**", "*", "#", "## ", "- ", "| ", " |", "\n", " ", "<i>", "`", "__", "1. "]


@given(st.lists(st.sampled_from([*MARKS, "word1", "word2", "500 mg."]), max_size=16).map("".join))
def test_marks_go_and_words_stay(written: str) -> None:
    shown = html.unescape(re.sub(r"</?(?:b|i|code)>", "", model_words(written, EN)))
    assert re.findall(r"word\d", shown) == re.findall(r"word\d", written)
    assert shown.count("500 mg") == written.count("500 mg")


@pytest.mark.parametrize(
    ("sentence", "about"),
    [
        ("Give amoxicillin 500 mg three times a day.", "a dose"),
        ("Start oxygen at 5 L/min.", "a dose"),
        ("Donner du paracétamol, deux comprimés.", "a dose"),
        ("Administrar ceftriaxona 1 g.", "a dose"),
        ("A ba shi magani sau biyu a rana.", "a dose"),
        ("There is no evidence of tuberculosis.", "exclude TB"),
        ("TB is excluded.", "exclude TB"),
        ("Active TB is unlikely.", "exclude TB"),
        ("Pas de signe de tuberculose.", "exclude TB"),
        ("Sem sinais de tuberculose.", "exclude TB"),
        ("Babu alamar tarin fuka.", "exclude TB"),
        ("The patient can be discharged.", "do less"),
        ("Send the patient home.", "do less"),
        ("No further follow-up is needed.", "do less"),
        ("Le patient peut rentrer à domicile.", "do less"),
        ("O doente pode ter alta.", "do less"),
        ("A sallame shi ya koma gida.", "do less"),
        ("The nasogastric tube is in a safe position.", "check the tube"),
        ("The endotracheal tube is well positioned.", "check the tube"),
        ("La sonde gastrique est en bonne position.", "check the tube"),
        ("O tubo está bem posicionado.", "check the tube"),
    ],
)
def test_a_sentence_that_nobody_may_follow_blindly_is_marked_above_it(
    sentence: str, about: str
) -> None:
    shown = model_words(f"Oxygen first. {sentence} Then refer.", EN)
    before, mark, said, after = shown.split("\n")
    assert before == "Oxygen first."
    assert mark.startswith("<b>⚠️ The model's unverified words")
    assert about in mark
    assert html.unescape(said) == sentence
    assert after == "Then refer."


@pytest.mark.parametrize(
    "sentence",
    [
        "A cavity of 3 cm is seen.",
        "The findings suggest tuberculosis.",
        "Test sputum for TB.",
        "Do not send the patient home.",
        "Refer today.",
        "The nasogastric tube is not in a safe position.",
        "Purulent discharge from the wound.",
        "The 45 year old patient is tall.",
    ],
)
def test_what_asks_for_no_caution_gets_none(sentence: str) -> None:
    assert "⚠️" not in model_words(sentence, EN)


def test_the_caution_stands_in_the_readers_language() -> None:
    french = model_words("Give 500 mg.", translator(Language.FRENCH))
    assert "Paroles non vérifiées du modèle" in french
