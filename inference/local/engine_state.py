"""Where the local engine stands, and waiting for it to have a model.

Knows the model process that takes readings, and what answers there. Must not know a reading.
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
        """Wait for a model.

        Returns:
            The process that holds it, and what answers there.

        Raises:
            EngineError: None can be had, and why.
        """
        while True:
            await self._settled.wait()
            if self._failure is not None:
                raise type(self._failure)(str(self._failure)) from self._failure
            if self._process is not None and self._engine is not None:
                return self._process, self._engine
            # the process that woke whoever waits ended before it was their turn

    def takes(self, process: ModelProcess) -> bool:
        """Whether it is this process that takes readings.

        Returns:
            False if it takes none yet, or none any more.
        """
        return self._process is process

    def starting(self, detail: str = "The model is starting.") -> None:
        """Note that no process takes readings now, and the next may.

        Args:
            detail: How far it is, for people.
        """
        self._settled.clear()
        self._process = self._failure = None
        self.status = EngineStatus(state=EngineState.STARTING, detail=detail)

    def serving(
        self, process: ModelProcess, engine: EngineInfo, *, detail: str, slots: int
    ) -> None:
        """Note that a process takes readings from now on.

        Args:
            detail: How the model is held, for people.
            slots: How many readings it makes at once.
        """
        self._process, self._engine, self._failure = process, engine, None
        self.status = EngineStatus(
            state=EngineState.READY, engine=engine, detail=detail, slots=slots
        )
        self._settled.set()

    def failed(self, failure: EngineError) -> None:
        """Note that there is no model to be had for now."""
        self._failure = failure
        self.status = EngineStatus(state=EngineState.FAILED, detail=str(failure))
        self._settled.set()
