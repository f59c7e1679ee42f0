"""Bytes for a target without a fuzzer: its examples, changed here and there by hypothesis."""

from functools import cache

from hypothesis import strategies as st

from tests.fuzz.target import Target


@cache
def _seeds(target: Target) -> list[bytes]:
    return target.seeds()


@st.composite
def mutated(draw: st.DrawFn, target: Target) -> bytes:
    """Noise, or an example with bytes changed, left out, repeated, put in, or cut off."""
    if draw(st.integers(0, 9)) == 0:
        return draw(st.binary(max_size=300))
    data = bytearray(draw(st.sampled_from(_seeds(target))))
    pieces = st.binary(max_size=8)
    if target.tokens:
        pieces |= st.sampled_from(target.tokens)
    for _ in range(draw(st.integers(1, 4))):
        at = draw(st.integers(0, len(data)))
        end = at + draw(st.integers(0, 8))
        data[at:end] = draw(pieces | st.just(bytes(data[at:end] * 2)))
    return bytes(data[: draw(st.integers(0, 2 * len(data)))])
