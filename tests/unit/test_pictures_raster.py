"""Raster pictures come out upright, in RGB, at 8 bits, and bare of metadata."""

import io

import numpy as np
import pytest
from PIL import Image, ImageCms
from PIL.PngImagePlugin import PngInfo

from pictures import PictureNote, encode, jpeg
from pictures.errors import (
    DamagedPicture,
    EmptyPicture,
    PictureError,
    PictureTooLarge,
    UnsupportedFormat,
)
from tests.decoded_twice import decode


def encoded(image: Image.Image, format_: str, **options: object) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, format_, **options)
    return buffer.getvalue()


def quadrants() -> Image.Image:
    """Red, green over blue, white: tells every orientation from the other."""
    image = Image.new("RGB", (64, 48), "white")
    image.paste("red", (0, 0, 32, 24))
    image.paste("lime", (32, 0, 64, 24))
    image.paste("blue", (0, 24, 32, 48))
    return image


def corners(image: Image.Image) -> list[str]:
    names = {"100": "red", "010": "lime", "001": "blue", "111": "white"}
    width, height = image.size
    places = [(4, 4), (width - 5, 4), (4, height - 5), (width - 5, height - 5)]
    pixels = np.asarray(image)
    lit = ["".join(str(int(value > 128)) for value in pixels[y, x]) for x, y in places]
    return [names[key] for key in lit]


@pytest.mark.parametrize("format_", ["JPEG", "PNG", "WEBP", "TIFF", "BMP", "GIF", "HEIF", "AVIF"])
def test_every_allowed_format_decodes_to_rgb(format_: str) -> None:
    image = decode(encoded(quadrants(), format_), 3000).image
    assert image.mode == "RGB"
    assert corners(image) == ["red", "lime", "blue", "white"]


@pytest.mark.parametrize("format_", ["JPEG", "PNG", "WEBP", "TIFF"])
@pytest.mark.parametrize("orientation", range(1, 9))
def test_exif_orientation_is_applied(format_: str, orientation: int) -> None:
    turns = {
        2: Image.Transpose.FLIP_LEFT_RIGHT,
        3: Image.Transpose.ROTATE_180,
        4: Image.Transpose.FLIP_TOP_BOTTOM,
        5: Image.Transpose.TRANSPOSE,
        6: Image.Transpose.ROTATE_90,
        7: Image.Transpose.TRANSVERSE,
        8: Image.Transpose.ROTATE_270,
    }
    stored = quadrants()
    if orientation in turns:
        stored = stored.transpose(turns[orientation])
    exif = Image.Exif()
    exif[0x0112] = orientation
    image = decode(encoded(stored, format_, exif=exif.tobytes()), 3000).image
    assert corners(image) == ["red", "lime", "blue", "white"]


def test_no_metadata_is_handed_on() -> None:
    exif = Image.Exif()
    exif[0x010E] = "JANE DOE"
    exif.get_ifd(0x8825)[1] = "N"
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    data = encoded(quadrants(), "JPEG", exif=exif, comment=b"JANE DOE", icc_profile=profile)
    picture = encode.picture(decode(data, 3000))
    with Image.open(io.BytesIO(picture.data)) as image:
        assert set(image.info) <= {"jfif", "jfif_version", "jfif_density", "jfif_unit"}
    assert b"DOE" not in picture.data


def test_png_text_is_not_handed_on() -> None:
    text = PngInfo()
    text.add_text("Patient", "JANE DOE")
    picture = encode.picture(decode(encoded(quadrants(), "PNG", pnginfo=text, dpi=(7, 7)), 3000))
    with Image.open(io.BytesIO(picture.data)) as image:
        image.load()
        assert image.info == {}


@pytest.mark.parametrize(("bits", "format_"), [(12, "PNG"), (16, "PNG"), (12, "TIFF")])
def test_wide_grey_is_scaled_by_what_is_there_and_it_is_said(bits: int, format_: str) -> None:
    ramp = np.linspace(0, 2**bits - 1, 256).astype(np.uint16)
    decoded = decode(encoded(Image.fromarray(np.tile(ramp, (32, 1))), format_), 3000)
    grey = np.asarray(decoded.image)[0, :, 0]
    assert np.abs(grey.astype(int) - np.arange(256)).max() <= 2
    assert decoded.note == PictureNote(window_estimated=True)


