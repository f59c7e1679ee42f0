"""One decoded picture to encoded ones, without metadata.

Knows output formats. Runs only in a disposable process.
"""

import hashlib
import io
from collections.abc import Sequence

from PIL import Image

from pictures import limits, marking, raster
from pictures.decoded import Decoded
from pictures.picture import MediaType, Picture, Rendition
from pictures.places import MarkWords, Place
from pictures.square import padded

_READING_QUALITY = 95
_PHOTO_QUALITY = 90
_PREVIEW_RESAMPLING = Image.Resampling.HAMMING  # at 40 % of Lanczos' time; nobody reads from these
_PNG_LEVEL = 4  # level 6 takes nearly three times as long for 8 % fewer bytes


def picture(decoded: Decoded) -> Picture:
    """Encode what is read and stored: PNG if nothing was lost so far and it stays small enough."""
    data, media_type = _encode(decoded.image, decoded.lossless)
    return Picture(
        data=data,
        media_type=media_type,
        width_px=decoded.image.width,
        height_px=decoded.image.height,
        sha256=hashlib.sha256(data).hexdigest(),
        note=decoded.note,
        read=None if decoded.read is None else _encode(decoded.read, decoded.lossless)[0],
    )


def photo_sizes(decoded: Decoded, boxes_px: Sequence[int]) -> list[Rendition]:
    """Encode the sizes that a chat keeps, ascending, each made from the next larger one."""
    image = decoded.image
    sizes = []
    for side_px in reversed(_sides(max(image.size), boxes_px)):
        image = raster.fit(image, side_px, _PREVIEW_RESAMPLING)
        sizes.append(
            Rendition(
                data=_jpeg(image, _PHOTO_QUALITY), width_px=image.width, height_px=image.height
            )
        )
    return sizes[::-1]


def marked(decoded: Decoded, place: Place, words: MarkWords) -> Rendition:
    """Encode a film with a place marked on it."""
    image = marking.marked(decoded.image, place, words)
    return Rendition(
        data=_jpeg(image, _PHOTO_QUALITY), width_px=image.width, height_px=image.height
    )


def squared(decoded: Decoded, side_px: int) -> Rendition:
    """Encode a picture as the square that a model looks at, sized as Gemma 3's processor does."""
    image = padded(decoded.image).resize((side_px, side_px), Image.Resampling.BILINEAR)
    data = _save(image, "PNG", compress_level=_PNG_LEVEL)
    return Rendition(data=data, width_px=side_px, height_px=side_px)


def _sides(longer_px: int, boxes_px: Sequence[int]) -> list[int]:
    """Longer sides to make, ascending: no box is larger than the picture, and two at least."""
    sides = sorted({min(box_px, longer_px) for box_px in boxes_px})
    return sides if len(sides) > 1 else [max(1, sides[0] // 2), *sides]


def _encode(image: Image.Image, lossless: bool) -> tuple[bytes, MediaType]:
    if lossless:
        data = _save(image, "PNG", compress_level=_PNG_LEVEL)
        if len(data) <= limits.MAX_PNG_BYTES:
            return data, "image/png"
    return _jpeg(image, _READING_QUALITY), "image/jpeg"


def _jpeg(image: Image.Image, quality: int) -> bytes:
    return _save(image, "JPEG", quality=quality, subsampling=0)


def _save(image: Image.Image, format_: str, **options: int) -> bytes:
    bare = image.copy()
    bare.info = {}  # Pillow would write comments, profiles and resolutions found there
    buffer = io.BytesIO()
    bare.save(buffer, format_, **options)
    return buffer.getvalue()
