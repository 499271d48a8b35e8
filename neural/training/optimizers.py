"""AdamAtan2 and Muon in plain torch, parameters as one vector, and moving averages of weights."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import torch
from torch import Tensor, nn

NEWTON_SCHULZ = (3.4445, -4.7750, 2.0315)  # coefficients; converge fast to values near 1
NEWTON_SCHULZ_STEPS = 5
TINY = 1e-6  # keeps the division by a norm finite
MUON_SCALE = 0.2  # makes updates as large as those of Adam (arXiv 2502.16982)


class FlatParameters(nn.Module):
    """Parameters and their gradients as one vector each, until `release`.

    Until then the parameters are views of the vector, so that an optimizer takes a few long passes
    instead of many short ones.
    """

    def __init__(self, parts: Sequence[nn.Parameter]) -> None:
        super().__init__()
        self._parts = parts
        self.vector = nn.Parameter(torch.cat([part.detach().flatten() for part in parts]))
        self.gradient = self.vector.grad = torch.zeros_like(self.vector)
        sizes = [part.numel() for part in parts]
        pieces = self.vector.detach().split(sizes), self.gradient.split(sizes)
        for part, weights, gradients in zip(parts, *pieces, strict=True):
            part.data = weights.view_as(part)
            part.grad = gradients.view_as(part)

    def release(self) -> None:
        """Give every parameter memory of its own again, and no gradient."""
        for part in self._parts:
            part.data, part.grad = part.data.clone(), None


class AdamAtan2(torch.optim.Optimizer):
    """Adam with an arc tangent in place of the quotient (arXiv 2407.05872): it needs no epsilon.

    A step first decays a weight by the share `lr` * `weight_decay`. It then moves the weight by
    `lr` times atan2(m, sqrt(v)), at most by `lr` * pi / 2.
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
        # the angle depends on the quotient alone, so one factor corrects both moments
        correction = (1 - second ** state["step"]) ** 0.5 / (1 - first ** state["step"])
        angle = (state["mean"] * correction).atan2_(state["square"].sqrt())
        _move_by(parameter, angle, group, 1.0)


class Muon(AdamAtan2):
    """Momentum with every update matrix replaced by the nearest orthogonal matrix, approximately.

    After Keller Jordan's Muon, with the scale of arXiv 2502.16982. For weights that map vectors to
    vectors; embeddings and heads should have an optimizer of their own. Parameters that are not
    matrices are moved as AdamAtan2 does. Parameters of three dimensions are stacks of matrices.
    """

    momentum = 0.95

    @torch.no_grad()
    def step(self, closure: Any = None) -> None:  # type: ignore[override]
        """Move every parameter that has a gradient; matrices with equal shorter sides together."""
        for group in self.param_groups:
            by_side: dict[int, list[Tensor]] = {}
            for parameter in group["params"]:
                if parameter.grad is not None and parameter.ndim in (2, 3):
                    by_side.setdefault(min(parameter.shape[-2:]), []).append(parameter)
                elif parameter.grad is not None:
                    self._move(parameter, parameter.grad, group)
            for matrices in by_side.values():
                self._move_matrices(matrices, group)

    def _move_matrices(self, matrices: list[Tensor], group: dict[str, Any]) -> None:
        gradients = [self._ahead(m, m.grad) for m in matrices if m.grad is not None]
        for matrix, update in zip(matrices, orthogonalize(gradients), strict=True):
            _move_by(matrix, update, group, MUON_SCALE * max(matrix.shape[-2:]) ** 0.5)

    def _ahead(self, matrix: Tensor, gradient: Tensor) -> Tensor:
        """The gradient with Nesterov momentum."""
        state = self.state[matrix]
        if not state:
            state["mean"] = torch.zeros_like(matrix)
        mean: Tensor = state["mean"].lerp_(gradient, 1 - self.momentum)
        return gradient.lerp(mean, self.momentum)


def _move_by(parameter: Tensor, update: Tensor, group: dict[str, Any], scale: float) -> None:
    """Decay the parameter, and move it against the update."""
    if group["weight_decay"]:
        parameter.mul_(1 - group["lr"] * group["weight_decay"])
    parameter.sub_(update, alpha=scale * group["lr"])


