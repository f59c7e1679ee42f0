"""The text by llama.cpp: from a file of our own making, beside transformers on the same weights."""

import json
import shutil
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
import torch

from inference.contract import PatientContext, ReadRequest, ScoredUrgency, Tier
from inference.errors import RequestRefused, UnusableAnswer
from inference.footprint import Dtype
from inference.models.text import TEXT_FILE
from inference.practice.samples import SAMPLES_FOLDER
from inference.runtime import load
from inference.runtime.canary import prove, prove_practice
from inference.runtime.decoding import GeneratedAnswer
from inference.runtime.fidelity import load_practice
from inference.runtime.generate import prepare
from inference.runtime.load import LoadedModel, load_model
from inference.runtime.quantise import quantise
from inference.runtime.vision_encoding import vision_fingerprint
from inference.tiers import TierChoice
from tests.checkpoints import make_checkpoint, make_picture, padded_by_numpy
from tests.reading_alone import read_alone

pytest.importorskip("gguf", reason="llama.cpp is an extra: pip install edgerad[llama]")
pytest.importorskip("llama_cpp", reason="llama.cpp is an extra: pip install edgerad[llama]")

from gguf import GGMLQuantizationType as Kind

from inference.runtime.gguf import write_text
from inference.runtime.llama import LlamaText

FLOAT32 = TierChoice(tier=Tier.CPU, device="cpu", dtype=Dtype.FLOAT32, reason="Tested.")
BY_LLAMA = replace(FLOAT32, llama=True)
REQUEST = ReadRequest(request_id="r", pictures=(make_picture(), make_picture(300, 400)))
FILM = ReadRequest(request_id="r", pictures=((SAMPLES_FOLDER / "film-1.jpg").read_bytes(),))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A tiny model as MedGemma is: sliding windows, and positions drawn together."""
    folder = make_checkpoint(tmp_path_factory.mktemp("llama") / "tiny")
    config = json.loads((folder / "config.json").read_text())
    rope = {"rope_type": "linear", "factor": 8.0, "rope_theta": 1_000_000.0}
    config["text_config"]["rope_parameters"]["full_attention"] = rope
    (folder / "config.json").write_text(json.dumps(config))
    write_text(folder, folder / TEXT_FILE, lambda *_: None, kind=Kind.F32)
    return folder


@pytest.fixture(scope="module")
def prepared(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same as `edgerad model prepare` leaves it: 4 bits for transformers beside the text."""
    prepared = tmp_path_factory.mktemp("prepared")
    shutil.copytree(
        folder, prepared, ignore=shutil.ignore_patterns("*.safetensors*"), dirs_exist_ok=True
    )
    quantise(folder, prepared, lambda *_: None)
    return prepared


@pytest.fixture(scope="module")
def practice() -> LoadedModel:
    return load_practice(replace(BY_LLAMA, tier=Tier.BIT8))


@pytest.fixture(scope="module")
def reference() -> LoadedModel:
    return load_practice(FLOAT32)


def logits(loaded: LoadedModel, request: ReadRequest) -> torch.Tensor:
    inputs = prepare(loaded.processor, request)
    with torch.inference_mode():
        last: torch.Tensor = loaded.model(**inputs).logits[0, -1]  # (vocabulary,)
    return last


def read(
    loaded: LoadedModel, *, score: list[ScoredUrgency] | None = None, max_tokens: int = 160
) -> GeneratedAnswer:
    return read_alone(
        loaded, FILM, max_tokens=max_tokens, on_urgency=None if score is None else score.append
    )


def test_whole_weights_give_the_numbers_that_transformers_gives(folder: Path) -> None:
    """Names, norms, windows, positions, scales, and pictures whose tokens see each other."""
    mine = logits(load_model(folder, BY_LLAMA), REQUEST)
    theirs = logits(load_model(folder, FLOAT32), REQUEST)
    assert prepare(load_model(folder, FLOAT32).processor, REQUEST)["input_ids"].shape[1] > 256
    assert (mine - theirs).abs().max() < 0.01 * theirs.std()


