import os
import subprocess
import sys
from pathlib import Path

import pytest

from storage import home as data_folder
from storage.home import (
    AlreadyRunning,
    Holder,
    HomeUnusable,
    hold,
    hold_system,
    make_home,
    problem,
    process_of,
)


def test_a_folder_that_is_missing_is_made_for_its_owner_alone(tmp_path: Path) -> None:
    home = tmp_path / "clinic" / "data"
    make_home(home)
    assert home.stat().st_mode & 0o777 == 0o700
    make_home(home)


@pytest.mark.parametrize("below", ["", "data", "data/deeper"])
def test_a_file_in_the_way_is_named_with_the_setting(tmp_path: Path, below: str) -> None:
    file = tmp_path / "notes.txt"
    file.touch()
    with pytest.raises(HomeUnusable, match=r"EDGERAD_HOME=.*notes\.txt is a file"):
        make_home(file / below)


def test_a_folder_that_this_user_may_not_write_is_named_with_the_setting(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "access", lambda *_: False)
    assert "may not write in" in problem(tmp_path / "data")
    with pytest.raises(HomeUnusable, match="EDGERAD_HOME="):
        make_home(tmp_path / "data")


def test_a_folder_that_can_be_made_or_used_has_no_problem(tmp_path: Path) -> None:
    assert problem(tmp_path) == ""
    assert problem(tmp_path / "data") == ""
    assert not (tmp_path / "data").exists()


@pytest.mark.parametrize("holder", Holder)
def test_a_second_of_a_kind_on_one_folder_is_told_who_holds_it(
    tmp_path: Path, holder: Holder
) -> None:
    with (
        hold(tmp_path, holder),
        pytest.raises(AlreadyRunning, match=rf"Another {holder} .*\(process {os.getpid()}\)"),
        hold(tmp_path, holder),
    ):
        pass
    with hold(tmp_path, holder):
        pass


def test_bot_gateway_and_system_hold_their_own_locks_beside_each_other(tmp_path: Path) -> None:
    with hold_system(tmp_path), hold(tmp_path, Holder.BOT), hold(tmp_path, Holder.GATEWAY):
        pass


@pytest.mark.parametrize("part", [Holder.BOT, Holder.GATEWAY])
def test_the_system_does_not_start_beside_a_part_that_runs_by_itself(
    tmp_path: Path, part: Holder
) -> None:
    with (
        hold(tmp_path, part),
        pytest.raises(AlreadyRunning, match=f"Another {part}"),
        hold_system(tmp_path),
    ):
        pass
    with hold_system(tmp_path):
        pass


def test_a_process_that_was_killed_holds_nothing(tmp_path: Path) -> None:
    script = (
        "import os, sys; from pathlib import Path; from storage.home import Holder, hold\n"
        "with hold(Path(sys.argv[1]), Holder.BOT): os.kill(os.getpid(), 9)"
    )
    subprocess.run([sys.executable, "-c", script, tmp_path], check=False)
    assert (tmp_path / "locks/bot").exists()
    with hold(tmp_path, Holder.BOT):
        pass


def test_who_holds_a_folder_can_be_asked_without_changing_it(tmp_path: Path) -> None:
    home = tmp_path / "home"
    assert process_of(home, Holder.BOT) is None
    assert not home.exists()
    with hold(home, Holder.BOT):
        assert process_of(home, Holder.BOT) == os.getpid()
        assert process_of(home, Holder.GATEWAY) is None
    assert process_of(home, Holder.BOT) is None
    with hold(home, Holder.BOT):
        pass  # asking held nothing


def test_a_folder_that_would_go_with_the_container_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(data_folder, "vanishes", lambda path: path == tmp_path / "data")
    assert "Mount a volume" in problem(tmp_path / "data")
    with pytest.raises(HomeUnusable, match="every case would go with it"):
        make_home(tmp_path / "data")
    assert not (tmp_path / "data").exists()
