"""What comes out: a picture, its sizes, and what a reader must be told of how it was made.

Knows values only. Must not know decoders or processes.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

from pictures.corners import Corners

MediaType = Literal["image/jpeg", "image/png"]


class ViewPosition(StrEnum):
    """How the rays went through a chest (DICOM tag 0018,5101), as far as a reader must know."""

    PA = "PA"
    AP = "AP"
    LATERAL = "LATERAL"


class Subject(StrEnum):
    """What a file says that it shows, as far as it changes how the picture is read."""

    CHEST = "chest"
    BONE = "bone"
    CT = "ct"
    MRI = "mri"
    SKIN = "skin"
    ULTRASOUND = "ultrasound"
    OTHER = "other"


class PhotoFault(StrEnum):
    """What is wrong with a photo of a film, so that it should be taken again."""

    BLUR = "blur"
    GLARE = "glare"
    DARK = "dark"
    LOW_CONTRAST = "low_contrast"
    CUT_OFF = "cut_off"
    TOO_SMALL = "too_small"
    TILTED = "tilted"
    MOIRE = "moire"
    FINGER = "finger"
    TWO_FILMS = "two_films"


@dataclass(frozen=True, slots=True, kw_only=True)
class PictureNote:
    """What a reader must know of a picture, in parts that can be said in any language.

    Args:
        frame: Number of the frame shown, counted from 1, when the file holds several.
        frames: How many frames the file holds, given with `frame`.
        page: Number of the page shown, counted from 1, when the file holds several.
        pages: How many pages the file holds, given with `page`.
        stacks: How many series the archive holds, where it holds several; this is of the longest.
        window_estimated: True if the file names no usable grey window and one was estimated.
        view: View position, if the file names one of the three that matter.
        subject: What the file says that it shows.
        film: Corners of the film that was cut out of the photo and made straight to be read.
        film_set_by_sender: True if whoever sent the photo set these corners.
        faults: What is wrong with the photo, the gravest first; None of what is no photo of a film.
    """

    frame: int | None = None
    frames: int | None = None
    window_estimated: bool = False
    view: ViewPosition | None = None
    subject: Subject | None = None
    page: int | None = None
    pages: int | None = None
    stacks: int | None = None
    film: Corners | None = None
    film_set_by_sender: bool = False
    faults: tuple[PhotoFault, ...] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """An upright RGB picture without metadata.

    Args:
        data: The encoded picture.
        media_type: JPEG for a lossy source, PNG for a lossless one that is not too large.
        width_px: Width, at most `pictures.limits.OUTPUT_SIDE_PX`.
        height_px: Height, likewise.
        sha256: Hex digest of `data`.
        note: What a reader must be told, None if nothing.
        read: What a model reads in its place, None where that is the picture itself. Of a CT, a PNG
            whose red, green and blue are the Hounsfield units at -1024 to 1024, -135 to 215 and 0
            to 80.
    """

    data: bytes
    media_type: MediaType
    width_px: int
    height_px: int
    sha256: str
    note: PictureNote | None = None
    read: bytes | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Slice:
    """One slice of a series.

    Args:
        picture: Its note has the slice's place as `frame`.
        position_mm: Where it lies along the series, None where no position is told.
        instance: Its instance number, None where none is told.
    """

    picture: Picture
    position_mm: float | None
    instance: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """Slices of one series, in the order in which they lie.

    Args:
        slices: Evenly spaced ones of them.
        total: How many the series has.
    """

    slices: tuple[Slice, ...]
    total: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Rendition:
    """One of the sizes a chat keeps of a photo: an upright RGB JPEG without metadata."""

    data: bytes
    width_px: int
    height_px: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Measures:
    """How long a recording lasts, and how large its picture is; 0 for what is not known."""

    duration_s: int = 0
    width_px: int = 0
    height_px: int = 0
