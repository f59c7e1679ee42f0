"""The picture files of cases: sealed, with random names, on the disk before a case names them."""

import asyncio
import json
import secrets
from datetime import datetime, timedelta
from io import BytesIO
from pathlib import Path

from bot.domain.ids import CaseId
from inference.feature_cache import FeatureCache
from storage.database import Database, Transaction
from storage.errors import Damaged
from storage.sealed_folder import SealedFolder

NAME_BYTES = 16
ORPHAN_AGE = timedelta(hours=1)
"""A younger file may still get its case."""


class PictureFiles:
    """A folder of pictures, spread over 256 subfolders.

    Args:
        folder: The folder.
        database: Says which of them cases name.
        feature_cache: What an engine made of them, which goes when they go.
    """

    def __init__(
        self, folder: SealedFolder, database: Database, feature_cache: FeatureCache
    ) -> None:
        self._folder = folder
        self._database = database
        self._feature_cache = feature_cache

    async def add(self, data: bytes) -> str:
        """Store a picture and return its name; on return it survives a power cut."""
        name = secrets.token_hex(NAME_BYTES)
        await asyncio.to_thread(self._folder.add, _place(name), BytesIO(data))
        return name

    async def get(self, name: str) -> bytes:
        """Read a picture."""
        return await asyncio.to_thread(self._folder.read, _place(name))

    async def remove(self, name: str) -> None:
        """Delete a picture that no case names, and what an engine made of it."""
        await asyncio.to_thread(self._forget, _place(name))

    async def remove_orphans(self, now: datetime) -> int:
        """Delete pictures that no case names, as a crash leaves them.

        Returns:
            How many there were.
        """
        before = (now - ORPHAN_AGE).timestamp()
        removed = 0
        for shard in await asyncio.to_thread(_folders, self._folder.path):
            old = await asyncio.to_thread(_older, shard, before)
            for name in await self._unnamed(old):
                await self.remove(name)
                removed += 1
        return removed

    def _forget(self, place: str) -> None:
        try:
            self._feature_cache.forget([self._folder.read(place)])
        except FileNotFoundError:
            return
        except Damaged:  # nobody can tell any more what was made of it
            self._feature_cache.forget_all()
        self._folder.remove(place)

    async def _unnamed(self, names: list[str]) -> list[str]:
        listed = json.dumps(names)
        return await self._database.read(
            lambda tx: [row["name"] for row in tx.all(_UNNAMED, names=listed)]
        )


def unreadable(tx: Transaction, folder: SealedFolder) -> list[CaseId]:
    """The cases of which a picture is gone, or is not what was stored: opens every picture."""
    found = tx.run(f"SELECT case_id, name FROM {_listed(tx)} ORDER BY case_id")
    cases = (CaseId(row["case_id"]) for row in found if not folder.is_whole(_place(row["name"])))
    return list(dict.fromkeys(cases))


def places(tx: Transaction) -> list[str]:
    """Where in the folder the pictures of all cases are."""
    found = tx.run(f"SELECT name FROM {_listed(tx)} ORDER BY name")
    return [_place(row["name"]) for row in found]


def _listed(tx: Transaction) -> str:
    """Where the files are listed: a backup of an earlier release is read as it lies."""
    view = tx.all("SELECT 1 FROM sqlite_master WHERE name = 'picture_files'")
    return "picture_files" if view else "pictures"


def _place(name: str) -> str:
    return f"{name[:2]}/{name}"


def _folders(folder: Path) -> list[Path]:
    return sorted(folder.iterdir()) if folder.exists() else []


def _older(folder: Path, unix_s: float) -> list[str]:
    return [path.name for path in folder.iterdir() if path.stat().st_mtime < unix_s]


_UNNAMED = """
SELECT value AS name FROM json_each(:names)
WHERE NOT EXISTS (SELECT 1 FROM picture_files WHERE picture_files.name = value)
"""
