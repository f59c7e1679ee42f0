"""DICOM to one RGB frame, by pydicom.

Knows how an object holds frames. Runs only in a disposable process. Not interpreted: patient
orientation, laterality, overlays. Text burnt into the pixels stays.
"""

import codecs
import io
from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pydicom
from PIL import Image
from pydicom import Dataset, FileDataset
from pydicom.charset import python_encoding
from pydicom.dataset import FileMetaDataset
from pydicom.pixels.decoders.base import get_decoder
from pydicom.uid import UID, ExplicitVRBigEndian, ExplicitVRLittleEndian, ImplicitVRLittleEndian

from pictures import attributes, frames, grey, hounsfield, shown
from pictures.decoded import Decoded
from pictures.errors import NoPictureInFile, UnsupportedFormat
from pictures.picture import PictureNote, Subject, ViewPosition
from pictures.raster import check_size
from pictures.subject import subject_of

_NOT_IMAGES = {"SEG", "RTDOSE", "RTSTRUCT", "RTPLAN", "SR", "PR", "KO", "REG", "RWV"}
_FRAME_MACROS = (
    *("PixelValueTransformationSequence", "FrameVOILUTSequence", "PixelMeasuresSequence"),
    *("PlanePositionSequence", "PlaneOrientationSequence"),
)
_VIEWS = {
    "PA": ViewPosition.PA,
    "AP": ViewPosition.AP,
    "LL": ViewPosition.LATERAL,
    "RL": ViewPosition.LATERAL,
    "LATERAL": ViewPosition.LATERAL,
}
_SPACINGS = ("PixelAspectRatio", "PixelSpacing", "ImagerPixelSpacing", "NominalScannedPixelSpacing")
_TOLD_RATIOS = (0.2, 5.0)
"""Height of a pixel to its width: beyond these nobody means it."""


def decode(data: bytes, side_px: int, max_pixels: int) -> Decoded:
    """Decode a DICOM object: of several frames, the middle one of those that are not blank.

    Args:
        side_px: Length that the longer side of the result may have at most.
        max_pixels: How many one frame may have.

    Raises:
        NoPictureInFile: It holds no pixels, or none that are an image.
        UnsupportedFormat: Its compression cannot be decoded here.
        PictureTooLarge: A frame has more pixels than can be handled.
        DamagedPicture: Its data end before it does.
    """
    dataset = opened(data, max_pixels)
    index, stored = frames.middle(dataset, max_pixels)
    count = attributes.frames(dataset)
    told = PictureNote() if count == 1 else PictureNote(frame=index + 1, frames=count)
    return shown_frame(of_frame(dataset, index), stored, side_px, told)


def shown_frame(dataset: Dataset, stored: grey.Values, side_px: int, told: PictureNote) -> Decoded:
    """Make the picture of one frame that people see, and what a model reads of a CT in its place.

    Args:
        stored: The frame's values as they are stored.
        side_px: Length that the longer side may have at most.
        told: What a reader must be told of where the frame lies.
    """
    pixels, estimated = shown.frame(dataset, stored)
    windows = hounsfield.windows(dataset, stored)
    note = replace(
        told,
        window_estimated=estimated,
        view=_VIEWS.get(str(dataset.get("ViewPosition") or "")),
        subject=subject(dataset),
    )
    return Decoded(
        image=_fitted(pixels, dataset, side_px),
        lossless=True,
        note=None if note == PictureNote() else note,
        read=None if windows is None else _fitted(windows, dataset, side_px),
    )


def _fitted(pixels: grey.Grey, dataset: Dataset, side_px: int) -> Image.Image:
    return fit(Image.fromarray(pixels), dataset, side_px).convert("RGB")


def opened(data: bytes, max_pixels: int) -> FileDataset:
    """Read an object's attributes, completed by what is usual.

    Args:
        max_pixels: How many one frame may have.

    Raises:
        NoPictureInFile: It holds no pixels, or none that are an image.
        UnsupportedFormat: Its compression cannot be decoded here.
        PictureTooLarge: A frame has more pixels than can be handled.
    """
    dataset = pydicom.dcmread(io.BytesIO(data), force=True)
    _require_picture(dataset)
    _require_decoder(dataset)
    check_size(int(dataset.Columns), int(dataset.Rows), max_pixels)
    attributes.complete(dataset)
    return dataset


