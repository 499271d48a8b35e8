"""What the registry promises for every primitive, plug-ins included."""

from __future__ import annotations

import ast
import doctest
import importlib.util
import inspect
import json
import os
import subprocess
import sys
from collections import defaultdict
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, Phase, given, settings

import arcsolve.dsl.primitive
from arcsolve.dsl.grid import MAX_SIDE, NUM_COLORS, Grid
from arcsolve.dsl.laws import Associative, Commutative, CommutesWith, InverseOf, KeepsShape
from arcsolve.dsl.primitive import find, primitives
from arcsolve.dsl.program import Program
from arcsolve.dsl.strategies import arguments, check_laws
from arcsolve.dsl.values import DIRECTIONS, MAX_LAYERS, ValueType, to_kernel

REGISTRY = primitives()
FAMILIES = sorted({primitive.family for primitive in REGISTRY.values()})
SIGNATURES = {"A", "L", "AA", "AL", "AS", "LA", "LS", "ASS", "AAS", "AAA"}
EXAMPLES = int(os.environ.get("ARCSOLVE_TEST_EXAMPLES", "40"))  # draws for each primitive and test
REPLAYED = EXAMPLES // 4  # draws that are evaluated again, slowly

# A primitive's tests go to one worker, so that its kernel is compiled once.
every_primitive = pytest.mark.parametrize(
    "primitive",
    [pytest.param(p, id=name, marks=pytest.mark.xdist_group(name)) for name, p in REGISTRY.items()],
)
every_family = pytest.mark.parametrize("family", FAMILIES)


@every_primitive
def test_its_examples_are_true(primitive):
    module = sys.modules[primitive.function.__module__]
    parser = doctest.DocTestParser()
    test = parser.get_doctest(primitive.doc, vars(module) | {"Grid": Grid}, primitive.name, None, 0)
    report = []
    result = doctest.DocTestRunner(verbose=False).run(test, out=report.append)
    assert result.failed == 0, "".join(report)
    assert any(f"{primitive.name}(" in example.source for example in test.examples)


@every_primitive
def test_its_declaration_is_usable(primitive):
    kinds = "".join(t.kind for t in primitive.argument_types)
    assert kinds in SIGNATURES
    assert 1 <= primitive.cost <= 6
    assert primitive.name.isidentifier()
    assert primitive.name not in {"input", *DIRECTIONS}
    assert len(set(primitive.laws)) == len(primitive.laws)


@every_primitive
def test_its_laws_fit_its_signature(primitive):
    types = primitive.argument_types
    for law in primitive.laws:
        if isinstance(law, Commutative):
            assert len(types) == 2
        if isinstance(law, Commutative | Associative):
            assert set(types) == {types[0]}
        if isinstance(law, InverseOf | CommutesWith):
            assert len(types) == 1
            assert len(find(law.name).argument_types) == 1
        if isinstance(law, KeepsShape):
            assert primitive.result_type.kind != "S"


def test_a_set_of_laws_is_spelled_in_one_way():
    spellings = defaultdict(set)
    for primitive in REGISTRY.values():
        declaration = ast.parse(inspect.getsource(primitive.function)).body[0].decorator_list[0]
        laws = [ast.unparse(each.value) for each in declaration.keywords if each.arg == "laws"]
        spellings[frozenset(primitive.laws)].update(laws)
    assert not [each for each in spellings.values() if len(each) > 1]


@every_primitive
def test_its_laws_hold(primitive):
    check_laws(primitive, max_examples=EXAMPLES)


@every_primitive
def test_its_results_are_legal_fresh_and_repeatable(primitive):
    defined = []

    @settings(max_examples=EXAMPLES)
    @given(drawn=arguments(primitive))
    def check(drawn):
        given_values = kernel_values(primitive, drawn)
        result = primitive.kernel(*given_values)
        for before, after in zip(kernel_values(primitive, drawn), given_values, strict=True):
            assert np.array_equal(before, after), "an argument was changed"
        assert not any(shares_memory(result, value) for value in given_values)
        assert np.array_equal(result, primitive.kernel(*given_values))
        assert_legal(result, primitive.result_type)
        defined.append(is_defined(result))

    check()
    assert any(defined), "undefined for all arguments drawn"


@every_family
def test_compiled_kernels_agree_with_plain_python(family):
    """Plain Python also sees cells that are read or written beyond the end of an array."""
    drawn = draws(family)
    results = replayed(drawn, NUMBA_DISABLE_JIT="1")
    for (name, values), plain in zip(drawn, results, strict=True):
        if plain == "overflow":  # uint8 wraps around in plain Python, numba widens it
            continue
        compiled = as_data(REGISTRY[name].kernel(*values))
        assert plain == compiled, f"{name}{tuple(map(as_data, values))}: {plain} != {compiled}"


