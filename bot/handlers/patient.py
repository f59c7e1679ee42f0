"""Age, sex and kind of picture, told after the picture: by a button or by a reply in words.

Never waited for: what comes after the reading began is kept, and said to have come too late.
"""

from collections.abc import Sequence
from typing import Any

from telegram.ext import BaseHandler

from bot.captions import parse_caption, parse_told
from bot.captions.typed import doubtful_m
from bot.domain.cases import Case, CaseStatus
from bot.domain.corrections import Change, Field
from bot.domain.ids import CaseId
from bot.handlers.context import Context
from bot.handlers.corrections import correct, tell_others
from bot.handlers.permissions import Press, on_button
from bot.locale import translator
from bot.replies import people, queue
from bot.replies.buttons import Action
from bot.replies.markup import said
from inference.contract import PatientContext, PictureKind, Sex

MAX_AGE_YEARS = 130


def handlers() -> list[BaseHandler[Any, Context, None]]:
    """What takes the buttons under the "received" message."""
    return [
        on_button(Action.SEX, take_sex),
        on_button(Action.AGE, take_age),
        on_button(Action.KIND, take_kind),
    ]


async def take_sex(press: Press, context: Context) -> str | None:
    """Note the patient's sex."""
    told = press.text(1)
    sex = Sex(told) if told in set(Sex) else None
    return await _take(press, _changes(PatientContext(sex=sex)), context)


async def take_age(press: Press, context: Context) -> str | None:
    """Note the patient's age."""
    try:
        years = float(press.text(1))
    except ValueError:
        years = 0
    age_years = years if 0 < years < MAX_AGE_YEARS else None
    sex = Sex(press.text(2)) if press.text(2) in set(Sex) else None
    return await _take(press, _changes(PatientContext(age_years=age_years, sex=sex)), context)


async def take_kind(press: Press, context: Context) -> str | None:
    """Note what kind of picture it is."""
    told = press.text(1)
    kinds = [Change(field=Field.KIND, value=kind) for kind in PictureKind if kind == told]
    return await _take(press, kinds, context)


async def note_typed_facts(case: Case, text: str, context: Context) -> bool:
    """Note the age and sex that a sender types about a case without an answer yet.

    Returns:
        False if the text tells neither, or the case is somebody else's.
    """
    asked_age, t = case.patient.age_years is None, translator(context.language)
    told = parse_told(text) if asked_age else parse_caption(text).patient
    if case.sender_id != context.sender.user_id:
        return False
    if (number := doubtful_m(text)) is not None:
        await context.say(queue.months_or_male(case, number, t))
        return True
    if told.age_years is None and told.sex is None:
        return False
    noted = await _note(case, _changes(told), context)
    in_time = noted.status is CaseStatus.WAITING
    await context.say(said(queue.patient_noted(noted, t, in_time=in_time)))
    return True


def tells_of_a_patient(text: str) -> bool:
    """Whether a text by itself tells an age or a sex."""
    told = parse_told(text)
    says_m = doubtful_m(text) is not None
    return told.age_years is not None or told.sex is not None or says_m


async def _take(press: Press, told: Sequence[Change], context: Context) -> str | None:
    t = translator(context.language)
    case = await context.services.store.cases.get(CaseId(press.number(0)))
    if case is None or not context.sender.may_correct(case) or not told:
        return people.stale_button(t)
    if case.withdrawal is not None:
        return people.stale_button(t)
    noted = await _note(case, told, context)
    in_time = noted.status is CaseStatus.WAITING
    if in_time and press.message_id is not None:
        place = await context.services.store.queue_positions.place(noted.reading_id)
        await context.say(queue.received(noted, place, t), edits=press.message_id)
    return queue.patient_noted(noted, t, in_time=in_time)


def _changes(told: PatientContext) -> list[Change]:
    changes = (
        Change(field=Field.AGE, value=told.age_years),
        Change(field=Field.SEX, value=told.sex),
    )
    return [change for change in changes if change.value is not None]


async def _note(case: Case, known: Sequence[Change], context: Context) -> Case:
    """Note what was told; an answer that was made without it can be made again."""
    store = context.services.store
    if case.status is CaseStatus.ANSWERED:
        return await correct(case, known, context)
    made = await store.corrections.correct(case.case_id, known, by=context.actor)
    noted = await store.cases.get(case.case_id) or case
    await tell_others(noted, made, context)
    return noted
