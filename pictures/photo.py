"""What a photo of a film is worth, and what of it is read.

Knows the order of the steps. Must not know how each is done. Runs only in a disposable process.
"""

from dataclasses import replace

from PIL import Image, ImageDraw

from pictures import film
from pictures.corners import Corners
from pictures.decoded import Decoded
from pictures.picture import PictureNote


def looked_at(decoded: Decoded, corners: Corners | None = None) -> Decoded:
    """Find the film in a photo, and make of it what is read.

    Args:
        corners: Of the film, where whoever sent the photo set them; else they are looked for, in
            a file that a camera may have made.

    Returns:
        The picture with what is read of it, as it was where no film is surely seen.
    """
    set_by_sender = corners is not None
    if corners is None and not decoded.lossless:
        found = film.find_film(decoded.image)
        corners = found.corners if found is not None and found.sureness >= film.SURE else None
    if corners is None:
        return decoded
    note = replace(decoded.note or PictureNote(), film=corners, film_set_by_sender=set_by_sender)
    straight = film.evened(film.rectified(decoded.image, corners))
    return replace(decoded, read=straight, note=note)


def load() -> None:
    """Go all the way once: what is imported late cannot be opened in a confined child."""
    photo = Image.new("RGB", (320, 320), (250, 246, 235))
    ImageDraw.Draw(photo).rectangle((60, 60, 260, 240), fill=(60, 62, 60))
    looked_at(Decoded(image=photo, lossless=False))