def test_a_burnt_in_label_leaves_wide_grey_its_greys() -> None:
    values = np.tile(np.linspace(0, 4095, 256), (100, 1)).astype(np.uint16)
    values[:2, :50] = 65535
    grey = np.asarray(decode(encoded(Image.fromarray(values), "PNG"), 3000).image)[50, :, 0]
    assert np.abs(grey.astype(int) - np.arange(256)).max() <= 3


def test_a_wide_tiff_whose_least_value_is_white_is_turned_to_black() -> None:
    values = np.full((8, 8), 65535, np.uint16)
    values[0, 0] = 0
    data = encoded(Image.fromarray(values), "TIFF", tiffinfo={262: 0})
    grey = np.asarray(decode(data, 3000).image)
    assert grey[0, 0, 0] == 255
    assert grey[4, 4, 0] == 0


def test_a_signed_or_fractional_tiff_is_scaled_by_its_range() -> None:
    hounsfield = np.linspace(-1000, 1000, 256, dtype=np.float32).reshape(16, 16)
    grey = np.asarray(decode(encoded(Image.fromarray(hounsfield), "TIFF"), 3000).image)
    assert grey.min() == 0
    assert grey.max() == 255


def test_transparency_is_laid_on_black_as_on_the_phone_page() -> None:
    image = Image.new("RGBA", (8, 8), (255, 0, 0, 0))
    image.putpixel((3, 3), (0, 255, 0, 255))
    shown = decode(encoded(image, "PNG"), 3000).image
    assert (shown.getpixel((0, 0)), shown.getpixel((3, 3))) == ((0, 0, 0), (0, 255, 0))


@pytest.mark.parametrize(("mode", "color"), [("RGBA", (255, 0, 0, 0)), ("LA", (76, 0))])
def test_transparency_that_hides_all_is_ignored(mode: str, color: tuple[int, ...]) -> None:
    shown = decode(encoded(Image.new(mode, (8, 8), color), "PNG"), 3000).image
    assert shown.getpixel((0, 0)) == ((255, 0, 0) if mode == "RGBA" else (76, 76, 76))


def test_of_several_pages_the_largest_is_shown_and_said() -> None:
    small, large = quadrants().resize((16, 12)), quadrants()
    data = encoded(small, "TIFF", save_all=True, append_images=[large, small])
    decoded = decode(data, 3000)
    assert decoded.image.size == (64, 48)
    assert decoded.note == PictureNote(page=2, pages=3)


def test_of_a_moving_picture_the_middle_is_shown_and_said() -> None:
    still = [Image.new("RGB", (8, 8), color) for color in ("red", "lime", "blue")]
    data = encoded(still[0], "GIF", save_all=True, append_images=still[1:])
    decoded = decode(data, 3000)
    assert decoded.image.getpixel((4, 4)) == (0, 255, 0)
    assert decoded.note == PictureNote(frame=2, frames=3)


def photo() -> Image.Image:
    noise = np.random.default_rng(1).normal(0, 12, (480, 640, 3))
    smooth = np.asarray(quadrants().resize((640, 480)), np.float32)
    return Image.fromarray(np.clip(smooth * 0.7 + 30 + noise, 0, 255).astype(np.uint8))


WRITTEN: list[dict[str, object]] = [
    {},
    {"optimize": True},
    {"progressive": True},
    {"subsampling": 0, "quality": 95},
    {"restart_marker_rows": 4},
]


@pytest.mark.parametrize("options", WRITTEN, ids=str)
def test_a_jpeg_without_its_end_marker_is_read(options: dict[str, object]) -> None:
    data = encoded(photo(), "JPEG", **options)
    whole = decode(data, 3000).image
    assert decode(data.removesuffix(b"\xff\xd9"), 3000).image.tobytes() == whole.tobytes()


@pytest.mark.parametrize("options", WRITTEN, ids=str)
@pytest.mark.parametrize("part", [0.3, 0.6, 0.95])
def test_a_jpeg_whose_scan_is_damaged_is_refused(options: dict[str, object], part: float) -> None:
    data = encoded(photo(), "JPEG", **options)
    at = int(len(data) * part)
    for damaged in (
        data[:at] + bytes(len(data) - at - 2) + data[-2:],
        data[:at] + data[-2:],
        data[:at],
    ):
        with pytest.raises(DamagedPicture):
            decode(damaged, 3000)


