"""A model brought on a stick: a folder or an archive, copied, checked, and installed.

Knows folders, zip and tar. Must not use the network.
"""

import contextlib
import os
import re
import shutil
import stat
import tarfile
import tempfile
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO

from inference.errors import ModelError
from inference.models.checkpoint import belongs, check_checkpoint, find_root
from inference.models.installed import AUTO, PRACTICE, as_installed
from inference.models.manifest import (
    MANIFEST_NAME,
    NAME_PATTERN,
    ModelManifest,
    check_content,
    inside,
    read_manifest,
    replace_manifest,
    write_manifest,
)
from inference.models.model import InstalledModel, Progress, no_progress
from inference.models.recognition import is_practice
from storage.layout import Layout

_CHUNK_BYTES = 4 * 1024 * 1024
_RESERVE_BYTES = 500_000_000
_EXPANSION = 4
_EXPANSION_FREE_BYTES = 64_000_000
"""How many times its own size an archive may unpack to, and so much more: weights hardly become
smaller by packing, a tokenizer's text does."""
_GZIP = b"\x1f\x8b"
_STAGE_PREFIX = ".adding-"


def add_model(
    home: Path, source: Path, progress: Progress = no_progress, *, name: str | None = None
) -> InstalledModel:
    """Copy a model from a folder or archive and make it available, all of it or nothing.

    Args:
        source: A folder, or a `.zip`, `.tar` or `.tar.gz` file, with a Gemma 3 checkpoint in it.
            One that has an `edgerad.json` is verified against it.
        progress: Told how far it is.
        name: What to call it; by default as its manifest says, else as its folder or archive is
            called. A model of that name is replaced.

    Returns:
        The model, its files read-only.

    Raises:
        ModelError: It is not a model that can be used, or cannot be copied.
        ModelCorrupt: It does not match the manifest that it brings.
    """
    models_folder = Layout(home).models
    models_folder.mkdir(parents=True, exist_ok=True)
    _clear_leftovers(models_folder)
    stage = Path(tempfile.mkdtemp(prefix=_STAGE_PREFIX, dir=models_folder))
    try:
        _copy(source, stage, progress)
        root = find_root(stage)
        called = root.name if root != stage else _stem(source)
        manifest = seal(root, name=name, default_name=called, progress=progress)
        return place(root, models_folder, manifest)
    except (OSError, zipfile.BadZipFile, tarfile.TarError, EOFError) as error:
        raise ModelError(f"{source.name} cannot be copied: {_reason(error)}.") from error
    finally:
        shutil.rmtree(stage, ignore_errors=True)


def seal(
    folder: Path,
    *,
    name: str | None,
    default_name: str,
    progress: Progress,
    release: str | None = None,
) -> ModelManifest:
    """Check a complete folder; verify it against its manifest, or write one if it has none.

    What a manifest that was brought along says of the files is checked. Where they came from, and
    that they are for patients, it cannot prove: the former is forgotten, the latter looked at.

    Args:
        name: What to call it, None for what its manifest or `default_name` says.
        default_name: What to call it if nothing else says.
        progress: Told how far it is.
        release: The repository that this machine fetched it from, if it did.

    Raises:
        ModelError: It cannot be used.
        ModelCorrupt: It does not match the manifest that it brings.
    """
    quantised = check_checkpoint(folder)
    practice = is_practice(folder.rglob("*.safetensors"))
    if not (folder / MANIFEST_NAME).exists():
        return write_manifest(
            folder,
            name=checked_name(name or default_name),
            practice=practice,
            modified=quantised,
            progress=progress,
            release=release,
        )
    manifest = read_manifest(folder)
    if checked_name(name or manifest.name) != manifest.name:
        raise ModelError(f"This model is called {manifest.name} and keeps its name.")
    check_content(folder, manifest, progress)
    believed = {"practice": manifest.practice or practice, "release": None}
    manifest = manifest.model_copy(update=believed)
    replace_manifest(folder, manifest)
    return manifest


def place(folder: Path, models_folder: Path, manifest: ModelManifest) -> InstalledModel:
    """Move a sealed folder to its place, in one step, for a power cut to find all or nothing.

    Args:
        folder: A sealed folder on the file system of the models.

    Returns:
        The model, its files read-only.
    """
    _make_durable(folder)
    target = models_folder / manifest.name
    _replace(folder, target)
    return as_installed(target, manifest)


@dataclass(frozen=True, slots=True)
class _Entry:
    """A regular file of a source: read at once, before the next entry is asked for."""

    path: PurePosixPath
    size_bytes: int
    file: IO[bytes]
    done_bytes: int
    total_bytes: int


def _copy(source: Path, stage: Path, progress: Progress) -> None:
    unpacked_bytes = 0
    for entry in _entries(source):
        unpacked_bytes += entry.size_bytes
        _check_expansion(source, max(unpacked_bytes, entry.total_bytes))
        if not belongs(entry.path):
            continue
        if shutil.disk_usage(stage).free < entry.size_bytes + _RESERVE_BYTES:
            raise ModelError("There is not enough room on the disk for this model.")
        target = stage / entry.path
        target.parent.mkdir(parents=True, exist_ok=True)
        with target.open("xb") as file:
            shutil.copyfileobj(entry.file, file, _CHUNK_BYTES)
        progress("Copying", entry.done_bytes, entry.total_bytes)


