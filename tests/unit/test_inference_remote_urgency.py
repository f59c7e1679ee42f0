"""Urgency from the log-probabilities of an engine's next token."""

from math import log

import pytest

from inference.contract import Urgency
from inference.remote.urgency import score


@pytest.mark.parametrize(
    ("likely", "urgency"),
    [
        ({" critical": log(0.7), " urgent": log(0.2), " The": log(0.1)}, Urgency.CRITICAL),
        ({" crit": log(0.4), "critical": log(0.2), " urgent": log(0.3)}, Urgency.CRITICAL),
        ({"Routine": log(0.9), " urgent": log(0.05)}, Urgency.ROUTINE),
        ({" not": log(0.6), " routine": log(0.4)}, Urgency.NOT_MEDICAL),
        ({" urgent": log(0.4), " critical": log(0.4)}, Urgency.CRITICAL),
    ],
)
def test_tokens_that_begin_a_label_count_for_it(likely: dict[str, float], urgency: Urgency) -> None:
    scored = score(likely)
    assert scored is not None
    assert scored.urgency is urgency


def test_the_margin_is_the_lead_over_the_next_label() -> None:
    scored = score({" urgent": log(0.6), " critical": log(0.3), "x": log(0.1)})
    assert scored is not None
    assert scored.margin == pytest.approx(log(2))


def test_a_label_that_is_not_listed_is_no_likelier_than_the_last_that_is() -> None:
    scored = score({" urgent": log(0.9), "\n": log(0.01)})
    assert scored is not None
    assert scored.margin == pytest.approx(log(90))


@pytest.mark.parametrize("likely", [{}, {"FIND": -0.01, " urgent": -9.0}, {"": -0.1, " ": -0.2}])
def test_an_engine_that_did_not_go_on_from_the_opening_scores_nothing(
    likely: dict[str, float],
) -> None:
    assert score(likely) is None
