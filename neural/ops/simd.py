"""Numbers in kernels: conversion between float32 and bfloat16, and functions that vectorize.

To numba an array of bfloat16 is an array of uint16. All arithmetic is in float32.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from llvmlite import ir
from llvmlite.binding import llvm_version_info
from numba import njit, types
from numba.extending import intrinsic

FAST_MATH = frozenset({"reassoc", "contract", "arcp", "nsz"})
"""Optimizations that kernels allow in arithmetic; infinities and NaN stay as they are."""

BITS, HALF_BITS = ir.IntType(32), ir.IntType(16)
LEAST_EXPONENT, MOST_EXPONENT = -87.0, 88.0  # beyond them exp(x) is no normal float32
LOG2_E = 1.4426950408889634
TO_INTEGER = 12582912.0  # 1.5 * 2 ** 23: added to a small float32 it leaves an integer
TO_INTEGER_BITS = 0x4B400000  # of TO_INTEGER
LOWERS_MAXIMUM = (17,)  # the LLVM release that first compiles llvm.maximum for x86
EXPONENT_BIAS, MANTISSA = 127, 23  # of a float32, the latter in bits


@intrinsic  # type: ignore[untyped-decorator]
def widen(context: Any, value: Any) -> Any:
    """The value of a cell as float32."""

    def lower(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        if signature.args[0] == types.float32:
            return arguments[0]
        bits = builder.shl(builder.zext(arguments[0], BITS), BITS(16))
        return builder.bitcast(bits, ir.FloatType())

    return types.float32(value), lower


@intrinsic  # type: ignore[untyped-decorator]
def round_to(context: Any, value: Any, array: Any) -> Any:
    """Round a float32 to the cell type of the array: to the nearest, ties to even."""

    def lower(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        if signature.return_type == types.float32:
            return arguments[0]
        bits = builder.bitcast(arguments[0], BITS)
        odd = builder.and_(builder.lshr(bits, BITS(16)), BITS(1))
        nearest = builder.add(builder.add(bits, odd), BITS(0x7FFF))
        return builder.trunc(builder.lshr(nearest, BITS(16)), HALF_BITS)

    return array.dtype(types.float32, array), lower


@intrinsic  # type: ignore[untyped-decorator]
def maximum(context: Any, first: Any, second: Any) -> Any:
    """The larger of two float32, NaN if either is NaN. Unlike `max`, it vectorizes."""

    def lower(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        if llvm_version_info < LOWERS_MAXIMUM:
            left, right = arguments
            larger = builder.fcmp_ordered(">", left, right)
            missing = builder.fcmp_unordered("uno", left, left)
            return builder.select(builder.or_(larger, missing), left, right)
        kind = ir.FloatType()
        maximum = builder.module.declare_intrinsic(
            "llvm.maximum", [kind], ir.FunctionType(kind, [kind, kind])
        )
        return builder.call(maximum, arguments)

    return types.float32(types.float32, types.float32), lower


@njit(fastmath={"contract"}, error_model="numpy")  # type: ignore[untyped-decorator]
def exponential(x: Any) -> Any:
    """exp(x) within a relative error of 1e-5; x is clipped to the range from -87 to 88.

    The result is 2 ** n for the integer n nearest to x / log 2, times a polynomial for the rest. No
    operation may be reordered here: TO_INTEGER would cancel out.
    """
    x = np.float32(LEAST_EXPONENT) if x < np.float32(LEAST_EXPONENT) else x
    x = np.float32(MOST_EXPONENT) if x > np.float32(MOST_EXPONENT) else x
    scaled = x * np.float32(LOG2_E)
    shifted = np.float32(scaled + np.float32(TO_INTEGER))
    left = np.float32(scaled - np.float32(shifted - np.float32(TO_INTEGER)))
    power = np.float32(0.0013333558)
    power = power * left + np.float32(0.0096181291)
    power = power * left + np.float32(0.0555041087)
    power = power * left + np.float32(0.2402265070)
    power = power * left + np.float32(0.6931471806)
    power = power * left + np.float32(1.0)
    exponent = np.int32(shifted.view(np.int32) + np.int32(EXPONENT_BIAS - TO_INTEGER_BITS))
    return power * np.int32(exponent << np.int32(MANTISSA)).view(np.float32)
