"""Going on from what was read last: less is read, and nothing else is said."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from inference.contract import ReadRequest, ScoredUrgency, Tier, Turn
from inference.footprint import Dtype
from inference.practice.samples import SAMPLES_FOLDER
from inference.runtime.decoding import DecodingBatch, GeneratedAnswer
from inference.runtime.fidelity import load_practice
from inference.runtime.generate import begin, prepare
from inference.runtime.load import LoadedModel, load_model
from inference.runtime.prefix_cache import PrefixCache
from inference.tiers import TierChoice
from tests.checkpoints import make_checkpoint
from tests.reading_alone import read_alone, reads

FLOAT32 = TierChoice(tier=Tier.CPU, device="cpu", dtype=Dtype.FLOAT32, reason="Tested.")
TOKENS = 64  # more than any reading of the practice model has
FEW_TOKENS = 16  # of a random model, which would go on for ever
FILMS = [(SAMPLES_FOLDER / f"film-{number}.jpg").read_bytes() for number in (1, 2, 3)]
A = ReadRequest(request_id="a", pictures=(FILMS[0],))
B = replace(A, pictures=(FILMS[1],))
BOTH = replace(A, pictures=(FILMS[0], FILMS[2]))
SWAPPED = replace(A, pictures=(FILMS[2], FILMS[0]))
TWICE = replace(A, pictures=(FILMS[0], FILMS[0]))


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Its windows, of 64 tokens, are shorter than any prompt."""
    return make_checkpoint(tmp_path_factory.mktemp("prefix") / "tiny")


@pytest.fixture(scope="module")
def roomy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Its windows are longer than these prompts, as MedGemma's are."""
    return make_checkpoint(tmp_path_factory.mktemp("prefix") / "roomy", window_tokens=2048)


@pytest.fixture(scope="module", params=["tiny", "roomy", "practice"])
def loaded(request: pytest.FixtureRequest, tiny: Path, roomy: Path) -> tuple[LoadedModel, int]:
    """A model, and how many tokens of its answers are looked at."""
    if request.param == "practice":
        return load_practice(FLOAT32), TOKENS
    return load_model({"tiny": tiny, "roomy": roomy}[request.param], FLOAT32), FEW_TOKENS


@pytest.fixture
def practice() -> LoadedModel:
    return load_practice(FLOAT32)


def asked(case: ReadRequest, reading: str, *history: Turn) -> ReadRequest:
    return replace(case, question="Which side is it on?", reading=reading, history=history)


def without(loaded: LoadedModel) -> LoadedModel:
    """The same model, which keeps nothing."""
    return replace(loaded, last=PrefixCache(kept=False))


def prompt_tokens(loaded: LoadedModel, request: ReadRequest) -> int:
    return int(prepare(loaded.processor, request)["input_ids"].shape[1])


def answers(loaded: LoadedModel, requests: Sequence[ReadRequest], max_tokens: int) -> list[object]:
    """What is said to each, one after the other, and the urgency's scores."""
    said: list[object] = []
    for request in requests:
        scores: list[ScoredUrgency] = []
        on_urgency = scores.append if request.question is None else None
        said.append(read_alone(loaded, request, max_tokens=max_tokens, on_urgency=on_urgency))
        said += [(score.urgency, pytest.approx(score.margin, abs=1e-3)) for score in scores]
    return said


def test_what_was_read_before_changes_nothing_that_is_said(
    loaded: tuple[LoadedModel, int],
) -> None:
    """Two patients in turn, their questions, retries, and the same films in other places."""
    model, tokens = loaded
    alone = without(model)
    first = {
        case: read_alone(alone, case, max_tokens=tokens).text
        for case in (A, B, BOTH, SWAPPED, TWICE)
    }
    turn = Turn(question="Is it large?", answer="No.")
    requests = [
        A, B, asked(A, first[A]), asked(B, first[B]), asked(B, first[B]), B, B, A,
        asked(A, first[A]), asked(A, first[A], turn), asked(B, first[A]), A, BOTH, A, SWAPPED, BOTH,
        asked(BOTH, first[BOTH]), asked(SWAPPED, first[BOTH]), TWICE, asked(TWICE, first[TWICE]),
        A, asked(TWICE, first[A]), asked(A, first[TWICE]),
    ]  # fmt: skip
    told = {request: answers(alone, [request], tokens) for request in requests}  # some come again
    model.last.forget()
    expected = [word for request in requests for word in told[request]]
    assert answers(model, requests, tokens) == expected


