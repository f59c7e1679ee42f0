"""An archive lay on a stick in other hands: without the key nobody changes it unnoticed.

What the attacker has is the archive; what they do not have is the key.
"""

import hashlib
import json
import shutil
import tarfile
from collections.abc import Callable
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

import pytest

from bot.store import open_store
from deploy.backups.archive import ArchiveUnusable
from deploy.backups.backup import back_up
from deploy.backups.manifest import BackupManifest
from deploy.backups.restore import ArchiveDamaged, restore, verify
from machine.clock import SystemClock
from storage.layout import PICTURES
from storage.opening import unlocked
from tests.attacks.conftest import Note
from tests.keys import KEYRING

ATTACKER = "without the key"

NOW = datetime(2026, 11, 30, 8, 0, tzinfo=UTC)
LEFT = Path(__file__).parents[1] / "data" / "release-0.1"
"""What release 0.1 left: three cases with their pictures, and the files of a chat."""

Files = dict[str, bytes]
Change = Callable[[Files], None]


@pytest.fixture
def key_file(tmp_path: Path) -> Path:
    return Path(shutil.copy(LEFT / "key", tmp_path / "key"))


@pytest.fixture
async def home(tmp_path: Path, key_file: Path) -> Path:
    """A folder that this release has worked on."""
    home = tmp_path / "data"
    restore(LEFT / "backup.tar", home, key_file, NOW)
    with unlocked(home, key_file) as keyring:
        async with open_store(home, keyring, SystemClock()):
            pass
    return home


@pytest.fixture
def archive(home: Path, key_file: Path, tmp_path: Path) -> Path:
    return back_up(home, tmp_path / "clinic.tar", key_file).archive


def tampered(archive: Path, change: Change, made: Path, *, keeps: tuple[str, ...] = ()) -> Path:
    """An archive with other files, whose list of hashes is written anew to go with them.

    Args:
        keeps: What else of the list stays as it was.
    """

    def change_all(files: Files) -> None:
        manifest = json.loads(files.pop("backup.json"))
        change(files)
        listed = {name: manifest[name] for name in (*keeps, "format", "made_at")}
        listed["files"] = {name: hashlib.sha256(data).hexdigest() for name, data in files.items()}
        files["backup.json"] = json.dumps(listed).encode()

    return rewritten(archive, change_all, made)


def rewritten(archive: Path, change: Change, made: Path) -> Path:
    """An archive with other files and another manifest."""
    with tarfile.open(archive) as tar:
        files = {each.name: (tar.extractfile(each) or BytesIO()).read() for each in tar}
    change(files)
    with tarfile.open(made, "w") as tar:
        for name, data in files.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(data)
            tar.addfile(entry, BytesIO(data))
    return made


def pictures_of(files: Files, folder: str = "bot/pictures/") -> list[str]:
    return sorted(name for name in files if name.startswith(folder))


def other_token(files: Files) -> None:
    files["secrets/bot_token"] = b"1234567890:" + b"A" * 35


def swapped_pictures(files: Files) -> None:
    """The nurse would see another patient's film above the answer."""
    first, second, *_ = pictures_of(files)
    files[first], files[second] = files[second], files[first]


def picture_gone(files: Files) -> None:
    del files[pictures_of(files)[0]]


def file_of_a_chat_gone(files: Files) -> None:
    del files[pictures_of(files, "gateway/files/")[0]]


def nothing(_files: Files) -> None:
    """Only the seal is taken off."""


CHANGES = [other_token, swapped_pictures, picture_gone, file_of_a_chat_gone, nothing]


@pytest.mark.parametrize("change", CHANGES)
def test_an_archive_that_was_changed_and_listed_anew_is_not_put_in_place(
    archive: Path, key_file: Path, tmp_path: Path, change: Change, outcome: Note
) -> None:
    made = tampered(archive, change, tmp_path / "evil.tar")
    with pytest.raises(ArchiveUnusable):
        verify(made, key_file)
    with pytest.raises(ArchiveUnusable):
        restore(made, tmp_path / "new", key_file, NOW)
    assert not (tmp_path / "new" / "bot").exists()
    outcome(
        "A file in a backup changed, two pictures exchanged, one left out, or only the"
        " seal taken off; the list of hashes written anew",
        "refused",
    )


