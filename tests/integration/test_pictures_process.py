"""The picture process: answers, deadlines, and a zygote that outlives every file."""

import asyncio
import contextlib
import io
import os
import signal
import subprocess
import sys
import time
import zlib
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image
from pydicom.uid import UID

from pictures import PictureNote, PictureProcess, ViewPosition, lanes, limits
from pictures.errors import (
    DamagedPicture,
    EmptyPicture,
    NotAFrontalFilm,
    PictureTimeout,
    PictureTooLarge,
    UnsupportedFormat,
)
from pictures.places import MarkWords, Place, Side, Zone
from pictures.square import padded
from tests.film_photos import jpeg as film_jpeg
from tests.film_photos import on_light_box, overlap
from tests.valid_files import RASTER_FORMATS, SYNTAXES, dicom, raster


@pytest.fixture
async def pictures() -> AsyncIterator[PictureProcess]:
    async with PictureProcess() as process:
        yield process


def jpeg(width_px: int = 320, height_px: int = 200) -> bytes:
    buffer = io.BytesIO()
    Image.linear_gradient("L").resize((width_px, height_px)).save(buffer, "JPEG")
    return buffer.getvalue()


def png(image: Image.Image) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, "PNG")
    return buffer.getvalue()


def slow_png() -> bytes:
    """A legal picture that takes a good part of a second."""
    buffer = io.BytesIO()
    Image.new("L", (7_900, 7_900)).save(buffer, "PNG", compress_level=1)
    return buffer.getvalue()


def png_bomb(stated_px: int, real_px: int) -> bytes:
    """A grey PNG that states one size and holds pixels for another, in a few kilobytes."""
    header = stated_px.to_bytes(4, "big") * 2 + bytes([8, 0, 0, 0, 0])
    packer = zlib.compressobj(9)
    row = bytes(real_px + 1)
    body = b"".join(packer.compress(row) for _ in range(real_px)) + packer.flush()
    chunks = png_chunk(b"IHDR", header) + png_chunk(b"IDAT", body) + png_chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + chunks


def png_chunk(kind: bytes, body: bytes) -> bytes:
    return len(body).to_bytes(4, "big") + kind + body + zlib.crc32(kind + body).to_bytes(4, "big")


def zygote_pid(pictures: PictureProcess) -> int:
    zygote = pictures._zygote
    assert zygote is not None
    return zygote._process.pid


def environment_of(pid: int) -> bytes:
    return Path(f"/proc/{pid}/environ").read_bytes()


def children(pid: int) -> list[int]:
    listed = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii")
    return [int(child) for child in listed.split()]


def resident_pages(pid: int) -> int:
    return int(Path(f"/proc/{pid}/statm").read_text(encoding="ascii").split()[1])


def busy_child(pid: int) -> int | None:
    """A child that has received a slow picture and unpacks it: it holds far more memory."""
    for child in children(pid):
        with contextlib.suppress(OSError):
            if resident_pages(child) > resident_pages(pid) + 5_000:
                return child
    return None


async def child_of(pid: int) -> int:
    async with asyncio.timeout(90):
        while (child := busy_child(pid)) is None:  # noqa: ASYNC110 - the kernel tells no event
            await asyncio.sleep(0)
    return child


async def until_childless(pid: int) -> None:
    async with asyncio.timeout(90):
        while children(pid):  # noqa: ASYNC110 - likewise
            await asyncio.sleep(0)


async def expect_damage(pictures: PictureProcess, data: bytes) -> None:
    with pytest.raises(DamagedPicture):
        await pictures.prepare(data)


async def test_a_photo_comes_back_as_a_picture(pictures: PictureProcess) -> None:
    picture = await pictures.prepare(jpeg())
    assert (picture.media_type, picture.width_px, picture.height_px) == ("image/jpeg", 320, 200)
    with Image.open(io.BytesIO(picture.data)) as image:
        assert (image.mode, image.size) == ("RGB", (320, 200))
    assert picture.note is None


async def test_a_photo_comes_back_in_sizes(pictures: PictureProcess) -> None:
    async def read() -> bytes:
        return jpeg(1600, 1000)

    sizes = await pictures.photo_sizes(read, (90, 320, 800, 1280))
    sides = [(size.width_px, size.height_px) for size in sizes]
    assert sides == [(90, 56), (320, 200), (800, 500), (1280, 800)]
    with Image.open(io.BytesIO(sizes[0].data)) as image:
        assert image.size == (90, 56)


