"""The local engine's state, and waiting until it has a model.

Knows the model process that takes readings, and its model. Must not know a reading.
"""

import asyncio

from inference.contract import EngineInfo, EngineState, EngineStatus
from inference.errors import EngineError
from inference.local.process import ModelProcess


class EngineAvailability:
    """Starting at first; then ready or failed, each time until it is starting again."""

    def __init__(self) -> None:
        self.status = EngineStatus(state=EngineState.STARTING, detail="The engine is starting.")
        self._settled = asyncio.Event()
        self._process: ModelProcess | None = None
        self._engine: EngineInfo | None = None
        self._failure: EngineError | None = None

    async def ready(self) -> tuple[ModelProcess, EngineInfo]:
        """Wait for a process with a model.

        Raises:
            EngineError: The engine failed, and why.
        """
        while True:
            await self._settled.wait()
            if self._failure is not None:
                raise type(self._failure)(str(self._failure)) from self._failure
            if self._process is not None and self._engine is not None:
                return self._process, self._engine
            # the process ended between setting the event and this task's turn

    def is_serving(self, process: ModelProcess) -> bool:
        """Whether this process takes readings now."""
        return self._process is process

    def starting(self, detail: str = "The model is starting.") -> None:
        """Note that no process takes readings yet.

        Args:
            detail: How far the start is, as a sentence for people.
        """
        self._settled.clear()
        self._process = self._failure = None
        self.status = EngineStatus(state=EngineState.STARTING, detail=detail)

    def serving(
        self, process: ModelProcess, engine: EngineInfo, *, detail: str, slots: int, slices: int
    ) -> None:
        """Note that a process takes readings from now on.

        Args:
            detail: How the model is held, as sentences for people.
            slots: How many readings it makes at once.
            slices: How many slices of a series it should be given.
        """
        self._process, self._engine, self._failure = process, engine, None
        self.status = EngineStatus(
            state=EngineState.READY, engine=engine, detail=detail, slots=slots, slices=slices
        )
        self._settled.set()

    def failed(self, failure: EngineError) -> None:
        """Note that no model can be loaded for now."""
        self._failure = failure
        self.status = EngineStatus(state=EngineState.FAILED, detail=str(failure))
        self._settled.set()
