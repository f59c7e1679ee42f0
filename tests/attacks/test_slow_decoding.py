"""A small file that takes long to decode holds up nobody: found before it is decoded."""

import io

import numpy as np
import pytest
from PIL import Image

from pictures import lanes, raster
from pictures.errors import PictureTooLarge
from pictures.process import PictureProcess
from pictures.sniff import Format
from tests.attacks.conftest import Note
from tests.gateway_world import picture

ATTACKER = "by somebody who has joined"

SCANS = 600


def drawn_over_and_over(side_px: int, scans: int) -> bytes:
    """A progressive JPEG whose last scan comes many times: 35 kB, and seconds to decode."""
    made = io.BytesIO()
    Image.fromarray(np.zeros((side_px, side_px), np.uint8)).save(made, "JPEG", progressive=True)
    data = made.getvalue().removesuffix(b"\xff\xd9")
    last = data[data.rindex(b"\xff\xda") :]
    return data + last * scans + b"\xff\xd9"


def test_a_jpeg_of_many_scans_is_refused_before_it_is_decoded(
    monkeypatch: pytest.MonkeyPatch,
    outcome: Note,
) -> None:
    def load(_image: Image.Image) -> None:
        raise AssertionError("decoded")

    monkeypatch.setattr("PIL.ImageFile.ImageFile.load", load)
    data = drawn_over_and_over(2_500, SCANS)
    assert len(data) < 2_000_000
    for lane in (lanes.ORDINARY, lanes.HEAVY):
        with pytest.raises(PictureTooLarge):
            raster.decode(data, Format.JPEG, 900, lane.max_pixels)
    outcome(
        "Small JPEGs with hundreds of scans, which take seconds each",
        "refused before they are decoded",
    )


@pytest.mark.parametrize("progressive", [False, True])
def test_what_encoders_make_is_decoded_in_the_ordinary_lane(progressive: bool) -> None:
    made = io.BytesIO()
    noise = np.random.default_rng(1).integers(0, 255, (2_000, 2_000, 3), np.uint8)
    Image.fromarray(noise).save(made, "JPEG", progressive=progressive, quality=95)
    decoded = raster.decode(made.getvalue(), Format.JPEG, 900, lanes.ORDINARY.max_pixels)
    assert max(decoded.image.size) == 900


async def test_a_picture_behind_sixteen_such_files_is_made(outcome: Note) -> None:
    async with PictureProcess(concurrency=1) as pictures:
        slow = drawn_over_and_over(2_500, SCANS)
        for _ in range(16):
            with pytest.raises(PictureTooLarge):
                await pictures.prepare(slow)
        assert (await pictures.prepare(picture())).width_px == 400
    outcome("Sixteen of them before a nurse's picture", "hers is made")
