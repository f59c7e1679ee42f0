from pathlib import Path

from machine.unknown_settings import UnknownSetting, find_unknown_settings

KNOWN = {"EDGERAD_GATEWAY_PORT", "EDGERAD_HOME", "EDGERAD_LANGUAGE"}


def test_a_slip_of_the_keyboard_is_told_with_the_setting_that_is_meant(tmp_path: Path) -> None:
    file = tmp_path / ".env"
    file.write_text("# EDGERAD_OLD=1\nEDGERAD_HOME=data\n export EDGERAD_LANGAUGE = fr\n")
    found = list(
        find_unknown_settings(KNOWN, {"EDGERAD_GATWAY_PORT": "1", "EDGERAD_HOME": "a"}, file)
    )
    assert found == [
        UnknownSetting(
            name="EDGERAD_GATWAY_PORT", where="the environment", nearest="EDGERAD_GATEWAY_PORT"
        ),
        UnknownSetting(name="EDGERAD_LANGAUGE", where=str(file), nearest="EDGERAD_LANGUAGE"),
    ]
    assert found[1].in_words() == (
        f"EDGERAD_LANGAUGE in {file} is no setting of EdgeRad, and changes nothing."
        " Is EDGERAD_LANGUAGE meant?"
    )


def test_what_resembles_no_setting_is_told_alone_and_other_programs_are_let_be(
    tmp_path: Path,
) -> None:
    environment = {"EDGERAD_XYZZY_42": "", "PATH": "/bin"}
    (stray,) = find_unknown_settings(KNOWN, environment, tmp_path / ".env")
    assert stray.nearest is None
    assert stray.in_words().endswith("changes nothing.")
