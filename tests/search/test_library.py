"""The library: abstractions compute what they spell out, and learning finds what was put in."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from arcsolve.dsl.errors import BadInput, BadProgram, Undefined
from arcsolve.dsl.grid import Grid
from arcsolve.dsl.primitive import find
from arcsolve.dsl.program import Apply, Constant, Input, Node, Parameter, Program
from arcsolve.dsl.solver import Budget
from arcsolve.dsl.strategies import arguments, programs
from arcsolve.dsl.values import ValueType, to_kernel
from arcsolve.search.engine.operators import build_table, operators
from arcsolve.search.library.abstractions import (
    Abstraction,
    abstractions,
    expanded,
    format_library,
    parse_library,
)
from arcsolve.search.library.compression import compress, mean_length, uses_of
from arcsolve.search.library.expressions import Tree, bindings, patterns, tree_of
from arcsolve.search.problem import Problem
from arcsolve.search.reconstruct import program_of
from arcsolve.search.synthesis import synthesize
from arcsolve.search.views import PLAIN

GRID, COLOR = ValueType.GRID, ValueType.COLOR
KERNELS = 20  # hypothesis draws for each composed kernel
BUDGET = Budget(operations=2_000, states=5_000)

LIBRARY = """# one of each kind of parameter and result, with shared and constant arguments
mirrored_onto 6 layers,grid->grid (overlay (flip_rows (merge #0)) (overlay (merge #0) #1))
next_color 4 grid,color->color (most_common_color (erase_color (erase_color #0 #1) 3))
fallen_columns 6 grid->layers (col_layers (shift #0 down))
"""


def shipped_and_toy() -> tuple[Abstraction, ...]:
    return abstractions() + parse_library(LIBRARY, "toy")


def naive(body: Program, values: Sequence[Any]) -> Any:
    """The value of a body, by applying its primitives one after the other."""
    results: list[Any] = []
    for node in body.nodes:
        if isinstance(node, Parameter):
            results.append(values[node.position])
        elif isinstance(node, Apply):
            results.append(node.primitive.apply(*(results[i] for i in node.arguments)))
        else:
            assert isinstance(node, Constant)
            results.append(to_kernel(node.value, node.type))
    return results[-1]


@pytest.mark.parametrize("learned", shipped_and_toy(), ids=lambda learned: learned.name)
def test_an_abstraction_computes_what_it_spells_out(learned: Abstraction) -> None:
    types = learned.argument_types

    @settings(max_examples=KERNELS, deadline=None)
    @given(arguments(learned))
    def check(drawn: tuple[Any, ...]) -> None:
        values = [to_kernel(value, kind) for value, kind in zip(drawn, types, strict=True)]
        try:
            expected = naive(learned.body, values)
        except Undefined:
            with pytest.raises(Undefined):
                learned.apply(*values)
        else:
            np.testing.assert_array_equal(learned.apply(*values), expected)

    check()


def test_the_text_of_a_library_round_trips() -> None:
    library = parse_library(LIBRARY, "toy")
    text = format_library(library, "a note")
    again = parse_library(text, "toy")
    assert format_library(again, "a note") == text
    assert [a.body for a in again] == [a.body for a in library]
    assert [repr(a) for a in again] == [repr(a) for a in library]


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ("mirrored 6 grid->grid", "expected a name, cost, signature and expression"),
        ("mirrored six grid->grid (flip_rows #0)", "expected a cost"),
        ("mirrored 6 grid->gird (flip_rows #0)", "expected types"),
        ("mirrored 6 grid->grid,grid (flip_rows #0)", "expected types"),
        ("mirrored 6 grid (flip_rows #0)", "expected types"),
        ("mirrored 6 grid->grid (flip_rowz #0)", "flip_rowz"),
        ("mirrored 6 grid->grid (flip_rows #1)", "no parameter '#1'"),
        ("mirrored 6 grid->mask (flip_rows #0)", "expected a mask"),
        ("mirrored 6 grid,color->grid (flip_rows #0)", "all of 2 parameters"),
        ("mirrored 6 grid->grid #0", "a call"),
        ("mirrored 6 grid->grid (overlay #0 input)", "a call"),
        ("again 6 grid->grid (flip_rows #0)", "two abstractions"),
        ("odd 5 color,grid->grid (replace_color #1 #0 #0)", "no use for arguments"),
    ],
)
def test_a_malformed_line_is_bad_input_with_its_place(line: str, problem: str) -> None:
    text = f"# a comment\nagain 3 grid->grid (flip_cols #0)\n{line}\n"
    with pytest.raises(BadInput, match=problem) as caught:
        parse_library(text, "toy.txt")
    assert (caught.value.file, caught.value.place) == ("toy.txt", "line 3")


def test_programs_without_parameters_refuse_them() -> None:
    with pytest.raises(BadProgram, match="no parameter"):
        Program.parse("(flip_rows #0)")


def test_an_abstraction_is_spelled_out_in_a_program() -> None:
    nodes: dict[Node, int] = {Input(): 0, Constant(2, COLOR): 1}
    (cropped,) = parse_library("a 5 grid,color->grid (grow_plus (keep_color #0 #1))", "toy")
    expanded(cropped.body, (0, 1), lambda node: nodes.setdefault(node, len(nodes)))
    assert str(Program(tuple(nodes))) == "(grow_plus (keep_color input 2))"


@pytest.fixture
def with_library(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A table whose one abstraction is cheaper than any primitive, instead of the shipped one."""
    library = parse_library("turned 2 grid->grid (flip_rows (flip_cols (transpose #0)))", "toy")
    monkeypatch.setattr("arcsolve.search.engine.operators.abstractions", lambda: library)
    operators.cache_clear()
    build_table.cache_clear()
    yield
    operators.cache_clear()
    build_table.cache_clear()


@pytest.mark.usefixtures("with_library")
def test_the_engine_applies_abstractions_and_programs_spell_them_out() -> None:
    inputs = tuple(np.arange(k, k + 6, dtype=np.uint8).reshape(2, 3) for k in range(3))
    problem = Problem(inputs, tuple(grid.T[::-1, ::-1].copy() for grid in inputs[:2]))
    run = synthesize(problem, BUDGET, closure=1.0, width=0)
    fitting = np.flatnonzero(run.arena.matches[: run.states] == 0b11)
    state = fitting[run.arena.costs[fitting].argmin()]
    assert isinstance(operators()[run.arena.operators[state]], Abstraction)
    program = program_of(run, PLAIN, int(state))
    assert str(program) == "(flip_rows (flip_cols (transpose input)))"
    assert program.run(Grid(inputs[2])) == Grid(inputs[2].T[::-1, ::-1])


@pytest.mark.usefixtures("with_library")
def test_an_abstraction_counts_as_the_operations_it_stands_for() -> None:
    table, plain = build_table(), build_table(library=False)
    assert len(table.work) == len(plain.work) + 1
    assert table.work[-1] == 3
    assert set(plain.work) == {1}


def corpus_of(*texts: str) -> dict[str, list[tuple[Tree, float]]]:
    """Each program the only one of its task."""
    return {str(i): [(tree_of(Program.parse(text)), 1.0)] for i, text in enumerate(texts)}


TOY = corpus_of(
    "(crop_to_content (keep_color (flip_rows input) 1))",
    "(crop_to_content (keep_color input 2))",
    "(transpose (crop_to_content (keep_color input (most_common_color input))))",
    "(flip_cols (crop_to_content (keep_color (rotate_90 input) 4)))",
    "(flip_cols (rotate_90 input))",
)
COSTS = dict.fromkeys(uses_of(TOY), 6.0)


def test_learning_finds_the_known_best_abstraction() -> None:
    library, compressed = compress(TOY, COSTS, most=1)
    assert [str(learned.body) for learned in library] == ["(crop_to_content (keep_color #0 #1))"]
    assert library[0].argument_types == (GRID, COLOR)
    assert uses_of(compressed)[library[0].name] == 4.0
    assert "keep_color" not in uses_of(compressed)


def test_a_library_shortens_its_corpus_and_never_lengthens_another() -> None:
    library, compressed = compress(TOY, COSTS, most=1)
    costs = {**COSTS, library[0].name: 6.0}
    assert (
        mean_length(TOY, costs, library) == mean_length(compressed, costs) < mean_length(TOY, costs)
    )
    other = corpus_of("(flip_cols (rotate_90 input))")
    assert mean_length(other, costs, library) == mean_length(other, costs) == 12.0


def test_learning_stops_when_nothing_saves_description_length() -> None:
    library, _ = compress(TOY, COSTS, most=20)
    assert len(library) < 5
    distinct = corpus_of("(flip_rows (flip_cols input))", "(rotate_90 (transpose input))")
    assert compress(distinct, dict.fromkeys(uses_of(distinct), 6.0), most=20)[0] == []


def test_what_one_task_repeats_is_no_abstraction() -> None:
    (program,) = TOY["0"]
    assert compress({"only": [program] * 10}, COSTS, most=1)[0] == []


def test_later_abstractions_may_use_earlier_ones_and_are_spelled_in_primitives() -> None:
    deep = "(flip_rows (grow_plus (fill_holes (transpose (smooth (paint input 3)) ) 2)))"
    corpus = {str(i): [(tree_of(Program.parse(deep)), 1.0)] for i in range(5)}
    library, compressed = compress(corpus, dict.fromkeys(uses_of(corpus), 6.0), most=2)
    assert len(library) == 2
    steps = [n.primitive for n in library[1].body.nodes if isinstance(n, Apply)]
    assert all(find(step.name) is step for step in steps)
    assert library[1].name in uses_of(compressed)


SMALL = [find(name) for name in ("overlay", "flip_rows", "keep_color", "mask_of_color")]


@settings(max_examples=50, deadline=None)
@given(programs(max_depth=3, among=SMALL), st.data())
def test_patterns_have_the_expression_as_their_instance(program: Program, data: Any) -> None:
    tree = tree_of(program)
    found = list(patterns(tree))
    for pattern, given_arguments in found[:40]:
        bound = bindings(pattern, tree)
        assert bound == dict(enumerate(given_arguments))
    sizes = {sum(isinstance(part.head, Parameter) for part in p.parts()) for p, _ in found}
    assert 0 not in sizes or Input() not in program.nodes


def test_patterns_come_in_one_order_equal_arguments_merged_before_apart() -> None:
    tree = tree_of(Program.parse("(overlay (flip_rows input) (flip_cols input))"))
    counts = [len(arguments) for pattern, arguments in patterns(tree)]
    assert counts == [2, 2, 1, 2]
