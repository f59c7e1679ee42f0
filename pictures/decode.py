"""Bytes to one upright RGB picture in memory, whatever the format.

Knows which decoder takes which format, and what to say of a format that none takes. Runs only in a
disposable process.
"""

from pathlib import Path

from PIL import Image

from pictures import dicom, limits, raster
from pictures.decoded import Decoded
from pictures.errors import (
    DamagedPicture,
    EmptyPicture,
    PictureError,
    PictureTooLarge,
    UnsupportedFormat,
)
from pictures.sniff import Format, seems, sniff

_ADVICE = {
    "PDF": "Send a photo or a screenshot of the page.",
    "video": "Send a photo, or a screenshot of the video.",
    "ZIP": "Unpack it and send the pictures in it.",
}
_FIRST_PICTURES = Path(__file__).parent / "first_pictures"
"""The smallest of each kind, which a decoder reads before any other."""
_DEFAULT_ADVICE = "Send a photo, or a file such as JPEG, PNG, HEIC or DICOM."


def decode(data: bytes, side_px: int, max_pixels: int = limits.MAX_PIXELS) -> Decoded:
    """Decode a file by what its own bytes say it is.

    Args:
        side_px: Length that the longer side of the result may have at most.
        max_pixels: How many one frame may have.

    Returns:
        The picture, reduced to `side_px` if it was larger, never enlarged.

    Raises:
        EmptyPicture: There are no bytes.
        UnsupportedFormat: The format is not on the allow-list.
        DamagedPicture: It does not decode to its end.
        PictureTooLarge: It has more pixels, or needs more memory, than can be handled.
        PictureError: Anything else that is wrong with it.
    """
    if not data:
        raise EmptyPicture
    format_ = sniff(data)
    if format_ is None:
        name = seems(data)
        raise UnsupportedFormat(_what_to_send(name), seems=name)
    try:
        return _decode(data, format_, side_px, max_pixels)
    except PictureError:
        raise
    except (MemoryError, Image.DecompressionBombError) as error:
        raise PictureTooLarge from error
    except Exception as error:  # a decoder raises whatever it likes on a hostile file
        raise DamagedPicture from error


def _decode(data: bytes, format_: Format, side_px: int, max_pixels: int) -> Decoded:
    if format_ is Format.DICOM:
        return dicom.decode(data, side_px, max_pixels)
    return raster.decode(data, format_, side_px, max_pixels)


def load_decoders() -> None:
    """Load every decoder now: once confined, a child can open no file to import it from."""
    raster.load_decoders()
    dicom.load_decoders()
    for path in sorted(_FIRST_PICTURES.iterdir()):
        decode(path.read_bytes(), 4)


def _what_to_send(name: str | None) -> str:
    if name is None:
        return f"This does not seem to be a picture. {_DEFAULT_ADVICE}"
    advice = _ADVICE.get(name, _DEFAULT_ADVICE)
    return f"This seems to be {name}, not a picture that can be read. {advice}"