def test_pictures_are_padded_before_the_text_that_llama_computes(folder: Path) -> None:
    loaded = load_model(folder, BY_LLAMA)
    square = BytesIO()
    padded_by_numpy(make_picture(400, 300)).save(square, "PNG")
    wide, padded = (
        prepare(loaded.processor, replace(REQUEST, pictures=(picture,)))["pixel_values"]
        for picture in (make_picture(400, 300), square.getvalue())
    )
    assert torch.equal(wide, padded)


def test_the_eyes_are_the_same_and_the_language_model_is_not_held_twice(folder: Path) -> None:
    mine, theirs = load_model(folder, BY_LLAMA), load_model(folder, FLOAT32)
    assert vision_fingerprint(mine) == vision_fingerprint(theirs)
    assert not [name for name, _ in mine.model.named_parameters() if "language" in name]


def test_the_practice_model_answers_as_in_float32(
    practice: LoadedModel, reference: LoadedModel
) -> None:
    prove(practice)
    prove_practice(practice)
    assert read(practice) == read(reference)


def test_the_urgency_is_scored_alike_and_changes_no_text(
    practice: LoadedModel, reference: LoadedModel
) -> None:
    mine: list[ScoredUrgency] = []
    theirs: list[ScoredUrgency] = []
    assert read(practice, score=mine) == read(practice)
    read(reference, score=theirs)
    assert mine[0].urgency == theirs[0].urgency


def test_a_reading_leaves_nothing_for_the_next(practice: LoadedModel) -> None:
    long = read(practice)
    assert read(practice, max_tokens=4).truncated
    assert read(practice) == long


@pytest.fixture
def steps(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, int]]:
    """What llama.cpp is given to read: `text` or `picture`, and how many tokens."""
    given: list[tuple[str, int]] = []
    for kind, name in (("text", "read"), ("picture", "look")):
        real = getattr(LlamaText, name)

        def noting(
            text: LlamaText, what: Any, past: int, *, kind: str = kind, real: Any = real
        ) -> Any:
            given.append((kind, len(what)))
            return real(text, what, past)

        monkeypatch.setattr(LlamaText, name, noting)
    return given


def test_a_follow_up_reads_only_what_came_since(
    practice: LoadedModel, reference: LoadedModel, steps: list[tuple[str, int]]
) -> None:
    """Where no case came between, picture, first question and answer are still there."""
    first = read(practice)
    question = replace(FILM, question="Which side?", reading=first.text)
    whole_tokens = prepare(practice.processor, question)["input_ids"].shape[1]
    steps.clear()
    answer = read_alone(practice, question, max_tokens=24)
    kind, tokens = steps[0]
    assert kind == "text"
    assert tokens < whole_tokens - first.prompt_tokens
    assert {kind for kind, _ in steps} == {"text"}
    assert not practice.last.kept, "llama.cpp keeps it"
    assert answer == read_alone(reference, question, max_tokens=24)


def test_the_same_case_again_says_the_same(
    practice: LoadedModel, steps: list[tuple[str, int]]
) -> None:
    first = read(practice)
    steps.clear()
    assert read(practice) == first
    assert steps[0] == ("text", 1)


@pytest.mark.parametrize("name", ["film-2", "film-4"])
def test_of_another_picture_only_what_comes_before_it_is_there_already(
    practice: LoadedModel, reference: LoadedModel, steps: list[tuple[str, int]], name: str
) -> None:
    """The instruction is read once for all patients, whoever they are."""
    other = replace(
        FILM,
        pictures=((SAMPLES_FOLDER / f"{name}.jpg").read_bytes(),),
        patient=PatientContext(age_years=30, indication="trauma"),
    )
    read(practice)
    steps.clear()
    answer = read_alone(practice, other, max_tokens=160)
    assert steps[0][0] == "picture"
    assert answer == read_alone(reference, other, max_tokens=160)


def test_no_part_of_a_picture_is_read_without_the_rest(
    folder: Path, steps: list[tuple[str, int]]
) -> None:
    loaded = load_model(folder, BY_LLAMA)
    inputs = prepare(loaded.processor, REQUEST)
    ids = inputs["input_ids"]
    pictured = torch.nonzero(ids[0] == loaded.model.config.image_token_index)
    end = int(pictured[-1]) + 1
    with torch.inference_mode():
        said = [
            loaded.model(input_ids=ids[:, :end], pixel_values=inputs["pixel_values"]).logits
            for _ in range(2)
        ]
    assert torch.equal(*said)
    assert steps[-1] == steps[-2] == ("picture", loaded.model.config.mm_tokens_per_image)


