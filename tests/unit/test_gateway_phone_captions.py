"""The caption as the page understands it before it is sent: never more than the bot does."""

import csv
import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from bot.captions import parse_caption
from bot.captions.kinds import kind_said
from inference.contract import PictureKind, Sex

ROOT = Path(__file__).parents[2]
STATIC = ROOT / "gateway" / "phone" / "static"
CAPTIONS = ROOT / "tests" / "data" / "captions"
LANGUAGES = ("en", "fr", "pt", "ha")
SCRIPT = """
import * as caption from "./caption.js";
import * as words from "./caption-words.js";
let told = "";
for await (const piece of process.stdin) told += piece;
let last = "";
const answer = ([name, ...told]) => {
  const given = told.map((each) => (each === "$" ? last : each));
  last = name === "givenAway" ? caption.givenAway(given[0], words) : caption[name](...given);
  return last;
};
console.log(JSON.stringify(JSON.parse(told).map(answer)));
"""
needs_node = pytest.mark.skipif(shutil.which("node") is None, reason="Node is not installed")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The page's modules as Node takes them."""
    folder = tmp_path_factory.mktemp("page")
    for module in ("caption.js", "caption-words.js"):
        shutil.copy(STATIC / module, folder)
    (folder / "package.json").write_text('{"type": "module"}', encoding="ascii")
    (folder / "answer.js").write_text(SCRIPT, encoding="ascii")
    return folder


def ask(folder: Path, *calls: tuple[str | None, ...]) -> list[Any]:
    """What the page's functions give; a call is a name and arguments, `$` for the last answer."""
    done = subprocess.run(
        ["node", "answer.js"],  # noqa: S607 - the one on the path, as npm uses it
        cwd=folder,
        input=json.dumps(calls).encode(),
        capture_output=True,
        check=True,
        timeout=60,
    )
    answers: list[Any] = json.loads(done.stdout)
    return answers


def rows(name: str) -> list[dict[str, str]]:
    with (CAPTIONS / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))


@needs_node
@pytest.mark.parametrize("name", ["written_first.tsv", "kept_aside.tsv"])
def test_what_the_page_shows_of_a_caption_is_what_it_says(folder: Path, name: str) -> None:
    captions = rows(name)
    said = ask(folder, *(("facts", row["caption"]) for row in captions))
    for row, facts in zip(captions, said, strict=True):
        age = f"{facts['age']}{facts['unit'][0]}" if facts["age"] else "-"
        assert age in {"-", row["age"]}, row
        assert facts["sex"] in {None, row["sex"]}, row
        assert facts["record"] in {"", row["reference"]}, row


@needs_node
def test_no_ordinary_word_of_a_caption_is_taken_for_a_name(folder: Path) -> None:
    captions = [row["caption"] for row in rows("written_first.tsv") if row["hidden"] == "-"]
    found = ask(folder, *(("givenAway", caption) for caption in captions))
    assert [caption for caption, name in zip(captions, found, strict=True) if name] == []


@needs_node
def test_nearly_every_name_in_a_caption_is_noticed(folder: Path) -> None:
    every = rows("written_first.tsv") + rows("kept_aside.tsv")
    named = [row["caption"] for row in every if row["hidden"][:1].isalpha()]
    found = ask(folder, *(("givenAway", caption) for caption in named))
    assert len(named) > 20
    assert sum(map(bool, found)) / len(named) >= 0.9


@needs_node
@pytest.mark.parametrize(
    ("caption", "away"),
    [
        ("F, 34 y, cough, Amina Bello", "Amina Bello"),
        ("Mme Traoré, toux", "Traoré"),
        ("nome: João Silva, tosse", "João Silva"),
        ("cough, call +234 803 123 4567", "+234 803 123 4567"),
        ("telefone 991 23 45, tosse", "991 23 45"),
        ("F, 34 y, cough for 3 weeks, ref 2231", None),
        ("Right lower zone? HIV positive, TB contact", None),
    ],
)
def test_what_gives_a_person_away_is_shown(folder: Path, caption: str, away: str | None) -> None:
    assert ask(folder, ("givenAway", caption)) == [away]


def test_the_page_has_the_names_that_the_bot_has() -> None:
    text = (STATIC / "caption-words.js").read_text(encoding="utf-8")
    for export, file in (("names", "names.txt"), ("known", "known_words.txt")):
        lists = text.split(f"export const {export} = words(`")[1].split("`")[0].split()
        lines = (ROOT / "bot" / "captions" / file).read_text(encoding="utf-8").splitlines()
        kept = {word for line in lines if not line.startswith("#") for word in line.split()}
        assert set(lists) == kept


def page_words(language: str) -> dict[str, str]:
    """The page's words, as far as they stand on one line."""
    text = (STATIC / "words" / f"{language}.js").read_text(encoding="utf-8")
    lines = (line.strip().rstrip(",").partition(": ") for line in text.splitlines())
    return {key: words.strip('"') for key, _, words in lines if words.startswith('"')}


@needs_node
@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_tapped_is_what_the_bot_understands(folder: Path, language: str) -> None:
    words = page_words(language)
    years, months = (words[key].replace("{n}", "34") for key in ("ageYears", "ageMonths"))
    for age, expected in ((years, 34.0), (months, 34 / 12)):
        *_, caption, facts = ask(
            folder,
            ("withSex", words["signCough"], "F"),
            ("withAge", "$", age),
            ("withRecord", "$", "2231"),
            ("facts", "$"),
        )
        understood = parse_caption(caption)
        assert understood.patient.sex is Sex.FEMALE, caption
        assert understood.patient.age_years == pytest.approx(expected), caption
        assert understood.patient_reference == "2231", caption
        assert (facts["sex"], facts["age"], facts["record"]) == ("F", "34", "2231"), caption


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_kind_that_is_tapped_is_the_kind_that_the_bot_understands(language: str) -> None:
    words = page_words(language)
    caption = f"F, 34, {words['signCough']}, "
    assert kind_said(caption + words["kindChest"]) is PictureKind.CHEST
    assert kind_said(caption + words["kindCt"]) is PictureKind.CT
    assert kind_said(words["kindBone"]) is PictureKind.BONE
    assert kind_said(words["kindSkin"]) is PictureKind.SKIN


@needs_node
@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_tapped_can_be_taken_back_and_leaves_what_was_typed(
    folder: Path, language: str
) -> None:
    words = page_words(language)
    typed = "Since Monday, worse"
    steps: list[tuple[str, str | None, str | None]] = [
        ("withSex", "M", None),
        ("withAge", words["ageYears"].replace("{n}", "7"), ""),
        ("withRecord", "A-12", ""),
    ]
    taps = (words["signFever"], words["kindChest"]) * 2
    *_, caption = ask(
        folder,
        ("withWord", typed, taps[0]),
        *((name, "$", there) for name, there, _ in steps),
        *(("withWord", "$", word) for word in taps[1:]),
        *((name, "$", back) for name, _, back in steps),
    )
    assert caption == typed
