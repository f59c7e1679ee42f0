"""The bot's data folder, opened by a later release and by an older one."""

from contextlib import closing
from pathlib import Path

import pytest
from sqlcipher3 import dbapi2

from bot.domain.ids import CaseId, ChatId, MessageId
from bot.store.deletion import Scope
from bot.store.listing import CaseFilter
from inference.contract import ScoredUrgency, Urgency
from storage.errors import NewerDatabase
from storage.layout import BOT_DATABASE
from storage.migrations import migrate, scripts_of
from tests.keys import bot_store_at

SCRIPTS = scripts_of("bot.store")

FIRST_RELEASE = """
INSERT INTO people VALUES (7, 7, 'Amina', 'health_worker', 'fr', 1.0, 2.0, NULL);
INSERT INTO cases (case_id, sender_id, chat_id, message_id, created_at, caption)
    VALUES (42, 7, 7, 5, 3.0, 'toux');
INSERT INTO readings (case_id, asked_by, chat_id, message_id, language, asked_at, ready_at)
    VALUES (42, 7, 7, 5, 'fr', 3.0, 3.0);
INSERT INTO updates (update_id, chat_id, body, received_at, ready_at) VALUES (9, 7, '{}', 1, 1);
"""


def version(path: Path, number: int, *rows: str) -> None:
    """Write a data folder as a release of that schema left it."""
    path.parent.mkdir(parents=True)
    with closing(dbapi2.connect(str(path), isolation_level=None)) as connection:
        migrate(connection, SCRIPTS[:number])
        for each in rows:
            connection.executescript(each)


def first_version(path: Path) -> None:
    """Write a data folder as the first release left it."""
    version(path, 1, FIRST_RELEASE)


async def test_what_the_first_release_wrote_is_all_there_after_every_migration(
    tmp_path: Path,
) -> None:
    first_version(tmp_path / BOT_DATABASE)
    async with bot_store_at(tmp_path) as store:
        case = await store.cases.get(CaseId(42))
        assert case is not None
        assert (case.code, case.caption, case.sender_name) == ("C-0042", "toux", "Amina")
        update = await store.inbox.take([])
        assert update is not None
        assert update.update_id == 9


async def test_open_invites_of_release_0_1_stay_open_but_for_those_of_who_was_revoked(
    tmp_path: Path,
) -> None:
    people = """
INSERT INTO people VALUES (7, 7, 'Esther', 'supervisor', 'en', 1.0, 2.0, NULL, NULL);
INSERT INTO people VALUES (8, 8, 'Kofi', 'supervisor', 'en', 1.0, 2.0, 3.0, NULL);
"""
    invites = """
INSERT INTO invites VALUES ('a', 'health_worker', 1.0, 7, 4e9, NULL, NULL);
INSERT INTO invites VALUES ('b', 'health_worker', 1.0, 8, 4e9, NULL, NULL);
INSERT INTO invites VALUES ('c', 'health_worker', 1.0, NULL, 4e9, NULL, NULL);
"""
    version(tmp_path / BOT_DATABASE, 8, people, invites)
    async with bot_store_at(tmp_path) as store:
        found = await store.invites.open()
    assert {invite.made_by for invite in found} == {"Esther", None}
    assert len({invite.invite_id for invite in found}) == 2
    assert all(0 < invite.invite_id < 10**18 for invite in found), "buttons take no more digits"


async def test_what_was_chosen_to_be_deleted_still_goes_after_the_table_got_its_name(
    tmp_path: Path,
) -> None:
    doomed = "INSERT INTO doomed VALUES (42, 'forgotten');"
    people = FIRST_RELEASE.replace("1.0, 2.0, NULL)", "1.0, 2.0, NULL, NULL)")
    version(tmp_path / BOT_DATABASE, 8, people, doomed)
    async with bot_store_at(tmp_path) as store:
        (going,) = await store.deletion.pending_deletions(10)
        assert (going.code, going.scope) == ("C-0042", Scope.FORGOTTEN)
        await store.deletion.erase([going])
        assert await store.cases.get(CaseId(42)) is None


async def test_a_message_of_a_case_is_still_found_after_there_were_more_roles(
    tmp_path: Path,
) -> None:
    people = FIRST_RELEASE.replace("1.0, 2.0, NULL)", "1.0, 2.0, NULL, NULL)")
    message = "INSERT INTO messages SELECT 7, 5, reading_id, 'picture' FROM readings;"
    version(tmp_path / BOT_DATABASE, 9, people, message)
    async with bot_store_at(tmp_path) as store:
        case = await store.cases.of_message(ChatId(7), MessageId(5))
        assert case is not None
        assert (case.code, case.seen_at) == ("C-0042", None)
        assert await store.alarms.of_case(case.case_id) is None


def test_migrations_run_once_and_leave_a_sound_file(tmp_path: Path) -> None:
    with closing(dbapi2.connect(str(tmp_path / "x.db"), isolation_level=None)) as connection:
        migrate(connection, SCRIPTS)
        migrate(connection, SCRIPTS)
        assert connection.execute("PRAGMA user_version").fetchone() == (len(SCRIPTS),)
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)


async def test_a_data_folder_of_a_newer_release_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / BOT_DATABASE
    first_version(path)
    with closing(dbapi2.connect(str(path), isolation_level=None)) as connection:
        connection.execute("PRAGMA user_version = 999")
    with pytest.raises(NewerDatabase):
        async with bot_store_at(tmp_path):
            pass


async def test_what_stated_no_urgency_is_listed_with_the_urgent_ones_since_the_update(
    tmp_path: Path,
) -> None:
    answered = """
    UPDATE readings SET status = 'reading', lease_expires_at = 4.0;
    UPDATE readings SET status = 'answered', lease_expires_at = NULL, ended_at = 5.0, text = 'Hm.',
        urgency = 'not_stated', scored_urgency = 'not_stated', scored_margin = 1.0, model = 'm',
        practice = 0, duration_s = 1.0, prompt_tokens = 1, answer_tokens = 1, truncated = 0;
    """
    people = FIRST_RELEASE.replace("1.0, 2.0, NULL)", "1.0, 2.0, NULL, NULL)")
    version(tmp_path / BOT_DATABASE, 9, people, answered)
    async with bot_store_at(tmp_path) as store:
        (case,) = await store.cases.page(CaseFilter(urgent=True), limit=2)
        assert case.reading is not None
        assert case.reading.urgency is Urgency.NOT_STATED
        assert case.reading.scored == ScoredUrgency(urgency=Urgency.NOT_MEDICAL, margin=1.0)
