"""A CT's Hounsfield units in the three windows that MedGemma 1.5 was trained on.

Knows what stored values of a CT mean. Must not know how slices are ordered, or what people see.
Runs only in a disposable process.
"""

import numpy as np
from pydicom import Dataset

from pictures import attributes, grey, shown

WINDOWS = ((-1024, 1024), (-135, 215), (0, 80))
"""As red, green and blue. Source: the CT notebook of MedGemma 1.5."""


def windows(dataset: Dataset, stored: grey.Values) -> grey.Grey | None:
    """A slice in all three windows.

    Args:
        stored: One frame's values as they are stored, shape [rows, columns].

    Returns:
        Shape [rows, columns, 3]; None of what is no CT, or does not tell its units.
    """
    is_hounsfield = attributes.number(dataset, "RescaleIntercept") is not None
    if dataset.get("Modality") != "CT" or not is_hounsfield or stored.ndim != 2:
        return None
    values = shown.modality_values(dataset, stored).astype(np.float32)
    values[shown.padding(dataset, stored)] = WINDOWS[0][0]
    return np.stack([grey.between(values.copy(), low, high) for low, high in WINDOWS], axis=-1)
