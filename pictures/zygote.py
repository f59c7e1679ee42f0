"""The zygote's loop and the life of a disposable child.

Knows forking and answering. Must stay single-threaded, and must not look at a picture before the
fork: the zygote never touches untrusted bytes.
"""

import ctypes
import gc
import os
import signal
import socket
import struct
import warnings

from machine import frames
from machine.frames import Frame, Header
from pictures import (
    confine,
    corners,
    decode,
    encode,
    limits,
    marking,
    messages,
    photo,
    recording,
    series,
)
from pictures.errors import PictureError, PictureTooLarge

_PID = struct.Struct(">I")


def serve(control: socket.socket) -> None:
    """Fork a child for each socket that comes in, until the caller closes the control socket.

    Args:
        control: Sequenced-packet socket on which the caller passes file descriptors.
    """
    warnings.simplefilter("ignore")  # a decoder's warnings may quote the file
    decode.load_decoders()
    series.load_decoders()
    marking.load_letters()
    photo.load()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # children are never waited for
    held = confine.confine_zygote()
    _free_memory()
    gc.freeze()  # children share these pages
    control.send(messages.ready({**held, **_rehearsed()}))
    while True:
        manner, descriptors, _, _ = socket.recv_fds(control, 2, 1)
        if not descriptors:
            return
        with socket.socket(fileno=descriptors[0]) as connection:
            if os.fork() == 0:
                control.close()
                niceness, threads = manner
                _live(connection, niceness, threads=bool(threads))


def _free_memory() -> None:
    """Hand what loading left unused back to the kernel, where the C library can.

    A child would copy each of those pages before it writes there, 4 kB at a time. New ones come
    2 MB at a time.
    """
    gc.collect()
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)  # glibc's alone
    if trim is not None:
        trim(0)


def _rehearsed() -> confine.Held:
    """What first children find that neither kind can do."""
    plain, threaded = (_rehearsed_by_one(threads=threads) for threads in (False, True))
    return {what: holds and threaded.get(what, False) for what, holds in plain.items()}


def _rehearsed_by_one(*, threads: bool) -> confine.Held:
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    with ours, theirs:
        if os.fork() == 0:
            _rehearse(theirs, threads=threads)
        theirs.close()
        told = ours.recv(messages.READY_BYTES)
        return messages.held(told) if told else {"anything: the trial of it failed": False}


def _rehearse(connection: socket.socket, *, threads: bool) -> None:
    try:
        connection.send(messages.ready(confine.rehearse(threads=threads)))
    finally:
        os._exit(0)


def _live(connection: socket.socket, niceness: int, *, threads: bool) -> None:
    """Be a disposable child: answer one request and end."""
    try:
        connection.sendall(_PID.pack(os.getpid()))
        os.nice(niceness)
        confine.confine_child(threads=threads)
        request, blobs = frames.receive_blocking(connection.recv, limits.REQUEST)
        connection.sendall(frames.pack(*_answer(request, blobs[0]), limits.ANSWER))
    finally:
        os._exit(0)


def _answer(request: Header, data: bytes) -> Frame:
    try:
        return _work(request, data)
    except PictureError as error:
        return messages.error_answer(error)
    except MemoryError:
        return messages.error_answer(PictureTooLarge())


def _work(request: Header, data: bytes) -> Frame:
    if request["job"] == messages.MEASURED:
        return messages.measures_answer(recording.measured(data))
    max_pixels = request["max_pixels"]
    if request["job"] == messages.SERIES:
        return messages.series_answer(series.decode(data, request["most"], max_pixels))
    if request["job"] == messages.PHOTO_SIZES:
        boxes_px = request["boxes_px"]
        decoded = decode.decode(data, max(boxes_px), max_pixels)
        return messages.sizes_answer(encode.photo_sizes(decoded, boxes_px))
    decoded = decode.decode(data, limits.OUTPUT_SIDE_PX, max_pixels)
    if request["job"] == messages.MARKED:
        return messages.sizes_answer([encode.marked(decoded, *messages.marking(request))])
    if request["job"] == messages.SQUARED:
        return messages.sizes_answer([encode.squared(decoded, request["side_px"])])
    film = None if request["film"] is None else corners.corners(request["film"])
    return messages.picture_answer(encode.picture(photo.looked_at(decoded, film)))
