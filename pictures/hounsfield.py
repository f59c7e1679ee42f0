"""A CT's Hounsfield units in the three windows that MedGemma 1.5 was trained on.

Knows what stored values of a CT mean. Must not know how slices are ordered, or what people see.
Runs only in a disposable process.
"""

import numpy as np
from pydicom import Dataset
from pydicom.uid import SecondaryCaptureImageStorage

from pictures import attributes, grey, shown

WINDOWS = ((-1024, 1024), (-135, 215), (0, 80))
"""As red, green and blue. Source: the CT notebook of MedGemma 1.5."""


def windows(dataset: Dataset, stored: grey.Values) -> grey.Grey | None:
    """A slice in all three windows.

    Args:
        stored: One frame's values as they are stored, shape [rows, columns].

    Returns:
        Shape [rows, columns, 3]; None of what is no slice of a CT, or is not in Hounsfield units.
    """
    if stored.ndim != 2 or not _is_in_hounsfield_units(dataset):
        return None
    values = shown.modality_values(dataset, stored).astype(np.float32)
    values[shown.padding(dataset, stored)] = WINDOWS[0][0]
    return np.stack([grey.between(values.copy(), low, high) for low, high in WINDOWS], axis=-1)


def _is_in_hounsfield_units(dataset: Dataset) -> bool:
    """Whether a CT's values are what they say. Source: PS3.3 C.8.2.1.1.2, C.11.1.1.2."""
    kinds = dataset.get("ImageType") or ()
    return (
        dataset.get("Modality") == "CT"
        and attributes.number(dataset, "RescaleIntercept") is not None
        and str(dataset.get("RescaleType") or "HU") == "HU"
        and "LOCALIZER" not in kinds
        and not str(dataset.get("SOPClassUID") or "").startswith(SecondaryCaptureImageStorage)
    )
