"""`edgerad doctor` on what goes on by itself: deletion by age, and the certificate."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest

from bot.domain.retention import Retention
from bot.retention import Deleter
from deploy.doctor.checks import Level
from deploy.doctor.upkeep import check_https, check_retention
from gateway.certificates import BACKDATED, LASTS, Certificates
from tests.bot_conversation import conversation
from tests.bot_world import START, clinic, reading
from tests.keys import KEYRING

A_MONTH = Retention(cases=timedelta(days=30), pictures=timedelta(days=10))
ROUTINE = "FINDINGS: Clear.\nIMPRESSION: Normal.\nURGENCY: routine\nRECOMMENDATION: None."


def after(days: float) -> datetime:
    return START + timedelta(days=days)


async def an_archive(home: Path, swept_on: float) -> None:
    """A case of `START`; what is too old was looked for so many days later."""
    async with clinic(home) as ward, conversation(ward) as chat:
        await chat.case(await ward.enrol(7), reading(ROUTINE))

        async def forget(_: object) -> None:
            """There is no gateway."""

        ward.clock.advance(swept_on * 24 * 3600)
        await Deleter(store=ward.store, home=home, clock=ward.clock, forget=forget).sweep(A_MONTH)


async def test_what_is_kept_how_long_when_it_was_looked_for_and_what_is_due(tmp_path: Path) -> None:
    await an_archive(tmp_path, swept_on=9)
    line = check_retention(tmp_path, KEYRING, A_MONTH, after(9.5))
    assert line.level is Level.OK
    assert "cases are kept for 30 days, pictures are kept for 10 days" in line.words
    assert f"on {after(9):%Y-%m-%d}" in line.words
    assert line.words.endswith("due: nothing")
    assert check_retention(tmp_path, KEYRING, A_MONTH, after(10.5)).words.endswith("due: 1 case")


@pytest.mark.parametrize(
    ("days", "level", "advice"),
    [
        (10.5, Level.OK, ""),
        (12.0, Level.WARN, "Start EdgeRad"),
        (41.0, Level.WARN, "the clock jumped ahead"),
    ],
)
async def test_what_should_have_gone_by_now_is_a_warning(
    tmp_path: Path, days: float, level: Level, advice: str
) -> None:
    """The day after it is due is early enough; a clock that jumped lets nothing go."""
    await an_archive(tmp_path, swept_on=9)
    line = check_retention(tmp_path, KEYRING, A_MONTH, after(days))
    assert line.level is level
    assert advice in line.advice


def test_where_everything_is_kept_or_nothing_is_there_yet_all_is_well(tmp_path: Path) -> None:
    kept = check_retention(tmp_path, KEYRING, Retention(), START)
    assert (kept.level, "for ever" in kept.words) == (Level.OK, True)
    empty = check_retention(tmp_path, KEYRING, A_MONTH, START)
    assert (empty.level, "no cases yet" in empty.words) == (Level.OK, True)


def test_https_that_is_off_says_how_to_switch_it_on(tmp_path: Path) -> None:
    line = check_https(tmp_path, START)
    assert (line.level, "edgerad tls init" in line.advice) == (Level.OK, True)


@pytest.mark.parametrize(
    ("before_the_end", "level"),
    [
        (timedelta(days=61), Level.OK),
        (timedelta(days=59), Level.WARN),
        (timedelta(days=-1), Level.FAULT),
    ],
)
def test_a_certificate_that_ends_is_a_warning_before_it_is_a_fault(
    tmp_path: Path, before_the_end: timedelta, level: Level
) -> None:
    certificates = Certificates(tmp_path, KEYRING)
    certificates.make_authority(["edgerad.local"], START)
    certificates.renew(["edgerad.local"], START)
    end = START - BACKDATED + LASTS
    line = check_https(tmp_path, end - before_the_end)
    assert line.level is level
    assert f"until {end:%Y-%m-%d}" in line.words
    assert (level is Level.OK) == (not line.advice)


def test_a_certificate_that_is_damaged_says_how_it_is_made_anew(tmp_path: Path) -> None:
    certificates = Certificates(tmp_path, KEYRING)
    certificates.make_authority(["edgerad.local"], START)
    certificates.chain_path.write_text("no certificate")
    line = check_https(tmp_path, START)
    assert (line.level, str(certificates.chain_path) in line.advice) == (Level.FAULT, True)
