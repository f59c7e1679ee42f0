"""Cases as numbers and as a table, by chat."""

import csv
import io

import pytest

from bot.domain.people import Role
from inference.contract import Language
from tests.bot_conversation import (
    SUPERVISOR,
    WORKER,
    Conversation,
    buttons,
    words,
)
from tests.bot_world import reading

ROUTINE = reading("FINDINGS: Clear lungs.\nIMPRESSION: Normal.\nURGENCY: routine")


async def test_stats_tell_counts_waits_and_engines(chat: Conversation) -> None:
    supervisor = await chat.enrol(SUPERVISOR, Role.SUPERVISOR)
    worker = await chat.enrol(WORKER)
    await chat.case(worker)
    await chat.case(worker, ROUTINE)
    chat.clinic.clock.advance(1)
    said = words(await chat.types(supervisor, "/stats"))
    for part in ("Today · 2 cases", "🟠 URGENT 1", "🟢 Routine 1", "Not reviewed: 2", "medgemma"):
        assert part in said
    assert "half within" in said


@pytest.mark.parametrize(
    ("language", "one", "two"),
    [
        (Language.ENGLISH, "1 reading,", "2 readings,"),
        (Language.FRENCH, "1 lecture,", "2 lectures,"),
        (Language.PORTUGUESE, "1 leitura,", "2 leituras,"),
        (Language.HAUSA, "karatu 1,", "karatu 2,"),
    ],
)
async def test_one_reading_of_an_engine_is_told_as_one(
    language: Language, one: str, two: str, chat: Conversation
) -> None:
    supervisor = await chat.enrol(SUPERVISOR, Role.SUPERVISOR, language)
    worker = await chat.enrol(WORKER)
    for told in (one, two):
        await chat.case(worker)
        chat.clinic.clock.advance(1)
        assert told in words(await chat.types(supervisor, "/stats"))


async def test_an_export_is_a_table_of_the_period_in_a_file(chat: Conversation) -> None:
    supervisor = await chat.enrol(SUPERVISOR, Role.SUPERVISOR)
    worker = await chat.enrol(WORKER)
    await chat.case(worker, caption="=cmd()")
    chat.clinic.clock.advance(10 * 86400)
    await chat.case(worker)
    await chat.presses(supervisor, "agree:2")
    chat.clinic.clock.advance(1)
    periods = ["export:today", "export:week", "export:month", "export:all"]
    assert buttons(await chat.types(supervisor, "/export")) == periods
    (today,) = await chat.presses(supervisor, "export:today")
    (month,) = await chat.types(supervisor, "/export month")
    assert today.attachment is not None
    assert month.attachment is not None
    assert today.attachment.file_name.endswith(".csv")
    rows = list(csv.DictReader(io.StringIO(month.attachment.data.decode("utf-8-sig"))))
    assert [row["case"] for row in rows] == ["C-0002", "C-0001"]
    assert [row["reviewed_by"] for row in rows] == ["Person 3", ""]
    assert rows[1]["caption"] == "'=cmd()"
    assert today.attachment.data.count(b"C-000") == 1
