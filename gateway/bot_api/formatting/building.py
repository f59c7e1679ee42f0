"""A text that grows piece by piece, with spans that open and close around its pieces.

Knows UTF-16 offsets. Must not know any markup.
"""

from dataclasses import replace

from gateway.errors import BadRequest
from gateway.schemas.entities import Entity, utf16_length


class ParseError(BadRequest):
    """The markup of a text is wrong."""

    def __init__(self, message: str) -> None:
        super().__init__(f"can't parse entities: {message}")


class Building:
    """The text so far, its finished entities and those still open."""

    def __init__(self) -> None:
        self._pieces: list[str] = []
        self._length = 0
        self.open: list[Entity] = []
        self.done: list[Entity] = []

    @property
    def text(self) -> str:
        """The text so far."""
        return "".join(self._pieces)

    def add(self, piece: str) -> None:
        """Add plain text."""
        self._pieces.append(piece)
        self._length += utf16_length(piece)

    def start(self, kind: str, *, url: str | None = None, language: str | None = None) -> None:
        """Open a span here."""
        self.open.append(
            Entity(type=kind, offset=self._length, length=0, url=url, language=language)
        )

    def end(self, *, url: str | None = None) -> None:
        """Close the innermost span here; an empty one leaves nothing."""
        opened = self.open.pop()
        length = self._length - opened.offset
        if length:
            self.done.append(replace(opened, length=length, url=url or opened.url))

    def drop(self) -> None:
        """Close the innermost span and leave nothing of it but its text."""
        self.open.pop()

    def since(self, opened: Entity) -> str:
        """The text since a span was opened."""
        return self.text.encode("utf-16-le")[2 * opened.offset :].decode("utf-16-le")
