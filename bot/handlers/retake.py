"""The answer to "take it again?": how to do better, or that the photo stays as it is."""

from typing import Any

from telegram.ext import BaseHandler

from bot.domain.messages import About, MessageRole
from bot.handlers.context import Context
from bot.handlers.corrections import correctable
from bot.handlers.permissions import Press, on_button
from bot.locale import translator
from bot.replies import people, retake
from bot.replies.buttons import Action
from pictures import PhotoFault


def handlers() -> list[BaseHandler[Any, Context, None]]:
    """What takes the buttons under the question."""
    return [on_button(Action.RETAKE, answer)]


async def answer(press: Press, context: Context) -> str | None:
    """Say how to take the photo better, or that it stays."""
    t, case = translator(context.language), await correctable(press, context)
    again, fault = press.text(1) == retake.YES, press.text(2)
    if case is None or (again and fault not in set(PhotoFault)):
        return people.stale_button(t)
    reply = retake.how(case, PhotoFault(fault), t) if again else retake.kept(case, t)
    about = About(reading_id=case.reading_id, role=MessageRole.NOTICE)
    await context.say(reply, edits=press.message_id, about=about)
    return None
