"""The caller's side of the picture process: ask, wait no longer than the deadline, start it anew.

Knows processes and deadlines. Must not know picture formats.

One *zygote* process has the decoders loaded and never touches a picture. For each request it gets
one end of a socket pair, forks a disposable child on it, and forgets it. The child tells its pid,
reads the file, answers, and ends; whatever it does meanwhile, it is killed at the deadline.

A picture is tried in the ordinary lane first. What is too much for that begins anew in the heavy
lane, whose children give way to the others', so one heavy picture makes no other sender wait.
"""

import asyncio
import contextlib
import logging
import os
import signal
import socket
import struct
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from typing import Self, TypeVar

from machine import frames
from machine.frames import Frame, Header
from machine.project import python_module
from pictures import lanes, limits, messages
from pictures.corners import Corners
from pictures.errors import (
    DamagedPicture,
    EmptyPicture,
    PictureProcessFailed,
    PictureTimeout,
    PictureTooLarge,
)
from pictures.lanes import Lane
from pictures.picture import Measures, Picture, Rendition, Series
from pictures.places import MarkWords, Place
from pictures.sniff import Format, sniff

_ZYGOTE = "pictures"
_START_TIMEOUT_S = 60.0
_FORK_TIMEOUT_S = 10.0
_STOP_TIMEOUT_S = 3.0
_ATTEMPTS = 3
"""The kernel may end a child for want of memory: the picture is to blame only if each one ends."""
_PID = struct.Struct(">I")

log = logging.getLogger(__name__)

T = TypeVar("T")


