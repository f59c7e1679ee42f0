"""The faults' tests take minutes, so a name that they wrap and that is gone is noticed here."""

import inspect
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.faults import injections
from tests.faults.injections import wrap
from tests.faults.points import POINTS

TARGETS = re.findall(
    r'"((?:bot|gateway|machine|storage|telegram)[\w.]*:[\w.]+)"',
    "".join(path.read_text() for path in Path(injections.__file__).parent.glob("*.py")),
)


@pytest.mark.parametrize("target", sorted(set(TARGETS)))
def test_whatever_a_fault_wraps_is_there(target: str) -> None:
    wrap(target, lambda function: function)


@pytest.mark.parametrize("name", POINTS)
def test_a_point_where_a_process_dies_is_an_asynchronous_function(name: str) -> None:
    def asynchronous(function: Callable[..., Any]) -> Callable[..., Any]:
        assert inspect.iscoroutinefunction(function)
        return function

    wrap(POINTS[name].target, asynchronous)
