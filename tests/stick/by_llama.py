"""The practice model's text by llama.cpp, as `edgerad model prepare` would leave it.

Run by what a stick installed, where nothing of the project is but that. Prints which of llama.cpp's
builds computes here.
"""

import re
import shutil
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from gguf import GGMLQuantizationType

import inference.practice
from inference.contract import Tier
from inference.footprint import Dtype
from inference.models.text import TEXT_FILE, can_write_text
from inference.runtime.canary import prove, prove_practice
from inference.runtime.gguf import write_text
from inference.runtime.load import load_model
from inference.runtime.probe import measure_hardware
from inference.tiers import TierChoice


def read_a_film() -> None:
    """Have llama.cpp compute the text of a film that the practice model must read rightly."""
    by_llama = TierChoice(
        tier=Tier.CPU, device="cpu", dtype=Dtype.FLOAT32, reason="Tested.", llama=True
    )
    with TemporaryDirectory() as scratch:
        model = Path(inference.practice.__file__).parent / "model"
        folder = Path(shutil.copytree(model, Path(scratch) / "practice"))
        kind = GGMLQuantizationType.Q8_0
        write_text(folder, folder / TEXT_FILE, lambda *_: None, kind=kind)
        loaded = load_model(folder, by_llama)
        prove(loaded)
        prove_practice(loaded)


if __name__ == "__main__":
    if not (measure_hardware().llama and can_write_text()):
        sys.exit("llama.cpp is not installed")
    read_a_film()
    maps = Path("/proc/self/maps").read_text()
    sys.stdout.write(" ".join({*re.findall(r"libggml-cpu[\w-]*", maps)}))
