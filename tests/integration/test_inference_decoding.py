"""Answers that are written together are those that each case gets alone."""

from dataclasses import replace
from pathlib import Path

import pytest

from inference.contract import PatientContext, ReadRequest, Tier, Turn
from inference.footprint import Dtype
from inference.runtime.decoding import DecodingBatch, GeneratedAnswer, GrowingAnswer
from inference.runtime.generate import begin
from inference.runtime.load import LoadedModel, load_model
from inference.tiers import TierChoice
from tests.checkpoints import make_checkpoint, make_picture
from tests.reading_alone import read_alone

MAX_TOKENS = 40
WINDOW = 64  # of the tiny model's sliding layer; every prompt is longer
SHORT = ReadRequest(request_id="short", pictures=(make_picture(),))
LONG = replace(SHORT, patient=PatientContext(age_years=54, indication="cough for three weeks"))
FOLLOW_UP = ReadRequest(
    request_id="follow-up",
    pictures=(make_picture(), make_picture(300, 900)),
    question="Which side?",
    reading="FINDINGS: Effusion.",
    history=(Turn(question="Is it large?", answer="No."),),
)
REQUESTS = (SHORT, FOLLOW_UP, LONG)


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> LoadedModel:
    folder: Path = make_checkpoint(tmp_path_factory.mktemp("home") / "models" / "tiny")
    choice = TierChoice(tier=Tier.CPU, device="cpu", dtype=Dtype.FLOAT32, reason="Tested.")
    return load_model(folder, choice)


@pytest.fixture(scope="module")
def alone(loaded: LoadedModel) -> list[GeneratedAnswer]:
    """What each says alone, by another way of the model: transformers' own is held equal to it."""
    return [read_alone(loaded, request, max_tokens=MAX_TOKENS) for request in REQUESTS]


def begun(loaded: LoadedModel, request: ReadRequest, max_tokens: int = MAX_TOKENS) -> GrowingAnswer:
    return begin(loaded, request, max_tokens=max_tokens)


def test_cases_of_every_length_and_kind_say_together_what_they_say_alone(
    loaded: LoadedModel, alone: list[GeneratedAnswer]
) -> None:
    batch = DecodingBatch(loaded)
    answers = [begun(loaded, request) for request in REQUESTS]
    for draft in answers:
        batch.join(draft)
    batch.finish()
    assert [draft.answer() for draft in answers] == alone
    assert len({answer.text for answer in alone}) == len(REQUESTS)
    assert len({answer.prompt_tokens for answer in alone}) == len(REQUESTS)


def test_a_case_that_joins_while_others_are_written_changes_none_of_them(
    loaded: LoadedModel, alone: list[GeneratedAnswer]
) -> None:
    batch = DecodingBatch(loaded)
    answers = []
    for request in REQUESTS:
        answers.append(begun(loaded, request))
        batch.join(answers[-1])
        for _ in range(7):
            batch.step()
    batch.finish()
    assert [draft.answer() for draft in answers] == alone


@pytest.mark.parametrize("leaving", range(len(REQUESTS)))
def test_a_case_that_leaves_changes_none_of_the_others(
    loaded: LoadedModel, alone: list[GeneratedAnswer], leaving: int
) -> None:
    batch = DecodingBatch(loaded)
    answers = [begun(loaded, request) for request in REQUESTS]
    for draft in answers:
        batch.join(draft)
    for _ in range(9):
        batch.step()
    gone = answers.pop(leaving)
    batch.keep(answers)
    expected = [answer for number, answer in enumerate(alone) if number != leaving]
    batch.finish()
    assert [draft.answer() for draft in answers] == expected
    assert len(gone.tokens) == 10


def test_each_answer_ends_by_itself_whatever_the_others_do(loaded: LoadedModel) -> None:
    batch = DecodingBatch(loaded)
    short, long = begun(loaded, SHORT, max_tokens=3), begun(loaded, LONG)
    batch.join(short)
    batch.join(long)
    batch.finish()
    assert (len(short.tokens), len(long.tokens)) == (3, MAX_TOKENS)


def test_padding_that_nobody_needs_any_more_is_dropped(loaded: LoadedModel) -> None:
    """A batch that never empties must not grow for ever: cases join and leave all day."""
    batch = DecodingBatch(loaded)
    columns = []
    for _ in range(6):
        batch.join(begun(loaded, SHORT))
        for _ in range(5):
            batch.step()
        batch.keep(batch.answers[-1:])
        assert batch._cache is not None
        columns.append([layer.keys.shape[-2] for layer in batch._cache.layers])
    assert len({tuple(widths) for widths in columns}) == 1
    assert columns[0] == [WINDOW - 1, batch.answers[0].read_tokens]
