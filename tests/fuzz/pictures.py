"""Files that claim to be pictures: through the decoders here, and through the real picture process.

The decoders are tried in this process too, because there a fuzzer sees which code a file reached;
all but GDCM, which ends its process on some damaged JPEG: that is what the picture process is for.
"""

import asyncio
import atexit
import warnings
from contextlib import suppress
from functools import cache
from pathlib import Path
from unittest import mock

import inference
from pictures import Picture, PictureProcess, decode, encode, recording, sniff
from pictures.errors import PictureError
from tests import recordings
from tests.bad_files import BAD_FILES
from tests.fuzz.target import Target
from tests.valid_files import valid_files

_SMALL_PIXELS = 1 << 20
_SAMPLES = Path(inference.__file__).parent / "practice/samples"


def _decode(data: bytes) -> None:
    warnings.simplefilter("ignore")  # as in the picture process
    no_gdcm = mock.patch("gdcm.Bitmap.GetBuffer", side_effect=RuntimeError)
    with no_gdcm, suppress(PictureError):
        decoded = decode.decode(data, 256, _SMALL_PIXELS)
        assert decoded.image.mode == "RGB"
        assert max(decoded.image.size) <= 256
        assert encode.picture(decoded).data
    assert recording.measured(data).width_px >= 0
    if sniff.sniff(data) is None:
        assert sniff.seems(data) != ""


@cache
def _process() -> tuple[asyncio.Runner, PictureProcess]:
    runner = asyncio.Runner()
    process = PictureProcess()
    runner.run(process.__aenter__())
    atexit.register(runner.run, process.__aexit__())
    return runner, process


def _prepare(data: bytes) -> None:
    runner, process = _process()

    async def prepare() -> None:
        zygote = process._zygote
        with suppress(PictureError):
            assert isinstance(await process.prepare(data), Picture)
        assert process._zygote is zygote
        assert zygote is not None
        assert zygote.alive

    runner.run(prepare())


def _files() -> list[bytes]:
    small = [*valid_files(), *(upload.data for upload in BAD_FILES.values())]
    films = [recordings.mp4(5, 64, 48), recordings.webm(5, 64, 48), recordings.gif(1, 64, 48)]
    sounds = [recordings.opus(5), recordings.mp3(5), recordings.flac(5), recordings.wav(0.01)]
    return [*small, *films, *sounds, (_SAMPLES / "plate.jpg").read_bytes()]


_TOKENS = (
    *(b"\xff\xd8\xff", b"\xff\xc0", b"\xff\xda", b"\xff\xd9", b"Exif\0\0II*\0", b"ICC_PROFILE\0"),
    *(b"\x89PNG\r\n\x1a\n", b"IHDR", b"IDAT", b"tRNS", b"PLTE", b"iCCP", b"eXIf"),
    *(b"II*\0", b"MM\0*", b"BM", b"RIFF", b"WEBP", b"VP8L", b"VP8X", b"DICM"),
    *(
        b"\x08\0\x60\0CS\x02\0CR",
        b"\x28\0\x10\0US\x02\0\xff\xff",
        b"\xfe\xff\0\xe0",
        b"\xff\xff\xff\xff",
    ),
    *(b"ftypheic", b"GIF89a", b"%PDF-", b"PK\x03\x04", b"<svg", b"<html"),
)

TARGETS = (
    Target(
        name="picture",
        what="the decoders: JPEG, PNG, HEIC, DICOM and the like, and what is none of them",
        feed=_decode,
        seeds=_files,
        tokens=_TOKENS,
        max_bytes=65_536,
    ),
    Target(
        name="picture-process",
        what="the same files through the picture process, with its limits",
        feed=_prepare,
        seeds=_files,
        tokens=_TOKENS,
        max_bytes=65_536,
    ),
)
