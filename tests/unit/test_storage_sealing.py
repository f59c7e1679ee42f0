"""The sealed form: what it keeps secret, what it refuses, and that it opens again."""

import os
import tempfile
from io import BytesIO, FileIO
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from typing_extensions import Buffer, override

from storage.errors import Damaged
from storage.keys import Key, Keyring, Purpose
from storage.sealed_folder import SealedFolder
from storage.sealing import HEAD_BYTES, PIECE_BYTES, TAG_BYTES, Sealer
from storage.spool import spooled_file
from tests.keys import KEYRING

SEALER = Sealer(KEYRING, Purpose.FILES)


def sealed_as(data: bytes, name: str) -> bytes:
    return b"".join(SEALER.seal(BytesIO(data), name))


def opened(sealed: bytes, name: str, sealer: Sealer = SEALER) -> bytes:
    return b"".join(sealer.open(BytesIO(sealed), name))


@pytest.mark.parametrize("pieces", [0, 1, 2, 3])
@pytest.mark.parametrize("more_bytes", [-1, 0, 1])
def test_what_was_sealed_opens_whatever_its_length(pieces: int, more_bytes: int) -> None:
    data = os.urandom(max(0, pieces * PIECE_BYTES + more_bytes))
    sealed = sealed_as(data, "a/name")
    assert opened(sealed, "a/name") == data
    assert len(sealed) == HEAD_BYTES + len(data) + TAG_BYTES * max(1, -(-len(data) // PIECE_BYTES))


@given(st.integers(0, 10**6), st.integers(1, 255))
def test_a_byte_that_changed_anywhere_is_noticed(place: int, change: int) -> None:
    sealed = bytearray(sealed_as(b"left upper lobe", "film"))
    sealed[place % len(sealed)] ^= change
    with pytest.raises(Damaged):
        opened(bytes(sealed), "film")


@settings(max_examples=25)
@given(st.integers(0, 2 * PIECE_BYTES))
def test_a_file_that_was_cut_off_is_noticed(kept_bytes: int) -> None:
    sealed = sealed_as(bytes(2 * PIECE_BYTES), "film")
    with pytest.raises(Damaged):
        opened(sealed[:kept_bytes], "film")


def test_pieces_in_another_order_are_noticed() -> None:
    sealed = sealed_as(bytes(3 * PIECE_BYTES), "film")
    size = PIECE_BYTES + TAG_BYTES
    head, first, second = (
        sealed[:HEAD_BYTES],
        sealed[HEAD_BYTES:][:size],
        sealed[HEAD_BYTES:][size:],
    )
    with pytest.raises(Damaged):
        opened(head + second[:size] + first + second[size:], "film")


def test_a_file_passes_for_no_other_file_and_no_other_purpose() -> None:
    sealed = sealed_as(b"film of C-0001", "one")
    with pytest.raises(Damaged):
        opened(sealed, "two")
    with pytest.raises(Damaged):
        opened(sealed, "one", Sealer(KEYRING, Purpose.CACHE))


def test_another_key_opens_nothing_and_an_earlier_one_what_it_sealed() -> None:
    sealed = sealed_as(b"a film", "film")
    other = Keyring((Key.new(),))
    with pytest.raises(Damaged):
        opened(sealed, "film", Sealer(other, Purpose.FILES))
    later = Sealer(KEYRING.with_new_key(), Purpose.FILES)
    assert opened(sealed, "film", later) == b"a film"


def test_the_same_bytes_are_never_sealed_alike() -> None:
    assert sealed_as(b"a film", "film") != sealed_as(b"a film", "film")


def test_a_key_tells_nobody_what_it_is() -> None:
    assert KEYRING.current.secret.hex() not in repr(KEYRING)
    assert repr(KEYRING.current.secret) not in repr(KEYRING)


def test_a_folder_keeps_a_damaged_file_as_it_is_when_the_key_changes(tmp_path: Path) -> None:
    folder = SealedFolder(tmp_path, KEYRING)
    folder.add("a/whole", BytesIO(b"whole"))
    folder.add("a/broken", BytesIO(b"broken"))
    broken = bytearray((tmp_path / "a/broken").read_bytes())
    broken[-1] ^= 1
    (tmp_path / "a/broken").write_bytes(broken)
    renewed = SealedFolder(tmp_path, KEYRING.with_new_key())
    renewed.reseal()
    assert renewed.read("a/whole") == b"whole"
    assert (tmp_path / "a/broken").read_bytes() == bytes(broken)


@given(st.lists(st.binary(max_size=5000), max_size=8), st.integers(0, 20_000), st.integers(0, 9000))
def test_a_spooled_file_reads_back_as_written_and_the_disk_holds_none_of_it(
    written: list[bytes], at: int, size: int
) -> None:
    data = b"".join(written)
    with spooled_file(1000) as spool:
        for piece in written:
            spool.write(piece)
        spool.seek(min(at, len(data)))
        assert spool.read(size) == data[min(at, len(data)) :][:size]
        if len(data) > 1000:
            spool.flush()
            on_disk = os.pread(spool.raw._file.fileno(), 1 << 20, 0)  # type: ignore[attr-defined]  # a private part
            assert len(on_disk) == len(data)
            assert data[:16] not in on_disk


def test_a_spooled_file_is_whole_where_the_disk_takes_less_than_it_is_given(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    class Slow(FileIO):
        @override
        def write(self, data: Buffer, /) -> int:
            return super().write(memoryview(data)[:100])

    def slow_file(**_options: object) -> FileIO:
        with tempfile.NamedTemporaryFile() as named:
            return Slow(named.name, "r+b")

    monkeypatch.setattr("storage.spool.tempfile.TemporaryFile", slow_file)
    data = bytes(range(250)) * 10
    with spooled_file(1000) as file:
        for start in range(0, len(data), 500):
            file.write(data[start : start + 500])
            file.flush()
        file.seek(0)
        assert file.read() == data
