"""Every word of the language of rules has an example in its docstring, and the example is true."""

from __future__ import annotations

import doctest
import re
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from arcsolve.dsl.errors import BadProgram
from arcsolve.dsl.rules.partitions import Partition, partitions
from arcsolve.dsl.rules.telling import explain, grammar, samples, words
from arcsolve.dsl.rules.telling.samples import label, make, measure, paint
from arcsolve.dsl.rules.terms import FlagColumn, Term, terms

HELPERS = {"measure": measure, "paint": paint, "make": make, "label": label}


def check_examples(name: str, doc: str) -> None:
    """Check that a docstring has an example with a word, and that all its examples are true."""
    test = doctest.DocTestParser().get_doctest(doc, dict(HELPERS), name, None, 0)
    report: list[str] = []
    result = doctest.DocTestRunner(verbose=False).run(test, out=report.append)
    assert result.failed == 0, "".join(report)
    assert any(re.search(rf"\b{name}\b", each.source) for each in test.examples), "no example"


@pytest.mark.parametrize("term", terms(), ids=lambda term: term.name)
def test_the_examples_of_a_term_are_true(term: Term) -> None:
    check_examples(term.name, term.doc)


@pytest.mark.parametrize("partition", partitions(), ids=lambda partition: partition.name)
def test_the_examples_of_a_partition_are_true(partition: Partition) -> None:
    check_examples(partition.name, partition.doc)


@pytest.mark.parametrize("module", [explain, grammar, samples, words], ids=lambda m: m.__name__)
def test_the_examples_of_a_module_are_true(module: Any) -> None:
    assert doctest.testmod(module).failed == 0


def test_a_term_without_an_example_and_a_wrong_example_are_found() -> None:
    with pytest.raises(AssertionError, match="no example"):
        check_examples("size", "Its number of cells.")
    with pytest.raises(AssertionError, match="Expected"):
        check_examples("size", '>>> measure("size", "110/002")\n[1, 2]\n')


@pytest.mark.parametrize(
    ("sample", "text"),
    [(measure, "(fill itself 3)"), (measure, "size size"), (paint, "size"), (make, "itself")],
    ids=["an effect", "two words", "a number", "an area"],
)
def test_a_sample_of_another_kind_is_refused(sample: Callable[..., Any], text: str) -> None:
    with pytest.raises(BadProgram):
        sample(text, "110/002")


def test_a_term_is_declared_in_one_place(monkeypatch: pytest.MonkeyPatch) -> None:
    import arcsolve.dsl.rules.terms as module

    terms()
    monkeypatch.setattr(module, "_registry", dict(module._registry))

    @module.term(cost=1.0)
    def large(parts: Any) -> FlagColumn:
        """It is large.

        >>> measure("(not large)", "1102")
        [False, True]
        """
        found: np.ndarray = parts.size > 1
        return found

    new = module.find_term("large")
    check_examples("large", new.doc)
    assert new.signature == "large() -> flag"
