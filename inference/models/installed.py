"""Which models are installed, and which one is meant.

Knows names and folders. Must not change any folder but the one it removes.
"""

import re
import shutil
import uuid
from dataclasses import replace
from pathlib import Path

from inference.errors import ModelCorrupt, ModelError, ModelMissing
from inference.models.manifest import (
    NAME_PATTERN,
    ModelManifest,
    check_presence,
    read_manifest,
)
from inference.models.model import InstalledModel
from inference.models.recognition import is_practice, release_of
from storage.layout import Layout

AUTO = "auto"
PRACTICE = "practice"

_PRACTICE_FOLDER = Path(__file__).parent.parent / "practice" / "model"
_MEDGEMMA = re.compile(r"^medgemma(?:-(\d+(?:\.\d+)?)(?=-|$))?", re.IGNORECASE)


def installed_models(home: Path) -> tuple[InstalledModel, ...]:
    """List the models at hand, usable or not; the one that `auto` means stands first.

    MedGemma before others, newer before older, and the practice model last.

    Returns:
        The models; those that cannot be used say why in `problem`.
    """
    folders = Layout(home).models
    found = (
        [_look_at(path, path.name) for path in folders.iterdir() if _is_model_folder(path)]
        if folders.is_dir()
        else []
    )
    practice = [_look_at(_PRACTICE_FOLDER, PRACTICE)] if _PRACTICE_FOLDER.is_dir() else []
    return tuple(sorted([*found, *practice], key=_preference))


def find_model(home: Path, name: str = AUTO) -> InstalledModel:
    """Find the model to load.

    A damaged model is an error and never a reason to take another: a clinic that installed
    MedGemma must not be answered by the practice model.

    Args:
        name: A model's name, `practice`, or `auto` for the first of `installed_models`.

    Returns:
        The model, its files present but not yet verified.

    Raises:
        ModelMissing: There is no such model.
        ModelCorrupt: It cannot be used.
    """
    models = installed_models(home)
    model = next((model for model in models if name in {AUTO, model.name}), None)
    if model is None:
        names = ", ".join(model.name for model in models) or "none"
        raise ModelMissing(f"There is no model {name}. Installed: {names}.")
    if model.problem is not None:
        raise ModelCorrupt(model.problem)
    return model


def find_prepared(home: Path, model: InstalledModel) -> InstalledModel | None:
    """Find a model's weights at 4 bits, made by `prepare_model` from these very weights.

    Returns:
        The folder that holds them, its files present but not yet verified; None if there is none.
    """
    fingerprint = read_manifest(model.path).fingerprint
    for each in installed_models(home):
        if each.problem is None and read_manifest(each.path).prepared_from == fingerprint:
            return each
    return None


def remove_model(home: Path, name: str) -> None:
    """Remove an installed model; the practice model stays.

    Raises:
        ModelMissing: There is none of that name.
    """
    check_removable(home, name)
    folder = Layout(home).models / name
    shutil.rmtree(folder.replace(folder.with_name(f".removing-{uuid.uuid4().hex}")))


def check_removable(home: Path, name: str) -> None:
    """Refuse to remove what is not there, or is part of EdgeRad.

    Raises:
        ModelMissing: It cannot be removed.
    """
    there = re.match(NAME_PATTERN, name) is not None and (Layout(home).models / name).is_dir()
    if name == PRACTICE and not there:
        raise ModelMissing("The practice model is part of EdgeRad and stays.")
    if not there:
        raise ModelMissing(f"There is no model {name} that could be removed.")


def _is_model_folder(path: Path) -> bool:
    return path.is_dir() and not path.name.startswith(".")


def _look_at(folder: Path, name: str) -> InstalledModel:
    try:
        manifest = read_manifest(folder)
        check_presence(folder, manifest)
        found = as_installed(folder, manifest)
    except ModelError as error:
        practice = folder == _PRACTICE_FOLDER
        return InstalledModel(name=name, path=folder, practice=practice, problem=str(error))
    if manifest.name == name:
        return found
    renamed = f"The folder of model {manifest.name} is called {name}: rename it back."
    return replace(found, name=name, problem=renamed)


def as_installed(folder: Path, manifest: ModelManifest) -> InstalledModel:
    """What a folder's manifest and its weights' own numbers say of the model in it.

    The manifest's digests may be lies: every byte is compared with them before each load.

    Raises:
        ModelError: Its weights are no safetensors files.
    """
    weights = manifest.weights
    practice = manifest.practice or is_practice(folder / path for path in weights)
    known = release_of(manifest.files[path].sha256 for path in weights) or manifest.release
    return InstalledModel(
        name=manifest.name,
        path=folder,
        practice=practice,
        modified=manifest.modified,
        release=None if practice else known,
    )


def _preference(model: InstalledModel) -> tuple[bool, bool, float, str]:
    version = _MEDGEMMA.match(model.name)
    newest_first = -float(version.group(1) or 1) if version else 0.0
    return model.practice, version is None, newest_first, model.name
