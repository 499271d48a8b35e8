"""How products of matrices are computed: in float32 throughout, or by faster units for bfloat16."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import torch
from torch import Tensor

FAST = "medium"  # torch's word for float32 products with factors in bfloat16


def has_fast_matmul() -> bool:
    """Whether this processor multiplies bfloat16 faster than float32: by AMX, or by AVX-512 BF16.

    The first has some four times the FLOPs a second of float32, the second twice.
    """
    return bool(torch.cpu._is_amx_tile_supported() or torch.cpu._is_avx512_bf16_supported())


@contextmanager
def fast_matmul(wanted: bool = True) -> Iterator[None]:
    """Within it, products of float32 matrices round their factors to bfloat16, if that is faster.

    Sums are in float32. On a machine without such units nothing changes. For networks on another
    device they are not `wanted`: what this processor has says nothing about that one.
    """
    before = torch.get_float32_matmul_precision()
    torch.set_float32_matmul_precision(FAST if wanted and has_fast_matmul() else before)
    try:
        yield
    finally:
        torch.set_float32_matmul_precision(before)


def matmul_type(x: Tensor) -> torch.dtype:
    """The type in which the layers multiply x on a CPU: its own, or bfloat16 in `fast_products`.

    What lies between two products is then rounded to it as well; states and norms are not. Other
    devices round in their own ways, by torch's setting.
    """
    fast = x.device.type == "cpu" and torch.get_float32_matmul_precision() == FAST
    return torch.bfloat16 if fast and x.dtype == torch.float32 else x.dtype
