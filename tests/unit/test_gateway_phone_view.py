"""The phone's page is given a text and entities from which it can make elements."""

from itertools import combinations
from typing import Any

from hypothesis import given

from gateway.phone import view
from gateway.schemas.entities import Entity, utf16_length
from gateway.schemas.records import Message, MessageId, Person, UserId
from tests.markup import formatted

PERSON = Person(user_id=UserId(7), name="Ama")
TYPES = ["bold", "italic", "spoiler", "code", "pre", "blockquote", "text_link", "mention"]


def shown(text: str, *entities: Entity) -> tuple[str, list[dict[str, Any]]]:
    """The text and the entities of a message as the page sees it."""
    made: Any = view.message(
        Message(
            message_id=MessageId(1),
            person=PERSON,
            from_bot=True,
            date=0,
            text=text,
            entities=entities,
        )
    )
    return made["text"], made["entities"]


@given(formatted(TYPES))
def test_each_entity_lies_in_the_text_and_holds_another_whole_or_not_at_all(
    case: tuple[str, tuple[Entity, ...]],
) -> None:
    text, entities = case
    same_text, spans = shown(text, *entities)
    places = [(span["offset"], span["offset"] + span["length"]) for span in spans]
    assert same_text == text
    assert all(0 <= start < end <= utf16_length(text) for start, end in places)
    for outer, inner in combinations(places, 2):
        assert outer[0] <= inner[0], "the outer one comes first"
        assert inner[0] >= outer[1] or inner[1] <= outer[1]


def test_what_looks_like_html_stays_text() -> None:
    assert shown("<script>1 & 2") == ("<script>1 & 2", [])


def test_an_entity_has_the_fields_of_the_bot_api_that_it_needs() -> None:
    link = Entity(type="text_link", offset=0, length=2, url='https://a.example/?q="><b>')
    code = Entity(type="pre", offset=3, length=2, language="py")
    assert shown("go 🫁", link, code)[1] == [
        {"type": "text_link", "offset": 0, "length": 2, "url": 'https://a.example/?q="><b>'},
        {"type": "pre", "offset": 3, "length": 2, "language": "py"},
    ]
