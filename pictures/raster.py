"""JPEG, PNG, WebP, TIFF, BMP, GIF, HEIC and AVIF to upright RGB, by Pillow.

Knows colour models, orientation and transparency. Runs only in a disposable process.
"""

import io
import struct
from dataclasses import replace
from itertools import islice

import numpy as np
import pillow_heif
from PIL import AvifImagePlugin, ExifTags, Image, ImageCms, ImageSequence, TiffImagePlugin

from pictures import grey, jpeg, limits
from pictures.decoded import Decoded
from pictures.errors import DamagedPicture, PictureTooLarge
from pictures.picture import PictureNote
from pictures.sniff import Format

Image.MAX_IMAGE_PIXELS = limits.MAX_PIXELS // 2  # Pillow raises at twice its limit

_SRGB = ImageCms.createProfile("sRGB")
_WIDE_GREY = {"I;16", "I;16L", "I;16B", "I;16N", "I", "F"}
_MOVING = {Format.GIF, Format.PNG, Format.WEBP, Format.HEIF, Format.AVIF}
_MOST_PAGES = 100
_FAINTEST_ALPHA = 16
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


def load_decoders() -> None:
    """Load Pillow's decoders, and HEIC's, as they decode where no thread can be started."""
    Image.init()
    AvifImagePlugin.DEFAULT_MAX_THREADS = 1
    pillow_heif.options.DECODE_THREADS = 1
    pillow_heif.register_heif_opener(thumbnails=False)


def decode(data: bytes, format_: Format, side_px: int, max_pixels: int) -> Decoded:
    """Decode a raster file: of several pages the largest, of a moving picture the middle.

    Args:
        format_: What it is; no other decoder is tried.
        side_px: Length that the longer side of the result may have at most.
        max_pixels: How many it may have.

    Raises:
        PictureTooLarge: It has more pixels than can be handled, or too often the same ones.
        DamagedPicture: A JPEG's data end before the picture does, or the other way round.
    """
    if format_ is Format.JPEG:
        data = jpeg.with_end(data)
    file = jpeg.Served(data) if format_ is Format.JPEG else io.BytesIO(data)
    with Image.open(file, formats=[format_]) as image:
        note = _choose(image, format_)
        check_size(*image.size, max_pixels)
        if format_ is Format.JPEG:
            jpeg.check_scans(data, image.width * image.height, max_pixels)
        image.draft(None, _draft_size(image, side_px))
        image.load()
        if isinstance(file, jpeg.Served) and not (file.ends_with_its_scan or jpeg.is_whole(data)):
            raise DamagedPicture
        if image.mode in _WIDE_GREY:
            note = replace(note, window_estimated=True)
        return Decoded(
            image=_upright(fit(_rgb(image), side_px), image),
            lossless=_lossless(image, data),
            note=None if note == PictureNote() else note,
        )


def _choose(image: Image.Image, format_: Format) -> PictureNote:
    """Go to the one that is shown of several, and say which."""
    if format_ is Format.TIFF:
        return _choose_page(image)
    frames = getattr(image, "n_frames", 1) if format_ in _MOVING else 1
    if frames == 1:
        return PictureNote()
    if format_ is Format.GIF:
        image.seek((frames - 1) // 2)
    return PictureNote(frame=image.tell() + 1, frames=frames)


def _choose_page(image: Image.Image) -> PictureNote:
    """Go to the largest: others may be thumbnails of it."""
    sizes = [image.width * image.height for _ in islice(ImageSequence.Iterator(image), _MOST_PAGES)]
    largest = sizes.index(max(sizes))
    image.seek(largest)
    if len(sizes) == 1:
        return PictureNote()
    return PictureNote(page=largest + 1, pages=len(sizes))


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
        alpha = layered.getchannel("A")
        if _hides_all(alpha):
            return _to_srgb(layered.convert("RGB"), image)
        backdrop = Image.new("RGB", image.size, "black")  # as the phone page's canvas has it
        backdrop.paste(layered, mask=alpha)
        return _to_srgb(backdrop, image)
    return _to_srgb(image, image)


def _hides_all(alpha: Image.Image) -> bool:
    """Whether next to nothing would be seen: no program that wrote this meant it."""
    seen = sum(alpha.histogram()[_FAINTEST_ALPHA:])
    return seen < alpha.width * alpha.height / 1000


def _wide_grey(image: Image.Image) -> Image.Image:
    shown = grey.estimated(np.asarray(image))  # [height, width]
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
        case "PNG" | "BMP" | "GIF":
            return True
        case "TIFF":
            return image.info.get("compression") not in {"jpeg", "tiff_jpeg", "webp"}
        case "WEBP":
            return data[12:16] == b"VP8L"
        case _:
            return False
