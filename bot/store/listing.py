"""Lists of cases: by sender, time, urgency, review and words, in pages, newest first.

Knows which index each question is answered from, so that a page stays fast among a million cases.
"""

from dataclasses import dataclass, replace
from datetime import datetime

from bot.domain.cases import CASES_COUNTED, Case
from bot.domain.ids import CaseId, UserId
from bot.domain.pages import CasePage, Place, Section
from bot.store import rows
from bot.store.words import match_words
from inference.contract import Urgency
from storage.database import Transaction, Value


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseFilter:
    """Which cases to list; every condition given must hold.

    Args:
        urgent: Those that somebody must look at: critical, urgent, or of unknown urgency.
        urgency: One of these three.
        not_pressing_since: Without those that press and were sent since; see `triaged`.
    """

    sender_id: UserId | None = None
    since: datetime | None = None
    until: datetime | None = None
    urgent: bool = False
    urgency: Urgency | None = None
    unreviewed: bool = False
    words: str | None = None
    not_pressing_since: datetime | None = None


def page(
    tx: Transaction, wanted: CaseFilter, *, limit: int, before: CaseId | None
) -> tuple[Case, ...]:
    """List cases, newest first.

    Args:
        limit: How many at most.
        before: Only cases older than this one: the last one of the page before.
    """
    where, values = _conditions(tx, wanted)
    case_id = _leading_id(wanted)
    if before is not None:
        where.append(f"{case_id} < :before")
    sql = f"""
        SELECT {rows.CASE_COLUMNS} FROM {_source(wanted)} {rows.JOIN_PEOPLE} {_where(where)}
        ORDER BY {case_id} DESC LIMIT :limit + 0
    """
    return rows.cases(tx, tx.all(sql, **values, before=before, limit=limit))


def triaged(
    tx: Transaction, wanted: CaseFilter, *, limit: int, at: Place, pressing_since: datetime
) -> CasePage:
    """List what presses first: what looks urgent and nobody has signed off, gravest first.

    Args:
        limit: How many at most.
        at: Where the page begins.
        pressing_since: What was sent before does not press any more: it stands among the rest.
    """
    found: list[tuple[Section, Case]] = []
    for section in _ORDER[_ORDER.index(at.section) :]:
        cases = page(
            tx,
            _within(wanted, section, pressing_since),
            limit=limit + 1 - len(found),
            before=at.before if section is at.section else None,
        )
        found += ((section, case) for case in cases)
        if len(found) > limit:
            break
    shown = found[:limit]
    return CasePage(
        cases=tuple(case for _, case in shown),
        place=at,
        next=_after(*shown[-1], at.shown + limit) if len(found) > limit else None,
    )


def _within(wanted: CaseFilter, section: Section, since: datetime) -> CaseFilter:
    """What a part of a list holds."""
    if section is Section.REST:
        return replace(wanted, not_pressing_since=since)
    since = since if wanted.since is None else max(since, wanted.since)
    return replace(wanted, urgency=_URGENCIES[section], unreviewed=True, since=since)


def _after(section: Section, case: Case, shown: int) -> Place:
    return Place(section=section, before=case.case_id, shown=shown)


def count(tx: Transaction, wanted: CaseFilter) -> int:
    """Count cases, up to `CASES_COUNTED`: nobody reads a larger number."""
    where, values = _conditions(tx, wanted)
    sql = f"""
        SELECT count(*) FROM (
            SELECT 1 FROM {_counted(wanted)} {_where(where)} LIMIT {CASES_COUNTED}
        )
    """
    return int(tx.run(sql, **values).fetchone()[0])


def _source(wanted: CaseFilter) -> str:
    """The tables, the one that narrows most first; a cross join keeps SQLite to that order."""
    if wanted.words is not None:
        found = "case_words(:words) w CROSS JOIN cases c ON c.case_id = w.rowid"
        return f"{found} {rows.JOIN_FIRST_READING}"
    if _from_urgent(wanted):
        return "readings r INDEXED BY readings_urgent CROSS JOIN cases c ON c.case_id = r.case_id"
    if wanted.sender_id is None and wanted.since is None and wanted.unreviewed:
        return f"cases c INDEXED BY cases_unreviewed {rows.JOIN_FIRST_READING}"
    return f"cases c {rows.JOIN_FIRST_READING}"


def _counted(wanted: CaseFilter) -> str:
    """What counting needs: one index alone, where that answers it."""
    if wanted == CaseFilter():
        return "cases c"
    if wanted == CaseFilter(urgent=True):
        return "readings r INDEXED BY readings_urgent"
    if wanted == CaseFilter(words=wanted.words):
        return "case_words(:words) w"
    return _source(wanted)


def _leading_id(wanted: CaseFilter) -> str:
    """The case's number in the table that leads, by which SQLite walks without sorting."""
    if wanted.words is not None:
        return "w.rowid"
    return "r.case_id" if _from_urgent(wanted) else "c.case_id"


def _from_urgent(wanted: CaseFilter) -> bool:
    urgent = wanted.urgent or wanted.urgency is not None
    return urgent and wanted.words is None and wanted.sender_id is None


def _conditions(tx: Transaction, wanted: CaseFilter) -> tuple[list[str], dict[str, Value]]:
    where: list[str] = []
    values: dict[str, Value] = {}
    if wanted.sender_id is not None:
        where.append("c.sender_id = :sender_id")
        values["sender_id"] = wanted.sender_id
    if wanted.since is not None:
        where.append(f"c.created_at >= :since AND {_leading_id(wanted)} >= {_FIRST_SINCE}")
        values["since"] = wanted.since.timestamp()
    if wanted.until is not None:
        where.append("c.created_at < :until")
        values["until"] = wanted.until.timestamp()
    if wanted.words is not None:
        values["words"] = match_words(tx, wanted.words)
    _add_standing(wanted, where, values)
    return where, values


def _add_standing(wanted: CaseFilter, where: list[str], values: dict[str, Value]) -> None:
    """How urgent they are, and whether somebody signed them off."""
    if wanted.urgent or wanted.urgency is not None:
        where.append(f"r.question IS NULL AND {_IS_URGENT}")
    if wanted.urgency is not None:  # the partial index needs both
        where.append("r.urgency = :urgency")
        values["urgency"] = wanted.urgency
    if wanted.unreviewed:
        where.append(_IS_UNREVIEWED)
    if wanted.not_pressing_since is not None:
        where.append(
            f"(c.created_at >= :pressing_since AND {_IS_UNREVIEWED} AND {_IS_URGENT}) IS NOT TRUE"
        )
        values["pressing_since"] = wanted.not_pressing_since.timestamp()


def _where(conditions: list[str]) -> str:
    return f"WHERE {' AND '.join(conditions)}" if conditions else ""


_ORDER = (Section.CRITICAL, Section.URGENT, Section.UNKNOWN, Section.REST)
_URGENCIES = {
    Section.CRITICAL: Urgency.CRITICAL,
    Section.URGENT: Urgency.URGENT,
    Section.UNKNOWN: Urgency.NOT_STATED,
}

_IS_URGENT = "r.urgency IN ('critical', 'urgent', 'not_stated')"
_IS_UNREVIEWED = "c.reviewed_at IS NULL AND c.withdrawn_at IS NULL AND r.status = 'answered'"

_FIRST_SINCE = """(
    SELECT min(case_id) FROM cases INDEXED BY cases_by_time WHERE created_at >= :since
)"""
"""Numbers rise with time, but for a clock that was set back: so the least one is looked for."""
