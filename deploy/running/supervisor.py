"""Keeps the parts running: starts them, shows their lines, restarts one that ends.

Knows processes and time. Must not know what the parts do, nor any of their data.
"""

import asyncio
import contextlib
import functools
import os
import signal
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field

from deploy.running.watchdog import Watchdog, listening, without_other_managers
from machine.backoff import Backoff
from machine.faults import EXIT_STATUS
from machine.process_rights import end_with_parent
from machine.project import python_module

FIRST_DELAY_S = 0.5
LONGEST_DELAY_S = 30.0
STEADY_S = 60.0
STOP_S = 4.0
LAST_LINES_S = 0.5
SILENCE_S = 60.0
"""How long a part's event loop may block; on a busy machine it does for seconds."""
LINE_LIMIT_BYTES = 1 << 20

Say = Callable[[str, str], None]
"""Shows one line of a part: the part's name, the line."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A program of the system, started as a process of its own.

    Args:
        name: Shown before its lines.
        command: Program and arguments.
        environment: Its whole environment.
        descriptors: Which of this process's file descriptors it is given, by the same numbers.
        silence_s: How long it may send no sign of life by `machine.systemd` once it is ready.
    """

    name: str
    command: Sequence[str]
    environment: Mapping[str, str]
    descriptors: tuple[int, ...] = ()
    silence_s: float = SILENCE_S


def python_part(
    name: str, module: str, environment: Mapping[str, str], descriptors: tuple[int, ...] = ()
) -> Part:
    """Describe a part that is one of this project's modules, run by this very Python."""
    command = python_module(module)
    return Part(name=name, command=command, environment=environment, descriptors=descriptors)


@dataclass(slots=True)
class Supervisor:
    """Runs parts until it is cancelled; a part that ends is started again.

    Args:
        say: Shows the parts' lines.
        clock: Monotonic seconds.
        sleep: Waits; tests own time.
    """

    say: Say
    clock: Callable[[], float] = time.monotonic
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
    pids: dict[str, int] = field(default_factory=dict)
    _starts: dict[str, asyncio.Future[bool]] = field(default_factory=dict)

    async def comes_up(self, part: Part) -> bool:
        """Wait until a part that is kept running is ready for the first time.

        Returns:
            False if it ended instead, with a fault that no other start mends.
        """
        return await asyncio.shield(self._first_start(part))

    def has_failed(self, part: Part) -> bool:
        """Whether a part ended with such a fault before it was ready for the first time."""
        start = self._first_start(part)
        return start.done() and not start.result()

    def _first_start(self, part: Part) -> asyncio.Future[bool]:
        future = asyncio.get_running_loop().create_future
        return self._starts.get(part.name) or self._starts.setdefault(part.name, future())

    def _has_started(self, part: Part, *, well: bool) -> None:
        if not self._first_start(part).done():
            self._first_start(part).set_result(well)

    async def keep_running(self, part: Part) -> None:
        """Start a part and start it again each time it ends; never returns.

        Cancelling stops the part: politely first, by force after `STOP_S`.
        """
        backoff = Backoff(FIRST_DELAY_S, LONGEST_DELAY_S)
        while True:
            started = self.clock()
            code = await self._run_once(part)
            if code == EXIT_STATUS:
                self._has_started(part, well=False)
            if self.clock() - started >= STEADY_S:
                backoff.reset()
            delay_s = backoff.next_delay_s()
            self.say(part.name, f"ended ({_ending(code)}); starts again in {delay_s:g} s")
            await self.sleep(delay_s)

    async def _run_once(self, part: Part) -> int:
        with listening(part.silence_s) as watchdog:
            return await self._run_watched(part, watchdog)

    async def _run_watched(self, part: Part, watchdog: Watchdog) -> int:
        async with _pipe() as (lines, writing_end):
            process = await asyncio.create_subprocess_exec(
                *part.command,
                env=without_other_managers(part.environment) | watchdog.environment(),
                stdin=asyncio.subprocess.DEVNULL,
                stdout=writing_end,
                stderr=writing_end,
                pass_fds=part.descriptors,
                start_new_session=True,
                # stops it, should this supervisor be killed outright
                preexec_fn=functools.partial(end_with_parent, signal.SIGTERM),
            )
            os.close(writing_end)
            self.pids[part.name] = process.pid
            async with asyncio.TaskGroup() as group:
                forwarding = group.create_task(self._forward(part.name, lines))
                watching = group.create_task(self._watch(part, watchdog, process))
                try:
                    return await process.wait()
                finally:
                    watching.cancel()
                    await asyncio.shield(_end(process))
                    await asyncio.wait([forwarding], timeout=LAST_LINES_S)
                    forwarding.cancel()

    async def _watch(
        self, part: Part, watchdog: Watchdog, process: asyncio.subprocess.Process
    ) -> None:
        """Notice that a part is ready; kill one that hangs."""
        await watchdog.until_ready()
        self._has_started(part, well=True)
        await watchdog.until_silent()
        self.say(part.name, f"has hung for {part.silence_s:g} s and is killed")
        process.kill()

    async def _forward(self, name: str, lines: asyncio.StreamReader) -> None:
        """Show the part's lines until everything that writes them has ended."""
        while True:
            try:
                line = await lines.readline()
            except ValueError:
                continue  # longer than LINE_LIMIT_BYTES: asyncio dropped it
            if not line:
                return
            self.say(name, line.decode(errors="replace").rstrip())


@contextlib.asynccontextmanager
async def _pipe() -> AsyncIterator[tuple[asyncio.StreamReader, int]]:
    """A pipe that asyncio does not know.

    With asyncio's own, `Process.wait` returns only when every process that inherited the pipe has
    ended, so a killed part's orphans would delay its next start.

    Yields:
        The reading end, and the writing end's descriptor, which the caller closes.
    """
    reading_end, writing_end = os.pipe()
    lines = asyncio.StreamReader(limit=LINE_LIMIT_BYTES)
    transport, _ = await asyncio.get_running_loop().connect_read_pipe(
        lambda: asyncio.StreamReaderProtocol(lines), os.fdopen(reading_end, "rb")
    )
    try:
        yield lines, writing_end
    finally:
        transport.close()


async def _end(process: asyncio.subprocess.Process) -> None:
    """End a part and every process that it left in its process group."""
    if process.returncode is None:
        process.terminate()
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(process.wait(), STOP_S)
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    await process.wait()


def _ending(code: int) -> str:
    if code < 0:
        return f"by signal {signal.Signals(-code).name}"
    return f"exit status {code}"
