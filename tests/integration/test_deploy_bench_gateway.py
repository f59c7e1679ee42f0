"""The gateway's bench measures what it says, on the real gateway."""

from pathlib import Path

import pytest
from rich.console import Console

from deploy.bench import history
from deploy.bench.gateway import CROWDS, measure_gateway
from deploy.bench.gateway_table import show_gateway_report
from deploy.bench.history import measure_history


@pytest.fixture(autouse=True)
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(history, "TRIES", 3)
    monkeypatch.setattr(history, "PEOPLE", 3)


async def test_a_short_run_finds_every_figure() -> None:
    report = await measure_gateway(seconds=0.2, messages=10, crowds=(1, 3, 4))
    assert report.send_message_per_s > 0
    assert report.get_updates_per_s > 0
    assert [(t.phones, t.what, t.sent) for t in report.trips] == [
        (1, "text", 4),
        (3, "text", 4),
        (4, "text", 4),
        (3, "photo", 1),
        (3, "photo beside heavy ones", 1),
    ]
    assert all(0 < t.times.p50_ms <= t.times.max_ms for t in report.trips)
    assert 20 < report.idle_mb < 500
    console = Console(record=True, width=120)
    show_gateway_report(console, report)
    assert "4 idle phones" in console.export_text()


async def test_a_store_is_filled_with_as_many_messages_as_were_asked_for(tmp_path: Path) -> None:
    found = await measure_history(tmp_path / "home", 2_500)
    assert found.messages == 2_500
    assert found.page.p50_ms > 0


def test_the_crowds_are_those_of_the_goals() -> None:
    assert CROWDS == (1, 50, 300)
