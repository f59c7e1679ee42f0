from dataclasses import replace

from deploy.bench.form import Tally
from deploy.bench.overhead import quantiles
from inference.contract import EngineInfo, Reading, Sections
from inference.parsing import parse_sections
from inference.practice.answers import reading
from inference.practice.cases import Group, draw_case

READING = Reading(
    text="",
    sections=Sections(),
    engine=EngineInfo(model="practice", tier=None, practice=True),
    duration_s=1,
    prompt_tokens=300,
    answer_tokens=50,
)


def said(text: str) -> Reading:
    return replace(READING, text=text, sections=parse_sections(text))


def test_an_answer_is_counted_by_its_sections_its_words_and_its_truth() -> None:
    case = draw_case(1, Group.CLEAN, 0)
    tally = Tally()
    taught = reading(case.truth)
    tally.count(case, said(taught), 2.0)
    tally.count(case, said("FINDINGS: A film.\nIMPRESSION: None.\nRECOMMENDATION: Look."), 2.0)
    tally.count(case, said("FINDINGS: A film.\nURGENCY: critical"), 2.0)
    tally.count(case, None, 2.0)
    assert (tally.films, tally.failed, tally.took_s) == (4, 1, 8.0)
    assert (tally.sections, tally.understood, tally.right) == (1, 1, 1)
    assert tally.tokens == 150


def test_quantiles_are_values_that_were_measured() -> None:
    found = quantiles([value / 1000 for value in range(1, 201)])
    assert (found.p50_ms, found.p99_ms, found.max_ms) == (100, 198, 200)


def test_the_p99_of_a_few_values_is_their_greatest() -> None:
    found = quantiles([0.003, 0.001, 0.002])
    assert (found.p50_ms, found.p99_ms) == (2, 3)
