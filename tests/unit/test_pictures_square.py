"""Padding to a square: what Google's notebooks do, pixel by pixel."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from pictures.square import padded


@given(width=st.integers(1, 40), height=st.integers(1, 40), seed=st.integers(0, 9))
def test_a_picture_is_padded_as_the_notebooks_pad_it(width: int, height: int, seed: int) -> None:
    pixels = np.random.default_rng(seed).integers(0, 256, (height, width, 3), dtype=np.uint8)

    square = np.asarray(padded(Image.fromarray(pixels)))

    tall, wide = max(0, width - height), max(0, height - width)  # missing rows and columns
    expected = np.pad(
        pixels, ((tall // 2, tall - tall // 2), (wide // 2, wide - wide // 2), (0, 0))
    )
    np.testing.assert_array_equal(square, expected)


@pytest.mark.parametrize("mode", ["L", "LA", "RGB", "RGBA", "P", "1", "CMYK"])
def test_whatever_its_colours_it_becomes_rgb_with_black_around_it(mode: str) -> None:
    square = padded(Image.new("RGB", (4, 2), "white").convert(mode))

    assert (square.mode, square.size) == ("RGB", (4, 4))
    assert square.getpixel((1, 0)) == (0, 0, 0)
    assert square.getpixel((1, 1)) == (255, 255, 255)


def test_a_square_picture_keeps_every_pixel() -> None:
    picture = Image.linear_gradient("L").convert("RGB")

    assert padded(picture).tobytes() == picture.tobytes()
