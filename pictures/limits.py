"""How much a picture may ask for, and why.

Knows numbers only, and how many processors may be used.
"""

from machine.cgroups import usable_cpus
from machine.frames import FrameLimits

MAX_BYTES = 50_000_000
"""Bytes of a file: DICOM radiographs reach 30 MB, and a clinic's uploads are capped at this."""

MAX_PIXELS = 65_000_000
"""Pixels of one frame: the 64-megapixel phone camera passes (9,248 x 6,936), a bomb does not."""

MAX_SIDE_PX = 16_384
"""Longest side of one frame: a phone's panorama passes."""

OUTPUT_SIDE_PX = 3_000
"""Longest side handed on: a radiograph keeps its detail for a supervisor's zoom (models look at
896 px), while any picture stays under the 10 MB that a chat takes as a photo."""

MAX_PNG_BYTES = 9_000_000
"""A lossless result larger than this is handed on as JPEG, so that a chat can still show it."""

_HEADER_BYTES = 65_536

REQUEST = FrameLimits(
    header_bytes=_HEADER_BYTES, blobs=1, blob_bytes=MAX_BYTES, blobs_bytes=MAX_BYTES
)
"""What the disposable process is asked: one file."""

ANSWER = FrameLimits(
    header_bytes=_HEADER_BYTES, blobs=16, blob_bytes=64_000_000, blobs_bytes=64_000_000
)
"""What it may answer with: the sizes of a photo."""

MEMORY_BYTES = 1_200_000_000
"""Address space that a decoder may use on top of the loaded libraries. The worst legal picture
(65 megapixels of 16 bits, with a colour copy) needs some 600 MB."""

DEADLINE_S = 20.0
"""Wall time for one picture: a 50 MB file on a slow mini-PC takes about 5 s."""


def concurrency() -> int:
    """How many pictures are decoded at once in each lane.

    Returns:
        Few, so that an album does not take the machine from the model. The gateway and the bot
        decode so many each: on two cores with two each, a hundred phones that send at once wait
        longer for the bot's "received" (p99 578 ms instead of 355), and no photo is answered
        sooner.
    """
    return 2 if usable_cpus() > 2 else 1
