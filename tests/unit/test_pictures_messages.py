"""What goes over the picture process's socket arrives whole, and nonsense is refused."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from machine.frames import Header
from pictures import Picture, PictureNote, Rendition, ViewPosition, messages
from pictures.errors import DamagedPicture, PictureError, PictureTooLarge
from pictures.picture import Series, Slice, Subject

headers = st.dictionaries(
    st.text(max_size=8).filter(lambda name: name != "blobs"),
    st.none() | st.integers() | st.text(max_size=8) | st.lists(st.integers(), max_size=3),
    max_size=4,
)
notes = st.builds(
    PictureNote,
    frame=st.none() | st.integers(1, 9),
    frames=st.none() | st.integers(1, 9),
    window_estimated=st.booleans(),
    view=st.none() | st.sampled_from(ViewPosition),
    subject=st.none() | st.sampled_from(Subject),
    page=st.none() | st.integers(1, 9),
    pages=st.none() | st.integers(1, 9),
)


@given(note=st.none() | notes)
def test_a_picture_survives_the_way(note: PictureNote | None) -> None:
    sent = Picture(
        data=b"png", media_type="image/png", width_px=3, height_px=4, sha256="ab", note=note
    )
    assert messages.picture(*messages.picture_answer(sent)) == sent


@given(
    windows=st.lists(st.none() | st.just(b"windows"), min_size=1, max_size=3),
    position_mm=st.none() | st.floats(-9, 9),
    instance=st.none() | st.integers(0, 9),
)
def test_a_series_survives_the_way(
    windows: list[bytes | None], position_mm: float | None, instance: int | None
) -> None:
    picture = Picture(data=b"png", media_type="image/png", width_px=3, height_px=4, sha256="ab")
    sent = Series(
        slices=tuple(
            Slice(picture=replace(picture, read=seen), position_mm=position_mm, instance=instance)
            for seen in windows
        ),
        total=9,
    )
    assert messages.series(*messages.series_answer(sent)) == sent


@pytest.mark.parametrize("blobs", [[], [b"png"], [b"png", b"windows", b"more"]])
def test_a_series_with_too_few_or_too_many_pictures_is_a_damaged_one(blobs: list[bytes]) -> None:
    picture = Picture(data=b"png", media_type="image/png", width_px=3, height_px=4, sha256="ab")
    one = Slice(picture=replace(picture, read=b"read"), position_mm=None, instance=None)
    header, _ = messages.series_answer(Series(slices=(one,), total=1))
    with pytest.raises(DamagedPicture):
        messages.series(header, blobs)


def test_photo_sizes_survive_the_way() -> None:
    sent = (
        Rendition(data=b"a", width_px=1, height_px=2),
        Rendition(data=b"b", width_px=3, height_px=4),
    )
    assert messages.photo_sizes(*messages.sizes_answer(sent)) == sent


@pytest.mark.parametrize("error", PictureError.__subclasses__())
def test_an_error_survives_the_way(error: type[PictureError]) -> None:
    with pytest.raises(error, match="such is it") as caught:
        messages.picture(*messages.error_answer(error("such is it", seems="PDF")))
    assert caught.value.seems == "PDF"


@given(header=headers)
def test_an_answer_that_makes_no_sense_is_a_damaged_picture(header: Header) -> None:
    header.pop("error", None)
    with pytest.raises(DamagedPicture):
        messages.picture(header, [b"x"])
    with pytest.raises(DamagedPicture):
        messages.photo_sizes(header, [b"x"])
    with pytest.raises(DamagedPicture):
        messages.series(header, [b"x"])


def test_an_unknown_error_is_a_damaged_picture() -> None:
    with pytest.raises(DamagedPicture):
        messages.picture({"error": "SystemExit", "message": "x"}, [])
    with pytest.raises(PictureTooLarge):
        messages.photo_sizes({"error": "PictureTooLarge", "message": "x"}, [])
