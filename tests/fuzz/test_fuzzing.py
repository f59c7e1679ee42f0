"""Whatever comes from outside is taken or refused in words: nothing else ever happens.

Seconds of what `make fuzz` does for an hour, and all that a campaign ever found.
"""

import logging
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.fuzz.mutation import mutated
from tests.fuzz.targets import TARGETS

FOUND = sorted(Path(__file__).parent.glob("found/*/*"))


@pytest.fixture(autouse=True)
def parsers_are_silent() -> Iterator[None]:
    logging.disable()
    yield
    logging.disable(logging.NOTSET)


@pytest.mark.parametrize("name", TARGETS)
@settings(
    max_examples=150,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(data=st.data())
def test_bytes_of_any_kind_are_taken_or_refused(name: str, data: st.DataObject) -> None:
    TARGETS[name].feed(data.draw(mutated(TARGETS[name])))


@pytest.mark.parametrize("path", FOUND, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_what_a_campaign_found_is_refused_now(path: Path) -> None:
    TARGETS[path.parent.name].feed(path.read_bytes())


@pytest.mark.parametrize("name", TARGETS)
def test_a_target_takes_its_own_examples(name: str) -> None:
    target = TARGETS[name]
    for seed in target.seeds():
        assert len(seed) <= target.max_bytes
        target.feed(seed)
