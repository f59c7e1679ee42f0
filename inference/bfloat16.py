"""Whether this processor multiplies in bfloat16, or torch emulates that, many times slower.

Must not know models or tiers.
"""

import torch


def multiplies_bfloat16() -> bool:
    """Whether this processor has instructions for bfloat16 products.

    Returns:
        True also where it cannot be told and the library says that it has a fast way.
    """
    if torch.backends.cpu.get_cpu_capability().startswith("AVX"):
        return bool(torch.cpu._is_avx512_bf16_supported())  # noqa: SLF001 - there is no public way
    return bool(torch.ops.mkldnn._is_mkldnn_bf16_supported())  # noqa: SLF001 - likewise
