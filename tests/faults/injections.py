"""The faults that can be put into a running gateway or bot, by wrapping its own functions.

Knows the names of the product's functions at which something goes wrong. Runs inside the part.
"""

import asyncio
import importlib
import inspect
import os
import signal
import sys
import threading
import time
from collections.abc import Awaitable, Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any, NoReturn

from tests.faults.points import POINTS, Point

ROOT = Path(__file__).resolve().parents[2]
MODEL_PROCESS = ROOT / "tests" / "integration" / "scripted_model_process.py"
WATCH_S = 0.02

Wrapper = Callable[[Callable[..., Any]], Callable[..., Any]]


def die() -> NoReturn:
    """End this process at once, as a power cut or the kernel's out-of-memory killer would."""
    os.kill(os.getpid(), signal.SIGKILL)
    raise AssertionError("unreachable")


def wrap(target: str, wrapper: Wrapper) -> None:
    """Put a wrapper around `module:Class.function`."""
    module, _, path = target.partition(":")
    *owners, name = path.split(".")
    owner: Any = importlib.import_module(module)
    for each in owners:
        owner = getattr(owner, each)
    setattr(owner, name, wrapper(getattr(owner, name)))


def put(target: str, value: object) -> None:
    """Put a value in the place of `module:name`."""
    wrap(target, lambda _: value)  # type: ignore[arg-type,return-value]  # a constant, not a function


def crash(point_name: str) -> None:
    """Die the first time that the bot gets to a point."""
    point = POINTS[point_name]
    wrap(point.target, partial(_dying, point=point))


def _dying(function: Callable[..., Any], point: Point) -> Callable[..., Any]:
    def dying_at_once(*arguments: Any, **named: Any) -> Any:
        if point.meant(*arguments):
            die()
        return function(*arguments, **named)

    async def dying(*arguments: Any, **named: Any) -> Any:
        if not point.after and point.meant(*arguments):
            die()
        result = await function(*arguments, **named)
        if point.after and point.meant(result):
            die()
        return result

    return dying if inspect.iscoroutinefunction(function) else dying_at_once


def crash_once_confirmed(_: object) -> None:
    """Handle nothing, and die once the server was told that all updates are committed."""

    def holding(_handle: Callable[..., Any]) -> Callable[..., Awaitable[None]]:
        async def hold(inbox: Any, _stored: object) -> None:
            while (await inbox._bot.get_webhook_info()).pending_update_count:
                await asyncio.sleep(WATCH_S)
            die()

        return hold

    wrap("bot.inbox:UpdateLoop.process_one", holding)


def crash_in_migration(statements: int) -> None:
    """Die in the middle of the bot's migration, after so many of its statements."""

    def cut(split: Callable[[str], Iterator[str]]) -> Callable[[str], Iterator[str]]:
        def statements_until(script: str) -> Iterator[str]:
            for number, statement in enumerate(split(script)):
                if number == statements:
                    die()
                yield statement

        return statements_until

    wrap("storage.migrations:_statements", cut)


def crash_in_gateway_migration(steps: int) -> None:
    """Die in the middle of the gateway's migration, after so many of SQLite's virtual steps."""

    def cut(migrate: Callable[..., None]) -> Callable[..., None]:
        def migrate_until(connection: Any, scripts: Sequence[str]) -> None:
            connection.set_progress_handler(die, steps)
            migrate(connection, scripts)

        return migrate_until

    wrap("storage.database:migrate", cut)


def note_redeliveries(file: str) -> None:
    """Write a line to a file each time that a message is sent which was begun before."""

    def noting(deliver: Callable[..., Awaitable[None]]) -> Callable[..., Awaitable[None]]:
        async def note(outbox: Any, delivery: Any) -> None:
            if delivery.attempts > 1:
                with Path(file).open("a") as lines:
                    lines.write(f"{delivery.outbox_id}\n")
            await deliver(outbox, delivery)

        return note

    wrap("bot.outbox:MessageSender.deliver_one", noting)


