"""DICOM objects are shown as they say, and what was chosen for the reader is told."""

import io
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from PIL import Image
from pydicom import Dataset, FileMetaDataset
from pydicom.data import get_testdata_file
from pydicom.encaps import encapsulate
from pydicom.pixels.processing import apply_windowing
from pydicom.uid import (
    MPEG4HP41,
    UID,
    BasicTextSRStorage,
    ComputedRadiographyImageStorage,
    DeflatedExplicitVRLittleEndian,
    ExplicitVRBigEndian,
    ExplicitVRLittleEndian,
    HTJ2KLossless,
    ImplicitVRLittleEndian,
    JPEG2000Lossless,
    JPEGBaseline8Bit,
    RLELossless,
    SecondaryCaptureImageStorage,
    SegmentationStorage,
)

from pictures import PictureNote, ViewPosition
from pictures.decoded import Decoded
from pictures.errors import (
    DamagedPicture,
    NoPictureInFile,
    PictureError,
    PictureTooLarge,
    UnsupportedFormat,
)
from tests.decoded_twice import decode

Pixels = npt.NDArray[Any]


def dicom(
    pixels: Pixels,
    *,
    syntax: UID = ExplicitVRLittleEndian,
    encoded: bytes | None = None,
    bare: bool = False,
    missing: tuple[str, ...] = (),
    **attributes: Any,
) -> bytes:
    """A DICOM object around pixels of shape [rows, columns] or [frames, rows, columns, 3] …"""
    dataset = described(pixels, missing, **attributes)
    dataset.file_meta = FileMetaDataset()
    dataset.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    if syntax == RLELossless:
        dataset.PixelData = pixels.tobytes()
        dataset.compress(RLELossless)
    elif encoded is not None:
        dataset.PixelData = encapsulate([encoded])
    else:
        big = syntax == ExplicitVRBigEndian
        dataset.PixelData = (pixels.byteswap() if big else pixels).tobytes()
    dataset["PixelData"].VR = "OB" if pixels.dtype.itemsize == 1 else "OW"
    dataset["PixelData"].is_undefined_length = encoded is not None or syntax == RLELossless
    dataset.file_meta.TransferSyntaxUID = syntax
    buffer = io.BytesIO()
    if bare:
        del dataset.file_meta
        dataset.save_as(buffer, implicit_vr=syntax == ImplicitVRLittleEndian, little_endian=True)
    else:
        dataset.save_as(buffer, enforce_file_format=True)
    return buffer.getvalue()


def described(pixels: Pixels, missing: tuple[str, ...] = (), **attributes: Any) -> Dataset:
    color = pixels.shape[-1] == 3
    rows, columns = pixels.shape[-3:-1] if color else pixels.shape[-2:]
    dataset = Dataset()
    dataset.SOPClassUID = ComputedRadiographyImageStorage
    dataset.SOPInstanceUID = "1.2.3"
    dataset.PatientName = "DOE^JANE"
    dataset.Modality = "CR"
    dataset.Rows, dataset.Columns = rows, columns
    dataset.SamplesPerPixel = 3 if color else 1
    dataset.PhotometricInterpretation = "RGB" if color else "MONOCHROME2"
    dataset.BitsAllocated = dataset.BitsStored = pixels.dtype.itemsize * 8
    if color:
        dataset.PlanarConfiguration = 0
    dataset.HighBit = attributes.get("BitsStored", dataset.BitsStored) - 1
    dataset.PixelRepresentation = 1 if pixels.dtype.kind == "i" else 0
    for name, value in attributes.items():
        setattr(dataset, name, value)
    for name in missing:
        delattr(dataset, name)
    return dataset


def ramp(least: int = 0, greatest: int = 4095, dtype: type = np.uint16) -> Pixels:
    """Brighter from left to right, 16 rows of 256."""
    row: Pixels = np.linspace(least, greatest, 256).astype(dtype)
    return np.tile(row, (16, 1))


