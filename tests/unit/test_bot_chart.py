"""`/stats` as a picture: every figure drawn, an urgency told by more than its colour."""

import io
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

import pytest
from PIL import Image, ImageChops

from bot.domain.figures import Day, Figures
from bot.domain.oversight import Agreement, FirstLooks, Oversight
from bot.domain.people import Role
from bot.locale import translator
from bot.replies import chart, pen
from inference.contract import Language, Urgency
from tests.bot_conversation import SUPERVISOR, WORKER, Conversation, words
from tests.bot_world import reading

EN = translator(Language.ENGLISH)
FULL = Oversight(
    answered=60,
    signed=50,
    looks=tuple(
        FirstLooks(urgency=urgency, cases=12, seen=9, p50_s=60.0 * 4**n, p90_s=None if n else 900.0)
        for n, urgency in enumerate(Urgency)
    ),
    agreements=tuple(
        Agreement(urgency=urgency, model=f"a-model-of-a-long-name-{n}", agreed=9, signed=10)
        for n, urgency in enumerate(Urgency)
    ),
    outcomes={},
)
DAYS = tuple(
    Day(
        date=date(2026, 3, 2) + timedelta(days=n),
        by_urgency={urgency: n + place for place, urgency in enumerate(Urgency)},
        unanswered=n,
    )
    for n in range(7)
)
WEEK = Figures(
    by_status={},
    by_urgency={},
    follow_ups=0,
    wait_p50_s=40.0,
    wait_p90_s=600.0,
    engines=(),
    unreviewed=0,
)
NOTHING = Oversight(answered=0, signed=0, looks=(), agreements=(), outcomes={})


def drawn(
    days: Sequence[Day] = (),
    waits: Sequence[tuple[str, Figures]] = (),
    oversight: Oversight = NOTHING,
    language: Language = Language.ENGLISH,
) -> Image.Image:
    data = chart.draw(days, waits, oversight, translator(language))
    return Image.open(io.BytesIO(data)).convert("RGB")


def colours(picture: Image.Image) -> set[object]:
    return {colour for _, colour in picture.getcolors(1 << 20) or []}


def colour_of(urgency: Urgency) -> tuple[int, ...]:
    return tuple(bytes.fromhex(pen.COLOURS[urgency].removeprefix("#")))


def length(picture: Image.Image, colour: tuple[int, ...], row: int) -> int:
    """How many pixels of a colour stand in a row of the first panel."""
    y = pen.TITLE_PX + pen.ROW_PX * row + pen.ROW_PX // 2
    return sum(picture.getpixel((x, y)) == colour for x in range(pen.LEFT_PX, picture.width))


@pytest.mark.parametrize("language", Language)
def test_every_urgency_is_drawn_in_its_colour_whatever_is_drawn_of_it(language: Language) -> None:
    for picture in (drawn(DAYS, language=language), drawn(oversight=FULL, language=language)):
        assert picture.width == pen.WIDTH_PX
        assert {colour_of(urgency) for urgency in Urgency} <= colours(picture)


def test_an_urgency_is_told_by_its_pattern_too() -> None:
    """For whoever cannot tell the colours apart: in grey, no two bars are alike."""
    seen = []
    for urgency in Urgency:
        day = replace(DAYS[0], by_urgency={urgency: 1}, unanswered=0)
        y = pen.TITLE_PX + (pen.ROW_PX - pen.BAR_PX) // 2
        bar = drawn([day]).crop((pen.LEFT_PX, y, pen.LEFT_PX + 200, y + pen.BAR_PX))
        one_colour = Image.new("RGB", bar.size, pen.COLOURS[urgency])
        other = ImageChops.difference(bar, one_colour).convert("L")
        seen.append(other.point(lambda value: 255 if value else 0).tobytes())
    assert len(set(seen)) == len(Urgency)


def test_a_day_of_more_cases_is_a_longer_bar_and_one_of_none_has_none() -> None:
    days = [
        replace(DAYS[0], by_urgency={Urgency.CRITICAL: count} if count else {}, unanswered=0)
        for count in (0, 1, 5, 10)
    ]
    lengths = [length(drawn(days), colour_of(Urgency.CRITICAL), row) for row in range(4)]
    assert lengths[0] == 0
    assert lengths[1] * 5 == pytest.approx(lengths[2], abs=6)
    assert lengths[3] == pytest.approx(pen.WIDTH_PX - pen.LEFT_PX - pen.RIGHT_PX, abs=2)


def test_a_longer_wait_is_a_longer_bar_and_none_stands_beyond_the_axis() -> None:
    colour = tuple(bytes.fromhex(pen.OTHER.removeprefix("#")))
    y = pen.TITLE_PX + pen.AXIS_PX + pen.SWATCH_PX + pen.EDGE_PX + pen.TITLE_PX + pen.ROW_PX // 2

    def width(p50_s: float) -> int:
        picture = drawn(waits=[("Today", replace(WEEK, wait_p50_s=p50_s, wait_p90_s=p50_s))])
        return sum(picture.getpixel((x, y)) == colour for x in range(picture.width))

    widths = [width(seconds) for seconds in (1, 600, 3600, 86400, 7 * 86400, 700 * 86400)]
    assert widths == sorted(widths)
    assert 2 <= widths[0] < widths[1] < widths[-2]
    assert widths[-2] == widths[-1] <= pen.WIDTH_PX - pen.LEFT_PX - pen.RIGHT_PX + 1


@pytest.mark.parametrize("language", Language)
def test_no_word_of_the_picture_is_cut_off_at_its_edge(language: Language) -> None:
    long = replace(FULL.agreements[0], model="a-model-of-a-very-long-name-indeed-" * 3)
    oversight = replace(FULL, agreements=(long,))
    picture = drawn(DAYS, [("Last seven days " * 3, WEEK)], oversight, language)
    paper = (255, 255, 255)
    for x in (0, 1, picture.width - 2, picture.width - 1):
        assert {picture.getpixel((x, y)) for y in range(picture.height)} == {paper}


def test_of_no_figures_there_is_a_picture_all_the_same() -> None:
    assert drawn().height > 0


async def test_stats_tells_the_cases_of_each_day_of_a_week_by_urgency(chat: Conversation) -> None:
    ward = chat.clinic
    await chat.enrol(SUPERVISOR, Role.SUPERVISOR)
    worker = await chat.enrol(WORKER)
    await chat.case(worker, reading("URGENCY: critical"))
    ward.clock.advance(86_400)
    await chat.case(worker, reading("URGENCY: routine"))
    await ward.open_case(worker)
    await chat.delivered()
    ward.clock.advance(1)
    now = ward.clock.now()

    before, yesterday, today = await ward.store.summary.days(now - timedelta(days=2), now)

    assert (before.cases, yesterday.by_urgency) == (0, {Urgency.CRITICAL: 1})
    assert (today.by_urgency, today.unanswered) == ({Urgency.ROUTINE: 1}, 1)
    assert today.date == now.astimezone().date()
    told, picture = await chat.types(SUPERVISOR, "/stats")
    assert "Today · 2 cases" in words([told])
    assert picture.attachment is not None
    assert picture.attachment.is_picture
    assert picture.reply.text == "<b>Last 7\u00a0days · Supervisors, last 30\u00a0days</b>"
