"""Files over HTTP: pieces of them, large ones, photos in their sizes, paths on the disk."""

from pathlib import Path

import httpx
import pytest

from tests.gateway_world import bot_of, chat_of, phone_of, picture, running_gateway


async def test_a_piece_of_a_file_can_be_fetched(tmp_path: Path) -> None:
    with running_gateway(tmp_path) as gateway:
        async with phone_of(gateway) as phone, bot_of(gateway) as bot:
            sent = await bot.send_document(await chat_of(phone, gateway), b"0123456789")
            assert sent.document is not None
            path = (await bot.get_file(sent.document.file_id)).file_path
            async with httpx.AsyncClient(trust_env=False) as http:
                piece = await http.get(str(path), headers={"Range": "bytes=2-4"})
                last = await http.get(str(path), headers={"Range": "bytes=-2"})
                beyond = await http.get(str(path), headers={"Range": "bytes=99-"})
                missing = await http.get(f"{gateway.bot_url}/file/bot{gateway.token}/documents/x")
    assert (piece.status_code, piece.content) == (206, b"234")
    assert piece.headers["content-range"] == "bytes 2-4/10"
    assert beyond.status_code == 416
    assert (last.status_code, last.content) == (206, b"89")
    assert missing.json()["description"] == "Bad Request: wrong file path"


async def test_a_file_larger_than_telegrams_20_mb_can_be_fetched(tmp_path: Path) -> None:
    data = b"film" * 5_500_000
    with running_gateway(tmp_path) as gateway:
        async with phone_of(gateway) as phone, bot_of(gateway) as bot:
            sent = await bot.send_document(
                await chat_of(phone, gateway), data, read_timeout=60, write_timeout=60
            )
            assert sent.document is not None
            file = await bot.get_file(sent.document.file_id)
            assert file.file_size == len(data)
            assert bytes(await file.download_as_bytearray(read_timeout=60)) == data


async def test_a_bot_on_the_same_machine_may_be_told_the_path_on_the_disk(tmp_path: Path) -> None:
    with running_gateway(tmp_path, gateway_local=True) as gateway:
        async with phone_of(gateway) as phone, bot_of(gateway) as bot:
            sent = await bot.send_document(await chat_of(phone, gateway), b"on the disk")
            assert sent.document is not None
            file = await bot.get_file(sent.document.file_id)
            assert Path(str(file.file_path)).is_absolute()
            assert bytes(await file.download_as_bytearray()) == b"on the disk"


@pytest.mark.parametrize(
    ("width", "height", "sides"),
    [
        (3000, 2000, [90, 320, 800, 1280, 2560]),
        (1000, 700, [90, 320, 800, 1000]),
        (60, 40, [30, 60]),
    ],
)
async def test_a_photo_is_kept_in_telegrams_sizes_and_one_to_read_from(
    tmp_path: Path, width: int, height: int, sides: list[int]
) -> None:
    with running_gateway(tmp_path) as gateway:
        async with phone_of(gateway) as phone, bot_of(gateway) as bot:
            sent = await bot.send_photo(await chat_of(phone, gateway), picture(width, height))
            shown = (await phone.messages())[-1]["photo"]
    assert [size.width for size in sent.photo] == sides
    assert shown["file_id"] == sent.photo[-1].file_id
    thumb = next((size for size in sent.photo if size.width >= 320), sent.photo[-1])
    assert shown["thumb_id"] == thumb.file_id
