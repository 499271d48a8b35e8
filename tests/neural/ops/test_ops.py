"""Every kernel for CPUs gives the results of plain torch, in both types."""

from __future__ import annotations

import math
import subprocess
import sys
from collections.abc import Callable, Iterator
from types import ModuleType
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor

from arcsolve.neural.ops import numba_ops as native
from arcsolve.neural.ops import torch_ops as portable
from arcsolve.neural.ops.dispatch import select_ops
from arcsolve.neural.ops.kernels import KERNELS
from arcsolve.neural.ops.precompile import warm_up
from arcsolve.neural.ops.simd import exponential

FLOAT, HALF = torch.float32, torch.bfloat16
CLOSE = {FLOAT: 1e-5, HALF: 2e-2}
BATCH, HEIGHT, WIDTH, C, HEADS, TOKENS = 2, 3, 5, 8, 2, 21

Arguments = tuple[Any, ...]


def drawn(*shape: int, kind: torch.dtype = FLOAT, seed: int = 0) -> Tensor:
    return torch.randn(shape, generator=torch.Generator().manual_seed(seed)).to(kind)


def grid_of(seed: int, kind: torch.dtype = FLOAT) -> Tensor:
    """Small integers, half of them negative, so that several cells share a maximum."""
    return (2 * drawn(BATCH, HEIGHT, WIDTH, C, seed=seed)).round().to(kind)


def shares_of(masked: bool) -> list[Tensor | float]:
    if not masked:
        return [1 / WIDTH, 1 / HEIGHT, 1 / (WIDTH * HEIGHT)]
    shapes = (BATCH, HEIGHT, 1, 1), (BATCH, 1, WIDTH, 1), (BATCH, 1, 1, 1)
    return [drawn(*shape).abs() for shape in shapes]


def regions_of(channels: int, kind: torch.dtype) -> list[Tensor]:
    shapes = (BATCH * HEIGHT, 1), (BATCH, WIDTH), (BATCH, 1)
    return [drawn(*shape, channels, kind=kind, seed=n) for n, shape in enumerate(shapes)]


