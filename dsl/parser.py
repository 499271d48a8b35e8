"""Parser of program text: s-expressions, checked against the primitives' signatures.

The parser keeps its own stack, so that deeply nested text causes an error message and no crash.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from arcsolve.dsl.errors import BadInput, BadProgram
from arcsolve.dsl.grid import Grid
from arcsolve.dsl.primitive import Primitive, find
from arcsolve.dsl.program import (
    Apply,
    Constant,
    Each,
    Input,
    Node,
    Parameter,
    Program,
    Rewrite,
    Summarize,
)
from arcsolve.dsl.rules.reading import read_rules, read_summary
from arcsolve.dsl.rules.rule import Rules
from arcsolve.dsl.rules.summaries import PaintedSummary, Summary
from arcsolve.dsl.values import DIRECTIONS, ValueType, to_kernel

MAX_DEPTH = 200  # levels of nesting; programs from a search have about a dozen
MAX_CHARACTERS = 100_000

EACH = "each"  # ``(each LAYERS PROGRAM)``
REWRITE = "rewrite"  # ``(rewrite GRID CANVAS RULES)``
SUMMARIZE = "summarize"  # ``(summarize GRID SUMMARY)``

_FORMS = {
    EACH: (f"{EACH}(layers, program) -> layers", (ValueType.LAYERS, ValueType.GRID)),
    REWRITE: (f"{REWRITE}(grid, grid, rules) -> grid", (ValueType.GRID, ValueType.GRID)),
    SUMMARIZE: (f"{SUMMARIZE}(grid, summary) -> grid", (ValueType.GRID,)),
}

_TOKEN = re.compile(r'\s*(?:([()])|"([^"]*)"|([^\s()"]+))')


@dataclass(slots=True)
class _Call:
    """A primitive, or the name of a form, whose arguments are still being read.

    `place` is the position of its text. `nodes` holds the program that the next argument belongs
    to. `body` is that of a ``rewrite`` or a ``summarize``, which follows the arguments.
    """

    head: Primitive | str
    place: int
    nodes: dict[Node, int]
    arguments: list[int] = field(default_factory=list)
    body: Rules | Summary | PaintedSummary | None = None

    @property
    def signature(self) -> str:
        return _FORMS[self.head][0] if isinstance(self.head, str) else self.head.signature

    def expected(self) -> ValueType | None:
        """Return the type of the next argument, or None if the call has all arguments."""
        types = _FORMS[self.head][1] if isinstance(self.head, str) else self.head.argument_types
        return types[len(self.arguments)] if len(self.arguments) < len(types) else None

    def expects_body(self) -> bool:
        """Return whether the body of a ``rewrite`` or a ``summarize`` comes next."""
        embeds = self.head in (REWRITE, SUMMARIZE)
        return embeds and self.expected() is None and self.body is None

    def read_body(self, text: str, place: int) -> int:
        """Read the body whose text starts at a place, and return the place behind it."""
        read = read_rules if self.head == REWRITE else read_summary
        self.body, end = read(text, place)
        return end

    def add(self, argument: Node) -> None:
        self.arguments.append(self.nodes.setdefault(argument, len(self.nodes)))
        if self.head == EACH and len(self.arguments) == 1:
            self.nodes = {}  # the second argument of ``each`` is a separate program

    def node(self) -> Node:
        """Return the node of a complete call."""
        if self.head == EACH:
            return Each(Program(tuple(self.nodes)), self.arguments[0])
        if isinstance(self.body, Rules):
            return Rewrite(self.body, *self.arguments)
        if self.body is not None:
            return Summarize(self.body, *self.arguments)
        assert isinstance(self.head, Primitive)
        return Apply(self.head, tuple(self.arguments))


@dataclass(slots=True)
class _Reader:
    text: str
    parameters: Sequence[ValueType]
    result_type: ValueType
    nodes: dict[Node, int] = field(default_factory=dict)
    open_calls: list[_Call] = field(default_factory=list)
    result: int | None = None
    at: int = 0  # place of the next token

    def read(self) -> Program:
        tokens = self.tokens()
        for token, place in tokens:
            if self.result is not None:
                raise self.error("expected nothing after the program", place)
            if self.open_calls and self.open_calls[-1].expects_body():
                self.at = self.open_calls[-1].read_body(self.text, place)
            elif token == "(":
                self.open(next(tokens, ("", len(self.text))), place)
            elif token == ")":
                self.close(place)
            else:
                self.add(self.leaf(token, place), place)
        if self.result is None:
            raise self.error("the program ends too early", len(self.text))
        return Program(tuple(self.nodes))

    def tokens(self) -> Iterator[tuple[str, int]]:
        """Yield the tokens with their places; quoted text keeps its opening quote."""
        end = len(self.text.rstrip())
        while self.at < end:
            match = _TOKEN.match(self.text, self.at)
            if match is None:
                raise self.error("a quote is not closed", self.text.index('"', self.at))
            self.at, group = match.end(), match.lastindex or 1
            yield ('"' if group == 2 else "") + match[group], match.start(group)

    def open(self, name: tuple[str, int], place: int) -> None:
        if len(self.open_calls) >= MAX_DEPTH:
            raise self.error(f"the program is nested deeper than {MAX_DEPTH} levels", place)
        nodes = self.open_calls[-1].nodes if self.open_calls else self.nodes
        try:
            head = name[0] if name[0] in _FORMS else find(name[0])
        except BadProgram as error:
            raise self.error(error.problem, name[1]) from None
        self.open_calls.append(_Call(head, place, nodes))

    def close(self, place: int) -> None:
        if not self.open_calls:
            raise self.error("a ')' without its '('", place)
        call = self.open_calls.pop()
        if call.expected() is not None:
            raise self.error(f"too few arguments for {call.signature}", place)
        self.add(call.node(), call.place)

    def leaf(self, token: str, place: int) -> Node:
        if token == "input":
            return Input()
        if token.startswith("#"):
            return self.parameter(token, place)
        expected = self.expected()
        try:
            if token.startswith('"'):
                return Constant(Grid(token[1:]), ValueType.GRID)
            if expected is None or expected.kind != "S":
                raise BadInput(f"expected a {expected or ')'}, found {token[:40]!r}")
            if expected is ValueType.DIRECTION:
                return Constant(DIRECTIONS.index(token), expected)
            return Constant(_integer(token, expected), expected)
        except BadInput as error:
            raise self.error(error.problem, place) from None
        except ValueError:
            raise self.error(f"expected a {expected}, found {token[:40]!r}", place) from None

    def parameter(self, token: str, place: int) -> Node:
        """Return the parameter that ``#0``, ``#1``, … stands for."""
        for position, value_type in enumerate(self.parameters):
            if token == f"#{position}":
                return Parameter(position, value_type)
        raise self.error(f"there is no parameter {token[:40]!r}", place)

    def expected(self) -> ValueType | None:
        """Return the type of the next expression, or None if only a ')' may follow."""
        return self.open_calls[-1].expected() if self.open_calls else self.result_type

    def add(self, node: Node, place: int) -> None:
        """Append a complete expression to the innermost open call, or keep it as the result."""
        expected = self.expected()
        if expected is None:
            signature = self.open_calls[-1].signature
            raise self.error(f"too many arguments for {signature}", place)
        if node.type is not expected:
            raise self.error(f"expected a {expected}, found a {node.type}", place)
        if self.open_calls:
            self.open_calls[-1].add(node)
        else:
            self.result = self.nodes.setdefault(node, len(self.nodes))

    def error(self, problem: str, place: int) -> BadProgram:
        return BadProgram(problem, self.text, place)


def _integer(token: str, expected: ValueType) -> int:
    if not (token.isascii() and token.isdigit() and len(token) < 10):
        raise BadInput(f"expected a {expected}, found {token[:40]!r}")
    return int(to_kernel(int(token), expected))


def parse_program(text: str, parameters: Sequence[ValueType], result: ValueType) -> Program:
    """Return the program that `text` spells; raise BadProgram with the place of the first mistake.

    `parameters` are the types of ``#0``, ``#1``, …, and `result` is the type of the whole program.
    """
    if len(text) > MAX_CHARACTERS:
        raise BadProgram(f"the program is longer than {MAX_CHARACTERS} characters", text[:80], 0)
    return _Reader(text, parameters, result).read()
