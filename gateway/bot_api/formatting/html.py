"""Telegram's HTML, in tdlib's reading (parse_html). Offsets in errors are of bytes."""

import re
from dataclasses import replace

from gateway.bot_api.formatting.building import Building, ParseError
from gateway.schemas.entities import Entity

_TYPES = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "code": "code",
    "pre": "pre",
    "blockquote": "blockquote",
    "tg-spoiler": "spoiler",
    "tg-emoji": "custom_emoji",
    "span": "spoiler",
    "a": "text_link",
}
_PLAIN = re.compile(r"[^<&]+")
_NAME = re.compile(r"[^\s>]*")
_ATTRIBUTE_NAME = re.compile(r"[^\s=>/\"']*")
_TOKEN = re.compile(r"[A-Za-z0-9.-]*")
_SPACE = re.compile(r"\s*")
_REFERENCE = re.compile(
    r"&(?:#x(?P<hex>[0-9a-fA-F]*)|#(?P<number>\d*)|(?P<name>[A-Za-z]+));?", re.ASCII
)
_NAMED = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}
_REFERENCE_MAX_CHARS = 10
_LANGUAGE = "language-"


def parse_html(text: str) -> tuple[str, tuple[Entity, ...]]:
    """Take the tags out of a text.

    Args:
        text: With HTML as bots may write it.

    Raises:
        ParseError: At a tag that is unknown, not closed, or closed in the wrong order.
    """
    return _Parser(text).parse()


class _Parser:
    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0
        self._tag_at = 0
        self._building = Building()
        self._tags: list[tuple[str, str]] = []

    def parse(self) -> tuple[str, tuple[Entity, ...]]:
        while self._at < len(self._text):
            self._step()
        if self._tags:
            raise ParseError(
                f'Can\'t find end tag corresponding to start tag "{self._tags[-1][0]}"'
            )
        return self._building.text, _with_languages(self._building.done)

    def _step(self) -> None:
        if self._next() == "&":
            self._building.add(self._reference() or self._take(1))
        elif self._next() != "<":
            self._building.add(self._match(_PLAIN))
        elif self._text.startswith("</", self._at):
            self._tag_at = self._at
            self._end_tag()
        else:
            self._tag_at = self._at
            self._start_tag()

    def _next(self) -> str:
        return self._text[self._at : self._at + 1]

    def _take(self, size: int) -> str:
        self._at += size
        return self._text[self._at - size : self._at]

    def _match(self, pattern: re.Pattern[str]) -> str:
        found = pattern.match(self._text, self._at)
        return self._take(len(found[0])) if found else ""

    def _reference(self) -> str:
        found = _REFERENCE.match(self._text, self._at)
        if found is None:
            return ""
        name = found["name"]
        char = _numbered(found) if name is None else _NAMED.get(name, "")
        if char:
            self._take(len(found[0]))
        return char

    def _start_tag(self) -> None:
        self._take(1)
        name = self._match(_NAME).lower()
        if not self._next():
            raise ParseError(f"Unclosed start tag at byte offset {self._byte(self._tag_at)}")
        if name not in _TYPES:
            self._fail(f'Unsupported start tag "{name}"')
        argument = ""
        while self._match(_SPACE) is not None and self._next() != ">":
            argument = _argument(name, *self._attribute(name)) or argument
        self._take(1)
        if name == "span" and argument != "spoiler":
            self._fail('Tag "span" must have class "tg-spoiler"')
        self._tags.append((name, argument))
        self._building.start(_TYPES[name], self._tag_at)

    def _attribute(self, tag: str) -> tuple[str, str]:
        name = self._match(_ATTRIBUTE_NAME)
        if not name:
            self._fail(f'Empty attribute name in the tag "{tag}"')
        self._match(_SPACE)
        if self._next() == "=":
            self._take(1)
            self._match(_SPACE)
            value = self._value(tag)
        else:
            self._check_unfinished(f' "{tag}"')
            value = ""
        return name, value

    def _value(self, tag: str) -> str:
        self._check_unfinished(f' "{tag}"')
        quote = self._next()
        if quote not in {'"', "'"}:
            start = self._at
            value = self._match(_TOKEN).lower()
            if self._next() and not self._next().isspace() and self._next() != ">":
                raise ParseError(f"Unexpected end of name token at byte offset {self._byte(start)}")
        else:
            value = self._quoted(quote)
        self._check_unfinished("")
        return value

    def _quoted(self, quote: str) -> str:
        self._take(1)
        value = ""
        while self._next() and self._next() != quote:
            value += (self._reference() if self._next() == "&" else "") or self._take(1)
        self._take(1)
        return value

    def _end_tag(self) -> None:
        if not self._tags:
            self._fail("Unexpected end tag")
        self._take(2)
        found = self._match(_NAME).lower()
        self._match(_SPACE)
        if self._next() != ">":
            self._fail("Unclosed end tag")
        self._take(1)
        name, argument = self._tags.pop()
        if found not in {"", name}:
            raise ParseError(
                f'Unmatched end tag at byte offset {self._byte(self._tag_at)}, expected "</{name}>"'
                f', found "</{found}>"'
            )
        self._close(name, argument)

    def _close(self, name: str, argument: str) -> None:
        if name == "a":
            self._building.end_link(argument or self._building.since_start())
        elif name == "tg-emoji":
            if not argument.isdecimal():
                raise ParseError("Invalid custom emoji identifier specified")
            self._building.end(custom_emoji_id=argument)
        elif name == "blockquote" and argument:
            self._building.end(type="expandable_blockquote")
        else:
            self._building.end(language=argument if name == "code" and argument else None)

    def _check_unfinished(self, tag: str) -> None:
        if not self._next():
            self._fail(f"Unclosed start tag{tag}")

    def _fail(self, message: str) -> None:
        raise ParseError(f"{message} at byte offset {self._byte(self._tag_at)}")

    def _byte(self, at: int) -> int:
        return len(self._text[:at].encode())


def _numbered(found: re.Match[str]) -> str:
    code = int(found["hex"] or "0", 16) if found["hex"] is not None else int(found["number"] or "0")
    too_long = len(found[0].removesuffix(";")) >= _REFERENCE_MAX_CHARS
    if too_long or not 0 < code < 0x10FFFF:
        return ""
    if 0xD800 <= code <= 0xDFFF:
        raise ParseError(
            "Text contains invalid Unicode characters after decoding HTML entities, check for"
            " unmatched surrogate code units"
        )
    return chr(code)


def _argument(tag: str, name: str, value: str) -> str:
    """What an attribute tells about its tag, empty if that is nothing."""
    match tag, name:
        case ("a", "href") | ("tg-emoji", "emoji-id"):
            return value
        case ("code", "class") if value.startswith(_LANGUAGE):
            return value.removeprefix(_LANGUAGE)
        case ("span", "class") if value.startswith("tg-"):
            return value.removeprefix("tg-")
        case ("blockquote", "expandable"):
            return "expandable"
    return ""


def _with_languages(entities: list[Entity]) -> tuple[Entity, ...]:
    """A `code` that fills its `pre`, or is filled by it, gives it its language and goes."""
    places = {(e.offset, e.length): e for e in entities if e.type == "code" and e.language}
    blocks = {(e.offset, e.length) for e in entities if e.type == "pre"}
    kept = []
    for entity in entities:
        place = (entity.offset, entity.length)
        code = places.get(place)
        if entity.type == "pre" and code is not None:
            kept.append(replace(entity, language=code.language))
        elif entity.type != "code" or code is None or place not in blocks:
            kept.append(replace(entity, language=None))
    return tuple(kept)
