"""The frame of a safetensors file: which tensors it holds, and where their numbers stand.

Must not load anything.
"""

import json
from dataclasses import dataclass
from pathlib import Path

from inference.errors import ModelError

_LENGTH_BYTES = 8
_MAX_HEADER_BYTES = 100_000_000


@dataclass(frozen=True, slots=True)
class Tensor:
    """Where a tensor's numbers stand.

    Args:
        dtype: As safetensors calls it, such as `BF16`.
        shape: Its sides.
        begin: First byte in the file.
        end: The byte after its last.
    """

    dtype: str
    shape: tuple[int, ...]
    begin: int
    end: int


def tensors_of(path: Path) -> list[Tensor]:
    """The tensors of a file, whatever they are called.

    Raises:
        ModelError: It is no safetensors file, or not all of one.
    """
    with path.open("rb") as file:
        header_bytes = int.from_bytes(file.read(_LENGTH_BYTES), "little")
        header = file.read(min(header_bytes, _MAX_HEADER_BYTES))
    start = _LENGTH_BYTES + header_bytes
    try:
        tensors = [
            Tensor(
                dtype=str(tensor["dtype"]),
                shape=tuple(map(int, tensor["shape"])),
                begin=start + int(tensor["data_offsets"][0]),
                end=start + int(tensor["data_offsets"][1]),
            )
            for name, tensor in json.loads(header).items()
            if name != "__metadata__"
        ]
    except (ValueError, RecursionError, TypeError, KeyError, IndexError, AttributeError) as error:
        raise ModelError(f"{path.name} is not a safetensors file.") from error
    if any(not start <= tensor.begin <= tensor.end for tensor in tensors):
        raise ModelError(f"{path.name} is not a safetensors file.")
    if path.stat().st_size != max((tensor.end for tensor in tensors), default=start):
        raise ModelError(f"{path.name} is cut short or damaged: copy it again.")
    return tensors
