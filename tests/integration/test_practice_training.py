"""Training runs from nothing to a model folder that loads, on a set small enough to wait for."""

from pathlib import Path

import numpy as np
import pytest
import torch

from inference.models import verify_model
from inference.models.manifest import read_manifest
from inference.models.model import Model
from inference.practice.dataset import TARGETS, DatasetPlan, load_or_draw, with_places
from inference.practice.modelling import PracticeReader
from inference.practice.train import POLISH, STAGES, Stage, polish, shorter, train


def test_a_few_steps_write_a_model_folder_that_verifies_and_answers(tmp_path: Path) -> None:
    plan = DatasetPlan(seed=1, films=12, negatives=6)
    dataset = load_or_draw(plan, tmp_path / "cache", processes=1)
    stages = [shorter(stage, 2000) for stage in (STAGES[0], STAGES[-1])]
    assert [stage.steps for stage in stages] == [1, 1]
    before = torch.get_rng_state()
    train(dataset, stages, seed=1, out=tmp_path / "model")
    trained = (tmp_path / "model/model.safetensors").read_bytes()
    polish(dataset, shorter(POLISH, 350), seed=1, out=tmp_path / "model")
    assert (tmp_path / "model/model.safetensors").read_bytes() != trained
    torch.set_rng_state(before)
    manifest = read_manifest(tmp_path / "model")
    assert manifest.practice
    verify_model(Model(name="practice", path=tmp_path / "model", practice=True))
    assert PracticeReader(tmp_path / "model").model.config.mm_tokens_per_image == 64


def test_a_set_is_drawn_once_and_then_mapped(tmp_path: Path) -> None:
    plan = DatasetPlan(seed=2, films=3, negatives=2)
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
