"""Server-sent events and chat completions, in whatever pieces they arrive."""

import asyncio
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inference.errors import EngineError, EngineStopped, WireError
from inference.remote.stream import MAX_STREAM_BYTES, Completion
from tests.completions import completed
from tests.engine_world import chunk, chunks, event

PIECES = st.lists(st.integers(0, 2000), max_size=8).map(sorted)
END = chunk(ending="stop")


def complete(stream: bytes, cuts: list[int] | None = None) -> Completion:
    """Put a completion together from a stream that arrives cut there."""
    edges = pairwise([0, *(cuts or []), len(stream)])
    pieces = [stream[start:end] for start, end in edges]
    return asyncio.run(completed(pieces))


@given(text=st.text(max_size=40), cuts=PIECES)
def test_an_answer_is_the_same_wherever_its_stream_is_cut(text: str, cuts: list[int]) -> None:
    stream = b"".join(chunks(text))
    whole = complete(stream, [min(cut, len(stream)) for cut in cuts])
    assert (whole.text, whole.done, whole.prompt_tokens) == (text, True, 300)


@given(data=st.binary(max_size=200))
def test_bytes_of_any_kind_are_an_engines_fault_and_nothing_worse(data: bytes) -> None:
    try:
        complete(b"data: " + data + b"\n\n")
    except EngineError:
        return


def test_comments_names_and_carriage_returns_are_passed_over() -> None:
    stream = b": ping\r\n\r\nevent: ping\r\n\r\nid: 7\r\n" + chunk("A").replace(b"\n", b"\r\n")
    assert complete(stream + chunk(" B", ending="stop")).text == "A B"


def test_an_engine_that_only_closes_its_stream_has_ended_its_answer() -> None:
    """`transformers serve` sends no [DONE], and the usage with the last chunk."""
    usage = {"prompt_tokens": 140, "completion_tokens": 39}
    completion = complete(chunk("A") + chunk(ending="stop", usage=usage, model="m@main"))
    assert not completion.done
    assert (completion.prompt_tokens, completion.answer_tokens) == (140, 39)
    assert completion.model == "m@main"


def test_pieces_are_counted_where_the_engine_counts_no_tokens() -> None:
    assert complete(chunk("A") + chunk("B") + END).answer_tokens == 2


def test_a_stream_that_ends_before_its_answer_is_not_taken_for_one() -> None:
    with pytest.raises(EngineStopped):
        complete(chunk("FINDINGS: A large"))


@pytest.mark.parametrize("data", ["{", "[]", "7", '{"choices": [{"delta": {"content": 7}}]}'])
def test_what_is_no_chunk_is_said_to_be_so(data: str) -> None:
    with pytest.raises(WireError):
        complete(event(data) + END)


def test_a_text_that_is_no_utf_8_is_refused_not_mended() -> None:
    with pytest.raises(WireError, match="no text"):
        complete(chunk("A").replace(b"A", b"\xff") + END)


@pytest.mark.parametrize("line", [b"data: ", b": ", b"id: 1\n\n", b"\n"])
def test_a_stream_without_end_is_refused_whatever_it_repeats(line: bytes) -> None:
    """Also one line without end, of which httpx-sse would keep all."""
    pieces = [line * 10_000] * (MAX_STREAM_BYTES // (len(line) * 10_000) + 1)
    with pytest.raises(WireError, match="does not end"):
        asyncio.run(completed(pieces))


def test_an_answer_that_goes_in_circles_is_cut_after_the_first_round() -> None:
    completion = complete(chunk("No effusion. ") * 40)
    assert completion.text.strip() == "No effusion."
    assert completion.truncated
