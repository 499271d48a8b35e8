"""How products of matrices are computed: in float32 throughout, or by faster units for bfloat16."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import torch

__all__ = ["fast_products", "has_fast_products"]


def has_fast_products() -> bool:
    """Whether this processor has matrix units for bfloat16 (AMX)."""
    return bool(torch.cpu._is_amx_tile_supported())


@contextmanager
def fast_products(wanted: bool = True) -> Iterator[None]:
    """Within it, products of float32 matrices round their factors to bfloat16, if that is faster.

    Sums are in float32. On a machine without such units nothing changes.
    """
    before = torch.get_float32_matmul_precision()
    torch.set_float32_matmul_precision("medium" if wanted and has_fast_products() else before)
    try:
        yield
    finally:
        torch.set_float32_matmul_precision(before)
