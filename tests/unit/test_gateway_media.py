"""Files on their way in: whose turn it is, and that a message keeps what it holds."""

import asyncio
import io
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path

import pytest
from starlette.datastructures import UploadFile

from gateway.bot_api.call import Call
from gateway.bot_api.deliveries import Deliveries
from gateway.bot_api.methods.files import edit_message_media
from gateway.bot_api.parameters import Parameters
from gateway.bot_api.polling import Poller
from gateway.phone import uploads
from gateway.phone.uploads import Upload, make_drafts
from gateway.schemas.records import Document, Draft, Message, UserId
from gateway.store.files import FileStore
from gateway.store.media import MediaStore
from gateway.store.store import ChatStore
from pictures import Measures, Picture, Rendition
from pictures.errors import DamagedPicture, PictureProcessFailed
from pictures.picture import Series
from storage.sealed_folder import SealedFolder
from tests.gateway_store import joined
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

    async def measured(self, read: Callable[[], Awaitable[bytes]]) -> Measures:
        await read()
        return Measures()

    async def prepare(self, _data: bytes) -> Picture:
        raise DamagedPicture

    async def series(self, _data: bytes, _most: int) -> Series:
        raise PictureProcessFailed


async def test_who_sends_many_photos_at_once_has_one_at_a_time_in_the_line(tmp_path: Path) -> None:
    """The others' next photo waits for one of a greedy sender's at most, however many those are."""
    pictures = SlowPictures()
    media = MediaStore(FileStore(SealedFolder(tmp_path, KEYRING)), pictures)
    async with asyncio.TaskGroup() as group:
        for number in range(5):
            group.create_task(media.photo(UploadFile(io.BytesIO(b"%d" % number)), GREEDY))
        group.create_task(media.photo(UploadFile(io.BytesIO(b"mine")), MODEST))
        async with asyncio.timeout(90), pictures.was_given:
            await pictures.was_given.wait_for(lambda: b"mine" in pictures.given)
        assert pictures.given == [b"0", b"mine"]
        pictures.may_end.set()
    assert sorted(pictures.given) == [b"0", b"1", b"2", b"3", b"4", b"mine"]


async def test_an_edited_message_keeps_its_new_file_although_the_request_was_cancelled(
    tmp_path: Path, store: ChatStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A transaction that has begun is committed, whatever becomes of whoever waits for it."""
    files = FileStore(SealedFolder(tmp_path, KEYRING))
    media = MediaStore(files, SlowPictures())
    person = await joined(store)
    first = await media.document(io.BytesIO(b"first"), "a.txt", None)
    assert isinstance(first.media, Document)
    (sent,) = await store.send(person, [Draft(document=first.media)], [first])
    change = store.change

    async def cancelled(*arguments: object) -> Message:
        await change(*arguments)  # type: ignore[arg-type]  # as they came
        raise asyncio.CancelledError

    monkeypatch.setattr(store, "change", cancelled)
    values = {
        "chat_id": person.chat_id,
        "message_id": sent.message_id,
        "media": {"type": "document", "media": "attach://b"},
    }
    uploads = {"b": UploadFile(io.BytesIO(b"second"), size=6, filename="b.txt")}
    call = Call(
        parameters=Parameters(values, uploads, edit_message_media.fields.read),
        store=store,
        media=media,
        poller=Poller(store),
        deliveries=Deliveries(store, lambda _: asyncio.sleep(0)),
    )
    with pytest.raises(asyncio.CancelledError):
        await edit_message_media(call)
    edited = await store.message(person.chat_id, sent.message_id)
    assert edited is not None
    assert edited.document is not None
    stored = await store.files.find(edited.document.file_id)
    assert stored is not None
    assert [piece async for piece in await files.read(stored.path)] == [b"second"]


def sent_as_files(*files: bytes) -> Upload:
    """What a phone sends as files."""
    parts = tuple(
        UploadFile(io.BytesIO(data), size=len(data), filename=f"{number}")
        for number, data in enumerate(files)
    )
    return Upload(text="F 45", files=parts, as_document=True, reply_to_id=None, chat="")


async def test_a_film_whose_small_picture_takes_too_long_is_sent_without_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A phone that waits for an answer tries again, and would do so for ever."""
    monkeypatch.setattr(uploads, "_THUMBNAILS_S", 0.01)
    pictures = SlowPictures()  # which are never ready
    media = MediaStore(FileStore(SealedFolder(tmp_path, KEYRING)), pictures)
    film = b"\xff\xd8\xff" + bytes(200)

    async with asyncio.timeout(90):
        (draft, other), files = await make_drafts(sent_as_files(film, film), MODEST, media)

    assert [each.document and each.document.file_size for each in (draft, other)] == [203, 203]
    assert [file.media for file in files] == [draft.document, other.document]
    assert draft.document is not None
    assert draft.document.thumbnail is None


async def test_a_scan_is_sent_without_a_picture_where_none_can_be_made(tmp_path: Path) -> None:
    media = MediaStore(FileStore(SealedFolder(tmp_path, KEYRING)), SlowPictures())
    (draft,), files = await make_drafts(sent_as_files(b"PK\x03\x04" + bytes(9)), MODEST, media)
    assert [file.media for file in files] == [draft.document]
    assert draft.text == "F 45"
