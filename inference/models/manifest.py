"""The manifest of a model folder: which files, how large, with which SHA-256.

Knows `edgerad.json`. Must not know what a checkpoint is.

A folder is hashed whole before every load. A cache keyed by size and time would be faster, but
neither changes when a failing disk or a power cut changes a byte, and that is the fault a clinic
meets. Hashing also reads the files into memory, where the load right after it finds them.
"""

import hashlib
import json
import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path, PurePosixPath
from typing import Annotated

from pydantic import (
    AfterValidator,
    BaseModel,
    Field,
    StringConstraints,
    ValidationError,
)

from inference.errors import ModelCorrupt
from inference.models.model import InstalledModel, Progress, no_progress
from machine.cgroups import usable_cpus

MANIFEST_NAME = "edgerad.json"
NAME_PATTERN = r"^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$"

_CHUNK_BYTES = 4 * 1024 * 1024
_MOST_THREADS = 4  # more would wait for the disk
_ADVICE = "Remove it (edgerad model remove), then add or fetch it again."
_ADVICE_OF_PRACTICE = (
    "It is part of EdgeRad: unpack or clone EdgeRad anew. In a checkout,"
    " `git checkout inference/practice/model` puts it back."
)


def inside(path: str) -> str:
    """Let a relative path pass that stays within its folder.

    Args:
        path: A path with forward slashes, from a manifest or an archive.

    Raises:
        ValueError: It is absolute, climbs out, or is not spelled plainly.
    """
    parts = PurePosixPath(path).parts
    if not parts or path.startswith("/") or "\\" in path or ".." in parts or "\0" in path:
        raise ValueError("not a path within the folder")
    return path


class FileRecord(BaseModel, frozen=True):
    """What one file must be."""

    sha256: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
    bytes: Annotated[int, Field(ge=0)]


class ModelManifest(BaseModel, frozen=True):
    """The content of `edgerad.json`.

    Args:
        release: The repository on the hub that this machine fetched the weights from itself, or
            prepared them from; not believed of a manifest that was brought along.
    """

    name: Annotated[str, StringConstraints(pattern=NAME_PATTERN)]
    practice: bool = False
    modified: bool = False
    prepared_from: str | None = None
    release: str | None = None
    files: dict[Annotated[str, AfterValidator(inside)], FileRecord]

    @property
    def total_bytes(self) -> int:
        """Size of all files."""
        return sum(record.bytes for record in self.files.values())

    @property
    def advice(self) -> str:
        """What to do where the folder differs."""
        return _ADVICE_OF_PRACTICE if self.practice else _ADVICE

    @property
    def fingerprint(self) -> str:
        """SHA-256 over the weights' digests: which model it is, whatever it is called."""
        weights = [f"{path} {self.files[path].sha256}" for path in self.weights]
        return hashlib.sha256("\n".join(weights).encode()).hexdigest()

    @property
    def weights(self) -> list[str]:
        """The files that hold the weights."""
        return sorted(path for path in self.files if path.endswith(".safetensors"))


def read_manifest(folder: Path) -> ModelManifest:
    """Read a folder's manifest.

    Raises:
        ModelCorrupt: There is none, or it is not readable.
    """
    try:
        return ModelManifest.model_validate_json((folder / MANIFEST_NAME).read_bytes())
    except (OSError, ValidationError) as error:
        raise ModelCorrupt(
            f"The model in {folder.name} has no readable {MANIFEST_NAME}. {_ADVICE}"
        ) from error


def write_manifest(
    folder: Path,
    *,
    name: str,
    practice: bool,
    modified: bool,
    progress: Progress,
    prepared_from: str | None = None,
    release: str | None = None,
) -> ModelManifest:
    """Hash every file of a folder and write its manifest.

    Args:
        name: What the model is called.
        practice: Whether it is the practice model.
        modified: Whether its weights differ from the published ones.
        progress: Told how far it is.
        prepared_from: Fingerprint of the model whose weights these are at 4 bits, if they are.
        release: The repository that this machine fetched them from, if it did.
    """
    sizes = {path: (folder / path).stat().st_size for path in sorted(_files(folder))}
    digests = _digests(folder, sizes, progress)
    records = {
        path: FileRecord(sha256=digests[path].result(), bytes=size) for path, size in sizes.items()
    }
    manifest = ModelManifest(
        name=name,
        practice=practice,
        modified=modified,
        prepared_from=prepared_from,
        release=release,
        files=records,
    )
    replace_manifest(folder, manifest)
    return manifest


