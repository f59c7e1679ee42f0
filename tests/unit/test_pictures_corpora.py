"""A library's test file of which something else becomes is noticed, and the docs count them all."""

from deploy.release.lock import ROOT, RUNS, entries
from tests.corpora.fetched import NAMES, pinned
from tests.corpora.outcomes import FAULTS, PAGE, Outcome, changed, kept, written

BEFORE = {"film.dcm": Outcome("32x32", 100), "letter.txt": Outcome("refused: seems to be text")}


def test_what_is_the_same_but_for_rounding_is_no_change() -> None:
    assert changed(BEFORE, BEFORE | {"film.dcm": Outcome("32x32", 103)}) == []


def test_another_size_a_darker_picture_a_refusal_a_new_file_and_a_missing_one_are_changes() -> None:
    refused = Outcome("refused: The file is cut short or damaged")
    for film in (Outcome("32x31", 100), Outcome("32x32", 96), refused):
        assert changed(BEFORE, BEFORE | {"film.dcm": film}) == [
            f"film.dcm: was {BEFORE['film.dcm']}, now {film}"
        ]
    assert len(changed(BEFORE, {})) == 2
    assert changed({}, BEFORE)[0].startswith("film.dcm: was None, now ")


def test_no_file_that_is_kept_ended_a_process_or_took_too_long() -> None:
    for corpus in NAMES:
        outcomes = kept(corpus).values()
        assert len(outcomes) > 50
        assert not [each for each in outcomes if each.refused in FAULTS]


def test_the_docs_count_what_is_kept() -> None:
    page = PAGE.read_text(encoding="utf-8")
    assert page == written(page, NAMES)


def test_the_sources_are_of_the_releases_that_are_installed() -> None:
    runs = entries((ROOT / RUNS).read_text(encoding="utf-8"))
    for name in ("pillow", "pillow-heif"):
        assert runs[name].split()[0] == f"{name}=={pinned(name)[0]}"
