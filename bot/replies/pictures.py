"""What is said of a picture that came: what is wrong with it, or that there is none.

Knows the errors of pictures. Must not know cases, SQL or Telegram.
"""

from bot.domain.messages import Reply
from bot.locale import Translator
from bot.replies.markup import bold, lines, plain, said
from pictures import errors


def problem(error: errors.PictureError, t: Translator) -> Reply:
    """Tells what is wrong with a file, and what to send instead.

    Args:
        error: Why it cannot be read.
    """
    return Reply(text=lines(bold(_problem(error, t)), plain(_instead(error, t))))


def late(t: Translator) -> Reply:
    """Tells that a picture of an album came after the reading of the others had begun."""
    return said(
        t.gettext(
            "The reading of the album's other pictures had already begun, so this one became a "
            "case of its own."
        )
    )


def wanted(t: Translator) -> Reply:
    """Answers a text that is no reply and no command."""
    return said(
        t.gettext(
            "Send a photo or file of an X-ray, a skin lesion or a scan. "
            "To ask about a case, reply to its answer. /help shows what else I can do."
        )
    )


def _problem(error: errors.PictureError, t: Translator) -> str:
    if isinstance(error, errors.UnsupportedFormat) and error.seems == "DICOM":
        return t.gettext("This DICOM file is compressed in a way that I cannot read.")
    if isinstance(error, errors.UnsupportedFormat) and error.seems:
        kind = _kind(error.seems, t)
        return t.gettext("This file seems to be {kind}, which I cannot read.", kind=kind)
    known = {
        errors.EmptyPicture: t.gettext("This file is empty."),
        errors.UnsupportedFormat: t.gettext("This file is not a picture that I can read."),
        errors.DamagedPicture: t.gettext("This picture is cut short or damaged."),
        errors.PictureTooLarge: t.gettext("This picture is too large."),
        errors.NoPictureInFile: t.gettext("This DICOM file holds no picture."),
        errors.PictureTimeout: t.gettext("This picture took too long to open."),
    }
    return known.get(type(error), t.gettext("This picture cannot be read."))


def _kind(seems: str, t: Translator) -> str:
    """A format's name as people say it; most are names in every language."""
    known = {
        "text": t.gettext("a text"),
        "video": t.gettext("a video"),
        "sound": t.gettext("a sound recording"),
    }
    return known.get(seems, seems)


def _instead(error: errors.PictureError, t: Translator) -> str:
    match error:
        case errors.UnsupportedFormat():
            return _instead_of(error.seems, t)
        case errors.EmptyPicture() | errors.DamagedPicture():
            return t.gettext("Please send it again, or take the photo again.")
        case errors.PictureTooLarge() | errors.PictureTimeout():
            return t.gettext("Please send it as a photo, or in a smaller size.")
        case errors.NoPictureInFile():
            return t.gettext("Please send the file with the pictures, or a photo of the film.")
        case _:
            return _instead_of(None, t)


def _instead_of(seems: str | None, t: Translator) -> str:
    match seems:
        case "DICOM" | "DICOM video":
            return t.gettext(
                "Please export it as JPEG or as uncompressed DICOM, or send a photo of the screen."
            )
        case "PDF" | "video":
            return t.gettext("Please send a photo or a screenshot of it.")
        case "ZIP" | "RAR" | "7-Zip" | "gzip":
            return t.gettext("Please unpack it, and send the pictures in it.")
        case _:
            return t.gettext("Please send a photo, or a file such as JPEG, PNG, HEIC or DICOM.")
