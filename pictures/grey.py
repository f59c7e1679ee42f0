"""Grey values of any depth to the 8 bits that a screen shows.

Knows arithmetic: windows, tables, and which of them can be believed. Must not know files. Runs only
in a disposable process.
"""

from typing import Any

import numpy as np
import numpy.typing as npt

Values = npt.NDArray[Any]
Grey = npt.NDArray[np.uint8]
Mask = npt.NDArray[np.bool_]
_Float = npt.NDArray[np.float32]

_ESTIMATE_PERCENTILES = (0.5, 99.5)
_SAMPLES = 250_000
_STEPS = 1_001
_OUTLIERS_BELOW = 300
"""Of a thousand: what lies apart below may be the ground around a scan, that nobody declared."""
_OUTLIERS_ABOVE = 50
"""Of a thousand: what lies apart above is a burnt-in label."""
_FEWEST_VALUES = 32
"""Of a picture that is more than a drawing: with fewer, nothing is called an outlier."""

_LEAST_SPREAD = 32
_LEAST_MID_GREY = 0.02
_MID_GREYS = (8, 247)


def by_bits(values: Values) -> Grey:
    """Scale whole numbers by the bits in use: 12-bit values in a 16-bit file would be black."""
    bits = max(8, int(values.max(initial=0)).bit_length())
    return between(values.astype(np.float32), 0, 2.0**bits - 1)


def between(values: _Float, low: float, high: float) -> Grey:
    """Black up to `low`, white from `high`; works in place, since a copy may be 260 MB."""
    values -= low
    values *= 255 / max(high - low, 1e-6)
    np.rint(values, out=values)
    np.clip(values, 0, 255, out=values)
    return values.astype(np.uint8)


def estimated(values: Values, meant: Mask | None = None) -> Grey:
    """Leave the darkest and brightest half per cent out of the window, and what lies far apart.

    Args:
        values: Shape [rows, columns]; what is no number counts as 0.
        meant: What of it is picture, and no padding.
    """
    finite = np.nan_to_num(values.astype(np.float32), copy=False, posinf=0, neginf=0)
    sample = np.sort(_sample(finite, meant))
    low, high = np.percentile(_without_outliers(sample), _ESTIMATE_PERCENTILES)
    if high <= low:
        low, high = sample[0], sample[-1]
    return between(finite, float(low), float(high))


def windowed(values: _Float, center: float, width: float, function: str) -> Grey:
    """Source: PS3.3 C.11.2.1.2.1 (linear), C.11.2.1.3.1 (sigmoid), C.11.2.1.3.2 (exact)."""
    if function == "SIGMOID":
        with np.errstate(over="ignore"):  # far below the window it is 0 all the same
            return between(1 / (1 + np.exp(-4 * (values - center) / max(width, 1e-6))), 0, 1)
    if function == "LINEAR":
        center, width = center - 0.5, width - 1
    return between(values, center - width / 2, center + width / 2)


def looked_up(values: Values, table: Values, first: int) -> Grey:
    """Show values by a table, from its own least to its own greatest: descriptors lie about these.

    Args:
        first: The value that the first entry is for.

    Source: PS3.3 C.11.2.1.1.
    """
    entries = table.astype(np.float32)
    shown = between(entries, float(entries.min()), float(entries.max()))
    return shown[np.clip(np.rint(values).astype(np.int32) - first, 0, len(shown) - 1)]


def shows_something(grey: Grey, meant: Mask | None = None) -> bool:
    """Whether a window leaves a spread of greys: one that leaves hardly any cannot be meant."""
    sample = _sample(grey, meant)
    low, high = np.percentile(sample, (1, 99))
    mid_grey = np.count_nonzero((sample > _MID_GREYS[0]) & (sample < _MID_GREYS[1]))
    return bool(high - low >= _LEAST_SPREAD and mid_grey >= _LEAST_MID_GREY * sample.size)


def is_blank(values: Values, least: float, greatest: float) -> bool:
    """Whether hardly a pixel differs from the others, for a film that goes from least to greatest.

    Args:
        values: Of one frame, of any shape.
    """
    low, high = np.percentile(_sample(values), _ESTIMATE_PERCENTILES)
    return bool(high - low <= 0.02 * (greatest - least))


def _sample(values: Values, meant: Mask | None = None) -> Values:
    """Some of the values, spread evenly; all of them where next to none is meant."""
    step = max(1, values.size // _SAMPLES)
    flat = values.ravel()[::step]
    if meant is not None:
        chosen = flat[meant.ravel()[::step]]
        if chosen.size > flat.size // 100:
            return chosen
    return flat


def _without_outliers(ordered: Values) -> Values:
    """Cut off what lies further from the rest than the rest reaches.

    Args:
        ordered: Ascending.
    """
    places = np.linspace(0, len(ordered) - 1, _STEPS).astype(np.int64)
    values = ordered[places].astype(np.float64)
    gaps = np.diff(values)
    top = _STEPS - 1 - _OUTLIERS_ABOVE
    above = np.flatnonzero(gaps[top:] > values[top:-1] - values[0])
    end = top + int(above[0]) if above.size else _STEPS - 1
    below = np.flatnonzero(gaps[:_OUTLIERS_BELOW] > values[end] - values[1 : _OUTLIERS_BELOW + 1])
    start = int(below[-1]) + 1 if below.size else 0
    kept = values[start : end + 1]
    if np.count_nonzero(np.diff(kept)) < _FEWEST_VALUES:
        return ordered
    near: Values = ordered[(ordered >= kept[0]) & (ordered <= kept[-1])]
    return near
