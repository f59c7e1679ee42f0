"""The supervisors' figures as a small picture: bars, with intervals where there are any.

Knows how to draw them. Must not know how they are counted. Pillow is loaded with the first chart:
until then the bot's process does without it, and it decodes no picture ever.
"""

import io
import math

from bot.domain.oversight import Agreement, FirstLooks, Oversight
from bot.locale import Translator
from bot.replies import words
from inference.contract import Urgency

WIDTH_PX = 720
ROW_PX = 34
BAR_PX = 18
LEFT_PX = 290
RIGHT_PX = 60
TITLE_PX = 44
AXIS_PX = 34
COLOURS = {
    Urgency.CRITICAL: "#c62828",
    Urgency.URGENT: "#ef6c00",
    Urgency.NOT_STATED: "#b08900",
    Urgency.ROUTINE: "#2e7d32",
    Urgency.NOT_MEDICAL: "#757575",
}
INK, GREY, PAPER = "#212121", "#9e9e9e", "#ffffff"
MINUTE, HOUR, DAY = 60.0, 3600.0, 86400.0
TICKS_S = {MINUTE: "1 min", 10 * MINUTE: "10 min", HOUR: "1 h", 6 * HOUR: "6 h", DAY: "24 h"}
LONGEST_S = 7 * DAY
MODEL_CHARS = 20


def draw(oversight: Oversight, t: Translator) -> bytes:
    """Draw how soon supervisors looked, and how often they agreed.

    Returns:
        A PNG.
    """
    rows = len(oversight.looks) + len(oversight.agreements)
    panels = 1 + bool(oversight.agreements)
    pen = _Pen(height_px=rows * ROW_PX + panels * (TITLE_PX + AXIS_PX))
    pen.title(t.gettext("From the picture to a supervisor's look: half, and nine of ten"))
    for looks in oversight.looks:
        _draw_looks(pen, looks, t)
    pen.axis({_log(s): name for s, name in TICKS_S.items()})
    if oversight.agreements:
        pen.title(t.gettext("Supervisors agree with the model, in per cent"))
        for agreement in oversight.agreements:
            _draw_agreement(pen, agreement, t)
        pen.axis({part / 4: str(25 * part) for part in range(5)})
    return pen.png()


class _Pen:
    """Draws one row under the other; lengths are shares of the widest bar."""

    def __init__(self, *, height_px: int) -> None:
        from PIL import Image, ImageDraw  # noqa: PLC0415 - only here, and large

        from pictures import letters  # noqa: PLC0415 - likewise

        self._image = Image.new("RGB", (WIDTH_PX, height_px), PAPER)
        self._draw = ImageDraw.Draw(self._image)
        self._font = letters.font(16)
        self._small = letters.font(13)
        self._shown = letters.shown
        self._y = 0

    def png(self) -> bytes:
        """All that was drawn."""
        encoded = io.BytesIO()
        self._image.save(encoded, "PNG", optimize=True)
        return encoded.getvalue()

    def title(self, text: str) -> None:
        """Begin a panel."""
        middle = (WIDTH_PX / 2, self._y + TITLE_PX / 2)
        self._draw.text(middle, self._shown(text), INK, self._font, anchor="mm")
        self._y += TITLE_PX

    def row(self, label: str, value: str, colour: str, *shares: float | None) -> None:
        """Draw a bar for each share, the longer ones paler and thinner, with words at both ends."""
        middle = self._y + ROW_PX / 2
        self._draw.text((LEFT_PX - 10, middle), self._shown(label), INK, self._small, anchor="rm")
        right: float = LEFT_PX
        for share, half in zip(reversed(shares), (BAR_PX / 4, BAR_PX / 2), strict=True):
            if share is not None:
                x = _x(share)
                box = (LEFT_PX, middle - half, max(x, LEFT_PX + 2), middle + half)
                self._draw.rectangle(box, colour)
                right = max(right, x)
        self._draw.text((right + 8, middle), self._shown(value), INK, self._small, anchor="lm")
        self._y += ROW_PX

    def whisker(self, low: float, high: float) -> None:
        """Draw an interval over the row that was drawn last."""
        middle = self._y - ROW_PX / 2
        self._draw.line((_x(low), middle, _x(high), middle), INK, 2)
        for x in (_x(low), _x(high)):
            self._draw.line((x, middle - 5, x, middle + 5), INK, 2)

    def axis(self, ticks: dict[float, str]) -> None:
        """End a panel."""
        self._draw.line((LEFT_PX, self._y, _x(1), self._y), GREY)
        for share, name in ticks.items():
            self._draw.line((_x(share), self._y, _x(share), self._y + 5), GREY)
            self._draw.text((_x(share), self._y + 8), name, INK, self._small, anchor="mt")
        self._y += AXIS_PX


def _draw_looks(pen: _Pen, looks: FirstLooks, t: Translator) -> None:
    shares = [None if s is None else _log(s) for s in (looks.p50_s, looks.p90_s)]
    label = f"{_name(looks.urgency, t)} ({looks.seen}/{looks.cases})"
    value = "" if looks.p50_s is not None else t.gettext("not yet")
    pen.row(label, value, COLOURS[looks.urgency], *shares)


def _draw_agreement(pen: _Pen, each: Agreement, t: Translator) -> None:
    share = each.agreed / each.signed
    model = each.model if len(each.model) <= MODEL_CHARS else f"{each.model[:MODEL_CHARS]}."
    low, high = each.interval
    pen.row(f"{_name(each.urgency, t)}, {model}", "", COLOURS[each.urgency], share, None)
    pen.whisker(low, high)


def _name(urgency: Urgency, t: Translator) -> str:
    """An urgency in a word or two, without its sign, which the font has not."""
    return words.urgency(urgency, t).partition(" ")[2].partition(":")[0]


def _log(seconds: float) -> float:
    """A time's share of the axis, from a minute to a week, each tenfold as wide."""
    within = min(max(seconds, MINUTE), LONGEST_S)
    return math.log(within / MINUTE) / math.log(LONGEST_S / MINUTE)


def _x(share: float) -> float:
    return LEFT_PX + share * (WIDTH_PX - LEFT_PX - RIGHT_PX)
