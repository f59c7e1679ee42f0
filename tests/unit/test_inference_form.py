"""The form of a first reading: what it takes, and when an engine is asked to hold to it."""

import re

import pytest

from inference.contract import ReadRequest
from inference.form import GRAMMAR, PATTERN, UNKNOWN
from inference.practice.answers import reading
from inference.practice.truth import Truth, every_truth
from inference.remote.chat import ChatModel, chat_body
from inference.urgency import LABELS

PNG = b"\x89PNG\r\n\x1a\n"
FIRST = ReadRequest(request_id="r", pictures=(PNG,))
QUESTION = ReadRequest(request_id="r", pictures=(PNG,), question="Which side?", reading="F")


@pytest.mark.parametrize("truth", [None, *every_truth()], ids=str)
def test_all_that_the_practice_model_was_taught_has_the_form(truth: Truth | None) -> None:
    assert re.fullmatch(PATTERN, reading(truth))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "FINDINGS: Clear.\nIMPRESSION: Normal.\nRECOMMENDATION: None.",
        "FINDINGS: Clear.\nIMPRESSION: Normal.\nURGENCY: soon\nRECOMMENDATION: None.",
        "thought\nFINDINGS: Clear.\nIMPRESSION: Normal.\nURGENCY: routine\nRECOMMENDATION: No.",
    ],
)
def test_what_lacks_a_section_or_states_another_urgency_has_not(text: str) -> None:
    assert not re.fullmatch(PATTERN, text)


def test_a_list_of_advice_has_the_form() -> None:
    text = "FINDINGS: A.\nIMPRESSION: B.\nURGENCY: urgent\nRECOMMENDATION: Now:\n1. SpO2\n2. Refer"
    assert re.fullmatch(PATTERN, text)


@pytest.mark.parametrize("word", [*LABELS.values(), UNKNOWN])
def test_grammar_and_pattern_know_every_urgency_and_that_it_may_be_unknown(word: str) -> None:
    assert f'"{word}"' in GRAMMAR
    assert word in PATTERN


def test_each_engine_is_asked_in_its_own_words_and_for_a_first_reading_alone() -> None:
    vllm, llama = (
        ChatModel(model=None, formed=True),
        ChatModel(model=None, by_llama_server=True, formed=True),
    )
    assert chat_body(FIRST, vllm, max_tokens=9)["structured_outputs"] == {"regex": PATTERN}
    assert chat_body(FIRST, llama, max_tokens=9)["grammar"] == GRAMMAR
    for asked in (vllm, llama):
        body = chat_body(QUESTION, asked, max_tokens=9)
        assert not {"grammar", "structured_outputs"} & set(body)


def test_by_default_nothing_is_held_to_the_form() -> None:
    body = chat_body(FIRST, ChatModel(model=None, by_llama_server=True), max_tokens=9)
    assert not {"grammar", "structured_outputs"} & set(body)
