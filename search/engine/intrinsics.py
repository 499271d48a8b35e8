"""Intrinsics: access to memory below the level of arrays."""

from __future__ import annotations

from typing import Any

from numba import types
from numba.core import cgutils
from numba.extending import intrinsic
from numba.np.arrayobj import populate_array


@intrinsic
def borrow(typing_context: Any, arrays: Any) -> Any:
    """Return the same named tuple of arrays without their reference counts.

    Counting is atomic, and took more than half of the time of a small operation. The memory of the
    arrays must outlive the result: borrow an argument at the entry of a compiled function, for the
    length of its call.
    """

    def generate(context: Any, builder: Any, signature: Any, values: Any) -> Any:
        result = values[0]
        for position, array_type in enumerate(arrays):
            array = builder.extract_value(values[0], position)
            proxy = cgutils.create_struct_proxy(array_type)(context, builder, value=array)
            proxy.meminfo = cgutils.get_null_value(proxy.meminfo.type)
            result = builder.insert_value(result, proxy._getvalue(), position)
        return result

    return arrays(arrays), generate


@intrinsic
def copy_bytes(typing_context: Any, target: Any, start: Any, source: Any) -> Any:
    """Copy a contiguous uint8 array into a flat one from `start` on, without a check of bounds."""

    def generate(context: Any, builder: Any, signature: Any, values: Any) -> Any:
        target_array = cgutils.create_struct_proxy(target)(context, builder, value=values[0])
        source_array = cgutils.create_struct_proxy(source)(context, builder, value=values[2])
        pointer = builder.gep(target_array.data, [values[1]])
        cgutils.raw_memcpy(builder, pointer, source_array.data, source_array.nitems, 1)
        return context.get_dummy_value()

    return types.void(target, types.int64, source), generate


@intrinsic
def view(typing_context: Any, cells: Any, start: Any, shape: Any) -> Any:
    """Return the part of a flat uint8 array from `start` on as an array of this shape, unchecked.

    The array has no reference count, and avoids the call that makes `reshape` slow.
    """
    result = types.Array(types.uint8, len(shape), "C")

    def generate(context: Any, builder: Any, signature: Any, values: Any) -> Any:
        flat = cgutils.create_struct_proxy(cells)(context, builder, value=values[0])
        array = context.make_array(result)(context, builder)
        sides = cgutils.unpack_tuple(builder, values[2])
        strides = [context.get_constant(types.intp, 1)]
        for side in reversed(sides[1:]):
            strides.insert(0, builder.mul(strides[0], side))
        populate_array(
            array,
            data=builder.gep(flat.data, [values[1]]),
            shape=sides,
            strides=strides,
            itemsize=context.get_constant(types.intp, 1),
            meminfo=None,
        )
        return array._getvalue()

    return result(cells, start, shape), generate
