"""Lists of cases: by sender, time, urgency, review and words, in pages, newest first.

Knows which index each question is answered from, so that a page stays fast among a million cases.
"""

from dataclasses import dataclass
from datetime import datetime

from bot.domain.cases import CASES_COUNTED, Case
from bot.domain.ids import CaseId, UserId
from bot.store import rows
from bot.store.words import match_words
from storage.database import Transaction, Value


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseFilter:
    """Which cases to list; every condition given must hold.

    Args:
        urgent: Those that somebody must look at: critical, urgent, or of unknown urgency.
    """

    sender_id: UserId | None = None
    since: datetime | None = None
    until: datetime | None = None
    urgent: bool = False
    critical: bool = False
    unreviewed: bool = False
    words: str | None = None


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
    urgent = wanted.urgent or wanted.critical
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
    if wanted.urgent or wanted.critical:
        where.append("r.question IS NULL AND r.urgency IN ('critical', 'urgent', 'not_stated')")
    if wanted.critical:  # the partial index needs both
        where.append("r.urgency = 'critical'")
    if wanted.unreviewed:
        where.append("c.reviewed_at IS NULL AND c.withdrawn_at IS NULL AND r.status = 'answered'")
    if wanted.words is not None:
        values["words"] = match_words(tx, wanted.words)
    return where, values


def _where(conditions: list[str]) -> str:
    return f"WHERE {' AND '.join(conditions)}" if conditions else ""


_FIRST_SINCE = """(
    SELECT min(case_id) FROM cases INDEXED BY cases_by_time WHERE created_at >= :since
)"""
"""Numbers rise with time, but for a clock that was set back: so the least one is looked for."""
