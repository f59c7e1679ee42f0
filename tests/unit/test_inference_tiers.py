"""The tier table over a matrix of machines."""

import itertools
from dataclasses import replace

import pytest

from inference.contract import FEW_SLICES, MOST_SLICES, Tier
from inference.errors import NoTierFits
from inference.footprint import Dtype, Footprint, kv_bytes, needed_bytes
from inference.tiers import (
    GB,
    Gpu,
    Hardware,
    choices,
    choose,
    choose_threads,
    keeps_last,
    step_down,
)

# google/medgemma-4b-it: 34 layers of 94.4 M, embedding 671 M, vision tower and projector 420 M.
# Of its cache, 29 layers keep a window of 1,024 tokens and 5 keep all 4,096.
MEDGEMMA = Footprint(
    quantisable=3_208_642_560,
    kept=1_091_000_000,
    kv_elements=(29 * 1024 + 5 * 4096) * 2 * 4 * 256,
    activation_elements=4096 * (8 * 2560 + 2 * 10240),
)
PREPARED = replace(MEDGEMMA, prepared=True)
PRACTICE = Footprint(
    quantisable=400_000, kept=1_200_000, kv_elements=800_000, activation_elements=7_000_000
)
AMPERE = (8, 6)
TURING = (7, 5)
PASCAL = (6, 1)
FAST = ("avx512_bf16",)
GUARDED = Dtype.GUARDED_FLOAT16


