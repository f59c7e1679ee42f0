"""What a photo of a film is worth, and what of it is read.

Knows the order of the steps. Must not know how each is done. Runs only in a disposable process.
"""

from dataclasses import replace

from PIL import Image, ImageDraw

from pictures import film, quality
from pictures.corners import Corners
from pictures.decoded import Decoded
from pictures.film import FilmOutline
from pictures.picture import PictureNote

SEEN = 0.1
"""Sureness of an outline from which on the photo is judged as one of a film."""


def looked_at(decoded: Decoded, corners: Corners | None = None) -> Decoded:
    """Find the film in a photo, judge the photo, and make of it what is read.

    Args:
        corners: Of the film, where whoever sent the photo set them; else they are looked for, in
            a file that a camera may have made.

    Returns:
        The picture with what is read of it, as it was where no film is seen.
    """
    if corners is not None:
        outline: FilmOutline | None = FilmOutline(corners=corners, sureness=1)
    else:
        outline = None if decoded.lossless else film.find_film(decoded.image)
    if outline is None or outline.sureness < SEEN:
        return decoded
    note = replace(
        decoded.note or PictureNote(),
        film=outline.corners if outline.sure else None,
        film_set_by_sender=corners is not None,
        faults=quality.measure(decoded.image, outline).faults,
    )
    if not outline.sure:
        return replace(decoded, note=note)
    straight = film.rectified(decoded.image, outline.corners)
    return replace(decoded, read=film.evened(straight), note=note)


def load() -> None:
    """Go all the way once: what is imported late cannot be opened in a confined child."""
    photo = Image.new("RGB", (320, 320), (250, 246, 235))
    ImageDraw.Draw(photo).rectangle((60, 60, 260, 240), fill=(60, 62, 60))
    looked_at(Decoded(image=photo, lossless=False))
