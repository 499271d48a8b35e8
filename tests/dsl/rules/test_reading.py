"""Rules and summaries print and parse, and text that is none says where it fails."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from arcsolve.dsl.errors import BadProgram
from arcsolve.dsl.program import Input, Program, Rewrite, Summarize
from arcsolve.dsl.rules.expression import Call, Expression, Table
from arcsolve.dsl.rules.reading import MAX_DEPTH, read_expression, read_rules, read_summary
from arcsolve.dsl.rules.rule import Rule, Rules
from arcsolve.dsl.rules.summaries import PaintedSummary, Summary
from arcsolve.dsl.rules.terms import Kind, find_term
from tests.dsl.rules.random_rules import expressions, rules, summaries, tables

RULE = "(rule objects_8 every (fill itself 1))"


@settings(max_examples=200)
@given(rules=rules())
def test_programs_of_rules_parse_as_they_print(rules: Rules) -> None:
    program = Program((Input(), Rewrite(rules, 0, 0)))
    assert Program.parse(str(program)) == program


@settings(max_examples=100)
@given(summary=summaries())
def test_programs_of_summaries_parse_as_they_print(summary: Summary | PaintedSummary) -> None:
    program = Program((Input(), Summarize(summary, 0)))
    assert Program.parse(str(program)) == program


@given(table=tables())
def test_tables_parse_as_they_print(table: Table) -> None:
    effect = Call(find_term("fill"), (Call(find_term("itself")), table))
    rules = Rules(0, (Rule("holes", Call(find_term("every")), effect),))
    assert read_rules(str(rules)) == (rules, len(str(rules)))


@given(expression=st.one_of([expressions(kind) for kind in (Kind.NUMBER, Kind.PART, Kind.AREA)]))
def test_expressions_parse_as_they_print(expression: Expression) -> None:
    assert read_expression(str(expression), expression.kind) == expression


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("(@rule)", "expected 'rules'"),
        ("(rules @10 (rule))", "expected a number up to 9"),
        ("(rules 0@)", "expected a rule"),
        ("(rules 0 (rule @objects_9 every (fill itself 1)))", "did you mean objects_8"),
        ("(rules 0 (rule objects_8 @evry (fill itself 1)))", "did you mean every"),
        ("(rules 0 (rule objects_8 @size (fill itself 1)))", "expected a flag"),
        ("(rules 0 (rule objects_8 every (fill @size 1)))", "expected a area"),
        ("(rules 0 (rule objects_8 every (fill itself @12)))", "expected a number up to 9"),
        ("(rules 0 (rule objects_8 every (fill itself 1 @2)))", "expected ')'"),
        ("(rules 0 (rule objects_8 every (fill itself@)))", "expected a color"),
        ("(rules 0 (rule objects_8 every @move))", "expected the arguments of move"),
        ("(rules 0 (rule objects_8 every (move (slide down @upto))))", "expected one of until"),
        ("(rules 0 (rule objects_8 every (decorate (pattern 0 0 @12))))", "a quoted pattern"),
        ('(rules 0 (rule objects_8 every (decorate (@pattern 0 0 "1/22"))))', "has equal rows"),
        ("(rules 0 (rule objects_8 every (fill (@table size 1 2) 3)))", "a table of colors"),
        ("(rules 0 (rule objects_8 every (move (@of (by down 1) nearest))))", "another part"),
        (f"(rules 0 {RULE}@", "the rules end too early"),
    ],
)
def test_malformed_rules_are_refused_at_the_place_of_the_mistake(text: str, problem: str) -> None:
    check_place(text, problem, read_rules)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("(@sumary 0 panels input)", "expected a summary"),
        ("(summary 0 panels @every)", "expected a grid"),
        ("(summary 0 panels @3)", "expected a grid"),
        ('(summary 0 panels (grid_table grid_colors 1 @"1x"))', ""),
        ("(painted (@rules 0) (rules 0))", "expected 'summary'"),
    ],
)
def test_malformed_summaries_are_refused_at_the_place(text: str, problem: str) -> None:
    check_place(text, problem, read_summary)


def check_place(marked: str, problem: str, read: object) -> None:
    """Check that reading fails with a problem at the place of the ``@`` in a text."""
    assert callable(read)
    text = marked.replace("@", "")
    with pytest.raises(BadProgram) as caught:
        read(text)
    assert problem in caught.value.problem
    assert (caught.value.text, caught.value.place) == (text, marked.index("@"))


def test_rules_are_not_nested_without_end() -> None:
    deep = "(not " * MAX_DEPTH + "every" + ")" * MAX_DEPTH
    read_expression(deep, Kind.FLAG)
    with pytest.raises(BadProgram, match=f"deeper than {MAX_DEPTH} levels"):
        read_expression(f"(not {deep})", Kind.FLAG)
