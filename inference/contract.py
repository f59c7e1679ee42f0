"""What the bot and any engine say to each other: a request in, a reading out.

Knows the words of a reading. Must not know Telegram, SQL, torch, or which engine answers.
"""

from collections.abc import AsyncGenerator
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from machine.sizes import size_words


class Urgency(StrEnum):
    """How soon a clinician must look, gravest first."""

    CRITICAL = "critical"
    URGENT = "urgent"
    ROUTINE = "routine"
    NOT_STATED = "not_stated"

    @property
    def alarming(self) -> bool:
        """Whether a supervisor must hear of it at once."""
        return self in {Urgency.CRITICAL, Urgency.URGENT}


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


class Tier(StrEnum):
    """Precision at which the weights are held, best first."""

    BIT16 = "16-bit"
    BIT8 = "8-bit"
    BIT4 = "4-bit"
    CPU = "cpu"


@dataclass(frozen=True, slots=True, kw_only=True)
class PatientContext:
    """What the sender said of the patient; the answer changes with it, so all is passed on."""

    age_years: float | None = None
    sex: Sex | None = None
    indication: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """One question already asked about these pictures, with the answer that was given."""

    question: str
    answer: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadRequest:
    """One reading to make.

    Args:
        request_id: Opaque, unique among what is in flight; the only thing an engine may log.
        pictures: Encoded images as `pictures` returns them: upright RGB, no metadata.
        patient: What is known of the patient.
        language: Language of the sections' text; the section names stay English.
        question: None for the first reading (four sections), else a follow-up question.
        reading: The first reading's raw text, given with a follow-up question.
        history: Earlier follow-up questions and their answers, oldest first.
    """

    request_id: str
    pictures: tuple[bytes, ...]
    patient: PatientContext = PatientContext()
    language: Language = Language.ENGLISH
    question: str | None = None
    reading: str | None = None
    history: tuple[Turn, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerLimits:
    """How long an answer may become, in tokens.

    Args:
        reading_tokens: A first reading.
        follow_up_tokens: The answer to a follow-up question, which is asked to be brief.
    """

    reading_tokens: int = 400
    follow_up_tokens: int = 200

    def max_tokens(self, request: ReadRequest) -> int:
        """The limit for a request's answer."""
        return self.reading_tokens if request.question is None else self.follow_up_tokens


@dataclass(frozen=True, slots=True, kw_only=True)
class Sections:
    """A reading's text cut into its sections; None where the model did not write one."""

    findings: str | None = None
    impression: str | None = None
    urgency: Urgency = Urgency.NOT_STATED
    recommendation: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class EngineInfo:
    """What answers: shown under every answer.

    Args:
        model: Name of the model, such as `medgemma-4b-it`.
        tier: Precision it is held at, None for an engine elsewhere that does not say.
        practice: True for the embedded model trained on drawn films: never for patients.
    """

    model: str
    tier: Tier | None
    practice: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoredUrgency:
    """How urgent the picture looked to the model before it wrote a word.

    Args:
        urgency: The likeliest label; `NOT_STATED` stands for "not a medical picture".
        margin: Log-probability by which it leads the next label, in nats, from 0 up.
    """

    urgency: Urgency
    margin: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Scored:
    """An event of a first reading: its urgency is scored, where the engine scores it."""

    score: ScoredUrgency


@dataclass(frozen=True, slots=True, kw_only=True)
class Partial:
    """An event of a reading: its text has grown. `text` is the whole answer so far."""

    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PeakMemory:
    """The most memory that an engine held while it read, and others beside it.

    Args:
        ram_bytes: Of RAM.
        vram_bytes: Of the card's memory, None where it used none.
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
    """What the model answered.

    Args:
        text: The whole answer as generated: prompt and special tokens stripped, nothing added.
        sections: `text` parsed; all None for a follow-up answer.
        engine: Which model at which tier.
        duration_s: Wall time from the request reaching the engine to the last token.
        prompt_tokens: Tokens of the prompt, image tokens included.
        answer_tokens: Tokens generated.
        truncated: True if the token limit or the repetition guard ended it: said to the reader.
        scored: The urgency scored before the text, None for a follow-up answer and for an engine
            that scores none.
        memory: The most memory it took, None for an engine that does not say.
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

    @property
    def urgency(self) -> Urgency:
        """How soon to look: an alarm of either the text or the score counts, the graver of both."""
        scored = Urgency.NOT_STATED if self.scored is None else self.scored.urgency
        graver = min(self.sections.urgency, scored, key=tuple(Urgency).index)
        return graver if graver.alarming else self.sections.urgency

    @property
    def disputed(self) -> bool:
        """Whether text and score differ about the urgency."""
        return self.scored is not None and self.scored.urgency is not self.sections.urgency


class EngineState(StrEnum):
    """Where the engine stands."""

    STARTING = "starting"
    READY = "ready"
    FAILED = "failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class EngineStatus:
    """A snapshot for waits and for `edgerad doctor`.

    Args:
        state: Where it stands.
        engine: What answers, None while that is not known.
        detail: A sentence for people.
        slots: How many readings it makes at once; more than these wait inside of it.
    """

    state: EngineState
    engine: EngineInfo | None = None
    detail: str = ""
    slots: int = 1


ReadingEvent = Scored | Partial | Reading


class Executor(Protocol):
    """Makes readings, `status().slots` at once. An async context manager owns what it runs."""

    def read(self, request: ReadRequest) -> AsyncGenerator[ReadingEvent, None]:
        """Read the pictures.

        Use it within `contextlib.aclosing`: closing it, or cancelling the task that waits for its
        next event, cancels the reading in the engine. One that is merely dropped goes on until
        Python finalises it. It may be consumed as slowly as one likes; only texts that a later one
        has overtaken are left out then.

        Yields:
            `Scored` first, then `Partial` as the text grows, and the `Reading` last. If the reading
            is made again on a lower tier, both start anew.

        Raises:
            inference.errors.EngineError: With a subclass that says what to do next.
        """
        ...

    def status(self) -> EngineStatus:
        """Where the engine stands now; never blocks."""
        ...
