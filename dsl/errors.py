"""The errors that arcsolve raises on purpose.

    ArcsolveError
    ├── BadInput      a file, task or argument that a user supplied is not usable
    ├── BadProgram    the text of a program does not parse
    └── Undefined     a primitive has no value for these arguments

The command line turns every ArcsolveError into a message and exit code 2.
"""

from __future__ import annotations

from collections.abc import Iterable


class ArcsolveError(Exception):
    """Root of all errors that are somebody's input, not a bug of ours."""


class BadInput(ArcsolveError):
    """Input that cannot be used: says where it stands, what was found and what was expected.

    `file`, `task` and `place` (for example ``train[0].input row 3``) may be empty when they are
    not known; `located` fills them in on the way up.
    """

    def __init__(self, problem: str, *, file: str = "", task: str = "", place: str = "") -> None:
        self.problem, self.file, self.task, self.place = problem, file, task, place
        super().__init__(problem)  # the other fields travel in __dict__ when it is pickled

    def located(self, *, file: str = "", task: str = "", place: str = "") -> BadInput:
        """The same error with those of file, task and place filled in that were still unknown."""
        place = ".".join(part for part in (place, self.place) if part)
        return BadInput(self.problem, file=self.file or file, task=self.task or task, place=place)

    def __str__(self) -> str:
        where = [self.file, f"task {self.task}" if self.task else "", self.place]
        return ": ".join([part for part in where if part] + [self.problem])


class BadProgram(ArcsolveError):
    """Program text that does not parse: shows the text around the place, with a caret under it."""

    CONTEXT = 40  # characters shown on either side of the place

    def __init__(self, problem: str, text: str, place: int) -> None:
        self.problem, self.text, self.place = problem, text, place
        super().__init__(problem, text, place)

    def __str__(self) -> str:
        start = max(0, self.place - self.CONTEXT)
        excerpt = self.text[start : self.place + self.CONTEXT].replace("\n", " ")
        caret = " " * (self.place - start) + "^"
        return f"{self.problem} at character {self.place}\n  {excerpt}\n  {caret}"


class Undefined(ArcsolveError):
    """The primitive has no value for these arguments: nothing to crop, no such color, too large."""


def suggestion(name: str, known: Iterable[str], count: int = 1) -> str:
    """Return the end of a message about an unknown name: ``; did you mean flip_rows?``.

    At most `count` of the `known` names that are closest to `name` follow; "" if none is close.
    """
    from difflib import get_close_matches

    close = get_close_matches(name, list(known), n=count)
    return f"; did you mean {' or '.join(close)}?" if close else ""
