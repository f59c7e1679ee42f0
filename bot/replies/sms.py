"""Every word that leaves as an SMS, in clear: codes, urgencies, times, names of staff. No patient.

Nothing here may take a case's caption, reference, age, sex or text; a test plants words there and
looks for them in every SMS. All of it is ASCII where its alphabet allows, and fits one SMS.
"""

import unicodedata
from collections.abc import Sequence
from datetime import datetime

from bot.domain.alarms import Alarm, AlarmState
from bot.domain.cases import Case, case_code
from bot.domain.figures import Ward
from bot.domain.ids import CaseId
from bot.domain.messages import Reply
from bot.domain.phones import PLAIN_LETTERS
from bot.locale import Translator
from bot.replies import words
from bot.replies.markup import said
from inference.contract import EngineState, Urgency

CHARS_MAX = 160
CODES_MAX = 6


def sms(text: str) -> Reply:
    """A text as it goes out: without accents and signs, cut to one SMS."""
    flat = unicodedata.normalize("NFKD", text.translate(PLAIN_LETTERS))
    kept = "".join(c for c in flat if unicodedata.category(c) not in {"Mn", "So", "Cf", "Sk"})
    return Reply(text=" ".join(kept.split())[:CHARS_MAX])


def in_chat(text: Reply) -> Reply:
    """The same words for a chat of Telegram's, as safe HTML."""
    return said(text.text)


def your_code(code: str, t: Translator) -> Reply:
    """Has a phone prove that it is its owner's."""
    return sms(t.gettext("EdgeRad: to set this number up, reply with this code: {code}", code=code))


def proved(t: Translator) -> Reply:
    """Confirms a number."""
    return sms(
        t.gettext("EdgeRad: this number is set up. HELP says what to send, STOP ends all SMS.")
    )


def alarm(alarm: Alarm, now: datetime, t: Translator, *, has_pin: bool) -> Reply:
    """Calls an alarm out that nobody has taken.

    Args:
        has_pin: Whether its reader must add a PIN.
    """
    minutes = round((now - alarm.raised_at).total_seconds() / 60)
    code, urgency = alarm.case.code, _urgency(alarm.urgency, t)
    if alarm.case.seen_at is None:
        told = t.gettext(
            "EdgeRad: {urgency} case {case} not opened for {n}\u00a0min.",
            urgency=urgency,
            case=code,
            n=minutes,
        )
    else:
        told = t.gettext(
            "EdgeRad: {urgency} case {case} not taken for {n}\u00a0min.",
            urgency=urgency,
            case=code,
            n=minutes,
        )
    ask = (
        t.gettext("Reply 1 {case} and your PIN to take it", case=code)
        if has_pin
        else t.gettext("Reply 1 {case} to take it", case=code)
    )
    return sms(f"{told} {ask}")


def answered(case: Case, t: Translator) -> Reply:
    """Tells a sender who left the Wi-Fi that there is an answer."""
    return sms(t.gettext("EdgeRad: {case} is answered: open it in the clinic", case=case.code))


def taken(alarm: Alarm, t: Translator, *, is_mine: bool) -> Reply:
    """Says who has a case, to whoever asked for it."""
    code, at = alarm.case.code, _time(alarm.taken_at)
    if is_mine:
        return sms(
            t.gettext("EdgeRad: you have {case}, since {time}. Open it soon.", case=code, time=at)
        )
    if alarm.state is not AlarmState.TAKEN or alarm.taker_name is None:
        return sms(t.gettext("EdgeRad: {case} needs nobody any more.", case=code))
    name = words.name(alarm.taker_name)
    return sms(
        t.gettext("EdgeRad: {name} has {case}, since {time}.", name=name, case=code, time=at)
    )


def no_alarm(case_id: CaseId, t: Translator) -> Reply:
    """Answers a command about a case that is none, or none of the reader's, or without alarm."""
    return sms(t.gettext("EdgeRad: {case}: nothing to be done.", case=case_code(case_id)))


def case(found: Case, alarm: Alarm | None, t: Translator) -> Reply:
    """How a case stands: its urgency, when it was sent, and who has it."""
    told = [words.status(found.status, t)]
    if found.reading is not None:
        told = [_urgency(found.reading.urgency, t)]
    told.append(t.gettext("sent {time}", time=_moment(found.created_at)))
    if alarm is not None and alarm.state is AlarmState.TAKEN and alarm.taker_name is not None:
        name = words.name(alarm.taker_name)
        told.append(t.gettext("taken by {name}", name=name))
    elif found.reviewed_at is not None:
        told.append(t.gettext("signed off"))
    elif found.seen_at is None:
        told.append(t.gettext("not opened"))
    return sms(f"EdgeRad: {found.code}: {', '.join(told)}")


