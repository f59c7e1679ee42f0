"""What is measured of cards, with CUDA's answers made up."""

from dataclasses import dataclass

import psutil
import pytest
import torch

from inference.contract import Tier
from inference.errors import NoTierFits
from inference.footprint import Dtype, Footprint
from inference.runtime import probe
from inference.runtime.probe import measure_hardware
from inference.tiers import GB, choose
from machine.cgroups import CgroupLimits

MEDGEMMA = Footprint(
    quantisable=3_208_642_560,
    kept=1_091_000_000,
    kv_elements=102_760_448,
    activation_elements=167_772_160,
)


@dataclass(frozen=True)
class Properties:
    """As `torch.cuda.get_device_properties` gives them."""

    name: str
    major: int
    minor: int
    is_integrated: int = 0


@dataclass(frozen=True)
class Memory:
    """As `psutil.virtual_memory` gives it."""

    total: int = 32 * GB
    available: int = 20 * GB


def plug_in(monkeypatch: pytest.MonkeyPatch, *cards: tuple[Properties, int, int]) -> None:
    """Cards as (properties, free bytes, total bytes)."""
    monkeypatch.setattr(torch.cuda, "device_count", lambda: len(cards))
    monkeypatch.setattr(torch.cuda, "get_device_properties", lambda index: cards[index][0])
    monkeypatch.setattr(torch.cuda, "mem_get_info", lambda index: cards[index][1:])
    monkeypatch.setattr(psutil, "virtual_memory", Memory)
    limit(monkeypatch, CgroupLimits())


def limit(monkeypatch: pytest.MonkeyPatch, limits: CgroupLimits) -> None:
    """What control groups let the process have."""
    monkeypatch.setattr(probe, "measure_limits", lambda *, process: limits)


def test_a_card_is_measured_with_what_other_programs_hold(monkeypatch: pytest.MonkeyPatch) -> None:
    plug_in(monkeypatch, (Properties("T4", 7, 5), 15 * GB, 16 * GB))
    (gpu,) = measure_hardware().gpus
    assert (gpu.name, gpu.capability, gpu.unified) == ("T4", (7, 5), False)
    assert (gpu.free_bytes, gpu.total_bytes) == (15 * GB, 16 * GB)
    choice = choose(measure_hardware(), MEDGEMMA)
    assert (choice.tier, choice.dtype) == (Tier.BIT16, Dtype.GUARDED_FLOAT16)


def test_on_a_jetson_what_the_system_can_give_is_free(monkeypatch: pytest.MonkeyPatch) -> None:
    """CUDA there counts the file cache as taken; 20 of 32 GB can be had."""
    plug_in(monkeypatch, (Properties("Orin", 8, 7, is_integrated=1), 3 * GB, 32 * GB))
    (gpu,) = measure_hardware().gpus
    assert gpu.unified
    assert gpu.free_bytes == 20 * GB
    assert choose(measure_hardware(), MEDGEMMA).tier is Tier.BIT16


def test_of_several_cards_the_freest_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    plug_in(
        monkeypatch,
        (Properties("busy", 8, 6), 2 * GB, 24 * GB),
        (Properties("idle", 8, 6), 11 * GB, 12 * GB),
    )
    choice = choose(measure_hardware(), MEDGEMMA)
    assert (choice.device, choice.tier) == ("cuda:1", Tier.BIT8)
    assert "EDGERAD_TIER=16-bit" in choice.note


def test_in_a_container_only_what_it_may_have_is_free(monkeypatch: pytest.MonkeyPatch) -> None:
    """The machine has 20 GB free, and whoever takes more than 3 more of the 4 is killed."""
    plug_in(monkeypatch)
    limit(monkeypatch, CgroupLimits(memory_bytes=4 * GB, free_bytes=3 * GB, cpus=1.5))
    hardware = measure_hardware()
    assert (hardware.ram_total_bytes, hardware.ram_allowed_bytes) == (32 * GB, 4 * GB)
    assert (hardware.ram_available_bytes, hardware.cpus_allowed) == (3 * GB, 1.5)
    with pytest.raises(NoTierFits, match=r"3\.0 GB of the 4\.0 GB allowed are free on the CPU"):
        choose(hardware, MEDGEMMA)


def test_a_limit_above_what_the_machine_has_changes_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    plug_in(monkeypatch)
    limit(monkeypatch, CgroupLimits(memory_bytes=64 * GB, free_bytes=60 * GB))
    hardware = measure_hardware()
    assert (hardware.ram_allowed_bytes, hardware.ram_available_bytes) == (None, 20 * GB)


def test_a_limit_holds_on_a_jetson_too(monkeypatch: pytest.MonkeyPatch) -> None:
    plug_in(monkeypatch, (Properties("Orin", 8, 7, is_integrated=1), 3 * GB, 32 * GB))
    limit(monkeypatch, CgroupLimits(memory_bytes=8 * GB, free_bytes=7 * GB))
    assert measure_hardware().gpus[0].free_bytes == 7 * GB


def test_threads_are_no_more_than_the_time_pays_for(monkeypatch: pytest.MonkeyPatch) -> None:
    plug_in(monkeypatch)
    monkeypatch.setattr(psutil, "cpu_count", lambda **_: 8)
    monkeypatch.setattr(probe, "usable_cpus", lambda *, process: 2)
    assert measure_hardware().cpu_cores == 2
