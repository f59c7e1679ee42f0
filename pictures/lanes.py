"""The two lanes in which pictures are decoded, so that a heavy one holds up none of the others.

Knows what a picture of each lane may cost. Which lane one belongs to is found by trying: what is
too large for the ordinary lane, or takes too long there, begins anew in the heavy one.
"""

from dataclasses import dataclass

from pictures import limits


@dataclass(frozen=True, slots=True, kw_only=True)
class Lane:
    """What a picture may ask for in a lane.

    Args:
        max_pixels: Of one frame, as the file states them.
        deadline_s: Wall time of its decoding.
        niceness: Of the process that decodes it; more gives way to others.
    """

    max_pixels: int
    deadline_s: float
    niceness: int


ORDINARY = Lane(max_pixels=limits.OUTPUT_SIDE_PX**2, deadline_s=1.0, niceness=0)
"""Whatever the phone page sends (2,048 px) and EdgeRad itself makes of a picture: a tenth of a
second, or a few. So that is what a lying file can hold up others for: a second."""

HEAVY = Lane(max_pixels=limits.MAX_PIXELS, deadline_s=limits.DEADLINE_S, niceness=10)
"""All others. They wait for each other alone, and give way to ordinary ones and to the model."""
