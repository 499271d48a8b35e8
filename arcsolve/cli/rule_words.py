"""The command that lists and describes the words of rules: partitions and terms."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from arcsolve.cli.options import as_json
from arcsolve.cli.output import console, print_json, print_table

if TYPE_CHECKING:
    from arcsolve.dsl.rules.partitions import Partition
    from arcsolve.dsl.rules.terms import Term

    Word = Term | Partition

PARTITION = "partition"  # in place of the kind of a term


@click.command()
@click.argument("word", required=False)
@click.option("--kind", help="List one kind, for example strokes, the effects.")
@as_json
def terms(word: str | None, kind: str | None, as_json: bool) -> None:
    """List the words of rules, describe the word WORD, or search for WORD.

    The words are the partitions of grids into parts and the terms of the language of rules. If no
    word is WORD, you see all words whose name or description contains it.

    \b
    Example: arcsolve terms touching
    """
    known = _list_words()
    found = [each for each in known if each.name == word] or _filter(known, word, kind)
    if as_json:
        print_json([_document(each) for each in found])
    elif len(found) == 1:
        _describe(found[0])
    else:
        rows = [(_kind(e), _call(e), e.cost, _first_line(e)) for e in found]
        print_table(("kind", "word", "bits", "description"), rows)


def _list_words() -> list[Word]:
    """Return all partitions and terms, in the order of kinds and names."""
    from arcsolve.dsl.rules.partitions import partitions
    from arcsolve.dsl.rules.terms import terms as all_terms

    return sorted([*partitions(), *all_terms()], key=lambda each: (_kind(each), each.name))


def _filter(known: list[Word], text: str | None, kind: str | None) -> list[Word]:
    """Return the words of a kind that contain a text; raise BadInput if there are none."""
    from arcsolve.dsl.errors import BadInput, suggestion

    kinds = sorted({_kind(each) for each in known})
    if kind not in (None, *kinds):
        raise BadInput(f"no kind is named {kind!r}; there are {', '.join(kinds)}")
    found = [each for each in known if kind in (None, _kind(each)) and _contains(each, text)]
    if not found:
        close = suggestion(text or "", tuple(each.name for each in known))
        raise BadInput(f"no word of rules contains {text!r}{close}")
    return found


def _contains(word: Word, text: str | None) -> bool:
    return text is None or text.lower() in f"{word.name} {_first_line(word)}".lower()


def _kind(word: Word) -> str:
    return str(getattr(word, "kind", PARTITION))


def _call(word: Word) -> str:
    """Return the word with its parameters; a fixed argument is called after its class."""
    parameters = getattr(word, "parameters", ())
    names = (each if isinstance(each, str) else each.__name__.lower() for each in parameters)
    return f"{word.name}({', '.join(names)})" if parameters else word.name


def _first_line(word: Word) -> str:
    """Return the first line of the documentation, with kinds in capitals for arguments."""
    line = word.doc.strip().partition("\n")[0]
    for position, each in enumerate(getattr(word, "parameters", ())):
        name = each if isinstance(each, str) else each.__name__
        line = line.replace(f"{{{position}}}", name.upper())
    return line


def _describe(word: Word) -> None:
    """Print a word with its signature, cost, documentation and the choices of its arguments."""
    lines = [getattr(word, "signature", word.name), f"{_kind(word)}, {word.cost} bits"]
    lines += ["", _first_line(word), *_documentation(word).splitlines()[1:]]
    for parameter in getattr(word, "parameters", ()):
        if not isinstance(parameter, str):
            lines += ["", f"{parameter.__name__}: {parameter.__doc__}"]
            lines += [f"  {choice.word}, {choice.cost} bits" for choice in parameter]
    console().print("\n".join(lines), soft_wrap=True)


def _documentation(word: Word) -> str:
    from inspect import cleandoc

    return cleandoc(word.doc)


def _document(word: Word) -> dict[str, Any]:
    return {
        "name": word.name,
        "kind": _kind(word),
        "signature": getattr(word, "signature", word.name),
        "cost": word.cost,
        "description": _first_line(word),
        "doc": _documentation(word),
    }
