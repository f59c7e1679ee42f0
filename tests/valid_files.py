"""Small files of every kind that is decoded, as a phone or a machine would write them."""

import io
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageCms
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


def odd_files() -> dict[str, bytes]:
    """Files that take the decoders' rarer ways, by what is odd about each."""
    return {**_odd_rasters(), **_odd_dicoms()}


def _encoded(image: Image.Image, format_: str, **options: Any) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, format_, **options)
    return buffer.getvalue()


def _odd_rasters() -> dict[str, bytes]:
    grey = Image.radial_gradient("L").resize((32, 32))
    color = grey.convert("RGB")
    wide = Image.fromarray(np.linspace(0, 4095, 1024).astype(np.uint16).reshape(32, 32))
    exif = Image.Exif()
    exif[0x0112] = 6
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("XYZ")).tobytes()
    return {
        "large JPEG": _encoded(color.resize((6400, 4800)), "JPEG"),
        "progressive JPEG": _encoded(color, "JPEG", progressive=True),
        "CMYK JPEG": _encoded(color.convert("CMYK"), "JPEG"),
        "JPEG that lies on its side": _encoded(color, "JPEG", exif=exif.tobytes()),
        "colour profile that does not fit": _encoded(color, "JPEG", icc_profile=profile),
        "PNG of 16 bits": _encoded(wide, "PNG"),
        "PNG of colours in a palette": _encoded(color.convert("P"), "PNG", transparency=0),
        "PNG one can see through": _encoded(color.convert("RGBA"), "PNG"),
        "PNG of one bit": _encoded(grey.convert("1"), "PNG"),
        "WebP that lost nothing": _encoded(color, "WEBP", lossless=True),
        "TIFF of fractions": _encoded(wide.convert("F"), "TIFF"),
        **{
            f"TIFF in {compression}": _encoded(color, "TIFF", compression=compression)
            for compression in ("tiff_lzw", "tiff_adobe_deflate", "packbits", "jpeg")
        },
        "TIFF in group4": _encoded(grey.convert("1"), "TIFF", compression="group4"),
    }


def _odd_dicoms() -> dict[str, bytes]:
    values = np.linspace(0, 4095, 1024).astype(np.uint16).reshape(32, 32)
    signed = (values.astype(np.int16) - 1000).astype(np.int16)
    table, looked_up = Dataset(), np.linspace(4095, 0, 4096).astype("<u2")
    table.LUTDescriptor, table.LUTData = [4096, 0, 12], looked_up.tobytes()
    table["LUTData"].VR = "OW"
    modality_table = Dataset()
    modality_table.LUTDescriptor, modality_table.LUTData = [4096, 0, 16], looked_up.tobytes()
    modality_table["LUTData"].VR = "OW"
    window = {"WindowCenter": 2048, "WindowWidth": 4096}
    palette: dict[str, Any] = {
        f"{color}PaletteColorLookupTable{part}": value
        for color in ("Red", "Green", "Blue")
        for part, value in (("Descriptor", [256, 0, 16]), ("Data", bytes(512)))
    }
    padded = {"PixelPaddingValue": -1000, "RescaleSlope": 1, "RescaleIntercept": -24}
    groups = Dataset()
    groups.FrameVOILUTSequence = [Dataset()]
    for name, value in window.items():
        setattr(groups.FrameVOILUTSequence[0], name, value)
    return {
        "no window": stored(values),
        "no window, padded": stored(signed, **padded),
        "window beside the values": stored(values, WindowCenter=60_000, WindowWidth=4),
        "linear window": stored(values, **window),
        "exact window": stored(values, VOILUTFunction="LINEAR_EXACT", **window),
        "sigmoid window": stored(values, VOILUTFunction="SIGMOID", **window),
        "white is least": stored(values, PhotometricInterpretation="MONOCHROME1"),
        "VOI LUT": stored(values, VOILUTSequence=[table]),
        "modality LUT": stored(values, ModalityLUTSequence=[modality_table], **window),
        "palette": stored(
            (values >> 4).astype(np.uint8), PhotometricInterpretation="PALETTE COLOR", **palette
        ),
        "colours": stored(np.stack([values >> 4] * 3, axis=-1).astype(np.uint8)),
        "colours of 16 bits": stored(np.stack([values] * 3, axis=-1)),
        "frames": stored(np.stack([values] * 5), NumberOfFrames=5),
        "frames with windows": stored(
            np.stack([values] * 3),
            NumberOfFrames=3,
            PerFrameFunctionalGroupsSequence=[groups] * 3,
        ),
        "words in Chinese": stored(
            values, SpecificCharacterSet=["", "ISO 2022 IR 58"], PatientName="Zhang^XiaoDong"
        ),
    }


def stored(pixels: npt.NDArray[Any], **attributes: Any) -> bytes:
    """A DICOM object around pixels: [rows, columns], [frames, rows, columns], or colours last."""
    colored = pixels.shape[-1] == 3
    dataset = Dataset()
    dataset.file_meta = FileMetaDataset()
    dataset.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    dataset.SOPClassUID, dataset.SOPInstanceUID = ComputedRadiographyImageStorage, "1.2.3"
    dataset.Modality = "CR"
    dataset.Rows, dataset.Columns = pixels.shape[-3:-1] if colored else pixels.shape[-2:]
    dataset.SamplesPerPixel = 3 if colored else 1
    dataset.PhotometricInterpretation = "RGB" if colored else "MONOCHROME2"
    dataset.BitsAllocated = dataset.BitsStored = pixels.dtype.itemsize * 8
    dataset.HighBit = dataset.BitsStored - 1
    dataset.PixelRepresentation = int(pixels.dtype.kind == "i")
    if colored:
        dataset.PlanarConfiguration = 0
    for name, value in attributes.items():
        setattr(dataset, name, value)
    dataset.PixelData = pixels.tobytes()
    dataset["PixelData"].VR = "OB" if pixels.dtype.itemsize == 1 else "OW"
    buffer = io.BytesIO()
    dataset.save_as(buffer, enforce_file_format=True)
    return buffer.getvalue()


def kept_files() -> dict[str, bytes]:
    """Pictures in this checkout and beside it: what clinics' machines wrote, and fuzzers."""
    tests = Path(__file__).parent
    found = [
        *(tests.parents[1] / "shared" / "samples").rglob("*.*"),
        *(tests.parent / "inference" / "practice" / "samples").glob("*.*"),
        *(tests / "fuzz" / "found" / "picture-process").glob("*"),
    ]
    return {path.name: path.read_bytes() for path in sorted(found) if path.is_file()}
