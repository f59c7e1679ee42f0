"""Server-sent events and chat completions, in whatever pieces they arrive."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inference.errors import EngineError, EngineStopped, WireError
from inference.remote.stream import Completion, EventDecoder
from tests.engine_world import chunk, chunks, event

PIECES = st.lists(st.integers(0, 2000), max_size=8).map(sorted)


def complete(stream: bytes, cuts: list[int]) -> Completion:
    """Put a completion together from a stream that arrives cut there."""
    completion, decoder = Completion(), EventDecoder()
    for start, end in zip([0, *cuts], [*cuts, len(stream)], strict=True):
        for data in decoder.feed(stream[start : max(start, end)]):
            completion.add(data)
    return completion


@given(text=st.text(max_size=40), cuts=PIECES)
def test_an_answer_is_the_same_wherever_its_stream_is_cut(text: str, cuts: list[int]) -> None:
    stream = b"".join(chunks(text))
    whole = complete(stream, [min(cut, len(stream)) for cut in cuts])
    whole.close()
    assert (whole.text, whole.done, whole.prompt_tokens) == (text, True, 300)


@given(data=st.binary(max_size=200))
def test_bytes_of_any_kind_are_an_engines_fault_and_nothing_worse(data: bytes) -> None:
    try:
        complete(b"data: " + data + b"\n", []).close()
    except EngineError:
        return


def test_comments_names_and_carriage_returns_are_passed_over() -> None:
    stream = b": ping\r\n\r\nevent: message\r\n" + chunk("A").replace(b"\n", b"\r\n")
    assert complete(stream + chunk(" B", ending="stop"), []).text == "A B"


def test_an_engine_that_only_closes_its_stream_has_ended_its_answer() -> None:
    """`transformers serve` sends no [DONE], and the usage with the last chunk."""
    usage = {"prompt_tokens": 140, "completion_tokens": 39}
    completion = complete(chunk("A") + chunk(ending="stop", usage=usage, model="m@main"), [])
    completion.close()
    assert not completion.done
    assert (completion.prompt_tokens, completion.answer_tokens) == (140, 39)
    assert completion.model == "m@main"


def test_pieces_are_counted_where_the_engine_counts_no_tokens() -> None:
    assert complete(chunk("A") + chunk("B") + chunk(ending="stop"), []).answer_tokens == 2


def test_a_stream_that_ends_before_its_answer_is_not_taken_for_one() -> None:
    with pytest.raises(EngineStopped):
        complete(chunk("FINDINGS: A large"), []).close()


@pytest.mark.parametrize("data", ["", "[]", "7", '{"choices": [{"delta": {"content": 7}}]}'])
def test_what_is_no_chunk_is_said_to_be_so(data: str) -> None:
    with pytest.raises(WireError):
        complete(event(data), [])


def test_an_answer_that_goes_in_circles_is_cut_after_the_first_round() -> None:
    completion = Completion()
    for _ in range(40):
        if not completion.done:
            completion.add(chunk("No effusion. ").decode().removeprefix("data: "))
    completion.close()
    assert completion.text.strip() == "No effusion."
    assert completion.truncated
