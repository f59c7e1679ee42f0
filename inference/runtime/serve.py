"""The model process's life: load once, then answer requests one by one until its input closes.

Knows the wire and when to die. Must not log anything of a request: its standard error is a log.
"""

import ctypes
import faulthandler
import os
import queue
import signal
import sys
import threading
import time
import traceback
from pathlib import Path
from types import TracebackType

from inference.contract import EngineInfo, ScoredUrgency, Tier
from inference.errors import (
    InferenceError,
    ModelError,
    NoTierFits,
    OutOfMemory,
    RequestRefused,
    UnusableAnswer,
    WireError,
)
from inference.prompts import as_taught
from inference.runtime.channel import Channel
from inference.runtime.generate import generate
from inference.runtime.load import LoadedModel
from inference.runtime.memory import noticing_out_of_memory, peak_bytes
from inference.runtime.sight import eyes_of
from inference.runtime.start import bring_up, find_ways
from inference.wire import (
    Cancel,
    Done,
    Failed,
    FailureKind,
    Load,
    Loading,
    Message,
    Partial,
    Read,
    Ready,
    Refused,
    Scored,
    Seen,
)

PR_SET_PDEATHSIG = 1
NICENESS = 5
OOM_SCORE_ADJ = 500

_KINDS: tuple[tuple[type[InferenceError], FailureKind], ...] = (
    (OutOfMemory, FailureKind.OUT_OF_MEMORY),
    (UnusableAnswer, FailureKind.UNUSABLE),
    (NoTierFits, FailureKind.NO_TIER_FITS),
    (RequestRefused, FailureKind.REQUEST),
    (ModelError, FailureKind.MODEL),
)


def main() -> None:
    """Serve the parent over standard input and output."""
    channel = Channel.over_stdio()
    _die_with_parent()
    _give_way()
    faulthandler.enable()
    Server(channel).run()


class Server:
    """Listens in a thread of its own, so that a cancellation arrives while it generates."""

    def __init__(self, channel: Channel) -> None:
        self._channel = channel
        self._inbox: queue.SimpleQueue[Message] = queue.SimpleQueue()
        self._cancelled: set[str] = set()
        self._practice = False

    def run(self) -> None:
        """Load as the first message says, then answer readings for ever."""
        threading.Thread(target=self._listen, name="listen", daemon=True).start()
        load = self._inbox.get()
        loaded = self._load(load) if isinstance(load, Load) else None
        if loaded is None:
            return
        sys.excepthook = _report_without_message
        while True:
            message = self._inbox.get()
            if isinstance(message, Read):
                self._channel.say(self._answer(loaded, message))

    def _listen(self) -> None:
        """Sort what arrives; when the parent is gone, so is the reason to live."""
        try:
            for message in self._channel.heard():
                match message:
                    case Cancel(request_id=request_id):
                        self._cancelled.add(request_id)
                    case Read(request=request):
                        self._cancelled.discard(request.request_id)
                        self._inbox.put(message)
                    case _:
                        self._inbox.put(message)
        except WireError:
            os._exit(os.EX_PROTOCOL)
        os._exit(os.EX_OK)

    def _load(self, load: Load) -> LoadedModel | None:
        started = time.monotonic()
        tier: Tier | None = None
        try:
            ways = find_ways(Path(load.home), load.model, tier=load.tier, ceiling=load.ceiling)
            tier = ways[0].choice.tier
            way, loaded = bring_up(ways, lambda detail: self._channel.say(Loading(detail=detail)))
        except InferenceError as error:
            if error.__cause__ is not None:  # what lies behind the sentence, for whoever mends it
                traceback.print_exception(error.__cause__)
            self._channel.say(Refused(kind=_kind(error), tier=tier, detail=str(error)))
            return None
        self._practice = way.model.practice
        engine = EngineInfo(model=way.model.name, tier=way.choice.tier, practice=way.model.practice)
        self._channel.say(
            Ready(
                engine=engine,
                eyes=eyes_of(loaded),
                choice=way.choice,
                load_s=time.monotonic() - started,
                peak_bytes=peak_bytes(way.choice.device),
            )
        )
        return loaded

    def _answer(self, loaded: LoadedModel, read: Read) -> Message:
        request_id = read.request.request_id

        def on_urgency(score: ScoredUrgency) -> None:
            self._channel.say(Scored(request_id=request_id, score=score))

        try:
            with noticing_out_of_memory():
                answer = generate(
                    loaded,
                    as_taught(read.request) if self._practice else read.request,
                    max_tokens=read.max_tokens,
                    known=read.known,
                    on_seen=lambda features: self._channel.say(
                        Seen(request_id=request_id, features=features)
                    ),
                    on_urgency=on_urgency if read.score_urgency else None,
                    on_partial=lambda text: self._channel.say(
                        Partial(request_id=request_id, text=text)
                    ),
                    cancelled=lambda: request_id in self._cancelled,
                )
        except InferenceError as error:
            return Failed(request_id=request_id, kind=_kind(error), detail=str(error))
        if answer is None:
            return Failed(
                request_id=request_id, kind=FailureKind.CANCELLED, detail="It was cancelled."
            )
        return Done(
            request_id=request_id,
            text=answer.text,
            prompt_tokens=answer.prompt_tokens,
            answer_tokens=answer.answer_tokens,
            truncated=answer.truncated,
        )


def _kind(error: InferenceError) -> FailureKind:
    kinds = (kind for of, kind in _KINDS if isinstance(error, of))
    return next(kinds, FailureKind.ERROR)


def _die_with_parent() -> None:
    """Be killed when the parent dies, even while stuck in native code. Source: prctl(2)."""
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


def _give_way() -> None:
    """Let the chat stay quick while this process computes, and be the one the kernel kills."""
    os.nice(NICENESS)
    score = Path("/proc/self/oom_score_adj")
    if score.exists():
        score.write_text(str(OOM_SCORE_ADJ))


def _report_without_message(
    kind: type[BaseException], _error: BaseException, trace: TracebackType | None
) -> None:
    """Say where it went wrong; an error's message may quote the request."""
    sys.stderr.write(f"{''.join(traceback.format_tb(trace))}{kind.__name__}\n")
