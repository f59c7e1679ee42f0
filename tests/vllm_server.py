"""vLLM with the practice model, in a virtual environment of its own: it pins its own torch."""

import json
import os
import shutil
from pathlib import Path

from inference.practice.folder import MODEL_FOLDER
from tests.llama_server import as_published

PYTHON = os.environ.get("EDGERAD_VLLM_PYTHON")
"""The Python that vLLM is installed for; None if the tests are to do without."""
SEQUENCES = 2
_LINES = ("\n\n", "\n\n\n", "\n\n\n\n")


def vllm_server(folder: Path, *, name: str, key: str) -> list[str]:
    """What starts vLLM's OpenAI server on a CPU.

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
    _name_empty_lines(model)
    assert PYTHON is not None
    return [
        *("env", "VLLM_NO_USAGE_STATS=1", "DO_NOT_TRACK=1", "VLLM_CPU_KVCACHE_SPACE=1"),
        "VLLM_CPU_OMP_THREADS_BIND=nobind",  # or each of two servers takes the same core
        *(PYTHON, "-m", "vllm.entrypoints.openai.api_server"),
        *("--model", str(model), "--served-model-name", name, "--api-key", key),
        *("--dtype", "bfloat16", "--max-model-len", "4096", "--enforce-eager"),
        *("--max-num-seqs", str(SEQUENCES), "--limit-mm-per-prompt", '{"image": 10}'),
    ]


def _name_empty_lines(model: Path) -> None:
    """Name the tokens of several line ends, by which vLLM knows Gemma's vocabulary.

    The practice model has only that of one. No merge leads to these, so no text gets them.
    """
    file = model / "tokenizer.json"
    tokenizer = json.loads(file.read_text())
    vocabulary = tokenizer["model"]["vocab"]
    vocabulary |= {lines: len(vocabulary) + n for n, lines in enumerate(_LINES)}
    file.write_text(json.dumps(tokenizer))
