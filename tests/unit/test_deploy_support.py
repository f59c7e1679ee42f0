import os
import re
import stat
import tarfile
from pathlib import Path

import pytest
from rich.console import Console

from bot.settings import BotSettings
from deploy.doctor.checks import Check, Level
from deploy.doctor.mending import mend
from deploy.doctor.support import support_parts, write_support
from deploy.joining.banner import show_banner
from machine.faults import Fault
from storage.key_sources import KeyFile
from storage.layout import Layout
from tests.keys import KEYRING

CODE = "ABCDEFGH23"
PLANTED = ("Zuleikha", "MRN-778899", "haemoptysis-planted")
SECRETS = (CODE, "a-secret-token", KEYRING.as_text())


def test_nothing_of_a_patient_and_nothing_that_opens_a_door_is_in_a_support_archive(
    tmp_path: Path,
) -> None:
    home, target = tmp_path / "data", tmp_path / "support.tar.gz"
    for place in (home / "bot" / "pictures" / f"{PLANTED[0]}.jpg", home / "bot" / "bot.db"):
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(" ".join((*PLANTED, *SECRETS)))
    KeyFile(home / "key").write(KEYRING)
    with Layout(home).log.open("w") as log:
        console = Console(file=log, width=80)
        links = ["http://192.168.1.20:8081"]
        show_banner(console, links=links, invite_code=CODE, model=None, tier="auto")
        show_banner(console, links=[], invite_code=CODE, model=None, tier="auto")
        console.print("bot case 00042 was read in 3.1 s")
    checks = [Check(Level.WARN, "Disk", "4.1 GB free", "Make room soon")]
    environment = {"EDGERAD_BOT_TOKEN": SECRETS[1], "PATIENT": PLANTED[0]}
    write_support(target, support_parts(home, checks, environment))

    assert target.stat().st_mode & 0o077 == 0
    with tarfile.open(target) as archive:
        said = {
            member.name: archive.extractfile(member).read().decode()  # type: ignore[union-attr]
            for member in archive
        }
    everything = "\n".join((*said, *said.values()))
    assert [word for word in (*PLANTED, *SECRETS) if word in everything] == []
    assert not re.search("[█▀▄]", everything)
    assert "4.1 GB free" in said["edgerad-support/doctor.txt"]
    assert re.search(r"(?m)^typer \d", said["edgerad-support/versions.txt"])
    assert said["edgerad-support/settings.txt"] == "EDGERAD_BOT_TOKEN is set\n"
    assert "bot case 00042 was read in 3.1 s" in said["edgerad-support/edgerad.log"]


def test_an_archive_that_is_there_already_is_kept(tmp_path: Path) -> None:
    target = tmp_path / "support.tar.gz"
    target.write_text("earlier")
    with pytest.raises(Fault, match="name a new file"):
        write_support(target, {})
    assert target.read_text() == "earlier"


def test_what_others_may_read_is_closed_to_them_and_links_are_not_followed(tmp_path: Path) -> None:
    home, elsewhere, key = tmp_path / "data", tmp_path / "elsewhere", tmp_path / "key"
    inside = home / "bot" / "pictures" / "one"
    inside.parent.mkdir(parents=True)
    inside.write_text("sealed")
    elsewhere.write_text("not ours")
    (home / "link").symlink_to(elsewhere)
    KeyFile(key).write(KEYRING)
    for path in (home, inside.parent, inside, elsewhere, key):
        path.chmod(0o755)
    bot = BotSettings(_env_file=None, home=home, key_file=key)
    done = " ".join(mend(bot))
    assert str(home) in done
    assert str(key) in done
    assert [p for p in (home, inside.parent, inside, key) if p.stat().st_mode & 0o077] == []
    assert elsewhere.stat().st_mode & 0o777 == 0o755
    assert inside.read_text() == "sealed"
    assert list(mend(bot)) == []


def test_models_and_what_another_account_owns_keep_their_readers(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home, key = tmp_path / "data", tmp_path / "key"
    weights, theirs, ours = Layout(home).models / "big" / "weights", home / "theirs", home / "ours"
    weights.parent.mkdir(parents=True)
    for path in (weights, theirs, ours):
        path.touch()
    KeyFile(key).write(KEYRING)
    for path in (weights, weights.parent, theirs, ours, key):
        path.chmod(0o755)
    lstat = Path.lstat

    def of_two_accounts(path: Path) -> os.stat_result:
        found = list(lstat(path))
        if path in {theirs, key}:
            found[stat.ST_UID] += 1
        return os.stat_result(found)

    monkeypatch.setattr(Path, "lstat", of_two_accounts)
    done = list(mend(BotSettings(_env_file=None, home=home, key_file=key)))
    assert [path.stat().st_mode & 0o077 for path in (weights, weights.parent)] == [0o055, 0o055]
    assert [path.stat().st_mode & 0o077 for path in (theirs, key)] == [0o055, 0o055]
    assert ours.stat().st_mode & 0o077 == 0
    assert done[1:] == [f"Left: another account must close {key}, {theirs}"]


def test_root_makes_no_data_folder_that_would_be_roots(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    home = tmp_path / "not" / "yet"
    (done,) = mend(BotSettings(_env_file=None, home=home, key_file=tmp_path / "key"))
    assert done.startswith("Left: ")
    assert not home.exists()


def test_a_data_folder_that_is_missing_is_made_for_its_owner_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    home = tmp_path / "not" / "yet"
    done = list(mend(BotSettings(_env_file=None, home=home, key_file=tmp_path / "key")))
    assert done == [f"Mended: {home} was missing, and was made"]
    assert home.stat().st_mode & 0o077 == 0
