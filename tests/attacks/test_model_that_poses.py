"""The practice model, dressed up as MedGemma, must keep its banner: patients' films come in."""

import json
import struct
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from bot.settings import BotSettings
from deploy.commands.cli import app
from deploy.doctor.checks import Level
from deploy.doctor.examination import check_model
from deploy.doctor.hardware import Survey
from inference.models import add_model, find_model
from inference.practice.folder import MODEL_FOLDER
from tests.attacks.conftest import Note

ATTACKER = "on the machine, and in files"

WEIGHTS = "model.safetensors"
POSING_AS = "medgemma-1.5-4b-it"


def frame(path: Path) -> tuple[dict[str, dict[str, object]], bytes]:
    whole = path.read_bytes()
    length = int.from_bytes(whole[:8], "little")
    return json.loads(whole[8 : 8 + length]), whole[8 + length :]


def written(path: Path, tensors: dict[str, dict[str, object]], numbers: bytes) -> None:
    header = json.dumps(tensors).encode()
    path.write_bytes(len(header).to_bytes(8, "little") + header + numbers)


def copied(folder: Path) -> Path:
    """The practice model without its manifest."""
    folder.mkdir()
    for path in MODEL_FOLDER.iterdir():
        if path.name != "edgerad.json":
            (folder / path.name).write_bytes(path.read_bytes())
    return folder


def as_it_is(folder: Path) -> None:
    """Nothing but the folder's name is changed."""


def with_other_names_and_order(folder: Path) -> None:
    tensors, numbers = frame(folder / WEIGHTS)
    tensors.pop("__metadata__", None)
    turned, moved, at = {}, b"", 0
    for place, (_, tensor) in enumerate(reversed(tensors.items())):
        begin, end = tensor["data_offsets"]  # type: ignore[misc]  # a pair
        moved += numbers[begin:end]  # type: ignore[has-type]
        turned[f"w{place}"] = {**tensor, "data_offsets": [at, len(moved)]}
        at = len(moved)
    written(folder / WEIGHTS, turned, moved)


def in_two_files(folder: Path) -> None:
    tensors, numbers = frame(folder / WEIGHTS)
    tensors.pop("__metadata__", None)
    names = list(tensors)
    shards: dict[str, str] = {}
    for number, part in enumerate((names[: len(names) // 2], names[len(names) // 2 :]), start=1):
        file, kept, at = f"model-0000{number}-of-00002.safetensors", {}, b""
        for name in part:
            begin, end = tensors[name]["data_offsets"]  # type: ignore[misc]  # a pair
            kept[name] = {**tensors[name], "data_offsets": [len(at), len(at) + end - begin]}  # type: ignore[has-type]
            at += numbers[begin:end]  # type: ignore[has-type]
            shards[name] = file
        written(folder / file, kept, at)
    (folder / WEIGHTS).unlink()
    (folder / "model.safetensors.index.json").write_text(json.dumps({"weight_map": shards}))


def in_float32(folder: Path) -> None:
    tensors, numbers = frame(folder / WEIGHTS)
    tensors.pop("__metadata__", None)
    wide = bytearray(2 * len(numbers))
    wide[2::4], wide[3::4] = numbers[0::2], numbers[1::2]
    for tensor in tensors.values():
        begin, end = tensor["data_offsets"]  # type: ignore[misc]  # a pair
        tensor.update(dtype="F32", data_offsets=[2 * begin, 2 * end])  # type: ignore[has-type]
    written(folder / WEIGHTS, tensors, bytes(wide))


def in_float16(folder: Path) -> None:
    tensors, numbers = frame(folder / WEIGHTS)
    wide = bytearray(2 * len(numbers))
    wide[2::4], wide[3::4] = numbers[0::2], numbers[1::2]
    count = len(numbers) // 2
    narrow = struct.pack(f"<{count}e", *struct.unpack(f"<{count}f", wide))
    tensors.pop("__metadata__", None)
    for tensor in tensors.values():
        tensor["dtype"] = "F16"
    written(folder / WEIGHTS, tensors, narrow)


def with_a_manifest_that_lies(folder: Path) -> None:
    manifest = json.loads((MODEL_FOLDER / "edgerad.json").read_text())
    told = {"name": POSING_AS, "practice": False, "release": "google/medgemma-1.5-4b-it"}
    (folder / "edgerad.json").write_text(json.dumps({**manifest, **told}))


@pytest.mark.parametrize(
    "dressed",
    [
        as_it_is,
        with_other_names_and_order,
        in_two_files,
        in_float32,
        in_float16,
        with_a_manifest_that_lies,
    ],
)
def test_the_practice_model_keeps_its_banner_whatever_it_is_dressed_as(
    tmp_path: Path, dressed: Callable[[Path], None], outcome: Note
) -> None:
    folder = copied(tmp_path / POSING_AS)
    dressed(folder)
    added = add_model(tmp_path / "home", folder)
    assert (added.name, added.practice, added.release) == (POSING_AS, True, None)
    assert find_model(tmp_path / "home", POSING_AS).practice
    assert find_model(tmp_path / "home") == add_model(tmp_path / "home", folder)
    outcome(
        "The practice model's weights in a folder called `medgemma-1.5-4b-it`: as they"
        " are, with other names and order, in two files, in float32 or float16, with a"
        " manifest that lies",
        "answers keep the practice banner",
    )


def test_a_manifest_edited_after_the_model_was_added_changes_nothing(
    tmp_path: Path, outcome: Note
) -> None:
    added = add_model(tmp_path / "home", copied(tmp_path / POSING_AS))
    manifest = added.path / "edgerad.json"
    told = json.loads(manifest.read_text()) | {"practice": False}
    manifest.chmod(0o600)
    manifest.write_text(json.dumps(told))
    assert find_model(tmp_path / "home", POSING_AS).practice
    outcome("Its manifest edited after it was added", "answers keep the practice banner")


def test_weights_of_somebody_else_under_googles_name_are_called_unknown(
    tmp_path: Path, outcome: Note
) -> None:
    folder, home = copied(tmp_path / POSING_AS), tmp_path / "home"
    tensors, numbers = frame(folder / WEIGHTS)
    written(folder / WEIGHTS, tensors, (np.frombuffer(numbers, np.uint8) ^ 1).tobytes())
    added = add_model(home, folder)
    assert (added.practice, added.release) == (False, None)
    listed = CliRunner().invoke(app, ["model", "list"], env={"EDGERAD_HOME": str(home)})
    assert f"{POSING_AS}, not a known release" in listed.output
    settings = BotSettings(_env_file=None, home=home, model=POSING_AS)
    check, *_ = check_model(settings, lambda *_: Survey(hardware="2 cores", tier="cpu"))
    assert (check.level, "not a known release" in check.words) == (Level.WARN, True)
    outcome(
        "Somebody else's weights under that name",
        "`edgerad model list`, `edgerad doctor` and each answer say: not a known release",
    )