async def test_a_place_is_marked_on_a_film_in_the_confined_child(
    pictures: PictureProcess,
) -> None:
    film = Image.linear_gradient("L").resize((640, 800))  # dark above, light below
    dark_above, light_above = png(film), png(film.rotate(180))
    words = MarkWords(right="Droite", left="Gauche", label="Là où le texte le dit : côté gauche")
    place = Place(side=Side.LEFT, zone=Zone.LOWER)
    marked = await pictures.marked(dark_above, place, words)
    withdrawn = await pictures.marked(dark_above, place, replace(words, across="RETIRÉ"))
    assert withdrawn != marked
    with Image.open(io.BytesIO(marked)) as shown:
        assert (shown.format, shown.mode, shown.width) == ("JPEG", "RGB", 640)
        assert shown.height > 800
    with pytest.raises(NotAFrontalFilm):
        await pictures.marked(light_above, Place(side=Side.BOTH), words)


async def test_a_photo_comes_back_as_the_square_that_a_model_looks_at(
    pictures: PictureProcess,
) -> None:
    wide = jpeg(320, 200)
    square = await pictures.squared(wide, 90)
    with (
        Image.open(io.BytesIO(square)) as found,
        Image.open(io.BytesIO(wide)) as given,
    ):
        expected = padded(given).resize((90, 90), Image.Resampling.BILINEAR)
        assert (found.mode, found.format) == ("RGB", "PNG")
        assert found.tobytes() == expected.tobytes()


async def test_errors_keep_their_class_and_words(pictures: PictureProcess) -> None:
    with pytest.raises(UnsupportedFormat, match="PDF") as caught:
        await pictures.prepare(b"%PDF-1.7" + bytes(100))
    assert caught.value.seems == "PDF"
    with pytest.raises(EmptyPicture):
        await pictures.prepare(b"")
    with pytest.raises(DamagedPicture):
        await pictures.prepare(jpeg()[:-400])
    with pytest.raises(PictureTooLarge, match="50 MB"):
        await pictures.prepare(bytes(limits.MAX_BYTES + 1))


async def test_a_bomb_is_refused_at_once(pictures: PictureProcess) -> None:
    bomb = png_bomb(20_000, 20_000)
    started = time.monotonic()
    with pytest.raises(PictureTooLarge):
        await pictures.prepare(bomb)
    assert time.monotonic() - started < 2


async def test_a_bomb_that_states_a_small_size_fills_no_memory(pictures: PictureProcess) -> None:
    picture = await pictures.prepare(png_bomb(100, 5_000))
    assert picture.width_px == 100


async def test_a_picture_that_takes_too_long_is_given_up_and_its_child_ended() -> None:
    async with PictureProcess(heavy=replace(lanes.HEAVY, deadline_s=0.001)) as hasty:
        with pytest.raises(PictureTimeout):
            await hasty.prepare(slow_png())
        await until_childless(zygote_pid(hasty))


async def test_a_heavy_picture_holds_up_no_ordinary_one() -> None:
    """While a heavy one is decoded, however long, others are; it gives way, and ends well."""
    async with PictureProcess(concurrency=1) as process, asyncio.TaskGroup() as tasks:
        heavy = tasks.create_task(process.prepare(slow_png()))
        child = await child_of(zygote_pid(process))
        os.kill(child, signal.SIGSTOP)
        assert (await process.prepare(jpeg())).width_px == 320
        assert not heavy.done()
        assert os.getpriority(os.PRIO_PROCESS, child) > os.getpriority(os.PRIO_PROCESS, 0)
        os.kill(child, signal.SIGCONT)
    assert heavy.result().width_px == limits.OUTPUT_SIDE_PX


async def test_a_picture_that_states_little_and_takes_long_goes_on_among_the_heavy_ones() -> None:
    async with PictureProcess(ordinary=replace(lanes.ORDINARY, deadline_s=0.0)) as process:
        assert (await process.prepare(jpeg())).width_px == 320


async def test_a_cancelled_request_ends_its_child(pictures: PictureProcess) -> None:
    pid = zygote_pid(pictures)
    async with asyncio.TaskGroup() as tasks:
        prepared = tasks.create_task(pictures.prepare(slow_png()))
        await child_of(pid)
        prepared.cancel()
    await until_childless(pid)
    assert (await pictures.prepare(jpeg())).width_px == 320


async def test_a_killed_zygote_is_started_anew(pictures: PictureProcess) -> None:
    first = zygote_pid(pictures)
    os.kill(first, signal.SIGKILL)
    assert (await pictures.prepare(jpeg())).width_px == 320
    assert zygote_pid(pictures) != first


async def test_a_zygote_killed_during_a_picture_costs_nothing(pictures: PictureProcess) -> None:
    async with asyncio.TaskGroup() as tasks:
        prepared = tasks.create_task(pictures.prepare(slow_png()))
        await child_of(zygote_pid(pictures))
        os.kill(zygote_pid(pictures), signal.SIGKILL)
    assert prepared.result().width_px == limits.OUTPUT_SIDE_PX


