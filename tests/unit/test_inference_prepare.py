"""A prepared folder is put together beside the others, and appears whole or not at all."""

import shutil
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from inference.errors import ModelError
from inference.models import (
    InstalledModel,
    add_model,
    find_model,
    find_prepared,
    installed_models,
    prepare,
    prepare_model,
    remove_model,
)
from inference.models.model import Progress
from inference.models.text import TEXT_FILE
from inference.models.vision import read_proof
from tests.unit.test_inference_models import checkpoint, safetensors

CONFIG = '{"architectures": ["Gemma3ForConditionalGeneration"], "quantization_config": {}}'


def quantise(source: Path, target: Path, progress: Progress) -> None:
    """As the real one leaves a folder, with the numbers left out."""
    (target / "config.json").write_text(CONFIG)
    (target / "model.safetensors").write_bytes(safetensors(b"4"))
    progress("Quantising", 8, 8)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


@pytest.fixture
def model(home: Path, tmp_path: Path) -> InstalledModel:
    return add_model(home, checkpoint(tmp_path / "medgemma-4b-it"))


def test_a_prepared_model_stands_behind_its_source_and_auto_still_means_the_source(
    home: Path, model: InstalledModel
) -> None:
    prepared = prepare_model(home, "auto", quantise=quantise)
    names = [each.name for each in installed_models(home)]
    assert names[:2] == ["medgemma-4b-it", "medgemma-4b-it-nf4"]
    assert find_model(home) == model
    assert find_prepared(home, model) == prepared
    assert prepared.modified
    assert not prepared.practice


def with_text(source: Path, target: Path, progress: Progress) -> None:
    """As where llama.cpp is installed."""
    quantise(source, target, progress)
    (target / TEXT_FILE).write_bytes(b"text")


def test_a_clinics_films_go_to_where_vision_is_tried_at_8_bits(
    home: Path, model: InstalledModel, tmp_path: Path
) -> None:
    asked: list[Path | None] = []

    def prove(folder: Path, films: Path | None, _progress: Progress) -> None:
        assert (folder / "tokenizer.json").exists()  # a model that can be asked
        asked.append(films)

    prepare_model(home, model.name, films=tmp_path, quantise=with_text, prove=prove)
    prepare_model(home, model.name, quantise=quantise, prove=prove)  # without llama.cpp
    assert asked == [tmp_path]


def test_a_trial_that_fails_costs_time_alone(home: Path, model: InstalledModel) -> None:
    def fail(*_: object) -> None:
        raise ModelError("Preparing was stopped, perhaps for lack of memory: run it again.")

    prepared = prepare_model(home, model.name, quantise=with_text, prove=fail)
    assert prepared.problem is None
    assert read_proof(prepared.path) is None


def test_everything_but_the_weights_is_taken_along(home: Path, model: InstalledModel) -> None:
    prepared = prepare_model(home, model.name, quantise=quantise)
    for name in ("tokenizer.json", "processor_config.json", "chat_template.jinja"):
        assert (prepared.path / name).read_bytes() == (model.path / name).read_bytes()
    assert "modified files" in (prepared.path / "NOTICE").read_text()


def test_what_is_prepared_alone_can_be_carried_to_another_machine(
    home: Path, model: InstalledModel, tmp_path: Path
) -> None:
    prepared = prepare_model(home, model.name, quantise=quantise)
    other = tmp_path / "other"
    carried = add_model(other, prepared.path)
    assert (carried.name, carried.modified) == (prepared.name, True)
    assert find_model(other) == carried


def test_an_interruption_leaves_no_model_and_its_files_for_the_next_run(
    home: Path, model: InstalledModel
) -> None:
    def interrupted(source: Path, target: Path, progress: Progress) -> None:
        (target / "model-00001-of-00002.safetensors").write_bytes(safetensors())
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        prepare_model(home, model.name, quantise=interrupted)
    assert find_prepared(home, model) is None
    assert [each.name for each in installed_models(home) if not each.practice] == [model.name]

    def found(source: Path, target: Path, progress: Progress) -> None:
        left = target / "model-00001-of-00002.safetensors"
        assert left.exists()
        left.unlink()
        quantise(source, target, progress)

    prepare_model(home, model.name, quantise=found)
    assert find_prepared(home, model) is not None
    assert not [path for path in (home / "models").iterdir() if path.name.startswith(".")]


def test_what_an_earlier_source_left_is_cleared(home: Path, model: InstalledModel) -> None:
    old = home / "models" / ".preparing-medgemma-4b-it-nf4-0000"
    old.mkdir()
    prepare_model(home, model.name, quantise=quantise)
    assert not old.exists()


def test_preparing_again_replaces_it(home: Path, model: InstalledModel) -> None:
    first = prepare_model(home, model.name, quantise=quantise)
    assert prepare_model(home, model.name, quantise=quantise) == first
    remove_model(home, first.name)
    assert find_prepared(home, model) is None


def test_a_full_disk_is_said_before_anything_is_made(
    home: Path, model: InstalledModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=10**6))
    with pytest.raises(ModelError, match="not enough room"):
        prepare_model(home, model.name, quantise=lambda *_: pytest.fail("quantised"))


def test_the_practice_model_needs_no_preparing(home: Path) -> None:
    with pytest.raises(ModelError, match="already small"):
        prepare_model(home, "practice", quantise=quantise)


def test_a_damaged_source_is_not_prepared(home: Path, model: InstalledModel) -> None:
    path = model.path / "model.safetensors"
    path.chmod(0o644)
    path.write_bytes(safetensors(b"\1" + bytes(7)))
    with pytest.raises(ModelError, match="damaged"):
        prepare_model(home, model.name, quantise=quantise)


@pytest.mark.parametrize(
    ("program", "words"),
    [
        ("print('1 2', flush=True); raise SystemExit('No such folder')", "failed: No such folder"),
        ("import os, signal; os.kill(os.getpid(), signal.SIGKILL)", "perhaps for lack of memory"),
    ],
)
def test_a_process_that_fails_says_how_it_ended(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, program: str, words: str
) -> None:
    monkeypatch.setattr(prepare, "_QUANTISE", (sys.executable, "-c", program))
    with pytest.raises(ModelError, match=words):
        prepare.quantise_in_process(tmp_path, tmp_path, lambda *_: None)


def test_what_an_interrupted_run_has_made_needs_no_room_again(
    home: Path, model: InstalledModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    made_bytes = 10**6

    def interrupted(_source: Path, target: Path, _progress: Progress) -> None:
        (target / "model.safetensors").write_bytes(bytes(made_bytes))
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        prepare_model(home, model.name, quantise=interrupted)
    left_bytes = prepare._RESERVE_BYTES - made_bytes + 10**5
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=left_bytes))
    prepare_model(home, model.name, quantise=quantise)
    with pytest.raises(ModelError, match="not enough room"):  # for all of it anew
        prepare_model(home, model.name, quantise=quantise)


def test_an_interruption_before_the_end_doubles_no_notice(
    home: Path, model: InstalledModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupt(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as interrupted:
        interrupted.setattr(prepare, "write_manifest", interrupt)
        with pytest.raises(KeyboardInterrupt):
            prepare_model(home, model.name, quantise=quantise)
    prepared = prepare_model(home, model.name, quantise=quantise)
    assert (prepared.path / "NOTICE").read_text().count("MODIFIED FILES") == 1
