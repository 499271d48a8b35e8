"""The fates of outputs, and the words of first explanations."""

from __future__ import annotations

from arcsolve.bench.rule_classes import Fate, RuleClass, classify_outputs, count_words, find_words
from arcsolve.dsl.grid import Grid
from arcsolve.dsl.program import Program
from arcsolve.dsl.solver import Budget
from arcsolve.dsl.task import Pair, Task
from arcsolve.search.rules.rule_solver import RuleSolver

BUDGET = Budget(operations=50_000, states=1000)


def classify(pairs: list[tuple[str, str]], test: str, solution: str) -> Fate:
    demonstrations = tuple(Pair(Grid(before), Grid(after)) for before, after in pairs)
    task = Task("task", demonstrations, (Grid(test),))
    (fate,) = classify_outputs(RuleSolver(), task, BUDGET, [Grid(solution)])
    return fate


def test_a_right_rule_counts_with_its_words() -> None:
    fate = classify([("100/002", "300/002"), ("010/020", "030/020")], "001/200", "003/200")
    assert fate.fate is RuleClass.RIGHT
    assert fate.first_right
    assert "fill" in fate.words


def test_a_rule_whose_outputs_are_all_wrong_counts_as_wrong() -> None:
    fate = classify([("100/002", "300/002"), ("010/020", "030/020")], "001/200", "999/999")
    assert fate.fate is RuleClass.WRONG
    assert fate.bits > 0


def test_pairs_that_no_list_explains_are_unexplained() -> None:
    pairs = [("1200/0000", "2871/4934"), ("1020/0000", "9443/8215")]
    fate = classify(pairs, "0012/0000", "5555/5555").fate
    assert fate in (RuleClass.NO_EFFECT, RuleClass.NO_LIST)


def test_words_are_those_of_rules_and_not_of_primitives() -> None:
    rules = "(rules 0 (rule objects_8 every (fill itself 3)))"
    program = Program.parse(f"(rewrite input (flip_rows input) {rules})")
    assert find_words(program) == {"objects_8", "every", "fill", "itself"}


def test_a_word_counts_once_for_a_task() -> None:
    fate = classify([("100/002", "300/002"), ("010/020", "030/020")], "001/200", "003/200")
    counts = count_words([fate, fate._replace(test=1), fate._replace(task="b", first_right=False)])
    assert counts["fill"] == (1, 1)
