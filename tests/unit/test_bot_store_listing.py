"""Lists of cases: no list sorts or scans what it does not show, however many cases there are."""

from datetime import timedelta
from sqlite3 import Cursor

import pytest
from typing_extensions import override

from bot.domain.cases import CASES_COUNTED, Case
from bot.domain.ids import UserId
from bot.domain.pages import TOP, CasePage
from bot.locale import translator
from bot.replies import lists, search
from bot.store import listing, summary, words
from bot.store.listing import CaseFilter
from inference.contract import Language, Urgency
from storage.database import Transaction, Value
from tests.bot_world import START, Clinic

FILTERS = {
    "all": CaseFilter(),
    "since": CaseFilter(since=START - timedelta(days=1)),
    "urgent": CaseFilter(urgent=True),
    "unreviewed": CaseFilter(unreviewed=True),
    "gravest": CaseFilter(
        urgency=Urgency.CRITICAL, unreviewed=True, since=START - timedelta(days=7)
    ),
    "of a sender": CaseFilter(sender_id=UserId(7)),
    "words": CaseFilter(words="cough"),
}


class Explained(Transaction):
    """A transaction that notes how it looks for what it finds."""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx
        self.steps: list[str] = []

    @override
    def run(self, sql: str, /, **values: Value) -> Cursor:
        plan = self._tx.all(f"EXPLAIN QUERY PLAN {sql}", **values)
        self.steps += [row["detail"] for row in plan]
        return self._tx.run(sql, **values)


@pytest.mark.parametrize("name", FILTERS)
async def test_a_list_is_walked_by_its_index_and_never_sorted(ward: Clinic, name: str) -> None:
    def look(tx: Transaction) -> list[str]:
        explained = Explained(tx)
        listing.page(explained, FILTERS[name], limit=9, before=None)
        since = START - timedelta(days=7)
        if FILTERS[name].words is None:
            listing.triaged(explained, FILTERS[name], limit=9, at=TOP, pressing_since=since)
        listing.count(explained, FILTERS[name])
        return explained.steps

    steps = await ward.database.read(look)
    assert steps
    assert not [step for step in steps if "TEMP B-TREE" in step]
    assert not [step for step in steps if step in {"SCAN r", "SCAN p", "SCAN readings"}]


async def test_cases_of_a_period_are_found_although_the_clock_was_set_back(ward: Clinic) -> None:
    sender = await ward.enrol(7)
    opened: list[Case] = []
    for days in (0, 400, -399, 1):
        ward.clock.advance(days * 86_400)
        opened.append(await ward.open_case(sender))
    since = CaseFilter(since=START + timedelta(hours=1))
    found = await ward.store.cases.page(since, limit=9)
    assert [case.case_id for case in found] == [
        opened[3].case_id,
        opened[2].case_id,
        opened[1].case_id,
    ]


async def test_counting_ends_where_nobody_reads_on(
    ward: Clinic, monkeypatch: pytest.MonkeyPatch
) -> None:
    sender = await ward.enrol(7)
    for _ in range(3):
        await ward.open_case(sender)
    monkeypatch.setattr(listing, "CASES_COUNTED", 2)
    assert await ward.store.cases.count(CaseFilter()) == 2


async def test_a_list_that_was_not_counted_to_its_end_says_so(ward: Clinic) -> None:
    reader = await ward.enrol(7)
    t = translator(Language.ENGLISH)
    found = search.found([], "cough", CASES_COUNTED, reader, t, now=START)
    assert "1,000 cases or more found" in found.text
    assert "Many older cases" in found.text
    page = lists.page(CasePage(cases=()), lists.View.ALL, CASES_COUNTED, reader, t, now=START)
    assert "1,000 cases or more" in page.text


async def found(ward: Clinic, typed: str) -> list[str]:
    """Captions of the cases that a search finds, newest first."""
    cases_found = await ward.store.cases.page(CaseFilter(words=typed), limit=9)
    assert await ward.store.cases.count(CaseFilter(words=typed)) == len(cases_found)
    return [case.caption for case in cases_found]


@pytest.mark.parametrize(
    ("typed", "captions"),
    [
        ("pneumo", ["pneumothorax, x-rays", "Pneumonie évidente"]),
        ("EVIDENTE", ["Pneumonie évidente"]),
        ("évid pneu", ["Pneumonie évidente"]),
        ("x-ray", ["pneumothorax, x-rays"]),
        ("45", ["M 45 cough"]),
        ("4", []),
        ('cough OR "', ["cough or fever"]),
        ("cough -", ["cough or fever", "M 45 cough", "F 4500 coughing"]),
        ("--", []),
        ("nothing", []),
    ],
)
async def test_a_search_finds_starts_of_words_and_short_words_whole(
    ward: Clinic, typed: str, captions: list[str]
) -> None:
    sender = await ward.enrol(7)
    for caption in (
        "F 4500 coughing",
        "Pneumonie évidente",
        "pneumothorax, x-rays",
        "M 45 cough",
        "cough or fever",
    ):
        await ward.open_case(sender, caption=caption)
    assert await found(ward, typed) == captions


async def test_a_start_that_very_many_words_have_still_finds_them_all(
    ward: Clinic, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(words, "MOST_WORDS", 2)
    sender = await ward.enrol(7)
    for caption in ("cough", "coughs", "coughing"):
        await ward.open_case(sender, caption=caption)
    assert await found(ward, "cough") == ["coughing", "coughs", "cough"]


async def test_the_figures_of_a_period_are_read_from_their_index_alone(ward: Clinic) -> None:
    def look(tx: Transaction) -> list[str]:
        explained = Explained(tx)
        explained.run(summary.READINGS, since=0.0, until=1.0)
        return explained.steps

    steps = await ward.database.read(look)
    assert [step for step in steps if " r " in step] == [
        "SEARCH r USING COVERING INDEX readings_by_time (asked_at>? AND asked_at<?)"
    ]