def shown(data: bytes) -> npt.NDArray[np.int_]:
    """The middle row of what is shown, as grey."""
    image = decode(data, 3000).image
    assert image.mode == "RGB"
    return np.asarray(image)[image.height // 2, :, 0].astype(int)


WINDOW: dict[str, Any] = {"WindowCenter": 2048, "WindowWidth": 4096, "BitsStored": 12}


@pytest.mark.parametrize(
    "syntax",
    [
        ImplicitVRLittleEndian,
        ExplicitVRLittleEndian,
        ExplicitVRBigEndian,
        DeflatedExplicitVRLittleEndian,
        RLELossless,
    ],
    ids=str,
)
def test_every_way_to_write_the_same_values_shows_the_same(syntax: UID) -> None:
    grey = shown(dicom(ramp(), syntax=syntax, **WINDOW))
    assert np.abs(grey - np.arange(256)).max() <= 1


def test_jpeg_2000_of_16_bits_decodes() -> None:
    buffer = io.BytesIO()
    Image.fromarray(ramp()).save(buffer, "JPEG2000", irreversible=False, no_jp2=True)
    data = dicom(ramp(), syntax=JPEG2000Lossless, encoded=buffer.getvalue(), **WINDOW)
    assert np.abs(shown(data) - np.arange(256)).max() <= 1


def test_baseline_jpeg_in_ycbcr_comes_out_in_rgb() -> None:
    red = np.full((16, 16, 3), (200, 20, 20), np.uint8)
    buffer = io.BytesIO()
    Image.fromarray(red).save(buffer, "JPEG", quality=95, subsampling=0)
    data = dicom(
        red,
        syntax=JPEGBaseline8Bit,
        encoded=buffer.getvalue(),
        PhotometricInterpretation="YBR_FULL_422",
    )
    middle = np.asarray(decode(data, 3000).image)[8, 8].astype(int)
    assert np.abs(middle - (200, 20, 20)).max() <= 4


@pytest.mark.parametrize("syntax", [ImplicitVRLittleEndian, ExplicitVRLittleEndian], ids=str)
def test_an_object_without_preamble_decodes(syntax: UID) -> None:
    grey = shown(dicom(ramp(), syntax=syntax, bare=True, **WINDOW))
    assert (grey[0], grey[-1]) == (0, 255)


def test_monochrome1_is_turned_so_that_bone_is_white() -> None:
    grey = shown(dicom(ramp(), PhotometricInterpretation="MONOCHROME1", **WINDOW))
    assert (grey[0], grey[-1]) == (255, 0)


def test_rescale_comes_before_the_window() -> None:
    hounsfield = ramp(-1000, 1000, np.int16)
    data = dicom(
        hounsfield,
        RescaleSlope=2,
        RescaleIntercept=-100,
        WindowCenter=-100,
        WindowWidth=1000,
    )
    grey = shown(data)
    assert grey[0] == 0
    assert grey[-1] == 255
    assert abs(grey[128] - 128) <= 2


@pytest.mark.parametrize("function", ["LINEAR", "LINEAR_EXACT", "SIGMOID"])
@pytest.mark.parametrize(("center", "width"), [(2048, 4096), (1000, 500), (3000, 330)])
def test_windows_equal_pydicoms(function: str, center: int, width: int) -> None:
    attributes: dict[str, Any] = {
        "WindowCenter": center,
        "WindowWidth": width,
        "VOILUTFunction": function,
    }
    pixels = ramp()
    dataset = described(pixels, BitsStored=12, **attributes)
    expected = apply_windowing(pixels, dataset)[8] / 4095 * 255
    grey = shown(dicom(pixels, BitsStored=12, **attributes))
    assert np.abs(grey - expected).max() <= 0.51


def test_of_several_windows_the_first_is_used() -> None:
    one = shown(dicom(ramp(), BitsStored=12, WindowCenter=1000, WindowWidth=500))
    two = shown(dicom(ramp(), BitsStored=12, WindowCenter=[1000, 9], WindowWidth=[500, 9]))
    assert (one == two).all()


@pytest.mark.parametrize(
    ("bits", "dtype", "vr"),
    [(12, "<u2", "OW"), (16, "<u2", "US"), (8, "<u2", "US"), (8, "u1", "OW")],
)
def test_a_voi_lut_is_applied(bits: int, dtype: str, vr: str) -> None:
    lut, greatest = Dataset(), 2**bits - 1
    entries = np.linspace(greatest, 0, 4096).astype(dtype)
    lut.LUTDescriptor = [4096, 0, bits]
    lut.LUTData = entries.tobytes() if vr == "OW" else entries.tolist()
    lut["LUTData"].VR = vr
    grey = shown(dicom(ramp(), BitsStored=12, VOILUTSequence=[lut]))
    assert np.abs(grey - np.arange(255, -1, -1)).max() <= 1


def note(data: bytes) -> PictureNote | None:
    """What is told of how a file was read; not what it shows."""
    found = decode(data, 3000).note
    bare = found and replace(found, subject=None)
    return None if bare == PictureNote() else bare


def test_a_missing_window_is_estimated_and_said() -> None:
    data = dicom(ramp(1000, 1400), BitsStored=12)
    assert note(data) == PictureNote(window_estimated=True)
    grey = shown(data)
    assert (grey[0], grey[-1]) == (0, 255)


@pytest.mark.parametrize("window", [(9000, 10), (2048, -5), ("", "")])
def test_a_window_that_shows_nothing_is_replaced_and_said(window: tuple[object, object]) -> None:
    center, width = window
    data = dicom(ramp(1000, 1400), BitsStored=12, WindowCenter=center, WindowWidth=width)
    assert note(data) == PictureNote(window_estimated=True)


def test_padding_does_not_widen_an_estimated_window() -> None:
    values = ramp(0, 400, np.int16)
    values[:8] = -2000
    grey = shown(dicom(values, PixelPaddingValue=-2000))
    assert np.abs(grey - np.arange(256)).max() <= 3


@pytest.mark.parametrize("width", [60_000, 4])
def test_a_window_that_leaves_hardly_any_grey_is_not_believed(width: int) -> None:
    data = dicom(ramp(1000, 1400), BitsStored=12, WindowCenter=1200, WindowWidth=width)
    assert note(data) == PictureNote(window_estimated=True)
    assert np.abs(shown(data) - np.arange(256)).max() <= 3


def test_a_ct_without_a_window_is_shown_as_viewers_open_it() -> None:
    values = ramp(-200, 300, np.int16)
    values[:8] = -2000
    data = dicom(values, Modality="CT", RescaleSlope=1, RescaleIntercept=0)
    assert note(data) == PictureNote(window_estimated=True)
    expected = np.clip((np.linspace(-200, 300, 256) + 160) / 400 * 255, 0, 255)
    assert np.abs(shown(data) - expected).max() <= 2


def test_a_model_reads_a_ct_in_the_three_windows_that_it_learnt() -> None:
    data = dicom(ramp(-1024, 1024, np.int16), Modality="CT", RescaleSlope=1, RescaleIntercept=0)
    read = decode(data).read
    assert read is not None
    hounsfield = np.linspace(-1024, 1024, 256)
    for colour, (low, high) in enumerate([(-1024, 1024), (-135, 215), (0, 80)]):
        expected = np.clip((hounsfield - low) / (high - low) * 255, 0, 255)
        assert np.abs(np.asarray(read)[:, :, colour] - expected).max() <= 4


CT_IN_UNITS = {"Modality": "CT", "RescaleIntercept": 0, "RescaleSlope": 1}


@pytest.mark.parametrize(
    "told",
    [
        {"Modality": "CT"},
        {"Modality": "MR", "RescaleIntercept": 0},
        {**CT_IN_UNITS, "RescaleType": "US"},
        {**CT_IN_UNITS, "ImageType": ["ORIGINAL", "PRIMARY", "LOCALIZER"]},
        {**CT_IN_UNITS, "SOPClassUID": SecondaryCaptureImageStorage},
    ],
)
def test_what_has_no_hounsfield_units_is_read_as_it_is_shown(told: dict[str, Any]) -> None:
    assert decode(dicom(ramp(), BitsStored=12, **told)).read is None


def test_a_burnt_in_label_does_not_widen_an_estimated_window() -> None:
    values = ramp(0, 4095)
    values[0, :60] = 65535
    grey = shown(dicom(values))
    assert np.abs(grey - np.arange(256)).max() <= 3


@pytest.mark.parametrize("interpretation", ["MONOCHROME1", "MONOCHROME2"])
@pytest.mark.parametrize("value", [0, 4095])
def test_padding_is_black(interpretation: str, value: int) -> None:
    values = ramp()
    values[:8] = value
    data = dicom(
        values, PhotometricInterpretation=interpretation, PixelPaddingValue=value, **WINDOW
    )
    assert np.asarray(decode(data).image)[:8].max() == 0
    assert {shown(data)[1], shown(data)[-2]} >= {1, 254}


def test_a_range_of_padding_is_black() -> None:
    values = ramp()
    values[:8, ::2] = 5
    data = dicom(
        values,
        PhotometricInterpretation="MONOCHROME1",
        PixelPaddingValue=0,
        PixelPaddingRangeLimit=5,
        **WINDOW,
    )
    assert np.asarray(decode(data).image)[:8, ::2].max() == 0


def test_a_shape_inverse_turns_monochrome2_round_and_monochrome1_no_more() -> None:
    for interpretation in ("MONOCHROME1", "MONOCHROME2"):
        data = dicom(
            ramp(),
            PresentationLUTShape="INVERSE",
            PhotometricInterpretation=interpretation,
            **WINDOW,
        )
        assert (shown(data)[0], shown(data)[-1]) == (255, 0)


@pytest.mark.parametrize("dtype", [np.uint16, np.int16])
def test_values_in_the_upper_bits_are_brought_down(dtype: type) -> None:
    values = (ramp(-2048, 2047, np.int16) << 4).astype(np.int16)
    if dtype is np.uint16:
        values = (ramp() << 4 | 7).astype(np.uint16)
    center = 0 if dtype is np.int16 else 2048
    data = dicom(values, BitsStored=12, HighBit=15, WindowCenter=center, WindowWidth=4096)
    assert np.abs(shown(data) - np.arange(256)).max() <= 1


def test_values_that_only_claim_to_lie_in_the_upper_bits_are_left() -> None:
    assert np.abs(shown(dicom(ramp(), HighBit=15, **WINDOW)) - np.arange(256)).max() <= 1


@pytest.mark.parametrize(
    "name",
    [
        "PixelRepresentation",
        "SamplesPerPixel",
        "PhotometricInterpretation",
        "HighBit",
        "BitsAllocated",
        "Modality",
    ],
)
def test_what_is_missing_is_what_is_usual(name: str) -> None:
    data = dicom(ramp(), missing=(name,), **WINDOW)
    assert np.abs(shown(data) - np.arange(256)).max() <= 1


def test_missing_stored_bits_are_those_allocated() -> None:
    data = dicom(ramp(), missing=("BitsStored", "HighBit"), WindowCenter=2048, WindowWidth=4096)
    assert np.abs(shown(data) - np.arange(256)).max() <= 1


@pytest.mark.parametrize(
    "name", ["PlanarConfiguration", "PhotometricInterpretation", "SamplesPerPixel"]
)
def test_what_is_missing_of_colours_is_what_is_usual(name: str) -> None:
    green: Pixels = np.zeros((16, 16, 3), np.uint8)
    green[..., 1] = 255
    assert decode(dicom(green, missing=(name,))).image.getpixel((0, 0)) == (0, 255, 0)


def test_lower_case_and_decimal_commas_are_read() -> None:
    data = dicom(
        ramp(),
        PhotometricInterpretation="MONOCHROME1",
        Modality="CR",
        ViewPosition="PA",
        WindowCenter="2047.5",
        WindowWidth="4096.0",
        BitsStored=12,
    )
    data = data.replace(b"2047.5", b"2047,5").replace(b"4096.0", b"4096,0")
    for code in (b"MONOCHROME1", b"CS\x02\x00CR", b"CS\x02\x00PA"):
        data = data.replace(code, code[:4] + code[4:].lower())
    assert np.abs(shown(data) - np.arange(255, -1, -1)).max() <= 1
    assert note(data) == PictureNote(view=ViewPosition.PA)


def test_a_number_that_is_none_is_as_if_it_were_missing() -> None:
    data = dicom(ramp(), WindowCenter="2047.5", WindowWidth="4096.0", BitsStored=12)
    assert note(data.replace(b"2047.5", b"middle")) == PictureNote(window_estimated=True)


@pytest.mark.parametrize(
    ("name", "sides"), [("PixelAspectRatio", [2, 1]), ("PixelSpacing", [0.8, 0.4])]
)
def test_pixels_that_are_not_square_become_so(name: str, sides: list[float]) -> None:
    for told, size in ((sides, (256, 32)), (sides[::-1], (512, 16))):
        attributes: dict[str, Any] = {name: told, **WINDOW}
        assert decode(dicom(ramp(), **attributes)).image.size == size


def test_a_ratio_that_nobody_means_is_ignored() -> None:
    assert decode(dicom(ramp(), PixelSpacing=[1, 900], **WINDOW)).image.size == (256, 16)


@pytest.mark.parametrize(
    ("blank", "chosen"),
    [((), 3), ((3,), 2), ((1, 2, 3), 4), ((1, 2, 3, 4, 5), 3), ((4, 5), 2)],
)
def test_of_a_cine_the_middle_of_what_is_not_blank_is_shown(
    blank: tuple[int, ...], chosen: int
) -> None:
    frames = np.stack([ramp() // (1 + n) for n in range(5)])
    for number in blank:
        frames[number - 1] = 9
    assert note(dicom(frames, NumberOfFrames=5, **WINDOW)) in {
        PictureNote(frame=chosen, frames=5),
        PictureNote(frame=chosen, frames=5, window_estimated=True),
    }


def test_of_a_long_cine_the_middle_one_is_shown() -> None:
    frames = np.stack([np.full((4, 4), n, np.uint8) for n in range(201)])
    frames[:, 0], frames[:, 1] = 255, 0
    assert note(dicom(frames, NumberOfFrames=201)) == PictureNote(frame=101, frames=201)


def test_12_bits_of_jpeg_extended_are_read() -> None:
    path = get_testdata_file("JPGExtended.dcm", read=False)
    assert isinstance(path, str)
    decoded = decode(Path(path).read_bytes())
    assert decoded.image.size == (256, 1024)
    grey = np.asarray(decoded.image)[..., 0]
    assert grey[80:200, 90:160].mean() > 60  # the head of a bone scan …
    assert grey[:60].mean() < 3  # … below an empty edge


def baseline(image: Image.Image, **options: Any) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, "JPEG", **options)
    return buffer.getvalue()


def test_ycbcr_that_is_called_rgb_is_ycbcr_where_the_jpeg_names_no_other() -> None:
    red = Image.new("RGB", (16, 16), (200, 20, 20))
    encoded = baseline(red, quality=95)
    jfif = encoded[: 4 + int.from_bytes(encoded[4:6])]
    data = dicom(
        np.asarray(red), syntax=JPEGBaseline8Bit, encoded=b"\xff\xd8" + encoded[len(jfif) :]
    )
    middle = np.asarray(decode(data).image)[8, 8].astype(int)
    assert np.abs(middle - (200, 20, 20)).max() <= 4


def test_a_frame_without_its_end_marker_is_read_and_one_that_is_cut_is_not() -> None:
    noise = np.random.default_rng(1).integers(0, 255, (200, 300), np.uint8)
    encoded = baseline(Image.fromarray(noise))
    whole = dicom(noise, syntax=JPEGBaseline8Bit, encoded=encoded)
    endless = dicom(noise, syntax=JPEGBaseline8Bit, encoded=encoded.removesuffix(b"\xff\xd9"))
    assert (shown(whole) == shown(endless)).all()
    with pytest.raises(DamagedPicture):
        decode(dicom(noise, syntax=JPEGBaseline8Bit, encoded=encoded[: len(encoded) // 2]))


def test_a_frame_that_is_drawn_over_and_over_is_refused() -> None:
    encoded = baseline(Image.new("L", (2_500, 2_500)), progressive=True)
    last = encoded[encoded.rindex(b"\xff\xda") : -2]
    slow = encoded[:-2] + last * 600 + b"\xff\xd9"
    pixels = np.zeros((2_500, 2_500), np.uint8)
    with pytest.raises(PictureTooLarge):
        decode(dicom(pixels, syntax=JPEGBaseline8Bit, encoded=slow))


def test_a_palette_of_16_bits_that_uses_8_is_not_black() -> None:
    table = np.arange(256, dtype="<u2").tobytes()
    tables: dict[str, Any] = {
        f"{color}PaletteColorLookupTable{part}": value
        for color in ("Red", "Green", "Blue")
        for part, value in (("Descriptor", [256, 0, 16]), ("Data", table))
    }
    values = np.tile(np.arange(256, dtype=np.uint8), (16, 1))
    data = dicom(values, PhotometricInterpretation="PALETTE COLOR", **tables)
    assert (shown(data) == np.arange(256)).all()


def test_a_voi_lut_that_states_more_bits_than_it_uses_is_scaled_by_its_own_range() -> None:
    lut = Dataset()
    lut.LUTDescriptor = [4096, 0, 16]
    lut.LUTData = np.arange(4096, dtype="<u2").tobytes()
    lut["LUTData"].VR = "OW"
    data = dicom(ramp(), BitsStored=12, VOILUTSequence=[lut])
    assert np.abs(shown(data) - np.arange(256)).max() <= 1


def test_8_bits_without_a_window_are_shown_as_they_are() -> None:
    data = dicom(ramp(100, 140, np.uint8))
    assert note(data) is None
    assert (shown(data)[0], shown(data)[-1]) == (100, 140)


def test_a_flat_picture_is_still_a_picture() -> None:
    assert decode(dicom(np.full((16, 16), 7, np.uint16)), 3000).image.size == (16, 16)


def test_a_palette_becomes_colours() -> None:
    values = np.array([[0, 1], [2, 3]], np.uint8)
    tables: dict[str, Any] = {
        f"{color}PaletteColorLookupTable{part}": value
        for color, table in (("Red", b"\x00\xff\x00\x00"), ("Green", bytes(4)), ("Blue", bytes(4)))
        for part, value in (("Descriptor", [4, 0, 8]), ("Data", table))
    }
    data = dicom(values, PhotometricInterpretation="PALETTE COLOR", **tables)
    assert decode(data, 3000).image.getpixel((1, 0)) == (255, 0, 0)


@pytest.mark.parametrize("dtype", [np.uint8, np.uint16])
def test_rgb_stays_rgb(dtype: type) -> None:
    pixels: Pixels = np.zeros((4, 4, 3), dtype)
    pixels[..., 1] = np.iinfo(dtype).max
    assert decode(dicom(pixels), 3000).image.getpixel((0, 0)) == (0, 255, 0)


def test_of_several_frames_the_middle_one_is_shown_and_said() -> None:
    frames = np.stack([np.full((8, 8, 3), 10 * n, np.uint8) for n in range(1, 6)])
    decoded = decode(dicom(frames, NumberOfFrames=5), 3000)
    assert decoded.note == PictureNote(frame=3, frames=5)
    assert decoded.image.getpixel((0, 0)) == (30, 30, 30)


def test_an_enhanced_objects_frame_brings_its_own_window() -> None:
    def groups(center: int) -> Dataset:
        window, group = Dataset(), Dataset()
        window.WindowCenter, window.WindowWidth = center, 4096
        group.FrameVOILUTSequence = [window]
        return group

    frames = np.stack([ramp(), ramp(), ramp()])
    data = dicom(
        frames,
        BitsStored=12,
        NumberOfFrames=3,
        PerFrameFunctionalGroupsSequence=[groups(9), groups(2048), groups(9)],
    )
    assert np.abs(shown(data) - np.arange(256)).max() <= 1


@pytest.mark.parametrize(
    ("tag", "view"),
    [
        ("PA", ViewPosition.PA),
        ("AP", ViewPosition.AP),
        ("LL", ViewPosition.LATERAL),
        ("RL", ViewPosition.LATERAL),
    ],
)
def test_the_view_position_is_told(tag: str, view: ViewPosition) -> None:
    assert note(dicom(ramp(), ViewPosition=tag, **WINDOW)) == PictureNote(view=view)


def test_another_view_position_is_not_told() -> None:
    assert note(dicom(ramp(), ViewPosition="LLO", **WINDOW)) is None


def without_pixels(sop_class: UID, modality: str) -> bytes:
    dataset = Dataset()
    dataset.file_meta = FileMetaDataset()
    dataset.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    dataset.SOPClassUID, dataset.SOPInstanceUID, dataset.Modality = sop_class, "1.2.3", modality
    buffer = io.BytesIO()
    dataset.save_as(buffer, enforce_file_format=True)
    return buffer.getvalue()


def test_a_report_or_a_segmentation_is_no_picture() -> None:
    with pytest.raises(NoPictureInFile) as caught:
        decode(without_pixels(BasicTextSRStorage, "SR"), 3000)
    assert caught.value.seems == "DICOM Basic Text SR Storage"
    with pytest.raises(NoPictureInFile) as caught:
        decode(dicom(ramp(), SOPClassUID=SegmentationStorage, Modality="SEG"), 3000)
    assert caught.value.seems == "DICOM Segmentation Storage"


def test_a_private_object_is_not_called_by_its_own_name() -> None:
    with pytest.raises(NoPictureInFile) as caught:
        decode(without_pixels(UID("1.2.3.4.5"), "DOC"), 3000)
    assert caught.value.seems == "DICOM"


@pytest.mark.parametrize(
    ("syntax", "seems"),
    [(MPEG4HP41, "DICOM video"), (HTJ2KLossless, "DICOM")],
    ids=str,
)
def test_a_compression_that_is_not_decoded_is_said(syntax: UID, seems: str) -> None:
    with pytest.raises(UnsupportedFormat, match="compression") as caught:
        decode(dicom(ramp(), syntax=syntax, encoded=bytes(100)), 3000)
    assert caught.value.seems == seems


def test_missing_pixels_are_damage() -> None:
    with pytest.raises(DamagedPicture):
        decode(dicom(ramp(), **WINDOW)[:-1000], 3000)


def test_too_many_pixels_are_refused_before_they_are_decoded() -> None:
    buffer = io.BytesIO(dicom(ramp(), **WINDOW))
    claimed = buffer.getvalue().replace(
        b"\x28\x00\x10\x00US\x02\x00\x10\x00", b"\x28\x00\x10\x00US\x02\x00\xff\xff"
    )
    with pytest.raises(PictureTooLarge):
        decode(claimed, 3000)


def test_a_file_that_is_dicom_and_tiff_at_once_is_dicom() -> None:
    data = dicom(ramp(), **WINDOW)
    assert shown(b"II*\x00" + data[4:])[-1] == 255


def test_a_large_radiograph_is_reduced() -> None:
    assert decode(dicom(ramp(), **WINDOW), 128).image.size == (128, 8)


def test_dicom_is_kept_without_loss() -> None:
    decoded: Decoded = decode(dicom(ramp(), **WINDOW), 3000)
    assert decoded.lossless


def said(data: bytes) -> str:
    try:
        return str(decode(data, 3000).note)
    except PictureError as error:
        return f"{error} {error.seems}"


def test_no_error_quotes_the_patient() -> None:
    data = dicom(ramp(), **WINDOW)
    assert not any("DOE" in said(data[:end]) for end in range(140, len(data) - 4000, 40))


def test_one_bit_is_shown_as_black_and_white() -> None:
    grey = shown(dicom(ramp(0, 1, np.uint8), BitsStored=1))
    assert (grey[0], grey[-1]) == (0, 255)
