"""Words: tells rules and summaries as English sentences.

>>> from arcsolve.dsl.rules.reading import read_rules
>>> rules, _ = read_rules("(rules 0 (rule objects_8 (has color 3) (fill inner_holes 2)))")
>>> print(tell_rules(rules))
Objects: connected cells of one color, also over corners.
For every object whose color is green: paint the cells that it encloses red.

The first line of a term's docstring is its template. In a template, ``{0}`` stands for the phrase
of the first argument, `it` for the part, and `part` for the noun of the partition.

- A test is a sentence, such as ``It touches the border of the grid.`` As an argument, it becomes a
  relative clause.
- An effect is an order, such as ``Move it {0}.``
- All other terms are phrases, such as ``Its number of cells.`` or ``The nearest part.``
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from arcsolve.dsl.rules.backgrounds import Background, NamedBackground
from arcsolve.dsl.rules.expression import Call, Expression, GridTable, Literal, Of, Table
from arcsolve.dsl.rules.literals import OWN_CELL, ROW_END, Pattern, Reactions
from arcsolve.dsl.rules.partitions import find_partition
from arcsolve.dsl.rules.rule import Rule, Rules
from arcsolve.dsl.rules.summaries import PaintedSummary, Summary
from arcsolve.dsl.rules.telling import grammar
from arcsolve.dsl.rules.terms import Choice, Kind, Term

COLORS = ("black", "blue", "red", "green", "yellow", "gray", "magenta", "orange", "sky", "maroon")
EVERY, NOT, BOTH = "every", "not", "both"  # the tests with a grammar of their own
OWNED = "{0} of "  # the start of a template that gives an attribute to another part
MOST_BEFORE = 40  # letters of a phrase before a color that stands as an adjective
REACTIONS = {
    "stop": "stopping at", "pass": "passing under", "cover": "passing over",
    "left": "turning left before", "right": "turning right before", "back": "turning back before",
    "left_on_it": "turning left on", "right_on_it": "turning right on",
}  # fmt: skip


def tell(told: Rules | Summary | PaintedSummary) -> str:
    """Return rules or a summary as sentences, one a line."""
    return tell_rules(told) if isinstance(told, Rules) else tell_summary(told)


def tell_rules(rules: Rules) -> str:
    """Return the rules as sentences, one line for each partition and each rule."""
    lines = _tell_background(rules.background)
    partition = ""
    for rule in rules.rules:
        if rule.partition != partition:
            lines.append(tell_partition(rule.partition))
            partition = rule.partition
        lines.append(tell_rule(rule))
    return "\n".join(lines)


def tell_summary(summary: Summary | PaintedSummary) -> str:
    """Return the summary as sentences, one a line, and the rules that paint it after them."""
    if isinstance(summary, PaintedSummary):
        before, after = tell_summary(summary.summary), tell_rules(summary.rules)
        return f"{before}\nThen, on this new grid:\n{after}"
    shown = Teller(summary.partition).phrase(summary.grid)
    lines = [*_tell_background(summary.background), tell_partition(summary.partition)]
    return "\n".join([*lines, f"Show {shown}."])


def _tell_background(background: Background) -> list[str]:
    """Return a line with the background color, none for black."""
    if background == 0:
        return []
    if isinstance(background, NamedBackground):
        return [f"Background: {_BACKGROUNDS[background]}."]
    return [f"Background: {COLORS[background]}."]


_BACKGROUNDS = {
    NamedBackground.COMMONEST: "the commonest color",
    NamedBackground.BORDER: "the commonest color of the border",
}


def tell_partition(name: str) -> str:
    """Return the plural noun of the parts by a partition, and what they are."""
    return find_partition(name).doc.splitlines()[0]


def tell_rule(rule: Rule) -> str:
    """Return a rule as one sentence, without its partition."""
    teller = Teller(rule.partition)
    chosen = grammar.tidy(f"For every {teller.noun} {teller.relate(rule.test)}")
    return f"{chosen}: {teller.phrase(rule.effect)}."


@dataclass(frozen=True, slots=True)
class Teller:
    """Tells expressions over the parts by a partition, which are called `it`."""

    partition: str

    @property
    def noun(self) -> str:
        """The singular noun of a part."""
        return grammar.singular(tell_partition(self.partition).partition(":")[0])

    @property
    def neighbors(self) -> Teller:
        """The teller of the parts that references lead to."""
        return Teller(find_partition(self.partition).neighbors)

    def phrase(self, expression: Expression | Choice) -> str:
        """Return an expression as a phrase."""
        if isinstance(expression, Choice):
            return self.neighbors.name_parts(expression.phrase)
        if isinstance(expression, Literal):
            return tell_value(expression.kind, expression.value)
        if isinstance(expression, Of):
            attribute = self.neighbors.phrase(expression.attribute)
            return grammar.possess(attribute, self.phrase(expression.reference))
        if isinstance(expression, Table | GridTable):
            return self._tell_table(expression)
        if isinstance(expression, Pattern):
            return tell_pattern(expression)
        if isinstance(expression, Reactions):
            return tell_reactions(expression)
        if expression.kind is Kind.FLAG:
            return self.clause(expression)
        return self._complete(find_template(expression.term), expression)

    def clause(self, test: Expression, negative: bool = False) -> str:
        """Return a test, or its opposite, as a sentence about `it`."""
        assert isinstance(test, Call)
        if test.term.name == NOT:
            return self.clause(_find_test(test, 0), not negative)
        if test.term.name == BOTH:
            one, other = (self.clause(_find_test(test, n), negative) for n in range(2))
            return f"{one} {'or' if negative else 'and'} {other}"
        template = find_template(test.term)
        if Kind.PART in test.term.parameters:
            return self._complete(template, test, negative)
        return self._complete(grammar.negate(template) if negative else template, test)

    def relate(self, test: Expression, plural: bool = False, negative: bool = False) -> str:
        """Return a test as a relative clause, which is empty for the test of all parts."""
        assert isinstance(test, Call)
        if test.term.name == EVERY and not negative:
            return ""
        if test.term.name == NOT:
            return self.relate(_find_test(test, 0), plural, not negative)
        if test.term.name == BOTH:
            both = (self.relate(_find_test(test, n), plural, negative) for n in range(2))
            return (" or " if negative else " and ").join(filter(None, both))
        return grammar.relate(self.clause(test, negative), plural)

    def name_parts(self, template: str) -> str:
        """Return a template with the noun of the partition for each `part`."""
        return re.sub(r"\bpart(s?)\b", rf"{self.noun}\1", template)

    def _complete(self, template: str, call: Call, negative: bool = False) -> str:
        """Return a template with the phrases of the arguments of a call."""
        kind = call.term.kind
        template = (self.neighbors if kind is Kind.PART else self).name_parts(template)
        phrases = list[str]()
        for position, argument in enumerate(call.arguments):
            if _is_color(argument):
                template = _place_color(template, position, phrases)
            phrases.append(self._tell_argument(template, position, kind, argument, negative))
        if template.startswith(OWNED):
            owner = template.removeprefix(OWNED).format(*phrases)
            return _polish(grammar.possess(phrases[0], owner))
        return _polish(template.format(*phrases))

    def _tell_argument(
        self, template: str, position: int, kind: Kind, argument: Expression | Choice, no: bool
    ) -> str:
        """Return an argument as a phrase that fits into the template of a term of a kind."""
        place = f"{{{position}}}"
        if isinstance(argument, Choice):
            return self.phrase(argument)
        if argument.kind is Kind.FLAG:
            return self.relate(argument, plural=f"s {place}" in template)
        phrase = self.phrase(argument)
        if kind is Kind.FLAG and argument.kind is Kind.PART:
            phrase = grammar.indefinite(phrase, self._choose_article(no))
        if kind is Kind.ORDER:
            phrase = grammar.strip_determiner(phrase)
        return f"{phrase}," if grammar.has_comma(phrase) and f"{place} " in template else phrase

    def _choose_article(self, negative: bool) -> str:
        """Return the article of any part that a reference leads to."""
        if self.noun == self.neighbors.noun:
            return "no other" if negative else "another"
        indefinite = "an" if self.neighbors.noun[0] in "aeiou" else "a"
        return "no" if negative else indefinite

    def _tell_table(self, table: Table | GridTable) -> str:
        """Return a table as a choice by its key, with the first entries."""
        kind = table.key.kind
        if isinstance(table, Table):
            values = [(key, COLORS[color]) for key, color in table.entries]
        else:
            values = [(key, grammar.shorten(str(grid))) for key, grid in table.entries]
        if kind is Kind.SHAPE:  # a hash, which says nothing
            values = [(number, value) for number, (_, value) in enumerate(values, 1)]
        entries = (f"{tell_value(kind, key)}: {value}" for key, value in values)
        noun = "color" if isinstance(table, Table) else "grid"
        return f"a {noun} by {self.phrase(table.key)} {grammar.list_entries(entries)}"


def _find_test(call: Call, position: int) -> Expression:
    """Return an argument of a call that is a test."""
    found = call.arguments[position]
    assert not isinstance(found, Choice)
    return found


def find_template(term: Term) -> str:
    """Return the first line of a term's docstring as a phrase with places for arguments."""
    return grammar.decapitalize(term.doc.strip().splitlines()[0].removesuffix("."))


