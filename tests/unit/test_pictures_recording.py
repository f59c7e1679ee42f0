"""A recording's own headers say how long it lasts and how large its picture is."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from pictures import Measures
from pictures.recording import measured
from tests import recordings

LASTING = {
    "mp4": recordings.mp4(5.2, 360, 640),
    "mp4, long times": recordings.mp4(5.2, 360, 640, long=True),
    "webm": recordings.webm(5.2, 360, 640),
    "gif": recordings.gif(5.2, 360, 640),
}
SOUNDS = {
    "opus": recordings.opus(7.4),
    "vorbis": recordings.vorbis(7.4),
    "mp3 of variable rate": recordings.mp3(7.4),
    "mp3 of constant rate": recordings.mp3(7.4, counted=False),
    "mp3 without a tag": recordings.mp3(7.4, tagged=False),
    "flac": recordings.flac(7.4),
    "wav": recordings.wav(7.4),
}


@pytest.mark.parametrize("data", LASTING.values(), ids=LASTING)
def test_a_film_says_how_long_and_how_large_it_is(data: bytes) -> None:
    assert measured(data) == Measures(duration_s=5, width_px=360, height_px=640)


@pytest.mark.parametrize("data", SOUNDS.values(), ids=SOUNDS)
def test_a_sound_says_how_long_it_is(data: bytes) -> None:
    assert measured(data) == Measures(duration_s=7)


def test_a_film_from_a_phone_held_upright_is_higher_than_wide() -> None:
    lying = recordings.mp4(5, 1920, 1080, upright=False)
    assert measured(lying) == Measures(duration_s=5, width_px=1080, height_px=1920)


def test_a_sticker_says_how_large_it_is() -> None:
    assert measured(recordings.sticker(510, 512)) == Measures(width_px=510, height_px=512)


NESTED = b"\0\0\xff\xffmoov" * 5000


@given(st.binary(max_size=200), st.sampled_from([*LASTING.values(), *SOUNDS.values()]), st.data())
@example(NESTED, b"\0\0\0\x0cftypisom", None)
@example(b"\x18\x53\x80\x67\x01\xff\xff\xff\xff\xff\xff\xff" * 5000, b"\x1aE\xdf\xa3\x80", None)
def test_no_file_at_all_harms_whoever_asks(
    tail: bytes, whole: bytes, data: st.DataObject | None
) -> None:
    cut = data.draw(st.integers(0, len(whole))) if data else len(whole)
    for file in (tail, whole[:cut] + tail, whole[:cut] + tail + whole[cut:]):
        found = measured(file)
        assert all(isinstance(each, int) for each in (found.duration_s, found.width_px))
