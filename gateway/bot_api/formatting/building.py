"""A text that grows piece by piece, with spans that open and close around its pieces.

Knows UTF-16 offsets and what a link may be. Must not know any markup.
"""

from dataclasses import dataclass, replace
from urllib.parse import urlsplit

from gateway.errors import BadRequest
from gateway.schemas.entities import Entity, utf16_length


class ParseError(BadRequest):
    """The markup of a text is wrong."""

    def __init__(self, message: str) -> None:
        super().__init__(f"can't parse entities: {message}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """A span that is still open.

    Args:
        entity: Without its length yet.
        at: Where its mark stands in the marked-up text.
    """

    entity: Entity
    at: int


class Building:
    """The text so far, its finished entities and the spans that are still open."""

    def __init__(self) -> None:
        self._pieces: list[str] = []
        self._length = 0
        self.open: list[Opened] = []
        self.done: list[Entity] = []

    @property
    def text(self) -> str:
        """The text so far."""
        return "".join(self._pieces)

    def add(self, piece: str) -> None:
        """Add plain text."""
        self._pieces.append(piece)
        self._length += utf16_length(piece)

    def start(self, kind: str, at: int, *, language: str | None = None) -> None:
        """Open a span here."""
        entity = Entity(type=kind, offset=self._length, length=0, language=language)
        self.open.append(Opened(entity=entity, at=at))

    def end(self, **changes: str | None) -> None:
        """Close the innermost span here, with other fields than it began; an empty one is none."""
        entity = self.open.pop().entity
        length = self._length - entity.offset
        if length:
            self.done.append(replace(entity, length=length, **changes))  # type: ignore[arg-type]  # none of the changes is a number

    def end_link(self, url: str) -> None:
        """Close the innermost span here as a link; one that leads nowhere leaves its text alone."""
        checked = checked_link(url)
        if checked:
            self.end(url=checked)
        else:
            self.open.pop()

    def since_start(self) -> str:
        """The text in the innermost span so far."""
        start = self.open[-1].entity.offset
        return self.text.encode("utf-16-le")[2 * start :].decode("utf-16-le")


def checked_link(url: str) -> str:
    """An address as Telegram keeps it, with its scheme and a path.

    Args:
        url: As a bot wrote it. Other than for Telegram, its host may be a bare name, as on a LAN.

    Returns:
        The address, empty if it cannot be one.
    """
    url = url.strip()
    if url.lower().startswith(("tg:", "ton:")):
        return url
    try:
        parts = urlsplit(url if "://" in url else f"http://{url}")
        host = parts.hostname
    except ValueError:
        return ""
    if parts.scheme.lower() not in {"http", "https"} or not host or " " in parts.netloc:
        return ""
    return parts._replace(netloc=parts.netloc.lower(), path=parts.path or "/").geturl()
