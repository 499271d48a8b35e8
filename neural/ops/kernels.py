"""Kernels of the network for CPUs: each replaces several torch operations by one pass over memory.

Arrays of kind `K` are float32, or the bits of bfloat16 (see `arcsolve.neural.ops.simd`). Arrays of
kind `F` are float32. The `n` rows of `c` channels are the tokens of all examples.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
from numba import types
from numpy.typing import NDArray

from arcsolve.dsl.jit import compiled
from arcsolve.neural.ops.simd import FAST_MATH, exponential, maximum, round_to, widen

NORM_EPSILON = 1e-5
BLOCK = 16  # rows of a softmax that are computed together: long loops that stay in the L1 cache

Array = NDArray[Any]


KERNELS: list[tuple[Any, list[Any]]] = []
"""Every kernel of the network, with the signatures to compile it for."""


def kernel(*shapes: str) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Decorator for a kernel over arrays of these kinds and dimensions ("F2" is float32 in 2-D).

    The kernel is compiled, or loaded from the cache, at its first call or by
    `arcsolve.neural.ops.precompile.warm_up`. It is compiled for float32, and if there is a "K" also
    for bfloat16.
    """
    kinds = {"F": types.float32, "I": types.int64}
    signatures = [
        types.void(*(types.Array({**kinds, "K": kind}[s[0]], int(s[1]), "C") for s in shapes))
        for kind in (types.float32, types.uint16)
    ]
    wanted = signatures if any(s[0] == "K" for s in shapes) else signatures[:1]

    def decorator(function: Callable[..., None]) -> Callable[..., None]:
        ready: Callable[..., None] = compiled(function, fastmath=set(FAST_MATH))
        KERNELS.append((ready, wanted))
        return ready

    return decorator


@kernel("F2", "K2", "F2", "F1")
def add_norm(x: Array, update: Array, normed: Array, scale: Array) -> None:
    """X + update, scaled to a root mean square of 1 over the channels; stores the scale too."""
    n, c = x.shape
    for row in range(n):
        squares = np.float32(0)
        for k in range(c):
            total = x[row, k] + widen(update[row, k])
            normed[row, k] = total
            squares += total * total
        factor = np.float32(1 / math.sqrt(squares / np.float32(c) + np.float32(NORM_EPSILON)))
        scale[row] = factor
        for k in range(c):
            normed[row, k] *= factor


@kernel("F2", "F2", "F1", "F2")
def norm_backward(gradient: Array, normed: Array, scale: Array, out: Array) -> None:
    """The gradient of the sum that `add_norm` scaled to `normed`."""
    n, c = normed.shape
    for row in range(n):
        along = np.float32(0)
        for k in range(c):
            along += gradient[row, k] * normed[row, k]
        along /= np.float32(c)
        factor = scale[row]
        for k in range(c):
            out[row, k] = (gradient[row, k] - normed[row, k] * along) * factor


@kernel("K2", "K2")
def swish_product(both: Array, hidden: Array) -> None:
    """swish(gate) * up, of both (n, 2 * units), which holds the gates first."""
    n, units = hidden.shape
    for row in range(n):
        for k in range(units):
            gate = widen(both[row, k])
            opened = gate / (np.float32(1) + exponential(-gate))
            hidden[row, k] = round_to(opened * widen(both[row, units + k]), hidden)


@kernel("K2", "K2", "K2")
def swish_product_backward(gradient: Array, both: Array, to_both: Array) -> None:
    """The gradients of gate and up, side by side, from the gradient of their product."""
    n, units = gradient.shape
    for row in range(n):
        for k in range(units):
            gate, up = widen(both[row, k]), widen(both[row, units + k])
            share = np.float32(1) / (np.float32(1) + exponential(-gate))
            to = widen(gradient[row, k]) * share
            slope = np.float32(1) + gate * (np.float32(1) - share)
            to_both[row, k] = round_to(to * up * slope, to_both)
            to_both[row, units + k] = round_to(to * gate, to_both)


