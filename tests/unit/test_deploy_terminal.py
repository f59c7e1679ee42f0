"""What people read in a terminal of 80 columns: whole words, and no empty line before them."""

import io
import json
import re
from pathlib import Path

import pytest
import typer
from rich.console import Console

from deploy.commands import model as commands
from deploy.terminal import say
from inference.models import InstalledModel
from inference.models.text import TEXT_FILE
from inference.models.vision import PROOF_FILE, VisionProof

SENTENCE = "This EdgeRad was not installed from a stick. From source: docs/update.md says how."
LINK = f"http://{'a' * 90}.local:8081/join"


def console(*, seen: bool) -> Console:
    return Console(file=io.StringIO(), width=80, force_terminal=seen, color_system=None)


def said(console: Console) -> str:
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


def screen(written: str) -> list[str]:
    """The lines that stand on a terminal in the end."""
    lines, at = [""], 0
    for part in re.findall(r"\x1b\[\d*A|\x1b\[2K|\x1b\[[?\d;]*\w|\r|\n|[^\x1b\r\n]+", written):
        if part == "\n":
            at += 1
            lines += [""] * (at == len(lines))
        elif part.endswith("A") and part.startswith("\x1b"):
            at -= int(part[2:-1] or 1)
        elif part == "\x1b[2K":
            lines[at] = ""
        elif not part.startswith(("\x1b", "\r")):
            lines[at] += part
    return lines


def test_a_sentence_is_broken_between_words_where_somebody_reads_it() -> None:
    say(at := console(seen=True), SENTENCE)
    assert [len(line) <= 80 for line in said(at).splitlines()] == [True, True]
    assert said(at).split() == SENTENCE.split()


def test_a_sentence_is_on_one_line_in_a_file() -> None:
    say(at := console(seen=False), SENTENCE)
    assert said(at) == f"{SENTENCE}\n"


def test_a_link_that_is_wider_than_the_terminal_stays_whole() -> None:
    say(at := console(seen=True), f"Open {LINK} on a phone.")
    assert LINK in said(at)


@pytest.fixture
def seen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Console:
    """The terminal of `edgerad model`, on a data folder of the test's own."""
    monkeypatch.setenv("EDGERAD_HOME", str(tmp_path / "data"))
    at = console(seen=True)
    monkeypatch.setattr(commands, "console", at)
    return at


def test_no_empty_line_stands_before_what_became_of_the_models(seen: Console) -> None:
    commands.verify(None)
    assert screen(said(seen))[0] == "practice: every file is as it was"


def test_a_wrong_folder_is_answered_with_all_that_is_missing_and_how_a_right_one_looks(
    seen: Console, tmp_path: Path
) -> None:
    config = {"architectures": ["Gemma3ForConditionalGeneration"], "model_type": "gemma3"}
    (tmp_path / "config.json").write_text(json.dumps(config))
    (tmp_path / "chat_template.jinja").write_text("{{ messages }}")
    with pytest.raises(typer.Exit):
        commands.add(tmp_path, None)
    assert screen(said(seen))[:-1] == [
        "Missing: the tokenizer (tokenizer.json or tokenizer.model), the image processor",
        "(processor_config.json or preprocessor_config.json), model.safetensors.",
        "A model's folder holds config.json, tokenizer.json, processor_config.json,",
        "chat_template.jinja and *.safetensors: all files of its page on Hugging Face.",
    ]


@pytest.mark.parametrize(
    ("files", "words"),
    [
        ((), None),
        ((TEXT_FILE,), "Vision stays float32, as its trial at 8 bits was cut off."),
        ((TEXT_FILE, PROOF_FILE), "Vision at 8 bits: of 6 films 6 read in the same words"),
    ],
)
def test_what_came_of_vision_at_8_bits_is_said_where_it_was_tried(
    files: tuple[str, ...], words: str | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With llama.cpp's text in the folder; a trial without a proof did not come to its end."""
    proof = VisionProof(films=6, cosine=0.999, same_words=6, same_urgency=6)
    for name in files:
        (tmp_path / name).write_text(proof.model_dump_json())
    made = InstalledModel(name="medgemma-nf4", path=tmp_path, practice=False)
    at = console(seen=False)
    monkeypatch.setattr(commands, "console", at)
    monkeypatch.setattr(commands, "prepare_model", lambda *_args, **_more: made)
    monkeypatch.setattr(commands, "_ready", lambda _model: None)
    commands.prepare()
    assert (words or "") in said(at)
    assert ("ision" in said(at)) == (words is not None)
