"""Small files of every kind that is decoded, as a phone or a machine would write them."""

import io
from typing import Any

from PIL import Image
from pydicom import Dataset, FileMetaDataset
from pydicom.encaps import encapsulate
from pydicom.uid import (
    UID,
    ComputedRadiographyImageStorage,
    DeflatedExplicitVRLittleEndian,
    ExplicitVRLittleEndian,
    JPEG2000Lossless,
    JPEGBaseline8Bit,
    RLELossless,
)

RASTER_FORMATS = ["JPEG", "PNG", "WEBP", "TIFF", "BMP", "MPO"]
SYNTAXES = [
    ExplicitVRLittleEndian,
    DeflatedExplicitVRLittleEndian,
    RLELossless,
    JPEGBaseline8Bit,
    JPEG2000Lossless,
]


def raster(format_: str) -> bytes:
    buffer = io.BytesIO()
    image = Image.radial_gradient("L").resize((32, 32)).convert("RGB")
    if format_ == "MPO":
        image.save(buffer, "MPO", save_all=True, append_images=[image])
    else:
        image.save(buffer, format_)
    return buffer.getvalue()


def dicom(syntax: UID) -> bytes:
    """A radiograph of 32 pixels squared in 8 bits, with text that needs a codec."""
    image = Image.radial_gradient("L").resize((32, 32))
    dataset = Dataset()
    dataset.file_meta = FileMetaDataset()
    dataset.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    dataset.SpecificCharacterSet = "ISO_IR 101"
    dataset.SOPClassUID, dataset.SOPInstanceUID = ComputedRadiographyImageStorage, "1.2.3"
    dataset.Modality, dataset.PatientName, dataset.ViewPosition = "CR", "DOE^ŁUCJA", "PA"
    dataset.Rows = dataset.Columns = 32
    dataset.SamplesPerPixel, dataset.PhotometricInterpretation = 1, "MONOCHROME2"
    dataset.BitsAllocated, dataset.BitsStored, dataset.HighBit = 8, 8, 7
    dataset.PixelRepresentation = 0
    dataset.PixelData = image.tobytes()
    dataset["PixelData"].VR = "OB"
    encoders: dict[UID, tuple[str, dict[str, Any]]] = {
        JPEGBaseline8Bit: ("JPEG", {}),
        JPEG2000Lossless: ("JPEG2000", {"no_jp2": True}),
    }
    if syntax == RLELossless:
        dataset.compress(RLELossless)
    elif syntax in encoders:
        format_, options = encoders[syntax]
        buffer = io.BytesIO()
        image.save(buffer, format_, **options)
        dataset.PixelData = encapsulate([buffer.getvalue()])
        dataset["PixelData"].is_undefined_length = True
    dataset.file_meta.TransferSyntaxUID = syntax
    buffer = io.BytesIO()
    dataset.save_as(buffer, enforce_file_format=True)
    return buffer.getvalue()


def valid_files() -> list[bytes]:
    """One of each kind."""
    return [*map(raster, RASTER_FORMATS), *map(dicom, SYNTAXES)]
