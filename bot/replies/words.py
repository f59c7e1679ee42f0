"""Small things said in the reader's language: ages, waits, roles, urgencies, times.

Knows domain values. Must not know messages.
"""

import unicodedata

from bot.captions import complaint
from bot.domain.cases import Case, CaseStatus, Outcome
from bot.domain.corrections import Side
from bot.domain.figures import EngineFigures
from bot.domain.people import Role
from bot.locale import Translator
from inference.contract import EngineInfo, PatientContext, PictureKind, Reading, Sex, Urgency
from pictures import PhotoFault, PictureNote

URGENCY_SIGNS = {
    Urgency.CRITICAL: "🔴",
    Urgency.URGENT: "🟠",
    Urgency.NOT_STATED: "🟡",
    Urgency.ROUTINE: "🟢",
    Urgency.NOT_MEDICAL: "⚪",
}
STATUS_SIGNS = {
    CaseStatus.WAITING: "🕓",
    CaseStatus.READING: "⏳",
    CaseStatus.FAILED: "⚠️",
    CaseStatus.CANCELLED: "✖️",
}


def name(given: str) -> str:
    """What somebody calls themselves, on one line and without signs, which are the bot's own."""
    letters = "".join(char for char in given if unicodedata.category(char) != "So")
    return " ".join(letters.split()) or "?"


def urgency(value: Urgency, t: Translator) -> str:
    """How urgent, as a sign and a word: `🔴 CRITICAL`."""
    word = {
        Urgency.CRITICAL: t.gettext("CRITICAL"),
        Urgency.URGENT: t.gettext("URGENT"),
        Urgency.NOT_STATED: t.gettext("Urgency unknown: judge by the patient"),
        Urgency.ROUTINE: t.gettext("Routine"),
        Urgency.NOT_MEDICAL: t.gettext("Not a medical picture"),
    }[value]
    return f"{URGENCY_SIGNS[value]} {word}"


def status(value: CaseStatus, t: Translator) -> str:
    """Where a case stands, in a word or two."""
    return {
        CaseStatus.WAITING: t.gettext("waiting"),
        CaseStatus.READING: t.gettext("being read"),
        CaseStatus.ANSWERED: t.gettext("answered"),
        CaseStatus.FAILED: t.gettext("failed"),
        CaseStatus.CANCELLED: t.gettext("cancelled"),
    }[value]


def outcome(value: Outcome, t: Translator) -> str:
    """What became of a patient, in a word or two."""
    return {
        Outcome.DONE_HERE: t.gettext("Treated here"),
        Outcome.REFERRED: t.gettext("Referred"),
        Outcome.DIED: t.gettext("Died"),
        Outcome.LOST: t.gettext("Lost: cannot be found"),
    }[value]


def role(value: Role, t: Translator) -> str:
    """What somebody is here, in a word or two."""
    return {
        Role.HEALTH_WORKER: t.gettext("health worker"),
        Role.SUPERVISOR: t.gettext("supervisor"),
        Role.ADMIN: t.gettext("administrator"),
    }[value]


def sex(value: Sex, t: Translator) -> str:
    """The patient's sex."""
    return t.gettext("female") if value is Sex.FEMALE else t.gettext("male")


def age(years: float, t: Translator) -> str:
    """The patient's age in hours, days, months or years, as people say it: `8 months`."""
    if years * 365.25 < 1:
        hours = max(1, round(years * 365.25 * 24))
        return t.ngettext("{n}\u00a0hour", "{n}\u00a0hours", hours)
    if years * 12 < 1:
        return t.ngettext("{n}\u00a0day", "{n}\u00a0days", round(years * 365.25))
    if years < 2:
        return months(round(years * 12), t)
    return t.ngettext("{n}\u00a0year", "{n}\u00a0years", int(years))


def months(count: int, t: Translator) -> str:
    """A number of months: `18 months`."""
    return t.ngettext("{n}\u00a0month", "{n}\u00a0months", count)


def patient(context: PatientContext, t: Translator) -> str:
    """Sex and age, as far as they are known: `female, 32 years`."""
    facts = []
    if context.sex is not None:
        facts.append(sex(context.sex, t))
    if context.age_years is not None:
        facts.append(age(context.age_years, t))
    return ", ".join(facts)


def patient_in_brief(context: PatientContext, t: Translator) -> str:
    """Sex and age in the fewest letters, as far as they are known: `F 45`, `M 8 months`."""
    years = context.age_years
    if context.sex is None:
        return "" if years is None else age(years, t)
    letter = t.gettext("F") if context.sex is Sex.FEMALE else t.gettext("M")
    if years is None:
        return letter
    return f"{letter} {t.number(int(years)) if years >= 2 else age(years, t)}"


def gist(reading: Reading) -> str:
    """What a model says in its fewest words: its impression, where it has one."""
    said = reading.sections
    return said.impression or said.findings or said.rest or ""


def side(value: Side, t: Translator) -> str:
    """A side of the patient."""
    return t.gettext("left") if value is Side.LEFT else t.gettext("right")