def _check_expansion(source: Path, unpacked_bytes: int) -> None:
    """Refuse an archive that is made to fill the disk, before anything of the excess is written.

    Also what is left aside counts: it is unpacked to be passed over.

    Raises:
        ModelError: It is.
    """
    if source.is_dir():
        return
    if unpacked_bytes > _EXPANSION * source.stat().st_size + _EXPANSION_FREE_BYTES:
        raise ModelError(
            f"{source.name} unpacks to far more than a model does: it is damaged, or made to fill"
            " the disk. Unpack it elsewhere, look at it, and add its folder."
        )


def _entries(source: Path) -> Iterator[_Entry]:
    if source.is_dir():
        return _folder_entries(source)
    if zipfile.is_zipfile(source):
        return _zip_entries(source)
    if _is_tar(source):
        return _tar_entries(source)
    raise ModelError(f"{source.name} is neither a folder nor a .zip, .tar or .tar.gz file.")


def _is_tar(source: Path) -> bool:
    try:
        with source.open("rb") as raw, _opened_tar(raw):
            return True
    except (tarfile.TarError, EOFError):
        return False


def _opened_tar(raw: IO[bytes]) -> tarfile.TarFile:
    """Open it as a stream; other compressions than gzip's may ask for gigabytes of memory."""
    is_gzip = raw.read(len(_GZIP)) == _GZIP
    raw.seek(0)
    if is_gzip:
        return tarfile.open(fileobj=raw, mode="r|gz")
    return tarfile.open(fileobj=raw, mode="r|")


def _folder_entries(source: Path) -> Iterator[_Entry]:
    paths = [path for path in sorted(source.rglob("*")) if path.is_symlink() or path.is_file()]
    total, done = sum(path.lstat().st_size for path in paths), 0
    for path in paths:
        relative = PurePosixPath(path.relative_to(source))
        if path.is_symlink():
            raise _link_refused(relative)
        done += path.stat().st_size
        with path.open("rb") as file:
            yield _Entry(relative, path.stat().st_size, file, done, total)


def _zip_entries(source: Path) -> Iterator[_Entry]:
    with zipfile.ZipFile(source) as archive:
        members = [member for member in archive.infolist() if not member.is_dir()]
        total, done = sum(member.file_size for member in members), 0
        for member in members:
            if stat.S_ISLNK(member.external_attr >> 16):
                raise _link_refused(PurePosixPath(member.filename))
            done += member.file_size
            with archive.open(member) as file:
                yield _Entry(_safe(member.filename), member.file_size, file, done, total)


def _tar_entries(source: Path) -> Iterator[_Entry]:
    with source.open("rb") as raw, _opened_tar(raw) as archive:
        for member in archive:
            if member.isdir():
                continue
            plain = member.isreg() and not member.issparse()
            file = archive.extractfile(member) if plain else None
            if file is None:
                raise _link_refused(PurePosixPath(member.name))
            with file:
                yield _Entry(
                    _safe(member.name), member.size, file, raw.tell(), source.stat().st_size
                )


def _safe(name: str) -> PurePosixPath:
    try:
        return PurePosixPath(inside(name))
    except ValueError as error:
        raise ModelError("The archive holds a path that leads out of its folder.") from error


def _link_refused(path: PurePosixPath) -> ModelError:
    return ModelError(f"{path.name} is a link, not a file: copy the files themselves (cp -rL).")


def _clear_leftovers(models_folder: Path) -> None:
    """What a power cut left of an earlier attempt."""
    for stage in models_folder.glob(f"{_STAGE_PREFIX}*"):
        shutil.rmtree(stage, ignore_errors=True)


def _stem(source: Path) -> str:
    # A hub cache keeps a model in models--owner--name/snapshots/<commit>.
    for part in reversed(source.resolve().parts):
        if part.startswith("models--"):
            return part.rpartition("--")[2]
    return re.sub(r"\.(zip|tar|tar\.gz|tgz)$", "", source.resolve().name, flags=re.IGNORECASE)


def checked_name(name: str) -> str:
    """Let a name pass that a model may have.

    Args:
        name: What somebody wants to call it.

    Raises:
        ModelError: It is no plain word, or means something else already.
    """
    if re.match(NAME_PATTERN, name) is None or name in {AUTO, PRACTICE}:
        raise ModelError(f"A model cannot be called {name!r}: choose another name.")
    return name


def _make_durable(folder: Path) -> None:
    """Make every file read-only and see it onto the disk, then the folders that name them."""
    folders = [folder, *(path for path in folder.rglob("*") if path.is_dir())]
    for path in folder.rglob("*"):
        if path.is_file():
            path.chmod(0o444)
            _sync(path)
    for path in folders:
        path.chmod(0o755)
        _sync(path)


def _replace(folder: Path, place: Path) -> None:
    old = place.with_name(f"{_STAGE_PREFIX}replaced-{place.name}")
    with contextlib.suppress(FileNotFoundError):
        place.replace(old)
    folder.replace(place)
    _sync(place.parent)
    shutil.rmtree(old, ignore_errors=True)


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _reason(error: BaseException) -> str:
    return (error.strerror if isinstance(error, OSError) else None) or "the archive is damaged"
