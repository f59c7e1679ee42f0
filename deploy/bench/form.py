"""`edgerad bench form`: whether an answer gains or loses by being held to its four sections.

Has the engine that the settings name, with the practice model in it, read each drawn film twice:
freely, and held. Must not know how an engine holds an answer.
"""

import asyncio
import time
from collections.abc import Callable
from contextlib import aclosing
from dataclasses import asdict, dataclass, replace
from io import BytesIO

from inference.contract import Reading, ReadRequest, Urgency
from inference.errors import DeadlineExceeded, EngineAway, UnusableAnswer
from inference.practice.answers import understand
from inference.practice.cases import EvaluationCase, Group, draw_case
from inference.remote.config import RemoteConfig
from inference.remote.executor import RemoteExecutor
from pictures import PictureProcess

GROUPS = (Group.CLEAN, Group.USUAL)
AWAY_S = 600.0
LOOK_S = 1.0

Tell = Callable[[int, int], None]
"""Called with how many films of how many are read."""


@dataclass(slots=True)
class Tally:
    """What became of the films, one way.

    Args:
        films: How many were read.
        failed: Without an answer.
        sections: With all four sections, and an urgency that was stated.
        understood: In the words that the model was taught.
        right: With the finding, side and zone of the film.
        tokens: Of all answers together.
        took_s: For all together.
    """

    films: int = 0
    failed: int = 0
    sections: int = 0
    understood: int = 0
    right: int = 0
    tokens: int = 0
    took_s: float = 0.0

    def count(self, case: EvaluationCase, reading: Reading | None, took_s: float) -> None:
        """Count an answer; None for none."""
        self.films += 1
        self.took_s += took_s
        if reading is None:
            self.failed += 1
            return
        said = reading.sections
        whole = said.findings and said.impression and said.recommendation
        self.sections += bool(whole) and said.urgency is not Urgency.NOT_STATED
        self.tokens += reading.answer_tokens
        try:
            found = understand(reading.text)
        except ValueError:
            return
        self.understood += 1
        self.right += found == case.truth or (
            found is not None
            and case.truth is not None
            and (found.finding, found.side, found.zone)
            == (case.truth.finding, case.truth.side, case.truth.zone)
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class FormReport:
    """Both ways, and how often they agree.

    Args:
        same_urgency: Films with the same urgency either way.
        same_text: Letter for letter.
    """

    model: str
    free: Tally
    held: Tally
    same_urgency: int
    same_text: int

    def as_json(self) -> dict[str, object]:
        """The report as JSON values."""
        return asdict(self)


async def compare_forms(config: RemoteConfig, *, films: int, seed: int, tell: Tell) -> FormReport:
    """Have each film read freely, then held.

    Raises:
        TimeoutError: It does not come.
    """
    free, held = Tally(), Tally()
    same_urgency = same_text = 0
    model = ""
    async with (
        PictureProcess() as pictures,
        RemoteExecutor(replace(config, answer_grammar=False), pictures.squared) as freely,
        RemoteExecutor(replace(config, answer_grammar=True), pictures.squared) as in_form,
    ):
        for number in range(films):
            case = draw_case(seed, GROUPS[number % len(GROUPS)], number)
            made = [await _counted(freely, case, free), await _counted(in_form, case, held)]
            if made[0] is not None and made[1] is not None:
                model = made[0].engine.model
                same_urgency += made[0].sections.urgency is made[1].sections.urgency
                same_text += made[0].text == made[1].text
            tell(number + 1, films)
    return FormReport(
        model=model, free=free, held=held, same_urgency=same_urgency, same_text=same_text
    )


async def _counted(engine: RemoteExecutor, case: EvaluationCase, tally: Tally) -> Reading | None:
    began = time.monotonic()
    reading = await _read(engine, case)
    tally.count(case, reading, time.monotonic() - began)
    return reading


async def _read(engine: RemoteExecutor, case: EvaluationCase) -> Reading | None:
    """The reading of a film; None if none comes of it."""
    data = BytesIO()
    case.pictures[0].save(data, "PNG", compress_level=1)
    request = replace(case.request, pictures=(data.getvalue(),), question=None)
    async with asyncio.timeout(AWAY_S):
        while True:
            try:
                return await _last(engine, request)
            except EngineAway:
                await asyncio.sleep(LOOK_S)  # it proves itself first
            except (DeadlineExceeded, UnusableAnswer):
                return None


async def _last(engine: RemoteExecutor, request: ReadRequest) -> Reading | None:
    last = None
    async with aclosing(engine.read(request)) as events:
        async for event in events:
            last = event if isinstance(event, Reading) else None
    return last