def test_a_step_that_fails_is_not_taken_for_read(
    practice: LoadedModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = read(practice)
    read_alone(practice, replace(FILM, question="Which side?"), max_tokens=4)

    def fail(*_: object) -> None:
        raise RuntimeError("llama.cpp stopped with status -3.")

    with monkeypatch.context() as broken:
        broken.setattr(LlamaText, "read", fail)
        with pytest.raises(RuntimeError, match="status"):
            read(practice)
    assert read(practice) == said


def test_what_is_longer_than_its_memory_is_refused(practice: LoadedModel) -> None:
    with pytest.raises(RequestRefused, match="too long"):
        read(practice, max_tokens=10_000)


def test_a_file_that_llama_cannot_read_makes_the_way_unusable(folder: Path, tmp_path: Path) -> None:
    whole = (folder / TEXT_FILE).read_bytes()
    damaged = make_checkpoint(tmp_path / "tiny")
    (damaged / TEXT_FILE).write_bytes(whole[: len(whole) // 2])
    with pytest.raises(UnusableAnswer, match=r"llama\.cpp cannot read"):
        load_model(damaged, BY_LLAMA)


@pytest.mark.parametrize("kind", [Kind.Q4_0, Kind.Q8_0, Kind.Q4_K])
def test_a_file_is_written_whole_and_says_how_far_it_is(
    folder: Path, tmp_path: Path, kind: Kind
) -> None:
    told: list[float] = []
    target = tmp_path / TEXT_FILE
    write_text(folder, target, lambda done, total: told.append(done / total), kind=kind)
    assert told == sorted(told)
    assert told[-1] == 1.0
    assert [path.name for path in tmp_path.iterdir()] == [TEXT_FILE]
    assert target.stat().st_size < (folder / TEXT_FILE).stat().st_size / 2


def test_a_whole_file_is_not_written_again(folder: Path, tmp_path: Path) -> None:
    """An interrupted `edgerad model prepare` goes on; only a whole file has this name."""
    target = tmp_path / TEXT_FILE
    write_text(folder, target, lambda *_: None, kind=Kind.Q8_0)
    made = target.stat().st_mtime_ns
    told: list[tuple[int, int]] = []
    write_text(folder, target, lambda *step: told.append(step), kind=Kind.Q8_0)
    assert target.stat().st_mtime_ns == made
    ((done_bytes, total_bytes),) = told
    assert done_bytes == total_bytes


@pytest.mark.parametrize(("native", "dtype"), [(True, torch.bfloat16), (False, torch.float32)])
def test_the_eyes_are_held_in_what_this_processor_multiplies_fast(
    folder: Path, prepared: Path, monkeypatch: pytest.MonkeyPatch, native: bool, dtype: torch.dtype
) -> None:
    """Also from a prepared folder, whose configuration speaks of quantised weights."""
    monkeypatch.setattr(load, "multiplies_bfloat16", lambda: native)
    for each in (folder, prepared):
        loaded = load_model(each, replace(BY_LLAMA, dtype=Dtype.BFLOAT16))
        assert {weight.dtype for weight in loaded.model.parameters()} == {dtype}
        assert loaded.dtype == dtype
        prove(loaded)


def test_with_the_text_by_llama_a_thought_is_prevented_too(tmp_path: Path) -> None:
    """The mask is beside the model, so it holds for whatever computes the text."""
    folder = make_checkpoint(tmp_path / "tiny", thinks=True)
    write_text(folder, folder / TEXT_FILE, lambda *_: None, kind=Kind.F32)
    loaded = load_model(folder, BY_LLAMA)
    assert loaded.thoughts is not None
    begin = loaded.thoughts.begin

    def prefer(_model: object, _args: object, output: Any) -> None:
        output.logits[..., begin] = 1e4

    loaded.model.register_forward_hook(prefer)
    answer = read_alone(loaded, REQUEST, max_tokens=8, thought_tokens=1000)
    assert answer.answer_tokens == 8
    assert "unused" not in answer.text
