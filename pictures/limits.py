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

MAX_SLICES = 85
"""Slices of a series that are looked at: as many as MedGemma 1.5 was made for."""

ANSWER = FrameLimits(
    header_bytes=_HEADER_BYTES,
    blobs=2 * MAX_SLICES,
    blob_bytes=64_000_000,
    blobs_bytes=100_000_000,
)
"""What it may answer with: the sizes of a photo, or the slices of a series, each as people and as
models see it."""

MAX_FILES = 3_000
"""Files of an archive: a CT of the whole body has some 1,000 slices."""

MAX_UNPACKED_BYTES = 1_000_000_000
"""All files of an archive together; no more than two of them are in memory at a time."""

SLICE_SIDE_PX = 1_024
"""Longest side of a slice: CT and MR have 512, and some twice that."""

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
