"""A model at 4 bits: made file by file, the same as bitsandbytes makes it at load, and loaded."""

import json
from pathlib import Path

import pytest
import torch
from bitsandbytes.nn.modules import Linear4bit

from inference.contract import ReadRequest, Tier
from inference.errors import ModelError
from inference.footprint import Dtype
from inference.models import find_prepared, prepare_model, verify_model
from inference.models.manifest import read_manifest
from inference.models.model import InstalledModel
from inference.models.vision import INT8_FILE, PROOF_FILE, read_proof
from inference.runtime.canary import prove
from inference.runtime.generate import prepare
from inference.runtime.load import LoadedModel, load_model
from inference.runtime.probe import measure_footprint
from inference.runtime.quantise import quantise
from inference.tiers import TierChoice
from tests.checkpoints import make_checkpoint, make_picture

REQUEST = ReadRequest(request_id="r", pictures=(make_picture(),))


def choice(*, prepared: bool, dtype: Dtype = Dtype.BFLOAT16) -> TierChoice:
    return TierChoice(
        tier=Tier.BIT4, device="cpu", dtype=dtype, reason="Tested.", prepared=prepared
    )


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("home")
    make_checkpoint(home / "models" / "tiny")
    return home


@pytest.fixture(scope="module")
def source(home: Path) -> InstalledModel:
    return InstalledModel(name="tiny", path=home / "models" / "tiny", practice=True)


@pytest.fixture(scope="module")
def steps() -> list[tuple[str, int, int]]:
    return []


@pytest.fixture(scope="module")
def prepared(home: Path, steps: list[tuple[str, int, int]]) -> InstalledModel:
    """Made by the real process."""
    return prepare_model(home, "tiny", lambda *step: steps.append(step))


def logits(loaded: LoadedModel) -> torch.Tensor:
    inputs = prepare(loaded.processor, REQUEST).to("cpu", dtype=loaded.dtype)
    with torch.inference_mode():
        last: torch.Tensor = loaded.model(**inputs).logits[0, -1]  # (vocabulary,)
    return last


def test_a_prepared_model_is_whole_and_says_that_it_is_modified(
    home: Path, source: InstalledModel, prepared: InstalledModel
) -> None:
    verify_model(prepared)
    assert (prepared.name, prepared.modified, prepared.practice) == ("tiny-nf4", True, True)
    notice = (prepared.path / "NOTICE").read_text()
    assert "modified files" in notice
    assert "HAI-DEF is provided under and subject to" in notice
    assert find_prepared(home, source) == prepared


def test_preparing_says_how_far_it_is(
    prepared: InstalledModel, steps: list[tuple[str, int, int]]
) -> None:
    quantising = [done / total for step, done, total in steps if step == "Quantising"]
    assert quantising == sorted(quantising)
    assert quantising[-1] == 1.0


def test_vision_is_tried_at_8_bits_once_and_what_was_found_is_part_of_the_folder(
    prepared: InstalledModel, steps: list[tuple[str, int, int]]
) -> None:
    """Where llama.cpp computes the text: drawn weights may bear it or not."""
    pytest.importorskip("gguf", reason="llama.cpp is an extra: pip install edgerad[llama]")
    tried = [done / total for step, done, total in steps if step == "Trying vision at 8 bits"]
    assert tried[-1] == 1.0
    proof = read_proof(prepared.path)
    assert proof is not None
    files = read_manifest(prepared.path).files
    assert PROOF_FILE in files
    assert (INT8_FILE in files) == proof.holds
    assert measure_footprint(prepared.path).int8_vision == proof.holds


def test_the_prepared_weights_are_those_that_a_load_at_4_bits_makes(
    source: InstalledModel, prepared: InstalledModel
) -> None:
    made = load_model(prepared.path, choice(prepared=True))
    at_load = load_model(source.path, choice(prepared=False))
    mine, theirs = (dict(each.model.named_parameters()) for each in (made, at_load))
    assert mine.keys() == theirs.keys()
    for name, weight in theirs.items():
        assert torch.equal(mine[name], weight), name
    assert torch.equal(logits(made), logits(at_load))
    prove(made)


def test_vision_projector_and_head_stay_as_they_were(prepared: InstalledModel) -> None:
    model = load_model(prepared.path, choice(prepared=True)).model
    quantised = {name for name, each in model.named_modules() if isinstance(each, Linear4bit)}
    assert quantised
    assert all(name.startswith("model.language_model.layers.") for name in quantised)


def test_prepared_weights_compute_in_what_the_card_can(prepared: InstalledModel) -> None:
    """Their folder says bfloat16, which an older card has not."""
    old = load_model(prepared.path, choice(prepared=True, dtype=Dtype.GUARDED_FLOAT16))
    linears = [each for each in old.model.modules() if isinstance(each, Linear4bit)]
    assert {each.compute_dtype for each in linears} == {torch.float32}
    prove(old)


def test_the_footprint_of_prepared_weights_is_that_of_their_source(
    source: InstalledModel, prepared: InstalledModel
) -> None:
    theirs, made = measure_footprint(source.path), measure_footprint(prepared.path)
    assert made.prepared
    assert (made.quantisable, made.kept) == (theirs.quantisable, theirs.kept)


def test_a_prepared_model_cannot_be_prepared_again(home: Path, prepared: InstalledModel) -> None:
    with pytest.raises(ModelError, match="already"):
        prepare_model(home, prepared.name)


def test_an_interrupted_run_goes_on_where_it_stopped(
    source: InstalledModel, tmp_path: Path
) -> None:
    def interrupt(done_bytes: int, _total_bytes: int) -> None:
        if done_bytes > 100_000:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        quantise(source.path, tmp_path, interrupt, file_bytes=50_000)
    made = {path: path.stat().st_mtime_ns for path in tmp_path.glob("*.safetensors")}
    assert len(made) > 1
    quantise(source.path, tmp_path, lambda *_: None, file_bytes=50_000)
    assert {path: path.stat().st_mtime_ns for path in made} == made
    index = json.loads((tmp_path / "model.safetensors.index.json").read_text())
    assert set(index["weight_map"].values()) == {p.name for p in tmp_path.glob("*.safetensors")}
    assert not list(tmp_path.glob("*.part"))
