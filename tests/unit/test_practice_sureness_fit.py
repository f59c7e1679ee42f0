"""How sure an outline is, is fitted to the truth of drawn photographs and counted on others."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from inference.practice import sureness_fit
from inference.practice.shots import Grade
from inference.practice.sureness_fit import Sample, fitted, of_sureness, sample, samples, written
from pictures.sureness import NAMES, Evidence
from pictures.sureness_weights import WEIGHTS


def drawn(rng: np.random.Generator, count: int) -> list[Sample]:
    """Outlines of which the wrong ones have a step further in, and a lower score."""
    found = []
    for number in range(count):
        right = number % 3 > 0
        values = dict.fromkeys(NAMES, 0.0) | {
            "score": rng.normal(3 if right else 1, 1),
            "inner": rng.normal(0.05 if right else 0.3, 0.05),
        }
        overlap = 0.97 if right else 0.4
        found.append(
            Sample(grade=Grade.USUAL, evidence=Evidence(**values), usable=True, overlap=overlap)
        )
    return found


def test_what_is_fitted_tells_right_outlines_from_wrong_ones() -> None:
    weights = fitted(drawn(np.random.default_rng(1), 300))
    others = drawn(np.random.default_rng(2), 300)
    right = [each.sureness(weights) for each in others if each.overlap > 0.9]
    wrong = [each.sureness(weights) for each in others if each.overlap < 0.8]
    assert np.mean(np.array(right) > 0.9) > 0.9
    assert np.mean(np.array(wrong) < 0.5) > 0.9


def test_sureness_is_the_share_that_is_right() -> None:
    weights = fitted(drawn(np.random.default_rng(1), 600))
    sure = [each.sureness(weights) for each in drawn(np.random.default_rng(3), 600)]
    assert np.mean(sure) == pytest.approx(2 / 3, abs=0.03)


def test_an_outline_that_is_never_cut_out_has_no_sureness() -> None:
    one = drawn(np.random.default_rng(1), 2)[1]
    assert one.sureness(WEIGHTS) > 0
    assert replace(one, usable=False).sureness(WEIGHTS) == 0
    assert replace(one, evidence=None).sureness(WEIGHTS) == 0


def test_what_would_be_cut_out_wrongly_is_counted_for_each_sureness() -> None:
    photos = drawn(np.random.default_rng(1), 30)
    no_film = replace(photos[1], grade=None, overlap=0.0)
    photos[1] = replace(photos[1], overlap=0.4)
    lines = list(of_sureness([*photos, no_film], WEIGHTS))
    cut = [each for each in photos if each.sureness(WEIGHTS) >= 0.5]
    wrong = sum(each.overlap < 0.8 for each in cut)
    assert 0 < wrong < len(cut) < 30
    for line, count in zip(lines, (f"{len(cut)}/30", f"{wrong}/30", "1/1"), strict=False):
        assert count in line


@pytest.mark.parametrize("unseen", [False, True])
def test_a_sample_is_the_same_whenever_it_is_drawn(*, unseen: bool) -> None:
    one, again = (sample(5, unseen, (0, 2)) for _ in range(2))
    assert one == again
    assert one.grade is Grade.TIDY
    assert one.evidence is not None
    assert one != sample(6, unseen, (0, 2))


def test_pictures_without_a_film_are_drawn_with_each_grade() -> None:
    drawn = samples(4, 1, 2, 1, unseen=False)
    assert [each.grade for each in drawn] == [*Grade, None, None]
    assert all(each.overlap == 0 for each in drawn[-2:])


def test_what_is_written_are_weights_as_the_finder_reads_them(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "weights.py"
    monkeypatch.setattr(
        sureness_fit, "samples", lambda *_, **__: drawn(np.random.default_rng(1), 60)
    )
    monkeypatch.setattr("sys.argv", ["sureness_fit", "--out", str(file)])
    sureness_fit.main()
    made: dict[str, object] = {}
    exec(compile(file.read_text(), str(file), "exec"), made)  # noqa: S102 (what was just written)
    assert made["WEIGHTS"] == fitted(drawn(np.random.default_rng(1), 60))
    assert "usual: cut out unasked" in capsys.readouterr().out
    assert written(WEIGHTS).startswith('"""What each piece')
