"""Pictures to send: small, each with grain of its own."""

import io
from functools import lru_cache

from PIL import Image

from deploy.phone_client import PhoneUpload

SIDE_PX = 256


@lru_cache
def film(number: int = 0) -> PhoneUpload:
    """A small film; the same number is the same bytes."""
    shades = Image.radial_gradient("L").resize((SIDE_PX, SIDE_PX)).rotate(number)
    encoded = io.BytesIO()
    shades.convert("RGB").save(encoded, "JPEG", quality=85)
    return PhoneUpload(name="film.jpg", data=encoded.getvalue())
