"""`python -m inference.runtime.quantise SOURCE TARGET`: a model's weights at 4 bits, file by file.

Knows bitsandbytes' NF4 and how transformers stores it; where llama.cpp is installed, the text comes
along in its format too. Never holds more than one file's tensors, so that a machine too small for
the whole model can do it; a file that is there is not made again. Each line of output is the bytes
done and the bytes there are. Must not know where models live.
"""

import json
import os
import sys
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import bitsandbytes.functional as bnb
import torch
from safetensors import safe_open
from safetensors.torch import save_file
from torch import Tensor

from inference.models.text import TEXT_FILE, can_write_text
from inference.runtime.load import nf4
from inference.runtime.probe import StoredTensor, stored_tensors

FILE_BYTES = 500_000_000
BLOCK = 64  # weights that share a scale: what transformers takes when it quantises at load
NICENESS = 5


def quantise(
    source: Path, target: Path, say: Callable[[int, int], None], *, file_bytes: int = FILE_BYTES
) -> None:
    """Write a model's weights and configuration at 4 bits.

    Args:
        source: A model folder in bfloat16, float16 or float32.
        target: Where they go; files that are there already are kept.
        say: Told the bytes of the source that are done, and how many there are.
        file_bytes: How much of the source goes into one file.
    """
    files = list(_files(list(stored_tensors(source)), file_bytes))
    total_bytes = sum(tensor.size_bytes for tensors in files for tensor in tensors)
    done_bytes = 0
    places: dict[str, str] = {}
    names = [
        f"model-{number:05}-of-{len(files):05}.safetensors" for number in range(1, len(files) + 1)
    ]
    for path in target.glob("model-*"):  # what another version cut in other places
        if path.name not in names:
            path.unlink()
    for name, tensors in zip(names, files, strict=True):
        if not (target / name).exists():
            _write(target / name, tensors)
        with safe_open(target / name, "pt") as file:
            places |= dict.fromkeys(file.keys(), name)
        done_bytes += sum(tensor.size_bytes for tensor in tensors)
        say(done_bytes, total_bytes)
    index = {"metadata": {}, "weight_map": places}
    (target / "model.safetensors.index.json").write_text(json.dumps(index, indent=1) + "\n")
    config = json.loads((source / "config.json").read_text())
    config.pop("torch_dtype", None)
    config |= {"dtype": "bfloat16", "quantization_config": nf4(torch.bfloat16).to_dict()}
    (target / "config.json").write_text(json.dumps(config, indent=1) + "\n")


def _files(tensors: list[StoredTensor], file_bytes: int) -> Iterator[list[StoredTensor]]:
    """Cut the tensors into files, in their order."""
    file: list[StoredTensor] = []
    for tensor in tensors:
        if file and sum(each.size_bytes for each in [*file, tensor]) > file_bytes:
            yield file
            file = []
        file.append(tensor)
    yield file


def _write(path: Path, tensors: list[StoredTensor]) -> None:
    """Write one file, whole or not at all."""
    part = path.with_suffix(".part")
    stored: dict[str, Tensor] = {}
    for tensor in tensors:
        with safe_open(tensor.path, "pt") as file:
            stored |= _stored(tensor, file.get_tensor(tensor.name).to(torch.bfloat16))
    save_file(stored, part, metadata={"format": "pt"})
    with part.open("rb") as file:
        os.fsync(file.fileno())
    part.replace(path)


def _stored(tensor: StoredTensor, weight: Tensor) -> dict[str, Tensor]:
    """A tensor as it is kept. Source: `Linear4bit._save_to_state_dict`."""
    if not tensor.quantisable:
        return {tensor.name: weight}
    packed, state = bnb.quantize_4bit(
        weight, blocksize=BLOCK, compress_statistics=True, quant_type="nf4"
    )
    scales = {f"{tensor.name}.{key}": value for key, value in state.as_dict(packed=True).items()}
    return {tensor.name: packed, **scales}


def main() -> None:
    """Quantise, and tell how far it is."""
    source, target = map(Path, sys.argv[1:])
    os.nice(NICENESS)

    parts: list[Callable[[Callable[[int, int], None]], None]] = [partial(quantise, source, target)]
    if can_write_text():
        from inference.runtime.gguf import write_text  # noqa: PLC0415 - not installed everywhere

        parts.append(partial(write_text, source, target / TEXT_FILE))
    for number, part in enumerate(parts):
        part(partial(_say, number, len(parts)))


def _say(number: int, parts: int, done_bytes: int, total_bytes: int) -> None:
    """A line for one part of several, each taken for as long as the others."""
    sys.stdout.write(f"{number * total_bytes + done_bytes} {parts * total_bytes}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
