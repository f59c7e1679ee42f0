import asyncio
import itertools
import os
import signal
import sys
import textwrap
import time
from collections.abc import Awaitable, Callable
from dataclasses import replace

import psutil
import pytest

from deploy.running.supervisor import STEADY_S, Part, Supervisor
from deploy.running.watchdog import listening
from machine.project import PROJECT_ROOT
from machine.systemd import ALIVE, READY, notify


def python(script: str, name: str = "part") -> Part:
    code = textwrap.dedent(script)
    return Part(name=name, command=[sys.executable, "-Sc", code], environment=dict(os.environ))


class Log:
    """Keeps the lines; lets a test wait for one."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self._news = asyncio.Event()

    def say(self, name: str, line: str) -> None:
        self.lines.append(f"{name}: {line}")
        self._news.set()

    async def until(self, wanted: str, times: int = 1) -> None:
        async with asyncio.timeout(90):
            while sum(wanted in line for line in self.lines) < times:
                self._news.clear()
                await self._news.wait()


async def stop(task: asyncio.Task[None]) -> float:
    """Cancel and await a task; says how long its end took, in seconds."""
    started = time.monotonic()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    return time.monotonic() - started


def supervise(
    part: Part, log: Log, sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
) -> tuple[Supervisor, asyncio.Task[None]]:
    supervisor = Supervisor(log.say, sleep=sleep)
    # the test owns this task and awaits it in `stop`
    return supervisor, asyncio.get_running_loop().create_task(supervisor.keep_running(part))


async def test_a_part_that_ends_is_started_again_and_its_lines_are_shown() -> None:
    log, delays = Log(), list[float]()

    async def sleep(delay_s: float) -> None:
        delays.append(delay_s)
        if len(delays) == 3:
            await asyncio.Event().wait()

    _, task = supervise(python("print('hello'); raise SystemExit(3)"), log, sleep)
    await log.until("starts again in 2 s")
    await stop(task)

    assert delays == [0.5, 1.0, 2.0]
    assert log.lines[:2] == ["part: hello", "part: ended (exit status 3); starts again in 0.5 s"]


async def test_a_part_that_ran_steadily_starts_again_at_once() -> None:
    delays = list[float]()
    lives = itertools.count(step=STEADY_S)

    async def sleep(delay_s: float) -> None:
        delays.append(delay_s)
        if len(delays) == 3:
            raise TimeoutError

    supervisor = Supervisor(Log().say, clock=lambda: next(lives), sleep=sleep)
    with pytest.raises(TimeoutError):
        await supervisor.keep_running(python(""))

    assert delays == [0.5, 0.5, 0.5]


async def test_a_killed_part_is_started_again_and_what_it_left_behind_is_ended() -> None:
    log = Log()
    script = """
        import subprocess, time
        child = subprocess.Popen(["sleep", "600"])
        print("up", child.pid, flush=True)
        time.sleep(600)
    """
    supervisor, task = supervise(python(script), log)
    await log.until("part: up")
    first_pid, orphan = supervisor.pids["part"], psutil.Process(int(log.lines[0].split()[-1]))
    os.kill(first_pid, signal.SIGKILL)
    await log.until("SIGKILL")
    await log.until("part: up", times=2)
    assert supervisor.pids["part"] != first_pid
    assert not orphan.is_running() or orphan.status() == psutil.STATUS_ZOMBIE
    await stop(task)


async def test_an_orphan_that_left_the_group_does_not_hold_up_the_next_start(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("deploy.running.supervisor.LAST_LINES_S", 0.05)
    log = Log()
    script = """
        import subprocess, time
        child = subprocess.Popen(["sleep", "5"], start_new_session=True)
        print("up", flush=True)
        time.sleep(600)
    """
    supervisor, task = supervise(python(script), log)
    await log.until("part: up")
    os.kill(supervisor.pids["part"], signal.SIGKILL)
    await log.until("part: up", times=2)
    await stop(task)


async def test_stopping_is_polite_and_last_words_are_shown() -> None:
    log = Log()
    script = """
        import signal, sys, time
        def end(*_):
            print("goodbye", flush=True)
            sys.exit(0)
        signal.signal(signal.SIGTERM, end)
        print("up", flush=True)
        while True:
            time.sleep(0.05)  # one long sleep may begin just after the signal
    """
    _, task = supervise(python(script), log)
    await log.until("up")
    assert await stop(task) < 2
    assert log.lines == ["part: up", "part: goodbye"]


async def test_a_part_that_does_not_listen_is_ended_by_force(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("deploy.running.supervisor.STOP_S", 0.2)
    log = Log()
    script = """
        import signal, time
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        print("deaf", flush=True)
        time.sleep(600)
    """
    supervisor, task = supervise(python(script), log)
    await log.until("deaf")
    assert await stop(task) < 2
    assert not psutil.pid_exists(supervisor.pids["part"])


async def test_a_line_without_an_end_does_not_stop_the_forwarding() -> None:
    log = Log()
    script = """
        import time
        print("x" * (3 << 20), flush=True)
        print("after", flush=True)
        time.sleep(600)
    """
    _, task = supervise(python(script), log)
    await log.until("after")
    await stop(task)


async def test_a_part_ends_although_its_supervisor_was_killed_outright() -> None:
    script = """
        import asyncio, os, sys
        from deploy.running.supervisor import Part, Supervisor
        child = [sys.executable, "-c", "import time; print('up', flush=True); time.sleep(600)"]
        def say(name, line):
            print(supervisor.pids[name], flush=True)
        supervisor = Supervisor(say)
        part = Part(name="part", command=child, environment=dict(os.environ))
        asyncio.run(supervisor.keep_running(part))
    """
    supervisor = await asyncio.create_subprocess_exec(
        sys.executable,
        "-c",
        textwrap.dedent(script),
        stdout=asyncio.subprocess.PIPE,
        cwd=PROJECT_ROOT,
    )
    assert supervisor.stdout is not None
    part = psutil.Process(int(await supervisor.stdout.readline()))
    supervisor.kill()
    await supervisor.wait()
    gone, _ = await asyncio.to_thread(psutil.wait_procs, [part], timeout=10)
    assert gone or part.status() == psutil.STATUS_ZOMBIE


SPEAKER = """
    import os, socket, time
    manager = "\\0" + os.environ["NOTIFY_SOCKET"][1:]
    mouth = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    def say(words):
        mouth.sendto(words, manager)
    print("limit", os.environ["WATCHDOG_USEC"], os.environ.get("WATCHDOG_PID"), flush=True)
