"""Two practice models are counted on the same pictures, and on which of them they differ."""

import json
from pathlib import Path

import pytest

from inference.practice import same_pictures
from inference.practice.beside import Row, rows
from inference.practice.cases import Group

FILM, OTHER = {"group": "films", "truth": {}}, {"group": "others", "truth": None}
RIGHT = {"right": True, "urgency": True, "no_film": False}
WRONG = {"right": False, "urgency": True, "no_film": True}


def test_a_difference_is_judged_by_the_pictures_on_which_two_models_differ() -> None:
    """McNemar's exact test: five of five for one of them comes by chance 1 in 16."""
    row = Row(name="films", theirs=[True] * 95 + [False] * 5, ours=[True] * 100)
    assert row.only == (0, 5)
    assert row.chance == pytest.approx(2 / 2**5)
    assert "0.950 [0.888, 0.978]  1.000 [0.963, 1.000]" in row.line()
    assert Row(name="films", theirs=[True, False], ours=[True, False]).chance == 1


def test_each_group_is_counted_apart_and_films_called_no_film_too() -> None:
    counted = {
        row.name: row for row in rows([FILM, FILM, OTHER], [RIGHT] * 3, [RIGHT, WRONG, WRONG])
    }
    assert counted["films: all right"].ours == [True, False]
    assert counted["films: urgency"].only == (0, 0)
    assert counted["films: called no film"].only == (0, 1)
    assert counted["others: all right"].only == counted["no films: named so"].only == (1, 0)


def test_a_checkout_draws_pictures_and_its_model_reads_them(tmp_path: Path) -> None:
    same_pictures.draw(tmp_path / "drawn", seed=1, n=1, groups=(Group.CLEAN, Group.NO_FILM))
    same_pictures.read(tmp_path / "drawn", tmp_path / "read.json")
    drawn = json.loads((tmp_path / "drawn" / "cases.json").read_text())
    assert [case["group"] for case in drawn] == [Group.CLEAN] * 2 + [Group.NO_FILM] * 2
    assert [case["truth"] is None for case in drawn] == [False, False, True, True]
    read = json.loads((tmp_path / "read.json").read_text())
    films, others = read[:2], read[2:]
    assert films == [{"right": True, "urgency": True, "no_film": False}] * 2
    assert others == [{"right": True, "urgency": True, "no_film": True}] * 2
