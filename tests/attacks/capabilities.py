"""Programs without root's powers, on whatever account the tests run: what a clinic's service is."""

import ctypes
import subprocess
import sys
from collections.abc import Mapping

from machine.project import PROJECT_ROOT

_PR_CAPBSET_DROP = 24
_CAPABILITIES = 64
_libc = ctypes.CDLL(None)


def drop_capabilities() -> None:
    """Have the program that is started next hold none, though root may start it: a `preexec_fn`.

    Root's own files stay root's.
    """
    for number in range(_CAPABILITIES):
        _libc.prctl(_PR_CAPBSET_DROP, number, 0, 0, 0)


def python_without_capabilities(
    *arguments: str, environment: Mapping[str, str] | None = None
) -> "subprocess.Popen[str]":
    """Start Python so."""
    return subprocess.Popen(
        [sys.executable, *arguments],
        cwd=PROJECT_ROOT,
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        preexec_fn=drop_capabilities,  # noqa: PLW1509 - it takes no lock
    )
