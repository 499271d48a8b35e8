"""Runs kernels in a separate process, each on the arguments in a JSON line of standard input.

NUMBA_DISABLE_JIT=1 runs kernels as plain Python. NUMBA_BOUNDSCHECK=1 checks every index. A kernel
that raises ends the process with its name and arguments.
"""

from __future__ import annotations

import json
import os
import sys
import warnings
from inspect import isfunction
from typing import Any

import numpy as np

from arcsolve.dsl.kernels import bits as lanes
from arcsolve.dsl.primitive import find, primitives
from tests.dsl.kernels import plain_bits as plain_lanes


def main() -> None:
    if os.environ.get("NUMBA_DISABLE_JIT") == "1":
        use_plain_lanes()
    warnings.filterwarnings("error", "overflow", RuntimeWarning)
    for line in sys.stdin:
        name, arguments = json.loads(line)
        print(json.dumps(result(name, [as_kernel_value(value) for value in arguments])))


def use_plain_lanes() -> None:
    """Replace intrinsics by plain functions in all modules of primitives."""
    primitives()  # loads their modules
    modules = [module for name, module in sys.modules.items() if name.startswith("arcsolve.dsl.")]
    for name, twin in vars(plain_lanes).items():
        if not isfunction(twin) or name.startswith("_"):
            continue
        intrinsic = getattr(lanes, name)
        for module in modules:
            if getattr(module, name, None) is intrinsic:
                setattr(module, name, twin)


def as_kernel_value(value: Any) -> Any:
    return value if isinstance(value, int) else np.array(value, dtype=np.uint8)


def result(name: str, values: list[Any]) -> Any:
    try:
        found = find(name).kernel(*values)
    except (RuntimeWarning, OverflowError):
        return "overflow"
    except Exception as error:
        raise SystemExit(f"{name}{tuple(values)}: {error!r}") from error
    if isinstance(found, np.ndarray):
        return found.tolist() if found.size else None
    return int(found) if found >= 0 else None


if __name__ == "__main__":
    main()
