"""Tracebacks without messages: the error's class and its place in the code.

An error's message may quote a patient's name, so it is never written.
"""

import sys
import threading
import traceback
from collections.abc import Iterator
from types import TracebackType


def traceback_without_messages(error: BaseException) -> str:
    """Where an error came from, with its causes and those within a group, each once.

    Args:
        error: Any; causes may form a circle.

    Returns:
        Several lines of text: classes and lines of code.
    """
    return "\n".join(_places(error, set()))


def _places(error: BaseException, seen: set[int]) -> Iterator[str]:
    if id(error) in seen:
        return
    seen.add(id(error))
    frames = "".join(traceback.format_tb(error.__traceback__))
    yield f"{type(error).__name__}\n{frames}".rstrip()
    if isinstance(error, BaseExceptionGroup):
        for inner in error.exceptions:
            yield from _places(inner, seen)
    if error.__cause__ is not None and id(error.__cause__) not in seen:
        yield "because of:"
        yield from _places(error.__cause__, seen)


def hide_error_messages() -> None:
    """Have this process and its threads report errors without messages from now on."""
    sys.excepthook = _end
    threading.excepthook = _end_thread


def _end(kind: type[BaseException], error: BaseException, _frames: TracebackType | None) -> None:
    if issubclass(kind, KeyboardInterrupt):
        return
    print(f"Ended by {traceback_without_messages(error)}", file=sys.stderr)  # noqa: T201 - the process ends


def _end_thread(ended: threading.ExceptHookArgs) -> None:
    if ended.exc_value is not None:
        print(f"A thread ended by {traceback_without_messages(ended.exc_value)}", file=sys.stderr)  # noqa: T201
