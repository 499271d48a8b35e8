"""Reading: parses the text of rules, checked against the kinds of the terms."""

from __future__ import annotations

import re
from dataclasses import dataclass

from arcsolve.dsl.errors import BadInput, BadProgram
from arcsolve.dsl.grid import NUM_COLORS, Grid
from arcsolve.dsl.rules.backgrounds import Background, NamedBackground
from arcsolve.dsl.rules.expression import Call, Expression, GridTable, Literal, Of, Table
from arcsolve.dsl.rules.literals import OTHER, ROW_END, Pattern, Reactions
from arcsolve.dsl.rules.partitions import find_partition
from arcsolve.dsl.rules.rule import Rule, Rules
from arcsolve.dsl.rules.summaries import PaintedSummary, Summary
from arcsolve.dsl.rules.terms import Choice, Kind, find_term

QUOTE = '"'
MAX_DEPTH = 40  # levels of nesting; rules from a search have about six

_TOKEN = re.compile(r'\s*(?:([()])|("[^"]*")|([^\s()"]+))')
_KEYS = (Kind.COLOR, Kind.NUMBER, Kind.SHAPE)  # of tables


def read_rules(text: str, place: int = 0) -> tuple[Rules, int]:
    """Read the rules whose text starts at a place; return them and the place behind them.

    Raises BadProgram with the place of the first mistake.
    """
    reader = _RuleReader(text, place)
    rules = reader.rules()
    return rules, reader.place


def read_summary(text: str, place: int = 0) -> tuple[Summary | PaintedSummary, int]:
    """Read the summary whose text starts at a place; return it and the place behind it.

    Raises BadProgram with the place of the first mistake.
    """
    reader = _RuleReader(text, place)
    reader.expect("(")
    head = reader.start()
    name = reader.next()
    if name not in ("summary", "painted"):
        raise reader.error(f"expected a summary, found {name[:40]!r}", head)
    found = reader.painted() if name == "painted" else reader.summary()
    return found, reader.place


def read_expression(text: str, *kinds: Kind) -> Expression:
    """Return the expression of one of these kinds that a whole text spells.

    Raises BadProgram with the place of the first mistake.
    """
    reader = _RuleReader(text, 0)
    found = reader.expression(*kinds)
    if rest := reader.peek():
        raise reader.error(f"expected the end, found {rest[:40]!r}", reader.start())
    return found


