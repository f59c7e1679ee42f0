"""Thoughts are prevented on a CPU, bounded on a card, and never a part of the answer."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import chain, repeat
from pathlib import Path

import pytest
import torch

from inference.contract import ReadRequest, Tier
from inference.errors import UnusableAnswer
from inference.footprint import Dtype
from inference.runtime.decoding import GeneratedAnswer, GrowingAnswer
from inference.runtime.load import LoadedModel, load_model
from inference.runtime.thoughts import ThoughtTokens, likeliest, thought_tokens
from inference.tiers import TierChoice
from tests.checkpoints import make_checkpoint, make_picture, make_processor
from tests.reading_alone import read_alone

REQUEST = ReadRequest(request_id="r", pictures=(make_picture(),))


def loaded_from(folder: Path) -> LoadedModel:
    choice = TierChoice(tier=Tier.CPU, device="cpu", dtype=Dtype.FLOAT32, reason="Tested.")
    return load_model(folder, choice)


@pytest.fixture(scope="module")
def thinker(tmp_path_factory: pytest.TempPathFactory) -> LoadedModel:
    return loaded_from(make_checkpoint(tmp_path_factory.mktemp("thinker") / "tiny", thinks=True))


@pytest.fixture(scope="module")
def marks(thinker: LoadedModel) -> ThoughtTokens:
    assert thinker.thoughts is not None
    return thinker.thoughts


def eager(loaded: LoadedModel, marks: ThoughtTokens) -> LoadedModel:
    """A model that would always rather think: the mark is likelier than any other token."""

    def prefer(_model: object, _args: object, output: object) -> None:
        output.logits[..., marks.begin] = 1e4  # type: ignore[attr-defined]

    loaded.model.register_forward_hook(prefer)
    return loaded


def test_the_marks_are_found_by_their_names(thinker: LoadedModel, marks: ThoughtTokens) -> None:
    names = thinker.processor.tokenizer.convert_ids_to_tokens([marks.begin, marks.end])
    assert names == ["<unused94>", "<unused95>"]


def test_a_tokenizer_without_them_has_no_thoughts() -> None:
    assert thought_tokens(make_processor().tokenizer) is None


def test_where_a_thought_may_not_begin_the_next_likeliest_token_is_taken(
    marks: ThoughtTokens,
) -> None:
    logits = torch.zeros(2, marks.end + 1)
    logits[:, marks.begin], logits[:, 7] = 9, 5
    assert likeliest(logits, marks, may_think=[True, False]) == [marks.begin, 7]
    assert likeliest(logits, None, may_think=[False, False]) == [marks.begin] * 2
    bare = replace(marks, bare=7)
    assert likeliest(logits, bare, may_think=[False, False], first=True) == [0, 0]
    assert likeliest(logits, bare, may_think=[False, False]) == [7, 7]


def test_on_a_cpu_a_model_that_would_rather_think_answers_at_once(
    thinker: LoadedModel, marks: ThoughtTokens, tmp_path: Path
) -> None:
    model = eager(loaded_from(make_checkpoint(tmp_path / "tiny", thinks=True)), marks)
    answer = read_alone(model, REQUEST, max_tokens=12, thought_tokens=1000)
    assert answer.answer_tokens == 12
    assert "unused" not in answer.text
    assert answer == read_alone(thinker, REQUEST, max_tokens=12), "as if it could not think"


def written(
    loaded: LoadedModel, tokens: Sequence[int], *, max_tokens: int = 20, thought_tokens: int = 10
) -> tuple[GeneratedAnswer, list[int]]:
    """What an answer becomes if the model would say these tokens on a card.

    Returns:
        The answer, and all tokens that it was made of.
    """
    growing = GrowingAnswer(
        replace(loaded, device="cuda:0"),
        prompt=[1],
        max_tokens=max_tokens,
        thought_tokens=thought_tokens,
        cache=None,
        clock=lambda: 0.0,
    )
    wanted: Iterator[int] = chain(tokens, repeat(loaded.processor.tokenizer.eos_token_id))
    growing.add(next(wanted))
    while not growing.ended:
        growing.add(next(wanted))
    return growing.answer(), growing.tokens


def spelled(loaded: LoadedModel, text: str) -> list[int]:
    ids: list[int] = loaded.processor.tokenizer.encode(text, add_special_tokens=False)
    return ids


def test_a_thought_uses_none_of_the_answers_tokens(
    thinker: LoadedModel, marks: ThoughtTokens
) -> None:
    thought, said = spelled(thinker, "abcdefgh"), spelled(thinker, "FINDINGS:clear.")
    tokens = [marks.begin, *thought, marks.end, *said]
    answer, made = written(thinker, tokens, max_tokens=len(said), thought_tokens=20)
    assert answer.text == "FINDINGS:clear."
    assert made == tokens


def test_a_thought_that_is_too_long_ends_and_the_answer_follows(
    thinker: LoadedModel, marks: ThoughtTokens
) -> None:
    endless = spelled(thinker, "abcdefghijklmnop")
    answer, made = written(thinker, [marks.begin, *endless, *spelled(thinker, "ok")])
    assert made[:11] == [marks.begin, *endless[:9], marks.end]
    assert made.count(marks.end) == 1
    assert answer.text.endswith("ok")
    assert not answer.truncated


def test_a_thought_that_would_end_the_answer_ends_itself_alone(
    thinker: LoadedModel, marks: ThoughtTokens
) -> None:
    eos = thinker.processor.tokenizer.eos_token_id
    tokens = [marks.begin, *spelled(thinker, "ab"), eos, *spelled(thinker, "ok")]
    answer, made = written(thinker, tokens)
    assert answer.text == "ok"
    assert made[3] == marks.end


def test_a_thought_that_goes_in_circles_ends(thinker: LoadedModel, marks: ThoughtTokens) -> None:
    tokens = [marks.begin, *spelled(thinker, "a" * 60), *spelled(thinker, "ok")]
    _, made = written(thinker, tokens, thought_tokens=500)
    assert marks.end in made[:40]


def test_an_answer_that_is_nothing_but_a_thought_is_unusable(
    thinker: LoadedModel, marks: ThoughtTokens
) -> None:
    with pytest.raises(UnusableAnswer):
        written(thinker, [marks.begin, *spelled(thinker, "ab"), marks.end])
