"""The messages between caller and disposable process, as typed values on both ends.

Knows requests, answers and errors as JSON headers. Must not know processes or decoders.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from typing import Any, TypeVar

from machine.frames import Frame, Header
from pictures import corners, limits
from pictures.corners import Corners
from pictures.errors import DamagedPicture, PictureError
from pictures.lanes import Lane
from pictures.picture import (
    Measures,
    PhotoFault,
    Picture,
    PictureNote,
    Rendition,
    Series,
    Slice,
    Subject,
    ViewPosition,
)
from pictures.places import MarkWords, Place, Side, Zone

PREPARE = "prepare"
PHOTO_SIZES = "photo_sizes"
SQUARED = "squared"
MEASURED = "measured"
MARKED = "marked"
SERIES = "series"
_MEASURE_MAX = 1 << 31
READY_BYTES = 4096

Number = TypeVar("Number", int, float)

_MALFORMED = (KeyError, TypeError, ValueError, OverflowError)
_ERRORS = {error.__name__: error for error in PictureError.__subclasses__()}


def prepare_request(film: Corners | None = None) -> Header:
    """Ask for one picture.

    Args:
        film: Corners of the film in it, where somebody set them.
    """
    return {"job": PREPARE, "film": film}


def sizes_request(boxes_px: Sequence[int]) -> Header:
    """Ask for the sizes of a photo."""
    return {"job": PHOTO_SIZES, "boxes_px": list(boxes_px)}


def squared_request(side_px: int) -> Header:
    """Ask for a picture as a square, black around it."""
    return {"job": SQUARED, "side_px": side_px}


def marked_request(place: Place, words: MarkWords) -> Header:
    """Ask for a chest film with a place marked on it."""
    return {"job": MARKED, "place": asdict(place), "words": asdict(words)}


def marking(request: Header) -> tuple[Place, MarkWords]:
    """What `marked_request` asks for."""
    side, zone = request["place"]["side"], request["place"]["zone"]
    place = Place(side=Side(side), zone=None if zone is None else Zone(zone))
    return place, MarkWords(**request["words"])


def series_request(most: int) -> Header:
    """Ask for slices of a series, so many at most."""
    return {"job": SERIES, "most": most}


def measured_request() -> Header:
    """Ask how long a recording lasts, and how large its picture is."""
    return {"job": MEASURED}


def in_lane(request: Header, lane: Lane) -> Header:
    """Ask for it within what a lane allows."""
    return {**request, "max_pixels": lane.max_pixels}


def ready(held: Mapping[str, bool]) -> bytes:
    """Say that the zygote is ready, and what is kept from its children."""
    return json.dumps(held).encode()


def held(message: bytes) -> dict[str, bool]:
    """Parse `ready`; no picture was looked at before it was sent."""
    return dict(json.loads(message))


def picture_answer(picture: Picture) -> Frame:
    """Answer with one picture."""
    return _told_of(picture), _blobs_of(picture)


def _told_of(picture: Picture) -> Header:
    note = picture.note
    return {
        "media_type": picture.media_type,
        "width_px": picture.width_px,
        "height_px": picture.height_px,
        "sha256": picture.sha256,
        "note": None if note is None else asdict(note),
        "read": picture.read is not None,
    }


def series_answer(series: Series) -> Frame:
    """Answer with the slices of a series, each as a picture."""
    slices = [
        {**_told_of(one.picture), "position_mm": one.position_mm, "instance": one.instance}
        for one in series.slices
    ]
    blobs = [blob for one in series.slices for blob in _blobs_of(one.picture)]
    return {"slices": slices, "total": series.total}, blobs


def _blobs_of(picture: Picture) -> list[bytes]:
    return [picture.data] if picture.read is None else [picture.data, picture.read]


def sizes_answer(sizes: Sequence[Rendition]) -> Frame:
    """Answer with the sizes of a photo."""
    sides = [[size.width_px, size.height_px] for size in sizes]
    return {"sides_px": sides}, [size.data for size in sizes]


def error_answer(error: PictureError) -> Frame:
    """Answer with what is wrong with the file."""
    return {"error": type(error).__name__, "message": str(error), "seems": error.seems}, []


def picture(header: Header, blobs: list[bytes]) -> Picture:
    """Parse the answer to `prepare_request`.

    Raises:
        PictureError: The answer was an error.
        DamagedPicture: The answer makes no sense, so the process that made it was taken over.
    """
    _raise_error(header)
    try:
        return _pictures([header], blobs)[0]
    except _MALFORMED as error:
        raise DamagedPicture from error


def series(header: Header, blobs: list[bytes]) -> Series:
    """Parse the answer to `series_request`.

    Raises:
        PictureError: The answer was an error.
        DamagedPicture: The answer makes no sense, so the process that made it was taken over.
    """
    _raise_error(header)
    try:
        told = header["slices"]
        slices = [
            Slice(
                picture=picture,
                position_mm=_number(one["position_mm"], float),
                instance=_number(one["instance"], int),
            )
            for one, picture in zip(told, _pictures(told, blobs), strict=True)
        ]
        return Series(slices=tuple(slices), total=int(header["total"]))
    except _MALFORMED as error:
        raise DamagedPicture from error


def _number(told: object, kind: Callable[[Any], Number]) -> Number | None:
    return None if told is None else kind(told)


def _pictures(told: Sequence[Header], blobs: Sequence[bytes]) -> list[Picture]:
    """Of each picture its own bytes, then what a model reads in its place, where there is that."""
    left = list(reversed(blobs))
    pictures = [_picture(one, left) for one in told if len(left) > bool(one["read"])]
    if left or not pictures or len(pictures) != len(told):
        raise ValueError("too few pictures, or too many")
    return pictures


def _picture(header: Header, left: list[bytes]) -> Picture:
    note = header["note"]
    return Picture(
        data=left.pop(),
        media_type="image/png" if header["media_type"] == "image/png" else "image/jpeg",
        width_px=int(header["width_px"]),
        height_px=int(header["height_px"]),
        sha256=str(header["sha256"]),
        note=None if note is None else _note(note),
        read=left.pop() if header["read"] else None,
    )


def photo_sizes(header: Header, blobs: list[bytes]) -> tuple[Rendition, ...]:
    """Parse the answer to `sizes_request`.

    Args:
        blobs: One for each size.

    Raises:
        PictureError: The answer was an error.
        DamagedPicture: The answer makes no sense, so the process that made it was taken over.
    """
    _raise_error(header)
    try:
        return tuple(
            Rendition(data=data, width_px=int(width), height_px=int(height))
            for data, (width, height) in zip(blobs, header["sides_px"], strict=True)
        )
    except _MALFORMED as error:
        raise DamagedPicture from error


def measures_answer(measures: Measures) -> Frame:
    """Answer with what a recording says of itself."""
    return asdict(measures), []


def measures(header: Header, _blobs: list[bytes]) -> Measures:
    """Parse the answer to `measured_request`.

    Raises:
        PictureError: The answer was an error.
        DamagedPicture: The answer makes no sense, so the process that made it was taken over.
    """
    _raise_error(header)
    try:
        return Measures(**{name: _measure(header[name]) for name in asdict(Measures())})
    except _MALFORMED as error:
        raise DamagedPicture from error


def _measure(value: object) -> int:
    if not isinstance(value, int):
        raise TypeError("no number")
    return value if 0 <= value < _MEASURE_MAX else 0


def too_many_bytes() -> str:
    """Say that a file is too large."""
    return f"The file is larger than {limits.MAX_BYTES // 1_000_000} MB."


def _note(note: Header) -> PictureNote:
    view, subject = note["view"], note["subject"]
    numbers = {name: note[name] for name in ("frame", "frames", "page", "pages", "stacks")}
    return PictureNote(
        window_estimated=bool(note["window_estimated"]),
        view=None if view is None else ViewPosition(view),
        subject=None if subject is None else Subject(subject),
        film=None if note["film"] is None else corners.corners(note["film"]),
        film_set_by_sender=bool(note["film_set_by_sender"]),
        faults=None if note["faults"] is None else tuple(map(PhotoFault, note["faults"])),
        **{name: None if number is None else int(number) for name, number in numbers.items()},
    )


def _raise_error(header: Header) -> None:
    name = header.get("error")
    if name is None:
        return
    seems = header.get("seems")
    error = _ERRORS.get(str(name), DamagedPicture)
    raise error(str(header.get("message")), seems=None if seems is None else str(seems))
