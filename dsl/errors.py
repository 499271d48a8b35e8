"""The errors that arcsolve raises on purpose.

    ArcsolveError
    ├── BadInput      a file, task or argument from a user is not usable
    ├── BadProgram    the text of a program does not parse
    └── Undefined     a primitive has no value for these arguments

The command line turns every ArcsolveError into a message and exit code 2.
"""

from __future__ import annotations

from collections.abc import Iterable


class ArcsolveError(Exception):
    """The base of all errors that a user's input causes, as opposed to a bug in arcsolve."""


class BadInput(ArcsolveError):
    """An input is not usable: says where it stands, what was found and what was expected.

    `file`, `task` and `place` (for example ``train[0].input row 3``) are empty as long as they are
    unknown; `located` fills them in while the error travels up.
    """

    def __init__(self, problem: str, *, file: str = "", task: str = "", place: str = "") -> None:
        self.problem, self.file, self.task, self.place = problem, file, task, place
        super().__init__(problem)  # pickle carries the other fields in __dict__

    def located(self, *, file: str = "", task: str = "", place: str = "") -> BadInput:
        """Return the same error with the file, task and place filled in where they were unknown.

        A `place` is put in front of the place that is known already.
        """
        place = ".".join(part for part in (place, self.place) if part)
        return BadInput(self.problem, file=self.file or file, task=self.task or task, place=place)

    def __str__(self) -> str:
        where = [self.file, f"task {self.task}" if self.task else "", self.place]
        return ": ".join([part for part in where if part] + [self.problem])


class BadProgram(ArcsolveError):
    """A program text does not parse: shows the text around the place, with a caret below it."""

    CONTEXT = 40  # characters shown before and after the place

    def __init__(self, problem: str, text: str, place: int) -> None:
        self.problem, self.text, self.place = problem, text, place
        super().__init__(problem, text, place)

    def __str__(self) -> str:
        start = max(0, self.place - self.CONTEXT)
        excerpt = self.text[start : self.place + self.CONTEXT].replace("\n", " ")
        caret = " " * (self.place - start) + "^"
        return f"{self.problem} at character {self.place}\n  {excerpt}\n  {caret}"


class Undefined(ArcsolveError):
    """A primitive has no value for its arguments: nothing to crop, no such color, or too large."""


def suggestion(name: str, known: Iterable[str], count: int = 1) -> str:
    """Return the end of a message about an unknown name, such as ``; did you mean flip_rows?``.

    It lists up to `count` of the `known` names that are close to `name`, and is "" if there are
    none.
    """
    from difflib import get_close_matches

    close = get_close_matches(name, list(known), n=count)
    return f"; did you mean {' or '.join(close)}?" if close else ""
