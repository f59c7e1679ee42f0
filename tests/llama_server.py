"""llama-server with the practice model, whose files llama.cpp's own converter makes."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

from safetensors.torch import load_file, save_file
from sentencepiece.sentencepiece_model_pb2 import ModelProto, TrainerSpec

from inference.practice.folder import MODEL_FOLDER

BUILT = Path(sys.prefix, "llama-server")
"""Where `make llama-server` puts it, and the converter beside it."""
SERVER = BUILT / "llama-server"
SLOTS = 2


def llama_server(folder: Path, *, name: str, key: str) -> list[str]:
    """What starts llama-server.

    Args:
        folder: For its files.
        name: The model's, as it tells it.
        key: Asked of whoever asks it.

    Returns:
        The command.
    """
    model = folder / "model"
    shutil.copytree(MODEL_FOLDER, model)
    as_published(model)
    text, vision_id = folder / "text.gguf", folder / "mmproj.gguf"
    _convert(model, text)
    _convert(model, vision_id, "--mmproj")
    return [
        *(str(SERVER), "--model", str(text), "--mmproj", str(vision_id), "--alias", name),
        *("--ctx-size", str(SLOTS * 4096), "--parallel", str(SLOTS), "--threads", "1"),
        *("--api-key", key, "--offline"),
    ]


def as_published(model: Path) -> None:
    """Give a model folder the form in which Gemma 3 is published, which the converter knows."""
    config = json.loads((model / "config.json").read_text())
    config["text_config"]["sliding_window_pattern"] = 1  # every layer sees all: it assumes 1 in 6
    (model / "config.json").write_text(json.dumps(config))
    weights = load_file(model / "model.safetensors")
    named = {
        name.replace("vision_tower.", "vision_tower.vision_model."): weight
        for name, weight in weights.items()
    }
    save_file(named, model / "model.safetensors", {"format": "pt"})
    vocabulary = json.loads((model / "tokenizer.json").read_text())
    (model / "tokenizer.model").write_bytes(_sentencepiece(vocabulary).SerializeToString())


def _sentencepiece(tokenizer: dict[str, Any]) -> ModelProto:
    """The same vocabulary in SentencePiece's form: what was merged earlier is preferred."""
    vocabulary, merges = tokenizer["model"]["vocab"], tokenizer["model"]["merges"]
    ranks = {"".join(pair): rank for rank, pair in enumerate(merges)}
    control = {token["content"] for token in tokenizer["added_tokens"]}
    kinds = ModelProto.SentencePiece
    proto = ModelProto()
    for text in sorted(vocabulary, key=vocabulary.__getitem__):
        piece = proto.pieces.add(piece=text)
        if text == "<unk>":
            piece.type = kinds.UNKNOWN
        elif text in control:
            piece.type = kinds.CONTROL
        elif text.startswith("<0x"):
            piece.type = kinds.BYTE
        else:
            piece.score = -ranks.get(text, len(ranks))
    trainer = proto.trainer_spec
    trainer.model_type, trainer.byte_fallback = TrainerSpec.BPE, True
    for name in ("unk", "bos", "eos", "pad"):
        setattr(trainer, f"{name}_id", vocabulary[f"<{name}>"])
    proto.normalizer_spec.add_dummy_prefix = False
    proto.normalizer_spec.remove_extra_whitespaces = False
    return proto


def _convert(model: Path, target: Path, *options: str) -> None:
    command = [sys.executable, str(BUILT / "convert_hf_to_gguf.py"), str(model)]
    done = subprocess.run(
        [*command, "--outtype", "f32", "--outfile", str(target), *options],
        env={**os.environ, "HF_HUB_OFFLINE": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
