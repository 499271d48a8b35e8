"""`terms` lists, finds and describes the words of rules."""

from __future__ import annotations

import pytest

from arcsolve.cli import main
from arcsolve.dsl.rules.partitions import partitions
from arcsolve.dsl.rules.terms import terms
from tests.commands import cli_runner, document, invoke


def test_all_words_are_listed_with_kind_cost_and_first_line() -> None:
    lines = invoke("terms").stdout.splitlines()
    assert len(lines) == 1 + len(partitions()) + len(terms())
    rows = [line.split(maxsplit=3) for line in lines]
    assert rows[0] == ["kind", "word", "bits", "description"]
    assert ["number", "size", "0.3", "Its number of cells."] in rows
    assert any(line.endswith("NUMBER is the greatest in the grid.") for line in lines)


def test_a_word_is_described_with_its_example_and_choices() -> None:
    text = invoke("terms", "slide").stdout
    assert text.startswith("slide(directions, until|only_until|border) -> shift\nshift, 0.0 bits\n")
    assert '>>> paint("(move (slide right until))", "10020", "(has color 1)")' in text
    assert "End: Where a slide ends.\n  until, 0.5 bits\n" in text
    assert "Holes: regions of background" in invoke("terms", "holes").stdout


def test_words_are_found_by_their_description() -> None:
    found = {each["name"] for each in document("terms", "nearest", "--kind", "part", "--json")}
    assert {"seen", "twin"} <= {each["name"] for each in document("terms", "nearest p", "--json")}
    assert found == {"nearest"}
    assert {each["kind"] for each in document("terms", "--kind", "shift", "--json")} == {"shift"}


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        (("terms", "sizee"), "no word of rules contains 'sizee'; did you mean size?"),
        (("terms", "--kind", "magic"), "no kind is named 'magic'; there are area, color"),
    ],
)
def test_an_unknown_word_is_answered_with_the_known_ones(
    arguments: tuple[str, ...], named: str
) -> None:
    result = cli_runner().invoke(main, list(arguments))
    assert result.exit_code == 2
    assert named in result.stderr
