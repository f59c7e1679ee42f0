"""How long threads of the model process keep a core busy while they wait."""

import os
import subprocess
import sys

SAY = "import os, inference.runtime; print(os.environ['GOMP_SPINCOUNT'])"


def spin_count(**environment: str) -> int:
    said = subprocess.run(
        [sys.executable, "-c", SAY],
        env=os.environ | environment,
        capture_output=True,
        text=True,
        check=True,
    )
    return int(said.stdout)


def test_waiting_threads_soon_give_their_core_away() -> None:
    """The default is some 300,000 turns, or for ever."""
    assert 0 < spin_count() <= 30_000


def test_what_the_technician_sets_is_kept() -> None:
    assert spin_count(GOMP_SPINCOUNT="77") == 77
