"""Words: tells rules as English sentences, made of the first lines of the terms' docstrings.

>>> from arcsolve.dsl.rules.reading import read_rules
>>> rules, _ = read_rules("(rules 0 (rule objects_8 (has color 3) (fill inner_holes 2)))")
>>> print(tell_rules(rules))
Take each part: connected cells of one color, also over corners.
If its color is green: paint in red the cells that it encloses.
"""

from __future__ import annotations

from arcsolve.dsl.rules.expression import Call, Expression, Literal, Of, Table
from arcsolve.dsl.rules.partitions import find_partition
from arcsolve.dsl.rules.rule import Rule, Rules
from arcsolve.dsl.rules.terms import Choice, Kind

COLORS = ("black", "blue", "red", "green", "yellow", "gray", "magenta", "orange", "sky", "maroon")
EVERY = "every"  # the test that all parts pass


def tell_rules(rules: Rules) -> str:
    """Return the rules as sentences, one line for each partition and each rule."""
    lines, partition = [], ""
    for rule in rules.rules:
        if rule.partition != partition:
            lines.append(f"Take each part: {_first_line(find_partition(rule.partition).doc)}.")
            partition = rule.partition
        lines.append(tell_rule(rule))
    return "\n".join(lines)


def tell_rule(rule: Rule) -> str:
    """Return a rule as one sentence, without its partition."""
    effect = tell(rule.effect)
    if str(rule.test) == EVERY:
        return f"{_capitalize(effect)}."
    return f"If {tell(rule.test)}: {effect}."


def tell(expression: Expression | Choice) -> str:
    """Return an expression as a phrase."""
    if isinstance(expression, Choice):
        return expression.word.replace("_", " ")
    if isinstance(expression, Literal):
        color = expression.kind is Kind.COLOR
        return COLORS[expression.value] if color else str(expression.value)
    if isinstance(expression, Of):
        attribute, part = tell(expression.attribute), tell(expression.reference)
        return f"{attribute.replace('its ', 'the ', 1)} of {part}"
    if isinstance(expression, Table):
        known = ", ".join(
            f"{COLORS[color]} where {tell(expression.key)} is {_value(expression.key, value)}"
            for value, color in expression.entries
        )
        return f"a color that depends on it ({known})"
    assert isinstance(expression, Call)
    return _first_line(expression.term.doc).format(*map(tell, expression.arguments))


def _value(key: Expression, value: int) -> str:
    return COLORS[value] if key.kind is Kind.COLOR else str(value)


def _first_line(doc: str) -> str:
    """Return the first sentence of a docstring as a phrase."""
    line = doc.strip().splitlines()[0].removesuffix(".")
    return line[0].lower() + line[1:] if line[:2] != line[:2].upper() else line


def _capitalize(phrase: str) -> str:
    return phrase[:1].upper() + phrase[1:]
