"""Archives that unpack to far more than they are."""

import bz2
import gzip
import io
import lzma
import tarfile
from collections.abc import Callable
from pathlib import Path

import pytest

from deploy.backups import archive
from deploy.backups.archive import ArchiveUnusable

MB = 1 << 20


def written_bytes(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


@pytest.mark.parametrize(
    "compress", [lzma.compress, gzip.compress, bz2.compress], ids=["xz", "gz", "bz2"]
)
def test_a_backup_that_somebody_compressed_is_refused_before_it_is_unpacked(
    tmp_path: Path, compress: Callable[[bytes], bytes]
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


def test_a_backup_with_a_file_of_holes_is_refused_before_it_is_unpacked(tmp_path: Path) -> None:
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
