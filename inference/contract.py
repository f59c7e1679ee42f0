"""The contract between the bot and any engine: a request in, a reading out.

Knows the terms of a reading. Must not know Telegram, SQL, torch, or which engine answers.
"""

import re
from collections.abc import AsyncGenerator
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Protocol

from machine.sizes import size_words

_COMPARES = re.compile(r"medgemma-?1\.5", re.IGNORECASE)  # as Google and Ollama name it


class Urgency(StrEnum):
    """How soon a clinician must look, gravest first (ACR: minutes, hours, days).

    What states no urgency is unknown, and unknown stands above routine.
    """

    CRITICAL = "critical"
    URGENT = "urgent"
    NOT_STATED = "not_stated"
    ROUTINE = "routine"
    NOT_MEDICAL = "not_medical"

    @property
    def alarming(self) -> bool:
        """Whether supervisors must be told at once."""
        return self in {Urgency.CRITICAL, Urgency.URGENT}

    def or_graver(self, other: "Urgency") -> "Urgency":
        """The graver of two."""
        return min(self, other, key=tuple(Urgency).index)


class Sex(StrEnum):
    """Patient's sex (DICOM tag 0010,0040 without OTHER)."""

    FEMALE = "female"
    MALE = "male"


class Language(StrEnum):
    """Language the reader asked for, as an ISO 639-1 code."""

    ENGLISH = "en"
    FRENCH = "fr"
    PORTUGUESE = "pt"
    HAUSA = "ha"


class PictureKind(StrEnum):
    """What kind of picture is read; each has its own prompt. Chest films are what clinics send."""

    CHEST = "chest"
    BONE = "bone"
    CT = "ct"
    MRI = "mri"
    SKIN = "skin"
    ULTRASOUND = "ultrasound"
    OTHER = "other"


class View(StrEnum):
    """How a picture was taken: of a chest film the view position, of the skin how near."""

    PA = "PA"
    AP = "AP"
    LATERAL = "LATERAL"
    NEAR = "NEAR"
    FAR = "FAR"
    RULER = "RULER"


class Tier(StrEnum):
    """Precision at which the weights are held, best first."""

    BIT16 = "16-bit"
    BIT8 = "8-bit"
    BIT4 = "4-bit"
    CPU = "cpu"


@dataclass(frozen=True, slots=True, kw_only=True)
class PatientContext:
    """What the sender said about the patient. Answers change with it, so all is passed on."""

    age_years: float | None = None
    sex: Sex | None = None
    indication: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """An earlier question about these pictures, and its answer."""

    question: str
    answer: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """That the first of two pictures is a prior one; both are chest films in the same view.

    Args:
        prior: Day of the older, in ISO 8601.
        current: Day of the newer.
    """

    prior: str
    current: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadRequest:
    """A reading to make.

    Args:
        request_id: Opaque, unique among pending readings; the only field an engine may log.
        pictures: Encoded images as `pictures` returns them: upright RGB, no metadata.
        language: Language of the sections' text; the section names stay English.
        question: None for the first reading (four sections), else a follow-up question.
        reading: The first reading's raw text; given with a follow-up question.
        history: Earlier follow-up questions and their answers, oldest first.
        kind: Of all the pictures.
        views: Of each picture, None where it is not known; empty if none is.
        comparison: Set where the pictures are an older and a newer one to compare.
        series: Whether the pictures are slices of one scan, in the order in which they lie.
    """

    request_id: str
    pictures: tuple[bytes, ...]
    patient: PatientContext = PatientContext()
    language: Language = Language.ENGLISH
    question: str | None = None
    reading: str | None = None
    history: tuple[Turn, ...] = ()
    kind: PictureKind = PictureKind.CHEST
    views: tuple[View | None, ...] = ()
    comparison: Comparison | None = None
    series: bool = False

    @property
    def is_first(self) -> bool:
        """Whether it asks what pictures show, in sections; nothing about them was asked before."""
        return self.question is None and self.comparison is None


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerLimits:
    """Longest answers, in tokens.

    Args:
        reading_tokens: Of a first reading.
        follow_up_tokens: Of the answer to a follow-up question, which is asked to be brief.
        thought_tokens: Of what a model thinks before either, beside them: Google's notebooks allow
            1,000 for chest films. On a CPU thoughts are prevented.
    """

    reading_tokens: int = 400
    follow_up_tokens: int = 200
    thought_tokens: int = 1000

    def max_tokens(self, request: ReadRequest) -> int:
        """The limit for a request's answer."""
        return self.reading_tokens if request.question is None else self.follow_up_tokens


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedFinding:
    """A critical finding that a text names.

    Args:
        urgency: How urgent it is: critical or urgent.
        sentence: The sentence that names it.
    """

    urgency: Urgency
    sentence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Sections:
    """A reading's text by section; None where the model did not write one.

    Args:
        urgency_text: What stands under that heading, if it is more than one word.
        rest: What stands under no heading of these.
        disclaimer: What the model says of itself.
        named: The gravest critical finding that the text names, whatever urgency it states.
    """

    findings: str | None = None
    impression: str | None = None
    urgency: Urgency = Urgency.NOT_STATED
    urgency_text: str | None = None
    recommendation: str | None = None
    rest: str | None = None
    disclaimer: str | None = None
    named: NamedFinding | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class EngineInfo:
    """What answers; shown under every answer.

    Args:
        model: Name of the model, such as `medgemma-4b-it`.
        tier: Precision of its weights, None for a remote engine, which does not say.
        practice: Whether it is the practice model, trained on drawn films: never for patients.
        known_release: Whether its weights are known to be a release of Google's; of an engine
            elsewhere nobody knows.
    """

    model: str
    tier: Tier | None
    practice: bool
    known_release: bool = False

    @property
    def compares(self) -> bool:
        """Whether it is trusted to compare a film with an older one.

        MedGemma 1.5 was trained to, and the practice model was.
        """
        return self.practice or _COMPARES.search(self.model) is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoredUrgency:
    """How urgent the picture looked to the model before it wrote its text.

    Args:
        urgency: The likeliest label; never `NOT_STATED`.
        margin: Lead of its log-probability over the next label's, in nats, from 0 up.
    """

    urgency: Urgency
    margin: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Scored:
    """The event that a first reading's urgency is scored, by an engine that scores it."""

    score: ScoredUrgency


