"""Whether a poor photo shall be taken again: the question, and what to do better.

Knows what is wrong with photos. Must not know SQL or Telegram. The photo is read all the same.
"""

from bot.domain.cases import Case
from bot.domain.corrections import WithdrawalReason
from bot.domain.messages import Reply
from bot.locale import Translator
from bot.replies import words
from bot.replies.buttons import Action, button
from bot.replies.markup import bold, lines, plain, said
from pictures import PhotoFault

YES, NO = "yes", "no"


def asked(case: Case, fault: PhotoFault, t: Translator) -> Reply:
    """Asks whether a photo shall be taken again.

    Args:
        fault: The gravest of what is wrong with it.
    """
    wrong = words.photo_fault(fault, t)
    question = t.gettext("{fault}: take it again?", fault=f"{wrong[:1].upper()}{wrong[1:]}")
    again = button(t.gettext("Take again"), Action.RETAKE, case.case_id, YES, fault)
    anyway = button(t.gettext("Send anyway"), Action.RETAKE, case.case_id, NO)
    waits = t.gettext("{case} is read all the same.", case=case.code)
    text = lines(bold(f"{_SIGNS[fault]} {question}"), plain(waits))
    return Reply(text=text, buttons=((again, anyway),))


def how(case: Case, fault: PhotoFault, t: Translator) -> Reply:
    """Tells how to take it better, with a button to withdraw the poor one."""
    text = lines(
        bold(_advice(fault, t)),
        plain(
            t.gettext(
                "Send the new photo with the same caption. Then withdraw {case}.", case=case.code
            )
        ),
    )
    label = t.gettext("Withdraw {case}", case=case.code)
    withdraw = button(label, Action.WITHDRAW, case.case_id, WithdrawalReason.PICTURE)
    return Reply(text=text, buttons=((withdraw,),))


def kept(case: Case, t: Translator) -> Reply:
    """Tells that the photo stays as it is."""
    return said(t.gettext("{case} is read as it is.", case=case.code))


_SIGNS = {
    PhotoFault.BLUR: "🌫️",
    PhotoFault.GLARE: "✨",
    PhotoFault.DARK: "🌑",
    PhotoFault.LOW_CONTRAST: "◽",
    PhotoFault.CUT_OFF: "✂️",
    PhotoFault.TOO_SMALL: "🔍",
    PhotoFault.TILTED: "📐",
    PhotoFault.MOIRE: "🖥️",
    PhotoFault.FINGER: "👆",
    PhotoFault.TWO_FILMS: "2️⃣",
}


def _advice(fault: PhotoFault, t: Translator) -> str:
    return {
        PhotoFault.BLUR: t.gettext("Hold the phone still, and tap the film to focus."),
        PhotoFault.GLARE: t.gettext("Switch off lamps and flash, or stand a little aside."),
        PhotoFault.DARK: t.gettext("Tap the film so that the picture gets lighter."),
        PhotoFault.LOW_CONTRAST: t.gettext("Wipe the lens, and darken the room."),
        PhotoFault.CUT_OFF: t.gettext("Step back until all four corners are in the picture."),
        PhotoFault.TOO_SMALL: t.gettext("Go nearer until the film fills the picture."),
        PhotoFault.TILTED: t.gettext("Hold the phone straight in front of the film."),
        PhotoFault.MOIRE: t.gettext("Go a little nearer to the screen or away from it."),
        PhotoFault.FINGER: t.gettext("Take the fingers off the film."),
        PhotoFault.TWO_FILMS: t.gettext("Photograph one film at a time."),
    }[fault]
