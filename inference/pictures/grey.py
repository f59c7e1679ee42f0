"""Grey values of any depth to the 8 bits that a screen shows.

Knows arithmetic and DICOM's grey-scale attributes. Must not know files. Runs only in a disposable
process.
"""

from collections.abc import Iterator
from typing import Any

import numpy as np
import numpy.typing as npt
from pydicom import Dataset
from pydicom.pixels.processing import apply_modality_lut, apply_voi

Values = npt.NDArray[np.generic]
Grey = npt.NDArray[np.uint8]
_Float = npt.NDArray[np.float32]

_ESTIMATE_PERCENTILES = (0.5, 99.5)
_ESTIMATE_SAMPLES = 1_000_000
_FEWEST_LEVELS = 8


def by_bits(values: Values) -> Grey:
    """Scale whole numbers by the bits in use: 12-bit values in a 16-bit file would be black."""
    bits = max(8, int(values.max(initial=0)).bit_length())
    return _between(values.astype(np.float32), 0, 2.0**bits - 1)


def by_range(values: Values) -> Grey:
    """Scale negative or fractional numbers from their least to their greatest."""
    finite = np.nan_to_num(values.astype(np.float32), posinf=0, neginf=0)
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
    shown = next((grey for grey in _as_told(dataset, values) if _shows_something(grey)), None)
    estimated = shown is None
    if shown is None:
        padding = dataset.get("PixelPaddingValue")
        shown = _estimated(values.astype(np.float32), stored != padding)
    if dataset.PhotometricInterpretation == "MONOCHROME1":
        shown = 255 - shown
    return shown, estimated


def _as_told(dataset: Dataset, values: Values) -> Iterator[Grey]:
    """The ways that the object names to show it, the preferred one first."""
    if dataset.get("VOILUTSequence"):
        bits = int(dataset.VOILUTSequence[0].LUTDescriptor[2])
        whole = np.rint(values).astype(np.int32) if values.dtype.kind == "f" else values
        yield _between(apply_voi(whole, dataset).astype(np.float32), 0, 2.0**bits - 1)
    center, width = _first(dataset.get("WindowCenter")), _first(dataset.get("WindowWidth"))
    if center is not None and width is not None:
        function = str(dataset.get("VOILUTFunction") or "LINEAR").upper()
        yield _windowed(values.astype(np.float32), center, width, function)
    elif int(dataset.BitsStored) <= 8 and values.dtype.kind == "u":
        yield by_bits(values)


def _windowed(values: _Float, center: float, width: float, function: str) -> Grey:
    """Source: PS3.3 C.11.2.1.2.1 (linear), C.11.2.1.3.1 (sigmoid), C.11.2.1.3.2 (exact)."""
    if function == "SIGMOID":
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
    scaled = (values - low) * np.float32(255 / max(high - low, 1e-6))
    grey: Grey = np.rint(scaled).clip(0, 255).astype(np.uint8)
    return grey


def _shows_something(grey: Grey) -> bool:
    """A window beside the values leaves them all black or white: it cannot be meant."""
    return len(np.unique(grey)) >= _FEWEST_LEVELS


def _first(value: Any) -> float | None:
    """First of the values of a multi-valued attribute, None if there is none."""
    try:
        return float(value[0] if isinstance(value, list) else value)
    except (TypeError, ValueError, IndexError):
        return None
