"""One frame of a DICOM object: the values that are stored of it, whatever they are packed in.

Knows compressions, and what is often wrong with them. Must not know what the values mean. Runs only
in a disposable process.
"""

import gdcm
import numpy as np
from pydicom import Dataset
from pydicom.encaps import encapsulate, get_frame
from pydicom.pixels.decoders.base import get_decoder
from pydicom.pixels.utils import as_pixel_options, pixel_array
from pydicom.uid import JPEGBaseline8Bit, JPEGExtended12Bit, JPEGTransferSyntaxes

from pictures import attributes, grey, jpeg
from pictures.errors import DamagedPicture
from pictures.grey import Values

_SAMPLED = 31
"""Frames of a film that are looked at for one that shows something; odd, for a middle one."""
_YCBCR_IDS = (1, 2, 3)


def middle(dataset: Dataset, max_pixels: int) -> tuple[int, Values]:
    """Choose the middle one of those frames that are not blank.

    Args:
        max_pixels: How many may be looked at for that, as far as three frames are looked at.

    Returns:
        The frame's index, and its values as `stored` gives them.
    """
    frames = attributes.frames(dataset)
    pixels = int(dataset.Rows) * int(dataset.Columns)
    count = min(_SAMPLED, frames, max(3, max_pixels // pixels))
    count -= count < frames and count % 2 == 0  # else none of them is the middle one
    found = {(2 * n + 1) * frames // (2 * count) for n in range(count)}
    return _middle_of({index: stored(dataset, index, max_pixels) for index in sorted(found)})


def _middle_of(sampled: dict[int, Values]) -> tuple[int, Values]:
    least = float(min(values.min() for values in sampled.values()))
    greatest = float(max(values.max() for values in sampled.values()))
    showing = [
        index for index, values in sampled.items() if not grey.is_blank(values, least, greatest)
    ]
    chosen = showing or [*sampled]
    index = chosen[(len(chosen) - 1) // 2]
    return index, sampled[index]


def stored(dataset: Dataset, index: int, max_pixels: int) -> Values:
    """Read a frame.

    Args:
        index: Counted from 0.
        max_pixels: How many may be drawn, if it is drawn in several scans.

    Returns:
        Shape [rows, columns], or [rows, columns, 3] in RGB.

    Raises:
        PictureTooLarge: It is drawn too often.
        DamagedPicture: Its data end before it does, or the other way round.
    """
    if not attributes.is_encapsulated(dataset):
        return _plain(dataset, index)
    data = get_frame(dataset.PixelData, index, number_of_frames=attributes.frames(dataset))
    if dataset.file_meta.TransferSyntaxUID in JPEGTransferSyntaxes:
        jpeg.check_scans(data, int(dataset.Rows) * int(dataset.Columns), max_pixels)
        return _jpeg(dataset, jpeg.with_end(data))
    return _decoded(dataset, data)


def _plain(dataset: Dataset, index: int) -> Values:
    """Values that lie in the upper bits of their words are brought down."""
    bits, high = int(dataset.BitsStored), int(dataset.HighBit)
    dataset.BitsStored = high + 1
    values = pixel_array(dataset, index=index)
    dataset.BitsStored = bits
    signed = values.dtype.kind == "i"
    least, beyond = (-(1 << bits - 1), 1 << bits - 1) if signed else (0, 1 << bits)
    fits = least <= int(values.min()) and int(values.max()) < beyond
    return values if fits else values >> (high + 1 - bits)


def _jpeg(dataset: Dataset, data: bytes) -> Values:
    found = jpeg.head(data)
    if found is None:
        return _decoded(dataset, data)
    syntax = dataset.file_meta.TransferSyntaxUID
    if syntax == JPEGExtended12Bit and found.precision > 8:
        return _by_gdcm(dataset, data)
    if syntax in {JPEGBaseline8Bit, JPEGExtended12Bit} and not jpeg.is_whole(data):
        raise DamagedPicture
    if dataset.PhotometricInterpretation == "RGB" and _is_ycbcr(found):
        dataset.PhotometricInterpretation = "YBR_FULL_422"
    return _decoded(dataset, data)


def _is_ycbcr(found: jpeg.Head) -> bool:
    """By libjpeg's own rule: these numbers without Adobe's marker."""
    return found.component_ids == _YCBCR_IDS and found.adobe_transform is None


def _decoded(dataset: Dataset, data: bytes) -> Values:
    options = {**as_pixel_options(dataset), "number_of_frames": 1}
    options.pop("extended_offsets", None)
    decoder = get_decoder(dataset.file_meta.TransferSyntaxUID)
    values, _ = decoder.as_array(encapsulate([data]), index=0, **options)
    return values  # YBR comes as RGB already


def _by_gdcm(dataset: Dataset, data: bytes) -> Values:
    """Decode 12 bits of grey, which GDCM can do and pydicom does not ask of it."""
    fragment = gdcm.Fragment()
    fragment.SetByteStringValue(data)
    fragments = gdcm.SequenceOfFragments.New()
    fragments.AddFragment(fragment)
    element = gdcm.DataElement(gdcm.Tag(0x7FE0, 0x0010))
    element.SetValue(fragments.__ref__())
    rows, columns = int(dataset.Rows), int(dataset.Columns)
    image = gdcm.Image()
    image.SetNumberOfDimensions(2)
    image.SetDimensions((columns, rows, 1))
    image.SetDataElement(element)
    kinds = gdcm.PhotometricInterpretation
    image.SetPhotometricInterpretation(kinds(kinds.GetPIType(dataset.PhotometricInterpretation)))
    syntaxes = gdcm.TransferSyntax
    image.SetTransferSyntax(syntaxes(syntaxes.GetTSType(str(JPEGExtended12Bit))))
    bits, signed = int(dataset.BitsStored), int(dataset.PixelRepresentation)
    image.SetPixelFormat(gdcm.PixelFormat(1, 16, bits, bits - 1, signed))
    decoded = image.GetBuffer().encode("utf-8", "surrogateescape")
    return np.frombuffer(decoded, "<i2" if signed else "<u2").reshape(rows, columns)
