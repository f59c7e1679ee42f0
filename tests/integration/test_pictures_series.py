"""A ZIP of DICOM is one series: its slices in order, through the confined process."""

import asyncio
import io
import os
import signal
import zipfile
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
import pytest
from PIL import Image

from pictures import PictureProcess
from pictures.errors import DamagedPicture, PictureTooLarge, UnsupportedFormat
from pictures.picture import Series, Subject
from tests.integration.test_pictures_process import children, jpeg, until_childless, zygote_pid
from tests.valid_files import stored

FLAT = [1, 0, 0, 0, 1, 0]


def ct(hounsfield: int, side_px: int = 16, **attributes: Any) -> bytes:
    """A slice of one density."""
    pixels = np.full((side_px, side_px), hounsfield + 1024, np.uint16)
    pixels[0, :16] = np.arange(16) * 100
    told: dict[str, Any] = {
        "Modality": "CT",
        "SeriesInstanceUID": "1.2.3",
        "RescaleIntercept": -1024,
        "RescaleSlope": 1,
        "ImageOrientationPatient": FLAT,
        "BodyPartExamined": "HEAD",
        **attributes,
    }
    return stored(pixels, **told)


def lying(heights_mm: Iterable[float], **attributes: Any) -> list[bytes]:
    """Slices at these heights, in this order; each as dense as it lies high."""
    return [
        ct(round(mm), ImagePositionPatient=[0, 0, mm], InstanceNumber=number, **attributes)
        for number, mm in enumerate(heights_mm, start=1)
    ]


def zipped(files: Sequence[bytes], **more: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for number, data in enumerate(files):
            archive.writestr(f"CT/IM{number:04}", data)
        for name, data in more.items():
            archive.writestr(name, data)
    return buffer.getvalue()


async def taken_apart(data: bytes, most: int = 85) -> Series:
    async with PictureProcess() as pictures:
        return await pictures.series(data, most)


def heights(series: Series) -> list[float | None]:
    return [one.position_mm for one in series.slices]


async def test_slices_come_in_the_order_in_which_they_lie() -> None:
    series = await taken_apart(zipped(lying([30, 10, 50, 20, 40])))
    assert heights(series) == [10, 20, 30, 40, 50]
    assert [one.instance for one in series.slices] == [2, 4, 1, 5, 3]
    notes = [one.picture.note for one in series.slices]
    assert [(note.frame, note.frames) for note in notes if note] == [(n, 5) for n in range(1, 6)]
    assert {note.subject for note in notes if note} == {Subject.CT}


async def test_slices_that_lie_across_are_ordered_along_their_own_normal() -> None:
    across = [0, 1, 0, 0, 0, -1]  # sagittal: its normal is -x
    files = [
        ct(0, ImagePositionPatient=[x, 5, 5], ImageOrientationPatient=across, InstanceNumber=1)
        for x in (3, 1, 2)
    ]
    assert heights(await taken_apart(zipped(files))) == [-3, -2, -1]


@pytest.mark.parametrize("position", [None, [0, 0, 7]])
async def test_where_positions_tell_nothing_numbers_do(position: list[int] | None) -> None:
    places: dict[str, Any] = {} if position is None else {"ImagePositionPatient": position}
    files = [ct(0, InstanceNumber=number, **places) for number in (3, 10, 2)]
    series = await taken_apart(zipped(files))
    assert [one.instance for one in series.slices] == [2, 3, 10]


async def test_of_many_slices_evenly_spaced_ones_are_taken() -> None:
    series = await taken_apart(zipped(lying(range(300))), most=12)
    assert series.total == 300
    assert len(series.slices) == 12
    gaps = np.diff([mm or 0 for mm in heights(series)])
    assert (heights(series)[0], heights(series)[-1]) == (0, 299)
    assert gaps.max() - gaps.min() <= 1


async def test_a_scout_and_a_shorter_series_and_what_is_no_picture_are_left_out() -> None:
    scout = ct(0, ImageOrientationPatient=[0, 1, 0, 0, 0, -1], ImagePositionPatient=[0, 0, 0])
    other = lying([1, 2], SeriesInstanceUID="1.2.4")
    files = [scout, *other, *lying([10, 20, 30])]
    series = await taken_apart(zipped(files, README=b"read me", DICOMDIR=bytes(128) + b"DICM"))
    assert heights(series) == [10, 20, 30]
    assert series.total == 3
    assert {one.picture.note and one.picture.note.stacks for one in series.slices} == {3}


async def test_a_models_view_has_hounsfield_units_in_three_windows() -> None:
    series = await taken_apart(zipped(lying([40, 60])))
    windows = series.slices[0].picture.read
    assert windows is not None
    with Image.open(io.BytesIO(windows)) as image:
        assert image.mode == "RGB"
        pixel = image.getpixel((8, 8))
    assert pixel == (
        round((40 + 1024) / 2048 * 255),
        round((40 + 135) / 350 * 255),
        round(40 / 80 * 255),
    )


async def test_an_mr_has_no_such_windows() -> None:
    series = await taken_apart(zipped(lying([1, 2], Modality="MR")))
    assert [one.picture.read for one in series.slices] == [None, None]


async def test_an_archive_without_dicom_is_refused_in_words() -> None:
    with pytest.raises(UnsupportedFormat) as caught:
        await taken_apart(zipped([jpeg(), b"a letter"]))
    assert caught.value.seems == "ZIP"


async def test_a_damaged_archive_or_slice_is_refused() -> None:
    whole = zipped(lying([1, 2, 3]))
    for damaged in (whole[: len(whole) // 2], zipped([ct(1)[:-100]])):
        with pytest.raises(DamagedPicture):
            await taken_apart(damaged)


async def test_an_archive_that_unpacks_to_gigabytes_is_refused() -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for number in range(30):
            archive.writestr(f"{number}", bytes(40_000_000))
    with pytest.raises(PictureTooLarge):
        await taken_apart(buffer.getvalue())


async def test_an_archive_that_states_too_little_is_refused() -> None:
    data = bytearray(zipped([bytes(100_000)]))
    at = data.rindex(b"PK\x01\x02") + 24
    data[at : at + 4] = (1000).to_bytes(4, "little")
    with pytest.raises((PictureTooLarge, DamagedPicture)):
        await taken_apart(bytes(data))


async def first_child(pid: int) -> int:
    async with asyncio.timeout(90):
        while not (found := children(pid)):  # noqa: ASYNC110 - the kernel tells no event
            await asyncio.sleep(0)
    return found[0]


async def test_a_series_holds_up_no_photo() -> None:
    """However long it takes: it is decoded among the heavy ones, from the start."""
    many = zipped([ct(0, side_px=64, ImagePositionPatient=[0, 0, mm]) for mm in range(300)])
    async with PictureProcess(concurrency=1) as process, asyncio.TaskGroup() as tasks:
        await until_childless(zygote_pid(process))
        series = tasks.create_task(process.series(many, 85))  # takes long enough to be caught
        child = await first_child(zygote_pid(process))
        os.kill(child, signal.SIGSTOP)
        assert (await process.prepare(jpeg())).width_px == 320
        assert not series.done()
        os.kill(child, signal.SIGCONT)
    assert series.result().total == 300