@dataclass(slots=True)
class _RuleReader:
    text: str
    place: int
    depth: int = 0

    def peek(self) -> str:
        """Return the next token, "" at the end of the text."""
        match = _TOKEN.match(self.text, self.place)
        return match[match.lastindex or 1] if match else ""

    def next(self) -> str:
        """Return the next token and step behind it."""
        if (match := _TOKEN.match(self.text, self.place)) is None:
            raise self.error("the rules end too early", len(self.text))
        self.place = match.end()
        return match[match.lastindex or 1]

    def start(self) -> int:
        """Return the place of the next token."""
        match = _TOKEN.match(self.text, self.place)
        return match.start(match.lastindex or 1) if match else len(self.text)

    def expect(self, token: str) -> None:
        place = self.start()
        if (found := self.next()) != token:
            raise self.error(f"expected {token!r}, found {found[:40]!r}", place)

    def error(self, problem: str, place: int) -> BadProgram:
        return BadProgram(problem, self.text, place)

    def rules(self) -> Rules:
        self.expect("(")
        self.expect("rules")
        background = self.background()
        found = []
        while self.peek() == "(":
            found.append(self.rule())
        place = self.start()
        if not found:
            raise self.error("expected a rule", place)
        self.expect(")")
        return Rules(background, tuple(found))

    def summary(self) -> Summary:
        """Read a summary behind its head."""
        background, partition = self.background(), self.partition()
        found = Summary(background, partition, self.expression(Kind.GRID))
        self.expect(")")
        return found

    def painted(self) -> PaintedSummary:
        """Read a summary and the rules that paint it, behind the head of both."""
        self.expect("(")
        self.expect("summary")
        found = PaintedSummary(self.summary(), self.rules())
        self.expect(")")
        return found

    def partition(self) -> str:
        place = self.start()
        try:
            return find_partition(self.next()).name
        except BadProgram as error:
            raise self.error(error.problem, place) from None

    def background(self) -> Background:
        if self.peek() in list(NamedBackground):
            return NamedBackground(self.next())
        return self.integer(NUM_COLORS - 1)

    def integer(self, most: int = 10**9) -> int:
        place = self.start()
        token = self.next()
        if not (token.isascii() and token.isdigit() and len(token) < 11 and int(token) <= most):
            raise self.error(f"expected a number up to {most}, found {token[:40]!r}", place)
        return int(token)

    def rule(self) -> Rule:
        self.expect("(")
        self.expect("rule")
        rule = Rule(self.partition(), self.expression(Kind.FLAG), self.expression(Kind.STROKES))
        self.expect(")")
        return rule

    def expression(self, *kinds: Kind) -> Expression:
        """Read an expression of one of these kinds."""
        place = self.start()
        token = self.next()
        if token == ")":
            raise self.error(f"expected a {' or a '.join(kinds)}", place)
        if token.isdigit():
            self.place = place
            return self.constant(kinds, place)
        if token != "(":
            return self.call(token, place, kinds, closed=True)
        if self.depth >= MAX_DEPTH:
            raise self.error(f"the rules are nested deeper than {MAX_DEPTH} levels", place)
        self.depth += 1
        name_place = self.start()
        name = self.next()
        if name == "of":
            found: Expression = self.of(kinds, name_place)
        elif name == "table":
            found = self.table(kinds, name_place)
        elif name == "grid_table":
            found = self.grid_table(kinds, name_place)
        elif name in ("pattern", "reactions"):
            found = self.literal(name, kinds, name_place)
        else:
            found = self.call(name, name_place, kinds, closed=False)
        self.depth -= 1
        return found

    def constant(self, kinds: tuple[Kind, ...], place: int) -> Literal:
        for kind in (Kind.COLOR, Kind.GRID_COLOR):
            if kind in kinds:
                return Literal(kind, self.integer(NUM_COLORS - 1))
        for kind in (Kind.NUMBER, Kind.GRID_NUMBER):
            if kind in kinds:
                return Literal(kind, self.integer())
        raise self.error(f"expected a {' or a '.join(kinds)}, found a number", place)

    def of(self, kinds: tuple[Kind, ...], place: int) -> Of:
        found = Of(self.expression(*kinds), self.expression(Kind.PART))
        if found.kind not in (Kind.COLOR, Kind.NUMBER, Kind.SHAPE, Kind.DIRECTIONS):
            raise self.error(f"another part has no {found.kind}", place)
        self.expect(")")
        return found

    def table(self, kinds: tuple[Kind, ...], place: int) -> Table:
        if Kind.COLOR not in kinds:
            raise self.error(f"expected a {' or a '.join(kinds)}, found a table of colors", place)
        key = self.expression(*_KEYS)
        entries = []
        while self.peek() != ")":
            entries.append((self.integer(), self.integer(NUM_COLORS - 1)))
        self.expect(")")
        return Table(key, tuple(entries))

    def grid_table(self, kinds: tuple[Kind, ...], place: int) -> GridTable:
        if Kind.GRID not in kinds:
            raise self.error(f"expected a {' or a '.join(kinds)}, found a table of grids", place)
        key = self.expression(Kind.GRID_NUMBER, Kind.GRID_COLOR)
        entries = []
        while self.peek() != ")":
            entries.append((self.integer(), self.grid()))
        self.expect(")")
        return GridTable(key, tuple(entries))

    def grid(self) -> Grid:
        place = self.start()
        quoted = self.next()
        try:
            return Grid(quoted.strip(QUOTE))
        except BadInput as error:
            raise self.error(error.problem, place) from None

    def literal(self, name: str, kinds: tuple[Kind, ...], place: int) -> Pattern | Reactions:
        try:
            found = self.pattern() if name == "pattern" else self.reactions()
        except BadProgram as error:
            raise error if error.text == self.text else self.error(error.problem, place) from None
        if found.kind not in kinds:
            raise self.error(f"expected a {' or a '.join(kinds)}, found a {found.kind}", place)
        self.expect(")")
        return found

    def pattern(self) -> Pattern:
        top, left = self.offset(), self.offset()
        place = self.start()
        quoted = self.next()
        if quoted[0] != QUOTE:
            raise self.error(f"expected a quoted pattern, found {quoted[:40]!r}", place)
        return Pattern(top, left, tuple(quoted.strip(QUOTE).split(ROW_END)))

    def offset(self) -> int:
        place = self.start()
        token = self.next()
        if not (token.isascii() and token.removeprefix("-").isdigit() and len(token) < 4):
            raise self.error(f"expected a row or a column, found {token[:40]!r}", place)
        return int(token)

    def reactions(self) -> Reactions:
        entries = []
        while self.peek() != OTHER:
            entries.append((self.integer(NUM_COLORS - 1), self.next()))
        self.next()
        return Reactions(tuple(entries), self.next())

    def call(self, name: str, place: int, kinds: tuple[Kind, ...], closed: bool) -> Call:
        """Read the arguments of a term; `closed` is True for a term without parentheses."""
        try:
            term = find_term(name)
        except BadProgram as error:
            raise self.error(error.problem, place) from None
        if term.kind not in kinds:
            raise self.error(f"expected a {' or a '.join(kinds)}, found {term.signature}", place)
        if closed and term.parameters:
            raise self.error(f"expected the arguments of {term.signature}", place)
        arguments = tuple(self.argument(each) for each in term.parameters)
        if not closed:
            self.expect(")")
        return Call(term, arguments)

    def argument(self, parameter: Kind | type[Choice]) -> Expression | Choice:
        if isinstance(parameter, Kind):
            return self.expression(parameter)
        place = self.start()
        word = self.next()
        for choice in parameter:
            if choice.word == word:
                return choice
        known = ", ".join(choice.word for choice in parameter)
        raise self.error(f"expected one of {known}, found {word[:40]!r}", place)
