"""Which implementation of the steps between products serves a tensor."""

from __future__ import annotations

from types import ModuleType

import torch
from torch import Tensor

from neural import native, portable

__all__ = ["operations_for"]


def operations_for(x: Tensor) -> ModuleType:
    """`neural.native` for float32 on a CPU, else `neural.portable`: the functions are the same."""
    return native if x.device.type == "cpu" and x.dtype == torch.float32 else portable