async def test_a_child_that_is_killed_once_costs_nothing(pictures: PictureProcess) -> None:
    async with asyncio.TaskGroup() as tasks:
        prepared = tasks.create_task(pictures.prepare(slow_png()))
        os.kill(await child_of(zygote_pid(pictures)), signal.SIGKILL)
    assert prepared.result().width_px == limits.OUTPUT_SIDE_PX


async def test_a_child_that_dies_each_time_means_a_damaged_picture(
    pictures: PictureProcess,
) -> None:
    pid = zygote_pid(pictures)
    async with asyncio.TaskGroup() as tasks:
        expecting = tasks.create_task(expect_damage(pictures, slow_png()))
        while not expecting.done():
            if (child := busy_child(pid)) is not None:
                with contextlib.suppress(ProcessLookupError):  # it died of the signal before
                    os.kill(child, signal.SIGSEGV)
            await asyncio.sleep(0)
    assert zygote_pid(pictures) == pid


async def test_no_more_pictures_at_once_than_allowed(pictures: PictureProcess) -> None:
    most = 0
    async with asyncio.TaskGroup() as tasks:
        running = [tasks.create_task(pictures.prepare(jpeg(1600, 1200))) for _ in range(6)]
        while not all(task.done() for task in running):
            most = max(most, len(children(zygote_pid(pictures))))
            await asyncio.sleep(0)
    assert 1 <= most <= 2 * limits.concurrency()  # an answered child may still be ending


async def test_the_zygote_ends_with_its_owner() -> None:
    async with PictureProcess() as process:
        pid = zygote_pid(process)
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


async def test_no_secret_is_within_a_decoders_reach(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EDGERAD_BOT_TOKEN", "123:secret")
    async with PictureProcess() as process:
        assert b"secret" not in environment_of(zygote_pid(process))


def test_importing_the_rooms_loads_no_decoder_and_no_hub() -> None:
    program = "import sys, pictures, inference.models; print(*sys.modules)"
    told = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True)
    loaded = set(told.stdout.decode().split())
    assert not {"PIL", "numpy", "pydicom", "gdcm", "torch", "huggingface_hub"} & loaded


async def test_neither_torch_nor_a_second_thread_is_in_the_zygote(
    pictures: PictureProcess,
) -> None:
    proc = Path(f"/proc/{zygote_pid(pictures)}")
    assert "libtorch" not in (proc / "maps").read_text()
    assert "Threads:\t1\n" in (proc / "status").read_text()


@pytest.mark.parametrize("syntax", SYNTAXES, ids=str)
async def test_dicom_decodes_where_no_file_can_be_opened(
    pictures: PictureProcess, syntax: UID
) -> None:
    picture = await pictures.prepare(dicom(syntax))
    assert (picture.media_type, picture.width_px) == ("image/png", 32)
    assert picture.note == PictureNote(view=ViewPosition.PA)


@pytest.mark.parametrize("format_", RASTER_FORMATS)
async def test_every_format_decodes_where_no_file_can_be_opened(
    pictures: PictureProcess, format_: str
) -> None:
    assert (await pictures.prepare(raster(format_))).width_px == 32


async def test_the_film_in_a_photo_is_cut_out_and_the_photo_kept(pictures: PictureProcess) -> None:
    shown, truth = on_light_box()
    picture = await pictures.prepare(film_jpeg(shown))
    assert (picture.width_px, picture.height_px) == shown.size
    assert picture.note is not None
    assert picture.note.film is not None
    assert overlap(picture.note.film, truth) > 0.97
    assert not picture.note.film_set_by_sender
    assert picture.read is not None
    with Image.open(io.BytesIO(picture.read)) as read:
        assert read.mode == "RGB"
        assert abs(read.width / read.height - 400 / 480) < 0.02


async def test_corners_that_somebody_set_count_for_more_than_those_found(
    pictures: PictureProcess,
) -> None:
    shown, _ = on_light_box()
    corners = ((0.2, 0.3), (0.7, 0.3), (0.7, 0.6), (0.2, 0.6))
    picture = await pictures.prepare(film_jpeg(shown), corners)
    assert picture.note is not None
    assert picture.note.film == corners
    assert picture.note.film_set_by_sender


async def test_a_file_without_loss_is_no_photo_and_is_read_as_it_is(
    pictures: PictureProcess,
) -> None:
    file = io.BytesIO()
    on_light_box()[0].save(file, "PNG")
    picture = await pictures.prepare(file.getvalue())
    assert (picture.note, picture.read) == (None, None)
