"""Named line-ups of solvers and named efforts, the choices of ``--lineup`` and ``--effort``.

Other packages add solvers through the entry point group ``arcsolve.solvers``. The name of an entry
point names the solver. The entry point loads a frozen dataclass that is an
`arcsolve.dsl.solver.Solver` and needs no arguments. If the solver uses torch, import torch inside
`solve`, so that processes without torch can be forked cheaply for other solvers.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from importlib.metadata import EntryPoint, entry_points
from importlib.util import find_spec
from types import MappingProxyType

from arcsolve.dsl.errors import BadInput, suggestion
from arcsolve.dsl.solver import Budget, Solver
from arcsolve.run.sandbox import Limits, Preloads

ENTRY_POINT_GROUP = "arcsolve.solvers"
FULL = "full"  # the line-up of all known solvers

NETWORK_LIBRARIES = frozenset({"torch", "safetensors"})
INSTALL_NETWORK = "install it with: pip install 'arcsolve[network]'"

BUILT_IN: Mapping[str, str] = MappingProxyType(
    {
        "search": "arcsolve.search.solver:SearchSolver",
        "neural": "arcsolve.ttt.solver:Adapted",
        "programs": "arcsolve.search.program_solver:ProgramSolver",
        "rules": "arcsolve.search.rules.rule_solver:RuleSolver",
    }
)
"""The solvers of this project as MODULE:CLASS."""

HALVES = frozenset({"programs", "rules"})
"""The halves of the solver ``search``; the line-up full leaves them out."""

EFFORTS: Mapping[str, Budget] = MappingProxyType(
    {
        "fast": Budget(operations=700_000, states=220_000),
        "full": Budget(operations=8_000_000, states=1_200_000),
    }
)
"""Work limits for one solver on one task."""

_GIB = 1 << 30
SAFETY_LIMITS: Mapping[str, Limits] = MappingProxyType(
    {
        "fast": Limits(seconds=120.0, memory=4 * _GIB),
        "full": Limits(seconds=1200.0, memory=8 * _GIB),
    }
)
"""Hard limits for each effort. They are so high that only a faulty solver reaches them."""


def load_lineup(name: str) -> tuple[Solver, ...]:
    """Load the solvers of a line-up.

    `name` is ``full`` for all solvers, or the names of solvers joined by ``+``. Only the modules
    of these solvers are imported. Raises BadInput for an unknown name, a repeated name, and a
    solver that does not load.
    """
    known = _find_solvers()
    names = [n for n in known if n not in HALVES] if name == FULL else name.split("+")
    if FULL in names:
        raise BadInput(f"{FULL} stands for all solvers: use it alone, not as in {name!r}")
    for each in names:
        if each not in known:
            raise _unknown("line-up", each, lineup_names())
    if len(set(names)) < len(names):
        raise BadInput(f"the line-up {name!r} names a solver twice")
    return tuple(_load(known[each]) for each in names)


def lineup_names() -> tuple[str, ...]:
    """Return the name of each solver, which is a line-up of one solver, and ``full``."""
    return (*_find_solvers(), FULL)


def find_budget(effort: str, seed: int = 0) -> Budget:
    """Return the budget of a named effort with a seed. Raises BadInput for an unknown name."""
    if effort not in EFFORTS:
        raise _unknown("effort", effort, tuple(EFFORTS))
    return replace(EFFORTS[effort], seed=seed)


def scale_budget(operations: int) -> Budget:
    """Return a budget of `operations`, with states in the same proportion as in effort fast.

    The number of states is at most that of effort full.
    """
    fast, most = EFFORTS["fast"], EFFORTS["full"].states  # more would not fit in memory
    return Budget(operations, min(most, round(operations * fast.states / fast.operations)))


def find_limits(effort: str) -> Limits:
    """Return the safety limits of a named effort. Raises BadInput for an unknown name."""
    if effort not in SAFETY_LIMITS:
        raise _unknown("effort", effort, tuple(SAFETY_LIMITS))
    return SAFETY_LIMITS[effort]


def _find_solvers() -> dict[str, EntryPoint]:
    """Return the solvers of this project, then those of plug-ins; a plug-in replaces no solver."""
    group = ENTRY_POINT_GROUP
    found = {name: EntryPoint(name, place, group) for name, place in BUILT_IN.items()}
    for plugin in sorted(entry_points(group=group), key=lambda plugin: (plugin.name, plugin.value)):
        found.setdefault(plugin.name, plugin)
    return found


def _load(entry: EntryPoint) -> Solver:
    try:
        solver = entry.load()()
    except Exception as error:  # the code of a plug-in can raise anything
        raise BadInput(
            f"the solver {entry.name!r} ({entry.value}) does not load: {error}"
        ) from error
    if not isinstance(solver, Solver):
        raise BadInput(f"{entry.value} is not a solver: it needs a name and a method solve")
    modules = solver.modules if isinstance(solver, Preloads) else ()
    for library in NETWORK_LIBRARIES & {module.partition(".")[0] for module in modules}:
        if find_spec(library) is None:
            raise BadInput(f"the solver {entry.name!r} needs {library}: {INSTALL_NETWORK}")
    return solver


def _unknown(kind: str, name: str, known: tuple[str, ...]) -> BadInput:
    return BadInput(
        f"there is no {kind} {name!r}, there are {', '.join(known)}{suggestion(name, known)}"
    )