ARGUMENTS: dict[str, Callable[[torch.dtype], Arguments]] = {
    "add_norm": lambda kind: (drawn(2, TOKENS, C), drawn(2, TOKENS, C, kind=kind, seed=1)),
    "norm_backward": lambda kind: (drawn(4, C), drawn(4, C, seed=1), drawn(4, 1, seed=2).abs()),
    "swish_product": lambda kind: (drawn(3, 2 * TOKENS, kind=kind) * 9,),
    "swish_product_backward": lambda kind: (
        drawn(3, TOKENS, kind=kind),
        drawn(3, 2 * TOKENS, kind=kind, seed=1) * 9,
    ),
    "softmax_": lambda kind: (drawn(37, TOKENS, kind=kind) * 9,),
    "softmax_backward_": lambda kind: (
        drawn(5, TOKENS, kind=kind),
        drawn(5, TOKENS, seed=1).softmax(-1).to(kind),
    ),
    "split_rotary": lambda kind: (
        drawn(2, TOKENS, 3 * C, kind=kind),
        drawn(2, TOKENS, C, seed=1),
        HEADS,
    ),
    "join_rotary": lambda kind: (
        drawn(3, 2 * HEADS, TOKENS, C // HEADS, kind=kind),
        drawn(2, TOKENS, C, seed=1),
        HEADS,
    ),
    "embed": lambda kind: (tokens(), drawn(3, 11, C)),
    "embed_backward": lambda kind: (
        drawn(BATCH, HEIGHT * WIDTH, C),
        tokens(),
        drawn(3, 11, C, seed=1),
    ),
    "convolve": lambda kind: (grid_of(0), drawn(C, 1, 3, 3), kind),
    "convolve_backward": lambda kind: (grid_of(1, kind), grid_of(0), drawn(C, 1, 3, 3)),
    "pool": lambda kind: (grid_of(0), shares_of(False), kind),
    "pool_backward": lambda kind: (
        regions_of(2 * C, kind),
        grid_of(0),
        shares_of(True),
        portable.pool(grid_of(0), shares_of(True), kind)[1],
        grid_of(2),
    ),
    "region_sums": lambda kind: (grid_of(0), kind),
    "regions_norm": lambda kind: (grid_of(0), grid_of(1, kind), regions_of(C, kind)),
}
"""The arguments of each function by name; `kind` is the type of products."""

STACKED: dict[str, Callable[[torch.dtype], Arguments]] = {
    "embed": lambda kind: (tokens(), drawn(2, 3, 11, C)),
    "embed_backward": lambda kind: (
        drawn(BATCH, HEIGHT * WIDTH, C),
        tokens(),
        drawn(2, 3, 11, C, seed=1),
    ),
    "convolve": lambda kind: (grid_of(0), drawn(2, C, 1, 3, 3), kind),
    "convolve_backward": lambda kind: (grid_of(1, kind), grid_of(0), drawn(2, C, 1, 3, 3)),
}
"""The arguments with weights of two networks."""

CALLS = [*ARGUMENTS.items(), *STACKED.items()]


def tokens() -> Tensor:
    return (drawn(BATCH, 3, HEIGHT, WIDTH).abs() * 5).long().clamp(max=10)


def tensors(value: Any) -> Iterator[Tensor]:
    """Yield all tensors in nested lists and tuples."""
    if isinstance(value, Tensor):
        yield value
    elif isinstance(value, list | tuple):
        for part in value:
            yield from tensors(part)


def test_both_have_the_same_functions_and_all_of_them_are_compared() -> None:
    assert functions_of(native) == functions_of(portable) == set(ARGUMENTS)


def functions_of(module: ModuleType) -> set[str]:
    """The names of the public functions that a module defines itself."""
    found = vars(module).items()
    return {n for n, f in found if getattr(f, "__module__", "") == module.__name__ and n[0] != "_"}


@pytest.mark.parametrize("kind", [FLOAT, HALF], ids=str)
@pytest.mark.parametrize(("name", "made"), CALLS)
def test_a_kernel_gives_what_torch_gives(
    name: str, made: Callable[[torch.dtype], Arguments], kind: torch.dtype
) -> None:
    told = []
    for implementation in (native, portable):
        arguments = made(kind)
        result = getattr(implementation, name)(*arguments)
        told.append([*tensors(result), *tensors(arguments)])  # some write into their arguments
    assert len(told[0]) == len(told[1])
    for mine, theirs in zip(*told, strict=True):
        assert mine.dtype == theirs.dtype
        torch.testing.assert_close(mine, theirs, rtol=CLOSE[kind], atol=CLOSE[kind])


@pytest.mark.parametrize("kind", [FLOAT, HALF], ids=str)
def test_what_is_no_number_stays_none(kind: torch.dtype) -> None:
    scores, both = drawn(4, TOKENS, kind=kind), drawn(4, 2 * TOKENS, kind=kind)
    scores[1, 3] = both[2, 0] = torch.nan
    native.softmax_(scores)
    hidden = native.swish_product(both)
    normed, _ = native.add_norm(drawn(4, TOKENS), hidden)
    assert scores.isnan().any(1).tolist() == [False, True, False, False]
    assert hidden.isnan().any(1).tolist() == [False, False, True, False]
    assert normed.isnan().all(1).tolist() == [False, False, True, False]


def test_the_exponential_is_right_to_five_digits_and_ends_where_float32_does() -> None:
    for x in np.linspace(-87, 88, 2_001):
        assert exponential(np.float32(x)) == pytest.approx(math.exp(np.float32(x)), rel=1e-5)
    assert exponential(np.float32(-1e30)) == exponential(np.float32(-87)) < 1e-37
    assert exponential(np.float32(1e30)) == exponential(np.float32(88)) > 1e38
    assert math.isnan(exponential(np.float32(np.nan)))


@pytest.mark.parametrize("kind", [FLOAT, HALF], ids=str)
def test_gates_far_from_zero_are_shut_or_open(kind: torch.dtype) -> None:
    gates = torch.tensor([[-1e4, -200.0, -90.0, -89.0, 89.0, 90.0, 200.0, 1e4]])
    both = torch.cat([gates, torch.ones_like(gates)], dim=1).to(kind)
    gradient = torch.ones(1, 8, dtype=kind)
    for name, arguments in (
        ("swish_product", (both,)),
        ("swish_product_backward", (gradient, both)),
    ):
        mine, theirs = (getattr(each, name)(*arguments) for each in (native, portable))
        torch.testing.assert_close(mine, theirs, rtol=CLOSE[kind], atol=1e-5)


@pytest.mark.parametrize("kind", [FLOAT, HALF], ids=str)
def test_a_score_of_minus_infinity_gets_no_share(kind: torch.dtype) -> None:
    scores = torch.zeros(1, 4, dtype=kind)
    scores[0, 2:] = -torch.inf
    native.softmax_(scores)
    torch.testing.assert_close(scores, torch.tensor([[0.5, 0.5, 0.0, 0.0]], dtype=kind))


@pytest.mark.parametrize("token", [-1, 11])
def test_a_token_outside_the_vocabulary_is_an_error_and_not_somebody_elses_memory(
    token: int,
) -> None:
    inputs = tokens()
    inputs[0, 1, 2, 3] = token
    with pytest.raises(IndexError, match="from 0 to 10"):
        native.embed(inputs, drawn(3, 11, C))


def test_after_warming_up_no_operation_compiles_anything() -> None:
    warm_up()
    for kind in (FLOAT, HALF):
        for name, arguments in ARGUMENTS.items():
            getattr(native, name)(*arguments(kind))
    for ready, signatures in KERNELS:
        assert len(ready.signatures) == len(signatures), ready.py_func.__name__


def test_warming_up_needs_no_torch() -> None:
    program = "import sys; from arcsolve.ttt.solver import Adapted; Adapted().warm_up()"
    program += "; sys.exit('torch' in sys.modules)"
    subprocess.run([sys.executable, "-c", program], check=True)


def test_kernels_serve_float32_on_a_cpu_and_torch_everything_else() -> None:
    assert select_ops(drawn(1)) is native
    assert select_ops(drawn(1).double()) is portable
    assert select_ops(drawn(1).to("meta")) is portable