@kernel("K2")
def softmax(scores: Array) -> None:
    """Softmax over each row, in place."""
    n, c = scores.shape
    cells, block = scores.reshape(n * c), np.empty(BLOCK * c, np.float32)
    for first in range(0, n, BLOCK):
        some = cells[first * c : min(first + BLOCK, n) * c]
        for k in range(some.size):
            block[k] = widen(some[k])
        for start in range(0, some.size, c):
            row, top = block[start : start + c], np.float32(-np.inf)
            for k in range(c):
                top = maximum(top, row[k])
            for k in range(c):
                row[k] -= top
        for k in range(some.size):
            block[k] = exponential(block[k])
        for start in range(0, some.size, c):
            row, total = block[start : start + c], np.float32(0)
            for k in range(c):
                total += row[k]
            share = np.float32(1) / total
            for k in range(c):
                row[k] *= share
        for k in range(some.size):
            some[k] = round_to(block[k], some)


@kernel("K2", "K2")
def softmax_backward(gradient: Array, shares: Array) -> None:
    """The gradient of the scores, stored over the gradient of the attention weights `shares`."""
    n, c = shares.shape
    for row in range(n):
        along = np.float32(0)
        for k in range(c):
            along += widen(gradient[row, k]) * widen(shares[row, k])
        for k in range(c):
            less = widen(gradient[row, k]) - along
            gradient[row, k] = round_to(less * widen(shares[row, k]), gradient)


@kernel("K3", "F3", "K5")
def split_rotary(qkv: Array, rotary: Array, parts: Array) -> None:
    """Split qkv (batch, tokens, 3 * width) into parts (3, batch, heads, tokens, channels).

    Neighboring channels of queries and keys are rotated by `rotary` (2, tokens, width), which holds
    the cosines and sines of their pairs.
    """
    batch, tokens, channels = qkv.shape
    width, (heads, each) = channels // 3, (parts.shape[2], parts.shape[4])
    row = np.empty(channels, np.float32)
    for example in range(batch):
        for token in range(tokens):
            for pair in range(width):
                real = widen(qkv[example, token, 2 * pair])
                imaginary = widen(qkv[example, token, 2 * pair + 1])
                cos, sin = rotary[0, token, pair], rotary[1, token, pair]
                row[2 * pair] = real * cos - imaginary * sin
                row[2 * pair + 1] = real * sin + imaginary * cos
            for k in range(2 * width, channels):
                row[k] = widen(qkv[example, token, k])
            for part in range(3):
                for head in range(heads):
                    first = part * width + head * each
                    for k in range(each):
                        parts[part, example, head, token, k] = round_to(row[first + k], parts)


@kernel("K5", "F3", "K3")
def join_rotary(parts: Array, rotary: Array, qkv: Array) -> None:
    """The gradient of qkv from the gradient of its parts.

    Channels are rotated back. The scale of the queries stays a factor of their gradient.
    """
    batch, tokens, channels = qkv.shape
    width, (heads, each) = channels // 3, (parts.shape[2], parts.shape[4])
    row = np.empty(channels, np.float32)
    for example in range(batch):
        for token in range(tokens):
            for part in range(3):
                for head in range(heads):
                    first = part * width + head * each
                    for k in range(each):
                        row[first + k] = widen(parts[part, example, head, token, k])
            for pair in range(width):
                real, imaginary = row[2 * pair], row[2 * pair + 1]
                cos, sin = rotary[0, token, pair], rotary[1, token, pair]
                row[2 * pair] = real * cos + imaginary * sin
                row[2 * pair + 1] = imaginary * cos - real * sin
            for k in range(channels):
                qkv[example, token, k] = round_to(row[k], qkv)


@kernel("I3", "F4", "F3")
def embed(places: Array, tables: Array, embedded: Array) -> None:
    """Sum the rows of each plane's table at the tokens `places` (batch, planes, cells).

    Each network has tables (planes, tokens, c), and computes its part of the batch.
    """
    batch, planes, cells = places.shape
    networks, c = tables.shape[0], tables.shape[3]
    for example in range(batch):
        table = tables[example * networks // batch]
        for cell in range(cells):
            for k in range(c):
                embedded[example, cell, k] = np.float32(0)
            for plane in range(planes):
                token = places[example, plane, cell]
                for k in range(c):
                    embedded[example, cell, k] += table[plane, token, k]


@kernel("F3", "I3", "F4")
def embed_backward(gradient: Array, places: Array, to_tables: Array) -> None:
    """Add to the gradients of the tables."""
    batch, planes, cells = places.shape
    networks, c = to_tables.shape[0], to_tables.shape[3]
    for example in range(batch):
        to_table = to_tables[example * networks // batch]
        for cell in range(cells):
            for plane in range(planes):
                token = places[example, plane, cell]
                for k in range(c):
                    to_table[plane, token, k] += gradient[example, cell, k]