@pytest.mark.parametrize("options", [WRITTEN[0], WRITTEN[3]], ids=str)
def test_a_jpeg_that_lost_a_piece_is_refused(options: dict[str, object]) -> None:
    data = encoded(photo(), "JPEG", **options)
    at = len(data) // 2
    with pytest.raises(DamagedPicture):
        decode(data[:at] + data[at + 512 :], 3000)


@pytest.mark.parametrize("options", [WRITTEN[0], WRITTEN[3], WRITTEN[4]], ids=str)
def test_a_photo_as_cameras_write_it_is_drawn_once_to_know_that_it_is_whole(
    options: dict[str, object], monkeypatch: pytest.MonkeyPatch
) -> None:
    def draw_once_more(*_args: object) -> None:
        raise AssertionError("drawn once more")

    monkeypatch.setattr("pictures.jpeg._drawn", draw_once_more)
    noise = np.random.default_rng(3).normal(0, 60, (480, 640, 3))
    pixels = np.clip(np.asarray(photo()) + noise, 0, 255).astype(np.uint8)
    file = encoded(Image.fromarray(pixels), "JPEG", **options | {"quality": 95})
    with Image.open(io.BytesIO(file)) as image:
        assert decode(file, 3000).image.tobytes() == image.tobytes()


@pytest.mark.parametrize("mode", ["L", "RGB"])
@pytest.mark.parametrize("black_px", [0, 100])
def test_a_photo_that_lost_its_end_or_has_too_many_bytes_is_refused(
    mode: str, black_px: int
) -> None:
    pixels = np.random.default_rng(4).integers(0, 255, (480, 640, 3), np.uint8)
    pixels[480 - black_px :] = 0
    file = encoded(Image.fromarray(pixels).convert(mode), "JPEG", quality=90)
    scan, end = file[:-2], file[-2:]
    for damaged in (scan[:-5_000], scan + scan[-9_000:-4_000]):
        with pytest.raises(DamagedPicture):
            decode(damaged + end, 3000)


def test_bytes_too_many_are_seen_where_a_255_stands_before_the_last_of_them() -> None:
    file = encoded(photo(), "JPEG", quality=30, progressive=True)
    with pytest.raises(DamagedPicture):
        decode(
            file[:-2] + b"\x12\x34" * 20 + b"\xff\x00" + b"\x56\x78" * 7 + b"\x9a" + file[-2:], 3000
        )


def test_a_jpeg_in_arithmetic_code_is_handed_to_its_decoder_as_it_is() -> None:
    file = encoded(photo(), "JPEG", quality=95)
    assert jpeg.Served(file).getvalue() != file
    arithmetic = file.replace(b"\xff\xc0", b"\xff\xc9", 1)
    assert jpeg.Served(arithmetic).getvalue() == arithmetic


def test_two_photos_in_one_file_are_read_as_the_first() -> None:
    first, second = photo(), photo().rotate(180)
    file = io.BytesIO()
    first.save(file, "MPO", save_all=True, append_images=[second], quality=95)
    assert decode(file.getvalue(), 3000).image.size == first.size
    scan, end = file.getvalue().split(b"\xff\xd9", 1)
    with pytest.raises(DamagedPicture):
        decode(scan[:-9_000] + b"\xff\xd9" + end, 3000)


def test_a_jpeg_of_one_grey_as_a_page_writes_it_is_whole() -> None:
    file = io.BytesIO()
    Image.new("RGB", (600, 300), "gray").save(file, "JPEG", optimize=True)
    assert decode(file.getvalue()).image.getpixel((5, 5)) == (128, 128, 128)


