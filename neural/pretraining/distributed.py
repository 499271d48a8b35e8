"""The processes that train one network together, started by torchrun on one machine or several."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import torch
from torch import Tensor, distributed


@dataclass(frozen=True, slots=True)
class ProcessGroup:
    """The group of processes; this process is number `rank` of `world_size`."""

    rank: int = 0
    world_size: int = 1

    @property
    def is_main(self) -> bool:
        """True if this process writes files and logs."""
        return self.rank == 0

    def all_reduce_mean(self, tensors: Iterable[Tensor]) -> None:
        """Replace tensors by their means over all processes; all processes must call it."""
        if self.world_size > 1:
            for tensor in tensors:
                distributed.all_reduce(tensor)
                tensor /= self.world_size

    def any(self, flag: bool) -> bool:
        """True if the flag is set in any process; all processes must call it."""
        if self.world_size == 1:
            return flag
        flags = torch.tensor(float(flag))
        distributed.all_reduce(flags)
        return bool(flags > 0)

    def all_equal(self, number: int) -> bool:
        """True if the number is the same in all processes; all processes must call it."""
        if self.world_size == 1:
            return True
        ends = torch.tensor([number, -number])  # maxima: the largest, and minus the least
        distributed.all_reduce(ends, distributed.ReduceOp.MAX)
        return int(ends.sum()) == 0


@contextmanager
def join_process_group(device: str) -> Iterator[ProcessGroup]:
    """Join the group that torchrun's environment variables name; without them a group of one."""
    if int(os.environ.get("WORLD_SIZE", "1")) == 1:
        yield ProcessGroup()
        return
    distributed.init_process_group("gloo" if device == "cpu" else f"cpu:gloo,{device}:nccl")
    try:
        yield ProcessGroup(distributed.get_rank(), distributed.get_world_size())
    finally:
        distributed.destroy_process_group()
