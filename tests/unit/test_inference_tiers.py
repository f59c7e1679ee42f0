"""The tier table over a matrix of machines."""

import pytest

from inference.contract import Tier
from inference.errors import NoTierFits
from inference.tiers import (
    GB,
    Dtype,
    Footprint,
    Gpu,
    Hardware,
    choose,
    choose_threads,
    needed_bytes,
    step_down,
)

# google/medgemma-4b-it: 34 layers of 94.4 M, embedding 671 M, vision tower and projector 420 M.
MEDGEMMA = Footprint(
    quantisable=3_208_642_560, kept=1_091_000_000, kv_elements_per_token=2 * 34 * 4 * 256
)
PRACTICE = Footprint(quantisable=400_000, kept=1_200_000, kv_elements_per_token=2 * 3 * 128)
AMPERE = (8, 6)
TURING = (7, 5)


def card(
    total_gb: float,
    capability: tuple[int, int] = AMPERE,
    free_gb: float | None = None,
    index: int = 0,
) -> Gpu:
    free = total_gb * 0.97 if free_gb is None else free_gb
    return Gpu(
        index=index,
        name=f"card {index}",
        total_bytes=round(total_gb * GB),
        free_bytes=round(free * GB),
        capability=capability,
    )


def machine(*gpus: Gpu, ram_gb: float = 32, flags: tuple[str, ...] = ("avx2",)) -> Hardware:
    size = round(ram_gb * GB)
    return Hardware(ram_total_bytes=size, ram_available_bytes=size, gpus=gpus, cpu_flags=flags)


@pytest.mark.parametrize(
    ("hardware", "tier", "device", "dtype"),
    [
        (machine(card(80, (9, 0))), Tier.BIT16, "cuda:0", Dtype.BFLOAT16),
        (machine(card(24)), Tier.BIT16, "cuda:0", Dtype.BFLOAT16),
        (machine(card(16.9)), Tier.BIT16, "cuda:0", Dtype.BFLOAT16),
        (machine(card(12.6)), Tier.BIT8, "cuda:0", Dtype.BFLOAT16),
        (machine(card(8.4)), Tier.BIT8, "cuda:0", Dtype.BFLOAT16),
        (machine(card(6.2)), Tier.BIT4, "cuda:0", Dtype.BFLOAT16),
        (machine(card(34, (7, 0))), Tier.BIT16, "cuda:0", Dtype.FLOAT32),
        (machine(card(15.8, TURING)), Tier.BIT8, "cuda:0", Dtype.FLOAT32),
        (machine(card(8.4, TURING)), Tier.BIT4, "cuda:0", Dtype.FLOAT32),
        (machine(card(4.1)), Tier.CPU, "cpu", Dtype.FLOAT32),
        (machine(card(24, free_gb=7.5)), Tier.BIT8, "cuda:0", Dtype.BFLOAT16),
        (machine(card(24, free_gb=1)), Tier.CPU, "cpu", Dtype.FLOAT32),
        (machine(), Tier.CPU, "cpu", Dtype.FLOAT32),
        (machine(flags=("avx512_bf16",)), Tier.CPU, "cpu", Dtype.BFLOAT16),
        (machine(flags=("amx_bf16",)), Tier.CPU, "cpu", Dtype.BFLOAT16),
        (machine(ram_gb=12), Tier.CPU, "cpu", Dtype.BFLOAT16),
        (
            machine(card(8.4, free_gb=2), card(24, free_gb=20, index=1)),
            Tier.BIT16,
            "cuda:1",
            Dtype.BFLOAT16,
        ),
    ],
)
def test_each_machine_gets_the_best_tier_that_fits(
    hardware: Hardware, tier: Tier, device: str, dtype: Dtype
) -> None:
    choice = choose(hardware, MEDGEMMA)
    assert (choice.tier, choice.device, choice.dtype) == (tier, device, dtype)
    assert choice.reason.endswith(".")


def test_the_practice_model_is_held_in_float32_on_any_cpu() -> None:
    choice = choose(machine(ram_gb=1, flags=("avx512_bf16",)), PRACTICE)
    assert (choice.tier, choice.dtype) == (Tier.CPU, Dtype.FLOAT32)


def test_the_tier_somebody_asked_for_is_taken_where_it_fits() -> None:
    choice = choose(machine(card(24)), MEDGEMMA, override=Tier.BIT4)
    assert choice.tier is Tier.BIT4
    assert "as set by EDGERAD_TIER" in choice.reason


def test_the_tier_somebody_asked_for_is_left_where_it_does_not_fit() -> None:
    choice = choose(machine(card(8.4)), MEDGEMMA, override=Tier.BIT16)
    assert choice.tier is Tier.BIT8
    assert "16-bit needs" in choice.reason


def test_a_quantised_tier_without_a_card_is_held_in_ram_when_asked_for() -> None:
    choice = choose(machine(ram_gb=8), MEDGEMMA, override=Tier.BIT4)
    assert (choice.tier, choice.device) == (Tier.BIT4, "cpu")


@pytest.mark.parametrize("override", [None, *Tier])
@pytest.mark.parametrize("ceiling", [Tier.BIT8, Tier.BIT4, Tier.CPU])
def test_no_tier_above_the_ceiling_is_ever_chosen(override: Tier | None, ceiling: Tier) -> None:
    order = list(Tier)
    choice = choose(machine(card(80)), MEDGEMMA, override=override, ceiling=ceiling)
    assert order.index(choice.tier) >= order.index(ceiling)


def test_a_12_gb_card_is_told_that_16_bit_would_fit_too() -> None:
    choice = choose(machine(card(12.6)), MEDGEMMA)
    assert "EDGERAD_TIER=16-bit" in choice.note


def test_a_card_that_is_well_used_gets_no_note() -> None:
    assert choose(machine(card(24)), MEDGEMMA).note == ""


def test_a_machine_that_is_too_small_is_told_what_is_missing() -> None:
    with pytest.raises(NoTierFits, match=r"needs 10\.\d GB and 4\.0 GB are free on the CPU"):
        choose(machine(ram_gb=4), MEDGEMMA)


@pytest.mark.parametrize(
    ("footprint", "cores", "threads"),
    [(MEDGEMMA, 1, 1), (MEDGEMMA, 2, 2), (MEDGEMMA, 4, 3), (MEDGEMMA, 16, 15), (PRACTICE, 16, 1)],
)
def test_a_core_is_left_to_the_rest_and_a_small_model_takes_but_one(
    footprint: Footprint, cores: int, threads: int
) -> None:
    hardware = Hardware(ram_total_bytes=GB, ram_available_bytes=GB, cpu_cores=cores)
    assert choose_threads(hardware, footprint) == threads


def test_stepping_down_goes_through_every_tier_once() -> None:
    assert [step_down(tier) for tier in Tier] == [Tier.BIT8, Tier.BIT4, Tier.CPU, None]


def test_each_tier_needs_less_than_the_one_before() -> None:
    needs = [needed_bytes(MEDGEMMA, tier, Dtype.BFLOAT16) for tier in list(Tier)[:3]]
    assert needs == sorted(needs, reverse=True)
    assert all(need < limit * GB for need, limit in zip(needs, (14, 8, 6), strict=True))


def test_float16_is_not_to_be_had() -> None:
    assert "float16" not in set(Dtype)
