"""Cases as numbers and as a table.

Knows cases and figures. Must not know SQL or Telegram.
"""

import csv
import io
import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from enum import StrEnum

from bot.domain.cases import Case, CaseStatus
from bot.domain.figures import Figures
from bot.domain.ids import UserId
from bot.domain.messages import Reply
from bot.domain.oversight import Oversight
from bot.domain.phones import SmsFigures
from bot.locale import Translator
from bot.replies import oversight as supervisors
from bot.replies import phones, words
from bot.replies.buttons import Action, button
from bot.replies.markup import Html, bold, lines, paragraphs, plain, split
from inference.contract import Urgency

_SIGNS = "=+\\-@＝＋－＠﹢﹣﹦﹫⁺⁻⁼₊₋₌−"  # noqa: RUF001 - those that only look so are meant, too
_FORMULA = re.compile(rf'(^|[,;|\t\r\n])([\s"\u200b\u2060\ufeff]*)(?=[{_SIGNS}])|^(?=[\t\r])')
"""What begins a formula in a spreadsheet, at the start of a cell or wherever one may cut it: where
decimals have a comma, cells end at semicolons, and quotes do not hold.

Source: OWASP, CSV injection.
"""


class Period(StrEnum):
    """Which cases an export holds."""

    TODAY = "today"
    WEEK = "week"
    MONTH = "month"
    ALL = "all"


def period_name(period: Period, t: Translator) -> str:
    """What a period is called, in a word or two."""
    return {
        Period.TODAY: t.gettext("Today"),
        Period.WEEK: t.gettext("Last 7\u00a0days"),
        Period.MONTH: t.gettext("Last 30\u00a0days"),
        Period.ALL: t.gettext("All"),
    }[period]


def stats(
    periods: Sequence[tuple[Period, Figures]],
    oversight: Oversight,
    t: Translator,
    sms: SmsFigures | None = None,
) -> Reply:
    """Periods in numbers.

    Args:
        periods: Each with its figures.
        oversight: What supervisors made of the readings of the last month.
        sms: How SMS went; None where there are none.
    """
    told = [_figures(period, figures, t) for period, figures in periods]
    if oversight.answered:
        told.append(supervisors.told(oversight, t))
    if sms is not None:
        told.append(phones.figures(sms, t))
    return Reply(text=split(paragraphs(*told), Html(""))[0])


def charted(t: Translator) -> Reply:
    """What stands under the picture of these figures."""
    return Reply(text=bold(f"{period_name(Period.WEEK, t)} · {supervisors.heading(t)}"))


def choose_period(t: Translator) -> Reply:
    """Asks which cases to export."""
    row = tuple(button(period_name(period, t), Action.EXPORT, period) for period in Period)
    return Reply(text=plain(t.gettext("Which cases do you want as a table?")), buttons=(row,))


def exported(period: Period, count: int, t: Translator) -> Reply:
    """What stands under an exported table."""
    name, cases = period_name(period, t), t.ngettext("{n} case", "{n} cases", count)
    warning = t.gettext("This file holds patient data: keep it safe.")
    return Reply(text=lines(bold(f"{name} · {cases}"), plain(warning)))


COLUMNS = (
    *("case", "sent_at", "sender", "status", "patient_reference", "age_years", "sex", "caption"),
    *("pictures", "urgency", "findings", "impression", "recommendation", "answer", "truncated"),
    *("urgency_in_text", "urgency_scored", "urgency_margin"),
    *("model", "tier", "practice", "answered_at", "duration_s", "prompt_tokens", "answer_tokens"),
    *("reviewed_at", "reviewed_by", "review_agrees", "review_note"),
    *("seen_at", "seen_by", "outcome", "outcome_at", "outcome_by", "referred_to"),
    *("side", "outdated", "withdrawn_at", "withdrawn_because", "kind"),
)
"""Names of the columns: English in every language, so that tables of two clinics fit together."""


