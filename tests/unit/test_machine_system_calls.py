"""A filter of system calls lets the named ones through, and no others."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from machine import system_calls
from machine.project import PROJECT_ROOT

HEADERS = [
    Path("/usr/include/x86_64-linux-gnu/asm/unistd_64.h"),
    Path("/usr/include/asm-generic/unistd.h"),  # aarch64's
]


@pytest.mark.skipif(
    not all(map(Path.exists, HEADERS)), reason="no headers of x86-64: apt install libc6-dev"
)
@pytest.mark.parametrize("column", [0, 1])
def test_the_numbers_of_the_calls_are_the_kernels(column: int) -> None:
    text = HEADERS[column].read_text()
    found = re.findall(r"^#define __NR(?:3264)?_(\w+)\s+(\d+)", text, re.MULTILINE)
    kernels = {name: int(number) for name, number in found}
    ours = {name: numbers[column] for name, numbers in system_calls.NUMBERS.items()}
    assert ours == {name: kernels.get(name) for name in ours}


def filtered(script: str) -> str:
    """What a process prints that may only write and end."""
    program = (
        "import os\nfrom machine.system_calls import Filter\n"
        "allowed = Filter(['write', 'exit_group', 'brk', 'mmap', 'munmap', 'futex',"
        f" 'rt_sigreturn', 'read', 'close'])\n{script}"
    )
    told = subprocess.run(
        [sys.executable, "-c", program],
        cwd=PROJECT_ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    return told.stdout


def test_what_is_not_named_is_not_permitted() -> None:
    script = """
held = allowed.switch_on()
try:
    os.mkdir("/tmp/made-behind-a-filter")
except PermissionError:
    os.write(1, f"{held} refused".encode())
os._exit(0)
"""
    assert filtered(script).startswith("True refused")


def test_on_an_unknown_processor_there_is_no_filter_and_it_is_said() -> None:
    script = """
import platform
platform.machine = lambda: "riscv64"
print(Filter(["write"]).switch_on())
"""
    assert filtered(script).strip() == "False"


def test_a_call_by_another_architectures_number_ends_the_process() -> None:
    """Numbers mean other calls there: the filter looks at the architecture first."""
    foreign = system_calls.instructions(0xC000_00B7, [64])
    first = [foreign[at : at + 8] for at in range(0, 24, 8)]
    assert first[0][4:] == (4).to_bytes(4, sys.byteorder)
    assert first[2][4:] == (0x8000_0000).to_bytes(4, sys.byteorder)
