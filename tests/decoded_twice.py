"""Decodes a file here and in the real, confined process: what is tested of one holds for both."""

import asyncio
import atexit
from functools import cache

from pictures import Picture, PictureProcess, encode, limits
from pictures import decode as decoders
from pictures.decoded import Decoded
from pictures.errors import PictureError
from tests.decoded_freely import in_words

decoders.load_decoders()


@cache
def _process() -> tuple[asyncio.Runner, PictureProcess]:
    runner = asyncio.Runner()
    process = PictureProcess()
    runner.run(process.__aenter__())
    atexit.register(runner.run, process.__aexit__())
    return runner, process


def confined(data: bytes) -> Picture:
    """What the confined process makes of a file."""
    runner, process = _process()
    return runner.run(process.prepare(data))


def decode(data: bytes, side_px: int = limits.OUTPUT_SIDE_PX) -> Decoded:
    """What the decoders make of a file, once both ways gave the same picture or the same error."""
    assert _in_words_confined(data) == _in_words_here(data)
    return decoders.decode(data, side_px)


def _in_words_here(data: bytes) -> str:
    try:
        return in_words(encode.picture(decoders.decode(data, limits.OUTPUT_SIDE_PX)))
    except PictureError as error:
        return in_words(error)


def _in_words_confined(data: bytes) -> str:
    if not data:  # is refused before a process is asked
        return _in_words_here(data)
    try:
        return in_words(confined(data))
    except PictureError as error:
        return in_words(error)