def orthogonalize(matrices: Sequence[Tensor]) -> list[Tensor]:
    """Replace matrices by matrices with all singular values near 1, by Newton-Schulz steps.

    All matrices have the same shorter side. They may be stacks (number, rows, columns).

    A step multiplies a matrix by a polynomial of its Gram matrix. These polynomials commute, so all
    steps run on the square Gram matrices, in shared products, and each matrix is multiplied once.
    """
    flat = [matrix.shape[-2] <= matrix.shape[-1] for matrix in matrices]
    both = list(zip(matrices, flat, strict=True))
    with _float32_products():
        grams = [m @ m.mT if is_flat else m.mT @ m for m, is_flat in both]
        gram = torch.cat([each.view(-1, *each.shape[-2:]) for each in grams])
        norms = gram.diagonal(dim1=1, dim2=2).sum(1).sqrt_().add_(1e-7)[:, None, None]
        factors = _newton_schulz(gram.div_(norms * norms)).div_(norms)
        counts = [each[..., 0, 0].numel() for each in grams]
        parts = (p.view(g.shape) for p, g in zip(factors.split(counts), grams, strict=True))
        each = zip(both, parts, strict=True)
        return [factor @ m if is_flat else m @ factor for (m, is_flat), factor in each]


def _newton_schulz(gram: Tensor) -> Tensor:
    """The product of the factors of all steps, for Gram matrices (number, side, side)."""
    factors = step = _step(gram)
    for _ in range(NEWTON_SCHULZ_STEPS - 1):
        gram = gram @ step @ step
        step = _step(gram)
        factors = factors @ step
    return factors


def _step(gram: Tensor) -> Tensor:
    first, third, fifth = NEWTON_SCHULZ
    step = torch.baddbmm(gram, gram, gram, beta=third, alpha=fifth)
    step.diagonal(dim1=1, dim2=2).add_(first)
    return step


@contextmanager
def _float32_products() -> Iterator[None]:
    """Round no factor of a product while the context is active: Gram matrices amplify errors."""
    before = torch.get_float32_matmul_precision()
    torch.set_float32_matmul_precision("highest")
    try:
        yield
    finally:
        torch.set_float32_matmul_precision(before)


def hidden_matrices(model: nn.Module, ndim: int = 2) -> list[nn.Parameter]:
    """The matrices of a model's blocks, which map states to states; Muon is made for these.

    `ndim` is 2, or 3 for stacked networks.
    """
    return [p for name, p in model.named_parameters() if "blocks." in name and p.ndim == ndim]


@torch.no_grad()
def clip_stacked(parameters: Sequence[Tensor], networks: int, norm: float) -> Tensor:
    """Scale the gradients of each stacked network down to this norm where they exceed it.

    Does for each network what `torch.nn.utils.clip_grad_norm_` does for one. Returns the norms
    before clipping, (networks).
    """
    gradients = [p.grad.view(networks, -1) for p in parameters if p.grad is not None]
    parts = torch.stack([torch.linalg.vector_norm(gradient, dim=1) for gradient in gradients])
    norms: Tensor = torch.linalg.vector_norm(parts, dim=0)
    shares = (norm / (norms + TINY)).clamp(max=1.0)
    torch._foreach_mul_(gradients, [shares[:, None]] * len(gradients))
    return norms


class MovingAverage:
    """An exponential moving average of the weights of a model, or of some parameters.

    The decay after n updates is (1 + n) / (10 + n), at most `decay`, so that the initial weights
    fade soon even in a short training.
    """

    def __init__(self, weights: nn.Module | Sequence[Tensor], decay: float) -> None:
        self.decay, self.updates = decay, 0
        self.weights = [parameter.detach().clone() for parameter in _parameters(weights)]

    @torch.no_grad()
    def update(self, weights: nn.Module | Sequence[Tensor]) -> None:
        """Add the current weights to the average."""
        self.updates += 1
        share = 1 - min(self.decay, (1 + self.updates) / (10 + self.updates))
        for average, parameter in zip(self.weights, _parameters(weights), strict=True):
            average.lerp_(parameter, share)

    @torch.no_grad()
    def copy_to(self, weights: nn.Module | Sequence[Tensor]) -> None:
        """Set the weights to the average."""
        for average, parameter in zip(self.weights, _parameters(weights), strict=True):
            parameter.copy_(average)


def _parameters(weights: nn.Module | Sequence[Tensor]) -> Sequence[Tensor]:
    return list(weights.parameters()) if isinstance(weights, nn.Module) else weights