def kind(value: PictureKind, t: Translator) -> str:
    """A kind of picture."""
    return {
        PictureKind.CHEST: t.gettext("chest X-ray"),
        PictureKind.BONE: t.gettext("X-ray of bones"),
        PictureKind.CT: t.gettext("CT"),
        PictureKind.MRI: t.gettext("MRI"),
        PictureKind.SKIN: t.gettext("skin"),
        PictureKind.ULTRASOUND: t.gettext("ultrasound"),
        PictureKind.OTHER: t.gettext("another picture"),
    }[value]


def told(case: Case, t: Translator) -> str:
    """What was understood of a patient: `male, 45 years, ref. 2231, left, cough`."""
    facts = [patient(case.patient, t)]
    if case.patient_reference:
        facts.append(t.gettext("ref. {reference}", reference=case.patient_reference))
    if case.side is not None:
        facts.append(side(case.side, t))
    if case.kind is not None:
        facts.append(kind(case.kind, t))
    facts.append(complaint(case.patient.indication or ""))
    return ", ".join(fact for fact in facts if fact)


def wait(seconds: float, t: Translator) -> str:
    """How long something will take, no finer than it can be known: `about 5 minutes`."""
    minutes = round(seconds / 60)
    if seconds < 45:
        return t.gettext("less than a minute")
    if minutes < 60:
        return t.ngettext("about {n}\u00a0minute", "about {n}\u00a0minutes", max(minutes, 1))
    return t.ngettext("about {n}\u00a0hour", "about {n}\u00a0hours", round(seconds / 3600))


def took(seconds: float, t: Translator) -> str:
    """How long something took: `8.4 s`, `3 min 20 s`."""
    if seconds < 100:
        decimals = 0 if seconds >= 10 else 1
        return t.gettext("{seconds}\u00a0s", seconds=t.number(seconds, decimals=decimals))
    minutes, rest = divmod(round(seconds), 60)
    return t.gettext("{minutes}\u00a0min {seconds}\u00a0s", minutes=minutes, seconds=rest)


def photo_quality(note: PictureNote, t: Translator) -> str:
    """How good a photo of a film is: `photo quality: poor (blur)`; empty for what is none."""
    if note.faults is None:
        return ""
    if not note.faults:
        return t.gettext("photo quality: good")
    faults = ", ".join(photo_fault(fault, t) for fault in note.faults)
    return t.gettext("photo quality: poor ({faults})", faults=faults)


def photo_fault(fault: PhotoFault, t: Translator) -> str:
    """What is wrong with a photo, in a word or two."""
    return {
        PhotoFault.BLUR: t.gettext("blurred"),
        PhotoFault.GLARE: t.gettext("glare"),
        PhotoFault.DARK: t.gettext("too dark"),
        PhotoFault.LOW_CONTRAST: t.gettext("pale"),
        PhotoFault.CUT_OFF: t.gettext("film cut off"),
        PhotoFault.TOO_SMALL: t.gettext("film too small"),
        PhotoFault.TILTED: t.gettext("tilted"),
        PhotoFault.MOIRE: t.gettext("stripes of a screen"),
        PhotoFault.FINGER: t.gettext("finger on the film"),
        PhotoFault.TWO_FILMS: t.gettext("two films"),
    }[fault]


def picture_note(note: PictureNote, t: Translator) -> str:
    """What a reader must know of how a picture was made from its file; may be empty."""
    facts = []
    if note.frame is not None:
        facts.append(t.gettext("Frame {n} of {count}", n=note.frame, count=note.frames))
    if note.page is not None:
        facts.append(t.gettext("Page {n} of {count}", n=note.page, count=note.pages))
    if note.window_estimated:
        facts.append(t.gettext("grey window estimated"))
    if note.view is not None:
        facts.append(t.gettext("view {view}", view=note.view))
    if note.film is not None:
        facts.append(t.gettext("film cut out of the photo and straightened"))
    return ", ".join(facts)


def slices(case: Case, t: Translator) -> str:
    """How many slices of a scan are read: `12 of 120 slices, evenly spaced`."""
    notes = (picture.note for picture in case.pictures)
    told = next((note for note in notes if note is not None and note.frames), PictureNote(frames=0))
    read, total, stacks = len(case.pictures), told.frames, told.stacks
    if stacks is None:
        return t.gettext("{n} of {count} slices, evenly spaced", n=read, count=total)
    return t.gettext(
        "{n} of {count} slices, evenly spaced; the longest of {stacks} series in the file",
        n=read,
        count=total,
        stacks=stacks,
    )


def engine(info: EngineInfo, t: Translator) -> str:
    """Which model answered, and whether its weights are known to be Google's.

    Returns:
        Such as `medgemma-4b-it, 4-bit`. Of the practice model its banner says enough.
    """
    named = model_and_tier(info, t)
    if info.practice or info.known_release:
        return named
    return t.gettext("{model}, not a known release", model=named)


def model_and_tier(info: EngineInfo | EngineFigures, t: Translator) -> str:
    """Which model answered, at which precision; an engine elsewhere does not say that."""
    if info.tier is None:
        return t.gettext("{model}, precision not stated", model=info.model)
    return f"{info.model}, {info.tier}"


def case_sign(case: Case) -> str:
    """A case's urgency at a glance, or where it stands as long as it has none."""
    if case.withdrawal is not None:
        return STATUS_SIGNS[CaseStatus.CANCELLED]
    if case.reading is None:
        return STATUS_SIGNS.get(case.status, "")
    return URGENCY_SIGNS[case.reading.urgency]
