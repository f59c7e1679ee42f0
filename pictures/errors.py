"""Everything that can go wrong between untrusted bytes and a picture.

A class says what to do about it; its docstring's first line is the default message. Messages carry
no patient data, so they may be logged.
"""


class PictureProcessingError(Exception):
    """No picture was made of the file."""

    def __init__(self, message: str | None = None) -> None:
        super().__init__(message or (self.__doc__ or "").partition("\n")[0])


class PictureError(PictureProcessingError):
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
    """The file is not a picture that can be read."""


class DamagedPicture(PictureError):
    """The file is cut short or damaged."""


class PictureTooLarge(PictureError):
    """The file has more bytes or pixels than can be handled."""


class NoPictureInFile(PictureError):
    """The DICOM file holds no picture."""


class NotAFrontalFilm(PictureError):
    """The picture does not look like an upright frontal chest film."""


class PictureTimeout(PictureError):
    """The file took too long to decode."""


class PictureProcessFailed(PictureProcessingError):
    """The picture process does not run: try again; the picture itself may be fine."""
