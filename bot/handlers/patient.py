"""The patient's age and sex, told after the picture: by a button or by a reply in words.

Never waited for: what comes after the reading began is kept, and said to have come too late.
"""

from typing import Any

from telegram import Update
from telegram.ext import BaseHandler, CallbackQueryHandler

from bot.captions import parse_caption
from bot.domain import Case, CaseId, Reply
from bot.handlers.visit import Visit
from bot.locale import translator
from bot.replies import people, queue
from bot.replies.buttons import Action, arguments, pressed
from bot.replies.markup import plain
from inference.contract import PatientContext, Sex


def handlers() -> list[BaseHandler[Any, Visit, None]]:
    """What takes the buttons under the "received" message."""
    return [
        CallbackQueryHandler(take_fact, pressed(Action.SEX)),
        CallbackQueryHandler(take_fact, pressed(Action.AGE)),
    ]


async def take_fact(update: Update, visit: Visit) -> None:
    """Note what a button told of the patient."""
    query = update.callback_query
    if query is None or query.data is None or query.message is None:
        return
    t = translator(visit.language)
    case, told = await _own_case(query.data, visit), _told(query.data)
    if case is None or told is None:
        await visit.acknowledge(update, people.stale_button(t))
        return
    noted, in_time = await _note(case, told, visit)
    if in_time:
        place = await visit.desk.store.readings.place(noted.reading_id)
        await visit.say(queue.received(noted, place, t), edits=query.message.message_id)
    await visit.acknowledge(update, queue.patient_noted(noted, t, in_time=in_time))


async def note_typed_facts(case: Case, text: str, visit: Visit) -> bool:
    """Note the age and sex that a sender types in reply to a case without an answer yet.

    Returns:
        False if the text tells neither, or the case is somebody else's.
    """
    told = parse_caption(text).patient
    if case.sender_id != visit.sender.user_id or (told.age_years is None and told.sex is None):
        return False
    noted, in_time = await _note(case, told, visit)
    t = translator(visit.language)
    await visit.say(Reply(text=plain(queue.patient_noted(noted, t, in_time=in_time))))
    return True


async def _note(case: Case, told: PatientContext, visit: Visit) -> tuple[Case, bool]:
    cases = visit.desk.store.cases
    in_time = await cases.describe_patient(case.case_id, age_years=told.age_years, sex=told.sex)
    return await cases.get(case.case_id) or case, in_time


async def _own_case(data: str, visit: Visit) -> Case | None:
    number = next(iter(arguments(data)), "")
    if not number.isdecimal():
        return None
    case = await visit.desk.store.cases.get(CaseId(int(number)))
    return case if case is not None and case.sender_id == visit.sender.user_id else None


def _told(data: str) -> PatientContext | None:
    """What a button says; None for data that no button of ours carries."""
    value = arguments(data)[-1] if arguments(data) else ""
    if data.startswith(f"{Action.SEX}:"):
        return PatientContext(sex=Sex(value)) if value in set(Sex) else None
    try:
        years = float(value)
    except ValueError:
        return None
    return PatientContext(age_years=years) if 0 < years < 130 else None
