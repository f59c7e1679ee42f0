"""The zygote, on a machine without namespaces, with a decoder that a file can take over.

It runs the file as Python and tells what came of it as if the file were damaged. What
`AT_HAND` names is at hand: a real intruder brings machine code.
"""

import ctypes
import os
import resource
import signal
import socket
import sys

from machine import process_rights
from pictures import decode, zygote
from pictures.decoded import Decoded
from pictures.errors import DamagedPicture

HEIC = b"\0\0\0\x18ftypheic\0\0\0\0mif1heic"
"""What has a file decoded where threads may be started; before a program it is left out."""


def done(result: int) -> int:
    """What a function of C returned, or its error."""
    if result < 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
    return result


AT_HAND = {
    "done": done,
    "ctypes": ctypes,
    "libc": ctypes.CDLL(None, use_errno=True),
    "os": os,
    "resource": resource,
    "signal": signal,
    "socket": socket,
}


def taken_over(data: bytes, side_px: int, max_pixels: int = 0) -> Decoded:
    """Run what the file says."""
    names = dict(AT_HAND)
    try:
        exec(data.removeprefix(HEIC), names)  # noqa: S102 - this is the attack
    except OSError as error:
        raise DamagedPicture(f"refused: {error.strerror}") from error
    raise DamagedPicture(f"succeeded: {names.get('found')}")


if __name__ == "__main__":
    process_rights.leave_network = lambda: False
    decode.decode, decode.load_decoders = taken_over, lambda: None
    zygote.serve(socket.socket(fileno=int(sys.argv[1])))
