"""What was seen of pictures is remembered by picture and eyes, up to a cap."""

from inference.seen import SeenPictures


def test_the_same_picture_is_recalled_for_the_same_eyes_alone() -> None:
    seen = SeenPictures()
    seen.keep("eyes", b"film", b"features")
    assert seen.recall("eyes", b"film") == b"features"
    assert seen.recall("other eyes", b"film") == b""
    assert seen.recall("eyes", b"another film") == b""


def test_over_the_cap_the_longest_unused_is_forgotten_first() -> None:
    seen = SeenPictures(max_bytes=8)
    seen.keep("eyes", b"1", b"aaaa")
    seen.keep("eyes", b"2", b"bbbb")
    assert seen.recall("eyes", b"1") == b"aaaa"
    seen.keep("eyes", b"3", b"cccc")
    assert [seen.recall("eyes", film) for film in (b"1", b"2", b"3")] == [b"aaaa", b"", b"cccc"]


def test_what_was_never_seen_and_what_is_larger_than_the_cap_is_not_kept() -> None:
    seen = SeenPictures(max_bytes=3)
    seen.keep("eyes", b"1", b"")
    seen.keep("eyes", b"2", b"aaaa")
    assert seen.recall("eyes", b"1") == b""
    assert seen.recall("eyes", b"2") == b""
