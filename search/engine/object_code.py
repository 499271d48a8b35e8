"""Object code: the machine code of all kernels in one file, which loads ten times faster.

numba caches each kernel in its own file and takes about five milliseconds to load one: seconds for
the whole language. The engine calls kernels by address, so it needs only their object code. This
module copies the object code from numba's cache and links it at once.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import llvmlite.binding as llvm
from numba.core.registry import cpu_target
from numba.core.runtime import nrt

from arcsolve.dsl.jit import cache_folder, cache_root
from arcsolve.dsl.primitive import Primitive


@cache
def link_kernels(primitives: tuple[Primitive, ...]) -> tuple[int, ...]:
    """Return the native addresses of the kernels from the bundle; write a missing bundle first."""
    path = _bundle_path(primitives)
    if not path.is_file():
        _write(path, primitives)
    return tuple(_link(path))


def _bundle_path(primitives: Sequence[Primitive]) -> Path:
    """Return the path of the bundle, named after all sources and the processor that runs it."""
    digest = hashlib.blake2b(digest_size=8)
    digest.update(f"{llvm.get_host_cpu_name()} {llvm.get_host_cpu_features().flatten()}".encode())
    for primitive in primitives:
        digest.update(f"{primitive.name} {cache_folder(primitive.function)}".encode())
    return cache_root() / f"kernels-{digest.hexdigest()}.bundle"


def _write(path: Path, primitives: Sequence[Primitive]) -> None:
    """Write a line of JSON with (symbol, size) of every kernel, then their object files."""
    parts = [_read_object(primitive) for primitive in primitives]
    header = json.dumps([(symbol, len(code)) for symbol, code in parts])
    unfinished = path.with_suffix(f".{os.getpid()}")
    unfinished.write_bytes(header.encode() + b"\n" + b"".join(code for _, code in parts))
    os.replace(unfinished, path)


def _read_object(primitive: Primitive) -> tuple[str, bytes]:
    """Return (symbol, object file) of a kernel from numba's cache, which compilation fills."""
    dispatcher = primitive.kernel
    (compiled,) = dispatcher.overloads.values()
    key = dispatcher._cache._index_key(compiled.signature, cpu_target.target_context.codegen())
    library, description = dispatcher._cache._cache_file.load(key)[:2]
    return description.llvm_func_name, library[2][0]


def _link(path: Path) -> Iterator[int]:
    """Link the object files into this process for its lifetime; yield the kernels' addresses."""
    nrt.rtsys.initialize(cpu_target.target_context)
    with path.open("rb") as file:
        header = json.loads(file.readline())
        for _, size in header:
            _engine().add_object_file(llvm.ObjectFileRef.from_data(file.read(size)))
    _engine().finalize_object()
    for symbol, _ in header:
        yield _engine().get_function_address(symbol)


@cache
def _engine() -> Any:
    machine = llvm.Target.from_default_triple().create_target_machine(jit=True)
    return llvm.create_mcjit_compiler(llvm.parse_assembly(""), machine)