def replace_manifest(folder: Path, manifest: ModelManifest) -> None:
    """Write a folder's manifest, whatever there was."""
    text = json.dumps(manifest.model_dump(), indent=2) + "\n"
    (folder / MANIFEST_NAME).unlink(missing_ok=True)
    (folder / MANIFEST_NAME).write_text(text, encoding="utf-8")


def check_presence(folder: Path, manifest: ModelManifest) -> None:
    """Compare a folder with its manifest without reading files: names and sizes.

    Raises:
        ModelCorrupt: A file is missing, of another size, a link, or not in the manifest.
    """
    found = _files(folder)
    for path in sorted(found - manifest.files.keys()):
        raise ModelCorrupt(f"{path} does not belong to model {manifest.name}. {manifest.advice}")
    for path, record in manifest.files.items():
        if path not in found or (folder / path).is_symlink():
            raise ModelCorrupt(f"{path} of model {manifest.name} is missing. {manifest.advice}")
        if (folder / path).stat().st_size != record.bytes:
            words = f"{path} of model {manifest.name} has the wrong size."
            raise ModelCorrupt(f"{words} {manifest.advice}")


def check_content(folder: Path, manifest: ModelManifest, progress: Progress) -> None:
    """Compare a folder with its manifest, byte by byte.

    Args:
        progress: Told how far it is.

    Raises:
        ModelCorrupt: It differs.
    """
    check_presence(folder, manifest)
    sizes = {path: record.bytes for path, record in manifest.files.items()}
    digests = _digests(folder, sizes, progress)
    for path, record in manifest.files.items():
        try:
            digest = digests[path].result()
        except OSError as error:
            raise ModelCorrupt(
                f"{path} of model {manifest.name} cannot be read. {manifest.advice}"
            ) from error
        if digest != record.sha256:
            raise ModelCorrupt(f"{path} of model {manifest.name} is damaged. {manifest.advice}")


def verify_model(model: InstalledModel, progress: Progress = no_progress) -> None:
    """Check every byte of a model against its manifest; done before each load.

    Args:
        progress: Told how far it is.

    Raises:
        ModelCorrupt: A file is missing, damaged, or does not belong there.
    """
    check_content(model.path, read_manifest(model.path), progress)


def _files(folder: Path) -> set[str]:
    return {
        path.relative_to(folder).as_posix()
        for path in folder.rglob("*")
        if (path.is_symlink() or not path.is_dir()) and path != folder / MANIFEST_NAME
    }


def _digests(folder: Path, sizes: dict[str, int], progress: Progress) -> dict[str, Future[str]]:
    """The SHA-256 of each file, several at a time, the largest first."""
    told = _Told(sum(sizes.values()), progress)
    with ThreadPoolExecutor(min(_MOST_THREADS, usable_cpus())) as threads:
        return {
            path: threads.submit(_digest, folder / path, told.read)
            for path in sorted(sizes, key=lambda path: -sizes[path])
        }


def _digest(path: Path, read: Callable[[int], None]) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK_BYTES):
            digest.update(chunk)
            read(len(chunk))
    return digest.hexdigest()


class _Told:
    """What several threads have read, told by one of them at a time."""

    def __init__(self, total_bytes: int, progress: Progress) -> None:
        self._total_bytes = total_bytes
        self._progress = progress
        self._done_bytes = 0
        self._lock = threading.Lock()

    def read(self, size_bytes: int) -> None:
        with self._lock:
            self._done_bytes += size_bytes
            self._progress("Checking", self._done_bytes, self._total_bytes)