def tell_value(kind: Kind, value: int) -> str:
    """Return a value of a kind as a word."""
    if kind in (Kind.COLOR, Kind.GRID_COLOR):
        return COLORS[value]
    return f"shape {value}" if kind is Kind.SHAPE else str(value)


def tell_pattern(pattern: Pattern) -> str:
    """Return a pattern as a phrase with its rows and its place."""
    rows = grammar.shorten(ROW_END.join(pattern.rows))
    offsets = [
        _tell_offset(pattern.top, "row", "above", "below"),
        _tell_offset(pattern.left, "column", "left of", "right of"),
    ]
    start = " and ".join(filter(None, offsets)) or "at"
    own = " (* is its color)" if OWN_CELL in rows else ""
    return f"the pattern {rows}{own}, starting {start} its top left corner"


def _tell_offset(steps: int, unit: str, before: str, behind: str) -> str:
    """Return steps from the corner of a part, "" for none."""
    if steps == 0:
        return ""
    units = unit if abs(steps) == 1 else f"{unit}s"
    return f"{abs(steps)} {units} {before if steps < 0 else behind}"


def tell_reactions(reactions: Reactions) -> str:
    """Return the reactions of a walk as participles."""
    other = "other colors" if reactions.entries else "any color"
    known = [f"{REACTIONS[word]} {COLORS[color]}" for color, word in reactions.entries]
    shown = known[: grammar.MOST_ENTRIES]
    more = [grammar.ELLIPSIS] if len(known) > len(shown) else []
    return ", ".join([*shown, *more, f"{REACTIONS[reactions.other]} {other}"])


def _is_color(argument: Expression | Choice) -> bool:
    return isinstance(argument, Literal) and argument.kind in (Kind.COLOR, Kind.GRID_COLOR)


def _place_color(template: str, position: int, before: list[str]) -> str:
    """Return a template in which a color word stands as an adjective, as in ``paint it red``."""
    place = re.escape(f"{{{position}}}")
    template = re.sub(rf"(\w+) of color ({place})", r"\2 \1", template)
    if not any(grammar.has_comma(each) or len(each) > MOST_BEFORE for each in before):
        template = re.sub(rf"(paint.*) in ({place})", r"\1 \2", template)
    return template


def _polish(phrase: str) -> str:
    """Return a phrase without the traces of its template."""
    phrase = phrase.replace("the reverse of toward", "away from")
    phrase = phrase.replace("the reverse of diagonally toward", "diagonally away from")
    return grammar.tidy(phrase)
