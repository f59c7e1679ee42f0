"""Telegram's older Markdown, kept for the bots that were written for it: nothing nests.

In tdlib's reading (parse_markdown). Offsets in errors are of bytes.
"""

import re

from gateway.bot_api.formatting.building import Building, ParseError
from gateway.schemas.entities import Entity

_PLAIN = re.compile(r"[^_*`\[\\]+")
_ESCAPED = re.compile(r"\\([_*`\[])")
_LANGUAGE = re.compile(r"(?:([^\s`]+)(?=\s))?(?:\r\n|\n\r|[\r\n])?")
_KINDS = {"_": "italic", "*": "bold", "`": "code", "```": "pre", "[": "text_link"}


def parse_markdown(text: str) -> tuple[str, tuple[Entity, ...]]:
    """Take the marks out of a text.

    Args:
        text: With Markdown of the older kind.

    Raises:
        ParseError: At a mark without its end.
    """
    building = Building()
    at = 0
    while at < len(text):
        if plain := _PLAIN.match(text, at):
            building.add(plain[0])
            at = plain.end()
        elif escaped := _ESCAPED.match(text, at):
            building.add(escaped[1])
            at = escaped.end()
        elif text[at] == "\\":
            building.add("\\")
            at += 1
        else:
            at = _span(building, text, at)
    return building.text, tuple(building.done)


def _span(building: Building, text: str, at: int) -> int:
    """Read a span; answers where the text goes on."""
    mark = "```" if text.startswith("```", at) else text[at]
    start, language = at + len(mark), None
    if mark == "```" and (found := _LANGUAGE.match(text, start)):
        language, start = found[1], found.end()
    stop = text.find("]" if mark == "[" else mark, start)
    if stop < 0:
        offset = len(text[:at].encode())
        raise ParseError(f"Can't find end of the entity starting at byte offset {offset}")
    building.start(_KINDS[mark], at, language=language)
    building.add(text[start:stop])
    if mark != "[":
        building.end()
        return stop + len(mark)
    url, stop = _url(text, start, stop)
    building.end_link(url)
    return stop


def _url(text: str, start: int, stop: int) -> tuple[str, int]:
    """Where a link leads, and where the text goes on: without an address, its text is one."""
    if not text.startswith("](", stop):
        return text[start:stop], stop + 1
    end = text.find(")", stop)
    end = len(text) if end < 0 else end
    return text[stop + 2 : end], end + 1
