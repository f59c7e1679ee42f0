"""The model process's readings: begun one by one, written together, dropped, and out of memory."""

import queue
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
import torch

from inference.contract import Looked, Partial, ReadRequest, Scored, Tier
from inference.footprint import Dtype
from inference.local.wire import (
    Cancel,
    Done,
    Failed,
    FailureKind,
    Interim,
    Message,
    PictureFeatures,
    Read,
    Said,
)
from inference.runtime.decoding import DecodingBatch
from inference.runtime.load import LoadedModel, load_model
from inference.runtime.readings import ReadingLoop
from inference.tiers import TierChoice
from tests.checkpoints import make_checkpoint, make_picture
from tests.reading_alone import looks, read_alone

MAX_TOKENS = 24
REQUESTS = {
    name: ReadRequest(request_id=name, pictures=(make_picture(width_px=200 + 50 * number),))
    for number, name in enumerate("abcd")
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_checkpoint(tmp_path_factory.mktemp("home") / "models" / "tiny")


@pytest.fixture
def loaded(folder: Path) -> LoadedModel:
    choice = TierChoice(tier=Tier.CPU, device="cpu", dtype=Dtype.FLOAT32, reason="Tested.")
    return load_model(folder, choice)


class Desk:
    """The other end of the wire: orders go in, what is said is kept and may be answered."""

    def __init__(self, loaded: LoadedModel, slots: int) -> None:
        self.said: list[Said] = []
        self.on_said: Callable[[Said], None] = lambda _: None
        self._inbox: queue.SimpleQueue[Message] = queue.SimpleQueue()
        self.readings = ReadingLoop(loaded, inbox=self._inbox, say=self._hear, slots=slots)

    def order(self, *names: str) -> None:
        for name in names:
            read = Read(request=REQUESTS[name], max_tokens=MAX_TOKENS, score_urgency=True)
            self._inbox.put(read)

    def cancel(self, name: str) -> None:
        self._inbox.put(Cancel(request_id=name))

    def run(self) -> None:
        while self.readings._readings or not self._inbox.empty():
            self.readings.go_on()

    def ends(self) -> dict[str, Done | Failed]:
        """The last words about each, of which there must be one alone."""
        last = [message for message in self.said if isinstance(message, Done | Failed)]
        assert max(Counter(message.request_id for message in last).values()) == 1
        return {message.request_id: message for message in last}

    def texts(self) -> dict[str, str]:
        return {name: end.text for name, end in self.ends().items() if isinstance(end, Done)}

    def _hear(self, message: Said) -> None:
        self.said.append(message)
        self.on_said(message)


def kind_of(said: Said) -> tuple[type, str]:
    """What is said, and of which reading."""
    return type(said.event if isinstance(said, Interim) else said), said.request_id


def alone(loaded: LoadedModel, *names: str) -> dict[str, str]:
    return {name: read_alone(loaded, REQUESTS[name], max_tokens=MAX_TOKENS).text for name in names}


def test_each_of_several_readings_gets_its_own_answer(loaded: LoadedModel) -> None:
    services = Desk(loaded, slots=3)
    services.order("a", "b", "c", "d")
    services.run()
    assert services.texts() == alone(loaded, "a", "b", "c", "d")


def test_every_case_that_has_room_is_seen_and_scored_before_any_text(loaded: LoadedModel) -> None:
    """An alarm must not wait for another case's text; a fourth waits for room."""
    services = Desk(loaded, slots=3)
    services.order("a", "b", "c", "d")
    services.run()
    kinds = [kind_of(said) for said in services.said]
    firsts = [each for each in kinds if each[0] is not Partial]
    assert firsts[:6] == [(kind, name) for name in "abc" for kind in (PictureFeatures, Scored)]
    assert firsts.index((PictureFeatures, "d")) > min(firsts.index((Done, name)) for name in "abc")


def test_a_case_that_comes_while_others_are_written_is_begun_at_once(loaded: LoadedModel) -> None:
    services = Desk(loaded, slots=2)
    services.order("a")
    for _ in range(4):
        services.readings.go_on()
    services.order("b")
    services.readings.go_on()
    kinds = [kind_of(said) for said in services.said]
    assert [name for kind, name in kinds if kind is Scored] == ["a", "b"]
    assert not any(isinstance(said, Done) for said in services.said)
    services.run()
    assert services.texts() == alone(loaded, "a", "b")


def test_a_reading_that_is_cancelled_leaves_the_others_as_they_are(loaded: LoadedModel) -> None:
    services = Desk(loaded, slots=3)
    services.order("a", "b", "c")
    for _ in range(6):
        services.readings.go_on()
    services.cancel("b")
    services.run()
    assert services.texts() == alone(loaded, "a", "c")
    ended = services.ends()["b"]
    assert isinstance(ended, Failed)
    assert ended.kind is FailureKind.CANCELLED


def test_a_reading_that_waits_is_cancelled_before_it_is_begun(loaded: LoadedModel) -> None:
    services = Desk(loaded, slots=1)
    services.order("a", "b")
    services.cancel("b")
    services.run()
    assert {said.request_id for said in services.said if isinstance(said, PictureFeatures)} == {"a"}
    assert isinstance(services.ends()["b"], Failed)


def test_a_reading_is_cancelled_in_the_midst_of_looking_and_may_be_asked_for_again(
    loaded: LoadedModel,
) -> None:
    """On a CPU a look takes half a minute: nobody who takes a picture back waits for that."""
    services = Desk(loaded, slots=2)
    layers = loaded.model.model.vision_tower.encoder.layers
    looked: list[int] = []
    hooks = (
        layers[-1].register_forward_hook(lambda *_: looked.append(1)),
        layers[0].register_forward_hook(lambda *_: services.cancel("b") if looked else None),
    )
    services.order("a", "b")
    services.readings.go_on()
    services.readings.go_on()
    assert looked == [1]
    assert isinstance(services.ends()["b"], Failed)
    for hook in hooks:
        hook.remove()
    services.said.clear()
    services.order("b")
    services.run()
    assert services.texts() == alone(loaded, "a", "b")


def test_two_last_words_are_never_said_of_one_reading(loaded: LoadedModel) -> None:
    services = Desk(loaded, slots=1)
    broken = replace(REQUESTS["a"], pictures=(b"no picture",))
    services._inbox.put(Read(request=broken, max_tokens=MAX_TOKENS))
    services.cancel("a")
    services.cancel("a")
    services.cancel("nobody's")
    services.run()
    ((name, ended),) = services.ends().items()
    assert name == "a"
    assert isinstance(ended, Failed)
    assert ended.kind is FailureKind.CANCELLED


def test_a_reading_that_cannot_be_made_leaves_the_others_as_they_are(loaded: LoadedModel) -> None:
    services = Desk(loaded, slots=3)
    services.order("a")
    broken = replace(REQUESTS["b"], pictures=(b"no picture",))
    services._inbox.put(Read(request=broken, max_tokens=MAX_TOKENS))
    services.order("c")
    services.run()
    assert services.texts() == alone(loaded, "a", "c")
    ended = services.ends()["b"]
    assert isinstance(ended, Failed)
    assert ended.kind is FailureKind.REQUEST


@pytest.mark.parametrize("during", ["step", "join"])
def test_out_of_memory_together_reads_all_of_them_in_smaller_batches_without_a_second_look(
    loaded: LoadedModel, monkeypatch: pytest.MonkeyPatch, during: str
) -> None:
    """Before a tier is given up for all cases, fewer are read at once."""
    monkeypatch.setattr(
        DecodingBatch, during, short_of_memory_with(2, getattr(DecodingBatch, during))
    )
    services = Desk(loaded, slots=4)
    services.order("a", "b", "c", "d")
    with looks(loaded) as counted:
        services.run()
    assert services.texts() == alone(loaded, "a", "b", "c", "d")
    assert len(counted) == 4


def test_out_of_memory_alone_is_the_executors_to_know(
    loaded: LoadedModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(DecodingBatch, "step", short_of_memory_with(0, DecodingBatch.step))
    services = Desk(loaded, slots=2)
    services.order("a")
    services.run()
    ended = services.ends()["a"]
    assert isinstance(ended, Failed)
    assert ended.kind is FailureKind.OUT_OF_MEMORY


def test_out_of_memory_gives_back_what_was_kept_of_the_case_before(
    loaded: LoadedModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    services = Desk(loaded, slots=1)
    services.order("a")
    services.run()
    assert loaded.last._cache is not None
    monkeypatch.setattr(DecodingBatch, "step", short_of_memory_with(0, DecodingBatch.step))
    services.order("b")
    services.run()
    assert loaded.last._cache is None


def test_the_peak_of_memory_comes_with_each_answer(loaded: LoadedModel) -> None:
    services = Desk(loaded, slots=1)
    services.order("a")
    services.run()
    done = services.ends()["a"]
    assert isinstance(done, Done)
    assert done.memory.ram_bytes > 10_000_000
    assert done.memory.vram_bytes is None


def short_of_memory_with(cases: int, work: Callable[..., None]) -> Callable[..., None]:
    """Memory for so many cases at once."""

    def limited(batch: DecodingBatch, *args: object) -> None:
        if len(batch.answers) + len(args) > cases:
            raise torch.OutOfMemoryError
        work(batch, *args)

    return limited


def test_of_a_series_each_slice_is_told_as_soon_as_it_was_looked_at(loaded: LoadedModel) -> None:
    desk = Desk(loaded, slots=1)
    pictures = tuple(make_picture(width_px=100 + 10 * number) for number in range(3))
    REQUESTS["series"] = ReadRequest(request_id="series", pictures=pictures, series=True)
    desk.order("series", "a")
    desk.run()
    said = [each.event for each in desk.said if isinstance(each, Interim)]
    assert [event for event in said if isinstance(event, Looked)] == [
        Looked(count=count, of=3) for count in (1, 2, 3)
    ]
    assert isinstance(said[0], Looked)
    assert len(desk.texts()) == 2