@pytest.mark.parametrize("change", CHANGES[:-1])
def test_the_old_seal_does_not_fit_a_changed_archive(
    archive: Path, key_file: Path, tmp_path: Path, change: Change, outcome: Note
) -> None:
    made = tampered(archive, change, tmp_path / "evil.tar", keeps=("missing", "key", "seal"))
    with pytest.raises(ArchiveUnusable, match="changed by somebody without the key"):
        verify(made, key_file)
    outcome("The same, and the old seal kept", "refused: changed by somebody without the key")


def test_a_seal_of_another_key_does_not_count(
    archive: Path, key_file: Path, tmp_path: Path, outcome: Note
) -> None:
    """The attacker has EdgeRad too, and a key of their own."""

    def change(files: Files) -> None:
        listed = json.loads(files["backup.json"])["files"]
        own = BackupManifest.sealed(KEYRING, made_at="", files=listed, missing=[])
        files["backup.json"] = own.model_dump_json().encode()

    made = rewritten(archive, change, tmp_path / "evil.tar")
    with pytest.raises(ArchiveUnusable, match="changed by somebody without the key"):
        verify(made, key_file)
    outcome(
        "A backup sealed with the attacker's own key",
        "refused: changed by somebody without the key",
    )


def test_an_archive_of_release_0_1_is_put_in_place_and_said_not_to_be_authenticated(
    key_file: Path, tmp_path: Path, outcome: Note
) -> None:
    summary = restore(LEFT / "backup.tar", tmp_path / "new", key_file, NOW)
    assert any("NOT AUTHENTICATED" in words for words in summary.warnings())
    assert (tmp_path / "new" / "bot/bot.db").exists()
    outcome("An archive of release 0.1, which has no seal", "restored, and said: NOT AUTHENTICATED")


def test_an_archive_of_this_release_says_nothing_of_the_sort(archive: Path, key_file: Path) -> None:
    assert list(verify(archive, key_file).warnings()) == []


@pytest.mark.parametrize(
    ("change", "files"), [(swapped_pictures, 2), (picture_gone, 1), (file_of_a_chat_gone, 1)]
)
def test_an_archive_without_a_seal_is_known_by_its_sealed_files_to_have_been_changed(
    key_file: Path, tmp_path: Path, change: Change, files: int, outcome: Note
) -> None:
    made = tampered(LEFT / "backup.tar", change, tmp_path / "evil.tar")
    with pytest.raises(ArchiveDamaged, match="Missing, damaged or exchanged"):
        restore(made, tmp_path / "new", key_file, NOW)
    assert not (tmp_path / "new" / "bot").exists()
    assert restore(made, tmp_path / "new", key_file, NOW, damaged=True).damaged == files
    outcome(
        "Pictures exchanged or left out in one",
        "refused, unless `--damaged` is said; then these pictures cannot be opened",
    )


def test_pictures_that_were_swapped_in_the_data_folder_are_noticed_by_the_backup(
    home: Path, key_file: Path, tmp_path: Path, outcome: Note
) -> None:
    first, second, *_ = sorted(path for path in (home / PICTURES).rglob("*") if path.is_file())
    held = first.read_bytes()
    first.write_bytes(second.read_bytes())
    second.write_bytes(held)
    summary = back_up(home, tmp_path / "clinic.tar", key_file)
    assert "Missing, damaged or exchanged in it: 2 files." in list(summary.warnings())
    with pytest.raises(ArchiveDamaged):
        verify(summary.archive, key_file)
    outcome(
        "Pictures exchanged in the data folder before a backup",
        "the backup says so; `--verify` refuses it",
    )


def test_what_was_deleted_while_the_backup_was_made_is_no_damage(
    home: Path, key_file: Path, tmp_path: Path
) -> None:
    next(path for path in (home / PICTURES).rglob("*") if path.is_file()).unlink()
    summary = back_up(home, tmp_path / "clinic.tar", key_file)
    assert (summary.missing, summary.damaged) == (1, 0)
    (warning,) = verify(summary.archive, key_file).warnings()
    assert "deleted meanwhile, or lost" in warning
