"""The choice of an implementation of the operations for a tensor."""

from __future__ import annotations

from types import ModuleType

import torch
from torch import Tensor

from arcsolve.neural.ops import numba_ops as native
from arcsolve.neural.ops import torch_ops as portable


def select_ops(x: Tensor) -> ModuleType:
    """`numba_ops` for float32 on a CPU, else `torch_ops`; both define the same functions."""
    return native if x.device.type == "cpu" and x.dtype == torch.float32 else portable
