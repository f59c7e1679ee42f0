"""The clinic's figures as a picture: cases by day and urgency, waits, and what supervisors did.

Knows what is drawn, in which order. Must not know how it is counted. The words beside it say the
same.
"""

import math
from collections.abc import Sequence

from bot.domain.figures import Day, Figures
from bot.domain.oversight import Agreement, FirstLooks, Oversight
from bot.locale import Translator
from bot.replies import words
from bot.replies.pen import Bar, Pen
from inference.contract import Urgency

SECOND, MINUTE, HOUR, DAY = 1.0, 60.0, 3600.0, 86400.0
TICKS_S = {MINUTE: "1 min", 10 * MINUTE: "10 min", HOUR: "1 h", 6 * HOUR: "6 h", DAY: "24 h"}
LONGEST_S = 7 * DAY
SHORT_TICKS_S = {
    SECOND: "1 s",
    10 * SECOND: "10 s",
    MINUTE: "1 min",
    10 * MINUTE: "10 min",
    HOUR: "1 h",
    DAY: "24 h",
}
THIN = 0.45
"""How high the bar of nine of ten is beside that of half."""


def draw(
    days: Sequence[Day],
    waits: Sequence[tuple[str, Figures]],
    oversight: Oversight,
    t: Translator,
) -> bytes:
    """Draw all that there is figures of.

    Args:
        days: The last ones, oldest first.
        waits: Periods by name.
        oversight: Of the last month.

    Returns:
        A PNG.
    """
    pen = Pen()
    _draw_days(pen, days, t)
    _draw_waits(pen, [(name, each) for name, each in waits if each.wait_p50_s is not None], t)
    if oversight.looks:
        pen.title(t.gettext("From the picture to a supervisor's look: half, and nine of ten"))
        for looks in oversight.looks:
            _draw_looks(pen, looks, t)
        pen.axis({_log(s, MINUTE): name for s, name in TICKS_S.items()})
    if oversight.agreements:
        pen.title(t.gettext("Supervisors agree with the model, in per cent"))
        for agreement in oversight.agreements:
            _draw_agreement(pen, agreement, t)
        pen.axis({part / 4: str(25 * part) for part in range(5)})
    return pen.png()


def _draw_days(pen: Pen, days: Sequence[Day], t: Translator) -> None:
    """A row for each day, a bar in it for each urgency, gravest first."""
    most = max((day.cases for day in days), default=0) or 1
    pen.title(t.gettext("Cases by day and urgency"))
    for day in days:
        bars, start = [], 0.0
        for fill, count in _parts(day):
            end = start + count / most
            bars.append(Bar(start=start, end=end, fill=fill))
            start = end
        label = f"{t.weekday(day.date.weekday())} {day.date.day}"
        pen.row([label], t.number(day.cases), *bars)
    pen.axis({})
    met = {fill for day in days for fill, _ in _parts(day)}
    pen.legend({fill: _fill_name(fill, t) for fill in (*Urgency, None) if fill in met})


def _parts(day: Day) -> list[tuple[Urgency | None, int]]:
    counted = [*((urgency, day.by_urgency.get(urgency, 0)) for urgency in Urgency)]
    return [part for part in [*counted, (None, day.unanswered)] if part[1]]


def _draw_waits(pen: Pen, waits: Sequence[tuple[str, Figures]], t: Translator) -> None:
    if not waits:
        return
    pen.title(t.gettext("From the picture to the answer: half, and nine of ten"))
    for name, figures in waits:
        half, most = (figures.wait_p50_s or 0, figures.wait_p90_s or 0)
        label = [name, f"{words.took(half, t)} · {words.took(most, t)}"]
        pen.row(label, "", *_two(_log(half, SECOND), _log(most, SECOND), None))
    pen.axis({_log(s, SECOND): name for s, name in SHORT_TICKS_S.items()})


def _draw_looks(pen: Pen, looks: FirstLooks, t: Translator) -> None:
    half, most = (None if s is None else _log(s, MINUTE) for s in (looks.p50_s, looks.p90_s))
    label = [_name(looks.urgency, t), f"{looks.seen}/{looks.cases}"]
    value = "" if looks.p50_s is not None else t.gettext("not yet")
    pen.row(label, value, *_two(half, most, looks.urgency))


def _two(half: float | None, most: float | None, fill: Urgency | None) -> list[Bar]:
    """A thin bar for nine of ten, and over it a high one for half."""
    thin = [] if most is None else [Bar(end=most, fill=fill, height=THIN)]
    return thin if half is None else [*thin, Bar(end=half, fill=fill)]


def _draw_agreement(pen: Pen, each: Agreement, t: Translator) -> None:
    share = each.agreed / each.signed
    label = [_name(each.urgency, t), f"{each.agreed}/{each.signed} · {each.model}"]
    pen.row(label, "", Bar(end=share, fill=each.urgency))
    pen.whisker(*each.interval)


def _name(urgency: Urgency, t: Translator) -> str:
    """An urgency in a word or two, without its sign, which no font has."""
    return words.urgency(urgency, t).partition(" ")[2].partition(":")[0]


def _fill_name(fill: Urgency | None, t: Translator) -> str:
    return t.gettext("not answered") if fill is None else _name(fill, t)


def _log(seconds: float, shortest_s: float) -> float:
    """A time's share of the axis, up to a week, each tenfold as wide."""
    within = min(max(seconds, shortest_s), LONGEST_S)
    return math.log(within / shortest_s) / math.log(LONGEST_S / shortest_s)
