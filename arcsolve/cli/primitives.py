"""The command that lists and describes the primitives."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import click

from arcsolve.cli.options import as_json
from arcsolve.cli.output import console, print_json, print_table

if TYPE_CHECKING:
    from arcsolve.dsl.primitive import Law, Primitive


@click.command()
@click.argument("name", required=False)
@click.option("--family", help="List one family, for example symmetry.")
@click.option("--type", "result_type", help="List one result type, for example mask.")
@as_json
def primitives(
    name: str | None, family: str | None, result_type: str | None, as_json: bool
) -> None:
    """List the primitives, or describe the primitive NAME.

    \b
    Example: arcsolve primitives flip_rows
    """
    from arcsolve.dsl.primitive import find

    chosen = [find(name)] if name else _filter(family, result_type)
    if as_json:
        print_json([_primitive_document(p) for p in chosen])
    elif name:
        _describe(chosen[0])
    else:
        print_table(("family", "primitive", "cost", "description"), _table_rows(chosen))


def _table_rows(chosen: list[Primitive]) -> list[tuple[str, str, int, str]]:
    rows = [(p.family, p.signature, p.cost, p.doc.strip().partition("\n")[0]) for p in chosen]
    return sorted(rows)


def _filter(family: str | None, result_type: str | None) -> list[Primitive]:
    from arcsolve.dsl.primitive import primitives as all_primitives
    from arcsolve.dsl.values import ValueType

    known = all_primitives().values()
    _check(family, {p.family for p in known}, "family")
    _check(result_type, ValueType, "type")
    return [p for p in known if family in (None, p.family) and result_type in (None, p.result_type)]


def _check(asked: str | None, known: Iterable[str], kind: str) -> None:
    """Raise BadInput for a filter that cannot match."""
    from arcsolve.dsl.errors import BadInput

    if asked is not None and asked not in set(known):
        raise BadInput(f"no {kind} is named {asked!r}; there are {', '.join(sorted(known))}")


def _describe(primitive: Primitive) -> None:
    from inspect import cleandoc

    lines = [primitive.signature, f"family {primitive.family}, cost {primitive.cost}"]
    lines += ["", cleandoc(primitive.doc), ""]
    lines += [f"law {_describe_law(law)}" for law in primitive.laws] or ["no laws"]
    console().print("\n".join(lines), soft_wrap=True)


def _describe_law(law: Law) -> str:
    equation = (type(law).__doc__ or "").partition("\n")[0]
    return f"{repr(law).removesuffix('()')}: {equation}"


def _primitive_document(primitive: Primitive) -> dict[str, Any]:
    from inspect import cleandoc

    return {
        "name": primitive.name,
        "family": primitive.family,
        "signature": primitive.signature,
        "cost": primitive.cost,
        "laws": [repr(law).removesuffix("()") for law in primitive.laws],
        "doc": cleandoc(primitive.doc),
    }
