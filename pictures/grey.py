"""Grey values of any depth to the 8 bits that a screen shows.

Knows arithmetic and DICOM's grey-scale attributes. Must not know files. Runs only in a disposable
process.
"""

from typing import Any

import numpy as np
import numpy.typing as npt
from pydicom import Dataset
from pydicom.multival import MultiValue
from pydicom.pixels.processing import apply_modality_lut

Values = npt.NDArray[np.generic]
Grey = npt.NDArray[np.uint8]
_Float = npt.NDArray[np.float32]

_ESTIMATE_PERCENTILES = (0.5, 99.5)
_ESTIMATE_SAMPLES = 1_000_000
_FEWEST_GREYS = 0.001


def by_bits(values: Values) -> Grey:
    """Scale whole numbers by the bits in use: 12-bit values in a 16-bit file would be black."""
    bits = max(8, int(values.max(initial=0)).bit_length())
    return _between(values.astype(np.float32), 0, 2.0**bits - 1)


def by_range(values: Values) -> Grey:
    """Scale negative or fractional numbers from their least to their greatest."""
    finite = np.nan_to_num(values.astype(np.float32), copy=False, posinf=0, neginf=0)
    return _between(finite, float(finite.min()), float(finite.max()))


def displayed(dataset: Dataset, stored: Values) -> tuple[Grey, bool]:
    """Show stored values as the object says: modality LUT, VOI LUT or window, polarity.

    Args:
        dataset: The object, with the attributes of the frame at its top level.
        stored: Pixel values as stored, shape [rows, columns].

    Returns:
        Black at 0 and white at 255, and whether the window had to be estimated.

    Source: PS3.3 C.11.1 (modality LUT), C.11.2 (VOI LUT), C.7.6.3.1.2 (polarity).
    """
    values = apply_modality_lut(stored, dataset)
    shown = _as_told(dataset, values)
    estimated = shown is None
    if shown is None:
        shown = _estimated(values.astype(np.float32), stored != dataset.get("PixelPaddingValue"))
    if dataset.PhotometricInterpretation == "MONOCHROME1":
        shown = 255 - shown
    return shown, estimated


def _as_told(dataset: Dataset, values: Values) -> Grey | None:
    """The LUT, else the window, else all of 8 bits; None if the object names nothing usable."""
    if dataset.get("VOILUTSequence"):
        grey = _looked_up(dataset.VOILUTSequence[0], values)
        if _shows_something(grey):
            return grey
    center, width = _first(dataset.get("WindowCenter")), _first(dataset.get("WindowWidth"))
    if center is not None and width is not None:
        function = str(dataset.get("VOILUTFunction") or "LINEAR").upper()
        grey = _windowed(values.astype(np.float32), center, width, function)
        if _shows_something(grey):
            return grey
    bits = int(dataset.BitsStored)
    if bits <= 8 and values.dtype.kind == "u":
        return _between(values.astype(np.float32), 0, 2.0**bits - 1)
    return None


def _looked_up(lut: Dataset, values: Values) -> Grey:
    """Source: PS3.3 C.11.2.1.1. `pydicom.apply_voi` wraps the values round in an 8-bit table."""
    entries, first, bits = (int(number) for number in lut.LUTDescriptor)
    table = lut.LUTData
    if isinstance(table, bytes):
        table = np.frombuffer(table, np.uint8 if len(table) == entries else np.dtype("<u2"))
    shown = _between(np.asarray(table, np.float32), 0, 2.0**bits - 1)
    return shown[np.clip(np.rint(values).astype(np.int32) - first, 0, len(shown) - 1)]


def _windowed(values: _Float, center: float, width: float, function: str) -> Grey:
    """Source: PS3.3 C.11.2.1.2.1 (linear), C.11.2.1.3.1 (sigmoid), C.11.2.1.3.2 (exact)."""
    if function == "SIGMOID":
        with np.errstate(over="ignore"):  # far below the window it is 0 all the same
            return _between(1 / (1 + np.exp(-4 * (values - center) / max(width, 1e-6))), 0, 1)
    if function == "LINEAR":
        center, width = center - 0.5, width - 1
    return _between(values, center - width / 2, center + width / 2)


def _estimated(values: _Float, meant: npt.NDArray[np.bool_]) -> Grey:
    """Leave the darkest and brightest half per cent of what is no padding outside the window."""
    sample = values[meant] if meant.any() else values.ravel()
    sample = sample[:: max(1, sample.size // _ESTIMATE_SAMPLES)]
    low, high = np.percentile(sample, _ESTIMATE_PERCENTILES)
    if high <= low:
        return by_range(values)
    return _between(values, float(low), float(high))


def _between(values: _Float, low: float, high: float) -> Grey:
    """Black up to `low`, white from `high`; works in place, since a copy may be 260 MB."""
    values -= low
    values *= 255 / max(high - low, 1e-6)
    np.rint(values, out=values)
    np.clip(values, 0, 255, out=values)
    return values.astype(np.uint8)


def _shows_something(grey: Grey) -> bool:
    """A window beside the values leaves them all black or white: it cannot be meant."""
    return bool(np.count_nonzero((grey > 0) & (grey < 255)) > grey.size * _FEWEST_GREYS)


def _first(value: Any) -> float | None:
    """First of the values of a multi-valued attribute, None if there is none."""
    try:
        return float(value[0] if isinstance(value, MultiValue) else value)
    except (TypeError, ValueError, IndexError):
        return None
