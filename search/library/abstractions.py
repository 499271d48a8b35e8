"""The library: abstractions, which are named expressions that the engine treats as operators.

Each is a line of a text table, ``name cost grid,color->grid (expression of #0 and #1)``, read as
a `Program` with parameters and never executed as Python. Its kernel is composed of those of its
primitives. Programs shown to people spell it out (`expanded`), so that nothing outside of the
search has to know it. ``benchmarks/fit/learn_library.py`` writes the table.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from importlib.resources import files
from typing import Any

from arcsolve.dsl.errors import BadInput, BadProgram
from arcsolve.dsl.jit import NUMBA_TYPES, helper
from arcsolve.dsl.primitive import MAX_ARGUMENTS, Primitive
from arcsolve.dsl.program import Apply, Constant, Node, Parameter, Program
from arcsolve.dsl.values import ValueType
from arcsolve.search.engine.calls import PATTERNS
from arcsolve.search.library.composition import composed

__all__ = [
    "Abstraction",
    "abstraction",
    "abstractions",
    "expanded",
    "format_library",
    "parse_library",
]

_TABLE = "abstractions.txt"


@dataclass(frozen=True, eq=False, repr=False)
class Abstraction(Primitive):
    """An operator that is an expression; `cost` is a search cost (see `arcsolve.search.costs`)."""

    body: Program

    @cached_property
    def kernel(self) -> Any:
        """Compiled on first use, and not cached: see `arcsolve.search.engine.object_code`."""
        arguments = [NUMBA_TYPES[value_type.kind] for value_type in self.argument_types]
        dispatcher = helper(self.function)
        dispatcher.compile(NUMBA_TYPES[self.result_type.kind](*arguments))
        return dispatcher

    def __repr__(self) -> str:
        return f"<abstraction {self.signature}: {self.body}>"


def abstraction(
    name: str, cost: int, parameters: Sequence[ValueType], body: Program
) -> Abstraction:
    """The operator that computes `body`, in which every parameter has to occur."""
    function = composed(body, len(parameters))
    return Abstraction(name, function, tuple(parameters), body.nodes[-1].type, cost, (), body)


@cache
def abstractions() -> tuple[Abstraction, ...]:
    """Those of the table that is shipped; built once a process."""
    table = files(__package__).joinpath(_TABLE)
    return parse_library(table.read_text(), str(table))


def parse_library(text: str, file: str) -> tuple[Abstraction, ...]:
    """The abstractions of a table; raises BadInput with the line for what is none."""
    found: dict[str, Abstraction] = {}
    for number, line in enumerate(text.splitlines(), start=1):
        if not line or line.startswith("#"):
            continue
        try:
            read = _parse_line(line)
            if found.setdefault(read.name, read) is not read:
                raise BadInput(f"there are two abstractions {read.name!r}")
        except BadInput as error:
            raise error.located(file=file, place=f"line {number}") from None
        except BadProgram as error:
            raise BadInput(str(error), file=file, place=f"line {number}") from None
    return tuple(found.values())


def _parse_line(line: str) -> Abstraction:
    fields = line.split(maxsplit=3)
    if len(fields) < 4:
        raise BadInput(f"expected a name, cost, signature and expression, found {line[:80]!r}")
    name, cost, signature, text = fields
    if not (cost.isascii() and cost.isdigit() and 0 < int(cost) < 100):
        raise BadInput(f"expected a cost from 1 to 99, found {cost[:40]!r}")
    parameters, result = _parse_signature(signature)
    body = Program.parse(text, parameters, result)
    if len({node for node in body.nodes if isinstance(node, Parameter)}) < len(parameters):
        raise BadInput(f"expected all of {len(parameters)} parameters to be used: {text[:80]}")
    if not all(map(_composable, body.nodes)) or not isinstance(body.nodes[-1], Apply):
        raise BadInput(f"expected a call of primitives, on parameters and numbers: {text[:80]}")
    return abstraction(name, int(cost), parameters, body)


def _composable(node: Node) -> bool:
    scalar = isinstance(node, Constant) and node.type.kind == "S"
    return scalar or isinstance(node, Parameter | Apply)


def _parse_signature(signature: str) -> tuple[tuple[ValueType, ...], ValueType]:
    arguments, _, result = signature.partition("->")
    try:
        parameters = tuple(map(ValueType, arguments.split(",")))
        types = parameters, ValueType(result)
    except ValueError:
        raise BadInput(f"expected types like grid,color->grid, found {signature[:80]}") from None
    if len(parameters) > MAX_ARGUMENTS:
        raise BadInput(f"expected at most {MAX_ARGUMENTS} parameters, found {len(parameters)}")
    if "".join(parameter.kind for parameter in parameters) not in PATTERNS:
        raise BadInput(f"the search has no use for arguments like these: {signature[:80]}")
    return types


def format_library(library: Iterable[Abstraction], note: str) -> str:
    """The text of the table, with a comment that says where it is from."""
    rows = [
        f"{a.name} {a.cost} {','.join(a.argument_types)}->{a.result_type} {a.body}" for a in library
    ]
    return "\n".join([f"# {note}", *rows]) + "\n"


def expanded(body: Program, arguments: Sequence[int], add: Callable[[Node], int]) -> int:
    """Spell out an abstraction: `add` its nodes, which gives their positions, innermost first.

    `arguments` are the positions of its arguments; returns that of its result.
    """
    positions: list[int] = []
    for node in body.nodes:
        if isinstance(node, Parameter):
            positions.append(arguments[node.position])
        elif isinstance(node, Apply):
            node = Apply(node.primitive, tuple(positions[i] for i in node.arguments))
            positions.append(add(node))
        else:
            positions.append(add(node))
    return positions[-1]
