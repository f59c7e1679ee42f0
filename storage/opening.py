"""Opens a data folder: finds its key, or makes one for a new folder, and seals what is not yet.

Knows which parts of a data folder are sealed. `sealed-with` in it names the key, so that a wrong
or lost one is known before anything is touched.
"""

import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from machine.containers import vanishes
from storage import durable, sqlcipher
from storage.errors import InUse, KeyElsewhere, KeyLost, KeyVanishes, WrongKey
from storage.key_sources import KeyFile, KeySource, PassphraseFile, find_key_source
from storage.keys import Key, Keyring
from storage.layout import DATABASES, SEALED_FOLDERS, Layout
from storage.sealed_folder import SealedFolder


@contextmanager
def unlocked(home: Path, key_file: Path | None) -> Iterator[Keyring]:
    """Have the key to a data folder at hand, and everything in it sealed.

    A new folder gets a new key; the folder of a version that did not encrypt yet is sealed now.

    Args:
        home: The data folder; made where missing.
        key_file: `EDGERAD_KEY_FILE`, if set.

    Yields:
        The keys; while the block runs nobody changes them.

    Raises:
        StorageError: If the key is lost, wrong or unreadable, or would be made where it does not
            last; nothing was changed.
    """
    with _unlocked(home, find_key_source(home, key_file)) as keyring:
        yield keyring


@contextmanager
def _unlocked(home: Path, place: KeySource) -> Iterator[Keyring]:
    home.mkdir(mode=0o700, parents=True, exist_ok=True)
    keyring = find_keyring(home, place) or _make(place)
    with _lock_of(home) as lock:
        if _mark(home) is None:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if _mark(home) is None:  # another process may have been faster
                seal_all(home, keyring)
        fcntl.flock(lock, fcntl.LOCK_SH)
        yield keyring


def find_keyring(home: Path, place: KeySource) -> Keyring | None:
    """Find the key to a data folder, and change nothing.

    Args:
        place: Where its key should be.

    Returns:
        The keys; None if there are none and nothing needs them.

    Raises:
        KeyLost: If there is no key, and something needs one.
        WrongKey: If the key is another folder's.
        NotAKey: If what is there is no key.
    """
    mark = _mark(home)
    if not place.exists():
        if mark is None and not _sealed_by_others(home, Keyring(())):
            return None
        raise KeyLost(
            f"The data in {home} are sealed{_with(mark)}, and {place.in_words()} does not exist."
            " Nothing was changed. Put a copy of the key there, or name its place:"
            " EDGERAD_KEY_FILE."
        )
    keyring = place.read()
    if _sealed_by_others(home, keyring) if mark is None else keyring.by_id(mark) is None:
        raise WrongKey(
            f"The data in {home} are sealed{_with(mark)}, and {place.in_words()} holds key"
            f" {keyring.current.id.hex()}. Nothing was changed. Name the right one's place:"
            " EDGERAD_KEY_FILE."
        )
    return keyring


def rotate(home: Path, key_file: Path | None) -> Keyring:
    """Seal everything with a new key, or go on where that was cut off.

    The keys before it stay on the ring: they open the backups of their time.

    Args:
        key_file: `EDGERAD_KEY_FILE`, if set.

    Raises:
        InUse: If EdgeRad runs on the folder.
        KeyElsewhere: If the key at hand is a copy.
    """
    place = find_key_source(home, key_file)
    if not isinstance(place, KeyFile | PassphraseFile):
        raise KeyElsewhere
    with _unlocked(home, place) as keyring:  # what was not sealed at all is sealed here
        pass
    with _lock_of(home) as lock:
        _hold_alone(lock)
        if _mark(home) == keyring.current.id:
            keyring = keyring.with_new_key()
            place.write(keyring)
        seal_all(home, keyring)
    return keyring


def is_between_keys(home: Path, keyring: Keyring) -> bool:
    """Whether a rotation was cut off; all is readable, and `rotate` finishes it."""
    return _mark(home) not in (None, keyring.current.id)


def seal_all(home: Path, keyring: Keyring) -> None:
    """Bring everything in a data folder to the key in use; may be cut off and called again.

    Args:
        home: The data folder; nobody else uses it.
    """
    for path, purpose in DATABASES.items():
        if (home / path).exists():
            sqlcipher.reseal(home / path, keyring, purpose)
    for folder, purpose in SEALED_FOLDERS.items():
        SealedFolder(home / folder, keyring, purpose).reseal()
    layout = Layout(home)
    if layout.features.exists():
        shutil.rmtree(layout.features)
    durable.replace(layout.sealed_with, [keyring.current.id.hex().encode()])


def _make(place: KeySource) -> Keyring:
    if isinstance(place, KeyFile):
        if vanishes(place.path):
            raise KeyVanishes(
                f"There is no key at {place.path}, and none is made there: it would go with the"
                " container, and nobody could read the data again. Nothing was changed. Make one"
                " outside, keep a copy, and give it to the container as a secret:"
                " docs/install.md, In a container."
            )
        place.make(Keyring((Key.new(),)))
    return place.read()


def _lock_of(home: Path) -> IO[bytes]:
    """Held together by all that use a data folder's keys, alone by who changes them."""
    layout = Layout(home)
    layout.locks.mkdir(mode=0o700, exist_ok=True)
    layout.former_keys_lock.unlink(missing_ok=True)
    return os.fdopen(os.open(layout.keys_lock, os.O_RDWR | os.O_CREAT, 0o600), "r+b")


def _hold_alone(lock: IO[bytes]) -> None:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        raise InUse from error


def _mark(home: Path) -> bytes | None:
    path = Layout(home).sealed_with
    return bytes.fromhex(path.read_text(encoding="ascii")) if path.exists() else None


def _sealed_by_others(home: Path, keyring: Keyring) -> bool:
    """Whether there is a database that needs another key, although no mark says so."""
    return any(
        (home / path).exists()
        and (home / path).stat().st_size > 0
        and not sqlcipher.is_plain(home / path)
        and sqlcipher.key_of(home / path, keyring, purpose) is None
        for path, purpose in DATABASES.items()
    )


def _with(mark: bytes | None) -> str:
    return "" if mark is None else f" with key {mark.hex()}"