@pytest.mark.slow
@every_family
def test_kernels_stay_within_their_arrays(family, tmp_path):
    drawn = draws(family)
    results = replayed(drawn, NUMBA_BOUNDSCHECK="1", ARCSOLVE_CACHE=str(tmp_path))
    for (name, values), checked in zip(drawn, results, strict=True):
        compiled = as_data(REGISTRY[name].kernel(*values))
        assert checked == compiled, f"{name}{tuple(map(as_data, values))}: {checked} != {compiled}"


def test_a_new_primitive_is_declared_in_one_place(tmp_path):
    """One file, and it is in the registry, parses, prints, runs, and these tests would take it."""
    path = tmp_path / "thrown_away.py"
    path.write_text(NEW_FAMILY)
    spec = importlib.util.spec_from_file_location("thrown_away", path)
    module = importlib.util.module_from_spec(spec)
    sys.modules["thrown_away"] = module
    try:
        spec.loader.exec_module(module)
        new = primitives()["doubled_row"]
        assert new.family == "thrown_away"
        program = Program.parse("(flip_rows (doubled_row input))")
        assert str(program) == "(flip_rows (doubled_row input))"
        assert program.run(Grid("12/30")) == Grid("30/12/12")
        test_its_examples_are_true(new)
        test_its_declaration_is_usable(new)
        test_its_laws_fit_its_signature(new)
        test_its_laws_hold(new)
        test_its_results_are_legal_fresh_and_repeatable(new)
    finally:
        arcsolve.dsl.primitive._registry.pop("doubled_row", None)
        del sys.modules["thrown_away"]


NEW_FAMILY = '''
from __future__ import annotations
import numpy as np
from arcsolve.dsl.laws import KEEPS_COLORS, RECOLORS_ALIKE
from arcsolve.dsl.primitive import primitive
from arcsolve.dsl.values import Cells

@primitive(cost=3, laws=(KEEPS_COLORS, RECOLORS_ALIKE))
def doubled_row(grid: Cells) -> Cells:
    """The grid with its first row twice; undefined at 30 rows.

    >>> doubled_row("12/30")
    Grid('12/12/30')
    """
    if grid.shape[0] >= 30:
        return np.zeros((0, 0), np.uint8)
    return np.concatenate((grid[:1], grid))
'''


def kernel_values(primitive, drawn) -> list[Any]:
    return [to_kernel(v, t) for v, t in zip(drawn, primitive.argument_types, strict=True)]


def is_defined(result: Any) -> bool:
    return result.size > 0 if isinstance(result, np.ndarray) else result >= 0


def shares_memory(left: Any, right: Any) -> bool:
    arrays = isinstance(left, np.ndarray) and isinstance(right, np.ndarray)
    return arrays and np.shares_memory(left, right)


def assert_legal(result: Any, value_type: ValueType) -> None:
    """The limits of values: sides, layers, colors, layout; or the sign for "undefined"."""
    if value_type.kind == "S":
        highest = {ValueType.COLOR: NUM_COLORS - 1, ValueType.DIRECTION: len(DIRECTIONS) - 1}
        assert -1 <= result <= highest.get(value_type, MAX_SIDE * MAX_SIDE)
        return
    assert result.dtype == np.uint8
    assert result.ndim == (3 if value_type is ValueType.LAYERS else 2)
    assert result.flags.c_contiguous
    if result.size > 0:
        assert max(result.shape[-2:]) <= MAX_SIDE
        assert result.max() <= (1 if value_type is ValueType.MASK else NUM_COLORS - 1)
    if value_type is ValueType.LAYERS:
        assert len(result) <= MAX_LAYERS


def draws(family: str) -> list[tuple[str, list[Any]]]:
    """Arguments for every primitive of a family, as (name, kernel values)."""
    drawn = []
    for primitive in REGISTRY.values():
        if primitive.family == family:
            drawn += [(primitive.name, values) for values in drawn_arguments(primitive)]
    return drawn


def drawn_arguments(primitive) -> list[list[Any]]:
    drawn = []

    @settings(
        max_examples=REPLAYED, phases=[Phase.generate], suppress_health_check=list(HealthCheck)
    )
    @given(arguments(primitive))
    def collect(values):
        drawn.append(kernel_values(primitive, values))

    collect()
    return drawn


def as_data(value: Any) -> Any:
    """A kernel value for JSON; "undefined" in one form for all types."""
    if not is_defined(value):
        return None
    return value.tolist() if isinstance(value, np.ndarray) else int(value)


def replayed(drawn: list[tuple[str, list[Any]]], **environment: str) -> list[Any]:
    """What tests/replay.py gets for these arguments with these environment variables."""
    lines = [json.dumps([name, [as_data(value) for value in values]]) for name, values in drawn]
    root = Path(__file__).parents[2]
    done = subprocess.run(
        [sys.executable, str(Path(__file__).parents[1] / "replay.py")],
        input="\n".join(lines), capture_output=True, text=True, check=False, cwd=root,
        env=os.environ | {"PYTHONPATH": str(root)} | environment,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-4000:]
    return [json.loads(line) for line in done.stdout.splitlines()]
