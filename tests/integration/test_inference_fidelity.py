"""Answers at every tier beside float32's: counted, and held against the goals."""

import os
from dataclasses import replace

import pytest
from rich.console import Console

from deploy.bench.fidelity import GOALS, Row, as_json, compare_tiers, show_rows
from inference.contract import Tier
from inference.errors import UnusableAnswer
from inference.footprint import Dtype
from inference.practice.folder import MODEL_FOLDER
from inference.runtime.fidelity import CARD_TIERS, REFERENCE, compare, draw_film, ways
from inference.runtime.load import LoadedModel, load_model
from inference.tiers import GB, Gpu, Hardware, TierChoice

ROW = Row(tier=Tier.BIT4, device="cpu", dtype="bfloat16", same=49, total=50)
CARD = Gpu(index=1, name="T4", total_bytes=16 * GB, free_bytes=15 * GB, capability=(7, 5))
RAM = Hardware(ram_total_bytes=GB, ram_available_bytes=GB)


def ignore(_step: str, _done: int, _total: int) -> None:
    pass


def test_a_tier_is_compared_answer_by_answer() -> None:
    """Given two films, and a way that is float32 but for one answer."""
    films = [draw_film(3, index) for index in range(2)]

    def load(choice: TierChoice) -> LoadedModel:
        loaded = load_model(MODEL_FOLDER, REFERENCE)
        if choice.tier is Tier.BIT4:
            loaded.model.lm_head.weight.data.zero_()  # every answer is another
        return loaded

    compared = [replace(REFERENCE, tier=tier) for tier in (Tier.BIT16, Tier.BIT4)]
    same, other = compare(films, compared, ignore, load=load)
    assert (same.same, same.total) == (2, 2)
    assert (other.same, other.total) == (0, 2)


def test_a_tier_that_cannot_run_here_says_why_and_the_next_is_compared() -> None:
    films = [draw_film(3, 0)]

    def load(choice: TierChoice) -> LoadedModel:
        if choice.tier is Tier.BIT8:
            raise UnusableAnswer("No kernel for this card.\nA trace.")
        return load_model(MODEL_FOLDER, REFERENCE)

    compared = [replace(REFERENCE, tier=tier) for tier in (Tier.BIT8, Tier.BIT4)]
    eight, four = compare(films, compared, ignore, load=load)
    assert (eight.fault, eight.total) == ("No kernel for this card.", 0)
    assert four.same == 1


def test_every_tier_is_compared_as_new_and_old_cards_compute() -> None:
    itself, *on_cpu = ((way.tier, way.dtype) for way in ways(RAM))
    assert itself == (Tier.CPU, Dtype.FLOAT32)  # several films at once beside one by one
    assert set(on_cpu) == {
        (tier, dtype) for tier in CARD_TIERS for dtype in (Dtype.BFLOAT16, Dtype.GUARDED_FLOAT16)
    }
    on_card = [way for way in ways(replace(RAM, gpus=(CARD,))) if way.device == "cuda:1"]
    assert {(way.tier, way.dtype) for way in on_card} == {
        (tier, Dtype.GUARDED_FLOAT16) for tier in CARD_TIERS
    }


@pytest.mark.timeout(150)  # seven loads in a process of its own
def test_the_bench_compares_every_tier_of_this_machine() -> None:
    told: list[str] = []
    rows = compare_tiers(2, 5, lambda step, *_: told.append(step))
    assert len(rows) >= 7
    assert not [row for row in rows if row.fault]
    assert all(row.total == 2 for row in rows)
    assert all(row.met for row in rows)
    assert "Drawing films" in told


def test_the_exit_status_is_one_where_a_goal_is_missed() -> None:
    with open(os.devnull, "w") as nowhere:  # noqa: PTH123 - no path to it but its name
        console = Console(file=nowhere)
        missed = replace(ROW, same=48)
        assert show_rows(console, [ROW]) == 0
        assert show_rows(console, [ROW, missed]) == 1
        assert show_rows(console, [replace(missed, tier=Tier.BIT8)]) == 1
        assert show_rows(console, [replace(missed, total=0, fault="no kernel")]) == 0
    assert GOALS == {Tier.CPU: 0.995, Tier.BIT16: 0.995, Tier.BIT8: 0.995, Tier.BIT4: 0.98}
    assert '"share": 0.98' in as_json([ROW])