def of_frame(dataset: Dataset, index: int) -> Dataset:
    """Bring what an enhanced object says of one frame up to its top level, and return it.

    Source: PS3.3 C.7.6.16.1.1.
    """
    for macro in _frame_macros(dataset, index):
        attributes.read_decimals(macro)
        dataset.update(macro)
    return dataset


def load_decoders() -> None:
    """Load what Python and numpy import only when a file asks for it: codecs, and `numpy.ma`."""
    for encoding in python_encoding.values():
        codecs.lookup(encoding)
    decode(without_window(), 4, 64)


def without_window() -> bytes:
    """The smallest object that goes all the way, to a window that has to be estimated."""
    dataset = Dataset()
    dataset.file_meta = FileMetaDataset()
    dataset.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    dataset.Rows = dataset.Columns = 8
    dataset.BitsAllocated = 16
    dataset.add_new("PixelData", "OW", np.arange(64, dtype="<u2").tobytes())
    buffer = io.BytesIO()
    dataset.save_as(buffer, implicit_vr=False, little_endian=True)
    return buffer.getvalue()


def _frame_macros(dataset: Dataset, index: int) -> Iterator[Dataset]:
    shared = dataset.get("SharedFunctionalGroupsSequence") or []
    per_frame = dataset.get("PerFrameFunctionalGroupsSequence") or []
    for groups in [*shared[:1], *per_frame[index : index + 1]]:
        for name in _FRAME_MACROS:
            yield from (groups.get(name) or [])[:1]


def _pixel_ratio(dataset: Dataset) -> float:
    """A pixel's height to its width; 1 where none is told, or none that is meant."""
    for name in _SPACINGS:
        sides = attributes.numbers(dataset, name)
        if len(sides) == 2 and all(side > 0 for side in sides):
            ratio = sides[0] / sides[1]
            return ratio if _TOLD_RATIOS[0] <= ratio <= _TOLD_RATIOS[1] else 1.0
    return 1.0


def fit(image: Image.Image, dataset: Dataset, side_px: int) -> Image.Image:
    """Make the pixels square, by more of them, and the longer side no longer than `side_px`."""
    ratio = _pixel_ratio(dataset)
    width, height = image.width * max(1, 1 / ratio), image.height * max(1, ratio)
    scale = min(1.0, side_px / max(width, height))
    size = max(1, round(width * scale)), max(1, round(height * scale))
    if size == image.size:
        return image
    return image.resize(size, Image.Resampling.LANCZOS, reducing_gap=3.0)


def is_image(dataset: Dataset) -> bool:
    """Whether an object is one that holds pictures, by what it says of itself."""
    has_sides = "Rows" in dataset and "Columns" in dataset
    return has_sides and str(dataset.get("Modality")).strip().upper() not in _NOT_IMAGES


def subject(dataset: Dataset) -> Subject | None:
    """What an object says that it shows."""
    return subject_of(dataset.get("Modality"), dataset.get("BodyPartExamined"))


def _require_picture(dataset: FileDataset) -> None:
    if "PixelData" in dataset and is_image(dataset):
        return
    kind = UID(str(dataset.get("SOPClassUID") or ""))
    known = kind.name != str(kind)  # a private class's own name may say anything
    raise NoPictureInFile(seems=f"DICOM {kind.name}" if known else "DICOM")


def _require_decoder(dataset: FileDataset) -> None:
    if not hasattr(dataset, "file_meta") or "TransferSyntaxUID" not in dataset.file_meta:
        dataset.file_meta = FileMetaDataset()
        dataset.file_meta.TransferSyntaxUID = _plain_syntax(dataset)
    syntax = dataset.file_meta.TransferSyntaxUID
    if not _can_decode(syntax):
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


def _can_decode(syntax: UID) -> bool:
    try:
        return get_decoder(syntax).is_available
    except NotImplementedError:  # pydicom's word for a syntax that it does not know
        return False
