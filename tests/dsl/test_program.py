"""Programs print, parse, run, trace and measure; text that is no program says where it fails."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from arcsolve.dsl import BadProgram, Grid, Undefined
from arcsolve.dsl.errors import BadInput
from arcsolve.dsl.kernels.grids import nothing
from arcsolve.dsl.parser import MAX_CHARACTERS, MAX_DEPTH
from arcsolve.dsl.primitive import find, primitive, primitives
from arcsolve.dsl.program import EACH_COST, Apply, Constant, Each, Input, Program
from arcsolve.dsl.strategies import grids, programs
from arcsolve.dsl.values import Cells, Color, Direction, Mask, ValueType


def stacked_pair(top: Cells, bottom: Cells) -> Cells:
    """One grid above another of its width."""
    return np.concatenate((top, bottom)) if top.shape[1] == bottom.shape[1] else nothing()


def painted_mask(grid: Cells, mask: Mask, color: Color) -> Cells:
    """The grid with the cells of the mask in this color."""
    if grid.shape != mask.shape:
        return nothing()
    return np.where(mask > 0, np.uint8(color), grid)


def mask_of_color(grid: Cells, color: Color) -> Mask:
    """The cells of a color; undefined if there are none."""
    mask = (grid == color).astype(np.uint8)
    return mask if mask.any() else nothing()


def marked_direction(grid: Cells, direction: Direction) -> Cells:
    """A grid that shows its direction in the first cell."""
    turned = grid.copy()
    turned[0, 0] = direction
    return turned


@pytest.fixture(autouse=True)
def small_language(declare):
    """Primitives of every kind of signature that these tests speak about."""
    for function in (stacked_pair, mask_of_color, marked_direction):
        declare(function, cost=3)
    # Not in the search's table: its three kinds of argument are for the parser to tell apart.
    declare(painted_mask, cost=4)


# A handful of kernels is enough where programs run: compiling all of them takes minutes.
runnable_programs = st.deferred(lambda: programs(max_depth=3, among=[find(n) for n in RUNNABLE]))
RUNNABLE = (
    "flip_rows",
    "flip_cols",
    "stacked_pair",
    "painted_mask",
    "mask_of_color",
    "marked_direction",
)


@settings(max_examples=300)
@given(programs())
def test_a_program_is_what_its_text_spells(program):
    assert Program.parse(str(program)) == program
    assert hash(Program.parse(str(program))) == hash(program)


@settings(max_examples=50)
@given(programs(), st.sampled_from(["  ", "\n", "\t "]))
def test_white_space_means_nothing(program, space):
    spread = str(program).replace("(", f"{space}({space}").replace(")", f"{space}){space}")
    assert Program.parse(spread) == program


@settings(max_examples=100)
@given(runnable_programs, grids(max_side=8))
def test_a_trace_ends_with_what_running_gives(program, grid):
    steps = list(program.trace(grid))
    try:
        assert program.run(grid) == steps[-1].value
        assert steps[-1].text == str(program)
    except Undefined:
        assert steps[-1].value is None
    assert all(step.value is not None for step in steps[:-1])


def test_a_program_runs_from_the_inside_out():
    program = Program.parse('(stacked_pair (flip_rows input) "99")')
    assert program.run(Grid("12/34")) == Grid("34/12/99")
    masked = Program.parse("(painted_mask input (mask_of_color input 3) 7)")
    assert masked.run(Grid("12/34")) == Grid("12/74")


def test_directions_are_written_by_name():
    program = Program.parse("(marked_direction input down-left)")
    assert program.run(Grid("12")) == Grid("52")
    assert str(program) == "(marked_direction input down-left)"


def test_equal_parts_are_one_node_and_count_once():
    program = Program.parse("(stacked_pair (flip_rows input) (flip_rows input))")
    flip, stack = find("flip_rows"), find("stacked_pair")
    assert program.nodes == (Input(), Apply(flip, (0,)), Apply(stack, (1, 1)))
    assert program.length == flip.cost + stack.cost


def test_length_adds_the_costs_of_primitives_constants_and_spelled_out_cells():
    flip, stack, paint = (find(name).cost for name in ("flip_rows", "stacked_pair", "painted_mask"))
    assert Program.parse("input").length == 0
    assert Program.parse("(flip_rows input)").length == flip
    assert Program.parse('(stacked_pair input "12/34")').length == stack + 1 + 4
    one = Program.parse("(painted_mask input (mask_of_color input 3) 7)")
    assert one.length == paint + find("mask_of_color").cost + 1 + 1


EACH = "(join_panels (each (panels input) (flip_rows input)) input)"


def test_each_runs_a_program_on_every_layer() -> None:
    program = Program.parse(EACH)
    assert Program.parse(str(program)) == program
    assert str(program) == EACH
    assert program.run(Grid("12534/67589")) == Grid("67589/12534")
    assert Each(Program.parse("(flip_rows input)"), 1) in program.nodes


def test_each_costs_its_program_and_a_bit() -> None:
    plain = Program.parse("(join_panels (panels input) input)").length
    flip = find("flip_rows").cost
    assert Program.parse(EACH).length == plain + EACH_COST + flip


def test_walking_a_program_passes_the_body_of_each() -> None:
    names = [n.primitive.name for n in Program.parse(EACH).walk() if isinstance(n, Apply)]
    assert sorted(names) == ["flip_rows", "join_panels", "panels"]


def test_each_is_a_step_of_a_trace_with_its_layers() -> None:
    steps = {step.text: step.value for step in Program.parse(EACH).trace(Grid("12534/67589"))}
    assert steps["(each (panels input) (flip_rows input))"] == (Grid("67/12"), Grid("89/34"))


def test_each_is_undefined_where_the_results_differ_in_shape() -> None:
    program = Program.parse("(layers_in_row (each (panels input) (crop_to_content input)))")
    assert program.run(Grid("12534/67589")) == Grid("1234/6789")
    with pytest.raises(Undefined):
        program.run(Grid("12504/67500"))


def test_a_value_that_is_known_is_not_computed() -> None:
    program = Program.parse("(stacked_pair (flip_rows input) input)")
    values = program.values(Grid("12/34").cells, {1: Grid("55").cells})
    assert Grid(values[-1]) == Grid("55/12/34")


def test_a_color_and_a_count_of_one_number_are_different_nodes():
    assert Constant(3, ValueType.COLOR) != Constant(3, ValueType.COUNT)


def test_a_trace_shows_every_step_with_its_text_type_and_value():
    program = Program.parse("(painted_mask input (mask_of_color input 3) 7)")
    steps = [(step.text, step.type, step.value) for step in program.trace(Grid("12/34"))]
    assert steps == [
        ("input", ValueType.GRID, Grid("12/34")),
        ("3", ValueType.COLOR, 3),
        ("(mask_of_color input 3)", ValueType.MASK, Grid("00/10")),
        ("7", ValueType.COLOR, 7),
        (str(program), ValueType.GRID, Grid("12/74")),
    ]


def test_a_trace_stops_at_the_step_that_is_undefined():
    program = Program.parse("(painted_mask input (mask_of_color input 8) 7)")
    *_, last = program.trace(Grid("12/34"))
    assert (last.text, last.value) == ("(mask_of_color input 8)", None)
    with pytest.raises(Undefined, match="mask_of_color"):
        program.run(Grid("12/34"))


@pytest.mark.parametrize("shape", [(31, 1), (1, 40)])
def test_an_input_above_the_size_limit_is_refused(shape):
    program, grid = Program.parse("(crop_to_content input)"), Grid(np.ones(shape, np.uint8))
    with pytest.raises(BadInput, match="30"):
        program.run(grid)
    with pytest.raises(BadInput, match="30"):
        list(program.trace(grid))
    with pytest.raises(BadInput, match="30"):
        find("crop_to_content")(grid)


def test_a_result_above_the_size_limit_is_undefined():
    program = Program.parse("(stacked_pair input input)")
    assert program.run(Grid([[1]] * 15)).height == 30
    with pytest.raises(Undefined, match="30"):
        program.run(Grid([[1]] * 16))


BAD_PROGRAMS = {
    # text: (what is wrong, the character where it is)
    "": ("ends too early", 0),
    "   ": ("ends too early", 3),
    "(": ("no primitive is named ''", 1),
    ")": ("a ')' without its '('", 0),
    "()": ("no primitive is named ')'", 1),
    "((": ("no primitive is named '('", 1),
    "(flip_rows input": ("ends too early", 16),
    "(merge (each (objects_4 input)))": ("too few arguments for each(layers, program)", 30),
    "(merge (each (objects_4 input) input input))": ("too many arguments for each", 37),
    "(merge (each input input))": ("expected a layers, found a grid", 13),
    "(merge (each (objects_4 input) 1))": ("expected a grid, found '1'", 31),
    "(each (objects_4 input) input)": ("expected a grid, found a layers", 0),
    "(flip_rows)": ("too few arguments for flip_rows(grid) -> grid", 10),
    "(flip_rows input input)": ("too many arguments for flip_rows(grid) -> grid", 17),
    "(flip_rows input) input": ("nothing after the program", 18),
    "(flip_rows input))": ("nothing after the program", 17),
    "(flip_rows 3)": ("expected a grid, found '3'", 11),
    "(flip_rows up)": ("expected a grid, found 'up'", 11),
    "(flip_rows flip_rows)": ("expected a grid, found 'flip_rows'", 11),
    "(flip_rowz input)": ("no primitive is named 'flip_rowz'; did you mean flip_rows", 1),
    "(input)": ("no primitive is named 'input'", 1),
    "3": ("expected a grid, found '3'", 0),
    "(mask_of_color input 3)": ("expected a grid, found a mask", 0),
    "(mask_of_color input 10)": ("expected a color from 0 to 9, found 10", 21),
    "(mask_of_color input -1)": ("expected a color, found '-1'", 21),
    "(mask_of_color input 1.5)": ("expected a color, found '1.5'", 21),
    "(mask_of_color input ٣)": ("expected a color, found '٣'", 21),
    "(mask_of_color input 9999999999)": ("expected a color, found '9999999999'", 21),
    "(mask_of_color input input)": ("expected a color, found a grid", 21),
    '(mask_of_color input "12")': ("expected a color, found a grid", 22),
    "(marked_direction input 3)": ("expected a direction, found '3'", 24),
    "(marked_direction input north)": ("expected a direction, found 'north'", 24),
    "(painted_mask input input 3)": ("expected a mask, found a grid", 20),
    '(flip_rows "12': ("a quote is not closed", 11),
    '(flip_rows "1a")': ("expected digits with rows separated by '/', found '1a'", 12),
    '(flip_rows "12/3")': ("the rows have different lengths", 12),
    '(flip_rows "")': ("expected digits", 12),
}


@pytest.mark.parametrize("text", BAD_PROGRAMS)
def test_text_that_is_no_program_says_what_is_wrong_and_where(text):
    problem, place = BAD_PROGRAMS[text]
    with pytest.raises(BadProgram) as caught:
        Program.parse(text)
    assert problem in caught.value.problem
    assert caught.value.place == place
    assert caught.value.text == text


def test_a_message_shows_the_text_around_the_place_with_a_caret_under_it():
    start = "(flip_rows " * 20
    with pytest.raises(BadProgram) as caught:
        Program.parse(f"{start}(flip_cols 3)")
    message, excerpt, caret = str(caught.value).split("\n")
    assert message.endswith(f"at character {len(start) + 11}")
    assert excerpt[caret.index("^")] == "3"
    assert len(excerpt) < 90


@pytest.mark.parametrize("opening", ["(flip_rows ", "(", "(flip_rows (flip_cols "])
@pytest.mark.parametrize("closing", [")", ""])
def test_text_nested_100_000_deep_is_refused(opening, closing):
    with pytest.raises(BadProgram):
        Program.parse(opening * 100_000 + "input" + closing * 100_000)


def test_the_depth_limit_is_where_it_is_said_to_be():
    def nested(depth: int) -> str:
        return "(flip_rows " * depth + "input" + ")" * depth

    deepest = Program.parse(nested(MAX_DEPTH))
    assert deepest.run(Grid("12/34")) == Grid("12/34" if MAX_DEPTH % 2 == 0 else "34/12")
    with pytest.raises(BadProgram, match=f"deeper than {MAX_DEPTH} levels"):
        Program.parse(nested(MAX_DEPTH + 1))


def test_the_length_limit_is_where_it_is_said_to_be():
    assert Program.parse("input".ljust(MAX_CHARACTERS)) == Program((Input(),))
    with pytest.raises(BadProgram, match=f"longer than {MAX_CHARACTERS} characters"):
        Program.parse("input".ljust(MAX_CHARACTERS + 1))


@settings(max_examples=300)
@given(st.text('()" 0123456789/inputflip_rowsup', max_size=40))
def test_any_text_parses_or_is_refused_cleanly(text):
    try:
        program = Program.parse(text)
    except BadProgram as error:
        assert 0 <= error.place <= len(text)
        assert str(error)
    else:
        assert Program.parse(str(program)) == program


@settings(max_examples=200)
@given(programs(), st.data())
def test_text_with_one_change_parses_or_is_refused_cleanly(program, data):
    text = str(program)
    start, end = (data.draw(st.integers(0, len(text))) for _ in range(2))
    changed = text[:start] + data.draw(st.sampled_from(["", "(", ")", '"', " 3 "])) + text[end:]
    try:
        parsed = Program.parse(changed)
    except BadProgram as error:
        assert 0 <= error.place <= len(changed)
    else:
        assert Program.parse(str(parsed)) == parsed


def test_a_wrong_number_of_values_is_refused():
    with pytest.raises(TypeError, match=r"flip_rows\(grid\) -> grid takes 1"):
        find("flip_rows")(Grid("1"), Grid("2"))


def test_a_name_can_be_taken_only_once():
    def flip_rows(grid: Cells) -> Cells:
        return grid

    with pytest.raises(ValueError, match="'flip_rows'"):
        primitive(cost=2)(flip_rows)
    assert primitives()["flip_rows"].family == "symmetry"


def test_a_signature_that_is_not_of_the_language_is_refused(declare):
    def takes_text(text: str) -> Cells: ...

    def takes_nothing() -> Cells: ...

    def gives_nothing(grid: Cells): ...

    def takes_four(a: Cells, b: Color, c: Color, d: Color) -> Cells: ...

    for function in (takes_text, takes_nothing, gives_nothing, takes_four):
        with pytest.raises(TypeError, match=function.__name__):
            declare(function)
