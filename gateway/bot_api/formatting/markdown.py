"""Telegram's MarkdownV2. Offsets in errors are of bytes, as tdlib counts them."""

import re

from gateway.bot_api.formatting.building import Building, ParseError
from gateway.schemas.entities import Entity

_RESERVED = "_*[]()~`>#+-=|{}.!"
_NAMES = {
    "bold": "Bold",
    "italic": "Italic",
    "underline": "Underline",
    "strikethrough": "Strikethrough",
    "spoiler": "Spoiler",
    "code": "Code",
    "pre": "Pre",
    "text_link": "TextUrl",
}
_MARKS = {
    "||": "spoiler",
    "__": "underline",
    "*": "bold",
    "_": "italic",
    "~": "strikethrough",
}
_LANGUAGE = re.compile(r"([^\s`]+)\n|\n?")
_VERBATIM = {"`": "code", "```": "pre"}


def parse_markdown(text: str) -> tuple[str, tuple[Entity, ...]]:
    """Take the marks out of a text.

    Args:
        text: With MarkdownV2.

    Returns:
        The plain text and its entities.

    Raises:
        ParseError: At a reserved character that is not escaped, or a mark without its end.
    """
    return _Parser(text).parse()


class _Parser:
    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0
        self._building = Building()
        self._starts: list[int] = []
        self._quote_at: int | None = None

    def parse(self) -> tuple[str, tuple[Entity, ...]]:
        while self._at < len(self._text):
            self._line_start()
            if self._at < len(self._text):
                self._step()
        self._end_quote()
        if self._building.open:
            self._unfinished()
        return self._building.text, tuple(self._building.done)

    def _step(self) -> None:
        char = self._text[self._at]
        mark = next((m for m in ("```", "`", *_MARKS) if self._text.startswith(m, self._at)), None)
        if char == "\\" and self._at + 1 < len(self._text) and ord(self._text[self._at + 1]) < 127:
            self._building.add(self._text[self._at + 1])
            self._at += 2
        elif mark in _VERBATIM:
            self._verbatim(mark)
        elif mark is not None:
            self._toggle(mark)
        elif char == "[":
            self._start("text_link", 1)
        elif char == "]" and self._innermost == "text_link":
            self._end_link()
        elif char in _RESERVED:
            raise ParseError(
                f"Character '{char}' is reserved and must be escaped with the preceding '\\'"
            )
        else:
            self._building.add(char)
            self._at += 1
            if char == "\n" and not self._text.startswith(">", self._at):
                self._end_quote()

    @property
    def _innermost(self) -> str | None:
        return self._building.open[-1].type if self._building.open else None

    def _start(self, kind: str, length: int) -> None:
        self._building.start(kind)
        self._starts.append(self._at)
        self._at += length

    def _toggle(self, mark: str) -> None:
        kind = _MARKS[mark]
        if mark == "__" and self._innermost == "italic":  # `___`: the italic ends first
            mark, kind = "_", "italic"
        if self._innermost == kind:
            self._building.end()
            self._starts.pop()
            self._at += len(mark)
        else:
            self._start(kind, len(mark))

    def _verbatim(self, mark: str) -> None:
        kind = _VERBATIM[mark]
        start = self._at
        self._at += len(mark)
        language = None
        if kind == "pre" and (found := _LANGUAGE.match(self._text, self._at)):
            language = found[1]
            self._at = found.end()
        self._building.start(kind, language=language)
        self._starts.append(start)
        while not self._text.startswith(mark, self._at):
            if self._at >= len(self._text):
                self._unfinished()
            if self._text[self._at] == "\\" and self._text[self._at + 1 : self._at + 2] in "`\\":
                self._at += 1
            self._building.add(self._text[self._at : self._at + 1])
            self._at += 1
        self._at += len(mark)
        self._building.end()
        self._starts.pop()

    def _end_link(self) -> None:
        span = self._building.open[-1]
        self._at += 1
        url = self._building.since(span)
        if self._text.startswith("(", self._at):
            url = self._url()
        self._starts.pop()
        self._building.end(url=url.strip())

    def _url(self) -> str:
        start = self._at
        self._at += 1
        url = ""
        while not self._text.startswith(")", self._at):
            if self._at >= len(self._text):
                raise ParseError(f"Can't find end of a URL at byte offset {self._byte(start)}")
            if self._text[self._at] == "\\":
                self._at += 1
            url += self._text[self._at : self._at + 1]
            self._at += 1
        self._at += 1
        return url

    def _line_start(self) -> None:
        begins_line = self._at == 0 or self._text[self._at - 1] == "\n"
        if begins_line and not self._building.open and self._text.startswith(">", self._at):
            self._quote_at = self._at
            self._start("blockquote", 1)
        elif begins_line and self._quote_at is not None and self._text.startswith(">", self._at):
            self._at += 1

    def _end_quote(self) -> None:
        if self._quote_at is not None:
            if self._innermost != "blockquote":
                self._unfinished()
            self._quote_at = None
            self._building.end()
            self._starts.pop()

    def _unfinished(self) -> None:
        name = _NAMES.get(self._innermost or "", "Blockquote")
        raise ParseError(
            f"Can't find end of {name} entity at byte offset {self._byte(self._starts[-1])}"
        )

    def _byte(self, at: int) -> int:
        return len(self._text[:at].encode())
