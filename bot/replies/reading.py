"""A model's answer, said safely: its own words unchanged, around them what a reader must know.

Knows readings and cases. Must not know SQL, Telegram or engines. Whatever the model wrote is shown,
also what does not parse, and is never taken for markup.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from bot.domain.cases import Case
from bot.domain.messages import Button, Reply
from bot.domain.series import is_series
from bot.locale import Translator
from bot.replies import tuberculosis, words
from bot.replies.buttons import Action, button
from bot.replies.markup import (
    Html,
    bold,
    folded,
    italic,
    lines,
    paragraphs,
    plain,
    split,
    struck,
    typed,
)
from bot.replies.model_words import model_words
from bot.replies.report import REASON_CHARS, count_words_of, fold, report
from inference.answers.thoughts import strip_thoughts
from inference.contract import (
    EngineInfo,
    Language,
    PictureKind,
    Reading,
    ScoredUrgency,
    Urgency,
)
from inference.parsing import parse_sections

PRACTICE_MODEL = "PRACTICE MODEL"
"""In English for every reader, because it must never be missed; a translation follows it."""
PRACTICE_BANNER = f"{PRACTICE_MODEL}: trained on drawn films, not for patients"

TINY_PX = 224
"""A picture whose longest side is shorter than a quarter of what the model sees is warned of."""

WORDS_AT_ONCE = 60
"""So many words of an answer are read before the fold, unless warnings need more."""


def answer(
    case: Case, reading: Reading, t: Translator, *, standing: Html | None = None
) -> list[Reply]:
    """The first reading of a case.

    Args:
        case: The case as it was sent; what is read at once of one that was withdrawn is struck out.
        reading: What the model answered.
        standing: What became of it since.

    Returns:
        The messages, in order; each says whose it is first, then the practice banner if there is
        one.
    """
    return _laid_out(
        case,
        reading,
        t,
        first=(urgency(reading, t), tiny(case, t)),
        warnings=(
            truncated(reading, t),
            of_kind(case, t),
            tuberculosis.advice(case.patient, t, case.patient.indication, reading.text),
            _poor_photos(case, t),
        ),
        notes=_notes(case, t),
        standing=standing,
    )


def follow_up_answer(case: Case, question: str, reading: Reading, t: Translator) -> list[Reply]:
    """The answer to a question about a case.

    Args:
        reading: What the model answered.

    Returns:
        The messages, in order.
    """
    return _laid_out(
        case,
        reading,
        t,
        first=(urgency(reading, t) if _alarms(case, reading) else None,),
        warnings=(
            truncated(reading, t),
            tuberculosis.advice(case.patient, t, question, reading.text),
        ),
    )


def _laid_out(
    case: Case,
    reading: Reading,
    t: Translator,
    *,
    first: Sequence[Html | None],
    warnings: Sequence[Html | None],
    notes: Html | None = None,
    standing: Html | None = None,
) -> list[Reply]:
    """Whose it is, how urgent, what it shows, what to do, what to beware of; the rest is folded."""
    whose = bold(" · ".join([case.code, *_patient(case, t)]))
    whose = lines(whose, standing, banner(reading.engine, t))
    last, label = italic(disclaimer(t)), bold(t.gettext("All of it"))
    fixed = paragraphs(whose, *first, *warnings, label, last)
    parts = report(reading.sections, strip_thoughts(reading.text), t)
    shown = fold(parts, WORDS_AT_ONCE - count_words_of(fixed), t)
    ask = plain(t.gettext("To ask about the picture, reply to this message."))
    rest = paragraphs(shown.below, lines(notes, engine_line(reading, t), ask))
    at_once = paragraphs(*first, shown.above, shown.warnings, *warnings)
    if case.withdrawal is not None:
        at_once = struck(at_once)
    text = paragraphs(whose, at_once, folded(lines(label, rest)), last)
    return messages(text, case, reading.engine, t)


def _alarms(case: Case, reading: Reading) -> bool:
    """Whether an answer to a question alarms: as something graver, or critical after a sign-off."""
    critical_again = reading.is_critical and case.reviewed_at is not None
    return critical_again or reading.alarms_beyond(case.reading)


def growing(
    case: Case,
    text: str,
    scored: ScoredUrgency | None,
    engine: EngineInfo | None,
    t: Translator,
) -> Reply:
    """An answer that is still being written, for an edit of the "received" message.

    Args:
        text: The answer so far.
        scored: How urgent the picture looked before it, where that is scored.
        engine: What writes it, where known.

    Returns:
        One message; what does not fit comes with the final answer.
    """
    sections = parse_sections(text)
    stated = sections.urgency is not Urgency.NOT_STATED
    shown = paragraphs(
        None if engine is None else banner(engine, t),
        bold(t.gettext("⏳ {case}: being read, not finished", case=case.code)),
        _first_look(scored, t) if scored is not None and scored.urgency.alarming else None,
        bold(words.urgency(sections.urgency, t)) if stated else None,
        *(each.shown(t) for each in report(sections, "", t)),
        italic(f"{t.gettext('Unfinished: wait for the answer.')} {short_disclaimer(t)}"),
    )
    return Reply(text=split(shown, Html(""))[0])


def urgent_notice(case: Case, reading: Reading, t: Translator, *, has_it: bool = False) -> Reply:
    """Tells a supervisor at once of somebody else's urgent case.

    Args:
        has_it: Whether this person has taken its alarm already.
    """
    sections = reading.sections
    said = sections.impression or sections.findings or sections.rest or ""
    text = paragraphs(
        banner(reading.engine, t),
        _you_have_it(t) if has_it else None,
        urgency(reading, t),
        whose(case, t),
        model_words(said, t),
        italic(short_disclaimer(t)),
    )
    return Reply(text=split(text, Html(""))[0], buttons=alarm_buttons(case, t, has_it=has_it))


def early_notice(
    case: Case,
    scored: ScoredUrgency,
    engine: EngineInfo | None,
    t: Translator,
    *,
    has_it: bool = False,
) -> Reply:
    """Tells a supervisor of a case that looks urgent and is still being read.

    Args:
        scored: How urgent its picture looks.
        engine: What reads it, where known.
        has_it: Whether this person has taken its alarm already.

    Returns:
        One message, with buttons that take the alarm and open the case.
    """
    text = paragraphs(
        None if engine is None else banner(engine, t),
        _you_have_it(t) if has_it else None,
        _first_look(scored, t),
        whose(case, t),
        plain(t.gettext("The model has seen the picture and is still writing what it shows.")),
        italic(short_disclaimer(t)),
    )
    return Reply(text=text, buttons=alarm_buttons(case, t, has_it=has_it))


def _you_have_it(t: Translator) -> Html:
    return bold(t.gettext("✋ You have this case."))


def alarm_buttons(
    case: Case, t: Translator, *, has_it: bool = False
) -> tuple[tuple[Button, ...], ...]:
    """What stands under an alarm that nobody has taken, or this reader has."""
    if has_it:
        return ((open_case_button(case, t), give_back_button(case, t)),)
    take = button(t.gettext("I'm taking it"), Action.TAKE, case.case_id)
    return ((take, open_case_button(case, t)),)


def give_back_button(case: Case, t: Translator) -> Button:
    """A button for whoever has an alarm and cannot see to it."""
    return button(t.gettext("I can't: give it back"), Action.GIVE_BACK, case.case_id)


def urgency(reading: Reading, t: Translator) -> Html:
    """How urgent a case is, and why it is more urgent than its text states.

    Args:
        reading: The case's first reading, or an answer that alarms.

    Returns:
        HTML: the gravest urgency, under it what differs, and what raised it.
    """
    doubt = None
    if reading.scored is not None and reading.disputed:
        doubt = t.gettext(
            "⚠️ Two urgency results differ. First look: {scored}. In its text: {written}. "
            "A clinician must look.",
            scored=words.urgency(reading.scored.urgency, t),
            written=words.urgency(reading.sections.urgency, t),
        )
    return lines(
        bold(words.urgency(reading.urgency, t)),
        None if doubt is None else plain(doubt),
        _why(reading, t),
    )


def _why(reading: Reading, t: Translator) -> Html | None:
    if reading.raised_by is not None:
        sentence = reading.raised_by.sentence[:REASON_CHARS]
        return typed(t.gettext("⚠️ Raised because the text says: “{sentence}”", sentence=sentence))
    stated = replace(reading, told=None).urgency
    if stated.or_graver(reading.urgency) is stated:
        return None
    return plain(t.gettext("⚠️ Raised earlier, or by the answer to a question about this case."))


def tiny(case: Case, t: Translator) -> Html:
    """What must stand above a reading of pictures too small to show fine detail.

    Args:
        case: The case with its pictures.

    Returns:
        HTML, a line for each such picture; empty if there is none.
    """
    sizes = (
        f"{picture.width_px} × {picture.height_px}"  # noqa: RUF001 - the sign is meant
        for picture in case.pictures
        if max(picture.width_px, picture.height_px) < TINY_PX
    )
    warnings = (
        t.gettext(
            "⚠️ Very small picture ({size}): small details cannot be seen. Send a larger one.",
            size=size,
        )
        for size in sizes
    )
    return lines(*map(bold, warnings))


def banner(engine: EngineInfo, t: Translator) -> Html | None:
    """HTML that must stand above every answer of the practice model; None for other models."""
    if not engine.practice:
        return None
    if t.language is Language.ENGLISH:
        return bold(PRACTICE_BANNER)
    return bold(f"{PRACTICE_MODEL} · {t.gettext('PRACTICE MODEL: not for patients')}")


def banner_of(readings: Iterable[Reading | None], t: Translator) -> Html | None:
    """What must stand above readings of which even one is the practice model's."""
    banners = (banner(reading.engine, t) for reading in readings if reading is not None)
    return next(filter(None, banners), None)


