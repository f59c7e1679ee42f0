"""What a file seems to be, by its own first bytes; its name is never asked.

Knows magic numbers. Must not decode anything.
"""

from enum import StrEnum

_HEAD_BYTES = 4096


class Format(StrEnum):
    """A format that is decoded; raster values are Pillow's names."""

    JPEG = "JPEG"
    PNG = "PNG"
    WEBP = "WEBP"
    TIFF = "TIFF"
    BMP = "BMP"
    GIF = "GIF"
    HEIF = "HEIF"
    AVIF = "AVIF"
    DICOM = "DICOM"


_ALLOWED: tuple[tuple[bytes, Format], ...] = (
    (b"\xff\xd8\xff", Format.JPEG),
    (b"\x89PNG\r\n\x1a\n", Format.PNG),
    (b"II*\x00", Format.TIFF),
    (b"MM\x00*", Format.TIFF),
    (b"BM", Format.BMP),
    (b"GIF87a", Format.GIF),
    (b"GIF89a", Format.GIF),
)

_OTHERS: tuple[tuple[bytes, str], ...] = (
    (b"%PDF", "PDF"),
    (b"PK\x03\x04", "ZIP"),
    (b"Rar!", "RAR"),
    (b"7z\xbc\xaf\x27\x1c", "7-Zip"),
    (b"\x1f\x8b", "gzip"),
    (b"8BPS", "Photoshop"),
    (b"II+\x00", "BigTIFF"),
    (b"MM\x00+", "BigTIFF"),
    (b"\x00\x00\x00\x0cjP  \r\n\x87\n", "JPEG 2000"),
    (b"\xff\x4f\xff\x51", "JPEG 2000"),
    (b"\xff\x0a", "JPEG XL"),
    (b"\x00\x00\x00\x0cJXL \r\n\x87\n", "JPEG XL"),
    (b"\x1aE\xdf\xa3", "video"),
    (b"OggS", "sound"),
    (b"ID3", "sound"),
)

_AVIF_BRANDS = {b"avif", b"avis"}
_PICTURE_BRANDS = _AVIF_BRANDS | {
    *(b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"hevm", b"hevs", b"mif1", b"msf1")
}
"""`mif1` and `msf1` say no more than that it is a picture: what it is coded in stands besides."""


def sniff(data: bytes) -> Format | None:
    """Name the format of a file that is decoded here.

    Args:
        data: The file, or at least its first 132 bytes.

    Returns:
        The format, None for anything else.
    """
    if data[128:132] == b"DICM":  # first: a preamble may hold a TIFF header (PS3.10 section 7.1)
        return Format.DICOM
    for magic, format_ in _ALLOWED:
        if data.startswith(magic):
            return format_
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return Format.WEBP
    if data[4:8] == b"ftyp" and data[8:12] in _PICTURE_BRANDS:
        return Format.AVIF if _AVIF_BRANDS & _brands(data) else Format.HEIF
    return Format.DICOM if _is_bare_dicom(data) else None


def seems(data: bytes) -> str | None:
    """Name what a file that is not decoded here seems to be.

    Args:
        data: The file, or at least its first few kilobytes.

    Returns:
        A short name such as `HEIC` or `text`, None if nothing is recognised.
    """
    for magic, name in _OTHERS:
        if data.startswith(magic):
            return name
    if data[4:8] == b"ftyp":
        return "video"
    if data[:4] == b"RIFF":
        return "sound" if data[8:12] == b"WAVE" else "video"
    return _text(data[:_HEAD_BYTES])


def _brands(data: bytes) -> set[bytes]:
    """What a file of ISO's base media says that it is, first and besides (ISO 14496-12, 4.3)."""
    end = min(int.from_bytes(data[:4]), _HEAD_BYTES, len(data))
    return {data[8:12], *(data[at : at + 4] for at in range(16, end, 4))}


def _text(head: bytes) -> str | None:
    if b"\x00" in head:
        return None
    lower = head.lower()
    if b"<svg" in lower:
        return "SVG"
    if b"<html" in lower or b"<!doctype html" in lower:
        return "HTML"
    text = head.decode("utf-8", errors="replace")
    strange = sum(not (char.isprintable() or char.isspace()) or char == "\ufffd" for char in text)
    return "text" if strange <= len(text) // 50 + 1 else None


def _is_bare_dicom(data: bytes) -> bool:
    """Without preamble, but beginning with an element that a little-endian data set begins with."""
    group, element = data[0:2], int.from_bytes(data[2:4], "little")
    if group not in {b"\x02\x00", b"\x08\x00"} or element > 0x0100:
        return False
    explicit = data[4:6].isalpha() and data[4:6].isupper()
    implicit = int.from_bytes(data[4:8], "little") < 256
    return len(data) > 132 and (explicit or implicit)
