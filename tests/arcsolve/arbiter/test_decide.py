"""The arbiter chooses two distinct attempts by evidence; the fallback guesses valid grids."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from arcsolve.arbiter.decide import decide, probabilities
from arcsolve.arbiter.evidence import (
    MOST_SURPRISE,
    Evidence,
    collect_evidence,
    format_weights,
    load_weights,
    merge_evidence,
    parse_weights,
)
from arcsolve.arbiter.fallback import guess_attempts
from arcsolve.candidates import RANGES, check_candidate
from arcsolve.dsl.grid import Grid
from arcsolve.dsl.solver import Candidate
from arcsolve.dsl.task import Pair, Task
from tests.fakes import small_task

GUESSES = (Grid("77"), Grid("88"))


def guess(task: Task, test: int) -> tuple[Grid, Grid]:
    return GUESSES


def candidate(output: str, test: int = 0, solver: str = "s", **evidence: float) -> Candidate:
    return Candidate(test, Grid(output), solver, f"made {output}", evidence)


def outputs(*candidates: Candidate) -> list[str]:
    (decision,) = decide(small_task(), candidates, guess)
    return [str(attempt.output) for attempt in decision.attempts]


grids = st.sampled_from(["1", "2", "3", "12", "77"])
finite = st.floats(allow_nan=False, allow_infinity=False)
evidences = st.fixed_dictionaries(
    {},
    optional={
        **{name: st.sampled_from(ends) | st.floats(*ends) for name, ends in RANGES.items()},
        "anything": finite,
    },
)
"""All evidence that `check_candidate` accepts."""


@st.composite
def candidates_of(draw: st.DrawFn) -> Candidate:
    output, test, solver = draw(grids), draw(st.integers(0, 1)), draw(st.sampled_from("st"))
    return candidate(output, test, solver, **draw(evidences))


candidates = candidates_of()


@given(st.lists(candidates, max_size=8), st.randoms())
def test_the_order_of_arrival_does_not_matter(found: list[Candidate], draw: Any) -> None:
    shuffled = list(found)
    draw.shuffle(shuffled)
    task = small_task(tests=2)
    assert decide(task, found, guess) == decide(task, shuffled, guess)


@given(st.lists(candidates, max_size=8))
def test_attempts_are_distinct_and_from_candidates_first(found: list[Candidate]) -> None:
    for test, decision in enumerate(decide(small_task(tests=2), found, guess)):
        first, second = decision.attempts
        assert decision.test == test
        assert first.output != second.output
        distinct = {c.output for c in found if c.test == test}
        assert sum(a.candidate is not None for a in decision.attempts) == min(2, len(distinct))
        assert first.probability + second.probability <= 1.0 + 1e-9
        assert first.probability >= second.probability >= 0.0


@given(candidates)
def test_evidence_within_the_ranges_is_let_through(drawn: Candidate) -> None:
    assert check_candidate(drawn, small_task(tests=2)) is drawn


@pytest.mark.parametrize("name", RANGES)
def test_evidence_beyond_the_ranges_is_refused_by_name(name: str) -> None:
    least, most = RANGES[name]
    for number in (math.nextafter(least, -math.inf), math.nextafter(most, math.inf)):
        with pytest.raises(ValueError, match=f"{name} must be from .* found {number}"):
            check_candidate(candidate("1", **{name: number}), small_task())


def test_with_nothing_found_both_attempts_are_guesses_and_say_so() -> None:
    (decision,) = decide(small_task(), [], guess)
    assert tuple(attempt.output for attempt in decision.attempts) == GUESSES
    assert all("guess" in attempt.reason for attempt in decision.attempts)
    assert all(attempt.probability == 0.0 for attempt in decision.attempts)


def test_a_guess_equal_to_the_only_candidate_is_not_submitted_twice() -> None:
    assert outputs(candidate("77", fit=1.0)) == ["77", "88"]


@pytest.mark.parametrize(
    ("better", "worse"),
    [
        ({"fit": 1.0, "length": 9.0}, {"fit": 0.9, "length": 9.0}),
        ({"fit": 0.9, "length": 9.0}, {"fit": 0.5, "length": 9.0}),
        ({"fit": 1.0, "length": 2.0}, {"fit": 1.0, "length": 8.0}),
        ({"fit": 1.0, "support": 1.0}, {"fit": 1.0, "support": 0.0}),
        ({"fit": 1.0, "programs": 8.0}, {"fit": 1.0, "programs": 1.0}),
        ({"fit": 0.5}, {}),
        ({"fit": 1.0, "votes": 1.0, "likelihood": 0.0}, {"fit": 1.0, "length": 10.0}),
        ({"fit": 1.0, "votes": 1.0}, {"fit": 0.5, "votes": 1.0}),
        ({"fit": 1.0, "votes": 0.6}, {"fit": 1.0, "votes": 0.4}),
    ],
)
def test_better_evidence_comes_first(better: dict[str, float], worse: dict[str, float]) -> None:
    assert outputs(candidate("1", **worse), candidate("2", **better)) == ["2", "1"]


def test_programs_of_two_solvers_that_agree_add_up_and_repeats_do_not() -> None:
    alone = candidate("1", solver="s", programs=3.0, fit=1.0)
    agreeing = [candidate("2", solver=name, programs=2.0, fit=1.0) for name in "st"]
    assert outputs(alone, *agreeing) == ["2", "1"]
    assert outputs(alone, agreeing[0], agreeing[0]) == ["1", "2"]


def test_a_program_and_a_network_that_agree_speak_louder_than_a_surer_network() -> None:
    network = {"fit": 1.0, "votes": 0.5}
    agreeing = [candidate("2", **network), candidate("2", fit=1.0, support=1.0, length=3.0)]
    assert outputs(candidate("1", fit=1.0, votes=0.6), *agreeing) == ["2", "1"]


def test_what_programs_and_networks_give_is_told_from_what_either_gives_alone() -> None:
    program, network = candidate("1", fit=1.0), candidate("1", votes=0.5, likelihood=-1.0)
    found = {Grid("1"): [program, network], Grid("2"): [program], Grid("3"): [network]}
    both, opposed, alone = collect_evidence(found, lambda output: int(output == Grid("2"))).values()
    assert (both.program, both.agreed, both.opposed, both.network) == (1.0, 1.0, 0.0, 0.0)
    assert (both.votes, both.surprise) == (0.5, 0.0)
    assert (opposed.program, opposed.agreed, opposed.opposed, opposed.broken) == (
        1.0,
        0.0,
        1.0,
        1.0,
    )
    assert (alone.program, alone.network, alone.surprise) == (0.0, 1.0, 1.0)
    (unopposed,) = collect_evidence({Grid("2"): [program]}, lambda output: 0).values()
    assert unopposed.opposed == 0.0


def test_programs_from_several_views_speak_louder_than_one() -> None:
    one, other, alone = (
        Candidate(0, Grid(output), "s", reason, {"fit": 1.0, "length": 4.0, "programs": 2.0})
        for output, reason in (("2", "seen plainly"), ("2", "seen transposed"), ("1", "alone"))
    )
    assert outputs(alone, one, other) == ["2", "1"]
    assert outputs(alone, one, one) == ["1", "2"]  # a repetition is no second view


def test_the_evidence_of_programs_is_that_of_the_best_one_and_their_counts() -> None:
    near = candidate("1", fit=0.75, support=1.0, length=1.0, programs=6.0)
    weak = Candidate(0, Grid("1"), "s", "weak", {"fit": 1.0, "support": 0.0, "length": 1.0})
    best = Candidate(0, Grid("1"), "t", "best", {"fit": 1.0, "support": 0.5, "length": 7.0})
    evidence = merge_evidence([near, weak, best])
    assert (evidence.missed, evidence.near_miss, evidence.support) == (0.0, 0.0, 0.5)
    assert evidence.length == 3.0  # doublings of 1 + length
    assert evidence.programs == np.log2(6 + 1)
    assert evidence.views == np.log2(3)
    assert (evidence.program, evidence.network) == (1.0, 0.0)
    assert merge_evidence([near]).missed == 0.25


def test_a_network_is_no_program() -> None:
    evidence = merge_evidence(
        [candidate("1", fit=0.75, votes=0.5), candidate("1", fit=0.5, votes=0.2)]
    )
    expected = Evidence(*np.zeros(len(Evidence._fields)))
    unknown = MOST_SURPRISE
    assert evidence == expected._replace(network=1.0, votes=0.5, unfit=0.25, surprise=unknown)


def test_what_an_output_costs_a_network_counts_its_cells() -> None:
    told = {"votes": 0.5, "fit": 1.0, "held_out": 0.25}
    unsure, sure = (candidate("1111", likelihood=value, **told) for value in (-1.75, -0.75))
    evidence = merge_evidence([unsure, sure])
    assert evidence.surprise == 2.0  # 4 cells of 0.75 nats, doublings of 1 + 3
    assert merge_evidence([unsure]).surprise == 3.0
    assert evidence.held_out == 0.25


scores = st.lists(st.floats(-800.0, 800.0), max_size=6).map(lambda s: sorted(s, reverse=True))


@given(scores, st.floats(-3.0, 0.0))
def test_probabilities_follow_the_scores_and_leave_the_rest_to_none(
    drawn: list[float], behind: float
) -> None:
    likely = probabilities(drawn, behind)
    assert likely == sorted(likely, reverse=True)
    assert sum(likely) <= 1.0 + 1e-9
    if max(drawn, default=0.0) < 50.0:
        lowered = np.array(drawn) + behind * np.log2(1 + np.arange(len(drawn)))
        assert np.allclose(likely, np.exp(lowered) / (1.0 + np.exp(lowered).sum()))


def test_the_shipped_table_gives_every_weight_and_reads_back() -> None:
    weights = load_weights()
    assert weights.behind <= 0.0  # otherwise a lower score could be likelier
    assert parse_weights(format_weights(weights, "a note")) == weights


def test_the_reason_is_that_of_the_best_candidate_with_this_output() -> None:
    long, short = (
        Candidate(0, Grid("5"), "s", name, {"fit": 1.0, "length": length})
        for name, length in (("a long program", 20.0), ("short", 2.0))
    )
    (decision,) = decide(small_task(), [long, short], guess)
    assert decision.attempts[0].reason == "short"


def test_equal_scores_are_decided_by_content() -> None:
    assert outputs(*(candidate(o) for o in ("3", "2", "1"))) == ["1", "2"]


squares = st.integers(1, 5).flatmap(
    lambda side: st.lists(
        st.lists(st.integers(0, 2), min_size=side, max_size=side), min_size=1, max_size=5
    ).map(Grid)
)
sizes = st.none() | st.tuples(st.integers(1, 30), st.integers(1, 30))


@given(st.lists(st.builds(Pair, squares, squares), min_size=1, max_size=3), squares, sizes)
def test_a_fallback_is_two_distinct_grids_of_the_inferred_size(
    pairs: list[Pair], test: Grid, size: tuple[int, int] | None
) -> None:
    task = Task("t", tuple(pairs), (test,))
    first, second = guess_attempts(task, 0, lambda task: (size,))
    assert first.shape == second.shape == (size or test.shape)
    assert first != second


def test_a_fallback_keeps_the_input_and_knows_what_outputs_look_like() -> None:
    pairs = tuple(Pair(Grid("12/34"), Grid(output)) for output in ("55/66", "55/67", "55/66"))
    task = Task("t", pairs, (Grid("123/456/789"),))
    first, second = guess_attempts(task, 0, lambda task: ((2, 2),))
    assert (str(first), str(second)) == ("12/45", "55/66")
    first, second = guess_attempts(task, 0, lambda task: ((4, 4),))
    assert (str(first), str(second)) == ("1235/4565/7895/5555", "5555/5555/5555/5555")


def test_the_fallback_uses_the_sizes_that_search_infers() -> None:
    pairs = tuple(Pair(Grid(np.ones((n, n), np.uint8)), Grid("12")) for n in (2, 3, 4))
    first, second = guess_attempts(Task("t", pairs, (Grid("11/11"),)), 0)
    assert first.shape == second.shape == (1, 2)
