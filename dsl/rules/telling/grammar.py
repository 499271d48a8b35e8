"""Grammar: relative clauses, negations and possessives of English phrases about a part."""

from __future__ import annotations

import re
from collections.abc import Iterable

MOST_ENTRIES = 5  # of a table in a sentence
MOST_SIGNS = 30  # of a pattern or a grid in a sentence
ELLIPSIS = "..."

_VERBS = {"is": "are", "touches": "touch", "fills": "fill", "mirrors": "mirror", "does": "do"}
_NEGATIVES = (" is ", " touches ", " fills ", " mirrors ")  # verbs after the subject of a test
_OWNER = re.compile(r"\bits (.*?)(?=$|,| to | outside | with | in | that )")
_SUPERLATIVE = re.compile(r"^the (?:nearest|largest|smallest|one) ")


def singular(noun: str) -> str:
    """Return the singular of a regular plural, in lower case."""
    return noun.lower().removesuffix("s")


def negate(template: str) -> str:
    """Return the template of a sentence that says the opposite.

    >>> negate("it touches {0}"), negate("{0} is {1}")
    ('it does not touch {0}', '{0} is not {1}')
    """
    verb = min((each for each in _NEGATIVES if each in template), key=template.index, default="")
    if not verb:
        return f"it is not true that {template}"
    plural = _VERBS[verb.strip()]
    negative = " is not " if verb == " is " else f" does not {plural} "
    return template.replace(verb, negative, 1)


def relate(clause: str, plural: bool = False) -> str:
    """Return a sentence about a part as a relative clause.

    >>> relate("its color is red"), relate("it touches the border", plural=True)
    ('whose color is red', 'that touch the border')
    """
    first, _, rest = clause.partition(" ")
    if first == "its":
        return f"whose {rest}"
    if first != "it":
        return f"for which {clause}"
    verb, _, rest = rest.partition(" ")
    return f"that {_VERBS.get(verb, verb) if plural else verb} {rest}"


def possess(attribute: str, owner: str) -> str:
    """Return an attribute of its part as one of another part.

    >>> possess("its distance to the border", "the nearest object")
    'the distance of the nearest object to the border'
    """
    found, count = _OWNER.subn(lambda match: f"the {match[1]} of {owner}", attribute, count=1)
    return found if count else f"{attribute}, seen from {owner}"


def indefinite(reference: str, article: str) -> str:
    """Return the phrase of a chosen part as that of any such part.

    >>> indefinite("the nearest object of its color", "another")
    'another object of its color'
    """
    return _SUPERLATIVE.sub(f"{article} ", reference)


def strip_determiner(phrase: str) -> str:
    """Return a noun without a leading ``its`` or ``the``."""
    return phrase.removeprefix("its ").removeprefix("the ")


def has_comma(phrase: str) -> bool:
    """Return whether a phrase has a comma outside parentheses."""
    return "," in re.sub(r"\([^()]*\)", "", phrase)


def list_entries(entries: Iterable[str]) -> str:
    """Return the entries of a table in parentheses, shortened."""
    known = list(entries)
    shown = known[:MOST_ENTRIES] + ([ELLIPSIS] if len(known) > MOST_ENTRIES else [])
    return f"({', '.join(shown)})"


def shorten(text: str) -> str:
    """Return the text of a pattern or grid, shortened."""
    return text if len(text) <= MOST_SIGNS else text[:MOST_SIGNS] + ELLIPSIS


def tidy(phrase: str) -> str:
    """Return a phrase without the commas and blanks that empty words leave."""
    phrase = re.sub(r" +(?=,)", "", re.sub(r" {2,}", " ", phrase))
    return re.sub(r"(?:, ?)+(?=,|$)", "", phrase).strip()


def capitalize(phrase: str) -> str:
    """Return a phrase with a capital first letter."""
    return phrase[:1].upper() + phrase[1:]


def decapitalize(phrase: str) -> str:
    """Return a phrase with a small first letter."""
    return phrase[:1].lower() + phrase[1:]
