"""A model's weights brought to 4 bits once, for a CPU or a small card to load as they are.

Knows folders, the quantising process and how it tells of its progress. Must not import torch: the
numbers are made in a process of their own. An interrupted run goes on where it stopped.
"""

import shutil
import subprocess
import tempfile
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path

from inference.errors import ModelError
from inference.models.checkpoint import check_checkpoint
from inference.models.installed import PRACTICE, find_model
from inference.models.intake import checked_name, place
from inference.models.manifest import MANIFEST_NAME, read_manifest, verify_model, write_manifest
from inference.models.model import InstalledModel, Progress, no_progress
from inference.models.text import can_write_text, has_text
from inference.models.vision import read_proof
from machine.project import PROJECT_ROOT, python_module
from storage.layout import Layout

SUFFIX = "-nf4"

Quantise = Callable[[Path, Path, Progress], None]
"""Writes a folder's weights and configuration at 4 bits into another; a second run goes on."""

NOTICE = """\
MODIFIED FILES

The weights in this folder were made from the model "{source}" by EdgeRad's "model prepare". The
linear layers of the text model are quantised to 4 bits (NF4 with double quantisation); all other
weights are kept as bfloat16. They are modified files, not those that the model's author published.

If the model is MedGemma or another of Google's Health AI Developer Foundations (HAI-DEF):
HAI-DEF is provided under and subject to the Health AI Developer Foundations Terms of Use found at
https://developers.google.com/health-ai-developer-foundations/terms
Whoever hands this folder on hands on a copy of those terms and keeps this notice in it.
"""

Prove = Callable[[Path, Path | None, Progress], None]
"""Tries the vision of a folder at 8 bits and writes into it what was found."""

_QUANTISE = python_module("inference.runtime.quantise")
_PROVE = python_module("inference.runtime.vision_proof")
_MADE_ANEW = {"config.json", "model.safetensors.index.json", MANIFEST_NAME}
_SHARE_OF_SOURCE = 0.5  # bfloat16 becomes 45 %
_SHARE_OF_TEXT = 0.35  # and the text for llama.cpp, where that is installed, 30 % more
_RESERVE_BYTES = 500_000_000


def quantise_in_process(source: Path, target: Path, progress: Progress) -> None:
    """Run `inference.runtime.quantise`; a `Quantise`.

    Args:
        target: Where the weights go.
        progress: Told how far it is.

    Raises:
        ModelError: It failed; the message says how it ended.
    """
    _run([*_QUANTISE, str(source), str(target)], "Quantising", progress)


def prove_in_process(folder: Path, films: Path | None, progress: Progress) -> None:
    """Run `inference.runtime.vision_proof`; a `Prove`.

    Args:
        films: A folder of films to read beside the samples.
        progress: Told how far it is.

    Raises:
        ModelError: It failed; the message says how it ended.
    """
    more = [] if films is None else [str(films)]
    _run([*_PROVE, str(folder), *more], "Trying vision at 8 bits", progress)


def _run(command: Sequence[str], step: str, progress: Progress) -> None:
    with (
        tempfile.TemporaryFile("w+") as errors,
        subprocess.Popen(  # noqa: S603 - our own module
            command, stdout=subprocess.PIPE, stderr=errors, text=True, cwd=PROJECT_ROOT
        ) as process,
    ):
        assert process.stdout is not None  # noqa: S101 - a pipe was asked for
        for line in process.stdout:
            done, total = map(int, line.split())
            progress(step, done, total)
        code = process.wait()
        errors.seek(0)
        last = (errors.read().strip().splitlines() or [""])[-1]
    if code < 0:
        raise ModelError("Preparing was stopped, perhaps for lack of memory: run it again.")
    if code > 0:
        raise ModelError(f"Preparing failed: {last or f'exit status {code}'}.")


def prepare_model(
    home: Path,
    name: str,
    progress: Progress = no_progress,
    *,
    films: Path | None = None,
    quantise: Quantise = quantise_in_process,
    prove: Prove = prove_in_process,
) -> InstalledModel:
    """Make a model's weights at 4 bits and put them beside it; run again, it goes on.

    Args:
        name: An installed model's name, or `auto`.
        progress: Told how far it is.
        films: A folder of films on which vision at 8 bits is tried beside the samples.
        quantise: What makes the numbers.
        prove: What tries the vision at 8 bits, where llama.cpp computes the text.

    Returns:
        The new model, named as the old one with `-nf4` behind it, marked as modified.

    Raises:
        ModelError: It cannot be prepared; the message says why.
    """
    source = find_model(home, name)
    if source.name == PRACTICE:
        raise ModelError("The practice model is already small: install MedGemma first.")
    verify_model(source, progress)
    if check_checkpoint(source.path):
        raise ModelError(f"{source.name} is quantised already.")
    manifest = read_manifest(source.path)
    models_folder = Layout(home).models
    stage = _stage(models_folder, checked_name(f"{source.name}{SUFFIX}"), manifest.fingerprint)
    share = _SHARE_OF_SOURCE + (_SHARE_OF_TEXT if can_write_text() else 0)
    made_bytes = sum(path.stat().st_size for path in stage.iterdir())
    missing_bytes = manifest.total_bytes * share - made_bytes
    if shutil.disk_usage(stage).free < missing_bytes + _RESERVE_BYTES:
        raise ModelError("There is not enough room on the disk for the 4-bit weights.")
    quantise(source.path, stage, progress)
    _copy_rest(source, stage)
    check_checkpoint(stage)
    if has_text(stage) and read_proof(stage) is None:
        with suppress(ModelError):  # vision then stays float32, which costs time alone
            prove(stage, films, progress)
    made = write_manifest(
        stage,
        name=f"{source.name}{SUFFIX}",
        practice=source.practice,
        modified=True,
        progress=progress,
        prepared_from=manifest.fingerprint,
        release=source.release,
    )
    return place(stage, models_folder, made)


def _stage(models_folder: Path, name: str, fingerprint: str) -> Path:
    """Where it is put together: the same folder for the same weights, and no other's leftovers."""
    stage = models_folder / f".preparing-{name}-{fingerprint[:16]}"
    for left in models_folder.glob(f".preparing-{name}-*"):
        if left != stage:
            shutil.rmtree(left, ignore_errors=True)
    stage.mkdir(parents=True, exist_ok=True)
    (stage / MANIFEST_NAME).unlink(missing_ok=True)
    return stage


def _copy_rest(source: InstalledModel, stage: Path) -> None:
    """Tokenizer, processor, chat template, terms; and what says that the weights are modified."""
    for path in source.path.iterdir():
        if path.is_file() and path.suffix != ".safetensors" and path.name not in _MADE_ANEW:
            (stage / path.name).unlink(missing_ok=True)
            shutil.copyfile(path, stage / path.name)
    theirs = source.path / "NOTICE"
    before = f"{theirs.read_text()}\n" if theirs.exists() else ""
    (stage / "NOTICE").write_text(before + NOTICE.format(source=source.name))
