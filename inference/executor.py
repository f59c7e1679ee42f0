"""The local engine: supervises the model process and hands it one reading at a time.

Knows the contract and the wire. Must not import torch: that lives in the model process alone, so
that a crash or an out-of-memory there never takes the bot down.
"""

from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

from inference.contract import (
    EngineState,
    EngineStatus,
    PartialText,
    Reading,
    ReadRequest,
    Tier,
)
from inference.errors import EngineError


@dataclass(frozen=True, slots=True, kw_only=True)
class ExecutorConfig:
    """What the local engine needs to know.

    Args:
        home: The data folder; models live under `home/models`.
        model: Name of an installed model, or `auto`.
        tier: A tier to hold the weights at, None to choose from the measured hardware.
        deadline_s: Longest a reading may take.
        answer_max_tokens: Longest answer.
    """

    home: Path
    model: str = "auto"
    tier: Tier | None = None
    deadline_s: float = 1800.0
    answer_max_tokens: int = 400


class LocalExecutor:
    """Loads the model in the background on entering; ends its process on leaving."""

    def __init__(self, config: ExecutorConfig) -> None:
        self._config = config

    async def __aenter__(self) -> Self:
        """Start loading the model and return at once."""
        return self

    async def __aexit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """End the model process."""

    def status(self) -> EngineStatus:
        """Where the engine stands now; never blocks."""
        return EngineStatus(state=EngineState.STARTING)

    async def read(self, request: ReadRequest, on_partial: PartialText) -> Reading:
        """Read the pictures; see `inference.contract.Executor`.

        Args:
            request: What to read.
            on_partial: Receives the growing text.

        Returns:
            The reading.

        Raises:
            EngineError: With a subclass that says what to do next.
        """
        raise EngineError(f"Not running: {request.request_id} {on_partial}")
