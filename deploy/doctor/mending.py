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
from storage.layout import Layout

_OTHERS = stat.S_IRWXG | stat.S_IRWXO
_ROOT = 0
_NAMED = 5


def mend(bot: BotSettings) -> Iterator[str]:
    """Make the data folder where it is missing, and it and the key their owner's alone.

    Root makes no folder, which would be root's. The models stay as they are, and so does what is
    another account's than the folder: EdgeRad may read it by the rights that would be taken away.

    Yields:
        What was done, and what was left.

    Raises:
        HomeUnusable: The folder cannot be made.
        RestoreCutOff: A backup is half in place.
    """
    missing = not bot.home.exists()
    if missing and os.geteuid() == _ROOT:
        yield f"Left: {bot.home} is missing; make it as the account that EdgeRad runs as"
        return
    make_home(bot.home)
    if missing:
        yield f"Mended: {bot.home} was missing, and was made"
    found = [path for path in (*_key(bot), *_within(bot.home)) if _is_open(path)]
    owner = bot.home.stat().st_uid
    may = os.geteuid() in {_ROOT, owner}
    ours = {path: None for path in found if may and path.lstat().st_uid == owner}
    for path in ours:
        path.chmod(stat.S_IMODE(path.lstat().st_mode) & ~_OTHERS)
    if ours:
        yield f"Mended: their owner's alone are now {_named([*ours])}"
    if left := [path for path in found if path not in ours]:
        yield f"Left: another account must close {_named(left)}"


def _named(paths: list[Path]) -> str:
    more = len(paths) - _NAMED
    names = ", ".join(map(str, paths[:_NAMED]))
    return f"{names} and {more} more" if more > 0 else names


def _within(home: Path) -> Iterator[Path]:
    """The folder and all in it but the models, never what a link leads to."""
    yield home
    for folder, folders, files in os.walk(home):
        folders[:] = [name for name in folders if Path(folder, name) != Layout(home).models]
        yield from (Path(folder, name) for name in (*folders, *files))


def _key(bot: BotSettings) -> Iterator[Path]:
    try:
        source = find_key_source(bot.home, bot.key_file)
    except StorageError:
        return  # doctor says what is wrong with it
    if isinstance(source, KeyFile) and source.exists():
        yield source.path


def _is_open(path: Path) -> bool:
    """Whether others have any right to it."""
    mode = path.lstat().st_mode
    return not stat.S_ISLNK(mode) and bool(mode & _OTHERS)
