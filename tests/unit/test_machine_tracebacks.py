"""What is logged of an error: its class and place, once, and nothing that it says."""

import contextlib

from machine.tracebacks import traceback_without_messages


def throw(error: Exception) -> None:
    raise error


def caught(error: Exception) -> Exception:
    """The error with a traceback."""
    with contextlib.suppress(type(error)):
        throw(error)
    return error


def test_a_place_names_class_and_line_and_quotes_nothing() -> None:
    told = traceback_without_messages(caught(ValueError("Amina Bello, 45")))
    assert told.startswith("ValueError")
    assert "in throw" in told
    assert "Amina" not in told


def test_errors_that_stand_behind_each_other_in_a_circle_are_told_once() -> None:
    inner = caught(OSError("x"))
    group = caught(ExceptionGroup("x", [caught(KeyError("x")), inner]))
    inner.__cause__ = group
    told = traceback_without_messages(inner)
    assert [told.count(name) for name in ("OSError", "ExceptionGroup", "KeyError")] == [1, 1, 1]
    assert "because of:" in told
