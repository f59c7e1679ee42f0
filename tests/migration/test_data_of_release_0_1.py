"""A data folder and a backup that release 0.1 left: every later release opens them as they are.

What they hold is said in tests/data/release-0.1/README.md.
"""

import shutil
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from typing_extensions import override

from machine.project import PROJECT_ROOT
from storage.keys import Purpose
from storage.opening import unlocked
from storage.sqlcipher import connect
from tests.acceptance.running import EdgeRad, eventually
from tests.unpacking import unpack

LEFT = Path(__file__).parents[1] / "data" / "release-0.1"
CAPTIONS = ["F 32 ans, toux, ref 2231", "M 45, fever 3 days, ref 18", "child 4 y, cough"]
LATE_CAPTION = "M 60, chest pain, ref 77"
DATABASES = {
    "bot/bot.db": Purpose.BOT_DATABASE,
    "gateway/gateway.db": Purpose.GATEWAY_DATABASE,
}
ANSWERED = """
SELECT caption FROM cases JOIN readings USING (case_id)
WHERE status = 'answered' AND question IS NULL ORDER BY case_id
"""


class EdgeRadOfThen(EdgeRad):
    """EdgeRad on a folder, with the key that it was made with and answers written out before."""

    @override
    def _environment(self) -> dict[str, str]:
        key_file = str(self.home.parent / "key")
        more = {"EDGERAD_ENGINE": "scripted", "EDGERAD_KEY_FILE": key_file}
        return {**super()._environment(), **more}

    def run(self, *command: str) -> str:
        """Run an `edgerad` command on the folder; answers what it printed."""
        done = subprocess.run(
            [sys.executable, "-m", "deploy", *command],
            cwd=PROJECT_ROOT,
            env=self._environment(),
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def rows(self, database: str, sql: str) -> list[str]:
        """The first column of a query on one of the databases, which may be in use."""
        with (
            unlocked(self.home, self.home.parent / "key") as keyring,
            closing(connect(self.home / database, keyring, DATABASES[database])) as connection,
        ):
            return [row[0] for row in connection.execute(sql)]


@pytest.fixture
def edgerad(tmp_path: Path) -> EdgeRadOfThen:
    shutil.copy(LEFT / "key", tmp_path / "key")
    return EdgeRadOfThen(tmp_path)


def test_a_folder_whose_processes_were_killed_goes_on_with_all_that_was_in_it(
    edgerad: EdgeRadOfThen,
) -> None:
    unpack(LEFT / "data.tar.gz", edgerad.home.parent)
    edgerad.start()
    try:
        answered = eventually(
            lambda: (
                rows if len(rows := edgerad.rows("bot/bot.db", ANSWERED)) > len(CAPTIONS) else None
            ),
            "answer to the film that the phone was told is kept",
        )
        assert answered == [*CAPTIONS, LATE_CAPTION]
        notes = "SELECT review_note FROM cases WHERE review_note IS NOT NULL"
        assert edgerad.rows("bot/bot.db", notes) == ["seen at the round"]
        asked = "SELECT question FROM readings WHERE question IS NOT NULL AND status = 'answered'"
        assert edgerad.rows("bot/bot.db", asked) == ["Which side?"]
        texts = edgerad.rows("gateway/gateway.db", "SELECT text FROM messages")
        assert {*CAPTIONS, LATE_CAPTION, "Which side?"} <= set(texts)
        assert "all in order" in edgerad.run("audit", "verify")
    finally:
        edgerad.stop()
    assert "Backed up and checked" in edgerad.run("backup", str(edgerad.home.parent / "new.tar"))


def test_a_backup_is_restored_and_opened(edgerad: EdgeRadOfThen) -> None:
    edgerad.run("restore", str(LEFT / "backup.tar"))
    edgerad.start()
    try:
        assert edgerad.rows("bot/bot.db", ANSWERED) == CAPTIONS
        assert "all in order" in edgerad.run("audit", "verify")
    finally:
        edgerad.stop()