@pytest.mark.parametrize("options", WRITTEN, ids=str)
@pytest.mark.parametrize("mode", ["L", "RGB", "CMYK"])
@pytest.mark.parametrize("sides", [(640, 480), (641, 483), (33, 2000), (8, 8)])
def test_no_picture_that_is_whole_is_called_damaged(
    options: dict[str, object], mode: str, sides: tuple[int, int]
) -> None:
    half_black = photo().resize(sides)
    half_black.paste(0, (0, sides[1] // 2, *sides))
    for image in (photo().resize(sides), half_black, Image.new("RGB", sides)):
        assert decode(encoded(image.convert(mode), "JPEG", **options), 3000).image.size == sides


def test_a_cmyk_jpeg_keeps_its_colours() -> None:
    data = encoded(quadrants().convert("CMYK"), "JPEG", quality=95)
    assert corners(decode(data, 3000).image) == ["red", "lime", "blue", "white"]


def test_a_colour_profile_is_converted_to_srgb() -> None:
    linear = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")).tobytes()
    data = encoded(quadrants(), "PNG", icc_profile=linear)
    assert corners(decode(data, 3000).image) == ["red", "lime", "blue", "white"]


@pytest.mark.parametrize(
    ("format_", "options", "media_type"),
    [
        ("JPEG", {}, "image/jpeg"),
        ("WEBP", {}, "image/jpeg"),
        ("WEBP", {"lossless": True}, "image/png"),
        ("PNG", {}, "image/png"),
        ("BMP", {}, "image/png"),
        ("TIFF", {}, "image/png"),
        ("TIFF", {"compression": "jpeg"}, "image/jpeg"),
    ],
)
def test_only_a_lossless_file_becomes_a_png(
    format_: str, options: dict[str, object], media_type: str
) -> None:
    picture = encode.picture(decode(encoded(quadrants(), format_, **options), 3000))
    assert picture.media_type == media_type


def test_a_large_picture_is_reduced_and_a_small_one_is_left_alone() -> None:
    large = Image.new("L", (4000, 1000))
    assert decode(encoded(large, "PNG"), 3000).image.size == (3000, 750)
    assert decode(encoded(large, "JPEG"), 1280).image.size == (1280, 320)
    assert decode(encoded(quadrants(), "JPEG"), 3000).image.size == (64, 48)


@pytest.mark.parametrize(
    ("sides", "expected"),
    [
        ((2000, 1000), [(90, 45), (320, 160), (800, 400), (1280, 640)]),
        ((200, 100), [(90, 45), (200, 100)]),
        ((60, 40), [(30, 20), (60, 40)]),
        ((1, 1), [(1, 1), (1, 1)]),
    ],
)
def test_photo_sizes_ascend_and_are_never_enlarged(
    sides: tuple[int, int], expected: list[tuple[int, int]]
) -> None:
    data = encoded(Image.new("RGB", sides), "JPEG")
    sizes = encode.photo_sizes(decode(data, 1280), (90, 320, 800, 1280))
    assert [(size.width_px, size.height_px) for size in sizes] == expected
    assert all(size.data.startswith(b"\xff\xd8") for size in sizes)


def test_nothing_is_an_empty_picture() -> None:
    with pytest.raises(EmptyPicture):
        decode(b"", 3000)


@pytest.mark.parametrize("format_", ["JPEG", "PNG", "WEBP", "TIFF", "BMP"])
def test_a_file_cut_short_is_damaged(format_: str) -> None:
    noise = np.random.default_rng(1).integers(0, 255, (256, 256, 3), np.uint8)
    data = encoded(Image.fromarray(noise), format_)
    with pytest.raises(DamagedPicture):
        decode(data[: len(data) * 2 // 3], 3000)


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (b"\x00\x00\x00\x18ftypisom" + bytes(200), "video"),
        (b"%PDF-1.7\n" + bytes(200), "PDF"),
        (b"PK\x03\x04" + bytes(200), "ZIP"),
        (b'<?xml version="1.0"?>\n<svg xmlns="http://www.w3.org/2000/svg"/>', "SVG"),
        (b"<!DOCTYPE html><html></html>", "HTML"),
        ("Bonjour, ceci est une lettre. À bientôt !".encode(), "text"),
        (b"RIFF\x00\x00\x00\x00WAVEfmt ", "sound"),
        (bytes(range(128, 256)) * 4, None),
        (bytes(400), None),
    ],
)
def test_what_is_no_picture_is_called_what_it_seems_to_be(data: bytes, name: str | None) -> None:
    with pytest.raises(UnsupportedFormat) as caught:
        decode(data, 3000)
    assert caught.value.seems == name
    assert name is None or name in str(caught.value)


@pytest.mark.parametrize("sides", [(9000, 9000), (20000, 10)])
def test_a_picture_of_too_many_pixels_is_refused(sides: tuple[int, int]) -> None:
    with pytest.raises(PictureTooLarge):
        decode(encoded(Image.new("1", sides), "PNG"), 3000)


def test_every_picture_error_says_something() -> None:
    for error in PictureError.__subclasses__():
        assert str(error())
