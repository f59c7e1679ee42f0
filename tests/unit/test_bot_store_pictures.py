"""Picture files: private, unguessable, gone when no case names them."""

import os
from datetime import timedelta

import pytest

from storage.layout import PICTURES
from tests.bot_world import Clinic


async def test_a_picture_is_found_by_its_name_and_by_its_owner_alone(ward: Clinic) -> None:
    first = await ward.store.pictures.add(b"a film")
    second = await ward.store.pictures.add(b"a film")
    assert first != second
    assert await ward.store.pictures.get(first) == b"a film"
    (path,) = (ward.home / PICTURES).rglob(first)
    assert path.stat().st_mode & 0o777 == 0o600


async def test_a_picture_that_a_crash_left_without_a_case_is_removed_once_it_is_old(
    ward: Clinic,
) -> None:
    case = await ward.open_case(await ward.enrol(7))
    orphan = await ward.store.pictures.add(b"nobody's film")
    now = ward.clock.now()
    for path in (ward.home / PICTURES).rglob("*"):
        os.utime(path, (now.timestamp(), now.timestamp()))
    assert await ward.store.pictures.remove_orphans(now + timedelta(minutes=30)) == 0
    assert await ward.store.pictures.remove_orphans(now + timedelta(minutes=90)) == 1
    assert await ward.store.pictures.get(case.pictures[0].name) == b"a film"
    with pytest.raises(FileNotFoundError):
        await ward.store.pictures.get(orphan)


async def test_a_folder_without_any_picture_has_no_orphans(ward: Clinic) -> None:
    assert await ward.store.pictures.remove_orphans(ward.clock.now()) == 0


async def test_what_was_seen_of_a_picture_goes_with_it(ward: Clinic) -> None:
    """Features tell of a patient as the picture does."""
    name = await ward.store.pictures.add(b"a film")
    for film in (b"a film", b"another film"):
        ward.store.feature_cache.keep("eyes", film, b"features")
    await ward.store.pictures.remove(name)
    assert ward.store.feature_cache.recall("eyes", b"a film") == b""
    assert ward.store.feature_cache.recall("eyes", b"another film") == b"features"
    await ward.store.pictures.remove(name)  # twice does no harm


async def test_a_picture_that_is_removed_damaged_takes_all_that_was_seen_with_it(
    ward: Clinic,
) -> None:
    """Which features were its own can no longer be told."""
    name = await ward.store.pictures.add(b"a film")
    ward.store.feature_cache.keep("eyes", b"a film", b"features")
    (path,) = (ward.home / PICTURES).rglob(name)
    path.write_bytes(b"torn")
    await ward.store.pictures.remove(name)
    assert ward.store.feature_cache.recall("eyes", b"a film") == b""
    assert not path.exists()
