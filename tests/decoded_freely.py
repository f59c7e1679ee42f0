"""What decoders say of files where nothing confines them, and what they read late: a program.

`python -m tests.decoded_freely FOLDER` prints it as JSON by file name. Each file is decoded in a
process of its own, loaded as the zygote is: some of them end it.
"""

import json
import multiprocessing
import sys
from collections.abc import Awaitable, Callable
from hashlib import sha256
from multiprocessing.connection import Connection
from pathlib import Path

from pictures import Picture, decode, encode, limits, photo
from pictures.errors import DamagedPicture, PictureError


def in_words(found: Picture | PictureError) -> str:
    """The same for the same picture, or the same complaint."""
    if isinstance(found, PictureError):
        return repr(found)
    read = "" if found.read is None else sha256(found.read).hexdigest()
    return f"{found.sha256} {found.width_px}x{found.height_px} {found.note} {read}"


async def words_of(work: Callable[[bytes], Awaitable[Picture]], data: bytes) -> str:
    """What came of decoding a file elsewhere."""
    try:
        return in_words(await work(data))
    except PictureError as error:
        return in_words(error)


def _made(data: bytes) -> Picture:
    return encode.picture(photo.looked_at(decode.decode(data, limits.OUTPUT_SIDE_PX)))


def _decode(data: bytes, answer: Connection) -> None:
    late: list[str] = []

    def watch(event: str, details: tuple[object, ...]) -> None:
        if event in {"import", "open"}:
            late.append(f"{event} {details[0]}")

    sys.addaudithook(watch)
    try:
        found: Picture | PictureError = _made(data)
    except PictureError as error:
        found = error
    answer.send((in_words(found), list(late)))


def _in_a_process_of_its_own(data: bytes) -> tuple[str, list[str]]:
    ours, theirs = multiprocessing.Pipe()
    child = multiprocessing.get_context("fork").Process(target=_decode, args=(data, theirs))
    child.start()
    theirs.close()
    try:
        said: tuple[str, list[str]] = ours.recv()
    except EOFError:
        said = in_words(DamagedPicture()), []
    child.join()
    return said


if __name__ == "__main__":
    decode.load_decoders()
    photo.load()
    found = {
        path.name: _in_a_process_of_its_own(path.read_bytes())
        for path in Path(sys.argv[1]).iterdir()
    }
    print(json.dumps(found))  # noqa: T201 - the answer
