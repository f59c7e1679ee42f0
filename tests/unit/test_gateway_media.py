"""Photos on their way in: whose turn it is."""

import asyncio
import io
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path

from starlette.datastructures import UploadFile

from gateway.schemas.records import UserId
from gateway.store.files import FileStore
from gateway.store.media import MediaStore
from pictures import Rendition
from storage.sealed_folder import SealedFolder
from tests.keys import KEYRING

GREEDY, MODEST = UserId(1), UserId(2)


class SlowPictures:
    """Makes sizes of one photo once it may, and says which photos it has been given so far."""

    def __init__(self) -> None:
        self.given: list[bytes] = []
        self.may_end = asyncio.Event()
        self.was_given = asyncio.Condition()

    async def photo_sizes(
        self, read: Callable[[], Awaitable[bytes]], _boxes_px: Sequence[int]
    ) -> Sequence[Rendition]:
        async with self.was_given:
            self.given.append(await read())
            self.was_given.notify_all()
        await self.may_end.wait()
        return [Rendition(data=b"a size", width_px=1, height_px=1)]


async def test_who_sends_many_photos_at_once_has_one_at_a_time_in_the_line(tmp_path: Path) -> None:
    """The others' next photo waits for one of a greedy sender's at most, however many those are."""
    pictures = SlowPictures()
    media = MediaStore(FileStore(SealedFolder(tmp_path, KEYRING)), pictures)
    async with asyncio.TaskGroup() as group:
        for number in range(5):
            group.create_task(media.photo(UploadFile(io.BytesIO(b"%d" % number)), GREEDY))
        group.create_task(media.photo(UploadFile(io.BytesIO(b"mine")), MODEST))
        async with asyncio.timeout(5), pictures.was_given:
            await pictures.was_given.wait_for(lambda: b"mine" in pictures.given)
        assert pictures.given == [b"0", b"mine"]
        pictures.may_end.set()
    assert sorted(pictures.given) == [b"0", b"1", b"2", b"3", b"4", b"mine"]