def disclaimer(t: Translator) -> str:
    """What stands under every reading."""
    return t.gettext(
        "AI-generated, preliminary, unverified. Not a medical device. A clinician must verify."
    )


def short_disclaimer(t: Translator) -> str:
    """What stands under every other word of a model."""
    return t.gettext("AI-generated, unverified: a qualified clinician must verify.")


def body(reading: Reading, t: Translator) -> Html:
    """All that the model wrote but its thoughts, every word once, under headings where it has some.

    Returns:
        HTML; text outside the sections follows them, and last what the model says of itself.
    """
    parts = report(reading.sections, strip_thoughts(reading.text), t)
    return paragraphs(*(each.shown(t) for each in parts))


def truncated(reading: Reading, t: Translator) -> Html | None:
    """HTML that must stand under an answer that was cut short; None for a whole one."""
    if not reading.truncated:
        return None
    return bold(t.gettext("⚠️ The model's answer was cut short: its end is missing."))


def of_kind(case: Case, t: Translator) -> Html | None:
    """What must stand under a reading of a kind of picture: never "routine" alone for the skin."""
    if case.kind is not PictureKind.SKIN:
        return None
    return bold(
        t.gettext(
            "⚠️ A photo cannot show that something on the skin is harmless. Show it to a clinician "
            "if it grows, bleeds, hurts, spreads or does not heal."
        )
    )


