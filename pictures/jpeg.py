"""What a JPEG says of itself, and whether its scans hold what they should.

Knows markers (ITU T.81, annex B). Must not know what is done with the pixels. Runs only in a
disposable process.
"""

import io
import re
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt
from PIL import Image
from typing_extensions import override

from pictures.errors import PictureTooLarge

_START, _END = b"\xff\xd8", b"\xff\xd9"
_ADOBE, _JFIF = (0xEE, b"Adobe"), (0xE0, b"JFIF")
_SOS = 0xDA
_START_OF_FRAME = {*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC} | {0xF7}
_PROGRESSIVE = {0xC2, 0xC6, 0xCA, 0xCE}
_SEQUENTIAL = {0xC0, 0xC1}
_START_OF_SCAN = b"\xff\xda"  # in a scan itself, 0 follows each 255
_SCANS = 20
"""What encoders make of one picture: ten, or a few more."""

_AFTER_A_SCAN = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]")
"""Within one, 255 is followed by a 0 that is no data, the number of a restart, or another 255."""

_AHEAD = b"\xff\x00" * 8
"""As many bits as a decoder holds before it draws with the last ones. No code has so many ones."""

_PROBE_BYTES = 16
_PROBE = bytes([0x55, 0xA6, 0x9B, 0x37, 0xD2, 0x6C, 0x49, 0xB1] * 8)
"""Nothing that a scan is likely to end with, and more of it than the bytes that it replaces."""
_FEW_UNITS = 4
_PIXELS_A_BYTE = 128
"""More are drawn by a byte where all is of one grey; of a photo it draws some twenty."""
_SHORT_SCAN_BYTES = 256
_DENSE_BYTES = 48
"""Of a unit on average, where the last few units are drawn by the last few bytes."""
_TAIL_BYTES = 32
_DIFFERENT_BYTES = 26
"""Among that many: 30 where the picture shows something there, a few where it is of one grey."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """What stands before the first scan.

    Args:
        precision: Bits of a sample.
        height_px: As it is stated; 0 where the file says it later.
        component_ids: The names of the colour channels: 1, 2, 3, or the letters R, G, B.
        sampling: By channel, how many blocks stand beside and above each other in a unit.
        is_progressive: Whether several scans draw one picture.
        is_sequential: Whether it is drawn from top to bottom, in Huffman's code: almost every one.
        adobe_transform: 0 for RGB, 1 for YCbCr; None where Adobe's marker is missing.
        is_jfif: Whether it is a JFIF file: YCbCr.
        ends_at: Where the first scan's own header begins.
    """

    precision: int
    height_px: int
    width_px: int
    component_ids: tuple[int, ...]
    sampling: tuple[tuple[int, int], ...]
    is_progressive: bool
    is_sequential: bool
    adobe_transform: int | None
    is_jfif: bool
    ends_at: int

    @property
    def units(self) -> int:
        """Of how many units it is made: each has the blocks of all channels for one place."""
        wide = 8 * max(wide for wide, _ in self.sampling)
        high = 8 * max(high for _, high in self.sampling)
        return -(-self.height_px // high) * -(-self.width_px // wide)


def head(data: bytes) -> Head | None:
    """Read what stands before the first scan; None if it is no JPEG, or a damaged one."""
    adobe_transform, is_jfif, frame = None, False, b""
    marker, at = 0, 2
    while data.startswith(_START) and at + 4 <= len(data) and data[at] == 0xFF:
        marker = data[at + 1]
        if marker == _SOS:
            break
        if marker == 0xFF:
            at += 1
            continue
        body = data[at + 4 : at + 2 + int.from_bytes(data[at + 2 : at + 4])]
        if (marker, body[:5]) == _ADOBE and len(body) >= 12:
            adobe_transform = body[11]
        is_jfif = is_jfif or (marker, body[:4]) == _JFIF
        if marker in _START_OF_FRAME:
            frame = bytes([marker]) + body
        at += 4 + len(body)
    if len(frame) < 7 + 3 * (frame[6] if len(frame) > 6 else 1):
        return None
    components = [frame[7 + 3 * n : 10 + 3 * n] for n in range(frame[6])]
    return Head(
        precision=frame[1],
        height_px=int.from_bytes(frame[2:4]),
        width_px=int.from_bytes(frame[4:6]),
        component_ids=tuple(component[0] for component in components),
        sampling=tuple((part[1] >> 4 or 1, part[1] & 15 or 1) for part in components)
        if len(components) > 1
        else ((1, 1),),  # whatever is said of it (ITU T.81 A.2.2)
        is_progressive=frame[0] in _PROGRESSIVE,
        is_sequential=frame[0] in _SEQUENTIAL,
        adobe_transform=adobe_transform,
        is_jfif=is_jfif,
        ends_at=at,
    )


def check_scans(data: bytes, pixels: int, max_pixels: int) -> None:
    """Refuse a JPEG that draws its picture over and over (progressive, with repeated scans).

    Args:
        pixels: How many it has.
        max_pixels: How many may be drawn.

    Raises:
        PictureTooLarge: It does.
    """
    times = data.count(_START_OF_SCAN) / _SCANS
    if pixels * times > max_pixels:
        raise PictureTooLarge("The picture is drawn too often in its file: send a photo of it.")


def with_end(data: bytes) -> bytes:
    """Add the end marker where it is missing, as after some cameras' and programs' writing."""
    found = head(data)
    if found is None:
        return data
    scans, is_ended = _scans(data, found)
    return data if is_ended or not scans else data[: scans[-1][1]] + _END


class Served(io.BytesIO):
    """A JPEG as it is handed to its decoder, which shows how much of it that asked for.

    A decoder takes the next piece when it cannot go on without, and none once the picture is done.
    So one piece ends just before the scan does, the next one just after it, with no more in it
    than is needed to draw the last bits: a picture that is done with that ends where its scan does.
    Where many units stand on a few bytes that is not exact enough, and all is one piece.

    Args:
        data: The file, with an end marker.
    """

    def __init__(self, data: bytes) -> None:
        self._pieces: tuple[int, ...] = ()
        found = head(data)
        scans = _scans(data, found)[0] if found else []
        if found and found.is_sequential and len(scans) == 1 and _is_dense(data, *scans[0], found):
            ((start, end),) = scans
            self._pieces = (_without_filling(data, start, end) - 1, end + len(_AHEAD))
            data = data[:end] + _AHEAD + data[end:]
        super().__init__(data)

    @override
    def read(self, size: int | None = -1, /) -> bytes:
        """Read on, to the end of the piece at most."""
        at, wanted = self.tell(), -1 if size is None else size
        left = min((end - at for end in self._pieces if at < end), default=wanted)
        return super().read(left if wanted < 0 else min(wanted, left))

    @property
    def ends_with_its_scan(self) -> bool:
        """Once the picture is drawn: whether all that its one scan holds was needed for it."""
        return self.tell() in self._pieces[1:]


def _is_dense(data: bytes, start: int, end: int, found: Head) -> bool:
    """Whether few units stand on the last bytes of the one scan."""
    end = _without_filling(data, start, end)
    tail = data[max(start, end - _TAIL_BYTES) : end]
    return end - start > found.units * _DENSE_BYTES and len({*tail}) >= _DIFFERENT_BYTES


def is_whole(data: bytes) -> bool:
    """Whether the scans hold what draws the picture, no less and no more.

    Decoders draw something from any bytes, and say nothing. But where many bytes were lost or
    changed, the bits no longer end where the picture does: the picture is done long before the scan
    is, or the scan before the picture. So other bytes in place of a scan's last few must change
    the last few units of the picture, and more bytes after them nothing.

    Args:
        data: The file, with an end marker.
    """
    found = head(data)
    scans = _scans(data, found)[0] if found else []
    if found is None or not scans:
        return True
    start, end = scans[-1]
    end = _without_filling(data, start, end)
    if end - start < _SHORT_SCAN_BYTES:
        return True
    served = Served(data)
    small = _drawn(served, 8)
    if served.ends_with_its_scan:
        return True
    more = _with_more(data, scans)
    if found.height_px * found.width_px > (end - scans[0][0]) * _PIXELS_A_BYTE:
        # of one grey, or cut off: then more bytes draw more
        return not _draws_otherwise(more, _drawn(io.BytesIO(data)))
    if len(scans) == 1 and not found.is_progressive:
        hanging = _units_on_the_last_bytes(data, start, end, found, small)
        if hanging:
            return hanging <= _FEW_UNITS or not _draws_otherwise(more, small, 8)
        # an eighth shows a unit's mean alone, which may stand before these bytes
    drawn = _drawn(io.BytesIO(data))
    kept = data[: end - _PROBE_BYTES].removesuffix(b"\xff")  # with which they would be a marker
    probe = kept + _PROBE + data[end:]
    return _draws_otherwise(probe, drawn) and not _draws_otherwise(more, drawn)


def _units_on_the_last_bytes(
    data: bytes, start: int, end: int, found: Head, small: npt.NDArray[np.uint8]
) -> int:
    """How many of the last units are drawn otherwise if the last bytes of the one scan are.

    0 where that cannot be told: none is, or nothing is drawn at all, as where a 255 before those
    makes a marker of them.
    """
    wide, high = (max(sides) for sides in zip(*found.sampling, strict=True))
    rows, columns = -(-small.shape[0] // high), -(-small.shape[1] // wide)
    replaced = min(_PROBE_BYTES + (end - start) // (rows * columns), (end - start) // 2)
    probe = data[: end - replaced] + _PROBE * (1 + replaced // _PROBE_BYTES) + data[end:]
    try:
        changed = (small != _drawn(io.BytesIO(probe), 8)).any(axis=2)
    except OSError:
        return 0
    padded = np.zeros((rows * high, columns * wide), np.bool_)
    padded[: changed.shape[0], : changed.shape[1]] = changed
    units = padded.reshape(rows, high, columns, wide).any(axis=(1, 3)).ravel()
    return units.size - int(units.argmax()) if units.any() else 0


def _draws_otherwise(probe: bytes, drawn: npt.NDArray[np.uint8], part: int = 1) -> bool:
    try:
        return bool((drawn != _drawn(io.BytesIO(probe), part)).any())
    except OSError:  # the probe cannot be drawn at all
        return True


def _with_more(data: bytes, scans: list[tuple[int, int]]) -> bytes:
    """The same picture, if no scan needs more than it has."""
    ends = [0, *(end for _, end in scans)]
    parts = [data[one:other] + _PROBE for one, other in pairwise(ends)]
    return b"".join(parts) + data[ends[-1] :]


def _drawn(file: io.BytesIO, part: int = 1) -> npt.NDArray[np.uint8]:
    """The picture at a part of its size, shape [rows, columns, channels]."""
    with Image.open(file, formats=["JPEG"]) as image:
        if part > 1:
            image.draft(None, (max(1, image.width // part), max(1, image.height // part)))
        pixels = np.asarray(image)
        return pixels.reshape(*pixels.shape[:2], -1)


def _scans(data: bytes, found: Head) -> tuple[list[tuple[int, int]], bool]:
    """Where the data of each scan begin and end, and whether the end marker follows the last."""
    scans: list[tuple[int, int]] = []
    at = found.ends_at
    while at + 4 <= len(data) and data[at] == 0xFF and data[at : at + 2] != _END:
        is_scan = data[at + 1] == _SOS
        at += 2 + int.from_bytes(data[at + 2 : at + 4])
        if is_scan:
            scans.append((at, _end_of_scan(data, at)))
            at = scans[-1][1]
    return scans, data[at : at + 2] == _END


def _end_of_scan(data: bytes, at: int) -> int:
    """Where the next marker stands that ends a scan, or the data's end."""
    marker = _AFTER_A_SCAN.search(data, at)
    return marker.start() if marker else len(data)


def _without_filling(data: bytes, start: int, end: int) -> int:
    """Where the data end, without the few equal bytes that some cameras fill them up with."""
    last = data[start:end].rstrip(data[end - 1 : end])
    filled = end - start - len(last)
    return end - filled if 1 < filled <= 64 else end