"""


async def test_a_part_that_hangs_after_it_was_ready_is_killed_and_started_again() -> None:
    log = Log()
    script = textwrap.dedent(SPEAKER) + "say(b'READY=1')\ntime.sleep(600)\n"
    part = replace(python(script), silence_s=0.2, environment=os.environ | {"WATCHDOG_PID": "1"})
    _, task = supervise(part, log)
    await log.until("limit", times=2)
    await stop(task)
    assert log.lines[0] == "part: limit 200000 None"
    assert "part: has hung for 0.2 s and is killed" in log.lines
    assert any("SIGKILL" in line for line in log.lines)


async def test_a_part_that_says_that_it_turns_is_left_alone() -> None:
    log = Log()
    script = textwrap.dedent(SPEAKER) + textwrap.dedent("""
        say(b"READY=1")
        for beat in range(40):
            time.sleep(0.05)
            say(b"WATCHDOG=1")
        print("done", flush=True)
        while True:
            time.sleep(0.05)
            say(b"WATCHDOG=1")
    """)
    _, task = supervise(replace(python(script), silence_s=1.9), log)
    await log.until("done")
    await stop(task)
    assert log.lines == ["part: limit 1900000 None", "part: done"]


async def test_a_part_that_is_not_ready_yet_may_take_its_time() -> None:
    with listening(silence_s=0.05) as watchdog:
        waiting = asyncio.get_running_loop().create_task(watchdog.until_ready())
        await asyncio.wait([waiting], timeout=0.2)
        assert not waiting.done()
        notify(READY, watchdog.environment())
        await waiting
        await watchdog.until_silent()


async def test_beats_that_waited_while_this_process_was_held_up_count() -> None:
    with listening(silence_s=0.1) as watchdog:
        notify(READY, watchdog.environment())
        watching = asyncio.get_running_loop().create_task(watchdog.until_silent())
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        for _ in range(3):
            notify(ALIVE, watchdog.environment())
        time.sleep(0.2)  # noqa: ASYNC251 - the loop is held up on purpose
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        assert not watching.done()
        watching.cancel()


async def test_a_part_comes_up_once_it_says_that_it_is_ready() -> None:
    """`edgerad up` calls itself ready when the bot is, and not before."""
    log = Log()
    part = python(
        """
        import os, socket, time
        address = os.environ["NOTIFY_SOCKET"]
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as sender:
            sender.sendto(b"READY=1", "\\0" + address[1:])
        time.sleep(60)
        """
    )
    supervisor, task = supervise(part, log)
    async with asyncio.timeout(90):
        assert await supervisor.comes_up(part)
    await stop(task)


async def test_a_part_that_ends_with_a_fault_in_words_does_not_come_up() -> None:
    log = Log()
    part = python("import sys; print('the disk is full'); sys.exit(2)")
    supervisor, task = supervise(part, log)
    async with asyncio.timeout(90):
        assert not await supervisor.comes_up(part)
    assert "part: the disk is full" in log.lines
    await stop(task)


async def test_a_part_that_is_killed_before_it_is_ready_is_waited_for() -> None:
    log = Log()
    part = python("import os, signal; os.kill(os.getpid(), signal.SIGKILL)")
    supervisor, task = supervise(part, log)
    await log.until("SIGKILL", times=2)
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0):
            await supervisor.comes_up(part)
    await stop(task)
