"""A series of DICOM objects in a ZIP: its slices in order, evenly spaced ones of them as pictures.

Knows how slices lie in space. Must not know who looks at them. Runs only in a disposable process.
"""

import io
import zipfile
from collections import defaultdict
from collections.abc import Hashable
from dataclasses import dataclass, replace

import numpy as np
import pydicom
from pydicom import Dataset
from pydicom.errors import InvalidDicomError

from pictures import attributes, dicom, encode, frames, limits
from pictures.archive import Archive
from pictures.errors import DamagedPicture, UnsupportedFormat
from pictures.picture import PictureNote, Series, Slice
from pictures.sniff import Format, sniff

_TAGS = [
    *("SeriesInstanceUID", "InstanceNumber", "ImagePositionPatient", "ImageOrientationPatient"),
    *("Rows", "Columns", "Modality", "SOPClassUID", "NumberOfFrames"),
]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Found:
    """An object that may be a slice.

    Args:
        file: Its number in the archive.
        stack: What slices of one stack have in common.
        position_mm: How far it lies along the stack's normal, None where the object tells nothing.
        instance: Its number, as the object tells.
    """

    file: int
    stack: Hashable
    position_mm: float | None
    instance: float | None


def load_decoders() -> None:
    """Load what Python imports only when an archive asks for it: the codec of its names."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("slice", dicom.without_window())
    decode(buffer.getvalue(), 1, 64)


def decode(data: bytes, most: int, max_pixels: int) -> Series:
    """Decode slices of the largest series in a ZIP.

    Args:
        most: How many slices.
        max_pixels: How many a slice may have.

    Returns:
        The slices in the order in which they lie: by position, or by instance number where no
        positions are told, or all are the same.

    Raises:
        UnsupportedFormat: There is no DICOM in it, or it needs a password.
        PictureTooLarge: It holds too much.
        DamagedPicture: It is no whole ZIP.
        PictureError: With what is wrong with the first slice of which none can be read.
    """
    try:
        return _decode(Archive(data), most, max_pixels)
    except (zipfile.BadZipFile, EOFError, NotImplementedError) as error:  # or an unknown packing
        raise DamagedPicture from error


def _decode(archive: Archive, most: int, max_pixels: int) -> Series:
    stacks: dict[Hashable, list[_Found]] = defaultdict(list)
    for file, content in archive:
        found = _found(file, content)
        if found is not None:
            stacks[found.stack].append(found)
    if not stacks:
        raise UnsupportedFormat("There is no DICOM picture in this archive.", seems="ZIP")
    ordered = _ordered(max(stacks.values(), key=len))
    told = PictureNote(frames=len(ordered), stacks=len(stacks) if len(stacks) > 1 else None)
    slices = [
        _slice(archive, ordered[place], replace(told, frame=place + 1), max_pixels)
        for place in evenly(len(ordered), most)
    ]
    return Series(slices=tuple(slices), total=len(ordered))


def evenly(total: int, most: int) -> list[int]:
    """Places of so many, evenly spaced, the first and the last among them.

    Args:
        total: How many there are.
        most: How many are wanted; all of them if there are no more.
    """
    if total <= most:
        return list(range(total))
    if most == 1:
        return [(total - 1) // 2]
    return [round(number * (total - 1) / (most - 1)) for number in range(most)]


def _found(file: int, content: bytes) -> _Found | None:
    if sniff(content) is not Format.DICOM:
        return None
    try:
        head = pydicom.dcmread(
            io.BytesIO(content), force=True, stop_before_pixels=True, specific_tags=_TAGS
        )
        attributes.read_decimals(head)
        if not _is_slice(head):
            return None
        return _Found(
            file=file,
            stack=_stack(head),
            position_mm=_position_mm(head),
            instance=attributes.number(head, "InstanceNumber"),
        )
    except (InvalidDicomError, ValueError, TypeError, AttributeError, KeyError, EOFError, OSError):
        return None


def _is_slice(head: Dataset) -> bool:
    return dicom.is_image(head) and attributes.frames(head) == 1


def _stack(head: Dataset) -> Hashable:
    orientation = attributes.numbers(head, "ImageOrientationPatient")
    return (
        str(head.get("SeriesInstanceUID") or ""),
        tuple(round(part, 2) for part in orientation),
        attributes.number(head, "Rows"),
        attributes.number(head, "Columns"),
    )


def _position_mm(head: Dataset) -> float | None:
    """How far a slice lies along what stands upright on it. Source: PS3.3 C.7.6.2.1.1."""
    place = attributes.numbers(head, "ImagePositionPatient")
    orientation = attributes.numbers(head, "ImageOrientationPatient")
    if len(place) != 3 or len(orientation) != 6:
        return None
    return float(np.dot(place, np.cross(orientation[:3], orientation[3:])))


def _ordered(found: list[_Found]) -> list[_Found]:
    positions = [one.position_mm for one in found]
    if None not in positions and len(set(positions)) == len(found):
        return sorted(found, key=lambda one: (one.position_mm or 0.0, one.file))
    return sorted(found, key=lambda one: (one.instance or 0.0, one.file))


def _slice(archive: Archive, found: _Found, told: PictureNote, max_pixels: int) -> Slice:
    dataset = dicom.opened(archive.read(found.file), max_pixels)
    stored = frames.stored(dataset, 0, max_pixels)
    decoded = dicom.shown_frame(dataset, stored, limits.SLICE_SIDE_PX, told)
    return Slice(
        picture=encode.picture(decoded),
        position_mm=found.position_mm,
        instance=None if found.instance is None else int(found.instance),
    )
