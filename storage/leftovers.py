"""What a restore moved aside within the data folder: told by its name, too old some day.

Knows names and times. Must not know what is in it.
"""

from datetime import datetime
from pathlib import Path

from storage.layout import LEFTOVERS


def leftover_folder(home: Path, now: datetime) -> Path:
    """Where a restore moves what stands in its way.

    Args:
        now: The time, in UTC.

    Returns:
        A folder within it.
    """
    return home / now.strftime(LEFTOVERS)


def leftovers_older_than(home: Path, time: datetime) -> list[Path]:
    """The folders that were moved aside before a time, and in which nothing is younger either.

    The second is for a restore at a time when the clock stood in the past.
    """
    found = sorted(path for path in home.glob(f"{LEFTOVERS.partition('%')[0]}*") if path.is_dir())
    youngest = time.strftime(LEFTOVERS)
    return [path for path in found if path.name < youngest and _is_all_older(path, time)]


def _is_all_older(folder: Path, time: datetime) -> bool:
    files = (path for path in folder.rglob("*") if path.is_file())
    return all(path.stat().st_mtime < time.timestamp() for path in files)
