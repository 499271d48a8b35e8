"""Calls: compiled code calls compiled kernels by address.

The address of a kernel and its types suffice to call it. One compiled engine therefore serves every
primitive, plug-ins included, and is itself cached on disk.
"""

from __future__ import annotations

from typing import Any

from numba import types
from numba.core import cgutils
from numba.extending import intrinsic

from arcsolve.dsl.jit import NUMBA_TYPES

PATTERNS = ("A", "L", "AA", "AL", "AS", "LA", "LS", "ASS", "AAS", "AAA")
"""The kinds of arguments that the engine can call a kernel with (see `ValueType.kind`)."""

RESULTS = "ALS"


def _build_caller(result: types.Type) -> Any:
    """Return an intrinsic ``call(address, (argument, ...))`` for kernels with this result type.

    The call passes on an exception of the kernel: it is a bug of the primitive, not "undefined".
    """

    @intrinsic
    def call(typing_context: Any, address: Any, arguments: Any) -> Any:
        argument_types = tuple(arguments)

        def generate(context: Any, builder: Any, signature: Any, values: Any) -> Any:
            passed = [builder.extract_value(values[1], i) for i in range(len(argument_types))]
            convention = context.call_conv
            function = convention.get_function_type(result, argument_types).as_pointer()
            pointer = builder.inttoptr(values[0], function)
            status, value = convention.call_function(
                builder, pointer, result, argument_types, passed
            )
            with cgutils.if_unlikely(builder, status.is_error):
                convention.return_status_propagate(builder, status)
            return value

        return result(types.int64, arguments), generate

    return call


call_grid = _build_caller(NUMBA_TYPES["A"])
call_layers = _build_caller(NUMBA_TYPES["L"])
call_scalar = _build_caller(NUMBA_TYPES["S"])
