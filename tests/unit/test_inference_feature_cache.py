"""Image features are kept sealed, by picture and vision encoder, up to a cap."""

import os
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

import pytest

from inference.feature_cache import FeatureCache
from storage.keys import Key, Keyring

KEYRING = Keyring((Key.new(),))
SEALED_BYTES = 32 + 16 + 32  # a sealed file's head and tag, and the mark of the vision encoder

Open = Callable[..., FeatureCache]


@pytest.fixture
def opened(tmp_path: Path) -> Open:
    """Open the folder, as each start does."""

    def make(keyring: Keyring = KEYRING, max_bytes: int = 1000) -> FeatureCache:
        return FeatureCache(tmp_path / "features", keyring, max_bytes)

    return make


def test_features_are_recalled_for_the_same_picture_and_vision_encoder_alone(opened: Open) -> None:
    cache = opened()
    cache.keep("encoder", b"film", b"features")
    assert cache.recall("encoder", b"film") == b"features"
    assert cache.recall("another encoder", b"film") == b""
    assert cache.recall("encoder", b"another film") == b""


def test_features_of_another_vision_encoder_replace_those_before(
    opened: Open, tmp_path: Path
) -> None:
    cache = opened()
    cache.keep("encoder", b"film", b"features")
    cache.keep("another encoder", b"film", b"others")
    assert cache.recall("another encoder", b"film") == b"others"
    assert cache.recall("encoder", b"film") == b""
    assert len(list((tmp_path / "features").iterdir())) == 1


def test_it_outlives_a_restart(opened: Open) -> None:
    opened().keep("encoder", b"film", b"features")
    assert opened().recall("encoder", b"film") == b"features"


def test_over_the_cap_the_longest_unused_is_forgotten_first(opened: Open) -> None:
    cache = opened(max_bytes=2 * (SEALED_BYTES + 4))
    cache.keep("encoder", b"1", b"aaaa")
    cache.keep("encoder", b"2", b"bbbb")
    assert cache.recall("encoder", b"1") == b"aaaa"
    opened(max_bytes=2 * (SEALED_BYTES + 4)).keep("encoder", b"3", b"cccc")
    assert [cache.recall("encoder", film) for film in (b"1", b"2", b"3")] == [b"aaaa", b"", b"cccc"]


def test_what_is_larger_than_the_cap_is_not_kept(opened: Open, tmp_path: Path) -> None:
    cache = opened(max_bytes=3)
    cache.keep("encoder", b"film", b"aaaa")
    assert cache.recall("encoder", b"film") == b""
    assert list((tmp_path / "features").iterdir()) == []


def test_a_damaged_file_is_not_known_and_is_written_anew(opened: Open, tmp_path: Path) -> None:
    """A power cut may leave a torn file: the picture is encoded again."""
    cache = opened()
    cache.keep("encoder", b"film", b"features")
    (path,) = (tmp_path / "features").iterdir()
    for torn in (path.read_bytes()[:-3], b"", b"EdgeRad1"):
        path.write_bytes(torn)
        assert cache.recall("encoder", b"film") == b""
    cache.keep("encoder", b"film", b"features")
    assert cache.recall("encoder", b"film") == b"features"


def test_a_disk_that_takes_nothing_costs_no_reading(
    opened: Open, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    cache = opened()
    cache.keep("encoder", b"film", b"features")
    assert cache.recall("encoder", b"film") == b""
    assert list((tmp_path / "features").iterdir()) == []


def test_neither_names_nor_files_tell_of_a_picture_without_the_key(
    opened: Open, tmp_path: Path
) -> None:
    """Whoever has a film must not find out from the disk that it was read here."""
    opened().keep("encoder", b"film", b"features")
    (path,) = (tmp_path / "features").iterdir()
    digest = sha256(b"film")
    for told in (b"features", b"film", digest.digest()):
        assert told not in path.read_bytes()
    assert path.name not in digest.hexdigest()
    thief = opened(Keyring((Key.new(),)))
    assert thief.recall("encoder", b"film") == b""
    thief.keep("encoder", b"film", b"features")
    assert len(list((tmp_path / "features").iterdir())) == 2


def test_a_file_that_was_renamed_stands_for_no_other_picture(opened: Open, tmp_path: Path) -> None:
    cache = opened()
    cache.keep("encoder", b"1", b"aaaa")
    (first,) = (tmp_path / "features").iterdir()
    cache.keep("encoder", b"2", b"bbbb")
    (second,) = set((tmp_path / "features").iterdir()) - {first}
    first.replace(second)
    assert cache.recall("encoder", b"2") == b""


def test_the_features_of_pictures_are_deleted_when_asked(opened: Open) -> None:
    cache = opened()
    for film in (b"1", b"2", b"3"):
        cache.keep("encoder", film, b"features")
    cache.forget([b"1", b"unknown", b"3"])
    known = [cache.recall("encoder", film) for film in (b"1", b"2", b"3")]
    assert known == [b"", b"features", b""]
    cache.forget_all()
    assert cache.recall("encoder", b"2") == b""
