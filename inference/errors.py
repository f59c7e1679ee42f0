"""Everything that can go wrong between a decoded picture and a reading.

A class says what to do about it; its docstring's first line is the default message. Messages carry
no patient data, so they may be logged.
"""


class InferenceError(Exception):
    """Something went wrong in inference."""

    def __init__(self, message: str | None = None) -> None:
        super().__init__(message or (self.__doc__ or "").partition("\n")[0])


class EngineError(InferenceError):
    """The engine could not read this time: try again."""


class EngineStopped(EngineError):
    """The model process ended while it was reading: try again."""


class WireError(EngineStopped):
    """The model process said something that is not a message: what it said is not to be trusted."""


class EngineAway(EngineError):
    """No engine takes a reading now: it waits, and that costs it no attempt.

    Args:
        message: What was seen; by default the docstring's first line.
        advice: What its operator can do about it; empty where waiting is all there is.
    """

    def __init__(self, message: str | None = None, *, advice: str = "") -> None:
        super().__init__(message)
        self.advice = advice


class OutOfMemory(EngineError):
    """The model ran out of memory: step down a tier and read again."""


class DeadlineExceeded(EngineError):
    """The reading took longer than allowed: try again."""


class UnusableAnswer(EngineError):
    """The model's answer was empty or not finite: try again on a lower tier."""


class RequestRefused(EngineError):
    """The engine refuses this request as it is: do not try again."""


class NoTierFits(EngineError):
    """No tier works on this machine: run `edgerad doctor`."""


class ModelError(InferenceError):
    """The model's files are not usable."""


class ModelMissing(ModelError):
    """No model of that name is installed."""


class ModelCorrupt(ModelError):
    """A model file does not match its manifest: add the model again."""


class ModelFetchFailed(ModelError):
    """The model could not be fetched: check the connection, the token and the accepted terms."""
