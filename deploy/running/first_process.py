"""The first process of a container, whose children all orphans become: it reaps them.

Knows processes and signals. Must not know what is run.
"""

import os
import signal
from collections.abc import Sequence


def reap_orphans(stop_signals: Sequence[signal.Signals]) -> None:
    """Go on as a child of this process, if it is the first one; else do nothing.

    What a part leaves behind when it is killed would stay as a zombie, and count for ever against
    the processes that the container may have. A waiting parent reaps them: in a process that
    starts parts itself it would take their exit statuses away.

    Args:
        stop_signals: Handed to the child.

    Raises:
        SystemExit: In the first process, with the child's exit status, once that has ended.
    """
    if os.getpid() != 1:
        return
    awaited = {signal.SIGCHLD, *stop_signals}
    signal.pthread_sigmask(signal.SIG_BLOCK, awaited)  # none is lost before it is waited for
    child = os.fork()
    if child == 0:
        signal.pthread_sigmask(signal.SIG_UNBLOCK, awaited)
        return
    while True:
        number = signal.sigwait(awaited)
        if number != signal.SIGCHLD:
            os.kill(child, number)
        elif (status := _reap(child)) is not None:
            raise SystemExit(status)


def _reap(child: int) -> int | None:
    """Reap all that have ended.

    Returns:
        The child's exit status, as a shell says it, if it is among them.
    """
    status = None
    while True:
        try:
            process, ended = os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            return status
        if process == 0:
            return status
        if process == child:
            code = os.waitstatus_to_exitcode(ended)
            status = code if code >= 0 else 128 - code