def test_a_question_right_after_the_reading_has_only_itself_read(practice: LoadedModel) -> None:
    first = read_alone(practice, A, max_tokens=TOKENS)
    question = asked(A, first.text)
    with reads(practice) as counted:
        read_alone(practice, question, max_tokens=4)
    known = first.prompt_tokens + first.answer_tokens - 1
    assert counted[0] == prompt_tokens(practice, question) - known
    assert counted[0] < 60


def test_a_second_question_goes_on_from_the_first(practice: LoadedModel) -> None:
    first = read_alone(practice, A, max_tokens=TOKENS)
    question = asked(A, first.text)
    second = asked(A, first.text, Turn(question=question.question or "", answer="No."))
    read_alone(practice, question, max_tokens=1)
    with reads(practice) as counted:
        read_alone(practice, second, max_tokens=1)
    assert counted[0] < 60


@pytest.mark.parametrize("between", [False, True])
def test_a_retry_reads_one_token_unless_another_case_came_between(
    practice: LoadedModel, between: bool
) -> None:
    read_alone(practice, A, max_tokens=TOKENS)
    if between:
        read_alone(practice, B, max_tokens=TOKENS)
    with reads(practice) as counted:
        read_alone(practice, A, max_tokens=TOKENS)
    assert counted[0] == (prompt_tokens(practice, A) if between else 1)


@pytest.mark.parametrize("other", [B, BOTH, SWAPPED])
def test_a_prompt_with_a_picture_that_is_new_is_read_whole(
    practice: LoadedModel, other: ReadRequest
) -> None:
    read_alone(practice, A, max_tokens=TOKENS)
    with reads(practice) as counted:
        read_alone(practice, other, max_tokens=TOKENS)
    assert counted[0] == prompt_tokens(practice, other)


def test_where_a_window_has_passed_on_only_the_whole_sequence_is_gone_on_from(tiny: Path) -> None:
    """What a window has dropped is not there to go back to."""
    loaded = load_model(tiny, FLOAT32)
    batch = DecodingBatch(loaded)
    batch.join(begin(loaded, A, max_tokens=4))
    batch.step()  # what is kept of the prompt stays as it was
    question = asked(A, "FINDINGS: Effusion.")
    with reads(loaded) as counted:
        begin(loaded, question, max_tokens=2)  # the first prompt is its beginning, whole
        begin(loaded, A, max_tokens=2)
    first_tokens = prompt_tokens(loaded, A)
    assert counted == [prompt_tokens(loaded, question) - first_tokens, first_tokens]


def test_of_answers_written_together_the_last_to_end_is_kept_as_it_is_alone(
    practice: LoadedModel,
) -> None:
    """Beside longer ones its keys and values stand in a padded row."""
    batch = DecodingBatch(practice)
    for case, tokens in ((BOTH, TOKENS), (B, 20)):
        batch.join(begin(practice, case, max_tokens=tokens))
    draft = batch.answers[1]
    while not draft.ended:
        batch.step()
    batch.keep(batch.answers[:1])
    question = asked(B, draft.answer().text)
    with reads(practice) as counted:
        said = read_alone(practice, question, max_tokens=TOKENS)
    assert counted[0] < 60
    assert said == read_alone(without(practice), question, max_tokens=TOKENS)


def test_a_reading_that_was_taken_back_leaves_what_is_true(practice: LoadedModel) -> None:
    batch = DecodingBatch(practice)
    batch.join(begin(practice, A, max_tokens=TOKENS))
    batch.step()
    batch.keep([])
    said: GeneratedAnswer = read_alone(practice, A, max_tokens=TOKENS)
    assert said == read_alone(without(practice), A, max_tokens=TOKENS)