def table(cases: Iterable[Case], names: Mapping[UserId, str]) -> bytes:
    """Cases as a table that a spreadsheet opens safely.

    Args:
        names: Names of people by user id.

    Returns:
        CSV in UTF-8 with a byte order mark, which spreadsheets need for accents; no cell can be
        taken for a formula.
    """
    text = io.StringIO()
    writer = csv.writer(text, quoting=csv.QUOTE_ALL)
    writer.writerow(COLUMNS)
    for case in cases:
        writer.writerow([_cell(value) for value in _row(case, names)])
    return text.getvalue().encode("utf-8-sig")


def _cell(value: object) -> str:
    """A value as text; whatever a spreadsheet would run as a formula gets a quote in front."""
    text = "" if value is None else str(value)
    clean = text.encode("utf-8", "replace").decode().replace("\x00", " ")
    return _FORMULA.sub(lambda found: f"{found[0]}'", clean)


def _row(case: Case, names: Mapping[UserId, str]) -> tuple[object, ...]:
    return (
        case.code,
        _time(case.created_at),
        case.sender_name,
        case.status,
        case.patient_reference,
        None if case.patient.age_years is None else round(case.patient.age_years, 2),
        case.patient.sex,
        case.caption,
        len(case.pictures),
        *_reading_cells(case),
        _time(case.reviewed_at),
        _name(case.reviewed_by, names),
        case.review_agrees,
        case.review_note,
        _time(case.seen_at),
        _name(case.seen_by, names),
        case.outcome,
        _time(case.outcome_at),
        _name(case.outcome_by, names),
        case.referred_to,
        case.side,
        case.outdated,
        None if case.withdrawal is None else _time(case.withdrawal.at),
        None if case.withdrawal is None else case.withdrawal.reason,
        case.kind,
    )


def _time(when: datetime | None) -> str | None:
    return None if when is None else when.isoformat(timespec="seconds")


def _name(user_id: UserId | None, names: Mapping[UserId, str]) -> object:
    return None if user_id is None else names.get(user_id, user_id)


def _reading_cells(case: Case) -> tuple[object, ...]:
    reading = case.reading
    if reading is None:
        return (None,) * 16
    sections, engine, scored = reading.sections, reading.engine, reading.scored
    return (
        reading.urgency,
        sections.findings,
        sections.impression,
        sections.recommendation,
        reading.text,
        reading.truncated,
        sections.urgency,
        None if scored is None else scored.urgency,
        None if scored is None else round(scored.margin, 2),
        engine.model,
        engine.tier,
        engine.practice,
        _time(case.answered_at),
        round(reading.duration_s, 2),
        reading.prompt_tokens,
        reading.answer_tokens,
    )


def _figures(period: Period, figures: Figures, t: Translator) -> Html:
    total = sum(figures.by_status.values())
    heading = f"{period_name(period, t)} · {t.ngettext('{n} case', '{n} cases', total)}"
    by_status = [
        f"{words.status(status, t)} {figures.by_status[status]}"
        for status in CaseStatus
        if figures.by_status.get(status)
    ]
    by_urgency = [
        f"{words.urgency(urgency, t)} {figures.by_urgency[urgency]}"
        for urgency in Urgency
        if figures.by_urgency.get(urgency)
    ]
    return lines(
        bold(heading),
        plain(" · ".join(by_status)),
        plain(" · ".join(by_urgency)),
        plain(_waits(figures, t)),
        plain(t.gettext("Questions: {n}", n=figures.follow_ups)) if figures.follow_ups else None,
        plain(t.gettext("Not reviewed: {n}", n=figures.unreviewed)) if figures.unreviewed else None,
        *(
            plain(
                t.ngettext(
                    "{model}: {n} reading, median {took}",
                    "{model}: {n} readings, median {took}",
                    engine.readings,
                    model=words.model_and_tier(engine, t),
                    took=words.took(engine.median_duration_s, t),
                )
            )
            for engine in figures.engines
        ),
    )


def _waits(figures: Figures, t: Translator) -> str:
    if figures.wait_p50_s is None or figures.wait_p90_s is None:
        return ""
    return t.gettext(
        "Time to the answer: half within {p50}, nine of ten within {p90}",
        p50=words.took(figures.wait_p50_s, t),
        p90=words.took(figures.wait_p90_s, t),
    )
