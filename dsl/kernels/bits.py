"""Vectors of 32 cells: compare cells into the bits of one number, and write cells by such bits.

A row of a grid has at most 30 cells, so it fits into one vector. Longer stretches are processed in
steps of `LANES` cells. LLVM compiles each function to two or three instructions if the processor
has AVX-512, and to scalar code otherwise. No function reads or writes beyond the `count` cells it
is given.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from llvmlite import ir
from numba import types
from numba.core import cgutils
from numba.core.errors import TypingError
from numba.extending import intrinsic

from arcsolve.dsl.jit import helper
from arcsolve.dsl.values import Cells, Integers, Mask

LANES = 32  # cells per vector

_BITS = ir.IntType(LANES)
_CELLS = ir.VectorType(ir.IntType(8), LANES)
_FLAGS = ir.VectorType(ir.IntType(1), LANES)
_ALIGNMENT = ir.Constant(ir.IntType(32), 1)
_MANGLED = f"v{LANES}i8.p0v{LANES}i8"


def _require_cells(*arrays: types.Type) -> None:
    for array in arrays:
        if not isinstance(array, types.Array) or (array.layout, array.dtype) != ("C", types.uint8):
            raise TypingError(f"expected a C-contiguous array of uint8, found {array}")


def _pointer(context: Any, builder: Any, kind: Any, array: Any, start: Any) -> Any:
    data = cgutils.create_struct_proxy(kind)(context, builder, value=array).data
    return builder.bitcast(builder.gep(data, [start]), _CELLS.as_pointer())


def _flags(builder: Any, bits: Any) -> Any:
    return builder.bitcast(builder.trunc(bits, _BITS), _FLAGS)


def _first(builder: Any, count: Any) -> Any:
    """Flag the first `count` lanes; `count` is at most LANES."""
    one = ir.Constant(ir.IntType(64), 1)
    return _flags(builder, builder.sub(builder.shl(one, count), one))


def _load(builder: Any, pointer: Any, flags: Any) -> Any:
    kind = ir.FunctionType(_CELLS, (pointer.type, _ALIGNMENT.type, _FLAGS, _CELLS))
    load = cgutils.get_or_insert_function(builder.module, kind, f"llvm.masked.load.{_MANGLED}")
    return builder.call(load, (pointer, _ALIGNMENT, flags, ir.Constant(_CELLS, None)))


def _store(builder: Any, cells: Any, pointer: Any, flags: Any) -> None:
    kind = ir.FunctionType(ir.VoidType(), (_CELLS, pointer.type, _ALIGNMENT.type, _FLAGS))
    store = cgutils.get_or_insert_function(builder.module, kind, f"llvm.masked.store.{_MANGLED}")
    builder.call(store, (cells, pointer, _ALIGNMENT, flags))


def _equal(builder: Any, cells: Any, others: Any, flags: Any) -> Any:
    """Return as an int64 the bits of the flagged lanes in which the two vectors are equal."""
    equal = builder.and_(builder.icmp_unsigned("==", cells, others), flags)
    return builder.zext(builder.bitcast(equal, _BITS), ir.IntType(64))


def _splat(builder: Any, value: Any) -> Any:
    single = builder.insert_element(
        ir.Constant(_CELLS, ir.Undefined), builder.trunc(value, ir.IntType(8)), _ALIGNMENT
    )
    ones = ir.Constant(ir.VectorType(ir.IntType(32), LANES), [1] * LANES)
    return builder.shuffle_vector(single, single, ones)


@intrinsic
def value_bits(typing_context: Any, cells: Any, start: Any, count: Any, value: Any) -> Any:
    """Set bit i if cell `start` + i has the value, for i < `count`; all cells count as one row."""
    _require_cells(cells)

    def generate(context: Any, builder: Any, signature: Any, values: Any) -> Any:
        flags = _first(builder, values[2])
        loaded = _load(builder, _pointer(context, builder, cells, values[0], values[1]), flags)
        return _equal(builder, loaded, _splat(builder, values[3]), flags)

    return types.int64(cells, types.int64, types.int64, types.int64), generate


@intrinsic
def same_bits(
    typing_context: Any, cells: Any, start: Any, others: Any, other_start: Any, count: Any
) -> Any:
    """Set bit i if cell `start` + i equals cell `other_start` + i of `others`, for i < `count`."""
    _require_cells(cells, others)

    def generate(context: Any, builder: Any, signature: Any, values: Any) -> Any:
        flags = _first(builder, values[4])
        left = _load(builder, _pointer(context, builder, cells, values[0], values[1]), flags)
        right = _load(builder, _pointer(context, builder, others, values[2], values[3]), flags)
        return _equal(builder, left, right, flags)

    return types.int64(cells, types.int64, others, types.int64, types.int64), generate


@intrinsic
def put_bits(
    typing_context: Any, target: Any, start: Any, source: Any, source_start: Any, bits: Any
) -> Any:
    """Copy source cell `source_start` + i to target cell `start` + i for each set bit i."""
    _require_cells(target, source)

    def generate(context: Any, builder: Any, signature: Any, values: Any) -> Any:
        flags = _flags(builder, values[4])
        cells = _load(builder, _pointer(context, builder, source, values[2], values[3]), flags)
        _store(builder, cells, _pointer(context, builder, target, values[0], values[1]), flags)
        return context.get_dummy_value()

    return types.void(target, types.int64, source, types.int64, types.int64), generate


@intrinsic
def fill_bits(typing_context: Any, target: Any, start: Any, bits: Any, value: Any) -> Any:
    """Set cell `start` + i of the target to the value for each set bit i."""
    _require_cells(target)

    def generate(context: Any, builder: Any, signature: Any, values: Any) -> Any:
        pointer = _pointer(context, builder, target, values[0], values[1])
        _store(builder, _splat(builder, values[3]), pointer, _flags(builder, values[2]))
        return context.get_dummy_value()

    return types.void(target, types.int64, types.int64, types.int64), generate


def _declare_bit_function(generate: Callable[[Any, Any], Any], claim: str) -> Any:
    def function(typing_context: Any, bits: Any) -> Any:
        return types.int64(types.int64), lambda _, builder, __, values: generate(builder, values[0])

    function.__doc__ = claim
    return intrinsic(function)


_NO = ir.Constant(ir.IntType(1), 0)  # keeps the result defined for a number without set bits

bit_count = _declare_bit_function(lambda b, bits: b.ctpop(bits), "How many bits are set.")
first_bit = _declare_bit_function(lambda b, bits: b.cttz(bits, _NO), "The lowest bit; 64 if none.")
bit_length = _declare_bit_function(
    lambda b, bits: b.sub(ir.Constant(ir.IntType(64), 64), b.ctlz(bits, _NO)),
    "One more than the highest bit; 0 if none.",
)


@helper
def row_bits(grid: Cells, row: int) -> int:
    """Set bit i if the cell in column i of a row is not 0."""
    return filled_bits(grid, row * grid.shape[1], grid.shape[1])


@helper
def filled_bits(cells: Cells, start: int, count: int) -> int:
    """Set bit i if cell `start` + i is not 0, for i < `count`; `count` is at most LANES."""
    return value_bits(cells, start, count, 0) ^ ((1 << count) - 1)


@helper
def count_filled(cells: Cells) -> int:
    """Count the cells that are not 0."""
    filled = 0
    for start in range(0, cells.size, LANES):
        filled += bit_count(filled_bits(cells, start, min(LANES, cells.size - start)))
    return filled


@helper
def put_over(target: Cells, source: Cells) -> None:
    """Copy the non-zero cells of the source to a target of the same shape."""
    for start in range(0, source.size, LANES):
        bits = filled_bits(source, start, min(LANES, source.size - start))
        put_bits(target, start, source, start, bits)


@helper
def paint_over(target: Cells, mask: Mask, color: int) -> None:
    """Set each cell of the target to a color where a mask of the same shape is not 0."""
    for start in range(0, mask.size, LANES):
        fill_bits(target, start, filled_bits(mask, start, min(LANES, mask.size - start)), color)


@helper
def framed_rows(mask: Mask) -> Integers:
    """Return the `row_bits` of all rows (int64), with an empty row before and after them."""
    rows = np.zeros(mask.shape[0] + 2, np.int64)
    for row in range(mask.shape[0]):
        rows[row + 1] = row_bits(mask, row)
    return rows


@helper
def unframe_rows(rows: Integers, width: int) -> Mask:
    """Return the mask of this width that has the given `framed_rows`."""
    mask = np.zeros((len(rows) - 2, width), np.uint8)
    for row in range(len(mask)):
        fill_bits(mask, row * width, rows[row + 1], 1)
    return mask


@helper
def spread_bits(bits: int, within: int) -> int:
    """Extend `bits`, a subset of `within`, to every run of `within` that contains one of them."""
    up = ((within + bits) ^ within) & within | bits  # the sum carries to the end of a run
    down = within
    for distance in (1, 2, 4, 8, 16):
        up |= up >> distance & down
        down &= down >> distance
    return up
