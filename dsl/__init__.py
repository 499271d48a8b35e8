"""The language: grids, tasks, primitives with laws, and programs over them."""

from arcsolve.dsl.errors import ArcsolveError as ArcsolveError
from arcsolve.dsl.errors import BadInput as BadInput
from arcsolve.dsl.errors import BadProgram as BadProgram
from arcsolve.dsl.errors import Undefined as Undefined
from arcsolve.dsl.grid import Grid as Grid
from arcsolve.dsl.task import Pair as Pair
from arcsolve.dsl.task import Task as Task