def scramble(_: object) -> None:
    """Have the server's answers come out of order, twice, and with all that was ever sent."""
    seen: list[Any] = []

    def scrambled(post: Callable[..., Awaitable[Any]]) -> Callable[..., Awaitable[Any]]:
        async def scrambling(request: Any, url: str, *arguments: Any, **named: Any) -> Any:
            result = await post(request, url, *arguments, **named)
            if "/getUpdates" not in url or not result:
                return result
            seen.extend(result)
            return [*reversed(seen), *seen]

        return scrambling

    wrap("telegram.request:BaseRequest.post", scrambled)


def stopped_heart(lease_s: float) -> None:
    """Never renew a claim, which runs out after `lease_s`."""

    def dead(_heartbeat: Callable[..., Any]) -> Callable[..., Awaitable[bool]]:
        async def beat(*_: object) -> bool:
            return True

        return beat

    put("bot.analyst:LEASE", timedelta(seconds=lease_s))
    wrap("bot.store.claims:Claims.heartbeat", dead)


def model_lives(lives: list[str]) -> None:
    """Have a scripted model process in the place of the real one, which lives these lives."""
    starts = Path(os.environ["EDGERAD_HOME"]) / "starts"
    command = (sys.executable, str(MODEL_PROCESS), str(starts), *lives)
    wrap("bot.app:LocalExecutor", lambda executor: partial(executor, command=command))


def engine(answers: list[dict[str, Any]]) -> None:
    """Have the scripted engine give these answers, the last one for ever."""
    from inference.scripted import ScriptedAnswer  # noqa: PLC0415 - the gateway's launcher needs none of it

    made = [ScriptedAnswer(**answer) for answer in answers]

    def scripted(executor: Callable[..., Any]) -> Callable[..., Any]:
        return lambda **_: executor(made, default=made[-1])

    wrap("bot.app:ScriptedExecutor", scripted)


def held(flag_file: str) -> None:
    """Have the scripted engine be in the middle of a reading for as long as a file is there."""
    flag = Path(flag_file)

    async def wait(_seconds: float) -> None:
        while _there(flag):
            await asyncio.sleep(WATCH_S)

    wrap("bot.app:ScriptedExecutor", lambda executor: partial(executor, sleep=wait))


def quick_retries(seconds: float) -> None:
    """Try again soon what took too long."""
    put("bot.analyst:DEADLINE_RETRY_S", seconds)


def clock(offset_file: str) -> None:
    """Tell a time that is as many seconds away from the true one as the file says at the moment."""
    file, true_time = Path(offset_file), time.time

    def shifted() -> float:
        return true_time() + float(file.read_text())

    def now(_self: object) -> datetime:
        return datetime.fromtimestamp(shifted(), UTC)

    time.time = shifted
    put("machine.clock:SystemClock.now", now)
    put("bot.app:LONGEST_WAIT", timedelta(seconds=1))
    put("bot.app:CLOCK_WATCH_S", 0.2)


def no_descriptors(flag_file: str) -> None:
    """Use up all file descriptors whenever a file is there, until it is gone."""
    threading.Thread(target=_hoard, args=(Path(flag_file),), daemon=True).start()


def _hoard(flag: Path) -> None:
    hoard: list[int] = []
    while True:
        if not _there(flag):
            while hoard:
                os.close(hoard.pop())
        else:
            _take_all(hoard)
        time.sleep(WATCH_S)


def _there(flag: Path) -> bool:
    try:
        flag.stat()
    except FileNotFoundError:
        return False
    return True


def _take_all(hoard: list[int]) -> None:
    while True:
        try:
            hoard.append(os.open(os.devnull, os.O_RDONLY))
        except OSError:
            return


INJECTIONS: dict[str, Callable[[Any], None]] = {
    function.__name__: function
    for function in (
        clock,
        crash,
        crash_in_gateway_migration,
        crash_in_migration,
        crash_once_confirmed,
        engine,
        held,
        model_lives,
        no_descriptors,
        note_redeliveries,
        quick_retries,
        scramble,
        stopped_heart,
    )
}
