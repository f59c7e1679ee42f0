"""What was seen of pictures is kept sealed, by picture and eyes, up to a cap."""

import os
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

import pytest

from inference.feature_cache import FeatureCache
from storage.keys import Key, Keyring

KEYRING = Keyring((Key.new(),))
SEALED_BYTES = 32 + 16 + 32  # a sealed file's head and tag, and the mark of the eyes

Open = Callable[..., FeatureCache]


@pytest.fixture
def opened(tmp_path: Path) -> Open:
    """Open the folder, as each start does."""

    def make(keyring: Keyring = KEYRING, max_bytes: int = 1000) -> FeatureCache:
        return FeatureCache(tmp_path / "seen", keyring, max_bytes)

    return make


def test_the_same_picture_is_recalled_for_the_same_eyes_alone(opened: Open) -> None:
    seen = opened()
    seen.keep("eyes", b"film", b"features")
    assert seen.recall("eyes", b"film") == b"features"
    assert seen.recall("other eyes", b"film") == b""
    assert seen.recall("eyes", b"another film") == b""


def test_what_other_eyes_see_takes_the_place_of_what_was_seen(opened: Open, tmp_path: Path) -> None:
    seen = opened()
    seen.keep("eyes", b"film", b"features")
    seen.keep("other eyes", b"film", b"others")
    assert seen.recall("other eyes", b"film") == b"others"
    assert seen.recall("eyes", b"film") == b""
    assert len(list((tmp_path / "seen").iterdir())) == 1


def test_it_outlives_a_restart(opened: Open) -> None:
    opened().keep("eyes", b"film", b"features")
    assert opened().recall("eyes", b"film") == b"features"


def test_over_the_cap_the_longest_unused_is_forgotten_first(opened: Open) -> None:
    seen = opened(max_bytes=2 * (SEALED_BYTES + 4))
    seen.keep("eyes", b"1", b"aaaa")
    seen.keep("eyes", b"2", b"bbbb")
    assert seen.recall("eyes", b"1") == b"aaaa"
    opened(max_bytes=2 * (SEALED_BYTES + 4)).keep("eyes", b"3", b"cccc")
    assert [seen.recall("eyes", film) for film in (b"1", b"2", b"3")] == [b"aaaa", b"", b"cccc"]


def test_what_is_larger_than_the_cap_is_not_kept(opened: Open, tmp_path: Path) -> None:
    seen = opened(max_bytes=3)
    seen.keep("eyes", b"film", b"aaaa")
    assert seen.recall("eyes", b"film") == b""
    assert list((tmp_path / "seen").iterdir()) == []


def test_a_damaged_file_is_not_known_and_is_written_anew(opened: Open, tmp_path: Path) -> None:
    """A power cut may leave a torn file: the picture is looked at once more."""
    seen = opened()
    seen.keep("eyes", b"film", b"features")
    (path,) = (tmp_path / "seen").iterdir()
    for torn in (path.read_bytes()[:-3], b"", b"EdgeRad1"):
        path.write_bytes(torn)
        assert seen.recall("eyes", b"film") == b""
    seen.keep("eyes", b"film", b"features")
    assert seen.recall("eyes", b"film") == b"features"


def test_a_disk_that_takes_nothing_costs_no_reading(
    opened: Open, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    seen = opened()
    seen.keep("eyes", b"film", b"features")
    assert seen.recall("eyes", b"film") == b""
    assert list((tmp_path / "seen").iterdir()) == []


def test_neither_names_nor_files_tell_of_a_picture_without_the_key(
    opened: Open, tmp_path: Path
) -> None:
    """Whoever has a film must not find out from the disk that it was read here."""
    opened().keep("eyes", b"film", b"features")
    (path,) = (tmp_path / "seen").iterdir()
    digest = sha256(b"film")
    for told in (b"features", b"film", digest.digest()):
        assert told not in path.read_bytes()
    assert path.name not in digest.hexdigest()
    thief = opened(Keyring((Key.new(),)))
    assert thief.recall("eyes", b"film") == b""
    thief.keep("eyes", b"film", b"features")
    assert len(list((tmp_path / "seen").iterdir())) == 2


def test_a_file_that_was_renamed_stands_for_no_other_picture(opened: Open, tmp_path: Path) -> None:
    seen = opened()
    seen.keep("eyes", b"1", b"aaaa")
    (first,) = (tmp_path / "seen").iterdir()
    seen.keep("eyes", b"2", b"bbbb")
    (second,) = set((tmp_path / "seen").iterdir()) - {first}
    first.replace(second)
    assert seen.recall("eyes", b"2") == b""


def test_what_was_seen_of_pictures_is_forgotten_when_asked(opened: Open) -> None:
    seen = opened()
    for film in (b"1", b"2", b"3"):
        seen.keep("eyes", film, b"features")
    seen.forget([b"1", b"never seen", b"3"])
    known = [seen.recall("eyes", film) for film in (b"1", b"2", b"3")]
    assert known == [b"", b"features", b""]
    seen.forget_all()
    assert seen.recall("eyes", b"2") == b""
