"""Archives that unpack to far more than they are."""

import bz2
import gzip
import io
import lzma
import shutil
import tarfile
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import IO

import pytest
from pydicom.uid import DeflatedExplicitVRLittleEndian

from deploy.backups import archive
from deploy.backups.archive import ArchiveUnusable
from inference.errors import ModelError
from inference.models import add_model
from pictures import PictureProcess, limits
from pictures.errors import PictureTooLarge
from tests.attacks.conftest import Note
from tests.valid_files import dicom

ATTACKER = "on the machine, and in files"

MB = 1 << 20


def written_bytes(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


@pytest.mark.parametrize(
    "compress", [lzma.compress, gzip.compress, bz2.compress], ids=["xz", "gz", "bz2"]
)
def test_a_backup_that_somebody_compressed_is_refused_before_it_is_unpacked(
    tmp_path: Path, compress: Callable[[bytes], bytes], outcome: Note
) -> None:
    bomb, folder = tmp_path / "clinic.tar", tmp_path / "unpacked"
    entry = tarfile.TarInfo("bot/bot.db")
    entry.size = 40 * MB
    plain = io.BytesIO()
    with tarfile.open(fileobj=plain, mode="w") as tar:
        tar.addfile(entry, io.BytesIO(bytes(entry.size)))
    bomb.write_bytes(compress(plain.getvalue()))
    folder.mkdir()
    with pytest.raises(ArchiveUnusable):
        archive.prove(bomb, folder, tmp_path / "key")
    assert bomb.stat().st_size < MB
    assert written_bytes(folder) == 0
    outcome(
        "A backup that was compressed, and unpacks to hundreds of times its size",
        "refused before anything is written",
    )


def test_a_backup_with_a_file_of_holes_is_refused_before_it_is_unpacked(
    tmp_path: Path, outcome: Note
) -> None:
    bomb, folder = tmp_path / "clinic.tar", tmp_path / "unpacked"
    entry = tarfile.TarInfo("bot/bot.db")
    entry.size = 1
    entry.pax_headers = {"GNU.sparse.map": "0,1", "GNU.sparse.size": str(40 * MB)}
    with tarfile.open(bomb, "w", format=tarfile.PAX_FORMAT) as tar:
        tar.addfile(entry, io.BytesIO(b"x"))
    folder.mkdir()
    with pytest.raises(ArchiveUnusable, match="it holds"):
        archive.prove(bomb, folder, tmp_path / "key")
    assert written_bytes(folder) == 0
    outcome("A backup with a file of holes", "refused before anything is written")


class Watched:
    """Notes how much is written while a model is added."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.bytes = 0
        copy = shutil.copyfileobj

        def watched(source: IO[bytes], target: IO[bytes], length: int = 0) -> None:
            copy(source, target, length)
            self.bytes += target.tell()

        monkeypatch.setattr(shutil, "copyfileobj", watched)


@pytest.fixture
def written(monkeypatch: pytest.MonkeyPatch) -> Watched:
    return Watched(monkeypatch)


def zip_of_zeros(path: Path, name: str) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("config.json", "{}")
        with archive.open(name, "w") as file:
            for _ in range(100):
                file.write(bytes(MB))
    return path


def tar_of_zeros(path: Path, name: str) -> Path:
    with tarfile.open(path, "w:gz") as archive:
        for number in range(10):
            entry = tarfile.TarInfo(f"{number}-{name}")
            entry.size = 10 * MB
            archive.addfile(entry, io.BytesIO(bytes(entry.size)))
    return path


@pytest.mark.parametrize("name", ["model.safetensors", "left-aside.exe"])
@pytest.mark.parametrize("pack", [zip_of_zeros, tar_of_zeros])
def test_a_model_that_unpacks_to_a_hundred_times_its_size_is_refused(
    tmp_path: Path, written: Watched, pack: Callable[[Path, str], Path], name: str, outcome: Note
) -> None:
    bomb = pack(tmp_path / "medgemma-4b-it", name)
    with pytest.raises(ModelError, match="far more than a model does"):
        add_model(tmp_path / "home", bomb)
    assert bomb.stat().st_size < MB
    assert written.bytes <= 64_000_000
    outcome(
        "A model's zip or tar that unpacks to a hundred times its size",
        "refused before 64 MB are written",
    )


def test_a_model_with_a_file_of_holes_is_refused(
    tmp_path: Path, written: Watched, outcome: Note
) -> None:
    bomb = tmp_path / "medgemma-4b-it.tar"
    entry = tarfile.TarInfo("model.safetensors")
    entry.size = 1
    entry.pax_headers = {"GNU.sparse.map": "0,1", "GNU.sparse.size": str(40 * MB)}
    with tarfile.open(bomb, "w", format=tarfile.PAX_FORMAT) as tar:
        tar.addfile(entry, io.BytesIO(b"x"))
    with pytest.raises(ModelError):
        add_model(tmp_path / "home", bomb)
    assert written.bytes == 0
    outcome("A model's tar with a file of holes", "refused before anything is written")


def test_a_model_in_a_compression_that_asks_for_gigabytes_of_memory_is_not_opened(
    tmp_path: Path,
    outcome: Note,
) -> None:
    packed = tmp_path / "medgemma-4b-it.tar.xz"
    with tarfile.open(packed, "w:xz") as tar:
        tar.addfile(tarfile.TarInfo("config.json"))
    with pytest.raises(ModelError, match="neither a folder nor"):
        add_model(tmp_path / "home", packed)
    outcome("A model in a `.tar.xz`, whose unpacking may take gigabytes of memory", "not opened")


async def test_a_deflated_dicom_file_that_unpacks_to_gigabytes_is_refused(outcome: Note) -> None:
    """Held before: by the memory that its decoder may have."""
    packer = zlib.compressobj(1, wbits=-zlib.MAX_WBITS)
    zeros = bytes(16 * MB)
    packed = b"".join(packer.compress(zeros) for _ in range(limits.MEMORY_BYTES // len(zeros) + 1))
    head, start = dicom(DeflatedExplicitVRLittleEndian), 132 + 12
    group_bytes = int.from_bytes(head[start - 4 : start], "little")
    bomb = head[: start + group_bytes] + packed + packer.flush()
    assert len(bomb) < 10 * MB
    async with PictureProcess() as process:
        with pytest.raises(PictureTooLarge):
            await process.prepare(bomb)
    outcome("A deflated DICOM file of a few MB that unpacks to gigabytes", "refused: too large")
