"""The intrinsics of `dsl.kernels.bits` in plain Python: numba cannot run them without compiling."""

from __future__ import annotations

from typing import Any

from arcsolve.dsl.kernels.bits import LANES


def value_bits(cells: Any, start: int, count: int, value: int) -> int:
    flat = cells.reshape(-1)
    return sum(int(flat[start + i] == value) << i for i in range(count))


def same_bits(cells: Any, start: int, others: Any, other_start: int, count: int) -> int:
    left, right = cells.reshape(-1), others.reshape(-1)
    return sum(int(left[start + i] == right[other_start + i]) << i for i in range(count))


def put_bits(target: Any, start: int, source: Any, source_start: int, bits: int) -> None:
    to, of = target.reshape(-1), source.reshape(-1)
    for i in _set(bits):
        to[start + i] = of[source_start + i]


def fill_bits(target: Any, start: int, bits: int, value: int) -> None:
    flat = target.reshape(-1)
    for i in _set(bits):
        flat[start + i] = value


def bit_count(bits: int) -> int:
    return int(bits).bit_count()


def first_bit(bits: int) -> int:
    return min(_set(bits), default=64)


def bit_length(bits: int) -> int:
    return int(bits).bit_length()


def _set(bits: int) -> list[int]:
    return [i for i in range(LANES) if int(bits) >> i & 1]
