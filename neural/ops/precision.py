"""The precision of matrix products: float32 throughout, or faster units for bfloat16 factors."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import torch
from torch import Tensor

FAST = "medium"  # torch's name for float32 products with factors in bfloat16


def has_fast_matmul() -> bool:
    """True if this processor multiplies bfloat16 faster than float32, by AMX or AVX-512 BF16.

    AMX makes about four times the FLOPs per second of float32, AVX-512 BF16 about twice.
    """
    return bool(torch.cpu._is_amx_tile_supported() or torch.cpu._is_avx512_bf16_supported())


@contextmanager
def fast_matmul(wanted: bool = True) -> Iterator[None]:
    """Round the factors of float32 matrix products to bfloat16 while the context is active.

    Sums stay in float32. Nothing changes on a machine where that is not faster, or if not `wanted`:
    pass False for networks on another device, which this processor says nothing about.
    """
    before = torch.get_float32_matmul_precision()
    torch.set_float32_matmul_precision(FAST if wanted and has_fast_matmul() else before)
    try:
        yield
    finally:
        torch.set_float32_matmul_precision(before)


def matmul_type(x: Tensor) -> torch.dtype:
    """The type in which the layers multiply x on a CPU: its own, or bfloat16 in `fast_matmul`.

    Results between two products are rounded to this type as well. States and norms are not. Other
    devices round by torch's own setting.
    """
    fast = x.device.type == "cpu" and torch.get_float32_matmul_precision() == FAST
    return torch.bfloat16 if fast and x.dtype == torch.float32 else x.dtype