@dataclass(frozen=True, slots=True, kw_only=True)
class Looked:
    """The event that slices of a series were looked at, by an engine that tells.

    Args:
        count: How many so far.
        of: How many there are.
    """

    count: int
    of: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Partial:
    """The event that a reading's text has grown; `text` is the whole text so far."""

    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PeakMemory:
    """The most memory that an engine held during a reading, those beside it included.

    Args:
        vram_bytes: Of the card's memory, None if it used none.
    """

    ram_bytes: int
    vram_bytes: int | None

    @property
    def words(self) -> str:
        """Such as `4.1 GB of RAM, 9.3 GB of the card`."""
        ram = f"{size_words(self.ram_bytes)} of RAM"
        return (
            ram if self.vram_bytes is None else f"{ram}, {size_words(self.vram_bytes)} of the card"
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """A model's answer, and the last event of its reading.

    Args:
        text: The whole answer as generated, without prompt and special tokens.
        sections: `text` parsed; a follow-up answer's has no sections but the rest.
        duration_s: Wall time from the request reaching the engine to the last token.
        prompt_tokens: Tokens of the prompt, image tokens included.
        truncated: Whether the token limit or the repetition guard ended it; the reader is told.
        scored: The urgency scored before the text, None for a follow-up answer and for an engine
            that scores none.
        memory: None for an engine that does not say.
        told: The urgency that people were told of its case before, which is never lowered.
    """

    text: str
    sections: Sections
    engine: EngineInfo
    duration_s: float
    prompt_tokens: int
    answer_tokens: int
    truncated: bool = False
    scored: ScoredUrgency | None = None
    memory: PeakMemory | None = None
    told: Urgency | None = None

    @property
    def urgency(self) -> Urgency:
        """The text's urgency, unless something that alarms is graver."""
        urgency = self.sections.urgency
        others = [each.urgency for each in (self.sections.named, self.scored) if each is not None]
        for other in (*others, self.told):
            if other is not None and other.alarming:
                urgency = urgency.or_graver(other)
        return urgency

    @property
    def raised_by(self) -> NamedFinding | None:
        """The finding that makes it graver than its text states."""
        named, stated = self.sections.named, self.sections.urgency
        if named is None or named.urgency.or_graver(stated) is stated:
            return None
        return named

    @property
    def is_critical(self) -> bool:
        """Whether it is critical by itself, whatever people were told of its case before."""
        return replace(self, told=None).urgency is Urgency.CRITICAL

    def alarms_beyond(self, earlier: "Reading | None") -> bool:
        """Whether it alarms as something graver than an earlier reading of its case did."""
        if earlier is None:
            return self.urgency.alarming
        graver = self.urgency.or_graver(earlier.urgency)
        return self.urgency.alarming and graver is not earlier.urgency

    @property
    def disputed(self) -> bool:
        """Whether text and score state different urgencies; what states none differs from none."""
        stated = self.sections.urgency
        return (
            self.scored is not None
            and stated is not Urgency.NOT_STATED
            and stated is not self.scored.urgency
        )


FEW_SLICES = 12
"""Of a series: on a CPU, where each costs a look of many seconds, and where nothing is known."""
MOST_SLICES = 85
"""As many as MedGemma 1.5 was made for, 256 tokens each."""


class EngineState(StrEnum):
    """Whether an engine can read."""

    STARTING = "starting"
    READY = "ready"
    FAILED = "failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class EngineStatus:
    """A snapshot of an engine.

    Args:
        engine: What answers, None while that is not known.
        detail: A sentence for people.
        slots: How many readings it makes at once; more than these wait inside it.
        slices: How many slices of a series it should be given to look at.
    """

    state: EngineState
    engine: EngineInfo | None = None
    detail: str = ""
    slots: int = 1
    slices: int = FEW_SLICES


ReadingEvent = Looked | Scored | Partial | Reading


class Executor(Protocol):
    """Makes readings, `status().slots` at once. An async context manager owns its resources."""

    def read(self, request: ReadRequest) -> AsyncGenerator[ReadingEvent, None]:
        """Read the pictures.

        Iterate within `contextlib.aclosing`: closing, or cancelling the task that waits for the
        next event, cancels the reading in the engine. Without it, a stream that is left early goes
        on until Python finalises it. A slow consumer delays nobody; it only misses partial texts
        that a later one has replaced.

        Yields:
            `Looked` for each slice of a series, by an engine that tells. Then `Scored`, then
            `Partial` as the text grows, and the `Reading` last. If the reading is made again on a
            lower tier, the first three start again.

        Raises:
            inference.errors.EngineError: With a subclass that says what to do next.
        """
        ...

    def status(self) -> EngineStatus:
        """The engine's state now; never blocks."""
        ...
