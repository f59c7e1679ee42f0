"""A data folder and its key: made once, found again, lost, wrong, changed, asked for."""

import os
import stat
import subprocess
import sys
from contextlib import closing
from io import BytesIO
from pathlib import Path

import pytest

from storage import opening, sqlcipher
from storage.errors import (
    InUse,
    KeyElsewhere,
    KeyInside,
    KeyLost,
    KeyVanishes,
    NotAKey,
    WrongKey,
    WrongPassphrase,
)
from storage.inheritance import handed_on
from storage.key_sources import (
    KEY_FD,
    Inherited,
    KeyFile,
    find_key_source,
    passphrase_file,
)
from storage.keys import Key, Keyring, Purpose
from storage.layout import DATABASES, FEATURES, SEALED_FOLDERS, SEALED_WITH, Layout
from storage.opening import find_keyring, is_between_keys, rotate, unlocked
from storage.sealed_folder import SealedFolder
from storage.sqlcipher import connect, key_of
from tests.cut_off import cut_off_after

FILM = b"a film of the left lung"


@pytest.fixture
def key_file(tmp_path: Path) -> Path:
    return tmp_path / "stick" / "key"


@pytest.fixture
def home(tmp_path: Path, key_file: Path) -> Path:
    """A data folder with something in each database and each folder."""
    folder = tmp_path / "data"
    with unlocked(folder, key_file) as keyring:
        fill(folder, keyring)
    return folder


def fill(home: Path, keyring: Keyring) -> None:
    for path, purpose in DATABASES.items():
        (home / path).parent.mkdir(parents=True, exist_ok=True)
        with closing(connect(home / path, keyring, purpose)) as connection:
            connection.execute("CREATE TABLE t (x TEXT) STRICT")
            connection.execute("INSERT INTO t VALUES ('tousse')")
    for folder, purpose in SEALED_FOLDERS.items():
        for number in range(3):
            SealedFolder(home / folder, keyring, purpose).add(f"a/{number}", BytesIO(FILM))


def assert_all_is_there(home: Path, keyring: Keyring) -> None:
    for path, purpose in DATABASES.items():
        with closing(connect(home / path, keyring, purpose)) as connection:
            assert connection.execute("SELECT x FROM t").fetchone()[0] == "tousse"
    for folder, purpose in SEALED_FOLDERS.items():
        sealed = SealedFolder(home / folder, keyring, purpose)
        assert {sealed.read(name) for name in sealed.names()} == {FILM}


def content(folder: Path) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def test_a_new_folder_gets_a_key_elsewhere_for_its_owner_alone(home: Path, key_file: Path) -> None:
    assert stat.S_IMODE(key_file.stat().st_mode) == 0o600
    assert stat.S_IMODE(key_file.parent.stat().st_mode) & 0o077 == 0
    secret = Keyring.of_text(key_file.read_text()).current.secret
    everything = b"".join(content(home).values())
    assert secret not in everything
    assert secret.hex().encode() not in everything
    with unlocked(home, key_file) as keyring:
        assert_all_is_there(home, keyring)


