"""Everything that can go wrong between a picture and a reading.

A class says what to do about it; its docstring's first line is the default message. Messages carry
no patient data, so they may be logged.
"""


class InferenceError(Exception):
    """Something went wrong in inference."""

    def __init__(self, message: str | None = None) -> None:
        super().__init__(message or (self.__doc__ or "").partition("\n")[0])


class PictureError(InferenceError):
    """This file is not a picture that can be read: ask the sender for another.

    Args:
        message: A sentence for people; by default the docstring's first line.
        seems: Short name of what the file seems to be instead (`HEIC`, `PDF`, `text` …), None if
            that is unknown or beside the point.
    """

    def __init__(self, message: str | None = None, *, seems: str | None = None) -> None:
        super().__init__(message)
        self.seems = seems


class EmptyPicture(PictureError):
    """The file is empty."""


class UnsupportedFormat(PictureError):
    """The file is not a JPEG, PNG, WebP, TIFF, BMP or DICOM picture."""


class DamagedPicture(PictureError):
    """The file is cut short or damaged."""


class PictureTooLarge(PictureError):
    """The file has more bytes or pixels than can be handled."""


class NoPictureInFile(PictureError):
    """The DICOM file holds no picture."""


class PictureTimeout(PictureError):
    """The file took too long to decode."""


class PictureProcessFailed(InferenceError):
    """The picture process does not run: try again; the picture itself may be fine."""


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
