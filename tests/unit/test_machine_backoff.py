import pytest

from machine.backoff import Backoff, delay_after_s


def test_each_failure_in_a_row_doubles_the_wait_up_to_the_longest() -> None:
    backoff = Backoff(0.5, 30.0)
    delays = [backoff.next_delay_s() for _ in range(8)]
    assert delays == [0.5, 1.0, 2.0, 4.0, 8.0, 16.0, 30.0, 30.0]


def test_after_a_success_the_wait_is_short_again() -> None:
    backoff = Backoff(0.5, 30.0)
    for _ in range(5):
        backoff.next_delay_s()
    backoff.reset()
    assert [backoff.next_delay_s(), backoff.next_delay_s()] == [0.5, 1.0]


@pytest.mark.parametrize("failures", [7, 10_000])
def test_a_server_that_is_away_for_weeks_is_still_asked_every_minute(failures: int) -> None:
    assert delay_after_s(failures, first_s=1.0, longest_s=60.0) == 60.0
