"""DICOM to one RGB frame, by pydicom.

Knows how an object holds frames and colours. Runs only in a disposable process. Not interpreted:
pixel spacing, patient orientation, laterality, overlays. Text burnt into the pixels stays.
"""

import codecs
import io
from collections.abc import Iterator

import numpy as np
import pydicom
from PIL import Image
from pydicom import Dataset, FileDataset
from pydicom.charset import python_encoding
from pydicom.dataset import FileMetaDataset
from pydicom.pixels.decoders.base import get_decoder
from pydicom.pixels.processing import apply_color_lut
from pydicom.pixels.utils import pixel_array
from pydicom.uid import (
    UID,
    ComputedRadiographyImageStorage,
    ExplicitVRBigEndian,
    ExplicitVRLittleEndian,
    ImplicitVRLittleEndian,
    JPEGExtended12Bit,
)

from pictures import grey
from pictures.errors import NoPictureInFile, UnsupportedFormat
from pictures.picture import PictureNote, ViewPosition
from pictures.raster import check_size, fit
from pictures.subject import subject_of

_NOT_IMAGES = {"SEG", "RTDOSE", "RTSTRUCT", "RTPLAN", "SR", "PR", "KO", "REG", "RWV"}
_FRAME_MACROS = ("PixelValueTransformationSequence", "FrameVOILUTSequence")
_VIEWS = {
    "PA": ViewPosition.PA,
    "AP": ViewPosition.AP,
    "LL": ViewPosition.LATERAL,
    "RL": ViewPosition.LATERAL,
    "LATERAL": ViewPosition.LATERAL,
}


def decode(data: bytes, side_px: int, max_pixels: int) -> tuple[Image.Image, PictureNote | None]:
    """Decode a DICOM object: of several frames, the middle one.

    Args:
        side_px: Length that the longer side of the result may have at most.
        max_pixels: How many one frame may have.

    Returns:
        The picture in mode RGB, and what a reader must be told.

    Raises:
        NoPictureInFile: It holds no pixels, or none that are an image.
        UnsupportedFormat: Its compression cannot be decoded here.
        PictureTooLarge: A frame has more pixels than can be handled.
    """
    dataset = pydicom.dcmread(io.BytesIO(data), force=True)
    _require_picture(dataset)
    _require_decoder(dataset)
    check_size(int(dataset.Columns), int(dataset.Rows), max_pixels)
    frames = max(1, int(dataset.get("NumberOfFrames") or 1))
    index = (frames - 1) // 2
    for macro in _frame_macros(dataset, index):
        dataset.update(macro)
    pixels, estimated = _frame(dataset, index)
    note = PictureNote(
        frame=index + 1 if frames > 1 else None,
        frames=frames if frames > 1 else None,
        window_estimated=estimated,
        view=_VIEWS.get(str(dataset.get("ViewPosition") or "").strip().upper()),
        subject=subject_of(dataset.get("Modality"), dataset.get("BodyPartExamined")),
    )
    picture = fit(Image.fromarray(pixels), side_px).convert("RGB")
    return picture, None if note == PictureNote() else note


def load_decoders() -> None:
    """Load what Python and numpy import only when a file asks for it: codecs, and `numpy.ma`."""
    for encoding in python_encoding.values():
        codecs.lookup(encoding)
    decode(_without_window(), 4, 64)


def _without_window() -> bytes:
    """The smallest object that goes all the way, to a window that has to be estimated."""
    dataset = Dataset()
    dataset.file_meta = FileMetaDataset()
    dataset.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    attributes: dict[str, object] = {
        "SOPClassUID": ComputedRadiographyImageStorage,
        "SOPInstanceUID": "1",
        "Rows": 8,
        "Columns": 8,
        "SamplesPerPixel": 1,
        "PhotometricInterpretation": "MONOCHROME2",
        "BitsAllocated": 16,
        "BitsStored": 16,
        "HighBit": 15,
        "PixelRepresentation": 0,
    }
    for name, value in attributes.items():
        setattr(dataset, name, value)
    dataset.add_new("PixelData", "OW", np.arange(64, dtype="<u2").tobytes())
    buffer = io.BytesIO()
    dataset.save_as(buffer, enforce_file_format=True)
    return buffer.getvalue()


def _frame(dataset: FileDataset, index: int) -> tuple[grey.Grey, bool]:
    """One frame at 8 bits, [rows, columns] or [rows, columns, 3], and if its window is a guess."""
    pixels = pixel_array(dataset, index=index)  # YBR comes as RGB already
    if dataset.PhotometricInterpretation == "PALETTE COLOR":
        pixels = apply_color_lut(pixels, dataset)
        return (pixels >> 8 if pixels.dtype == np.uint16 else pixels).astype(np.uint8), False
    if pixels.ndim == 3:
        return pixels if pixels.dtype == np.uint8 else grey.by_bits(pixels), False
    return grey.displayed(dataset, pixels)


def _frame_macros(dataset: Dataset, index: int) -> Iterator[Dataset]:
    """Where an enhanced object keeps a frame's rescale and window (PS3.3 C.7.6.16.1.1)."""
    shared = dataset.get("SharedFunctionalGroupsSequence") or []
    per_frame = dataset.get("PerFrameFunctionalGroupsSequence") or []
    for groups in [*shared[:1], *per_frame[index : index + 1]]:
        for name in _FRAME_MACROS:
            yield from (groups.get(name) or [])[:1]


def _require_picture(dataset: FileDataset) -> None:
    if "PixelData" in dataset and dataset.get("Modality") not in _NOT_IMAGES:
        return
    kind = UID(str(dataset.get("SOPClassUID") or ""))
    known = kind.name != str(kind)  # a private class's own name may say anything
    raise NoPictureInFile(seems=f"DICOM {kind.name}" if known else "DICOM")


def _require_decoder(dataset: FileDataset) -> None:
    if not hasattr(dataset, "file_meta") or "TransferSyntaxUID" not in dataset.file_meta:
        dataset.file_meta = FileMetaDataset()
        dataset.file_meta.TransferSyntaxUID = _plain_syntax(dataset)
    syntax = dataset.file_meta.TransferSyntaxUID
    if not _can_decode(syntax, int(dataset.get("BitsStored") or 0)):
        raise UnsupportedFormat(
            "This DICOM file's compression cannot be read. "
            "Export it uncompressed, or send a photo or a screenshot of it.",
            seems="DICOM video" if "MPEG" in syntax.name or "HEVC" in syntax.name else "DICOM",
        )


def _plain_syntax(dataset: FileDataset) -> UID:
    implicit, little = dataset.original_encoding
    if implicit:
        return ImplicitVRLittleEndian
    return ExplicitVRLittleEndian if little else ExplicitVRBigEndian


def _can_decode(syntax: UID, bits_stored: int) -> bool:
    if syntax == JPEGExtended12Bit and bits_stored > 8:  # neither GDCM's nor Pillow's libjpeg can
        return False
    try:
        return get_decoder(syntax).is_available
    except NotImplementedError:  # pydicom's word for a syntax that it does not know
        return False