def test_no_key_is_made_where_it_would_go_with_the_container(
    tmp_path: Path, key_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(opening, "vanishes", lambda path: path == key_file)
    with (
        pytest.raises(KeyVanishes, match="as a secret"),
        unlocked(tmp_path / "data", key_file),
    ):
        pass
    assert not key_file.exists()
    assert content(tmp_path / "data") == {}


def test_a_key_that_was_given_to_the_container_is_used(
    home: Path, key_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(opening, "vanishes", lambda path: True)
    with unlocked(home, key_file) as keyring:
        assert_all_is_there(home, keyring)


def test_a_lost_key_is_said_and_no_new_one_takes_its_place(home: Path, key_file: Path) -> None:
    key_file.unlink()
    before = content(home)
    with pytest.raises(KeyLost, match=str(key_file)), unlocked(home, key_file):
        pass
    assert content(home) == before
    assert not key_file.exists()


def test_a_lost_key_is_noticed_without_the_mark_too(home: Path, key_file: Path) -> None:
    (home / SEALED_WITH).unlink()
    key_file.unlink()
    with pytest.raises(KeyLost), unlocked(home, key_file):
        pass
    key_file.write_text(Keyring((Key.new(),)).as_text())
    with pytest.raises(WrongKey), unlocked(home, key_file):
        pass


def test_a_wrong_key_is_said_and_damages_nothing(home: Path, key_file: Path) -> None:
    right = key_file.read_text()
    key_file.write_text(Keyring((Key.new(),)).as_text())
    before = content(home)
    with pytest.raises(WrongKey, match="Nothing was changed"), unlocked(home, key_file):
        pass
    with pytest.raises(WrongKey):
        rotate(home, key_file)
    assert content(home) == before
    key_file.write_text(right)
    with unlocked(home, key_file) as keyring:
        assert_all_is_there(home, keyring)


@pytest.mark.parametrize("text", ["", "no key", "abcd", "00" * 31, "00" * 32 + "\nx"])
def test_a_file_that_holds_no_key_is_said(home: Path, key_file: Path, text: str) -> None:
    key_file.write_text(text)
    with pytest.raises(NotAKey, match="put a copy of the key there"), unlocked(home, key_file):
        pass


def test_the_key_may_not_lie_in_the_folder_it_opens(tmp_path: Path) -> None:
    with pytest.raises(KeyInside), unlocked(tmp_path / "data", tmp_path / "data" / "key"):
        pass
    assert list(tmp_path.iterdir()) == []


def test_a_rotation_seals_all_with_a_new_key_and_keeps_the_old_one_for_backups(
    home: Path, key_file: Path
) -> None:
    old = Keyring.of_text(key_file.read_text()).current
    renewed = rotate(home, key_file)
    assert renewed.current != old
    assert renewed.keys[1:] == (old,)
    assert Keyring.of_text(key_file.read_text()) == renewed
    assert_all_is_there(home, Keyring((renewed.current,)))


def test_a_rotation_drops_what_is_made_anew_by_itself(home: Path, key_file: Path) -> None:
    """A cache's names follow from the key: under another they would be found by nobody."""
    keyring = Keyring.of_text(key_file.read_text())
    SealedFolder(home / FEATURES, keyring, Purpose.CACHE).add("features", BytesIO(FILM))
    rotate(home, key_file)
    assert not (home / FEATURES).exists()


def test_the_lock_of_the_keys_lies_with_the_others_and_the_first_releases_goes(
    home: Path, key_file: Path
) -> None:
    (home / "vault.lock").touch()
    with unlocked(home, key_file):
        assert [path.name for path in Layout(home).locks.iterdir()] == ["keys"]
        assert not (home / "vault.lock").exists()


def test_a_rotation_is_refused_while_somebody_uses_the_data(home: Path, key_file: Path) -> None:
    before = key_file.read_text()
    with unlocked(home, key_file), pytest.raises(InUse):
        rotate(home, key_file)
    assert key_file.read_text() == before


@pytest.mark.parametrize("writes", range(9))
def test_a_rotation_that_was_cut_off_anywhere_loses_nothing_and_goes_on(
    home: Path, key_file: Path, writes: int
) -> None:
    with cut_off_after(writes, "replace"):
        rotate(home, key_file)
    with unlocked(home, key_file) as keyring:
        assert_all_is_there(home, keyring)
        assert is_between_keys(home, keyring) == (writes > 0)
    renewed = rotate(home, key_file)
    assert len(renewed.keys) == 2
    assert_all_is_there(home, Keyring((renewed.current,)))
    assert not list(home.rglob("*.draft"))


def test_a_database_in_use_is_not_sealed_anew(home: Path, key_file: Path) -> None:
    path, purpose = next(iter(DATABASES.items()))
    keyring = Keyring.of_text(key_file.read_text())
    with closing(connect(home / path, keyring, purpose)) as other:
        other.execute("PRAGMA journal_mode = WAL")
        other.execute("SELECT * FROM t").fetchone()
        with pytest.raises(InUse):
            sqlcipher.reseal(home / path, keyring.with_new_key(), purpose)
    assert key_of(home / path, keyring, purpose) == keyring.current


def test_a_passphrase_opens_the_folder_without_any_key_file(home: Path, key_file: Path) -> None:
    keyring = Keyring.of_text(key_file.read_text())
    answers = iter(["correct horse battery"] * 2)
    passphrase_file(home, lambda _: next(answers)).write(keyring)
    key_file.unlink()
    place = find_key_source(home, key_file, {}, lambda _: "correct horse battery")
    assert find_keyring(home, place) == keyring
    with pytest.raises(WrongPassphrase):
        find_keyring(home, find_key_source(home, key_file, {}, lambda _: "wrong horse battery"))
    assert keyring.current.secret not in (home / "key.sealed").read_bytes()


@pytest.mark.parametrize(
    "answers", [["short"], ["correct horse battery", "correct horses battery"]]
)
def test_a_short_or_mistyped_passphrase_is_not_taken(tmp_path: Path, answers: list[str]) -> None:
    given = iter(answers)
    with pytest.raises(WrongPassphrase):
        passphrase_file(tmp_path, lambda _: next(given)).write(Keyring((Key.new(),)))
    assert list(tmp_path.iterdir()) == []


def test_without_a_terminal_a_passphrase_is_asked_for_in_words(home: Path, key_file: Path) -> None:
    keyring = Keyring.of_text(key_file.read_text())
    passphrase_file(home, lambda _: "correct horse battery").write(keyring)
    with pytest.raises(KeyLost, match="no terminal"):
        find_keyring(home, find_key_source(home, key_file, {}))


def test_systemds_credential_is_read_and_never_changed(
    home: Path, key_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    credentials = tmp_path / "credentials"
    credentials.mkdir()
    key_file.rename(credentials / "edgerad.key")
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(credentials))
    with unlocked(home, None) as keyring:
        assert_all_is_there(home, keyring)
    with pytest.raises(KeyElsewhere):
        rotate(home, None)


def test_a_credential_serves_an_account_whose_own_folder_is_the_data_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As the systemd unit has it: the key file of that account would lie among the data."""
    home, credentials = tmp_path / "lib" / "edgerad", tmp_path / "credentials"
    credentials.mkdir()
    (credentials / "edgerad.key").write_text(Keyring((Key.new(),)).as_text())
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.delenv("XDG_CONFIG_HOME", raising=False)
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(credentials))
    with unlocked(home, None):
        pass
    monkeypatch.delenv("CREDENTIALS_DIRECTORY")
    with pytest.raises(KeyInside), unlocked(tmp_path / "lib" / "edgerad", None):
        pass


def test_a_child_reads_the_key_from_a_descriptor_and_has_it_nowhere_else() -> None:
    keyring = Keyring((Key.new(), Key.new()))
    script = (
        "import os, sys; from storage.key_sources import Inherited\n"
        f"keyring = Inherited(os.environ['{KEY_FD}']).read()\n"
        "held = [os.readlink(f'/proc/self/fd/{n}') for n in os.listdir('/proc/self/fd')"
        " if os.path.exists(f'/proc/self/fd/{n}')]\n"
        "print(keyring.current.id.hex(), any('edgerad-key' in name for name in held))\n"
        "print(open('/proc/self/environ').read(), open('/proc/self/cmdline').read())"
    )
    with handed_on("edgerad-key", keyring.as_text()) as descriptor:
        done = subprocess.run(
            [sys.executable, "-c", script],
            env=os.environ | {KEY_FD: str(descriptor)},
            pass_fds=[descriptor],
            capture_output=True,
            text=True,
            check=True,
            timeout=30,
        )
    assert done.stdout.startswith(f"{keyring.current.id.hex()} False\n")
    assert keyring.current.secret.hex() not in done.stdout


def test_a_descriptor_that_is_not_there_is_said() -> None:
    with pytest.raises(KeyLost):
        Inherited("987").read()


def test_two_processes_that_make_the_key_at_once_agree(tmp_path: Path) -> None:
    file = KeyFile(tmp_path / "key")
    first, second = Keyring((Key.new(),)), Keyring((Key.new(),))
    file.make(first)
    file.make(second)
    assert file.read() == first
    assert [path.name for path in tmp_path.iterdir()] == ["key"]
