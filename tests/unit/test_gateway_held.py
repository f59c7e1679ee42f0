"""Files that are seen before they are sent: how much is held, for how long, and for whom."""

import io
from types import SimpleNamespace
from typing import cast

import pytest
from starlette.datastructures import UploadFile

from gateway.errors import Gone
from gateway.phone.held import ALL_FILES_MAX, FILES_MAX, HELD_S, HeldFiles
from gateway.store.sessions import Session
from tests.gateway_store import Time

MOST_BYTES = 100


def session(token: str) -> Session:
    return cast("Session", SimpleNamespace(token_sha256=token.encode()))


AMA, KOFI = session("Ama"), session("Kofi")


def file(size_bytes: int = 1) -> UploadFile:
    return UploadFile(io.BytesIO(bytes(size_bytes)), size=size_bytes)


async def take(held: HeldFiles, whose: Session, name: str) -> None:
    async with held.taken(whose, [name]):
        pass


async def names(held: HeldFiles, whose: Session, *asked: str) -> list[str]:
    """Which of these are held; they are taken."""
    found = []
    for name in asked:
        try:
            await take(held, whose, name)
        except Gone:
            continue
        found.append(name)
    return found


async def test_a_file_is_taken_once_by_whom_it_came_from_and_closed() -> None:
    held, upload = HeldFiles(Time(), MOST_BYTES), file()
    await held.put(AMA, "a", upload, None)
    assert await names(held, KOFI, "a") == []
    async with held.taken(AMA, ["a"]) as found:
        assert found["a"].upload is upload
        assert not found["a"].upload.file.closed
    assert upload.file.closed
    assert await names(held, AMA, "a") == []


async def test_of_a_message_all_files_are_taken_or_none() -> None:
    held = HeldFiles(Time(), MOST_BYTES)
    await held.put(AMA, "a", file(), None)
    with pytest.raises(Gone):
        async with held.taken(AMA, ["a", "b"]):
            pass
    assert await names(held, AMA, "a") == ["a"]


async def test_a_file_is_held_for_minutes_alone() -> None:
    time = Time()
    held, old = HeldFiles(time, MOST_BYTES), file()
    await held.put(AMA, "old", old, None)
    time.now += HELD_S - 1
    await held.put(AMA, "new", file(), None)
    time.now += 1
    await held.drop_old()
    assert old.file.closed
    assert await names(held, AMA, "old", "new") == ["new"]


async def test_who_leaves_has_nothing_held_and_others_keep_theirs() -> None:
    held, gone = HeldFiles(Time(), MOST_BYTES), [file(), file()]
    for number, upload in enumerate(gone):
        await held.put(AMA, str(number), upload, None)
    await held.put(KOFI, "0", file(), None)
    await held.drop(AMA)
    assert all(upload.file.closed for upload in gone)
    assert await names(held, AMA, "0", "1") == []
    assert await names(held, KOFI, "0") == ["0"]


async def test_the_same_name_again_takes_the_place_of_the_first() -> None:
    held, first, second = HeldFiles(Time(), MOST_BYTES), file(), file()
    await held.put(AMA, "a", first, None)
    await held.put(AMA, "a", second, None)
    assert first.file.closed
    async with held.taken(AMA, ["a"]) as found:
        assert found["a"].upload is second


@pytest.mark.parametrize(
    ("size_bytes", "kept"), [(1, FILES_MAX), (MOST_BYTES // 2, 2), (MOST_BYTES, 1)]
)
async def test_one_session_holds_one_message_at_most_and_the_newest_of_it(
    size_bytes: int, kept: int
) -> None:
    held = HeldFiles(Time(), MOST_BYTES)
    asked = [str(number) for number in range(FILES_MAX + 5)]
    for name in asked:
        await held.put(AMA, name, file(size_bytes), None)
    assert await names(held, AMA, *asked) == asked[-kept:]


@pytest.mark.parametrize(("size_bytes", "kept"), [(1, ALL_FILES_MAX), (MOST_BYTES, 4)])
async def test_however_many_phones_there_are_what_is_held_has_an_end(
    size_bytes: int, kept: int
) -> None:
    held = HeldFiles(Time(), MOST_BYTES)
    phones = [session(str(number)) for number in range(ALL_FILES_MAX + 5)]
    for phone in phones:
        await held.put(phone, "a", file(size_bytes), None)
    found = [phone for phone in phones if await names(held, phone, "a")]
    assert found == phones[-kept:]
