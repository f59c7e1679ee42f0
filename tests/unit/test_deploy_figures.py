"""The figures of docs/architecture.md are counted rightly; those that must be zero are zero."""

import ast
from pathlib import Path

from deploy.release import figures
from deploy.release.figures import Module

REASONS = {
    # storage/database.py says why: by the public interface a cancelled transaction stays open
    "storage/database.py: _conn",
    "storage/database.py: _execute",
    # torch says only so whether a processor multiplies in bfloat16
    "inference/bfloat16.py: _is_avx512_bf16_supported",
    "inference/bfloat16.py: _is_mkldnn_bf16_supported",
    # transformers names a model's attention only so
    "inference/runtime/measure.py: _attn_implementation",
}


def module(text: str, path: str = "bot/x.py") -> Module:
    return Module(path=Path(path), lines=text.count("\n"), tree=ast.parse(text))


def test_nothing_imports_itself_in_a_circle() -> None:
    assert figures.import_cycles() == []


def test_private_fields_of_others_are_used_for_a_reason_alone() -> None:
    assert set(figures.private_fields_of_others(figures.modules())) == REASONS


def test_a_field_that_a_base_class_elsewhere_keeps_to_itself_is_found() -> None:
    text = "class A(other.B):\n    def f(self):\n        self._own = self._theirs\n"
    assert figures.private_fields_of_others([module(text)]) == ["bot/x.py: _theirs"]


def test_a_field_of_a_base_class_in_the_project_is_no_other_s() -> None:
    base = module("class B:\n    def __init__(self):\n        self._theirs = 1\n", "bot/y.py")
    text = module("class A(B):\n    def f(self):\n        return self._theirs\n")
    assert figures.private_fields_of_others([base, text]) == []


def test_the_longest_function_and_shared_class_names_are_found() -> None:
    one = module("class A: ...\ndef short():\n    pass\n", "bot/one.py")
    two = module("class A: ...\ndef longer():\n    x = 1\n    return x\n", "bot/two.py")
    assert figures.longest_function([one, two]) == (3, "bot/two.py: longer")
    assert figures.shared_class_names([one, two]) == {"A": ["bot/one.py", "bot/two.py"]}
