"""The search for rules finds the cheapest exact rules, and says so when there are none."""

from __future__ import annotations

import numpy as np
import pytest

from arcsolve.dsl.grid import Grid
from arcsolve.dsl.program import Program
from arcsolve.dsl.values import Cells
from arcsolve.search.rules.induction import Explanation, Induction
from arcsolve.search.rules.target import Target, build_target

WORK = 1_000_000


def read(text: str) -> Cells:
    return np.array(Grid(text).cells)


def open_target(pairs: list[tuple[str, str]], tests: list[str], background: int = 0) -> Target:
    inputs = [read(text) for text, _ in pairs] + [read(text) for text in tests]
    target = build_target(inputs, [read(text) for _, text in pairs], background)
    assert target is not None
    return target


def induce(pairs: list[tuple[str, str]], tests: list[str]) -> list[Explanation]:
    found, _ = Induction().induce(open_target(pairs, tests), WORK)
    return found


RECOLOR = [("100/001/220", "100/001/330"), ("0220/0000/1000", "0330/0000/1000")]


def test_the_cheapest_rule_comes_first() -> None:
    found = induce(RECOLOR, ["220/000/001"])
    assert [each.cost for each in found] == sorted(each.cost for each in found)
    assert found[0].outputs[0].tolist() == read("330/000/001").tolist()


def test_every_explanation_gives_the_outputs_of_the_pairs_when_it_is_replayed() -> None:
    for each in induce(RECOLOR, ["200/000/011"]):
        program = Program.parse(f"(rewrite input input {each.rules})")
        assert program == Program.parse(str(program))
        for before, after in RECOLOR:
            assert program.run(Grid(before)) == Grid(after)


def test_two_rules_explain_what_one_cannot() -> None:
    pairs = [("100/002/000", "300/004/000"), ("020/000/001", "040/000/003")]
    found = induce([(a, b.replace("4", "0")) for a, b in pairs], ["010/000/002"])
    assert len(found[0].rules.rules) <= 2
    assert found[0].outputs[0].tolist() == read("030/000/000").tolist()


def test_the_longest_list_can_be_bounded() -> None:
    pairs = [("2000000/0000000/0100000/0000000", "2555555/0000000/0100000/0800000"),
             ("0000100/0000000/0020000/0000000", "0000100/0000800/0025855/0000800")]  # fmt: skip
    target = open_target(pairs, ["0000000/0001000/0200000/0000000"])
    found, _ = Induction().induce(target, WORK)
    assert [len(each.rules.rules) for each in found] == [3]
    for longest in (1, 2):
        assert not Induction(longest=longest).induce(target, WORK)[0]


def test_distinct_explanations_have_distinct_outputs() -> None:
    found = induce([("1000/0000/0220", "3000/0000/0220")], ["2000/0000/0110"])
    outputs = [tuple(o.tobytes() for o in each.outputs if o is not None) for each in found]
    assert len(set(outputs)) == len(outputs) > 1


def test_a_rule_never_paints_a_test_in_which_it_chooses_no_part() -> None:
    pairs = [("100/000/002", "300/000/002"), ("000/010/200", "000/030/200")]
    found = induce(pairs, ["100/000/000", "000/000/000"])
    assert found[0].outputs[0] is not None
    assert all(each.outputs[1] is None for each in found)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param("0" * 30, "1" * 30, id="no part"),
        pytest.param("/".join(["12" * 15] * 30), "/".join(["21" * 15] * 30), id="900 cells"),
        pytest.param("/".join(["10" * 15, "01" * 15] * 15), "/".join(["1" * 30] * 30), id="dots"),
    ],
)
def test_grids_without_a_rule_have_no_explanation_and_raise_nothing(
    before: str, after: str
) -> None:
    target = open_target([(before, after)], [before])
    found, left = Induction().induce(target, WORK)
    assert all(each.outputs[0].shape == read(before).shape for each in found)
    assert left <= WORK


def test_noise_has_no_explanation() -> None:
    random = np.random.default_rng(0)
    grids = [random.integers(0, 10, (30, 30)).astype(np.uint8) for _ in range(6)]
    target = build_target([grids[0], grids[1], grids[2]], [grids[3], grids[4]], 0)
    assert target is not None
    found, _ = Induction().induce(target, WORK)
    assert found == []


def test_the_work_bounds_the_search_and_does_not_depend_on_time() -> None:
    target = open_target(RECOLOR, ["200/000/011"])
    found, left = Induction().induce(target, 1)
    assert found == []
    assert left <= 0
    again = [Induction().induce(open_target(RECOLOR, ["200/000/011"]), WORK) for _ in range(2)]
    texts = [[str(each.rules) for each in found] for found, _ in again]
    assert texts[0] == texts[1]
    assert again[0][1] == again[1][1]


def test_outputs_of_another_shape_are_no_target() -> None:
    assert build_target([read("12"), read("12")], [read("1")], 0) is None


def test_pairs_without_a_change_are_no_target() -> None:
    assert build_target([read("12"), read("12")], [read("12")], 0) is None