def status(ward: Ward, engine: EngineState, t: Translator) -> Reply:
    """How the ward stands."""
    return sms(
        t.gettext(
            "EdgeRad: engine {engine}. Waiting: {waiting}, being read: {reading}. Last hour:"
            " {answered} answered, {failed} failed.",
            engine=_engine(engine, t),
            waiting=ward.waiting,
            reading=ward.reading,
            answered=ward.answered,
            failed=ward.failed,
        )
    )


def cases(waiting: int, unopened: Sequence[CaseId], t: Translator) -> Reply:
    """How many wait, and which urgent ones nobody has opened."""
    codes = " ".join(case_code(case_id) for case_id in unopened[:CODES_MAX])
    told = t.gettext(
        "EdgeRad: waiting: {waiting}. Urgent and not opened: {urgent}.",
        waiting=waiting,
        urgent=len(unopened),
    )
    return sms(f"{told} {codes}")


def duty(t: Translator, *, on: bool) -> Reply:
    """Confirms what somebody says of their duty."""
    return sms(
        t.gettext("EdgeRad: you are on duty.") if on else t.gettext("EdgeRad: you are off duty.")
    )


def stopped(t: Translator) -> Reply:
    """Confirms that no SMS comes any more."""
    return sms(t.gettext("EdgeRad: no more SMS to this number. In the chat: /phone on"))


def help_text(t: Translator) -> Reply:
    """What can be sent."""
    return sms(
        t.gettext(
            "EdgeRad: send 1 C-0042 (to take it), CASES, CASE C-0042, STATUS, DUTY ON, DUTY OFF,"
            " STOP"
        )
    )


def not_allowed(t: Translator) -> Reply:
    """Answers a command that is for supervisors."""
    return sms(t.gettext("EdgeRad: this is for supervisors."))


def pin_wanted(t: Translator) -> Reply:
    """Answers a command without its PIN."""
    return sms(t.gettext("EdgeRad: write your PIN at the end of the SMS."))


def pin_wrong(t: Translator) -> Reply:
    """Answers a wrong PIN."""
    return sms(t.gettext("EdgeRad: this PIN is wrong."))


def pin_locked(t: Translator) -> Reply:
    """Answers after too many wrong PINs."""
    return sms(t.gettext("EdgeRad: too many wrong PINs. Try again in an hour."))


def daily(count: int, unopened: int, engine: EngineState, free_gb: int, t: Translator) -> Reply:
    """The clinic in a line, once a day."""
    return sms(
        t.gettext(
            "EdgeRad: cases in 24\u00a0h: {cases}, urgent and not opened: {urgent}."
            " Engine {engine}. Disk: {free}\u00a0GB free.",
            cases=count,
            urgent=unopened,
            engine=_engine(engine, t),
            free=free_gb,
        )
    )


def engine_down(minutes: int, t: Translator) -> Reply:
    """Tells an administrator that nothing is read."""
    return sms(t.gettext("EdgeRad: the engine has not worked for {n}\u00a0min.", n=minutes))


def disk_full(free_gb: float, t: Translator) -> Reply:
    """Tells an administrator that room is running out."""
    free = t.number(free_gb, decimals=1)
    return sms(t.gettext("EdgeRad: the disk is nearly full: {free}\u00a0GB free.", free=free))


def backup_old(days: int | None, t: Translator) -> Reply:
    """Tells an administrator that there is no backup, or an old one."""
    if days is None:
        return sms(t.gettext("EdgeRad: there is no backup yet."))
    return sms(t.gettext("EdgeRad: the last backup is {n}\u00a0days old.", n=days))


def line_unheard(name: str, minutes: int, t: Translator) -> Reply:
    """Tells an administrator that what sends SMS is silent."""
    return sms(
        t.gettext("EdgeRad: the SMS {line} is silent since {n}\u00a0min.", line=name, n=minutes)
    )


def budget_spent(t: Translator) -> Reply:
    """Tells an administrator that the day's SMS are used up."""
    return sms(t.gettext("EdgeRad: the SMS of 24\u00a0hours are used up."))


def _urgency(value: Urgency, t: Translator) -> str:
    """How urgent, in words alone: `critical`."""
    return words.urgency(value, t).partition(" ")[2].partition(":")[0].lower()


def _engine(state: EngineState, t: Translator) -> str:
    return {
        EngineState.STARTING: t.gettext("starting"),
        EngineState.READY: t.gettext("ready"),
        EngineState.FAILED: t.gettext("failed"),
    }[state]


def _time(when: datetime | None) -> str:
    return "" if when is None else f"{when.astimezone():%H:%M}"


def _moment(when: datetime) -> str:
    return f"{when.astimezone():%d/%m %H:%M}"
