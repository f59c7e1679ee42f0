"""A message's HTML on paper: pictures at the top, text under them, a head and a foot on every page.

Knows the tags that messages use, and how lines are broken. Must not know what they say. Nothing is
cut: what does not fit on one page in small letters goes on, on another.
"""

import html
import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import dropwhile, groupby
from operator import itemgetter

from bot.replies.markup import Html
from bot.replies.pdf import A4_PT, GREY, PLAIN, RED, Page, Style, document
from pictures.picture import Rendition
from pictures.typeface import EM, MISSING, typeface

SIZES_PT = (10.0, 9.0, 8.0, 7.5)
"""Letters, the largest first: one page is tried with each."""
SEVERAL_PT = 9.0
"""Letters where one page is not enough."""
PICTURE_LETTERS = 21
"""How high pictures are, in heights of a letter."""
LEADING = 1.35
EDGE_PT = 42.0
GAP_PT = 8.0
INDENT_PT = 12.0
HEAD_PT, ABOVE_PT, BANNER_PT, FOOT_PT = 14.0, 10.0, 10.0, 7.5
NUMBER_PT = 70.0
"""What stays free in the foot for a page's number."""
NARROWEST_PT = 60.0
"""The room for the words under a picture, however narrow that is."""

_WIDTH_PT, _HEIGHT_PT = A4_PT
_ROOM_PT = _WIDTH_PT - 2 * EDGE_PT
_TOKEN = re.compile(r"<[^>]*>|[^<]+")
_UNSEEN = {"Cf", "Mn", "Sk"}
"""Kinds of characters that only change others, such as the one that makes a sign an emoji."""
_SAME = str.maketrans("≧⩾≦⩽⇑⬆⇓⬇⌀", "≥≥≤≤↑↑↓↓ø")
"""Signs that the font has only in another form."""

