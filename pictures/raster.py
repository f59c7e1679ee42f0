"""JPEG, PNG, WebP, TIFF and BMP to upright RGB, by Pillow.

Knows colour models, orientation and transparency. Runs only in a disposable process.
"""

import io
import struct

import numpy as np
from PIL import ExifTags, Image, ImageCms, TiffImagePlugin

from pictures import grey, limits
from pictures.errors import PictureTooLarge
from pictures.sniff import Format

Image.MAX_IMAGE_PIXELS = limits.MAX_PIXELS // 2  # Pillow raises at twice its limit

_SRGB = ImageCms.createProfile("sRGB")
_WIDE_GREY = {"I;16", "I;16L", "I;16B", "I;16N", "I", "F"}
_START_OF_SCAN = b"\xff\xda"  # in a scan itself, 0 follows each 255
_SCANS = 20
"""What encoders make of one picture: ten, or a few more."""

_MIN_IS_WHITE = 0  # TIFF 6.0, tag 262
_TURNS = {  # EXIF tag 274
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}


def decode(data: bytes, format_: Format, side_px: int, max_pixels: int) -> tuple[Image.Image, bool]:
    """Decode a raster file.

    Args:
        format_: What it is; no other decoder is tried.
        side_px: Length that the longer side of the result may have at most.
        max_pixels: How many it may have.

    Returns:
        The picture in mode RGB, and whether the file kept every pixel value.

    Raises:
        PictureTooLarge: It has more pixels than can be handled, or too often the same ones.
    """
    with Image.open(io.BytesIO(data), formats=[format_]) as image:
        check_size(*image.size, max_pixels)
        if format_ is Format.JPEG:
            _check_scans(data, image.width * image.height, max_pixels)
        image.draft(None, _draft_size(image, side_px))
        image.load()
        return _upright(fit(_rgb(image), side_px), image), _lossless(image, data)


def check_size(width_px: int, height_px: int, max_pixels: int) -> None:
    """Refuse a frame that is too large, before it is decoded.

    Args:
        width_px: Width as the file states it.
        max_pixels: How many it may have.

    Raises:
        PictureTooLarge: It is.
    """
    if width_px * height_px > max_pixels or max(width_px, height_px) > limits.MAX_SIDE_PX:
        raise PictureTooLarge(
            f"The picture has {width_px} x {height_px} pixels; "
            f"at most {max_pixels // 1_000_000} megapixels can be handled."
        )


def _check_scans(data: bytes, pixels: int, max_pixels: int) -> None:
    """Refuse a JPEG that draws its picture over and over (progressive, with repeated scans)."""
    times = data.count(_START_OF_SCAN) / _SCANS
    if pixels * times > max_pixels:
        raise PictureTooLarge("The picture is drawn too often in its file: send a photo of it.")


def fit(
    image: Image.Image,
    side_px: int,
    resampling: Image.Resampling = Image.Resampling.LANCZOS,
) -> Image.Image:
    """Reduce a picture so that its longer side is at most `side_px`; never enlarge it."""
    if max(image.size) <= side_px:
        return image
    scale = side_px / max(image.size)
    size = (max(1, round(image.width * scale)), max(1, round(image.height * scale)))
    return image.resize(size, resampling, reducing_gap=3.0)


def _draft_size(image: Image.Image, side_px: int) -> tuple[int, int]:
    """A JPEG decodes at 1/2, 1/4 or 1/8 at a fraction of the cost, if that is still enough."""
    scale = min(1.0, side_px / max(image.size))
    return max(1, int(image.width * scale)), max(1, int(image.height * scale))


def _rgb(image: Image.Image) -> Image.Image:
    if image.mode in _WIDE_GREY:
        return _wide_grey(image).convert("RGB")
    if image.has_transparency_data:
        layered = image if image.mode == "RGBA" else image.convert("RGBA")
        paper = Image.new("RGB", image.size, "white")
        paper.paste(layered, mask=layered.getchannel("A"))
        return _to_srgb(paper, image)
    return _to_srgb(image, image)


def _wide_grey(image: Image.Image) -> Image.Image:
    values = np.asarray(image)  # [height, width]
    fractional = values.dtype.kind == "f" or values.min() < 0
    shown = grey.by_range(values) if fractional else grey.by_bits(values)
    if _tiff_tag(image, TiffImagePlugin.PHOTOMETRIC_INTERPRETATION) == _MIN_IS_WHITE:
        shown = 255 - shown
    return Image.fromarray(shown)


def _tiff_tag(image: Image.Image, tag: int) -> object:
    return image.tag_v2.get(tag) if isinstance(image, TiffImagePlugin.TiffImageFile) else None


def _to_srgb(pixels: Image.Image, source: Image.Image) -> Image.Image:
    """Apply the file's colour profile; one that does not fit its pixels is ignored."""
    profile = source.info.get("icc_profile")
    if profile:
        try:
            converted = ImageCms.profileToProfile(
                pixels, ImageCms.ImageCmsProfile(io.BytesIO(profile)), _SRGB, outputMode="RGB"
            )
        except (ImageCms.PyCMSError, OSError):
            pass
        else:
            return converted or pixels
    return pixels if pixels.mode == "RGB" else pixels.convert("RGB")


def _upright(pixels: Image.Image, source: Image.Image) -> Image.Image:
    turn = _TURNS.get(_orientation(source))
    return pixels if turn is None else pixels.transpose(turn)


def _orientation(image: Image.Image) -> int:
    """EXIF orientation; 1, upright, where the tag is absent or unreadable."""
    try:
        return int(image.getexif().get(ExifTags.Base.Orientation, 1))
    except (OSError, SyntaxError, ValueError, TypeError, KeyError, struct.error):
        return 1


def _lossless(image: Image.Image, data: bytes) -> bool:
    match image.format:
        case "PNG" | "BMP":
            return True
        case "TIFF":
            return image.info.get("compression") not in {"jpeg", "tiff_jpeg", "webp"}
        case "WEBP":
            return data[12:16] == b"VP8L"
        case _:
            return False