def correct_button(case: Case, t: Translator) -> Button:
    """A button that begins a correction."""
    return button(t.gettext("Correct"), Action.CORRECT, case.case_id)


def report_button(case: Case, t: Translator) -> Button:
    """A button that sends all of a case as a file to print."""
    return button(t.gettext("Report (PDF)"), Action.REPORT, case.case_id)


def open_case_button(case: Case, t: Translator) -> Button:
    """A button that shows all of a case."""
    return button(t.gettext("Open {case}", case=case.code), Action.OPEN_CASE, case.case_id)


def messages(text: Html, case: Case, engine: EngineInfo, t: Translator) -> list[Reply]:
    """An answer as messages that chats take, each with what must stand above it."""
    again = plain(t.gettext("{case}, continued", case=case.code))
    return [Reply(text=piece) for piece in split(text, lines(again, banner(engine, t)))]


def _notes(case: Case, t: Translator) -> Html | None:
    """What a reader must know of the pictures: how many, and how they were made from the files."""
    if is_series(case):
        return plain(t.gettext("Read: {slices}", slices=words.slices(case, t)))
    count = len(case.pictures)
    together = plain(t.ngettext("Read from {n} picture", "Read from {n} pictures together", count))
    noted = (picture.note for picture in case.pictures if picture.note is not None)
    made = filter(None, (words.picture_note(note, t) for note in noted))
    return lines(together if count > 1 else None, *map(plain, made))


def _poor_photos(case: Case, t: Translator) -> Html:
    """What is wrong with the photos: it stands beside what was read from them."""
    noted = (picture.note for picture in case.pictures if picture.note is not None)
    return lines(*(plain(words.photo_quality(note, t)) for note in noted if note.faults))


def _first_look(scored: ScoredUrgency, t: Translator) -> Html:
    word = words.urgency(scored.urgency, t)
    return bold(t.gettext("{urgency}, first look", urgency=word))


def whose(case: Case, t: Translator) -> Html:
    """Which case it is, and who sent it."""
    name = words.name(case.sender_name)
    return lines(case_line(case, t), typed(t.gettext("From: {name}", name=name)))


def case_line(case: Case, t: Translator) -> Html:
    """Which case it is: code, reference, patient."""
    return typed(" · ".join([t.gettext("Case {case}", case=case.code), *_patient(case, t)]))


def _patient(case: Case, t: Translator) -> list[str]:
    facts = []
    if case.patient_reference:
        facts.append(t.gettext("ref. {reference}", reference=case.patient_reference))
    if about := words.patient(case.patient, t):
        facts.append(about)
    return facts


def engine_line(reading: Reading, t: Translator) -> Html:
    """What answered, how long it took, and in which language the practice model does."""
    answered = plain(f"{words.engine(reading.engine, t)} · {words.took(reading.duration_s, t)}")
    if not reading.engine.practice or t.language is Language.ENGLISH:
        return answered
    return lines(answered, plain(t.gettext("Whatever the language, it answers in English.")))
