"""Files of kinds that were once read wrong, each through the confined process.

All show one drawn chest film of 200 x 240: `tests/data/failing/README.md` says what is odd of each.
"""

import io
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pydicom
import pytest
from PIL import Image
from pydicom.encaps import get_frame

from pictures import PictureNote
from pictures.errors import DamagedPicture
from tests.decoded_twice import confined

FOLDER = Path(__file__).parents[1] / "data/failing"
ESTIMATED = PictureNote(window_estimated=True)

Film = npt.NDArray[np.float64]


def bytes_of(name: str) -> bytes:
    return (FOLDER / name).read_bytes()


def stored(name: str) -> Film:
    """The values of 16 bits at a file's end."""
    return np.frombuffer(bytes_of(name)[-96_000:], "<u2").reshape(240, 200).astype(float)


def film() -> Film:
    """The film itself, by one of the files of which nothing but an attribute is wrong."""
    return stored("J_no_PixelRepresentation.dcm") / 4095 * 255


def shown(name: str) -> npt.NDArray[np.int_]:
    """What is shown of a file, in colours."""
    with Image.open(io.BytesIO(confined(bytes_of(name)).data)) as image:
        return np.asarray(image.convert("RGB")).astype(int)


def noted(name: str) -> PictureNote:
    """What is told of how a file was read; not what it shows."""
    return replace(confined(bytes_of(name)).note or PictureNote(), subject=None)


def stretched(values: Film, low: float, high: float) -> Film:
    return np.clip((values - low) / (high - low), 0, 1) * 255


def by_percentiles(values: Film) -> Film:
    return stretched(values, *np.percentile(values, (0.5, 99.5)))


def with_black_bands(values: Film) -> Film:
    return np.where(stored("G_mono1_padding_0.dcm") == 0, 0, values)


AS_IT_IS: list[tuple[str, Callable[[], Film], float, PictureNote | None]] = [
    ("A_no_window.dcm", lambda: by_percentiles(film()), 2, ESTIMATED),
    (
        "A_ct_no_window.dcm",
        lambda: stretched(stored("A_ct_no_window.dcm") - 1024, -160, 240),
        1,
        ESTIMATED,
    ),
    ("B_voilut_12bit_in_16.dcm", film, 2, None),
    ("B_palette_8bit_in_16.dcm", film, 2, None),
    (
        "C_window_16x_too_wide.dcm",
        lambda: by_percentiles(stored("C_window_16x_too_wide.dcm")),
        2,
        ESTIMATED,
    ),
    ("D_alpha_0.png", film, 2, None),
    ("G_mono1_padding_0.dcm", lambda: with_black_bands(film()), 2, None),
    ("H_mono2_shape_inverse.dcm", film, 2, None),
    ("I_high_bit_15_of_12_bits.dcm", film, 2, None),
    ("J_no_PixelRepresentation.dcm", film, 1, None),
    ("J_photometric_lower_case.dcm", film, 2, None),
    ("M_tiff_thumbnail_first.tif", film, 2, PictureNote(page=2, pages=2)),
]


@pytest.mark.parametrize(("name", "right", "most", "note"), AS_IT_IS, ids=[a[0] for a in AS_IT_IS])
def test_the_film_is_shown(
    name: str, right: Callable[[], Film], most: float, note: PictureNote | None
) -> None:
    colours = shown(name)
    assert (np.ptp(colours, axis=2) == 0).all()
    assert np.abs(colours[..., 0] - right()).mean() <= most
    assert np.percentile(np.abs(colours[..., 0] - right()), 99.9) <= 4 * most
    assert noted(name) == (note or PictureNote())


def test_16_bits_of_grey_outside_dicom_are_shown_by_what_is_there() -> None:
    with Image.open(FOLDER / "E_png16_12bit_with_label.png") as image:
        values = np.asarray(image).astype(float)
    label = values > 60_000
    right = np.where(label, 255, by_percentiles(np.where(label, np.median(values), values)))
    assert np.abs(shown("E_png16_12bit_with_label.png")[..., 0] - right).mean() <= 2
    assert noted("E_png16_12bit_with_label.png") == ESTIMATED


def test_ycbcr_that_is_tagged_rgb_has_its_colours() -> None:
    name = "F_us_jpeg_says_rgb_is_ycbcr_no_jfif.dcm"
    dataset = pydicom.dcmread(FOLDER / name)
    frame = get_frame(dataset.PixelData, 0, number_of_frames=1)
    with Image.open(io.BytesIO(frame)) as image:  # Pillow goes by the JPEG alone
        right = np.asarray(image.convert("RGB")).astype(int)
    assert np.abs(shown(name) - right).mean() <= 3


def test_a_jpeg_without_its_end_marker_is_read() -> None:
    image = Image.fromarray(shown("J_jpeg_without_end_marker.jpg").astype(np.uint8))
    grey = np.asarray(image.convert("L").resize((200, 240), Image.Resampling.BOX)).astype(int)
    assert np.abs(grey - film()).mean() <= 3


def test_a_jpeg_whose_data_are_zeros_at_the_end_is_refused() -> None:
    with pytest.raises(DamagedPicture):
        confined(bytes_of("K_jpeg_last_40_percent_zeros.jpg"))
