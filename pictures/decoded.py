"""One decoded picture in memory.

Knows values only; needs Pillow, so only disposable processes may import it.
"""

from dataclasses import dataclass

from PIL import Image

from pictures.picture import PictureNote


@dataclass(frozen=True, slots=True, kw_only=True)
class Decoded:
    """A decoded picture.

    Args:
        image: Upright, mode RGB.
        lossless: Whether the source kept every pixel value, so that the result should too.
        note: What a reader must be told.
        read: What a model reads in its place: of a photo the film in it, cut out and straight; of a
            CT its Hounsfield units in three windows.
    """

    image: Image.Image
    lossless: bool
    note: PictureNote | None = None
    read: Image.Image | None = None
