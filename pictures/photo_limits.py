"""From where on a photo of a film should be taken again.

Knows what is measured, by its name in `pictures.quality`. Must not know how. The phone page judges
by the same numbers before a photo is sent, so they stand here alone, without a decoder.
"""

from collections.abc import Mapping
from typing import Final

PHOTO_LIMITS: Final[Mapping[str, float]] = {
    "bright": 90,
    "spread_of_bright": 0.66,
    "white": 0.17,
    "rim": 0.0035,
    "measurable_spread": 12,
    "detail": 0.045,
    "size": 0.37,
    "turned_degrees": 14,
    "at_border": 0.5,
    "waves": 0.05,
    "skin": 0.025,
}
"""Between what drawn photos of level 0 and 1 show, and those of level 2 and 3. Sharpness is judged
by the film's rim; where that is not seen, by detail, but not where the greys spread less than
`measurable_spread`."""
