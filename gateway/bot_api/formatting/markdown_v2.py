"""Telegram's MarkdownV2, in tdlib's reading (parse_markdown_v2). Offsets in errors are of bytes."""

import re

from gateway.bot_api.formatting.building import Building, ParseError
from gateway.schemas.entities import Entity

_RESERVED = "_*[]()~`>#+-=|{}.!\n"
_NAMES = {
    "bold": "Bold",
    "italic": "Italic",
    "underline": "Underline",
    "strikethrough": "Strikethrough",
    "spoiler": "Spoiler",
    "code": "Code",
    "pre": "Pre",
    "text_link": "TextUrl",
    "custom_emoji": "CustomEmoji",
    "blockquote": "BlockQuote",
}
_MARKS = {
    "```": "pre",
    "`": "code",
    "__": "underline",
    "_": "italic",
    "*": "bold",
    "~": "strikethrough",
    "||": "spoiler",
    "![": "custom_emoji",
    "[": "text_link",
}
_ENDS = {"]": {"text_link", "custom_emoji"}} | {mark: {kind} for mark, kind in _MARKS.items()}
_LANGUAGE = re.compile(r"(?:([^\s`]+)(?=\s))?(?:\r\n|\n\r|[\r\n])?")
_EMOJI = re.compile(r"tg://emoji/?\?id=(\d+)", re.ASCII)
_ESCAPABLE_MAX = 126


def parse_markdown_v2(text: str) -> tuple[str, tuple[Entity, ...]]:
    """Take the marks out of a text.

    Args:
        text: With MarkdownV2.

    Raises:
        ParseError: At a reserved character that is not escaped, or a mark without its end.
    """
    return _Parser(text).parse()


class _Parser:
    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0
        self._building = Building()
        self._quoting = False
        self._may_quote = True

    def parse(self) -> tuple[str, tuple[Entity, ...]]:
        while self._at < len(self._text):
            self._step()
        if self._quoting:
            self._end_quote(expandable=self._drop_mark_of_quote())
        if self._building.open:
            self._unfinished()
        return self._building.text, tuple(self._building.done)

    @property
    def _innermost(self) -> str | None:
        return self._building.open[-1].entity.type if self._building.open else None

    def _step(self) -> None:
        char = self._text[self._at]
        escaped = self._escaped()
        if escaped or char not in self._reserved():
            self._building.add(escaped or char)
            self._at += 2 if escaped else 1
            self._may_quote = False
        elif self._quoting and char == "\n" and not self._text.startswith(">", self._at + 1):
            self._end_line_of_quote()
        elif self._ends(mark := self._mark()):
            self._end(mark)
        else:
            self._begin(char, mark)

    def _escaped(self) -> str:
        char = self._text[self._at + 1 : self._at + 2]
        escapes = self._text[self._at] == "\\" and char and 0 < ord(char) <= _ESCAPABLE_MAX
        return char if escapes else ""

    def _reserved(self) -> str:
        return "`" if self._innermost in {"code", "pre"} else _RESERVED

    def _mark(self) -> str:
        """The longest mark here; within code, only the one that ends it."""
        if self._innermost == "code":
            return "`"
        marks = (mark for mark in (*_MARKS, "]") if self._text.startswith(mark, self._at))
        return next(marks, "")

    def _ends(self, mark: str) -> bool:
        return bool(mark) and self._innermost in _ENDS[mark]

    def _begin(self, char: str, mark: str) -> None:
        if char == "\n":
            self._building.add(char)
            self._may_quote = True
            self._at += 1
        elif char == ">" and self._may_quote:
            if not self._quoting:
                self._building.start("blockquote", self._at)
                self._quoting = True
            self._at += 1
        elif mark in _MARKS and self._innermost not in {"code", "pre"}:
            self._start(mark)
        elif self._innermost == "pre":  # one or two back-quotes: tdlib opens a code, and so on
            self._start("`")
        else:
            raise ParseError(
                f"Character '{char}' is reserved and must be escaped with the preceding '\\'"
            )

    def _start(self, mark: str) -> None:
        start = self._at
        self._at += len(mark)
        language = None
        if mark == "```" and (found := _LANGUAGE.match(self._text, self._at)):
            language = found[1]
            self._at = found.end()
        self._building.start(_MARKS[mark], start, language=language)

    def _end(self, mark: str) -> None:
        kind = self._innermost
        self._at += len(mark)
        if kind == "text_link":
            url = self._url("a URL") if self._text.startswith("(", self._at) else None
            self._building.end_link(self._building.since_start() if url is None else url)
        elif kind == "custom_emoji":
            self._end_emoji()
        else:
            self._building.end()

    def _end_emoji(self) -> None:
        if not self._text.startswith("(", self._at):
            raise ParseError("Custom emoji entity must contain a tg://emoji URL")
        found = _EMOJI.fullmatch(self._url("a custom emoji URL"))
        if found is None:
            raise ParseError("Invalid custom emoji identifier specified")
        self._building.end(custom_emoji_id=found[1])

    def _url(self, what: str) -> str:
        self._at += 1
        start = self._at
        url = ""
        while not self._text.startswith(")", self._at):
            if self._at >= len(self._text):
                raise ParseError(f"Can't find end of {what} at byte offset {self._byte(start)}")
            escaped = self._escaped()
            url += escaped or self._text[self._at]
            self._at += 2 if escaped else 1
        self._at += 1
        return url

    def _end_line_of_quote(self) -> None:
        expandable = self._drop_mark_of_quote()
        if self._innermost != "blockquote":
            self._unfinished()
        self._building.add("\n")
        self._at += 1
        self._may_quote = True
        self._end_quote(expandable=expandable)

    def _drop_mark_of_quote(self) -> bool:
        """A spoiler that opens at the end of a quote says that the quote can be expanded."""
        if self._innermost != "spoiler" or self._building.open[-1].at != self._at - 2:
            return False
        self._building.open.pop()
        return True

    def _end_quote(self, *, expandable: bool) -> None:
        if self._innermost == "blockquote":
            self._building.end(type="expandable_blockquote" if expandable else "blockquote")
            self._quoting = False

    def _unfinished(self) -> None:
        opened = self._building.open[-1]
        name = "PreCode" if opened.entity.language else _NAMES[opened.entity.type]
        raise ParseError(f"Can't find end of {name} entity at byte offset {self._byte(opened.at)}")

    def _byte(self, at: int) -> int:
        return len(self._text[:at].encode())
