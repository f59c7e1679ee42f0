"""What a thief without the key reads of the data folder, and of memory that was given back."""

from pathlib import Path

import pytest

from storage.keys import Purpose
from storage.sqlcipher import connect
from tests.attacks.conftest import Note
from tests.gateway_world import file_part, phone_of, running_gateway
from tests.keys import KEYRING

ATTACKER = "on the machine, and in files"


@pytest.mark.parametrize(
    ("name", "ending"),
    [("film.Okafor", ""), ("scan.Kofi4711", ""), ("Okafor.DCM", ".dcm"), ("report.pdf", ".pdf")],
)
async def test_no_file_on_the_disk_is_named_by_its_sender(
    tmp_path: Path, name: str, ending: str, outcome: Note
) -> None:
    with running_gateway(tmp_path) as gateway:
        async with phone_of(gateway) as phone:
            document = file_part(b"not a picture", name=name)
            answer = await phone.put("1", files=[document], **{"as": "document"})
            assert answer.status_code == 200
    paths = sorted(tmp_path.rglob("*"))  # noqa: ASYNC240 - a few files
    (stored,) = [path for path in paths if path.parent.name == "documents"]
    assert stored.suffix == ending
    everything = " ".join(map(str, paths)).lower()
    assert "okafor" not in everything
    assert "kofi" not in everything
    outcome(
        "A patient's name as a document's ending (`film.Okafor`), looked for in the data"
        " folder without the key",
        "it is in no file's name",
    )


def test_sqlcipher_wipes_what_it_frees(tmp_path: Path, outcome: Note) -> None:
    connection = connect(tmp_path / "bot.db", KEYRING, Purpose.BOT_DATABASE)
    assert connection.execute("PRAGMA cipher_memory_security").fetchone()[0] == "1"
    connection.close()
    outcome(
        "Keys and pages looked for in memory that SQLCipher has freed",
        "wiped (`cipher_memory_security`)",
    )
