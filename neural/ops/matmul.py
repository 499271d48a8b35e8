"""Matrix products with the weights of one network, or of several networks that are stacked.

Weights of one network are (outputs, inputs). Weights of several networks are (networks, outputs,
inputs), and the examples of a batch are divided evenly: the first examples belong to the first
network. So one large product computes the products of many small networks.
"""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional

MATRIX = 2  # dimensions of the weight of one network


def linear(x: Tensor, weight: Tensor) -> Tensor:
    """X W^T: (..., inputs) -> (..., outputs)."""
    if weight.ndim == MATRIX:
        return functional.linear(x, weight)
    return (_by_network(x, weight) @ weight.mT).view(*x.shape[:-1], -1)


def linear_backward(gradient: Tensor, weight: Tensor) -> Tensor:
    """The gradient of x in `linear`."""
    if weight.ndim == MATRIX:
        return gradient @ weight
    return (_by_network(gradient, weight) @ weight).view(*gradient.shape[:-1], -1)


def weight_gradient(gradient: Tensor, x: Tensor, weight: Tensor, kind: torch.dtype) -> Tensor:
    """The gradient of the weight in `linear`, summed over rows, in the type `kind`."""
    if weight.ndim == MATRIX:
        return (gradient.flatten(0, -2).T @ x.flatten(0, -2)).to(kind)
    return (_by_network(gradient, weight).mT @ _by_network(x, weight)).to(kind)


def expand_to_examples(parameter: Tensor, examples: int, ndim: int) -> Tensor:
    """Repeat stacked parameters for each example; a parameter of `ndim` dimensions is unchanged."""
    if parameter.ndim == ndim:
        return parameter
    return parameter.repeat_interleave(examples // len(parameter), dim=0)


def _by_network(x: Tensor, weight: Tensor) -> Tensor:
    """(..., channels) to (networks, rows, channels)."""
    return x.reshape(len(weight), -1, x.shape[-1])
