"""Training runs from nothing to a model folder that loads, on a set small enough to wait for."""

import json
import shutil
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.torch import load, load_file, save_file

from inference.models import recognition, verify_model
from inference.models.manifest import read_manifest
from inference.models.model import InstalledModel
from inference.practice.answers import URGENCIES
from inference.practice.batches import shared_out
from inference.practice.conversations import draw_first_sight
from inference.practice.dataset import (
    TARGETS,
    DatasetPlan,
    is_radiograph,
    load_or_draw,
    with_places,
)
from inference.practice.folder import MODEL_FOLDER, WEIGHTS
from inference.practice.modelling import PracticeReader
from inference.practice.train import (
    FIRST_SIGHT,
    POLISH,
    STAGES,
    WIDENED,
    Stage,
    Trainer,
    learn_on,
    shorter,
    train,
    widen,
)
from inference.practice.truth import every_truth
from inference.urgency import LABELS


def test_a_few_steps_write_a_model_folder_that_verifies_and_answers(tmp_path: Path) -> None:
    plan = DatasetPlan(seed=1, patients=4, negatives=6)
    dataset = load_or_draw(plan, tmp_path / "cache", processes=1)
    stages = [shorter(stage, 2000) for stage in (STAGES[0], STAGES[-1])]
    assert [stage.steps for stage in stages] == [1, 1]
    before = torch.get_rng_state()
    train(dataset, stages, seed=1, out=tmp_path / "model")
    trained = (tmp_path / "model/model.safetensors").read_bytes()
    learn_on(dataset, [shorter(POLISH, 350)], seed=1, out=tmp_path / "model")
    assert (tmp_path / "model/model.safetensors").read_bytes() != trained
    vision_id = _weights(tmp_path / "model", "vision_tower")
    learn_on(dataset, [shorter(FIRST_SIGHT, 300)], seed=1, out=tmp_path / "model")
    torch.set_rng_state(before)
    assert _weights(tmp_path / "model", "vision_tower") == vision_id
    manifest = read_manifest(tmp_path / "model")
    assert manifest.practice
    verify_model(InstalledModel(name="practice", path=tmp_path / "model", practice=True))
    assert PracticeReader(tmp_path / "model").model.config.mm_tokens_per_image == 64


def test_widening_keeps_the_mean_of_the_weights_before_and_after(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "model"
    shutil.copytree(MODEL_FOLDER, out)
    before = load((out / WEIGHTS).read_bytes())
    learnt = {name: 3 * weights for name, weights in before.items()}
    monkeypatch.setattr(
        "inference.practice.train.learn_on",
        lambda _dataset, _stages, _seed, folder: save_file(learnt, folder / WEIGHTS),
    )
    plan = DatasetPlan(seed=1, patients=1, negatives=1)
    widen(load_or_draw(plan, tmp_path / "cache", processes=1), WIDENED, seed=1, out=out)
    mean = load((out / WEIGHTS).read_bytes())
    assert all(torch.equal(mean[name], 2 * weights) for name, weights in before.items())
    verify_model(InstalledModel(name="practice", path=out, practice=True))


def _weights(folder: Path, part: str) -> dict[str, bytes]:
    weights = load_file(folder / "model.safetensors")
    return {
        name: weight.view(torch.uint8).numpy().tobytes()
        for name, weight in weights.items()
        if part in name
    }


def test_weights_of_an_earlier_practice_model_stay_known(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A copy of what was released before must not pass for a model that reads patients."""
    known = tmp_path / "known.json"
    known.write_text('{"practice": {"8192": ["an earlier one"]}, "releases": {}}')
    monkeypatch.setattr(recognition, "KNOWN_FILE", known)
    recognition.note_practice(MODEL_FOLDER)
    noted = json.loads(known.read_text())["practice"]
    assert "an earlier one" in noted["8192"]
    assert len(noted["8192"]) > 1


def test_of_a_first_sight_the_label_alone_is_learnt_not_that_it_comes_first() -> None:
    reader = PracticeReader(MODEL_FOLDER)
    conversation = draw_first_sight(np.random.default_rng(0), every_truth()[0])
    _, _, labels = Trainer(reader.processor, reader.model).tokenise([conversation])
    learnt = reader.processor.tokenizer.decode(labels[labels >= 0])
    label = LABELS[URGENCIES[every_truth()[0].finding]]
    assert learnt.strip() == f"{label}<end_of_turn>"


def test_a_set_is_drawn_once_and_then_mapped(tmp_path: Path) -> None:
    plan = DatasetPlan(seed=2, patients=2, negatives=2)
    first = load_or_draw(plan, tmp_path, processes=1)
    again = load_or_draw(plan, tmp_path, processes=1)
    assert isinstance(again.films, np.memmap)
    assert np.array_equal(first.films, again.films)
    assert len(list(tmp_path.iterdir())) == 1


def test_a_stages_rate_warms_up_and_falls_to_nothing() -> None:
    stage = Stage(steps=100, horizon_steps=100, peak_rate=1.0, warm_up_steps=10)
    assert stage.rate(5) == pytest.approx(0.5)
    assert stage.rate(10) == pytest.approx(1.0)
    assert stage.rate(100) == pytest.approx(0.0)


def test_a_finding_in_a_zone_is_a_target_of_its_own() -> None:
    shares = np.zeros((1, 12), dtype=np.float32)
    shares[0, 2] = 0.5  # right lower zone
    shares[0, 9] = 1.0  # effusion
    targets = with_places(shares)
    assert targets.shape == (1, TARGETS)
    assert np.flatnonzero(targets[0]).tolist() == [2, 9, 12 + 6 * 1 + 2]


def test_pictures_that_are_no_films_are_drawn_by_share_not_by_how_many_kinds_there_are() -> None:
    plan = DatasetPlan(seed=2, patients=1, negatives=2000)
    radiographs = [is_radiograph(plan, index) for index in range(plan.negatives)]
    assert sum(radiographs) / len(radiographs) == pytest.approx(34 / 48, abs=0.04)
    weights = shared_out(radiographs, {True: 0.5, False: 0.5})
    assert weights.sum() == pytest.approx(1)
    assert weights[np.array(radiographs)].sum() == pytest.approx(0.5)
