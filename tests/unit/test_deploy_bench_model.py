"""What the model bench prints, and that its command asks for what was typed."""

import json
import re
from dataclasses import replace
from datetime import date
from io import StringIO
from pathlib import Path

import pytest
from rich.console import Console
from typer.testing import CliRunner

from deploy.bench import commands
from deploy.bench.model import ModelReport, Say
from deploy.bench.model_table import explain, show_model_report
from deploy.commands.cli import app
from inference.bench_results import (
    BatchFigures,
    BenchPlan,
    BenchResult,
    MachineLimits,
    ModelFigures,
)
from inference.contract import Tier
from inference.errors import ModelMissing
from inference.tiers import INT8_VISION, LLAMA

FOUND = BenchResult(
    limits=MachineLimits(bfloat16_gflops=400, float32_gflops=120, read_gb_s=18.25, busy_before=0.1),
    figures=ModelFigures(
        model="medgemma-4b-it-nf4",
        tier=Tier.CPU,
        device="cpu",
        dtype="bfloat16",
        prepared=True,
        threads=2,
        load_s=12.5,
        kept_bytes=3_100_000_000,
        peak_bytes=7_100_000_000,
        vram_bytes=None,
        prompt_tokens=317,
        vision_s=20.0,
        stock_vision_s=26.0,
        urgency_s=0.4,
        first_token_s=26.0,
        token_s=0.2,
        answer_tokens=200,
        whole_s=66.0,
        follow_up_s=42.0,
        brief_follow_up_s=22.0,
        slots=2,
        batches=(BatchFigures(cases=2, prefill_s=9.0, token_s=0.25, case_s=49.4),),
    ),
)
SLOW = replace(FOUND, figures=replace(FOUND.figures, dtype="float32", prepared=False, whole_s=229))
REPORT = ModelReport(date="2026-03-02", found=FOUND, against=SLOW)


def printed(report: ModelReport) -> str:
    terminal = StringIO()
    show_model_report(Console(width=200, file=terminal), report)
    return terminal.getvalue()


def test_the_table_holds_each_step_the_limits_and_the_ratio() -> None:
    text = printed(REPORT)
    for figure in ("12.5 s", "3.1 GB", "7.1 GB", "no card", "26.0 s", "0.20 s", "66.0 s", "229.0"):
        assert figure in text, figure
    assert "400 (bfloat16) and 120 (float32) Gflop/s, memory read 18.2 GB/s" in text
    assert "Whole case: 0.29 of float32's, 3.5 times as fast. A follow-up saves 24 s" in text
    assert "24 s at the same length, 44 s half as long." in text
    assert re.search(r"a follow-up, 200 tokens +│ +42\.0 s", text)
    assert re.search(r"a follow-up, 100 tokens +│ +22\.0 s", text)
    assert "49.4 s" in text


def test_each_goal_is_said_to_be_met_or_missed() -> None:
    lines = printed(REPORT).splitlines()
    rows = [[cell.strip() for cell in line.split("│")[1:-1]] for line in lines]
    goals = {row[0]: row[1:] for row in rows if row and row[-1] in {"met", "missed"}}
    assert goals == {
        "whole case, times as fast": ["3.5", "3.0", "met"],
        "memory kept": ["3.1 GB", "at most 3.5 GB", "met"],
        "load": ["12.5 s", "at most 15.0 s", "met"],
        "scoring the urgency": ["0.40 s", "at most 3.00 s", "met"],
        "a follow-up half as long saves": ["44.0 s", "at least 20.0 s", "met"],
    }
    for dtype in (LLAMA, f"{LLAMA}, {INT8_VISION}"):
        by_llama = replace(FOUND, figures=replace(FOUND.figures, dtype=dtype, load_s=15.1))
        missed = printed(replace(REPORT, found=by_llama))
        assert missed.count("missed") == 2, "4.5 times as fast, and the load"


def test_goals_for_4_bits_on_two_cores_are_not_held_against_a_card() -> None:
    carded = replace(FOUND, figures=replace(FOUND.figures, device="cuda:0"))
    assert "Goals" not in printed(replace(REPORT, found=carded))


def test_limits_are_said_to_be_a_cards_where_it_computes() -> None:
    carded = replace(FOUND, figures=replace(FOUND.figures, device="cuda:1", vram_bytes=9 * 10**9))
    text = printed(ModelReport(date="2026-03-02", found=carded))
    assert "limits in the same run, cuda:1: matrix products 400" in text
    assert "9.0 GB" in text


def test_a_nurse_reads_in_words_what_she_will_wait() -> None:
    text = explain(REPORT)
    assert "A first answer on this machine takes about 66 seconds" in text
    assert "supervisors hear of it after about 26 seconds" in text
    assert "A question right after it takes about 22 seconds for a brief answer" in text
    assert "2 cases that come at once are read together" in text
    assert "last of their alarms comes after about 50 seconds" in text
    assert "all have their answers after about 2 minutes" in text


def test_where_cases_are_read_one_by_one_the_nurse_reads_so() -> None:
    alone = replace(REPORT, found=replace(FOUND, figures=replace(FOUND.figures, slots=1)))
    assert "the fifth has its answer after about 6 minutes" in explain(alone)


def test_the_command_measures_what_was_typed_and_writes_json(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[object] = []

    def measured(
        home: Path, name: str, plan: BenchPlan, *, against: str | None, today: date, say: Say
    ) -> ModelReport:
        say("step", 0.5)
        asked.extend((home, name, plan, against))
        return replace(REPORT, date=today.isoformat())

    monkeypatch.setattr(commands, "measure_model", measured)
    monkeypatch.setenv("EDGERAD_HOME", str(tmp_path))
    options = ["--model", "m", "--tier", "4-bit", "--against", "float32", "--tokens", "50"]
    written = tmp_path / "figures.json"
    typed = ["bench", "model", *options, "--batches", "1", "--json-to", str(written), "--explain"]
    run = CliRunner().invoke(app, typed)
    assert run.exit_code == 0, run.output
    assert asked == [tmp_path, "m", BenchPlan(tier="4-bit", tokens=50, batches=(1,)), "float32"]
    assert json.loads(written.read_text())["found"]["figures"]["whole_s"] == 66.0
    assert "A first answer" in run.output


def test_a_shape_is_drawn_in_the_scratch_folder_and_measured_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    homes: list[Path] = []

    def measured(home: Path, *_: object, **__: object) -> ModelReport:
        homes.append(home)
        return REPORT

    monkeypatch.setattr(commands, "make_random", lambda _folder, _tell: "random-4b")
    monkeypatch.setattr(commands, "prepared", lambda _folder, _tell: None)
    monkeypatch.setattr(commands, "measure_model", measured)
    typed = ["bench", "model", "--shape", "4b", "--random", "--scratch", str(tmp_path)]
    assert CliRunner().invoke(app, typed).exit_code == 0
    assert homes == [tmp_path]


def test_a_shape_without_saying_random_is_refused() -> None:
    assert CliRunner().invoke(app, ["bench", "model", "--shape", "4b"]).exit_code == 2


def test_what_cannot_be_measured_is_said_in_words(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(*_: object, **__: object) -> ModelReport:
        raise ModelMissing

    monkeypatch.setattr(commands, "measure_model", missing)
    run = CliRunner().invoke(app, ["bench", "model"])
    assert run.exit_code == 1
    assert "No model of that name is installed." in run.output
