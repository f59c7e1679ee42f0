"""What a DICOM object says of its pixels, with the usual defaults for what is odd or missing.

Knows the attributes of pixels. Must not know pixels. Machines write lower case, decimal commas and
too few attributes; viewers show such files all the same.
"""

from pydicom import Dataset
from pydicom.datadict import tag_for_keyword
from pydicom.dataelem import RawDataElement
from pydicom.encaps import get_frame
from pydicom.multival import MultiValue
from pydicom.pixels.common import PhotometricInterpretation

from pictures import jpeg

_CODES = (
    *("Modality", "PhotometricInterpretation", "PresentationLUTShape", "ViewPosition"),
    "VOILUTFunction",
)
_DECIMALS = (
    *("WindowCenter", "WindowWidth", "RescaleIntercept", "RescaleSlope", "NumberOfFrames"),
    *("PixelSpacing", "ImagerPixelSpacing", "NominalScannedPixelSpacing", "PixelAspectRatio"),
    *("InstanceNumber", "ImagePositionPatient", "ImageOrientationPatient", "SliceThickness"),
)
_PHOTOMETRIC = {*(str(known) for known in PhotometricInterpretation), "PALETTE COLOR"}


def complete(dataset: Dataset) -> None:
    """Write the usual values where an object says nothing of its pixels, or nothing usable."""
    read_decimals(dataset)
    signed = number(dataset, "PixelRepresentation")
    dataset.PixelRepresentation = 1 if signed == 1 else 0  # first: others are read by it
    for name in _CODES:
        if name in dataset:
            value = dataset.get(name)
            first = value[0] if isinstance(value, MultiValue) and value else value
            setattr(dataset, name, str(first or "").strip().upper())
    _complete_colours(dataset)
    _complete_bits(dataset)


def number(dataset: Dataset, name: str) -> float | None:
    """The first number of an attribute, None if there is none that is one."""
    return next(iter(numbers(dataset, name)), None)


def numbers(dataset: Dataset, name: str) -> tuple[float, ...]:
    """The numbers of an attribute, none if one of them is no number."""
    try:
        value = dataset.get(name)
        values = value if isinstance(value, MultiValue | list | tuple) else [value]
        return tuple(float(part) for part in values)
    except (TypeError, ValueError, OverflowError):
        return ()


def frames(dataset: Dataset) -> int:
    """How many pictures it holds, one at least."""
    return max(1, int(number(dataset, "NumberOfFrames") or 1))


def read_decimals(dataset: Dataset) -> None:
    """Write commas as points; what is no number even so is taken out."""
    for name in _DECIMALS:
        tag = tag_for_keyword(name)
        if tag is None or tag not in dataset:
            continue
        element: object = dataset.get_item(tag)
        if isinstance(element, RawDataElement) and isinstance(element.value, bytes):
            dataset[tag] = element._replace(value=element.value.replace(b",", b"."))
        if not numbers(dataset, name):
            del dataset[tag]


def _complete_colours(dataset: Dataset) -> None:
    told = str(dataset.get("PhotometricInterpretation") or "")
    interpretation = told.replace(" ", "_").replace("MONOCHROME_", "MONOCHROME")
    interpretation = interpretation.replace("PALETTE_", "PALETTE ")
    samples = int(number(dataset, "SamplesPerPixel") or 0)
    if interpretation not in _PHOTOMETRIC:
        interpretation = _usual_interpretation(dataset, samples)
    dataset.PhotometricInterpretation = interpretation
    grey = interpretation.startswith(("MONOCHROME", "PALETTE"))
    if samples not in {1, 3}:
        dataset.SamplesPerPixel = samples = 1 if grey else 3
    if samples == 3:
        if grey:
            dataset.PhotometricInterpretation = "RGB"
        if number(dataset, "PlanarConfiguration") not in {0, 1}:
            dataset.PlanarConfiguration = 0


def _usual_interpretation(dataset: Dataset, samples: int) -> str:
    if samples == 3:
        return "RGB"
    return "PALETTE COLOR" if "RedPaletteColorLookupTableDescriptor" in dataset else "MONOCHROME2"


def _complete_bits(dataset: Dataset) -> None:
    allocated = int(number(dataset, "BitsAllocated") or 0)
    if allocated not in {1, 8, 16, 32, 64}:
        dataset.BitsAllocated = allocated = _usual_allocation(dataset)
    stored = int(number(dataset, "BitsStored") or 0)
    if not 1 <= stored <= allocated:
        dataset.BitsStored = stored = _precision(dataset) or allocated
    high = number(dataset, "HighBit")
    if high is None or not stored - 1 <= high < allocated:
        dataset.HighBit = stored - 1


def _usual_allocation(dataset: Dataset) -> int:
    """As many bits as the data have for each value."""
    precision = _precision(dataset)
    if precision is not None:
        return 8 if precision <= 8 else 16
    values = frames(dataset) * int(dataset.Rows) * int(dataset.Columns)
    size = len(dataset.get("PixelData", b"")) / max(1, values * int(dataset.SamplesPerPixel))
    return 8 if size < 2 else 16


def _precision(dataset: Dataset) -> int | None:
    """How many bits a compressed frame says that it has, if it is one of JPEG's kin."""
    if not is_encapsulated(dataset):
        return None
    found = jpeg.head(get_frame(dataset.PixelData, 0, number_of_frames=frames(dataset)))
    return None if found is None else found.precision


def is_encapsulated(dataset: Dataset) -> bool:
    """Whether the pixels are compressed, frame by frame."""
    meta = getattr(dataset, "file_meta", None)
    syntax = meta.get("TransferSyntaxUID") if meta else None
    return bool(syntax and not syntax.is_private and syntax.is_encapsulated)