class PictureProcess:
    """Decodes untrusted pictures elsewhere; an async context manager owns the processes.

    Args:
        ordinary: What a picture may cost that is decoded beside everybody's.
        heavy: What one may cost at all.
        concurrency: How many pictures of a lane are decoded at once, by default as this
            machine allows; more wait for their turn.
    """

    def __init__(
        self,
        *,
        ordinary: Lane = lanes.ORDINARY,
        heavy: Lane = lanes.HEAVY,
        concurrency: int | None = None,
    ) -> None:
        self._ordinary = ordinary
        self._heavy = heavy
        at_once = concurrency or limits.concurrency()
        self._slots = {lane: asyncio.Semaphore(at_once) for lane in (ordinary, heavy)}
        self._starting = asyncio.Lock()
        self._zygote: _Zygote | None = None

    async def __aenter__(self) -> Self:
        await self._running_zygote()
        return self

    async def __aexit__(self, *_exc_info: object) -> None:
        async with self._starting:
            if self._zygote is not None:
                await self._zygote.stop()
                self._zygote = None

    async def prepare(self, data: bytes, film: Corners | None = None) -> Picture:
        """Decode a file and make an upright RGB picture without metadata of it.

        Args:
            data: The whole file, as it came.
            film: Corners of the film in it, where somebody set them; else they are looked for.

        Returns:
            The picture, at most `limits.OUTPUT_SIDE_PX` on its longer side.

        Raises:
            pictures.errors.PictureError: With a subclass that says what is wrong with the file.
            pictures.errors.PictureProcessFailed: The machinery failed, not the picture.
        """

        async def read() -> bytes:
            return data

        return await self._ask(messages.prepare_request(film), messages.picture, read)

    async def photo_sizes(
        self, read: Callable[[], Awaitable[bytes]], boxes_px: Sequence[int]
    ) -> tuple[Rendition, ...]:
        """Decode a file and make the sizes that a chat keeps of a photo.

        Args:
            read: Reads the whole file, once it is its turn, so that few are in memory at a time;
                again for a second try.
            boxes_px: Side lengths of the squares that the sizes fit into; nothing is enlarged.

        Returns:
            At least two sizes, ascending.

        Raises:
            pictures.errors.PictureError: With a subclass that says what is wrong with the file.
            pictures.errors.PictureProcessFailed: The machinery failed, not the picture.
        """
        request = messages.sizes_request(boxes_px)
        return await self._ask(request, messages.photo_sizes, read)

    async def squared(self, data: bytes, side_px: int) -> bytes:
        """Make a square of a picture, with black around it where it is none.

        Args:
            side_px: Each side of the square.

        Raises:
            pictures.errors.PictureError: With a subclass that says what is wrong with the file.
            pictures.errors.PictureProcessFailed: The machinery failed, not the picture.
        """

        async def read() -> bytes:
            return data

        request = messages.squared_request(side_px)
        (square,) = await self._ask(request, messages.photo_sizes, read)
        return square.data

    async def marked(self, data: bytes, place: Place, words: MarkWords) -> bytes:
        """Mark a place on a frontal chest film, and write what the mark means.

        Args:
            words: In letters of the Latin alphabet; accents are left out.

        Returns:
            A JPEG.

        Raises:
            pictures.errors.PictureError: With a subclass that says what is wrong with the file.
            pictures.errors.PictureProcessFailed: The machinery failed, not the picture.
        """

        async def read() -> bytes:
            return data

        request = messages.marked_request(place, words)
        (marked,) = await self._ask(request, messages.photo_sizes, read)
        return marked.data

    async def series(self, data: bytes, most: int = limits.MAX_SLICES) -> Series:
        """Take a ZIP with a series of DICOM apart, among the heavy ones from the start.

        Args:
            data: The whole archive, as it came.
            most: How many slices are wanted, evenly spaced.

        Raises:
            pictures.errors.PictureError: With a subclass that says what is wrong with the file.
            pictures.errors.PictureProcessFailed: The machinery failed, not the archive.
        """

        async def read() -> bytes:
            return data

        request = messages.series_request(min(most, limits.MAX_SLICES))
        return messages.series(*await self._answer(request, self._heavy, read))

    async def measured(self, read: Callable[[], Awaitable[bytes]]) -> Measures:
        """Read how long a recording lasts and how large its picture is; nothing is decoded.

        Args:
            read: As `photo_sizes` takes it.

        Raises:
            pictures.errors.PictureError: If it is too large, or harmed whoever read it.
            pictures.errors.PictureProcessFailed: The machinery failed, not the recording.
        """
        return await self._ask(messages.measured_request(), messages.measures, read)

    async def _ask(
        self,
        request: Header,
        parse: Callable[[Header, list[bytes]], T],
        read: Callable[[], Awaitable[bytes]],
    ) -> T:
        try:
            return parse(*await self._answer(request, self._ordinary, read))
        except (PictureTooLarge, PictureTimeout):
            return parse(*await self._answer(request, self._heavy, read))

    async def _answer(
        self, request: Header, lane: Lane, read: Callable[[], Awaitable[bytes]]
    ) -> Frame:
        async with self._slots[lane]:
            data = await read()
            if not data:
                raise EmptyPicture
            if len(data) > limits.MAX_BYTES:
                raise PictureTooLarge(messages.too_many_bytes())
            frame = frames.pack(messages.in_lane(request, lane), [data], limits.REQUEST)
            return await self._decoded(frame, lane, threads=sniff(data) is Format.HEIF)

    async def _decoded(self, request: bytes, lane: Lane, *, threads: bool) -> Frame:
        children_lost = 0
        for _ in range(_ATTEMPTS):
            zygote = await self._running_zygote()
            try:
                return await _ask_child(zygote, request, lane, threads=threads)
            except _ZygoteLost:
                continue
            except _ChildLost:
                children_lost += 1
        raise DamagedPicture if children_lost == _ATTEMPTS else PictureProcessFailed

    async def confinement(self) -> Mapping[str, bool]:
        """What is kept from a decoder, in words, and whether it really is on this machine.

        Raises:
            PictureProcessFailed: It does not start.
        """
        return (await self._running_zygote()).held

    async def _running_zygote(self) -> "_Zygote":
        async with self._starting:
            if self._zygote is not None and not self._zygote.alive:
                await self._zygote.stop()
                self._zygote = None
            if self._zygote is None:
                self._zygote = await _Zygote.start()
                _log(self._zygote.held)
            return self._zygote


def _log(held: Mapping[str, bool]) -> None:
    missing = [what for what, holds in held.items() if not holds]
    if missing:
        log.warning("not kept from the picture process on this machine: %s", ", ".join(missing))
    else:
        log.info("the picture process is confined: all %d steps hold", len(held))


class _ZygoteLost(Exception):
    """The zygote ended or does not answer; the picture was not to blame."""


class _ChildLost(Exception):
    """The child ended without an answer."""


