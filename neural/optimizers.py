"""AdamAtan2 in plain torch, and the moving average of weights that predictions are made with."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import torch
from torch import Tensor, nn

__all__ = ["AdamAtan2", "MovingAverage"]


class AdamAtan2(torch.optim.Optimizer):
    """Adam whose quotient is an arc tangent (arXiv 2407.05872), so that it needs no epsilon.

    A step moves a weight by `lr` times atan2(m, sqrt(v)), at most `lr` * pi / 2, after the weight
    has decayed by the share `lr` * `weight_decay`.
    """

    def __init__(
        self,
        params: Iterable[Tensor],
        lr: float,
        betas: tuple[float, float] = (0.9, 0.95),
        weight_decay: float = 0.0,
    ) -> None:
        super().__init__(params, {"lr": lr, "betas": betas, "weight_decay": weight_decay})

    @torch.no_grad()
    def step(self, closure: Any = None) -> None:  # type: ignore[override]
        """Move every parameter that has a gradient."""
        for group in self.param_groups:
            for parameter in group["params"]:
                if parameter.grad is not None:
                    self._move(parameter, parameter.grad, group)

    def _move(self, parameter: Tensor, gradient: Tensor, group: dict[str, Any]) -> None:
        state = self.state[parameter]
        if not state:
            state["step"] = 0
            state["mean"] = torch.zeros_like(parameter)
            state["square"] = torch.zeros_like(parameter)
        state["step"] += 1
        first, second = group["betas"]
        state["mean"].lerp_(gradient, 1 - first)
        state["square"].mul_(second).addcmul_(gradient, gradient, value=1 - second)
        mean = state["mean"] / (1 - first ** state["step"])
        deviation = (state["square"] / (1 - second ** state["step"])).sqrt_()
        parameter.mul_(1 - group["lr"] * group["weight_decay"])
        parameter.sub_(torch.atan2(mean, deviation), alpha=group["lr"])


class MovingAverage:
    """Exponential moving average of a model's weights.

    `decay` is approached from below, (1 + n) / (10 + n) after n updates, so that the first
    weights do not linger in a short training.
    """

    def __init__(self, model: nn.Module, decay: float) -> None:
        self.decay, self.updates = decay, 0
        self.weights = [parameter.detach().clone() for parameter in model.parameters()]

    @torch.no_grad()
    def update(self, model: nn.Module) -> None:
        """Take in the weights that the model has now."""
        self.updates += 1
        share = 1 - min(self.decay, (1 + self.updates) / (10 + self.updates))
        for average, parameter in zip(self.weights, model.parameters(), strict=True):
            average.lerp_(parameter, share)

    @torch.no_grad()
    def copy_to(self, model: nn.Module) -> None:
        """Set the model's weights to the average."""
        for average, parameter in zip(self.weights, model.parameters(), strict=True):
            parameter.copy_(average)
