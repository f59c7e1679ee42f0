"""A DICOM object's stored values as it wants them seen, as far as what it wants can be believed.

Knows DICOM's attributes of grey and of palettes. Must not know files or frames. Runs only in a
disposable process.
"""

import numpy as np
from pydicom import Dataset
from pydicom.pixels.processing import apply_color_lut, apply_modality_lut

from pictures import attributes, grey
from pictures.grey import Grey, Mask, Values

CT_WINDOW = (40.0, 400.0)
"""Soft tissue, in Hounsfield units: what a CT's viewer opens with."""


def frame(dataset: Dataset, stored: Values) -> tuple[Grey, bool]:
    """Show one frame.

    Args:
        dataset: The object, with the attributes of the frame at its top level.
        stored: Pixel values as stored, shape [rows, columns] or [rows, columns, 3] in RGB.

    Returns:
        8 bits, [rows, columns] or [rows, columns, 3], and whether the window had to be estimated.
    """
    if dataset.PhotometricInterpretation == "PALETTE COLOR":
        return _coloured(dataset, stored), False
    if stored.ndim == 3:
        return stored if stored.dtype == np.uint8 else grey.by_bits(stored), False
    return _displayed(dataset, stored)


def padding(dataset: Dataset, stored: Values) -> Mask:
    """Where a frame's values stand for no picture. Source: PS3.3 C.7.5.1.1.2."""
    value = attributes.number(dataset, "PixelPaddingValue")
    if value is None:
        return np.zeros(stored.shape, np.bool_)
    limit = attributes.number(dataset, "PixelPaddingRangeLimit")
    low, high = sorted((value, value if limit is None else limit))
    return (stored >= low) & (stored <= high)


def modality_values(dataset: Dataset, stored: Values) -> Values:
    """What the stored values mean: Hounsfield units of a CT. Source: PS3.3 C.11.1."""
    if dataset.get("ModalityLUTSequence"):
        return apply_modality_lut(stored, dataset)
    slope = attributes.number(dataset, "RescaleSlope") or 1.0
    intercept = attributes.number(dataset, "RescaleIntercept") or 0.0
    return stored if (slope, intercept) == (1, 0) else stored * np.float32(slope) + intercept


def _displayed(dataset: Dataset, stored: Values) -> tuple[Grey, bool]:
    """Source: PS3.3 C.11.2 (VOI LUT), C.7.6.3.1.2 (polarity), C.11.6 (shape).

    A shape INVERSE turns the polarity of MONOCHROME2 round, as in dcm4che's and dcmtk's viewers.
    """
    padded = padding(dataset, stored)
    meant = ~padded
    values = modality_values(dataset, stored)
    shown = _as_told(dataset, values, meant)
    is_estimated = shown is None
    if shown is None:
        shown = _of_a_scan(dataset, values, meant)
    if shown is None:
        shown = grey.estimated(values, meant)
    negative = dataset.PhotometricInterpretation == "MONOCHROME1"
    if negative or dataset.get("PresentationLUTShape") == "INVERSE":
        shown = 255 - shown
    if np.count_nonzero(meant) > meant.size // 100:
        shown[padded] = 0
    return shown, is_estimated


def _as_told(dataset: Dataset, values: Values, meant: Mask) -> Grey | None:
    """The LUT, else the window, else all of 8 bits; None if the object names nothing usable."""
    for shown in (_by_table(dataset, values), _by_window(dataset, values)):
        if shown is not None and grey.shows_something(shown, meant):
            return shown
    bits = int(dataset.BitsStored)
    if bits <= 8 and values.dtype.kind == "u":
        return grey.between(values.astype(np.float32), 0, 2.0**bits - 1)
    return None


def _by_table(dataset: Dataset, values: Values) -> Grey | None:
    luts = dataset.get("VOILUTSequence")
    described = attributes.numbers(luts[0], "LUTDescriptor") if luts else ()
    table = luts[0].get("LUTData") if luts else None
    if len(described) != 3 or table is None:
        return None
    entries = int(described[0]) or 1 << 16
    if isinstance(table, bytes):
        little = getattr(dataset, "original_encoding", (None, True))[1] is not False
        wide = np.dtype("<u2" if little else ">u2")
        table = np.frombuffer(table, np.uint8 if len(table) == entries else wide)
    return grey.looked_up(values, np.asarray(table), int(described[1]))


def _by_window(dataset: Dataset, values: Values) -> Grey | None:
    center = attributes.number(dataset, "WindowCenter")
    width = attributes.number(dataset, "WindowWidth")
    if center is None or width is None:
        return None
    function = str(dataset.get("VOILUTFunction") or "LINEAR")
    return grey.windowed(values.astype(np.float32), center, width, function)


def _of_a_scan(dataset: Dataset, values: Values, meant: Mask) -> Grey | None:
    """The usual window of a CT, if these are Hounsfield units that lie in it."""
    if dataset.get("Modality") != "CT" or attributes.number(dataset, "RescaleIntercept") is None:
        return None
    shown = grey.windowed(values.astype(np.float32), *CT_WINDOW, "LINEAR")
    return shown if grey.shows_something(shown, meant) else None


def _coloured(dataset: Dataset, stored: Values) -> Grey:
    """Through the palette, of which the 8 bits that it uses are shown."""
    described = attributes.numbers(dataset, "RedPaletteColorLookupTableDescriptor")
    entries, first = int(described[0]) or 1 << 16, int(described[1])
    every = np.arange(first, first + entries, dtype=np.int32)[np.newaxis]
    palette = apply_color_lut(every, dataset)[0, :, :3]  # [entries, 3]
    if palette.dtype != np.uint8:
        palette = _of_8_bits(palette)
    return palette[np.clip(stored.astype(np.int32) - first, 0, entries - 1)]


def _of_8_bits(palette: Values) -> Grey:
    """Scale by the palette's own range where it uses less than half of what 16 bits can say."""
    if palette.max() >= 1 << 15:
        return (palette >> 8).astype(np.uint8)
    return grey.between(palette.astype(np.float32), float(palette.min()), float(palette.max()))