class _Zygote:
    """One running zygote and the control socket to it."""

    def __init__(self, process: asyncio.subprocess.Process, control: socket.socket) -> None:
        self.held: Mapping[str, bool] = {}
        self._process = process
        self._control = control
        self._given_up = False

    @classmethod
    async def start(cls) -> "_Zygote":
        control, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        control.setblocking(False)
        try:
            with theirs:
                process = await _spawn(theirs)
        except OSError as error:
            control.close()
            raise PictureProcessFailed from error
        zygote = cls(process, control)
        try:
            await zygote._await_ready()
        except BaseException:
            await zygote.stop()
            raise
        return zygote

    @property
    def alive(self) -> bool:
        """Whether it still holds its end of the control socket."""
        if self._given_up:
            return False
        try:
            return bool(self._control.recv(1, socket.MSG_PEEK))
        except BlockingIOError:
            return True
        except OSError:
            return False

    @contextlib.asynccontextmanager
    async def fork(
        self, niceness: int, *, threads: bool
    ) -> AsyncIterator[tuple[asyncio.StreamReader, asyncio.StreamWriter]]:
        """Have a disposable child made; it is killed on leaving, whatever happened.

        Args:
            niceness: How far it gives way to others.
            threads: Whether it may start threads.

        Yields:
            The streams from and to the child.

        Raises:
            _ZygoteLost: The zygote ended, or did not fork in time.
        """
        ours, theirs = socket.socketpair()
        reader, writer = await asyncio.open_unix_connection(sock=ours)
        try:
            pidfd = await self._hand_over(theirs, bytes([niceness, threads]), reader)
            try:
                yield reader, writer
            finally:
                with contextlib.suppress(ProcessLookupError):
                    signal.pidfd_send_signal(pidfd, signal.SIGKILL)
                os.close(pidfd)
        finally:
            writer.transport.abort()

    async def _hand_over(
        self, theirs: socket.socket, manner: bytes, reader: asyncio.StreamReader
    ) -> int:
        try:
            with theirs:
                socket.send_fds(self._control, [manner], [theirs.fileno()])
            async with asyncio.timeout(_FORK_TIMEOUT_S):
                (pid,) = _PID.unpack(await reader.readexactly(_PID.size))
            return os.pidfd_open(pid)
        except (OSError, TimeoutError, asyncio.IncompleteReadError) as error:
            self._kill()
            raise _ZygoteLost from error

    async def _await_ready(self) -> None:
        loop = asyncio.get_running_loop()
        try:
            async with asyncio.timeout(_START_TIMEOUT_S):
                ready = await loop.sock_recv(self._control, messages.READY_BYTES)
        except (OSError, TimeoutError) as error:
            raise PictureProcessFailed from error
        if not ready:
            raise PictureProcessFailed
        self.held = messages.held(ready)

    async def stop(self) -> None:
        """Close the control socket, which ends it; kill it if that does not."""
        self._control.close()
        try:
            async with asyncio.timeout(_STOP_TIMEOUT_S):
                await self._process.wait()
        except TimeoutError:
            self._kill()
            await self._process.wait()

    def _kill(self) -> None:
        self._given_up = True
        with contextlib.suppress(ProcessLookupError):
            self._process.kill()


async def _ask_child(zygote: _Zygote, request: bytes, lane: Lane, *, threads: bool) -> Frame:
    async with zygote.fork(lane.niceness, threads=threads) as (reader, writer):
        try:
            async with asyncio.timeout(lane.deadline_s):
                writer.write(request)
                await writer.drain()
                return await frames.receive(reader, limits.ANSWER)
        except TimeoutError:
            raise PictureTimeout from None
        except (ConnectionError, frames.BrokenFrame) as error:
            if not zygote.alive:
                raise _ZygoteLost from error
            raise _ChildLost from error


async def _spawn(control: socket.socket) -> asyncio.subprocess.Process:
    return await asyncio.create_subprocess_exec(
        *python_module(_ZYGOTE, str(control.fileno())),
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.DEVNULL,
        env=_environment(),
        pass_fds=[control.fileno()],
        start_new_session=True,  # Ctrl-C is for the owner, who closes the control socket
    )


def _environment() -> dict[str, str]:
    """Where to find the code and nothing else: no token of ours is within a decoder's reach."""
    return {
        "PYTHONPATH": os.pathsep.join(path for path in sys.path if path),
        "LANG": "C.UTF-8",
        "OPENBLAS_NUM_THREADS": "1",  # threads do not survive a fork
        "GLIBC_TUNABLES": "glibc.malloc.hugetlb=1",  # 2,000 page faults less for each picture
    }
