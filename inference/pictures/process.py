"""The caller's side of the picture process: ask, wait no longer than the deadline, start it anew.

Knows processes and deadlines. Must not know picture formats.

One *zygote* process has the decoders loaded and never touches a picture. For each request it gets
one end of a socket pair, forks a disposable child on it, and forgets it. The child tells its pid,
reads the file, answers, and ends; whatever it does meanwhile, it is killed at the deadline.
"""

import asyncio
import contextlib
import os
import signal
import socket
import struct
import sys
from collections.abc import AsyncIterator, Sequence
from typing import Self

from inference.errors import (
    DamagedPicture,
    EmptyPicture,
    PictureProcessFailed,
    PictureTimeout,
    PictureTooLarge,
)
from inference.pictures import frames, limits, messages
from inference.pictures.picture import PhotoSize, Picture

_START_TIMEOUT_S = 60.0
_FORK_TIMEOUT_S = 10.0
_STOP_TIMEOUT_S = 3.0
_ATTEMPTS = 3
"""The kernel may end a child for want of memory: the picture is to blame only if each one ends."""
_PID = struct.Struct(">I")


class PictureProcess:
    """Decodes untrusted pictures elsewhere; an async context manager owns the processes.

    Args:
        deadline_s: Wall time that one picture may take.
        concurrency: How many pictures are decoded at once; more requests wait for their turn.
    """

    def __init__(
        self,
        *,
        deadline_s: float = limits.DEADLINE_S,
        concurrency: int = limits.CONCURRENCY,
    ) -> None:
        self._deadline_s = deadline_s
        self._slots = asyncio.Semaphore(concurrency)
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

    async def prepare(self, data: bytes) -> Picture:
        """Decode a file and make an upright RGB picture without metadata of it.

        Args:
            data: The whole file, as it came.

        Returns:
            The picture, at most `limits.OUTPUT_SIDE_PX` on its longer side.

        Raises:
            inference.errors.PictureError: With a subclass that says what is wrong with the file.
            inference.errors.PictureProcessFailed: The machinery failed, not the picture.
        """
        return messages.picture(*await self._ask(messages.prepare_request(), data))

    async def photo_sizes(
        self, data: bytes, boxes_px: Sequence[int] = (90, 320, 800, 1280)
    ) -> tuple[PhotoSize, ...]:
        """Decode a file and make the sizes that a chat keeps of a photo.

        Args:
            data: The whole file, as it came.
            boxes_px: Side lengths of the squares that the sizes fit into; nothing is enlarged.

        Returns:
            At least two sizes, ascending.

        Raises:
            inference.errors.PictureError: With a subclass that says what is wrong with the file.
            inference.errors.PictureProcessFailed: The machinery failed, not the picture.
        """
        return messages.photo_sizes(*await self._ask(messages.sizes_request(boxes_px), data))

    async def _ask(self, request: frames.Header, data: bytes) -> messages.Answer:
        if not data:
            raise EmptyPicture
        if len(data) > limits.MAX_BYTES:
            raise PictureTooLarge(messages.too_many_bytes())
        async with self._slots:
            children_lost = 0
            for _ in range(_ATTEMPTS):
                zygote = await self._running_zygote()
                try:
                    return await self._exchange(zygote, frames.pack(request, [data]))
                except _ZygoteLost:
                    continue
                except _ChildLost:
                    children_lost += 1
        raise DamagedPicture if children_lost == _ATTEMPTS else PictureProcessFailed

    async def _exchange(self, zygote: "_Zygote", request: list[bytes]) -> messages.Answer:
        async with zygote.fork() as (reader, writer):
            try:
                async with asyncio.timeout(self._deadline_s):
                    writer.writelines(request)
                    await writer.drain()
                    return await frames.receive(reader, limits.MAX_ANSWER_BYTES)
            except TimeoutError:
                raise PictureTimeout from None
            except (asyncio.IncompleteReadError, ConnectionError, frames.BrokenFrame) as error:
                if not zygote.alive:
                    raise _ZygoteLost from error
                raise _ChildLost from error

    async def _running_zygote(self) -> "_Zygote":
        async with self._starting:
            if self._zygote is not None and not self._zygote.alive:
                await self._zygote.stop()
                self._zygote = None
            if self._zygote is None:
                self._zygote = await _Zygote.start()
            return self._zygote


class _ZygoteLost(Exception):
    """The zygote ended or does not answer; the picture was not to blame."""


class _ChildLost(Exception):
    """The child ended without an answer."""


class _Zygote:
    """One running zygote and the control socket to it."""

    def __init__(self, process: asyncio.subprocess.Process, control: socket.socket) -> None:
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
    async def fork(self) -> AsyncIterator[tuple[asyncio.StreamReader, asyncio.StreamWriter]]:
        """Have a disposable child made; it is killed on leaving, whatever happened.

        Yields:
            The streams from and to the child.

        Raises:
            _ZygoteLost: The zygote ended, or did not fork in time.
        """
        ours, theirs = socket.socketpair()
        reader, writer = await asyncio.open_unix_connection(sock=ours)
        try:
            pidfd = await self._hand_over(theirs, reader)
            try:
                yield reader, writer
            finally:
                with contextlib.suppress(ProcessLookupError):
                    signal.pidfd_send_signal(pidfd, signal.SIGKILL)
                os.close(pidfd)
        finally:
            writer.transport.abort()

    async def _hand_over(self, theirs: socket.socket, reader: asyncio.StreamReader) -> int:
        try:
            with theirs:
                socket.send_fds(self._control, [b"f"], [theirs.fileno()])
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
                ready = await loop.sock_recv(self._control, 1)
        except (OSError, TimeoutError) as error:
            raise PictureProcessFailed from error
        if not ready:
            raise PictureProcessFailed

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


async def _spawn(control: socket.socket) -> asyncio.subprocess.Process:
    return await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "inference.pictures",
        str(control.fileno()),
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
