"""`edgerad doctor --fix`: mends what cannot go wrong, and nothing that holds cases.

Knows who may read what. Locks need no mending: the kernel lets them go with their process.
"""

import os
import stat
from collections.abc import Iterator
from pathlib import Path

from bot.settings import BotSettings
from storage.errors import StorageError
from storage.home import make_home
from storage.key_sources import KeyFile, find_key_source

_OTHERS = stat.S_IRWXG | stat.S_IRWXO


def mend(bot: BotSettings) -> Iterator[str]:
    """Make the data folder where it is missing, and it and the key their owner's alone.

    Yields:
        What was done.

    Raises:
        HomeUnusable: The folder cannot be made.
        RestoreCutOff: A backup is half in place.
    """
    missing = not bot.home.exists()
    make_home(bot.home)
    if missing:
        yield f"{bot.home} was missing, and was made"
    closed = [path for path in _within(bot.home) if _close(path)]
    if closed:
        yield f"{len(closed)} files and folders in {bot.home} are their owner's alone now"
    try:
        source = find_key_source(bot.home, bot.key_file)
    except StorageError:
        return  # doctor says what is wrong with it
    if isinstance(source, KeyFile) and source.exists() and _close(source.path):
        yield f"{source.path} is its owner's alone now"


def _within(home: Path) -> Iterator[Path]:
    """The folder and all in it, never what a link leads to."""
    yield home
    for folder, folders, files in os.walk(home):
        yield from (Path(folder, name) for name in (*folders, *files))


def _close(path: Path) -> bool:
    """Take others' rights away; whether there were any."""
    mode = path.lstat().st_mode
    if stat.S_ISLNK(mode) or not mode & _OTHERS:
        return False
    path.chmod(stat.S_IMODE(mode) & ~_OTHERS)
    return True
