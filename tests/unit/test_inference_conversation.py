"""A series as an engine is given it: slices in order, each with its number, the question last."""

from inference.contract import Comparison, PictureKind, ReadRequest
from inference.conversation import messages_of
from inference.prompts import build_messages

SERIES = ReadRequest(request_id="r", pictures=(b"a", b"b", b"c"), kind=PictureKind.CT, series=True)


def user(request: ReadRequest) -> list[str]:
    (content,) = [m["content"] for m in messages_of(request) if m["role"] == "user"]
    return [part["text"] if part["type"] == "text" else "<picture>" for part in content]


def test_each_slice_is_followed_by_its_number_and_the_question_comes_last() -> None:
    (*_, question) = build_messages(SERIES)[-1]["content"]
    assert question["type"] == "text"
    assert user(SERIES) == [
        "These are 3 slices of one scan, in order.",
        *("<picture>", "SLICE 1", "<picture>", "SLICE 2", "<picture>", "SLICE 3"),
        question["text"],
    ]


def test_a_question_about_a_series_is_asked_after_its_slices() -> None:
    asked = messages_of(
        ReadRequest(
            request_id="r", pictures=(b"a", b"b"), series=True, question="Where?", reading="There."
        )
    )
    said = [len(message["content"]) for message in asked if message["role"] != "system"]
    assert said == [6, 1, 1]


def test_pictures_that_are_no_series_have_no_numbers() -> None:
    for request in (
        ReadRequest(request_id="r", pictures=(b"a", b"b")),
        ReadRequest(
            request_id="r",
            pictures=(b"a", b"b"),
            comparison=Comparison(prior="2026-05-03", current="2026-05-10"),
        ),
    ):
        assert messages_of(request) == build_messages(request)
