"""One model process: its pipes, its messages and its end.

Knows how to start it, exchange messages with it and end it. Must not know readings or tiers.
"""

import asyncio
import os
import signal
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

from inference.errors import EngineStopped, RequestRefused, WireError
from inference.local import wire
from inference.local.wire import Message, encode
from machine.project import PROJECT_ROOT, python_module

COMMAND = tuple(python_module("inference.runtime"))
BUFFER_BYTES = 1024 * 1024


class ModelProcess:
    """A started model process. It ends itself when its standard input closes."""

    def __init__(self, process: asyncio.subprocess.Process, end_s: float) -> None:
        self._process = process
        self._end_s = end_s
        self.retired = False

    @classmethod
    @asynccontextmanager
    async def started(cls, command: Sequence[str], end_s: float) -> AsyncIterator["ModelProcess"]:
        """Start the process, and end it on leaving.

        Args:
            command: Its command line; it speaks `inference.local.wire` over standard input and
                output.
            end_s: Time it has to end by itself before it is killed.

        Raises:
            EngineStopped: The process could not be started.
            asyncio.CancelledError: On being cancelled; the process is killed at once.
        """
        try:
            process = await asyncio.create_subprocess_exec(
                *command,
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                limit=BUFFER_BYTES,
                cwd=PROJECT_ROOT,
                env=_environment(),
                start_new_session=True,  # Ctrl-C in a terminal is the parent's to handle
            )
        except OSError as error:
            raise EngineStopped(f"The model process could not be started: {error}.") from error
        model_process = cls(process, end_s)
        try:
            yield model_process
        except asyncio.CancelledError:
            model_process._kill()  # a cancelled caller must stop now, and nothing is lost by it
            raise
        finally:
            await model_process.end()

    async def send(self, message: Message) -> None:
        """Write a message to the process.

        Raises:
            EngineStopped: The process is gone.
            RequestRefused: The message is larger than a frame may be.
        """
        assert self._process.stdin is not None  # noqa: S101 - a pipe was asked for
        try:
            frame = encode(message)
        except WireError as error:
            raise RequestRefused("The pictures and texts are too many or too large.") from error
        try:
            self._process.stdin.write(frame)
            await self._process.stdin.drain()
        except (BrokenPipeError, ConnectionResetError) as error:
            raise EngineStopped from error

    def messages(self) -> AsyncIterator[Message]:
        """Receive messages until the process closes its output; raises `WireError`."""
        assert self._process.stdout is not None  # noqa: S101 - a pipe was asked for
        return wire.messages(self._process.stdout)

    def retire(self) -> None:
        """Kill the process on purpose, which does not count as a crash."""
        self.retired = True
        self._kill()

    async def end(self) -> None:
        """Close its input and wait for it to end; kill it after `end_s`."""
        assert self._process.stdin is not None  # noqa: S101 - a pipe was asked for
        self._process.stdin.close()
        try:
            async with asyncio.timeout(self._end_s):
                await self._process.wait()
        except TimeoutError:
            self._kill()
            await self._process.wait()
        except asyncio.CancelledError:
            self._kill()
            raise

    async def how_it_ended(self) -> str:
        """End it, and say in words how it ended."""
        await self.end()
        code = self._process.returncode or 0
        if code >= 0:
            return f"exit status {code}"
        name = signal.Signals(-code).name
        return f"{name}, perhaps for lack of memory" if code == -signal.SIGKILL else name

    def _kill(self) -> None:
        if self._process.returncode is None:
            self._process.kill()


def _environment() -> dict[str, str]:
    """Without EdgeRad's settings and secrets, and with Hugging Face's hub switched off."""
    kept = {key: value for key, value in os.environ.items() if not key.startswith("EDGERAD_")}
    return kept | {"HF_HUB_OFFLINE": "1", "HF_HUB_DISABLE_TELEMETRY": "1"}
