"""The readings under way: each is begun by itself, then all are written together.

Knows what comes in, what may end a reading, and what to do when memory runs out. Must not log
anything of a request. A case that waits is begun before the others are written on: how urgent it
is is then known as early as can be, and the texts of those before it stand still meanwhile.
"""

import queue
from collections.abc import Callable
from dataclasses import dataclass, replace

import torch

from inference.contract import Looked, Partial, Scored, ScoredUrgency
from inference.errors import InferenceError, OutOfMemory
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
from inference.runtime.decoding import DecodingBatch, GrowingAnswer
from inference.runtime.failures import kind_of
from inference.runtime.generate import begin
from inference.runtime.load import LoadedModel
from inference.runtime.memory import noticing_out_of_memory, peak_memory, release, reset_peaks


class _Dropped(Exception):
    """The reading that is being begun was cancelled."""


@dataclass(slots=True, eq=False)
class _Reading:
    """One of them: waiting until its answer grows, ended once that was sent."""

    read: Read
    growing: GrowingAnswer | None = None
    ended: bool = False

    @property
    def request_id(self) -> str:
        return self.read.request.request_id


class ReadingLoop:
    """Reads what comes in.

    Args:
        loaded: The model.
        inbox: Where orders arrive, at any time.
        say: Tells what comes of them.
        slots: How many are written together at most.
    """

    def __init__(
        self,
        loaded: LoadedModel,
        *,
        inbox: queue.SimpleQueue[Message],
        say: Callable[[Said], None],
        slots: int,
    ) -> None:
        self._loaded = loaded
        self._inbox = inbox
        self._say = say
        self._slots = slots
        self._readings: list[_Reading] = []
        self._begun: _Reading | None = None
        self._batch = DecodingBatch(loaded)
        for stack in loaded.model.modules():
            for layer in stack if isinstance(stack, torch.nn.ModuleList) else ():
                layer.register_forward_pre_hook(self._breathe)

    def go_on(self) -> None:
        """Begin a reading or add a token to each; wait for one where there is none."""
        if not self._readings:
            self._hear(self._inbox.get())
            reset_peaks(self._loaded.device)
        self._breathe()
        if not self._memory_sufficed():
            self._start_over()
        self._begun = None
        self._readings = [reading for reading in self._readings if not reading.ended]
        self._batch.keep([reading.growing for reading in self._readings if reading.growing])

    def _memory_sufficed(self) -> bool:
        waiting = [each for each in self._readings if each.growing is None and not each.ended]
        try:
            with noticing_out_of_memory():
                if waiting and len(self._batch.answers) < self._slots:
                    self._begin(waiting[0])
                elif self._batch.answers:
                    self._batch.step()
        except OutOfMemory:
            return False  # and not handled in here, where the error still holds tensors
        for reading in self._readings:
            if reading.growing is not None and not reading.ended:
                self._say_what_came(reading, reading.growing)
        return True

    def _breathe(self, *_: object) -> None:
        """Hear what has come meanwhile: before each layer too, for one may take a second."""
        while not self._inbox.empty():
            self._hear(self._inbox.get())
        if self._begun is not None and self._begun.ended:
            raise _Dropped

    def _hear(self, message: Message) -> None:
        match message:
            case Read():
                self._readings.append(_Reading(message))
            case Cancel(request_id=request_id):
                for reading in self._readings:
                    if reading.request_id == request_id and not reading.ended:
                        self._fail(reading, FailureKind.CANCELLED, "It was cancelled.")

    def _begin(self, reading: _Reading) -> None:
        self._begun = reading
        read = reading.read

        def on_features(features: tuple[bytes, ...]) -> None:
            reading.read = replace(read, known=features)
            self._say(PictureFeatures(request_id=reading.request_id, features=features))

        def on_urgency(score: ScoredUrgency) -> None:
            self._say(Interim(request_id=reading.request_id, event=Scored(score=score)))

        def on_look(count: int) -> None:
            looked = Looked(count=count, of=len(read.request.pictures))
            self._say(Interim(request_id=reading.request_id, event=looked))

        try:
            growing = begin(
                self._loaded,
                read.request,
                max_tokens=read.max_tokens,
                thought_tokens=read.thought_tokens,
                known=read.known,
                on_features=on_features,
                on_urgency=on_urgency if read.score_urgency else None,
                on_look=on_look if read.request.series else None,
            )
        except _Dropped:
            return
        except InferenceError as error:
            self._fail(reading, kind_of(error), str(error))
            return
        self._batch.join(growing)
        reading.growing = growing

    def _say_what_came(self, reading: _Reading, growing: GrowingAnswer) -> None:
        if growing.ended:
            self._finish(reading, growing)
        elif (text := growing.grown()) is not None:
            self._say(Interim(request_id=reading.request_id, event=Partial(text=text)))

    def _finish(self, reading: _Reading, growing: GrowingAnswer) -> None:
        try:
            answer = growing.answer()
        except InferenceError as error:
            self._fail(reading, kind_of(error), str(error))
            return
        reading.ended = True
        self._say(
            Done(
                request_id=reading.request_id,
                text=answer.text,
                prompt_tokens=answer.prompt_tokens,
                answer_tokens=answer.answer_tokens,
                truncated=answer.truncated,
                memory=peak_memory(self._loaded.device),
            )
        )

    def _fail(self, reading: _Reading, kind: FailureKind, detail: str) -> None:
        reading.ended = True
        self._say(Failed(request_id=reading.request_id, kind=kind, detail=detail))

    def _start_over(self) -> None:
        """Read half as many together from now on; the one that was alone needs another tier."""
        together = [reading for reading in self._readings if reading.growing is not None]
        if self._begun is not None:
            together.append(self._begun)
        if len(together) == 1:
            self._fail(together[0], FailureKind.OUT_OF_MEMORY, str(OutOfMemory()))
        self._slots = max(1, len(together) // 2)
        for reading in together:
            reading.growing = None
        self._batch = DecodingBatch(self._loaded)
        self._loaded.last.forget()
        release(self._loaded.device)
