"""Named line-ups of solvers and named efforts: what ``--lineup`` and ``--effort`` choose from.

Other packages add solvers with the entry point group ``arcsolve.solvers``: the name of the entry
point is the solver's name here, and it loads to a frozen dataclass that is a
`arcsolve.dsl.solver.Solver` and can be made without arguments. A module that defines a solver that
uses torch should import torch inside `solve`: only then the processes that run the other solvers
can be forked cheaply.
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
FULL = "full"  # the line-up of all solvers there are

NETWORK_LIBRARIES = frozenset({"torch", "safetensors"})
INSTALL_NETWORK = "install it with: pip install 'arcsolve[network]'"

BUILT_IN: Mapping[str, str] = MappingProxyType(
    {"search": "arcsolve.search.solver:SearchSolver", "neural": "arcsolve.ttt.solver:Adapted"}
)
"""Where the solvers of this project are; in the order in which a line-up of all runs them."""

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
"""Hard limits for each effort, so far above what its work takes that only a fault meets them."""


def load_lineup(name: str) -> tuple[Solver, ...]:
    """The solvers of a line-up: ``full`` for all, or one or more solvers' names joined by ``+``.

    Only the modules of these solvers are imported. Raises BadInput for an unknown name, with
    those that are known, for a name given twice and for a plug-in that does not load.
    """
    known = _solvers()
    names = list(known) if name == FULL else name.split("+")
    if FULL in names:
        raise BadInput(f"{FULL} stands for all solvers: it stands alone, not as in {name!r}")
    for each in names:
        if each not in known:
            raise _unknown("line-up", each, lineup_names())
    if len(set(names)) < len(names):
        raise BadInput(f"a solver stands twice in the line-up {name!r}")
    return tuple(_loaded(known[each]) for each in names)


def lineup_names() -> tuple[str, ...]:
    """The names of all solvers, which are line-ups of one, and ``full``."""
    return (*_solvers(), FULL)


def find_budget(effort: str, seed: int = 0) -> Budget:
    """The budget of a named effort with this seed; raises BadInput for an unknown name."""
    if effort not in EFFORTS:
        raise _unknown("effort", effort, tuple(EFFORTS))
    return replace(EFFORTS[effort], seed=seed)


def scale_budget(operations: int) -> Budget:
    """This many operations, and states in the proportion of effort fast, up to that of full.

    The named efforts are on this line.
    """
    fast, most = EFFORTS["fast"], EFFORTS["full"].states  # what memory allows
    return Budget(operations, min(most, round(operations * fast.states / fast.operations)))


def find_limits(effort: str) -> Limits:
    """The safety limits of a named effort; raises BadInput for an unknown name."""
    if effort not in SAFETY_LIMITS:
        raise _unknown("effort", effort, tuple(SAFETY_LIMITS))
    return SAFETY_LIMITS[effort]


def _solvers() -> dict[str, EntryPoint]:
    """By name: the solvers of this project and then those of plug-ins, which never replace them."""
    group = ENTRY_POINT_GROUP
    found = {name: EntryPoint(name, place, group) for name, place in BUILT_IN.items()}
    for plugin in sorted(entry_points(group=group), key=lambda plugin: (plugin.name, plugin.value)):
        found.setdefault(plugin.name, plugin)
    return found


def _loaded(entry: EntryPoint) -> Solver:
    try:
        solver = entry.load()()
    except Exception as error:  # the fence: the code of a plug-in can do anything
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