Run = tuple[str, Style]
Line = list[Run]


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A picture with the words under it."""

    picture: Rendition
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """All that is to be on paper.

    Args:
        banners: What nobody may miss, on every page.
        across: What is written over each picture; empty for nothing.
        foot: What stands under every page, a line each.
        page: Words for a page's number, with `{n}` and `{count}` in it.
    """

    title: str
    above: str
    banners: Sequence[str]
    pictures: Sequence[Shown]
    across: str
    text: Html
    foot: Sequence[str]
    page: str
    language: str


def pdf(sheet: Sheet) -> bytes:
    """Lay a sheet out, on one page if that can be.

    Returns:
        A PDF.
    """
    for size in SIZES_PT:
        pages = _Layout(sheet, size).pages()
        if len(pages) == 1:
            break
    else:
        pages = _Layout(sheet, SEVERAL_PT).pages()
    for number, page in enumerate(pages, start=1):
        _foot(page, sheet, sheet.page.format(n=number, count=len(pages)))
    return document(pages, title=sheet.title, language=sheet.language)


class _Layout:
    """Sets one block under the other."""

    def __init__(self, sheet: Sheet, size: float) -> None:
        self._sheet = sheet
        self._size = size
        self._leading = size * LEADING
        self._pages = list[Page]()
        self._y = 0.0
        self._bottom = EDGE_PT + (len(_foot_lines(sheet)) + 1) * FOOT_PT * LEADING

    def pages(self) -> list[Page]:
        self._turn()
        self._draw_pictures()
        for runs, is_quoted in _blocks(self._sheet.text):
            self._write(runs, is_quoted)
        return self._pages

    def _turn(self) -> None:
        """Begin a page, with its head."""
        page, sheet = Page(), self._sheet
        self._pages.append(page)
        self._y = _HEIGHT_PT - EDGE_PT - HEAD_PT
        page.text(EDGE_PT, self._y, _lettered(sheet.title), HEAD_PT, Style(bold=True))
        room = _ROOM_PT - _width(_lettered(sheet.title), HEAD_PT) - GAP_PT
        for number, line in enumerate(_wrapped([(_lettered(sheet.above), PLAIN)], room, ABOVE_PT)):
            self._y -= ABOVE_PT * LEADING if number else 0
            _draw(page, line, _WIDTH_PT - EDGE_PT - _width_of(line, ABOVE_PT), self._y, ABOVE_PT)
        self._y -= GAP_PT
        page.line((EDGE_PT, self._y), (_WIDTH_PT - EDGE_PT, self._y))
        self._y -= GAP_PT
        for banner in sheet.banners:
            self._draw_banner(page, banner)

    def _draw_banner(self, page: Page, banner: str) -> None:
        style, size = Style(bold=True, colour=RED), BANNER_PT
        found = [*_wrapped([(_lettered(banner), style)], _ROOM_PT - 2 * GAP_PT, size)]
        height = len(found) * size * LEADING + GAP_PT
        page.box(EDGE_PT, self._y - height, _ROOM_PT, height, RED)
        for number, line in enumerate(found, start=1):
            _draw(page, line, EDGE_PT + GAP_PT, self._y - size * LEADING * number, size)
        self._y -= height + GAP_PT

    def _draw_pictures(self) -> None:
        """Draw all of them in one row, as high as they may be and as the row has room for."""
        shown = self._sheet.pictures
        if not shown:
            return
        shares = [each.picture.width_px / each.picture.height_px for each in shown]
        height = _height_of_row(shares, PICTURE_LETTERS * self._size)
        x, lowest, page = EDGE_PT, self._y - height, self._pages[-1]
        for each, share in zip(shown, shares, strict=True):
            width, y = height * share, self._y - height
            page.picture(each.picture, x, y, width, height)
            if self._sheet.across:
                page.across(_lettered(self._sheet.across), x, y, width, height)
            width = max(width, NARROWEST_PT)
            for line in _wrapped([(_lettered(each.words), PLAIN)], width, FOOT_PT):
                y -= FOOT_PT * LEADING
                _draw(page, line, x, y, FOOT_PT)
            lowest = min(lowest, y)
            x += width + GAP_PT
        self._y = lowest - GAP_PT / 2

    def _write(self, runs: Line, is_quoted: bool) -> None:
        if not runs:
            self._y -= self._leading * 0.45
            return
        indent = INDENT_PT if is_quoted else 0
        for line in _wrapped(runs, _ROOM_PT - indent, self._size):
            if self._y - self._leading < self._bottom:
                self._turn()
            self._y -= self._leading
            page = self._pages[-1]
            _draw(page, line, EDGE_PT + indent, self._y, self._size)
            if is_quoted:
                x, low = EDGE_PT + INDENT_PT / 2, self._y - self._leading * 0.25
                page.line((x, low), (x, low + self._leading), 1.5, GREY)


def _height_of_row(shares: Sequence[float], most: float) -> float:
    """How high pictures may be that stand side by side with their words.

    Args:
        shares: How wide each is, in heights.
    """
    room, height = _ROOM_PT - GAP_PT * (len(shares) - 1), most
    while (over := sum(max(height * each, NARROWEST_PT) for each in shares) - room) > 0.01:
        height -= over / sum(each for each in shares if height * each > NARROWEST_PT)
    return height


def _foot_lines(sheet: Sheet) -> list[Line]:
    return [
        line
        for words in sheet.foot
        for line in _wrapped([(_lettered(words), PLAIN)], _ROOM_PT - NUMBER_PT, FOOT_PT)
    ]


def _foot(page: Page, sheet: Sheet, number: str) -> None:
    found, shown = _foot_lines(sheet), _lettered(number)
    y = EDGE_PT + len(found) * FOOT_PT * LEADING
    page.line((EDGE_PT, y), (_WIDTH_PT - EDGE_PT, y))
    for line in found:
        y -= FOOT_PT * LEADING
        _draw(page, line, EDGE_PT, y, FOOT_PT)
    page.text(_WIDTH_PT - EDGE_PT - _width(shown, FOOT_PT), y, shown, FOOT_PT)


def _draw(page: Page, line: Line, x: float, y: float, size: float) -> None:
    for style, runs in groupby(line, key=itemgetter(1)):
        x = page.text(x, y, "".join(text for text, _ in runs), size, style)


def _blocks(text: Html) -> Iterator[tuple[Line, bool]]:
    """Each line of a message, with whether it is quoted; an empty one is a gap."""
    style, is_quoted, line = PLAIN, False, Line()
    for token in _TOKEN.findall(text):
        if token.startswith("<"):
            if line and "blockquote" in token:
                yield line, is_quoted
                line = Line()
            is_quoted = _is_quoted(token, is_quoted)
            style = _styled(token, style)
            continue
        first, *more = html.unescape(token).split("\n")
        line += _run(first, style, is_quoted)
        for each in more:
            yield line, is_quoted
            line = _run(each, style, is_quoted)
    if line:
        yield line, is_quoted


def _is_quoted(tag: str, was: bool) -> bool:
    return not tag.startswith("</") if "blockquote" in tag else was


def _styled(tag: str, style: Style) -> Style:
    """The style behind a tag; what stands as code looks like anything else on paper."""
    begins = not tag.startswith("</")
    match tag.strip("</>"):
        case "b":
            return replace(style, bold=begins)
        case "i":
            return replace(style, italic=begins)
        case "s":
            return replace(style, struck=begins)
        case _:
            return style


def _run(text: str, style: Style, is_quoted: bool) -> Line:
    shown = _lettered(text, is_quoted=is_quoted)
    return [(shown, style)] if shown else []


def _lettered(text: str, *, is_quoted: bool = False) -> str:
    """A text in letters that the font has.

    Args:
        is_quoted: Whether somebody wrote it: then a sign that is left out leaves a question mark.
    """
    face, shown = typeface(), ""
    for char in unicodedata.normalize("NFC", text.replace("\t", " ")).translate(_SAME):
        if face.glyph(char) != MISSING:
            shown += char
        elif unicodedata.category(char) not in _UNSEEN and (is_quoted or not _is_sign(char)):
            shown += "?"
    return shown


def _is_sign(char: str) -> bool:
    """Whether it is one such as a coloured circle: beside it the bot says the same in words."""
    return unicodedata.category(char) == "So"


def _wrapped(runs: Iterable[Run], room: float, size: float) -> Iterator[Line]:
    """Break lines between words, and within one that is longer than a line."""
    line, left = Line(), room
    for part in _parts(runs, room, size):
        width = _width_of(part, size)
        if line and width > left:
            yield line
            line, left = Line(), room
        if not line:
            part = [*dropwhile(_is_space, part)]  # noqa: PLW2901 - a line begins with no space
            width = _width_of(part, size)
        line, left = line + part, left - width
    if line:
        yield line


def _parts(runs: Iterable[Run], room: float, size: float) -> Iterator[Line]:
    """What is not parted: words, each with the space before it; letters of one too long."""
    for word in _words(runs):
        if _width_of(word, size) <= room:
            yield word
        else:
            yield from ([(char, style)] for text, style in word for char in text)


def _words(runs: Iterable[Run]) -> Iterator[Line]:
    word = Line()
    for text, style in runs:
        for atom in re.findall(" +|[^ ]+", text):
            if atom.startswith(" ") and word:
                yield word
                word = Line()
            word.append((atom, style))
    if word:
        yield word


def _is_space(run: Run) -> bool:
    return not run[0].strip(" ")


def _width_of(line: Line, size: float) -> float:
    return sum(_width(text, size) for text, _ in line)


def _width(text: str, size: float) -> float:
    return typeface().width(text) * size / EM
