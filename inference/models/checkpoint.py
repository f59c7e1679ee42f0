"""Whether a folder is a Gemma 3 checkpoint that can be loaded.

Knows the file names of a Hugging Face checkpoint. Must not load anything.
"""

import json
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import Any

from inference.errors import ModelError
from inference.models.text import TEXT_FILE
from inference.models.weights import tensors_of

ARCHITECTURE = "Gemma3ForConditionalGeneration"

_WEIGHTS = "model.safetensors"
_INDEX = "model.safetensors.index.json"
_ONE_OF_EACH = {
    "tokenizer": ("tokenizer.json", "tokenizer.model"),
    "image processor": ("processor_config.json", "preprocessor_config.json"),
    "chat template": ("chat_template.jinja", "chat_template.json"),
}
_RIGHT_FOLDER = (
    "A model's folder holds config.json, tokenizer.json, processor_config.json, chat_template.jinja"
    " and *.safetensors: all files of its page on Hugging Face."
)

_KEPT_SUFFIXES = {".safetensors", ".json", ".model", ".txt", ".jinja", ".md"}
_KEPT_NAMES = {"LICENSE", "NOTICE", TEXT_FILE}
_PICKLED_SUFFIXES = {".bin", ".pt", ".pth", ".ckpt", ".pkl", ".pickle"}


def belongs(path: PurePosixPath) -> bool:
    """Tell whether a file is part of a checkpoint.

    Args:
        path: Its path within the source.

    Returns:
        False for what is left aside: programs, pictures, hidden files.

    Raises:
        ModelError: It is a pickle, which may run a program when it is loaded.
    """
    if any(part.startswith(".") for part in path.parts):
        return False
    if path.suffix.lower() in _PICKLED_SUFFIXES:
        raise ModelError(f"{path.name} is a pickle file, which may hold a program: not accepted.")
    return path.suffix.lower() in _KEPT_SUFFIXES or path.name in _KEPT_NAMES


def find_root(folder: Path) -> Path:
    """Find the checkpoint in a folder: where the topmost `config.json` lies.

    Returns:
        The folder itself or one below it.

    Raises:
        ModelError: There is none.
    """
    configs = sorted(folder.rglob("config.json"), key=lambda path: (len(path.parts), path))
    if not configs:
        raise ModelError(f"There is no config.json in it, so it is not a model.\n{_RIGHT_FOLDER}")
    return configs[0].parent


def check_checkpoint(folder: Path) -> bool:
    """Check that a folder can be loaded as MedGemma is.

    Returns:
        Whether its weights are quantised, and so modified.

    Raises:
        ModelError: It is another architecture, or something is missing.
    """
    config = _read_json(folder / "config.json")
    if ARCHITECTURE not in (config.get("architectures") or []):
        raise ModelError(f"config.json is not of a {ARCHITECTURE} (Gemma 3 with vision).")
    weights = _weight_files(folder)
    if missing := list(_missing(folder, weights)):
        raise ModelError(f"Missing: {', '.join(missing)}.\n{_RIGHT_FOLDER}")
    for name in weights:
        tensors_of(folder / name)  # compares the size with what the header promises
    return "quantization_config" in config


def _missing(folder: Path, weights: list[str]) -> Iterator[str]:
    for kind, names in _ONE_OF_EACH.items():
        if not any((folder / name).is_file() for name in names) and not (
            kind == "chat template" and _template_in_tokenizer(folder)
        ):
            yield f"the {kind} ({' or '.join(names)})"
    yield from (name for name in weights if not (folder / name).is_file())


def _weight_files(folder: Path) -> list[str]:
    if not (folder / _INDEX).is_file():
        return [_WEIGHTS]
    shards = _read_json(folder / _INDEX).get("weight_map")
    if not isinstance(shards, dict) or not shards:
        raise ModelError(f"{_INDEX} names no files.")
    names = sorted({str(name) for name in shards.values()})
    if any(PurePosixPath(name).name != name for name in names):
        raise ModelError(f"{_INDEX} names a file outside the folder.")
    return names


def _template_in_tokenizer(folder: Path) -> bool:
    path = folder / "tokenizer_config.json"
    return path.is_file() and "chat_template" in _read_json(path)


def _read_json(path: Path) -> dict[str, Any]:
    try:
        content = json.loads(path.read_bytes())
    except (OSError, ValueError, RecursionError) as error:
        raise ModelError(f"{path.name} cannot be read.") from error
    if not isinstance(content, dict):
        raise ModelError(f"{path.name} cannot be read.")
    return content
