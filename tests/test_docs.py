"""Every Python block of README and docs runs, and every command line exists."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import click
import pytest
from sybil import Example, Sybil
from sybil.parsers.markdown import CodeBlockParser, PythonCodeBlockParser

import arcsolve.dsl.primitive
import arcsolve.dsl.rules.terms
from arcsolve.cli import main
from arcsolve.dsl.primitive import Law, primitives
from arcsolve.dsl.rules.terms import Term, terms
from tests.codebase import ROOT

PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("*.md"))]


def check_command_lines(example: Example) -> None:
    """Check each line of a console block that begins with ``$``."""
    lines = str(example.parsed).splitlines()
    commands = [line.removeprefix("$ ") for line in lines if line.startswith("$ ")]
    assert commands, "a console block without a command"
    for text in commands:
        check_command(shlex.split(text, comments=True))


def check_command(words: list[str]) -> None:
    program = Path(words[0]).name
    if program == "make":
        targets = set(re.findall(r"^(\w+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
        assert set(words[1:]) <= targets
    elif program == "arcsolve":
        parse(main, words[1:])
    elif "-m" in words and words[words.index("-m") + 1] == "arcsolve":
        parse(main, words[words.index("-m") + 2 :])
    else:
        assert program in {"python", "pip", "bash", "torchrun"}, program
        for script in (word for word in words[1:] if word.endswith(".py")):
            assert (ROOT / script).is_file(), script


def parse(command: click.Command, words: list[str]) -> None:
    """Have click parse the words of a command without running it."""
    name = "arcsolve"
    while isinstance(command, click.Group):
        name, *words = words
        found = command.get_command(click.Context(command), name)
        assert found is not None, f"there is no command {name}"
        command = found
    command.make_context(name, words)


SYBIL = Sybil([PythonCodeBlockParser(), CodeBlockParser("console", check_command_lines)])


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_the_code_of_a_page_runs(
    page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(arcsolve.dsl.primitive, "_registry", dict(primitives()))
    (tmp_path / "README.md").touch()  # for commands that write into this file
    monkeypatch.setattr(arcsolve.dsl.rules.terms, "_registry", known_terms())
    document = SYBIL.parse(page)
    document.namespace["__name__"] = "__main__"  # as in a notebook
    for example in document.examples():
        example.evaluate()


def known_terms() -> dict[str, Term]:
    """Return a copy of the registry of terms, for words that a page declares."""
    return {each.name: each for each in terms()}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_the_links_of_a_page_lead_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\((?!https?:)([^)#]+)", page.read_text()):
        assert (page.parent / target).exists(), target


def test_the_readme_says_how_many_primitives_prune_the_search() -> None:
    known = primitives().values()
    pruning = [each for each in known if any(map(prunes, each.laws))]
    assert f"{len(pruning)} of {len(known)} primitives" in (ROOT / "README.md").read_text()


def prunes(law: Law) -> bool:
    return law.commutes or law.absorbs_repeats or type(law).forbids is not Law.forbids
