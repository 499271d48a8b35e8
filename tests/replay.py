"""Evaluates kernels on arguments from standard input, one JSON line each, in a process of its own.

The environment decides how: NUMBA_DISABLE_JIT=1 runs them as plain Python, NUMBA_BOUNDSCHECK=1
with a check of every index. A kernel that raises ends the process with its name and arguments.
"""

from __future__ import annotations

import json
import sys
import warnings
from typing import Any

import numpy as np

from dsl.primitive import find


def main() -> None:
    warnings.filterwarnings("error", "overflow", RuntimeWarning)
    for line in sys.stdin:
        name, arguments = json.loads(line)
        print(json.dumps(result(name, [as_kernel_value(value) for value in arguments])))


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
