"""The faults' tests take minutes, so a name that they wrap and that is gone is noticed here."""

import re
from pathlib import Path

import pytest

from tests.faults import injections
from tests.faults.injections import wrap

TARGETS = re.findall(
    r'"((?:bot|gateway|machine|storage|telegram)[\w.]*:[\w.]+)"',
    "".join(path.read_text() for path in Path(injections.__file__).parent.glob("*.py")),
)


@pytest.mark.parametrize("target", sorted(set(TARGETS)))
def test_whatever_a_fault_wraps_is_there(target: str) -> None:
    wrap(target, lambda function: function)