def card(
    total_gb: float,
    capability: tuple[int, int] = AMPERE,
    free_gb: float | None = None,
    index: int = 0,
    *,
    unified: bool = False,
) -> Gpu:
    free = total_gb * 0.97 if free_gb is None else free_gb
    return Gpu(
        index=index,
        name=f"card {index}",
        total_bytes=round(total_gb * GB),
        free_bytes=round(free * GB),
        capability=capability,
        unified=unified,
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
        (machine(card(34, (7, 0))), Tier.BIT16, "cuda:0", GUARDED),
        (machine(card(15.8, TURING)), Tier.BIT16, "cuda:0", GUARDED),
        (machine(card(8.4, TURING)), Tier.BIT8, "cuda:0", GUARDED),
        (machine(card(6.2, PASCAL)), Tier.BIT4, "cuda:0", GUARDED),
        (machine(card(15.8, TURING, free_gb=7)), Tier.BIT4, "cuda:0", GUARDED),
        (machine(card(4.1)), Tier.CPU, "cpu", Dtype.BFLOAT16),
        (machine(card(24, free_gb=8.5)), Tier.BIT8, "cuda:0", Dtype.BFLOAT16),
        (machine(card(24, free_gb=5.5)), Tier.BIT4, "cuda:0", Dtype.BFLOAT16),
        (machine(card(24, free_gb=1)), Tier.CPU, "cpu", Dtype.BFLOAT16),
        (machine(), Tier.CPU, "cpu", Dtype.BFLOAT16),
        (machine(flags=FAST), Tier.CPU, "cpu", Dtype.BFLOAT16),
        (machine(ram_gb=12), Tier.CPU, "cpu", Dtype.BFLOAT16),
        # Jetson: 8 GB and 32 GB, of which the system holds its part
        (machine(card(7.8, (8, 7), 6.1, unified=True)), Tier.BIT4, "cuda:0", Dtype.BFLOAT16),
        (machine(card(31, (8, 7), 13.0, unified=True)), Tier.BIT8, "cuda:0", Dtype.BFLOAT16),
        (machine(card(31, (8, 7), 26.0, unified=True)), Tier.BIT16, "cuda:0", Dtype.BFLOAT16),
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


def test_an_older_card_is_told_what_it_computes_in() -> None:
    assert (
        "16-bit on card 0 in guarded float16"
        in choose(machine(card(15.8, TURING)), MEDGEMMA).reason
    )


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


@pytest.mark.parametrize(
    ("hardware", "prepared", "dtype"),
    [
        (machine(flags=FAST), True, Dtype.BFLOAT16),  # 4-bit is the fastest here
        (machine(ram_gb=8, flags=FAST), True, Dtype.BFLOAT16),
        (machine(ram_gb=8), True, Dtype.BFLOAT16),  # slow at 4-bit, but nothing else fits
        (machine(), False, Dtype.BFLOAT16),  # bfloat16 fits and is faster
        (machine(card(4.1), flags=FAST), True, Dtype.BFLOAT16),
    ],
)
def test_a_cpu_takes_the_prepared_weights_where_they_are_faster_or_all_that_fits(
    hardware: Hardware, prepared: bool, dtype: Dtype
) -> None:
    choice = choose(hardware, MEDGEMMA, prepared=PREPARED)
    assert (choice.tier, choice.device) == (Tier.CPU, "cpu")
    assert (choice.prepared, choice.dtype) == (prepared, dtype)
    assert choice.note == ""


def test_a_small_card_loads_4_bit_from_the_prepared_weights() -> None:
    choice = choose(machine(card(6.2)), MEDGEMMA, prepared=PREPARED)
    assert (choice.tier, choice.device, choice.prepared) == (Tier.BIT4, "cuda:0", True)


@pytest.mark.parametrize("hardware", [machine(card(80)), machine(card(6.2)), machine()])
def test_weights_that_come_prepared_are_held_at_no_other_precision(hardware: Hardware) -> None:
    found = list(choices(hardware, PREPARED))
    assert all(choice.prepared for choice in found)
    assert {choice.tier for choice in found} <= {Tier.BIT4, Tier.CPU}


def test_float32_is_the_last_resort_of_a_cpu() -> None:
    found = list(choices(machine(flags=FAST), MEDGEMMA, prepared=PREPARED))
    held = [(choice.prepared, choice.dtype) for choice in found]
    assert held == [(True, Dtype.BFLOAT16), (False, Dtype.BFLOAT16), (False, Dtype.FLOAT32)]


@pytest.mark.parametrize(
    ("hardware", "advised"),
    [
        (machine(flags=FAST), True),  # it would be faster
        (machine(), False),  # it would fit but not be faster
        (machine(card(80)), False),
        (machine(card(4.1), flags=FAST), True),
    ],
)
def test_preparing_is_advised_where_it_would_help(hardware: Hardware, advised: bool) -> None:
    assert ("edgerad model prepare" in choose(hardware, MEDGEMMA).note) is advised


def test_an_8_gb_laptop_is_told_that_preparing_makes_the_model_fit() -> None:
    with pytest.raises(NoTierFits, match=r"10\.\d GB and 6\.5 GB are free.*edgerad model prepare"):
        choose(machine(ram_gb=6.5), MEDGEMMA)


CAPABILITIES = [(6, 1), (7, 0), (7, 5), (8, 0), (8, 6), (8, 7), (9, 0)]
VRAM_GB = [2, 4, 6, 8, 10, 12, 16, 24, 80]
FREE_SHARES = [0.1, 0.5, 0.97]
RAM_GB = [4, 8, 16, 64]


@pytest.mark.parametrize("capability", CAPABILITIES)
@pytest.mark.parametrize("vram_gb", VRAM_GB)
def test_over_the_whole_matrix_what_is_chosen_fits_and_is_safe(
    vram_gb: float, capability: tuple[int, int]
) -> None:
    """(VRAM, capability) x (free share, RAM): the table's tier or lower, within what is free."""
    for share, ram_gb in itertools.product(FREE_SHARES, RAM_GB):
        gpu = card(vram_gb, capability, vram_gb * share)
        hardware = machine(gpu, ram_gb=ram_gb)
        try:
            choice = choose(hardware, MEDGEMMA)
        except NoTierFits:
            assert gpu.free_bytes < needed_bytes(MEDGEMMA, Tier.BIT4, gpu.dtype)
            cpu_bytes = needed_bytes(MEDGEMMA, Tier.CPU, Dtype.BFLOAT16, keeps_last=True)
            assert hardware.ram_available_bytes < cpu_bytes
            continue
        on_card = choice.device == "cuda:0"
        free = gpu.free_bytes if on_card else hardware.ram_available_bytes
        assert needed_bytes(MEDGEMMA, choice.tier, choice.dtype, keeps_last=not on_card) <= free
        assert order(choice.tier) >= order(table(vram_gb))
        if on_card and choice.tier is not table(vram_gb):
            above = list(Tier)[order(choice.tier) - 1]
            assert needed_bytes(MEDGEMMA, above, gpu.dtype) > gpu.free_bytes
        if on_card:
            assert choice.dtype is (Dtype.BFLOAT16 if capability >= (8, 0) else GUARDED)


def table(vram_gb: float) -> Tier:
    """The product's table: 14 GB and 8 GB are where it changes."""
    if vram_gb >= 14:
        return Tier.BIT16
    return Tier.BIT8 if vram_gb >= 8 else Tier.BIT4


def order(tier: Tier) -> int:
    return list(Tier).index(tier)


@pytest.mark.parametrize("override", [None, *Tier])
@pytest.mark.parametrize("ceiling", [Tier.BIT8, Tier.BIT4, Tier.CPU])
def test_no_tier_above_the_ceiling_is_ever_chosen(override: Tier | None, ceiling: Tier) -> None:
    choice = choose(machine(card(80)), MEDGEMMA, override=override, ceiling=ceiling)
    assert order(choice.tier) >= order(ceiling)


def test_a_12_gb_card_is_told_that_16_bit_would_fit_too() -> None:
    choice = choose(machine(card(12.6)), MEDGEMMA)
    assert "EDGERAD_TIER=16-bit" in choice.note


def test_a_card_that_loads_prepared_weights_is_told_of_a_better_tier_too() -> None:
    """Given a card whose tier by the table is 4-bit, and free memory for 8-bit."""
    small = machine(card(7.9, free_gb=7.4))
    assert choose(small, MEDGEMMA).note == choose(small, MEDGEMMA, prepared=PREPARED).note
    assert "EDGERAD_TIER=8-bit" in choose(small, MEDGEMMA, prepared=PREPARED).note
    assert choose(small, PREPARED).note == ""  # there is nothing better in that folder


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


def test_a_cpu_has_room_for_what_was_read_last_beside_the_case_that_is_read() -> None:
    """A card reads a prompt in no time, so nothing is kept there."""
    plain_bytes, kept_bytes = (
        needed_bytes(MEDGEMMA, Tier.CPU, Dtype.BFLOAT16, keeps_last=keeps)
        for keeps in (False, True)
    )
    assert kept_bytes - plain_bytes == kv_bytes(MEDGEMMA, Dtype.BFLOAT16)
    short = replace(machine(), ram_available_bytes=kept_bytes - 1)
    assert choose(replace(short, ram_available_bytes=kept_bytes), MEDGEMMA).slots == 1
    with pytest.raises(NoTierFits):
        choose(short, MEDGEMMA)
    assert not keeps_last("cuda:0")
    assert keeps_last("cpu")


def test_plain_float16_is_not_to_be_had() -> None:
    assert "float16" not in set(Dtype)


WITH_TEXT = replace(PREPARED, text_file=True)


def test_llama_takes_the_text_first_on_a_cpu_where_it_is_installed_and_prepared_for() -> None:
    installed = replace(machine(flags=FAST), llama=True)
    first, second, *_ = choices(installed, MEDGEMMA, prepared=WITH_TEXT)
    assert (first.llama, first.prepared, first.slots, first.note) == (True, True, 1, "")
    assert "4-bit on the CPU by llama.cpp" in first.reason
    assert not second.llama
    assert not any(each.llama for each in choices(machine(), MEDGEMMA, prepared=WITH_TEXT))
    assert not any(each.llama for each in choices(installed, MEDGEMMA, prepared=PREPARED))


def test_vision_at_8_bits_comes_first_where_it_was_tried_and_float32_is_slow() -> None:
    tried = replace(WITH_TEXT, int8_vision=True)
    plain, fast = (
        replace(machine(flags=flags), llama=True) for flags in (("avx2",), ("avx2", *FAST))
    )
    first, second, *_ = choices(plain, MEDGEMMA, prepared=tried)
    assert (first.llama, first.int8_vision) == (True, True)
    assert "by llama.cpp, vision at 8 bits: " in first.reason
    assert (second.llama, second.int8_vision) == (True, False)  # if the first proves unusable
    for hardware, prepared in (
        (plain, WITH_TEXT),
        (fast, tried),
        (replace(plain, cpu_flags=("asimd",)), tried),
        (replace(plain, llama=False), tried),
    ):
        found = choices(hardware, MEDGEMMA, prepared=prepared)
        assert not any(each.int8_vision for each in found)


def test_llama_is_for_a_cpu_and_for_no_tier_that_somebody_asked_for() -> None:
    carded = replace(machine(card(12)), llama=True)
    assert not choose(carded, MEDGEMMA, prepared=WITH_TEXT).llama
    installed = replace(machine(), llama=True)
    assert not choose(installed, MEDGEMMA, override=Tier.BIT4, prepared=WITH_TEXT).llama
    assert not choose(installed, PRACTICE, prepared=WITH_TEXT).llama


def test_weights_prepared_before_llama_was_installed_are_worth_preparing_once_more() -> None:
    installed = replace(machine(), llama=True)
    assert "once more" in choose(installed, MEDGEMMA, prepared=PREPARED).note
    assert "answer sooner" in choose(installed, MEDGEMMA).note
    assert choose(installed, PREPARED).note == ""


@pytest.mark.parametrize(
    ("hardware", "slots"),
    [
        (machine(card(80, (9, 0))), 8),
        (machine(card(16.9)), 8),
        (machine(card(16.9, free_gb=10.4)), 1),  # 16-bit needs 10.3 GB
        (machine(card(16.9, free_gb=11.2)), 3),
        (machine(card(8.4)), 4),
        (machine(ram_gb=32, flags=FAST), 4),
        (machine(ram_gb=11, flags=FAST), 2),
        (machine(ram_gb=32), 1),  # without bfloat16 instructions nothing is gained
    ],
)
def test_as_many_cases_are_read_at_once_as_what_is_left_free_has_room_for(
    hardware: Hardware, slots: int
) -> None:
    """Beside the weights and one whole case: only caches are held for each case more."""
    assert choose(hardware, MEDGEMMA).slots == slots


def test_a_small_model_reads_several_cases_at_once_on_any_processor() -> None:
    assert choose(machine(), PRACTICE).slots == 4


def test_a_cpu_looks_at_few_slices_of_a_series_and_a_card_at_as_many_as_it_has_room_for() -> None:
    """Each costs a look of many seconds on a CPU; on a card memory: 256 tokens."""
    assert choose(machine(), MEDGEMMA).slices == FEW_SLICES == 12
    assert choose(machine(card(24)), MEDGEMMA).slices == MOST_SLICES == 85
    by_memory = [
        choose(machine(card(16.9, free_gb=free_gb)), MEDGEMMA).slices
        for free_gb in (10.6, 11.0, 11.4)
    ]
    assert by_memory == sorted(by_memory)
    assert FEW_SLICES <= by_memory[0] < by_memory[-1] <= MOST_SLICES
