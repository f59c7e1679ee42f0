"""The model process's life: load once, then answer requests until its input closes.

Knows the wire and when to die. Must not log anything of a request: its standard error is a log.
"""

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

from inference.contract import EngineInfo, Tier
from inference.errors import InferenceError, WireError
from inference.local.wire import Load, Loading, Message, Ready, Refused
from inference.runtime.channel import Channel
from inference.runtime.failures import kind_of
from inference.runtime.memory import peak_memory
from inference.runtime.readings import ReadingLoop
from inference.runtime.start import bring_up, find_load_plans
from inference.runtime.vision_encoding import vision_fingerprint
from machine.process_rights import end_with_parent

NICENESS = 5
OOM_SCORE_ADJ = 500


def main() -> None:
    """Serve the parent over standard input and output."""
    channel = Channel.over_stdio()
    end_with_parent(signal.SIGKILL)  # even while stuck in native code
    _give_way()
    faulthandler.enable()
    Server(channel).run()


class Server:
    """Listens in a thread of its own, so that a cancellation arrives while it computes."""

    def __init__(self, channel: Channel) -> None:
        self._channel = channel
        self._inbox: queue.SimpleQueue[Message] = queue.SimpleQueue()

    def run(self) -> None:
        """Load as the first message says, then answer readings for ever."""
        threading.Thread(target=self._listen, name="listen", daemon=True).start()
        load = self._inbox.get()
        readings = self._load(load) if isinstance(load, Load) else None
        if readings is None:
            return
        sys.excepthook = _report_without_message
        while True:
            readings.go_on()

    def _listen(self) -> None:
        """Note what arrives; when the parent is gone, so is the reason to live."""
        try:
            for message in self._channel.heard():
                self._inbox.put(message)
        except WireError:
            os._exit(os.EX_PROTOCOL)
        os._exit(os.EX_OK)

    def _load(self, load: Load) -> ReadingLoop | None:
        started = time.monotonic()
        tier: Tier | None = None
        try:
            ways = find_load_plans(
                Path(load.home),
                load.model,
                tier=load.tier,
                ceiling=load.ceiling,
                llama=load.llama,
            )
            tier = ways[0].choice.tier
            way, loaded = bring_up(ways, lambda detail: self._channel.say(Loading(detail=detail)))
        except InferenceError as error:
            if error.__cause__ is not None:  # what lies behind the sentence, for whoever mends it
                traceback.print_exception(error.__cause__)
            self._channel.say(Refused(kind=kind_of(error), tier=tier, detail=str(error)))
            return None
        engine = EngineInfo(
            model=way.model.name,
            tier=way.choice.tier,
            practice=way.model.practice,
            known_release=way.model.release is not None,
        )
        self._channel.say(
            Ready(
                engine=engine,
                vision_id=vision_fingerprint(loaded),
                choice=way.choice,
                load_s=time.monotonic() - started,
                memory=peak_memory(way.choice.device),
            )
        )
        return ReadingLoop(loaded, inbox=self._inbox, say=self._channel.say, slots=way.choice.slots)


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
